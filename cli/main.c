/* main.c - longhaul(1): a table of commands. Looks one up and calls it. */

#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

static const struct {
    const char *name; /* as in messages: "longhaul run" */
    int (*run)(int argc, char **argv);
    const char *what;
} commands[] = {
    { "longhaul run", cmd_run, "test one leg for a day (or another time) and record every second" },
    { "longhaul serve", cmd_serve, "serve tests as the other end, for run and for any iperf3 client" },
    { "longhaul plan", cmd_plan, "show what a topology means: starts, ports, rounds, bytes, cost" },
    { "longhaul preflight", cmd_preflight, "test whether the ports of a topology are open, before a long test" },
    { "longhaul report", cmd_report, "make statistics and charts from a folder of results" },
    { "longhaul show", cmd_show, "print the figures of files, one line for each test" },
    { "longhaul recover", cmd_recover, "turn the journal of a run that died into its result" },
    { "longhaul path", cmd_path, "check whether a path is fit for a plan; calculate what TCP allows" },
};

#define OWN_NAME "longhaul "
#define N_COMMANDS (sizeof commands / sizeof commands[0])

static void usage(FILE *out)
{
    fprintf(out, "usage: longhaul COMMAND ...\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s  %s\n", commands[i].name + strlen(OWN_NAME), commands[i].what);
    fprintf(out, "\nlonghaul COMMAND --help prints the flags of a command; longhaul --version prints\n"
                 "the version of longhaul and of libiperf.\n");
}

static void print_version(void)
{
    printf("longhaul %s", longhaul_version());
    if (*longhaul_iperf_version())
        printf(", iperf %s (intervals by %s)\n", longhaul_iperf_version(), longhaul_iperf_intervals());
    else
        printf(", built without libiperf: no run, no serve\n");
}

int cmd_fail(const struct longhaul_error *err)
{
    log_line("longhaul: %s", err->text);
    return err->code == LONGHAUL_EINVAL ? EXIT_MISUSED : EXIT_FAILED;
}

int cmd_misused(const char *command, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "longhaul %s: %s (longhaul %s --help)\n", command, cmd_safe(text).text, command);
    return EXIT_MISUSED;
}

/* The C library's messages repeat the argument unchanged: they are intercepted and made safe. */
int cmd_option(int argc, char **argv, const char *flags, const struct option *options)
{
    char *said = NULL, *rest, *line;
    size_t size;
    FILE *real = stderr, *caught = open_memstream(&said, &size);
    if (caught)
        stderr = caught;
    int flag = getopt_long(argc, argv, flags, options, NULL);
    stderr = real;
    if (caught && fclose(caught) == 0)
        for (rest = said; (line = strsep(&rest, "\n")) != NULL && *line;)
            fprintf(stderr, "%s\n", cmd_safe(line).text);
    free(said);
    return flag;
}

int cmd_close_stdout(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "longhaul: standard output: %s\n", strerror(errno));
    return EXIT_FAILED;
}

/* Keeps the pages of one file's columns for the next file, instead of giving them back and having them cleared
 * again. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

/* If standard input, output or error is closed, the next file opened would get its number, and receive its output.
 * /dev/null, opened in the wrong direction, takes its place: reading and writing still fail with EBADF. */
static void occupy_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY); /* the lowest free number: fd */
}

int main(int argc, char **argv)
{
    occupy_standard_descriptors();
    keep_freed_memory();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow becomes an error of write() instead of a signal */
    if (argc < 2) {
        usage(stderr);
        return EXIT_MISUSED;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return cmd_close_stdout(EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        print_version();
        return cmd_close_stdout(EXIT_DONE);
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name + strlen(OWN_NAME)) == 0) {
            argv[1] =
                (char *)(uintptr_t)commands[i].name; /* getopt_long() begins its messages with it; it is not written
                                                      * to */
            return commands[i].run(argc - 1, argv + 1);
        }
    fprintf(stderr, "longhaul: no command '%s' (longhaul --help lists them)\n", cmd_safe(argv[1]).text);
    return EXIT_MISUSED;
}
