/* test_process.c - one child: its output, its end, its deadline, and that it inherits nothing of ours. */

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/process.h"
#include "check.h"

static struct process_result run(const char *script, const char *dir, double deadline_s)
{
    const char *argv[] = { "sh", "-c", script, NULL };
    struct process_result result = { .exit_status = -1 };
    process_run(argv, dir, deadline_s, NULL, &result, NULL);
    return result;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_ends(void)
{
    struct process_result r = run("echo out; echo err >&2; exit 3", NULL, 10);
    CHECK(r.exit_status == 3 && !r.is_late && strcmp(r.says, "out\nerr\n") == 0,
          "exit status and both outputs are seen");
    r = run("kill -TERM $$", NULL, 10);
    CHECK(r.exit_status == 128 + SIGTERM, "so is the signal that ended it");
    r = run("pwd; cat", "/", 10);
    CHECK(r.exit_status == 0 && strcmp(r.says, "/\n") == 0, "it runs in the folder, with nothing to read");
    r = run("yes | head -c 1000000; echo tail >&2", NULL, 10);
    CHECK(r.exit_status == 0 && strlen(r.says) == PROCESS_SAYS - 1,
          "one that talks too much is heard to its end, and cut");
}

static void test_missing(void)
{
    const char *argv[] = { "no-such-program-here", NULL };
    struct longhaul_error err = { 0 };
    struct process_result r = { .exit_status = 77 };
    setenv("PATH", "/usr/bin:/bin",
           1); /* with a folder in PATH that this user may not search, the error differs */
    CHECK(process_run(argv, NULL, 10, NULL, &r, &err) == LONGHAUL_EIO && r.exit_status == 77 &&
              strcmp(err.text, "no-such-program-here: No such file or directory") == 0,
          "a missing program: %s", err.text);
}

static void test_deadline(void)
{
    double began = now_s();
    struct process_result r = run("exec sleep 30", NULL, 0.3);
    CHECK(r.is_late && now_s() - began < 5, "a child that takes too long is killed");
    r = run("exec >/dev/null 2>&1; exec sleep 30", NULL, 0.3);
    CHECK(r.is_late && now_s() - began < 10, "also one that closed its output");
    CHECK(waitpid(-1, NULL, WNOHANG) == -1, "and reaped: there are no children left");
}

static void test_inherits_nothing(void)
{
    int fd = open("/dev/null", O_RDONLY); /* not close-on-exec, like some of a host's */
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    /* Read by the shell itself: while it starts a program it blocks signals by itself. The 3 is ls's own, of
     * the folder. */
    struct process_result r = run("while read -r line; do case $line in SigBlk:*) echo \"$line\" ;; esac; done "
                                  "</proc/$$/status; exec ls /proc/self/fd",
                                  NULL, 10);
    sigprocmask(SIG_UNBLOCK, &term, NULL);
    close(fd);
    CHECK(strcmp(r.says, "SigBlk:\t0000000000000000\n0\n1\n2\n3\n") == 0,
          "it has its three descriptors and no signal blocked");
}

int main(void)
{
    test_ends();
    test_missing();
    test_deadline();
    test_inherits_nothing();
    return CHECK_DONE();
}
