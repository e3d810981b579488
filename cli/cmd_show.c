/* cmd_show.c - longhaul show: the figures of files, one line for each test in them. */

#include "cmd.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct show {
    bool as_json;
    struct longhaul_read_options read;
    bool is_open;    /* the line of JSON that was printed last wants its closing brace */
    size_t n_good;   /* tests with intervals */
    size_t n_faults; /* tests without, warnings, files that could not be read */
};

static void usage(FILE *out)
{
    fputs("usage: longhaul show [--json] [--omitted] [--no-cache] FILE...\n\n"
          "One line for each test in iperf3's JSON, its --json-stream lines, longhaul's results and journals, also when they\n"
          "are compressed (gzip, zstd, xz). FILE - is standard input.\n\n"
          "  --json      a line of JSON for each test; what is not known is null\n"
          "  --omitted   count the intervals of the omit period too\n"
          "  --no-cache  neither use nor leave columns of large files in .longhaul/ beside them\n"
          "  --help      this\n\n"
          "Exit status: 0 done, 1 nothing could be read, 2 misused, 4 something was missing, skipped or mended.\n", out);
}

static void print_test(const struct longhaul_info *info, const struct longhaul_summary *summary)
{
    printf("%s: ", info->path);
    if (summary->n_intervals == 0)
        printf("%s->%s: no intervals", info->source, info->destination);
    else
        cmd_print_leg(info, summary);
    if (summary->n_intervals > 0)
        printf(", %zu intervals%s", summary->n_intervals,
               info->is_journal ? ", in progress or cut short" : info->is_complete ? "" : ", cut short");
    printf("%s%s\n", info->error[0] ? ", error: " : "", info->error);
}

static void close_json(struct show *show)
{
    if (show->is_open)
        puts("}");
    show->is_open = false;
}

/* One line for each test: the other direction of a bidirectional one is the member "reverse" of the first. */
static int print_json(struct show *show, const struct longhaul_series *series, const struct longhaul_summary *summary,
                      struct longhaul_error *err)
{
    char *line;
    int rc = longhaul_summary_json(series, summary, &line, err);
    if (rc != 0)
        return rc;
    if (longhaul_series_info(series)->is_other_direction && show->is_open) {
        printf(",\"reverse\":%s", line);
    } else {
        close_json(show);
        printf("%.*s", (int)strlen(line) - 1, line);
        show->is_open = true;
    }
    free(line);
    return 0;
}

static int show_test(struct show *show, const struct longhaul_series *series, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    struct longhaul_summary summary;
    longhaul_summarise(series, &summary);
    if (summary.n_intervals > 0)
        show->n_good++;
    if (summary.n_intervals == 0 || info->error[0] || !(info->is_complete || info->is_journal))
        show->n_faults++;
    if (show->as_json)
        return print_json(show, series, &summary, err);
    print_test(info, &summary);
    return 0;
}

static void print_warnings(struct show *show, const char *path, const struct longhaul_reader *reader)
{
    for (size_t i = 0; i < longhaul_reader_n_warnings(reader); i++)
        fprintf(stderr, "longhaul: %s: %s\n", path, longhaul_reader_warning(reader, i));
    show->n_faults += longhaul_reader_n_warnings(reader);
}

static void show_file(struct show *show, const char *path)
{
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series;
    int rc = longhaul_reader_open(path, &show->read, &reader, &err);
    while (rc >= 0 && (rc = longhaul_reader_next(reader, &series, &err)) > 0) {
        rc = show_test(show, series, &err) < 0 ? -1 : 1;
        longhaul_series_free(series);
    }
    close_json(show);
    if (reader)
        print_warnings(show, path, reader);
    if (rc < 0) {
        cmd_fail(&err);
        show->n_faults++;
    }
    longhaul_reader_free(reader);
}

int cmd_show(int argc, char **argv)
{
    static const struct option options[] = {
        { "json", no_argument, NULL, 'j' }, { "omitted", no_argument, NULL, 'o' },
        { "no-cache", no_argument, NULL, 'k' }, { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };
    struct show show = { 0 };
    int c;
    opterr = 0;
    while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (c == 'j')
            show.as_json = true;
        else if (c == 'o')
            show.read.with_omitted = true;
        else if (c == 'k')
            show.read.no_cache = true;
        else if (c == 'h')
            return usage(stdout), cmd_close_stdout(EXIT_DONE);
        else
            return cmd_misused("show", "unknown option '%s'", argv[optind - 1]);
    }
    if (optind == argc)
        return cmd_misused("show", "which file?");
    for (int i = optind; i < argc; i++)
        show_file(&show, argv[i]);
    return cmd_close_stdout(show.n_good == 0 ? EXIT_FAILED : show.n_faults > 0 ? EXIT_INCOMPLETE : EXIT_DONE);
}
