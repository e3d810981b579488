/* tell_command.h - runs a program for each event, never in the way of anything: without a shell, in a session of its
 * own, with a deadline. For one thread. */
#ifndef TELL_COMMAND_H
#define TELL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { TELL_AT_ONCE = 8, TELL_WAITING = 4096, TELL_DEADLINE_S = 30, TELL_TEXT = 2048, TELL_SAID = 200 };

/* One event that waits, or is told now. */
struct tell_job {
    struct tell_job *next;
    char *text;       /* the JSON, for the program's standard input: less than TELL_TEXT */
    char *state;      /* the new content of state_path, which is written before the program begins; "" to remove it */
    char *state_path; /* events with the same one are told one after the other */
    pid_t pid;
    int said_fd;           /* its standard error */
    char said[TELL_SAID];  /* the beginning of that */
    double since_s;        /* when it was started */
    bool is_killed;
};

/* What is said once for a whole run. */
enum tell_trouble { TELL_CANNOT_START, TELL_FAILED, TELL_NOT_NOTED, TELL_DROPPED, TELL_N_TROUBLES };

struct tell_command {
    char *path;         /* absolute */
    char **environment; /* without what is not meant for the program; its texts are borrowed */
    struct tell_job *first, *last; /* those that wait */
    size_t n, n_running;
    struct tell_job *running[TELL_AT_ONCE];
    bool has_said[TELL_N_TROUBLES];
    void (*say)(void *payload, const char *text);
    void *payload;
};

/* Finds the program: a path, or a name in PATH. false, with why, if it is not one. say is set afterwards. */
bool tell_command_init(struct tell_command *command, const char *program, char *why, size_t size);
/* Puts an event at the end of the queue. Takes state_path. If too many wait, it is dropped. */
void tell_command_put(struct tell_command *command, const char *text, const char *state, char *state_path);
/* Starts what may be started, reaps what has ended, kills what is late. Never waits for a program. */
void tell_command_tend(struct tell_command *command);
/* True while something waits or runs. */
bool tell_command_is_busy(const struct tell_command *command);
/* Kills what still runs. */
void tell_command_clear(struct tell_command *command);

#endif
