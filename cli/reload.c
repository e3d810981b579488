/* reload.c - on SIGUSR2, a thread reads the topology again: it drops what is not wanted any more, and starts a process
 * for what is new, with the flags of this one. A new leg cannot join a run that has begun; in a process of its own it
 * needs nothing of it, and after a restart of the service all are in one process again. */

#include "reload.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "log.h"
#include "run_again.h"

#define OTHERS_MAX 64 /* processes at a time; further changes wait for a restart of the service */
#define LOOK_MS 2000
#define MARK "LONGHAUL_OTHER" /* in the environment of a process that was started here: its number */

struct other {
    atomic_int pid; /* 0 for none */
    int number;
    struct reload_list parts;
};

struct reload {
    struct reload_options options;
    struct reload_list now; /* what this process does still */
    bool *is_dropped;       /* by part of now */
    struct other others[OTHERS_MAX];
    int n_started, worst;
    int wake;
    atomic_bool is_asked, is_reading, is_over, is_ending;
    pthread_t thread;
    bool has_thread;
};

bool reload_is_other(void)
{
    return getenv(MARK) != NULL;
}

static bool is_same(const struct reload_part *a, const struct reload_part *b)
{
    /* Both legs were made by the same code in memory that was zeroed: equal settings are equal bytes. */
    return strcmp(a->name, b->name) == 0 && memcmp(&a->leg, &b->leg, sizeof a->leg) == 0;
}

static bool is_in(const struct reload_list *list, const struct reload_part *part)
{
    for (size_t i = 0; i < list->n; i++)
        if (is_same(&list->parts[i], part))
            return true;
    return false;
}

/* ---- the command line of the other process */

/* True for a flag of a run that is only for its beginning; *has_value: the next word belongs to it. */
static bool is_for_the_beginning(const char *word, bool *has_value)
{
    *has_value = strcmp(word, "--at") == 0 || strcmp(word, "--a") == 0;
    return *has_value || strncmp(word, "--at=", 5) == 0 || strncmp(word, "--a=", 4) == 0 ||
           run_again_is_new_flag(word) || run_again_is_resume_flag(word);
}

static char *names_of(const struct reload_list *parts)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < parts->n; i++)
        fprintf(out, "%s%s", i ? "," : "", parts->parts[i].name);
    if (out)
        fclose(out);
    return text;
}

/* "/run/x.prom" of the second process is "/run/x.2.prom". */
static char *metrics_of(const char *path, int number)
{
    const char *dot = strrchr(path, '.');
    char *text = NULL;
    size_t n = dot && !strchr(dot, '/') ? (size_t)(dot - path) : strlen(path);
    return asprintf(&text, "%.*s.%d%s", (int)n, path, number, path + n) < 0 ? NULL : text;
}

/* Words that are malloc'd here: names and metrics. NULL when out of memory. */
static char **words_of(const struct reload *r, const struct reload_list *parts, int number, char *made[2])
{
    const struct reload_options *o = &r->options;
    size_t n = 0, k = 0;
    bool has_value, is_run = strcmp(o->part_flag, "--leg") == 0;
    while (o->argv[n])
        n++;
    char **words = calloc(n + 8, sizeof *words);
    made[0] = names_of(parts);
    made[1] = o->metrics_path ? metrics_of(o->metrics_path, number) : NULL;
    if (words == NULL || made[0] == NULL || (o->metrics_path && made[1] == NULL)) {
        free(words);
        return NULL;
    }
    words[k++] = program_invocation_name;
    words[k++] = o->argv[0] + strlen("longhaul ");
    for (size_t i = 1; i < n; i++) {
        if (is_run && is_for_the_beginning(o->argv[i], &has_value))
            i += has_value && i + 1 < n;
        else
            words[k++] = o->argv[i];
    }
    words[k++] = (char *)(uintptr_t)o->part_flag;
    words[k++] = made[0];
    if (made[1]) {
        words[k++] = (char *)(uintptr_t)"--metrics";
        words[k++] = made[1];
    }
    if (is_run)
        words[k++] = (char *)(uintptr_t)"--resume";
    return words;
}

/* This process's environment with the mark, without the service manager, which listens to the main process alone. */
static char **environment(char *mark)
{
    size_t n = 0, k = 0;
    while (environ[n])
        n++;
    char **all = calloc(n + 2, sizeof *all);
    for (size_t i = 0; all && i < n; i++)
        if (strncmp(environ[i], "NOTIFY_SOCKET=", 14) != 0 && strncmp(environ[i], "WATCHDOG_", 9) != 0)
            all[k++] = environ[i];
    if (all)
        all[k] = mark;
    return all;
}

