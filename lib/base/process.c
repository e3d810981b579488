/* process.c - runs one child process until it ends or reaches its deadline, collects its output and reaps it. Uses no
 * shell and no fork of its own but posix_spawn, so that it is safe in a host with threads. */

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define STOP_PAUSE_S 0.1       /* between two checks whether to stop */
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
#define REAP_PAUSE_NS 5000000L /* between two checks of a child that closed its output but has not ended */

extern char **environ;

/* ---- which program */

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static bool is_same_folder(const char *dir, const char *other)
{
    struct stat a, b;
    return other && stat(dir, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

char *process_find(const char *program, const char *not_in)
{
    const char *all = getenv("PATH");
    for (const char *at = all && *all ? all : DEFAULT_PATH, *end; *at; at = *end ? end + 1 : end) {
        char *dir, *path;
        end = strchrnul(at, ':');
        if (*at != '/' || (dir = strndup(at, (size_t)(end - at))) == NULL)
            continue;
        if (asprintf(&path, "%s/%s", dir, program) < 0)
            path = NULL;
        bool good = path && is_program(path) && !is_same_folder(dir, not_in);
        free(dir);
        if (good)
            return path;
        free(path);
    }
    return NULL;
}

/* ---- one child */

/* Starts the child with /dev/null, the pipe as both outputs, no other descriptor, default signals, none
 * blocked. */
static int spawn(const char *program, const char *const *argv, const char *dir, int output, bool own_group, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    int rc = posix_spawn_file_actions_init(&files);
    if (rc)
        return rc;
    if ((rc = posix_spawnattr_init(&attributes)) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return rc;
    }
    sigemptyset(&none);
    sigfillset(&defaults);
    sigdelset(&defaults, SIGKILL);
    sigdelset(&defaults, SIGSTOP);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
                             (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                     (own_group ? POSIX_SPAWN_SETPGROUP : 0)));
    rc = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, output, 1);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, output, 2);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    if (rc == 0 && dir)
        rc = posix_spawn_file_actions_addchdir_np(&files, dir);
    if (rc == 0)
        rc = posix_spawn(pid, program, &files, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

/* One child and its deadline. */
struct child {
    pid_t pid;
    double deadline;
    const struct process_stop *stop;
    bool is_stopped;
};

/* Seconds until the next check; 0 when the child's time is over. */
static double time_left(struct child *child)
{
    double left_s = child->deadline - clock_monotonic_s();
    child->is_stopped = child->is_stopped || (child->stop && child->stop->is_stopped(child->stop->payload));
    if (child->is_stopped || left_s <= 0)
        return 0;
    return child->stop && left_s > STOP_PAUSE_S ? STOP_PAUSE_S : left_s;
}

/* Reads the child's output until it is closed or the time is over. Output beyond size is read and discarded. */
static void listen_to(struct child *child, int fd, char *says, size_t size)
{
    size_t length = 0;
    double left_s;
    while ((left_s = time_left(child)) > 0) {
        char bytes[4096];
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int ready = poll(&p, 1, (int)(left_s * 1000) + 1);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t n = ready > 0 ? read(fd, bytes, sizeof bytes) : 0;
        if (n <= 0)
            break;
        size_t keep = (size_t)n < size - 1 - length ? (size_t)n : size - 1 - length;
        memcpy(says + length, bytes, keep);
        length += keep;
    }
    says[length] = 0;
}

static void reap(struct child *child, struct process_result *result)
{
    int status = 0;
    pid_t got;
    while ((got = waitpid(child->pid, &status, WNOHANG)) == 0 || (got < 0 && errno == EINTR)) {
        if (time_left(child) <= 0) {
            result->is_late = !child->is_stopped;
            kill(child->stop ? -child->pid : child->pid, SIGKILL);
            while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
                ;
            break;
        }
        nanosleep(&(struct timespec){ 0, REAP_PAUSE_NS }, NULL);
    }
    result->is_stopped = child->is_stopped;
    /* When the host ignores SIGCHLD, the kernel reaps its children: the exit status is unknown then. */
    result->exit_status = got < 0 ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_run(const char *const *argv, const char *dir, double deadline_s, const struct process_stop *stop,
                struct process_result *result, struct longhaul_error *err)
{
    struct child child = { .deadline = clock_monotonic_s() + deadline_s, .stop = stop };
    struct process_result got = { 0 };
    int output[2];
    char *program = strchr(argv[0], '/') ? strdup(argv[0]) : process_find(argv[0], dir);
    if (program == NULL)
        return error_set(err, LONGHAUL_EIO, "%s: %s", argv[0], strerror(ENOENT));
    if (pipe2(output, O_CLOEXEC) != 0) {
        free(program);
        return error_errno(err, LONGHAUL_EIO, "%s: no pipe", argv[0]);
    }
    int why = spawn(program, argv, dir, output[1], stop != NULL, &child.pid);
    close(output[1]);
    free(program);
    if (why) {
        close(output[0]);
        errno = why;
        return error_errno(err, LONGHAUL_EIO, "%s", argv[0]);
    }
    listen_to(&child, output[0], got.says, sizeof got.says);
    close(output[0]);
    reap(&child, &got);
    *result = got;
    return 0;
}
