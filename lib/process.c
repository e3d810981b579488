/* process.c - runs one child process to its end or its deadline, hears what it says, reaps it. Never a shell, never a
 * fork of its own: posix_spawn, so that a host with threads is safe. */

#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "error.h"

#define REAP_PAUSE_NS 5000000L /* between two looks at a child that closed its output but did not end yet */

extern char **environ;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What the child gets: /dev/null, the pipe twice, nothing else; the default signals, none of them blocked. */
static int spawn(const char *const *argv, const char *dir, int output, pid_t *pid)
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
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
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
        rc = posix_spawnp(pid, argv[0], &files, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

/* Hears the child until it closes its output or the deadline passes. What is too much is read and forgotten. */
static void listen_until(int fd, double deadline, char *says, size_t size)
{
    size_t length = 0;
    for (;;) {
        char bytes[4096];
        double left = deadline - now_s();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int ready = left > 0 ? poll(&p, 1, (int)(left * 1000) + 1) : 0;
        if (ready < 0 && errno == EINTR)
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

static void reap_until(pid_t pid, double deadline, struct process_result *result)
{
    int status = 0;
    pid_t got;
    while ((got = waitpid(pid, &status, WNOHANG)) == 0 || (got < 0 && errno == EINTR)) {
        if (now_s() >= deadline) {
            result->is_late = true;
            kill(pid, SIGKILL);
            while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
            break;
        }
        nanosleep(&(struct timespec){ 0, REAP_PAUSE_NS }, NULL);
    }
    /* A host that ignores SIGCHLD has its children reaped by the kernel: then nobody knows how it ended. */
    result->exit_status = got < 0 ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run(const char *const *argv, const char *dir, double deadline_s, char *text, size_t size, struct process_result *result,
               struct longhaul_error *err)
{
    int output[2];
    pid_t pid;
    double deadline = now_s() + deadline_s;
    if (pipe2(output, O_CLOEXEC) != 0)
        return error_errno(err, LONGHAUL_EIO, "%s: no pipe", argv[0]);
    int why = spawn(argv, dir, output[1], &pid);
    close(output[1]);
    if (why) {
        close(output[0]);
        errno = why;
        return error_errno(err, LONGHAUL_EIO, "%s", argv[0]);
    }
    listen_until(output[0], deadline, text, size);
    close(output[0]);
    reap_until(pid, deadline, result);
    return 0;
}

int process_run(const char *const *argv, const char *dir, double deadline_s, struct process_result *result,
                struct longhaul_error *err)
{
    struct process_result got = { 0 };
    int rc = run(argv, dir, deadline_s, got.says, sizeof got.says, &got, err);
    if (rc == 0)
        *result = got;
    return rc;
}

int process_hear(const char *const *argv, double deadline_s, char *text, size_t size, struct process_result *result,
                 struct longhaul_error *err)
{
    struct process_result got = { 0 };
    int rc = run(argv, NULL, deadline_s, text, size, &got, err);
    if (rc != 0)
        return rc;
    snprintf(got.says, sizeof got.says, "%s", text);
    *result = got;
    return 0;
}