/* ---- processes */

/* Only calls that are safe after a fork in a process with threads. */
static void become(char **words, char **environ_of_it, pid_t parent)
{
    static const int handled[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGWINCH };
    sigset_t none;
    for (size_t i = 0; i < sizeof handled / sizeof handled[0]; i++)
        signal(handled[i], SIG_DFL);
    signal(SIGUSR1, SIG_IGN); /* until it listens */
    signal(SIGUSR2, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
        _exit(EXIT_FAILED);
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    execve("/proc/self/exe", words, environ_of_it);
    _exit(EXIT_FAILED);
}

/* Starts a process for parts, which it takes. */
static void start(struct reload *r, struct other *other, struct reload_list parts)
{
    char mark[32], *made[2] = { NULL, NULL };
    int number = ++r->n_started + 1;
    pid_t self = getpid(), pid = -1;
    snprintf(mark, sizeof mark, MARK "=%d", number);
    char **words = words_of(r, &parts, number, made), **its_environment = environment(mark);
    if (words && its_environment && (pid = fork()) == 0)
        become(words, its_environment, self);
    if (pid > 0)
        log_line("%s: %s", r->options.argv[0] + strlen("longhaul "), made[0]);
    else
        log_line("longhaul: no process for %s: %s", made[0] ? made[0] : "what is new", strerror(errno));
    free(words);
    free(its_environment);
    free(made[0]);
    free(made[1]);
    *other = (struct other){ .number = number, .parts = parts };
    atomic_store(&other->pid, pid > 0 ? (int)pid : 0);
    if (pid > 0 && atomic_load(&r->is_ending)) /* the signal came meanwhile */
        kill(pid, SIGTERM);
}

/* Notes how a process ended. One that a signal ended, other than on request, is started again, as systemd does. */
static void look_after(struct reload *r, struct other *other)
{
    int status, pid = atomic_load(&other->pid);
    if (pid == 0 || waitpid(pid, &status, WNOHANG) != pid)
        return;
    atomic_store(&other->pid, 0);
    struct reload_list parts = other->parts;
    other->parts = (struct reload_list){ .n = 0 };
    if (WIFSIGNALED(status) && !atomic_load(&r->is_ending)) {
        log_line("longhaul: a process was ended by signal %d: it is started again", WTERMSIG(status));
        start(r, other, parts);
        return;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code < 128 && code > r->worst)
        r->worst = code;
    free(parts.parts);
}

/* ---- the file anew */

/* Whether the part goes on somewhere. */
static bool is_done_already(const struct reload *r, const struct reload_part *part)
{
    for (size_t i = 0; i < r->now.n; i++)
        if (!r->is_dropped[i] && is_same(&r->now.parts[i], part))
            return true;
    for (size_t i = 0; i < OTHERS_MAX; i++)
        if (atomic_load(&r->others[i].pid) && is_in(&r->others[i].parts, part))
            return true;
    return false;
}

/* An other process drops its parts itself; what it drops is forgotten here. */
static void drop_of_other(struct other *other, const struct reload_list *wanted)
{
    size_t k = 0;
    if (atomic_load(&other->pid) == 0)
        return;
    for (size_t i = 0; i < other->parts.n; i++)
        if (is_in(wanted, &other->parts.parts[i]))
            other->parts.parts[k++] = other->parts.parts[i];
    bool is_changed = k < other->parts.n;
    other->parts.n = k;
    if (is_changed)
        kill(atomic_load(&other->pid), SIGUSR2);
}

static void drop_old(struct reload *r, const struct reload_list *wanted)
{
    for (size_t i = 0; i < OTHERS_MAX; i++)
        drop_of_other(&r->others[i], wanted);
    for (size_t i = 0; i < r->now.n; i++)
        if (!r->is_dropped[i] && !is_in(wanted, &r->now.parts[i])) {
            r->is_dropped[i] = r->options.drop(r->options.payload, i);
            if (r->is_dropped[i])
                log_line("%s is not in the topology any longer, or has changed: it is ended", r->now.parts[i].name);
        }
}

static void begin_new(struct reload *r, const struct reload_list *wanted)
{
    struct reload_list fresh = { .parts = calloc(wanted->n + 1, sizeof *fresh.parts) };
    for (size_t i = 0; fresh.parts && i < wanted->n; i++)
        if (!is_done_already(r, &wanted->parts[i]))
            fresh.parts[fresh.n++] = wanted->parts[i];
    for (size_t i = 0; i < OTHERS_MAX && fresh.n > 0; i++)
        if (atomic_load(&r->others[i].pid) == 0) {
            start(r, &r->others[i], fresh);
            return;
        }
    if (fresh.n > 0)
        log_line("longhaul: the topology has changed too often: restart this service for what is new");
    free(fresh.parts);
}

static void read_anew(struct reload *r)
{
    struct reload_list wanted = { .n = 0 };
    if (r->options.read(r->options.payload, &wanted) != EXIT_DONE) {
        log_line("longhaul: everything goes on as before");
        return;
    }
    drop_old(r, &wanted);
    if (!reload_is_other())
        begin_new(r, &wanted);
    free(wanted.parts);
}

static void *watch(void *argument)
{
    struct reload *r = argument;
    uint64_t n;
    while (!atomic_load(&r->is_over)) {
        struct pollfd ready = { .fd = r->wake, .events = POLLIN };
        if (poll(&ready, 1, LOOK_MS) > 0 && read(r->wake, &n, sizeof n) < 0)
            continue;
        for (size_t i = 0; i < OTHERS_MAX; i++)
            look_after(r, &r->others[i]);
        atomic_store(&r->is_reading, true); /* before is_asked is taken: reload_wait() looks at both */
        if (atomic_exchange(&r->is_asked, false) && !atomic_load(&r->is_ending))
            read_anew(r);
        atomic_store(&r->is_reading, false);
    }
    return NULL;
}

/* ---- */

struct reload *reload_new(const struct reload_options *options)
{
    struct reload *r = calloc(1, sizeof *r);
    sigset_t all, before;
    if (r == NULL)
        return NULL;
    r->options = *options;
    r->wake = fcntl(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), F_DUPFD_CLOEXEC, 3);
    r->now.n = options->now.n;
    r->now.parts = calloc(r->now.n + 1, sizeof *r->now.parts);
    r->is_dropped = calloc(r->now.n + 1, sizeof *r->is_dropped);
    if (r->now.parts && options->now.n)
        memcpy(r->now.parts, options->now.parts, options->now.n * sizeof *r->now.parts);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    r->has_thread = r->now.parts && r->is_dropped && r->wake >= 0 && pthread_create(&r->thread, NULL, watch, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r->has_thread)
        return r;
    reload_free(r);
    return NULL;
}

