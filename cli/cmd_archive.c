/* cmd_archive.c - longhaul archive: an index of the figures of many days of results. */

#include "cmd.h"

#include <getopt.h>
#include <stdio.h>

#include "limit_args.h"
#include "log.h"
#include "objective_args.h"
#include "stops.h"

struct archive_args {
    struct longhaul_archive_options archive;
    struct objective_args objectives;
};

/* clang-format off: one line of text per line */
static const char usage[] =
    "usage: longhaul archive [flags] [DIR]\n"
    "\n"
    "Keeps an index of the results in DIR (24H) and in folders below it, at most 4\n"
    "levels: the figures of each leg, hour and day of UTC, its events and gaps, from\n"
    "which `longhaul report --since` shows months. Reads what is new or has changed.\n"
    "The index can be made again from the results at any time. The figures of results\n"
    "that are no longer there stay in it, and say so. Values in parentheses are\n"
    "defaults.\n"
    "\n"
    "  --index FILE        where the index is (DIR/.longhaul/index.sqlite)\n"
    "  --rebuild           read all results again; a damaged index is set aside\n"
    "  --objective TEXT    count also the seconds, minutes or hours that keep it, for\n"
    "                      budgets by month; can be given more than once\n"
    "  --omitted           count also the intervals of the omit period\n"
    LIMIT_ARGS_USAGE
    "  --help              print this text\n"
    "\n"
    "Exit status: 0 done, 1 failed, 2 misused, 4 done, but something could not be\n"
    "read. 128+n: stopped by signal n; what was read until then is in the index.\n";
/* clang-format on */

enum { ARCHIVE_INDEX = 'i', ARCHIVE_REBUILD = 'r', ARCHIVE_OMITTED = 'm', ARCHIVE_HELP = 'h' };

/* Returns 0, or the exit status to end with; -1 if there is more to do. */
static int parse(int argc, char **argv, struct archive_args *args)
{
    static const struct option options[] = { { "index", required_argument, NULL, ARCHIVE_INDEX },
                                             { "rebuild", no_argument, NULL, ARCHIVE_REBUILD },
                                             { "omitted", no_argument, NULL, ARCHIVE_OMITTED },
                                             { "help", no_argument, NULL, ARCHIVE_HELP },
                                             { "objective", required_argument, NULL, OBJECTIVE_ONE },
                                             LIMIT_ARGS_OPTIONS,
                                             { NULL, 0, NULL, 0 } };
    bool good = true;
    int c;
    opterr = 0;
    while (good && (c = cmd_option(argc, argv, ":", options)) != -1) {
        switch (c) {
        case ARCHIVE_INDEX: args->archive.index_path = optarg; break;
        case ARCHIVE_REBUILD: args->archive.wants_rebuild = true; break;
        case ARCHIVE_OMITTED: args->archive.wants_omitted = true; break;
        case ARCHIVE_HELP: fputs(usage, stdout); return cmd_close_stdout(EXIT_DONE);
        case LIMIT_BYTES: case LIMIT_ROWS: case LIMIT_TESTS: case LIMIT_IDLE:
            good = limit_args_take("archive", c, optarg, &args->archive.limits);
            break;
        case OBJECTIVE_ONE: good = objective_args_take("archive", c, optarg, &args->objectives); break;
        default: return cmd_bad_option("archive", c, argv, options);
        }
    }
    if (good && argc - optind > 1)
        return cmd_misused("archive", "one folder at a time: '%s' is a second one", argv[optind + 1]);
    return good ? -1 : EXIT_MISUSED;
}

static void print_done(const struct longhaul_archive *archive, const struct longhaul_archive_done *done)
{
    printf("%zu test%s of %zu file%s read (%.0f MB), %zu unchanged", done->n_tests, done->n_tests == 1 ? "" : "s",
           done->n_read, done->n_read == 1 ? "" : "s", done->bytes_read / 1e6, done->n_unchanged);
    if (done->n_gone > 0)
        printf(", %zu no longer there, whose figures stay", done->n_gone);
    printf("\nindex: ");
    cmd_print_path(stdout, longhaul_archive_index(archive));
    putchar('\n');
}

static void print_notes(const struct longhaul_archive *archive)
{
    for (size_t i = 0; i < longhaul_archive_n_notes(archive); i++)
        log_line("longhaul: %s", cmd_safe(longhaul_archive_note(archive, i)).text);
}

int cmd_archive(int argc, char **argv)
{
    struct archive_args args = { .archive = { .is_stopped = stops_asked } };
    struct longhaul_error err = { 0 };
    struct longhaul_archive *archive;
    struct longhaul_archive_done done = { 0 };
    sigset_t set;
    int status = parse(argc, argv, &args);
    if (status >= 0)
        return status;
    args.archive.objectives = args.objectives.list;
    args.archive.n_objectives = args.objectives.n;
    if (longhaul_archive_open(optind < argc ? argv[optind] : LONGHAUL_DIR, &args.archive, &archive, &err) != 0)
        return cmd_refused("archive", &err);
    stops_catch(false, &set);
    int rc = longhaul_archive_update(archive, &done, &err);
    stops_release();
    print_notes(archive);
    status = longhaul_archive_n_notes(archive) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    if (rc == 0 || rc == LONGHAUL_ESTOPPED)
        print_done(archive, &done);
    longhaul_archive_free(archive);
    if (rc == LONGHAUL_ESTOPPED)
        return cmd_close_stdout(128 + stops_signal());
    return rc == 0 ? cmd_close_stdout(status) : cmd_fail(&err);
}
