/* process.h - one child process, with a deadline. */
#ifndef PROCESS_H
#define PROCESS_H

#include <longhaul.h>

#define PROCESS_SAYS 1024

/* What became of a child that was started. */
struct process_result {
    bool is_late;            /* killed at its deadline */
    bool is_stopped;         /* killed since its stop said so */
    int exit_status;         /* or 128 + n when signal n ended it */
    char says[PROCESS_SAYS]; /* the beginning of what it wrote to stdout and stderr */
};

/* Asked some ten times a second while a child runs, by the thread that waits for it: true ends the child. */
struct process_stop {
    bool (*is_stopped)(void *payload);
    void *payload;
};

/* The absolute path of a program in PATH, malloc'd; NULL when there is none. Elements of PATH that are not absolute
 * ("", ".") and the folder not_in (NULL: none) are passed over: who writes files there does not choose what runs. */
char *process_find(const char *program, const char *not_in);

/* Runs argv[0] (process_find() looks for a name without a slash) in the folder dir (NULL: this one), with /dev/null to
 * read and nothing else of this process's descriptors, until it ends, deadline_s passes, or stop (NULL: never) says so;
 * then it is killed: with a stop, all of its process group, which is its own then. It is always reaped. Any thread may
 * call. 0 with *result, or LONGHAUL_EIO when it could not be started (*result is untouched). */
int process_run(const char *const *argv, const char *dir, double deadline_s, const struct process_stop *stop,
                struct process_result *result, struct longhaul_error *err);

/* The same for a child that has more to say: the beginning of its output goes to text, size bytes with a final 0, as
 * well. */
int process_hear(const char *const *argv, double deadline_s, char *text, size_t size, struct process_result *result,
                 struct longhaul_error *err);

#endif
