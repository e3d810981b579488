/* tell_command.c - forks a child for each event. The child notes what it is about to tell and becomes the program: so a
 * crash of this process between the two tells nothing twice, and loses nothing that was begun. */

#include "tell_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "seconds.h"
#include "tell_state.h"

#define NICE 10 /* the measurement has priority */

/* Says the first trouble of each kind. */
static void complain(struct tell_command *c, enum tell_trouble trouble, const char *text)
{
    if (!c->has_said[trouble])
        c->say(c->payload, text);
    c->has_said[trouble] = true;
}

/* ---- the program */

static bool is_program(const char *path)
{
    struct stat is;
    return stat(path, &is) == 0 && S_ISREG(is.st_mode) && access(path, X_OK) == 0;
}

/* In PATH's absolute folders. */
static char *find(const char *name)
{
    const char *path = getenv("PATH");
    char *folders = strdup(path ? path : ""), *rest = folders, *found = NULL;
    for (char *folder; folders && found == NULL && (folder = strsep(&rest, ":")) != NULL;) {
        char *candidate;
        if (*folder != '/' || asprintf(&candidate, "%s/%s", folder, name) < 0)
            continue;
        if (is_program(candidate))
            found = candidate;
        else
            free(candidate);
    }
    free(folders);
    return found;
}

/* A password of iperf3's, and the service manager's socket, are not the program's. */
static bool is_meant_for_it(const char *variable)
{
    static const char *const ours[] = { "IPERF3_PASSWORD=", "NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=" };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strncmp(variable, ours[i], strlen(ours[i])) == 0)
            return false;
    return true;
}

static char **environment(void)
{
    size_t n = 0, kept = 0;
    while (environ && environ[n])
        n++;
    char **own = calloc(n + 1, sizeof *own);
    for (size_t i = 0; own && i < n; i++)
        if (is_meant_for_it(environ[i]))
            own[kept++] = environ[i];
    return own;
}

bool tell_command_init(struct tell_command *c, const char *program, char *why, size_t size)
{
    *c = (struct tell_command){ .environment = environment() };
    c->path = strchr(program, '/') ? realpath(program, NULL) : find(program);
    if (c->path && c->environment && is_program(c->path))
        return true;
    snprintf(why, size, "%.200s: %s", program,
             c->environment ? "is not a program that can be started" : "out of memory");
    tell_command_clear(c);
    return false;
}

/* ---- the queue */

static void free_job(struct tell_job *job)
{
    if (job->said_fd >= 0)
        close(job->said_fd);
    free(job->text);
    free(job->state);
    free(job->state_path);
    free(job);
}

void tell_command_put(struct tell_command *c, const char *text, const char *state, char *state_path)
{
    struct tell_job *job = c->n < TELL_WAITING ? calloc(1, sizeof *job) : NULL;
    if (job)
        *job = (struct tell_job){ .text = strdup(text), .state = strdup(state), .state_path = state_path,
                                  .said_fd = -1 };
    if (job == NULL || !job->text || !job->state || !job->state_path) {
        complain(c, TELL_DROPPED, "too many events wait for its programs: some are not told");
        if (job)
            free_job(job);
        else
            free(state_path);
        return;
    }
    if (c->last)
        c->last->next = job;
    else
        c->first = job;
    c->last = job;
    c->n++;
}

static bool is_told_now(const struct tell_command *c, const char *state_path)
{
    for (size_t i = 0; i < c->n_running; i++)
        if (strcmp(c->running[i]->state_path, state_path) == 0)
            return true;
    return false;
}

/* The first one whose leg has no event that is told now. */
static struct tell_job *take_next(struct tell_command *c)
{
    struct tell_job *before = NULL, *job = c->first;
    while (job && is_told_now(c, job->state_path)) {
        before = job;
        job = job->next;
    }
    if (job == NULL)
        return NULL;
    *(before ? &before->next : &c->first) = job->next;
    if (c->last == job)
        c->last = before;
    job->next = NULL;
    c->n--;
    return job;
}

/* ---- a child: only calls that are safe after a fork in a process with threads */

static void write_state(const struct tell_job *job, const char *temporary)
{
    size_t n = strlen(job->state);
    if (!tell_state_is_ours(job->state_path))
        return;
    if (n == 0) {
        unlink(job->state_path);
        return;
    }
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool good = fd >= 0 && write(fd, job->state, n) == (ssize_t)n && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    if (!good || rename(temporary, job->state_path) != 0)
        unlink(temporary);
}

static void become(const struct tell_command *c, const struct tell_job *job, const char *temporary, int input, int said)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    char *const arguments[] = { c->path, NULL };
    sigset_t none;
    setsid();
    for (int s = 1; s < NSIG; s++)
        sigaction(s, &plain, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_WRONLY);
    if (null < 0 || dup2(input, 0) < 0 || dup2(null, 1) < 0 || dup2(said, 2) < 0)
        _exit(127);
    close_range(3, ~0u, 0); /* before the disk is waited for: sockets and pipes of the measurement must not stay open */
    alarm(TELL_DEADLINE_S + 5); /* if this process's parent is killed */
    write_state(job, temporary);
    if (nice(NICE) < 0)
        errno = 0; /* not allowed: it is told nevertheless */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* CAP_NET_RAW of the units is not the program's */
    execve(c->path, arguments, c->environment);
    const char *why = strerrordesc_np(errno);
    if (write(2, why, strlen(why)) < 0)
        _exit(126);
    _exit(127);
}

