/* flags.h - the flags of each command: one table, out of which getopt's lists, --help and shell completion are made. */
#ifndef FLAGS_H
#define FLAGS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What cmd_option() returns for a flag without a letter. LEG_ARGS: the flags that say what a leg is. */
enum {
    LEG_ARGS_TCP = 256, LEG_ARGS_FLOWS, LEG_ARGS_NO_HOPS, LEG_ARGS_DSCP, LEG_ARGS_GSRO, LEG_ARGS_DEVICE,
    LIMIT_BYTES, LIMIT_ROWS, LIMIT_TESTS, LIMIT_IDLE,
    OBJECTIVE_ONE, OBJECTIVE_CHECK,
    OPTION_ALLOW, OPTION_ANSIBLE, OPTION_AT, OPTION_AUTH, OPTION_BOTH, OPTION_C, OPTION_CHECK, OPTION_CONFIG,
    OPTION_DIR, OPTION_DISTANCE, OPTION_DROP_RAW_AFTER, OPTION_FILE, OPTION_FLOWS, OPTION_FORGET, OPTION_FORMAT,
    OPTION_FROM, OPTION_IDLE, OPTION_INDEX, OPTION_JSON, OPTION_KEEP, OPTION_KEEP_FREE, OPTION_KEY, OPTION_LEG,
    OPTION_LEGS, OPTION_LIMIT_HOSTS, OPTION_LOSS, OPTION_MAX_DURATION, OPTION_MAX_RATE, OPTION_METRICS, OPTION_MSS,
    OPTION_MTU, OPTION_NEW, OPTION_NO_FLOWS, OPTION_NO_HOPS, OPTION_NO_INDEX, OPTION_NO_MTR, OPTION_NO_PREFLIGHT,
    OPTION_ON_EVENT, OPTION_PACKAGE, OPTION_PACKET, OPTION_PORTS, OPTION_PRICE, OPTION_PUBLIC_KEY, OPTION_RESUME,
    OPTION_RESUME_ONLY, OPTION_ROOT, OPTION_RTT, OPTION_RULES, OPTION_SCALE, OPTION_SINCE, OPTION_SITE,
    OPTION_SITES, OPTION_SNAT, OPTION_TARGETS, OPTION_TIME_WAIT, OPTION_TO, OPTION_TREE, OPTION_UDP_FROM,
    OPTION_UNINSTALL, OPTION_UNTIL, OPTION_USERNAME, OPTION_USERS, OPTION_WAIT, OPTION_WINDOW,
};

/* What a shell offers for an argument, instead of words: sites and legs are those of the topology of --config. */
#define FLAG_FILES "@files"
#define FLAG_FOLDERS "@folders"
#define FLAG_SITES "@sites"
#define FLAG_LEGS "@legs"
#define FLAG_PEERS "@peers" /* sites, and hosts that the shell knows */
#define FLAG_INTERFACES "@interfaces"

#define FLAGS_WHY_SIZE 256 /* of the reason why a flag is refused */

/* Instead of a text of --help: the flag is named next to the one before it. */
#define FLAG_ALSO "+"

/* One flag. With neither letter nor name, help is a heading of --help; with no help either, it ends a list. */
struct flag {
    char letter;          /* of -p; 0 for none */
    int value;            /* what cmd_option() returns; 0 for the letter */
    const char *name;     /* of --port; NULL for none */
    const char *argument; /* as in --help, "N"; "[=SECONDS]" for one that can be omitted; NULL for none */
    const char *words;    /* what the argument can be: words and spaces, or FLAG_FILES...; NULL: anything */
    const char *help;     /* NULL for a flag that is accepted, but not shown */
};

static inline bool flag_is_heading(const struct flag *flag)
{
    return !flag->letter && !flag->name;
}
static inline bool flag_is_end(const struct flag *flag)
{
    return flag_is_heading(flag) && !flag->help;
}

/* A flag of iperf3 that a command does not take, and the reason in one line. */
struct flag_refused {
    char letter;
    const char *name, *why;
};

struct flags {
    const char *command; /* as in "longhaul path calc", without longhaul */
    const char *what;    /* in a line */
    const char *head;    /* of --help, before the flags */
    const struct flag *list;
    const char *foot;
    int column;                          /* where the texts of --help begin */
    const char *operands;                /* what they can be, as flag.words */
    const struct flag_refused *refused;  /* NULL for none; ends with a why of NULL */
};

extern const struct flags flags_run, flags_serve, flags_plan, flags_preflight, flags_report, flags_compare,
    flags_archive, flags_show, flags_export, flags_fleet, flags_recover, flags_path, flags_path_calc;
/* All of them, in the order of longhaul --help; ends with NULL. */
extern const struct flags *const flags_all[];
extern const struct flag_refused flags_refused_run[], flags_refused_serve[];

/* Their lists for getopt_long(); the letters begin with a colon where getopt_long() is to print nothing. */
enum { FLAGS_MAX = 96 };
struct flags_getopt {
    char letters[2 * FLAGS_MAX + 2];
    struct option options[FLAGS_MAX + 1];
};
void flags_getopt(const struct flags *flags, struct flags_getopt *out);
/* Prints --help. */
void flags_print(const struct flags *flags, FILE *out);
/* Why a letter, or a word such as "--bytes=5", is refused; false if it is not. */
bool flags_refusal(const struct flags *flags, int letter, const char *word, char why[FLAGS_WHY_SIZE]);

/* Lines that several commands have. */
#define FLAGS_LIMITS                                                                                                   \
    { 0, LIMIT_BYTES, "max-bytes", "N", NULL,                                                                          \
      "read at most this many bytes of one file, after decompression (16G); of a larger file, a note says so" },       \
    { 0, LIMIT_ROWS, "max-rows", "N", NULL, "read at most this many intervals of one file (5000000)" },                \
    { 0, LIMIT_TESTS, "max-tests", "N", NULL, "read at most this many tests of one file (200000)" },                   \
    { 0, LIMIT_IDLE, "max-idle", "S", NULL,                                                                            \
      "read one file for at most this many seconds without another interval (6); waiting for a pipe does not count" }
/* iperf3's names for flags that are shown under another one; -u is the default. */
#define FLAGS_OF_IPERF3                                                                                                \
    { 0, 'b', "bandwidth", "RATE", NULL, NULL }, { 0, 'R', "reverse", NULL, NULL, NULL },                              \
    { 'u', 0, "udp", NULL, NULL, NULL },                                                                               \
    { 0, '4', "version4", NULL, NULL, NULL }, { 0, '6', "version6", NULL, NULL, NULL }

#endif
