/* cmd_archive.c - longhaul archive: an index of the figures of many days of results. */

#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>

#include "flags.h"
#include "limit_args.h"
#include "log.h"
#include "objective_args.h"
#include "stops.h"

struct archive_args {
    struct longhaul_archive_options archive;
    struct objective_args objectives;
    struct longhaul_archive_keeping keep;
};

/* "90d": whole days. */
static bool take_days(const char *flag, const char *text, double *days)
{
    char *end;
    long n = strtol(text, &end, 10);
    bool good = *text >= '0' && *text <= '9' && n >= 1 && n <= 36500 && (*end == 'd' || *end == 'D') && end[1] == 0;
    if (good)
        *days = (double)n;
    return good || (cmd_misused("archive", "%s '%s' is not 1d to 36500d", flag, text), false);
}

/* Returns 0, or the exit status to end with; -1 if there is more to do. */
static int parse(int argc, char **argv, struct archive_args *args)
{
    bool good = true;
    int c;
    opterr = 0;
    while (good && (c = cmd_option(argc, argv, &flags_archive)) != -1) {
        switch (c) {
        case 'i': args->archive.index_path = optarg; break;
        case 'r': args->archive.wants_rebuild = true; break;
        case OPTION_KEEP: good = take_days("--keep", optarg, &args->keep.compress_after_days); break;
        case OPTION_DROP_RAW_AFTER:
            good = take_days("--drop-raw-after", optarg, &args->keep.drop_raw_after_days);
            break;
        case 'm': args->archive.wants_omitted = true; break;
        case 'h': flags_print(&flags_archive, stdout); return cmd_close_stdout(EXIT_DONE);
        case LIMIT_BYTES:
        case LIMIT_ROWS:
        case LIMIT_TESTS:
        case LIMIT_IDLE: good = limit_args_take("archive", c, optarg, &args->archive.limits); break;
        case OBJECTIVE_ONE: good = objective_args_take("archive", c, optarg, &args->objectives); break;
        default: return cmd_bad_option("archive", c, argv, &flags_archive);
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

static void print_line(const char *line, void *payload)
{
    (void)payload;
    puts(cmd_safe(line).text);
}

/* After the index has read what is there. */
static int make_room(struct longhaul_archive *archive, struct longhaul_archive_keeping *keep,
                     struct longhaul_error *err)
{
    struct longhaul_archive_kept kept;
    if (keep->compress_after_days <= 0 && keep->drop_raw_after_days <= 0)
        return 0;
    keep->tell = print_line;
    int rc = longhaul_archive_keep(archive, keep, &kept, err);
    printf("%zu compressed (%.0f MB less), %zu removed\n", kept.n_compressed, kept.bytes_saved / 1e6, kept.n_dropped);
    return rc;
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
    if (rc == 0)
        rc = make_room(archive, &args.keep, &err);
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
