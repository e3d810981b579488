/* process.h - one child process, with a deadline. */
#ifndef PROCESS_H
#define PROCESS_H

#include <longhaul.h>

#define PROCESS_SAYS 1024

/* How a child that was started ended. */
struct process_result {
    bool is_late;            /* killed at its deadline */
    bool is_stopped;         /* killed because stop asked for it */
    int exit_status;         /* or 128 + n if signal n ended it */
    char says[PROCESS_SAYS]; /* the beginning of what it wrote to stdout and stderr */
};

/* The waiting thread calls this about ten times a second while a child runs; true ends the child. */
struct process_stop {
    bool (*is_stopped)(void *payload);
    void *payload;
};

/* Returns the absolute path of a program in PATH, malloc'd; NULL if none exists. Elements of PATH that are not
 * absolute ("", ".") and the folder not_in (NULL: none) are skipped: whoever writes files there must not choose what
 * runs. */
char *process_find(const char *program, const char *not_in);

/* Runs argv[0] (process_find() looks up a name without a slash) in the folder dir (NULL: the current one), with
 * /dev/null as input and none of this process's other descriptors, until it ends, deadline_s passes, or stop (NULL:
 * never) asks for it. Then it is killed; with a stop it has a process group of its own, and all of that is killed. It
 * is always reaped. Any thread may call. Returns 0 with *result, or LONGHAUL_EIO if it could not be started (*result is
 * unchanged). */
int process_run(const char *const *argv, const char *dir, double deadline_s, const struct process_stop *stop,
                struct process_result *result, struct longhaul_error *err);

#endif
