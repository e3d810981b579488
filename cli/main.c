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

#include "flags.h"
#include "log.h"
#include "nearest.h"

static const struct {
    const char *name; /* as in messages: "longhaul run" */
    int (*run)(int argc, char **argv);
    const struct flags *flags;
} commands[] = {
    { "longhaul run", cmd_run, &flags_run },
    { "longhaul serve", cmd_serve, &flags_serve },
    { "longhaul plan", cmd_plan, &flags_plan },
    { "longhaul fleet", cmd_fleet, &flags_fleet },
    { "longhaul preflight", cmd_preflight, &flags_preflight },
    { "longhaul report", cmd_report, &flags_report },
    { "longhaul compare", cmd_compare, &flags_compare },
    { "longhaul archive", cmd_archive, &flags_archive },
    { "longhaul show", cmd_show, &flags_show },
    { "longhaul export", cmd_export, &flags_export },
    { "longhaul recover", cmd_recover, &flags_recover },
    { "longhaul path", cmd_path, &flags_path },
};

#define OWN_NAME "longhaul "
#define N_COMMANDS (sizeof commands / sizeof commands[0])

static void usage(FILE *out)
{
    fprintf(out, "usage: longhaul COMMAND ...\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s  %s\n", commands[i].name + strlen(OWN_NAME), commands[i].flags->what);
    fprintf(out, "\n`longhaul COMMAND --help` or `longhaul help COMMAND` prints a command's flags;\n"
                 "longhaul version prints the version of longhaul and of libiperf.\n");
}

/* The first line as the GNU coding standards have it: the name and the version alone. */
static void print_version(void)
{
    printf("longhaul %s\n", longhaul_version());
    if (*longhaul_iperf_version())
        printf("iperf %s (intervals by %s)\n", longhaul_iperf_version(), longhaul_iperf_intervals());
    else
        printf("built without libiperf: no run, no serve\n");
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
    log_line("longhaul %s: %s (longhaul %s --help)", command, cmd_safe(text).text, command);
    return EXIT_MISUSED;
}

int cmd_refused(const char *command, const struct longhaul_error *err)
{
    return err->code == LONGHAUL_EINVAL ? cmd_misused(command, "%s", err->text) : cmd_fail(err);
}

/* ": did you mean '--time'?" for a word such as "--tiem=5", or "". */
enum { MEANT_SIZE = 96 };
static const char *meant_by(const char *word, const struct option *options, char text[MEANT_SIZE])
{
    char name[64] = "";
    struct nearest nearest = { .word = name };
    text[0] = 0;
    if (strncmp(word, "--", 2) != 0 || strcspn(word + 2, "=") >= sizeof name)
        return text;
    memcpy(name, word + 2, strcspn(word + 2, "="));
    for (; options->name; options++)
        nearest_offer(&nearest, options->name);
    if (nearest.name)
        snprintf(text, MEANT_SIZE, ": did you mean '--%s'?", nearest.name);
    return text;
}

/* Says why a flag of iperf3 is refused; false if it is not one. */
static bool say_refusal(const struct flags *flags, const char *word)
{
    char why[FLAGS_WHY_SIZE];
    bool is_refused = flags_refusal(flags, optopt, word, why);
    if (is_refused && optopt)
        cmd_misused(flags->command, "-%c: %s", optopt, why);
    else if (is_refused)
        cmd_misused(flags->command, "%.*s: %s", (int)strcspn(word, "="), word, why);
    return is_refused;
}

int cmd_bad_option(const char *command, int flag, char **argv, const struct flags *flags)
{
    struct flags_getopt of;
    char meant[MEANT_SIZE];
    const char *word = argv[optind - 1];
    if (flag == ':')
        return cmd_misused(command, "%s wants a value", word);
    if (say_refusal(flags, word))
        return EXIT_MISUSED;
    flags_getopt(flags, &of);
    return cmd_misused(command, "unknown option '%s'%s", word, meant_by(word, of.options, meant));
}

/* The C library's messages repeat the argument unchanged: they are intercepted, made safe, and completed. */
int cmd_option(int argc, char **argv, const struct flags *flags)
{
    struct flags_getopt of;
    char *said = NULL, *rest, *line, meant[MEANT_SIZE] = "";
    size_t size;
    flags_getopt(flags, &of);
    FILE *real = stderr, *caught = open_memstream(&said, &size);
    if (caught)
        stderr = caught;
    int flag = getopt_long(argc, argv, of.letters, of.options, NULL);
    stderr = real;
    bool is_unknown = flag == '?' && opterr && optind > 0;
    if (is_unknown && optopt == 0) /* a long option that does not exist, or is ambiguous */
        meant_by(argv[optind - 1], of.options, meant);
    bool is_said = is_unknown && say_refusal(flags, argv[optind - 1]);
    if (caught && fclose(caught) == 0)
        for (rest = said; !is_said && (line = strsep(&rest, "\n")) != NULL && *line;)
            fprintf(stderr, "%s%s (%s --help)\n", cmd_safe(line).text, meant, argv[0]);
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

static int run_command(size_t i, int argc, char **argv)
{
    argv[0] = (char *)(uintptr_t)commands[i].name; /* getopt_long() begins its messages with it; it is not written to */
    return commands[i].run(argc, argv);
}

/* The index of a command, or N_COMMANDS after a message. */
static size_t find_command(const char *word)
{
    struct nearest nearest = { .word = word };
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(word, commands[i].name + strlen(OWN_NAME)) == 0)
            return i;
        nearest_offer(&nearest, commands[i].name + strlen(OWN_NAME));
    }
    nearest_offer(&nearest, "help");
    nearest_offer(&nearest, "version");
    fprintf(stderr, "longhaul: no command '%s'", cmd_safe(word).text);
    if (nearest.name)
        fprintf(stderr, ": did you mean '%s'?", nearest.name);
    fprintf(stderr, " (longhaul --help)\n");
    return N_COMMANDS;
}

/* "help run" is "run --help", and "help path calc" is "path calc --help". */
static int help(int argc, char **argv)
{
    static char flag[] = "--help";
    char *of[4] = { NULL };
    size_t i = argc > 0 ? find_command(argv[0]) : 0;
    if (argc == 0) {
        usage(stdout);
        return cmd_close_stdout(EXIT_DONE);
    }
    if (i == N_COMMANDS)
        return EXIT_MISUSED;
    int n = argc < 2 ? 1 : 2;
    for (int k = 0; k < n; k++)
        of[k] = argv[k];
    of[n] = flag;
    return run_command(i, n + 1, of);
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
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help(strcmp(word, "help") == 0 ? argc - 2 : 0, argv + 2);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0 || strcmp(word, "version") == 0) {
        print_version();
        return cmd_close_stdout(EXIT_DONE);
    }
    size_t i = find_command(word);
    return i == N_COMMANDS ? EXIT_MISUSED : run_command(i, argc - 1, argv + 1);
}