static void wake(struct reload *r)
{
    uint64_t one = 1;
    int saved = errno;
    if (write(r->wake, &one, sizeof one) < 0)
        errno = saved;
    errno = saved;
}

void reload_signal(struct reload *r, int number)
{
    if (r == NULL)
        return;
    if (number == SIGUSR2) {
        atomic_store(&r->is_asked, true);
        wake(r);
        return;
    }
    if (number != SIGUSR1)
        atomic_store(&r->is_ending, true);
    for (size_t i = 0; i < OTHERS_MAX; i++) {
        int pid = atomic_load(&r->others[i].pid);
        if (pid > 0)
            kill(pid, number);
    }
}

/* Also while what is new may begin: the last leg of this process can end because it has changed. */
static bool has_others(struct reload *r)
{
    if (atomic_load(&r->is_asked) || atomic_load(&r->is_reading))
        return true;
    for (size_t i = 0; i < OTHERS_MAX; i++)
        if (atomic_load(&r->others[i].pid) > 0)
            return true;
    return false;
}

int reload_wait(struct reload *r)
{
    if (r == NULL)
        return EXIT_DONE;
    while (has_others(r)) { /* the thread looks after them */
        wake(r);
        usleep(200000);
    }
    return r->worst;
}

const bool *reload_dropped(const struct reload *r)
{
    return r ? r->is_dropped : NULL;
}

void reload_free(struct reload *r)
{
    if (r == NULL)
        return;
    atomic_store(&r->is_over, true);
    if (r->has_thread) {
        wake(r);
        pthread_join(r->thread, NULL);
    }
    for (size_t i = 0; i < OTHERS_MAX; i++)
        free(r->others[i].parts.parts);
    if (r->wake >= 0)
        close(r->wake);
    free(r->is_dropped);
    free(r->now.parts);
    free(r);
}
