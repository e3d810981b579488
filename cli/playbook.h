/* playbook.h - runs one of the playbooks that longhaul comes with, by ansible-playbook. */
#ifndef PLAYBOOK_H
#define PLAYBOOK_H

#include <stdbool.h>
#include <stddef.h>

struct playbook {
    const char *name;       /* "up" */
    const char *inventory;  /* path */
    const char *log;        /* what it prints goes to this file; NULL for standard output */
    const char *variables;  /* JSON, for -e */
    size_t n_hosts;         /* so many are asked at a time, up to 50 */
    char *const *arguments; /* more of them for ansible-playbook, n_arguments */
    size_t n_arguments;
};

/* True if it is installed and the playbooks are there, else false after a message that says what to install. */
bool playbook_is_possible(void);
/* Says what it runs and runs it. Returns its exit status (2: a task failed, 4: a host did not answer), or 128 + n if
 * signal n ended it; -1, after a message, if it could not be started. */
int playbook_run(const struct playbook *playbook);

#endif
