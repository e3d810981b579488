/* tell.h - a thread that looks at the legs of a run or a server: it tells a program when something begins or ends
 * (--on-event), and a service manager how things stand. */
#ifndef TELL_H
#define TELL_H

#include <longhaul.h>

#include "tell_objectives.h"

struct tell;

/* What it sees of a leg. */
struct tell_leg {
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1];
    const char *protocol, *direction; /* "UDP" or "TCP", "push" or "pull"; static */
    struct longhaul_status status;
    char record[LONGHAUL_STEM_MAX + 8]; /* name of its record in the folder of records, without ending; "" if unknown */
};

struct tell_options {
    const char *program; /* of --on-event; NULL for none */
    const char *role;    /* "run" or "serve" */
    const char *dir;     /* of records; and for its files, one for each leg of which something was told */
    size_t n_legs;       /* or ports */
    /* From the thread. false if there is no leg now. */
    bool (*look)(void *payload, size_t i, struct tell_leg *out);
    /* The objectives of the leg that look() gave for i, or once gave; NULL: no leg has any. */
    void (*objectives)(void *payload, size_t i, const struct tell_leg *leg, struct tell_objectives *out);
    /* How long ago what drives the legs was last awake; NAN before it runs, and afterwards. */
    double (*idle_s)(void *payload);
    void (*say)(void *payload, const char *text); /* one line of trouble with the program; until tell_stop() */
    void *payload;
};

/* 0 with *out NULL if there is nobody to tell; else *out waits for tell_begin(). LONGHAUL_EINVAL: --on-event
 * names no program. options are copied; what they point to lives until tell_free(). */
int tell_new(const struct tell_options *options, struct tell **out, struct longhaul_error *err);
/* Begins to look: the legs are driven, or the ports are open. NULL is accepted, here and below. */
void tell_begin(struct tell *tell);
/* Looks a last time; then nothing is called any longer. */
void tell_stop(struct tell *tell);
/* Waits until what is to be told has been told, for 35 s at most. */
void tell_free(struct tell *tell);

#endif
