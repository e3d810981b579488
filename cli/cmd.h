/* cmd.h - the commands of longhaul(1): the functions in main.c's table, and what they share. */
#ifndef CMD_H
#define CMD_H

#include <longhaul.h>
#include <stdio.h>

/* Exit statuses (doc/DESIGN.md, section 7). 128 + n is "stopped by signal n". */
enum exit_status {
    EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2, EXIT_LIMIT = 3, EXIT_INCOMPLETE = 4
};

/* Each gets its own argv (argv[0] is the command's name) and returns the exit status. */
int cmd_run(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_preflight(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_archive(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_recover(int argc, char **argv);
int cmd_path(int argc, char **argv);
int cmd_fleet(int argc, char **argv);

/* Writes "longhaul: text" as one line to stderr. Returns EXIT_FAILED, or EXIT_MISUSED for LONGHAUL_EINVAL. */
int cmd_fail(const struct longhaul_error *err);
/* The same for misuse of the command line, with a hint at --help. Returns EXIT_MISUSED. */
int cmd_misused(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For an error of what the command line asked for: the same if it is misuse (LONGHAUL_EINVAL), else cmd_fail(). */
int cmd_refused(const char *command, const struct longhaul_error *err);
/* Flushes stdout. Returns EXIT_FAILED, with a message, if the output could not be written (a full disk), else
 * status. */
int cmd_close_stdout(int status);
/* Prints "9.24 Mbps", with three significant digits; "unknown" for NAN. */
void cmd_print_figure(double value, const char *unit);
/* Prints a length of time, as in "1 min 50 s", after a text. */
void cmd_print_seconds(const char *before, double seconds);
/* Prints ", stopped on request after 5 s of 9 s"; nothing for a leg that was not stopped. */
void cmd_print_stop(const struct longhaul_info *info);
/* Prints "delivered 9.24 Mbps", "sent 10 Mbps" or "rate unknown". */
void cmd_print_rate(const struct longhaul_analysis *test);
/* Prints ", delay p99 0.35 ms", of all datagrams; nothing for a test without delays. */
void cmd_print_delay(const struct longhaul_analysis *test);
/* Prints "HK->WUS: delivered 10 Mbps, loss 0.000003 %, jitter 0.0051 ms", without a line feed. */
void cmd_print_leg(const struct longhaul_analysis *test);
/* Prints a path, or another text from outside: characters that a terminal would obey become "?". */
void cmd_print_path(FILE *out, const char *path);
/* The same as a value, for printf(); a text that is too long is cut. */
struct cmd_text {
    char text[4352];
};
struct cmd_text cmd_safe(const char *text);
/* Prints a text, without a change, as it stands between the quotation marks of JSON. */
void cmd_print_json(FILE *out, const char *text);
/* getopt_long() with messages that are safe to print; '?' for a flag that is refused, after a message. */
struct flags;
int cmd_option(int argc, char **argv, const struct flags *flags);
/* For what cmd_option() returns for an option without its value, or one that does not exist. Returns EXIT_MISUSED. */
int cmd_bad_option(const char *command, int flag, char **argv, const struct flags *flags);

#endif