/* Pipes above the standard descriptors, which longhaul may have been started without. */
static bool open_pipe(int ends[2], int flags)
{
    int low[2];
    if (pipe2(low, O_CLOEXEC | flags) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
        close(low[i]);
    }
    if (ends[0] >= 0 && ends[1] >= 0)
        return true;
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    return false;
}

static void close_pipe(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* The text fits into a pipe: nobody needs to wait until the program reads it. */
static bool start(const struct tell_command *c, struct tell_job *job)
{
    int input[2], said[2];
    char *temporary;
    size_t n = strlen(job->text);
    if (asprintf(&temporary, "%s.tmp", job->state_path) < 0)
        return false;
    bool has_input = open_pipe(input, 0), has_said = has_input && open_pipe(said, 0);
    bool good = has_said && write(input[1], job->text, n) == (ssize_t)n;
    if (has_input)
        close(input[1]);
    job->pid = good ? fork() : -1;
    if (job->pid == 0)
        become(c, job, temporary, input[0], said[1]);
    if (has_input)
        close(input[0]);
    free(temporary);
    job->since_s = seconds_of(CLOCK_MONOTONIC);
    if (job->pid > 0) {
        close(said[1]);
        fcntl(said[0], F_SETFL, O_NONBLOCK);
        job->said_fd = said[0];
    } else if (has_said) {
        close_pipe(said);
    }
    return job->pid > 0;
}

/* ---- its end */

/* Keeps the beginning of what it says; the rest is read and forgotten, at most a pipe's content each time. */
static void listen_to(struct tell_job *job)
{
    char text[4096];
    ssize_t n;
    for (int i = 0; i < 16 && (n = read(job->said_fd, text, sizeof text)) > 0; i++) {
        size_t has = strlen(job->said), room = sizeof job->said - 1 - has;
        for (size_t k = 0; k < (size_t)n && room > 0; k++, room--)
            job->said[has++] = text[k] == '\n' || text[k] == 0 ? ' ' : text[k];
        job->said[has] = 0;
    }
}

static void say_failure(struct tell_command *c, struct tell_job *job, const char *what, int number)
{
    char text[TELL_SAID + 4352], with[16] = "";
    size_t n = strlen(job->said);
    while (n > 0 && job->said[n - 1] == ' ')
        job->said[--n] = 0;
    if (number)
        snprintf(with, sizeof with, " %d", number);
    snprintf(text, sizeof text, "%s %s%s%s%s; its later failures are not told", c->path, what, with, n ? ": " : "",
             job->said);
    complain(c, TELL_FAILED, text);
}

static void check_state(struct tell_command *c, const struct tell_job *job)
{
    char text[4352];
    if (c->has_said[TELL_NOT_NOTED] || tell_state_is(job->state_path, job->state))
        return;
    snprintf(text, sizeof text, "%s cannot be written: after a crash an event may be told twice", job->state_path);
    complain(c, TELL_NOT_NOTED, text);
}

/* True if the job is over. What the program has left in its group ends with it: the number of a child that is not yet
 * reaped belongs to nobody else. */
static bool is_over(struct tell_command *c, struct tell_job *job)
{
    siginfo_t ended = { .si_pid = 0 };
    int status = 0;
    listen_to(job);
    if (waitid(P_PID, (id_t)job->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0) {
        bool is_late = !job->is_killed && seconds_of(CLOCK_MONOTONIC) - job->since_s > TELL_DEADLINE_S;
        if (is_late) {
            kill(-job->pid, SIGKILL);
            kill(job->pid, SIGKILL);
            say_failure(c, job, "has not ended within 30 s and is killed", 0);
            job->is_killed = true;
        }
        return false;
    }
    if (ended.si_pid != 0)
        kill(-job->pid, SIGKILL);
    listen_to(job);
    if (waitpid(job->pid, &status, WNOHANG) == job->pid && !job->is_killed) {
        if (WIFSIGNALED(status))
            say_failure(c, job, "was ended by signal", WTERMSIG(status));
        else if (WEXITSTATUS(status) != 0)
            say_failure(c, job, "ended with status", WEXITSTATUS(status));
    }
    check_state(c, job);
    return true;
}

/* ---- all of them */

void tell_command_tend(struct tell_command *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->n_running; i++) {
        if (is_over(c, c->running[i]))
            free_job(c->running[i]);
        else
            c->running[kept++] = c->running[i];
    }
    c->n_running = kept;
    while (c->n_running < TELL_AT_ONCE) {
        struct tell_job *job = take_next(c);
        if (job == NULL)
            break;
        if (!start(c, job)) { /* it is the next one again */
            complain(c, TELL_CANNOT_START, "no process can be started for it now; it is tried again");
            job->next = c->first;
            c->first = job;
            c->last = c->last ? c->last : job;
            c->n++;
            break;
        }
        c->running[c->n_running++] = job;
    }
}

bool tell_command_is_busy(const struct tell_command *c)
{
    return c->n + c->n_running > 0;
}

void tell_command_clear(struct tell_command *c)
{
    for (struct tell_job *next; c->first; c->first = next) {
        next = c->first->next;
        free_job(c->first);
    }
    for (size_t i = 0; i < c->n_running; i++) {
        kill(-c->running[i]->pid, SIGKILL);
        free_job(c->running[i]);
    }
    free(c->environment);
    free(c->path);
    *c = (struct tell_command){ .path = NULL };
}
