/* reload.h - SIGUSR2: a run or a server reads its topology again. What goes on is not touched; what is new is done by
 * another process of the same command, started here and ended with this one. */
#ifndef RELOAD_H
#define RELOAD_H

#include <longhaul.h>
#include <signal.h>

/* A leg, or a port: what it is called on the command line, and all that it depends on. */
struct reload_part {
    char name[2 * LONGHAUL_CODE_MAX + 2];
    struct longhaul_leg leg; /* all zero for a port */
};

struct reload_list {
    struct reload_part *parts; /* malloc'd; NULL for none */
    size_t n;
};

struct reload_options {
    char **argv;             /* of the command, as it was given to it: argv[0] is "longhaul run" */
    const char *part_flag;   /* that limits the other process to its parts: "--leg", "--port" */
    const char *metrics_path; /* NULL for none */
    struct reload_list now;  /* what this process does; copied */
    /* From the thread: what is wanted according to the file as it is now. An exit status other than EXIT_DONE, after a
     * message: everything stays as it is. */
    int (*read)(void *payload, struct reload_list *wanted);
    /* From the thread: ends a part of this process that is not wanted any longer, or in another way, and returns
     * when it is over. false: it cannot be ended alone, and goes on. */
    bool (*drop)(void *payload, size_t part);
    void *payload;
};

struct reload;

/* NULL when out of memory or threads; NULL is accepted below. */
struct reload *reload_new(const struct reload_options *options);
/* For signal handlers: SIGUSR2 reads the file, any other signal goes to the other processes. */
void reload_signal(struct reload *reload, int number);
/* Waits until the other processes are over; the signals still go to them. Returns the worst of their exit statuses. */
int reload_wait(struct reload *reload);
/* By part of options.now: whether it was dropped. Borrowed; NULL for NULL. */
const bool *reload_dropped(const struct reload *reload);
void reload_free(struct reload *reload);
/* True in a process that was started here: it drops parts, and begins none. */
bool reload_is_other(void);

#endif
