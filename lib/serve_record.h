/* serve_record.h - the record of what `run` pushes to a server: what the client says of its leg, checked, and the file it names. */
#ifndef SERVE_RECORD_H
#define SERVE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <longhaul.h>

#include "record.h"

/* What `run` says of itself in extra_data. */
struct serve_label {
    bool is_of_ours; /* it claims to be */
    bool is_good;    /* and it is the name of a leg */
    struct longhaul_name name;
    char stem[LONGHAUL_NAME_MAX];
    double interval_s;
};

/* Where a test came to. */
struct serve_record_place {
    const char *dir, *bind_address; /* bind_address may be NULL */
    const char *client;
    uint16_t port;
};

/* is_good. text is a stranger's. */
bool serve_label_read(const char *text, size_t length, struct serve_label *label);

/* A leg that reconnects goes on in its record. */
int serve_record_begin(const struct serve_record_place *place, const struct serve_label *label, struct record **out,
                       struct longhaul_error *err);

#endif
