/* process.h - one child process, with a deadline. */
#ifndef PROCESS_H
#define PROCESS_H

#include <longhaul.h>

#define PROCESS_SAYS 1024

/* What became of a child that was started. */
struct process_result {
    bool is_late;            /* killed at its deadline */
    int exit_status;         /* or 128 + n when signal n ended it */
    char says[PROCESS_SAYS]; /* the beginning of what it wrote to stdout and stderr */
};

/* Runs argv[0] (looked for in PATH) in the folder dir (NULL: this one), with /dev/null to read and nothing else of this
 * process's descriptors, until it ends or deadline_s passes; then it is killed. It is always reaped. Any thread may call.
 * 0 with *result, or LONGHAUL_EIO when it could not be started (*result is untouched). */
int process_run(const char *const *argv, const char *dir, double deadline_s, struct process_result *result,
                struct longhaul_error *err);

/* The same for a child that has more to say: the beginning of its output goes to text, size bytes with a final 0, as well. */
int process_hear(const char *const *argv, double deadline_s, char *text, size_t size, struct process_result *result,
                 struct longhaul_error *err);

#endif
