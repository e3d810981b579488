/* cmd_show.c - longhaul show: the figures of files, their intervals, events and hours. Tables are in show_text.c and
 * show_csv.c. */

#include "cmd.h"
#include "flags.h"
#include "limit_args.h"
#include "objective_args.h"
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum mode { SHOW_TESTS, SHOW_INTERVALS, SHOW_EVENTS, SHOW_HOURS, SHOW_BENCHMARK, SHOW_BENCHMARK_BIGGER };

struct show_checked {
    struct longhaul_leg_objective judged;
    size_t test; /* its index */
};

struct show {
    enum mode mode;
    bool as_json, as_csv, wants_bare;
    struct longhaul_read_options read;
    struct longhaul_receivers *receivers; /* NULL with wants_bare */
    const char *empty_folder;             /* a folder without records */
    struct longhaul_analysis_options analysis;
    struct objective_args objectives;
    struct show_checked *checked; /* printed when all tests are known: one of two has its protocol */
    size_t n_checked;
    const char *config;
    struct longhaul_topology *topology; /* NULL without config */
    struct show_axis axis;
    struct longhaul_analysis **tests; /* kept until all are read: their events are compared */
    size_t n_tests;
    struct longhaul_incidents *incidents; /* of their events; NULL where no table has them */
    size_t n_files;  /* of the folder that is being read */
    size_t n_good;   /* tests with intervals */
    size_t n_faults; /* tests without intervals, warnings, files that could not be read */
};

static bool is_check(const struct show *show)
{
    return show->objectives.is_check || show->objectives.n > 0;
}

/* ---- reading */

static int no_memory(struct longhaul_error *err)
{
    err->code = LONGHAUL_ENOMEM;
    snprintf(err->text, sizeof err->text, "out of memory");
    return LONGHAUL_ENOMEM;
}

static int keep(struct show *show, struct longhaul_analysis *test, struct longhaul_error *err)
{
    struct longhaul_analysis **grown = realloc(show->tests, (show->n_tests + 1) * sizeof *grown);
    if (grown == NULL) {
        longhaul_analysis_free(test);
        return no_memory(err);
    }
    show->tests = grown;
    grown[show->n_tests++] = test;
    return 0;
}

static int check_test(struct show *show, const struct longhaul_analysis *test, const struct longhaul_series *series,
                      const struct longhaul_objective *list, size_t n, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    struct show_checked *grown = realloc(show->checked, (show->n_checked + n + 1) * sizeof *grown);
    if (grown == NULL)
        return no_memory(err);
    show->checked = grown;
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct show_checked *c = &grown[show->n_checked];
        c->judged = (struct longhaul_leg_objective){
            .source = info->source, .destination = info->destination, .protocol = info->protocol
        };
        c->test = show->n_tests - 1;
        rc = longhaul_objective_judge(&list[i], &test, &series, 1, &c->judged.result, err);
        show->n_checked += rc == 0;
    }
    return rc;
}

/* The objectives of the topology, then those of the command line. */
static int check_all(struct show *show, const struct longhaul_analysis *test, const struct longhaul_series *series,
                     struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    size_t n = 0;
    const struct longhaul_objective *own =
        show->topology ? longhaul_topology_objectives(show->topology, info->source, info->destination, &n) : NULL;
    int rc = check_test(show, test, series, own, n, err);
    return rc ? rc : check_test(show, test, series, show->objectives.list, show->objectives.n, err);
}

static int take_test(struct show *show, const struct longhaul_series *series, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    struct longhaul_analysis *test;
    size_t n = longhaul_series_length(series);
    if (n > 0 || info->end_seconds > 0)
        show->n_good++;
    if (n == 0 || info->error[0] || !(info->is_complete || info->is_journal))
        show->n_faults++;
    if (show->mode == SHOW_INTERVALS)
        return 0;
    int rc = longhaul_analyse(series, &show->analysis, &test, err);
    if (rc != 0)
        return rc;
    rc = longhaul_analysis_locate(test, show->topology, err);
    if (rc != 0) {
        longhaul_analysis_free(test);
        return rc;
    }
    if (is_check(show)) {
        rc = keep(show, test, err);
        return rc ? rc : check_all(show, test, series, err);
    }
    if (show->mode != SHOW_TESTS || show->as_json || show->as_csv)
        return keep(show, test, err);
    show_line(test);
    longhaul_analysis_free(test);
    return 0;
}

static void print_warnings(struct show *show, const char *path, const struct longhaul_reader *reader)
{
    for (size_t i = 0; i < longhaul_reader_n_warnings(reader); i++) {
        fputs("longhaul: ", stderr);
        cmd_print_path(stderr, path);
        fprintf(stderr, ": %s\n", longhaul_reader_warning(reader, i));
    }
    show->n_faults += longhaul_reader_n_warnings(reader);
}

static void print_receivers_warnings(struct show *show)
{
    size_t n = show->receivers ? longhaul_receivers_n_warnings(show->receivers) : 0;
    for (size_t i = 0; i < n; i++) {
        fputs("longhaul: ", stderr);
        cmd_print_path(stderr, longhaul_receivers_warning(show->receivers, i));
        fputc('\n', stderr);
    }
    show->n_faults += n;
}

/* True if the file's intervals can only be printed once they are joined: there is a folder "receiver" next to it. */
static bool may_be_joined(const struct show *show, const char *path)
{
    char folder[4096];
    struct stat st;
    const char *slash = strrchr(path, '/');
    int n = snprintf(folder, sizeof folder, "%.*sreceiver", slash ? (int)(slash - path) + 1 : 0, path);
    return show->receivers && strcmp(path, "-") != 0 && n > 0 && (size_t)n < sizeof folder &&
           stat(folder, &st) == 0 && S_ISDIR(st.st_mode);
}

static void print_intervals(struct show *show, const struct longhaul_series *series, size_t test)
{
    double values[LONGHAUL_N_COLUMNS];
    struct longhaul_row row = { .info = longhaul_series_info(series), .test = test, .values = values };
    for (row.index = 0; row.index < longhaul_series_length(series); row.index++) {
        for (int i = 0; i < LONGHAUL_N_COLUMNS; i++) {
            const double *column = longhaul_series_column(series, (enum longhaul_column)i);
            values[i] = column ? column[row.index] : NAN;
        }
        show_interval(&row, &show->axis);
    }
}

static void take_file(struct show *show, const char *path)
{
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series;
    struct longhaul_read_options options = show->read;
    bool prints_later = show->mode == SHOW_INTERVALS && may_be_joined(show, path);
    if (prints_later)
        options.on_row = NULL;
    int rc = longhaul_reader_open(path, &options, &reader, &err);
    for (size_t test = 0; rc >= 0 && (rc = longhaul_reader_next(reader, &series, &err)) > 0; test++) {
        if (show->receivers)
            rc = longhaul_receivers_join(show->receivers, series, &err);
        if (rc >= 0 && prints_later)
            print_intervals(show, series, test);
        rc = rc < 0 || take_test(show, series, &err) < 0 ? -1 : 1;
        longhaul_series_free(series);
    }
    if (reader)
        print_warnings(show, path, reader);
    if (rc < 0) {
        cmd_fail(&err);
        show->n_faults++;
    }
    longhaul_reader_free(reader);
}

static void take_path(const char *path, void *payload)
{
    struct show *show = payload;
    show->n_files++;
    take_file(show, path);
}

static void fail(struct show *show, struct longhaul_error *err)
{
    cmd_fail(err);
    show->n_faults++;
}

/* A file, or the records of a folder. */
static void take_operand(struct show *show, const char *path)
{
    struct longhaul_error err = { 0 };
    show->n_files = 0;
    int rc = longhaul_folder_each(path, take_path, show, &err);
    if (rc == 0)
        take_file(show, path);
    else if (rc > 0 && show->n_files == 0)
        show->empty_folder = path;
    if (rc < 0)
        fail(show, &err);
}

/* The receivers' records of the given folders that belong to no sender's record. */
static void take_rest(struct show *show)
{
    struct longhaul_error err = { 0 };
    struct longhaul_series *series;
    size_t n = 0;
    int rc = 0;
    while (rc == 0 && show->receivers && longhaul_receivers_rest(show->receivers, &series) > 0) {
        n++;
        if (show->mode == SHOW_INTERVALS)
            print_intervals(show, series, 0);
        rc = take_test(show, series, &err);
        longhaul_series_free(series);
    }
    if (rc != 0)
        fail(show, &err);
    if (n > 0 || show->empty_folder == NULL)
        return;
    fputs("longhaul: ", stderr);
    cmd_print_path(stderr, show->empty_folder);
    fputs(": contains no .json or .journal\n", stderr);
    show->n_faults++;
}

static void take_operands(struct show *show, char **paths, int n)
{
    struct longhaul_error err = { 0 };
    int rc = show->wants_bare ? 0 : longhaul_receivers_new(&show->read, &show->receivers, &err);
    for (int i = 0; i < n && rc == 0 && show->receivers; i++)
        rc = longhaul_receivers_read(show->receivers, paths[i], &err);
    if (rc != 0)
        fail(show, &err);
    for (int i = 0; i < n && rc == 0; i++)
        take_operand(show, paths[i]);
    if (rc == 0)
        take_rest(show);
    print_receivers_warnings(show);
    longhaul_receivers_free(show->receivers);
}

/* ---- printing */

static void print_head(const struct show *show)
{
    if (show->mode == SHOW_INTERVALS)
        show_interval_head();
    else if (show->as_csv && show->mode == SHOW_EVENTS)
        show_events_csv_head();
    else if (show->as_csv && show->mode == SHOW_HOURS)
        show_hours_csv_head();
    else if (show->as_csv)
        show_csv_head();
}

static bool is_other_direction(const struct show *show, size_t i)
{
    return i < show->n_tests && longhaul_analysis_info(show->tests[i])->is_other_direction;
}

/* One line per test: the other direction of a bidirectional test is the member "reverse" of the first. */
static int print_json(const struct show *show, size_t i, struct longhaul_error *err)
{
    char *line;
    int rc = longhaul_analysis_json(show->tests[i], &line, err);
    if (rc != 0)
        return rc;
    if (is_other_direction(show, i + 1))
        printf("%.*s,\"reverse\":", (int)strlen(line) - 1, line);
    else
        printf("%s%s\n", line, i > 0 && is_other_direction(show, i) ? "}" : "");
    longhaul_text_free(line);
    return 0;
}

static int print_test(const struct show *show, size_t i, struct longhaul_error *err)
{
    const struct longhaul_analysis *test = show->tests[i];
    if (show->as_json)
        return print_json(show, i, err);
    if (show->mode == SHOW_EVENTS)
        show->as_csv ? show_events_csv(test, show->incidents, i) : show_events(test);
    else if (show->mode == SHOW_HOURS)
        (show->as_csv ? show_hours_csv : show_hours)(test);
    else
        show_csv(test);
    return 0;
}

static bool is_benchmark(const struct show *show)
{
    return show->mode == SHOW_BENCHMARK || show->mode == SHOW_BENCHMARK_BIGGER;
}

static int print_checked(struct show *show, struct objective_tally *tally, struct longhaul_error *err)
{
    struct show_leg *legs = show_legs(show->tests, show->n_tests);
    for (size_t i = 0; legs && i < show->n_checked; i++) {
        struct show_checked *checked = &show->checked[i];
        checked->judged.is_one_of_two = legs[checked->test].is_one_of_two;
        objective_print(&checked->judged, tally);
    }
    free(show->checked);
    free(legs);
    return legs ? 0 : no_memory(err);
}

static void print_tests(struct show *show, struct objective_tally *tally)
{
    struct longhaul_error err = { 0 };
    int rc = is_check(show) ? print_checked(show, tally, &err)
                            : longhaul_analysis_relate(show->tests, show->n_tests, &err);
    if (rc == 0 && show->mode == SHOW_EVENTS && show->as_csv && !show->as_json)
        rc = longhaul_incidents_find((const struct longhaul_analysis *const *)show->tests, show->n_tests,
                                     &show->incidents, &err);
    for (size_t i = 0; rc == 0 && i < show->n_tests && !is_benchmark(show) && !is_check(show); i++)
        rc = print_test(show, i, &err);
    if (rc == 0 && is_benchmark(show) &&
        show_benchmark(show->tests, show->n_tests, show->mode == SHOW_BENCHMARK_BIGGER) != 0)
        rc = no_memory(&err);
    longhaul_incidents_free(show->incidents);
    for (size_t i = 0; i < show->n_tests; i++)
        longhaul_analysis_free(show->tests[i]);
    free(show->tests);
    if (rc == 0)
        return;
    cmd_fail(&err);
    show->n_faults++;
}

/* ---- options */

static int set_mode(struct show *show, enum mode mode)
{
    if (show->mode != SHOW_TESTS && show->mode != mode)
        return cmd_misused("show", "--intervals, --events, --hours and --format benchmark exclude each other");
    show->mode = mode;
    return -1;
}

static int set_format(struct show *show, const char *name)
{
    if (strcmp(name, "benchmark") == 0)
        return set_mode(show, SHOW_BENCHMARK);
    if (strcmp(name, "benchmark-bigger") == 0)
        return set_mode(show, SHOW_BENCHMARK_BIGGER);
    if (strcmp(name, "json") != 0 && strcmp(name, "csv") != 0)
        return cmd_misused("show", "--format '%s' is not json, csv, benchmark or benchmark-bigger", name);
    *(*name == 'j' ? &show->as_json : &show->as_csv) = true;
    return -1;
}

static int set_loss_limit(struct show *show, const char *text)
{
    char *end;
    double percent = strtod(text, &end);
    if (*text == 0 || *end || !(percent > 0 && percent <= 100))
        return cmd_misused("show", "--loss-limit '%s' is not a percentage above 0", text);
    show->analysis.loss_limit_percent = percent;
    return -1;
}

/* Returns the exit status to end with; -1 if there is more to do. */
static int parse(int argc, char **argv, struct show *show)
{
    int c, status = -1;
    opterr = 0;
    while (status < 0 && (c = cmd_option(argc, argv, &flags_show)) != -1) {
        switch (c) {
        case 'j': show->as_json = true; break;
        case 'c': show->as_csv = true; break;
        case OPTION_FORMAT: status = set_format(show, optarg); break;
        case 'i': status = set_mode(show, SHOW_INTERVALS); break;
        case 'e': status = set_mode(show, SHOW_EVENTS); break;
        case 'u': status = set_mode(show, SHOW_HOURS); break;
        case 'f': show->config = optarg; break;
        case 'l': status = set_loss_limit(show, optarg); break;
        case 'o': show->read.wants_omitted = true; break;
        case 'r': show->wants_bare = true; break;
        case 'k': break; /* a flag of 0.1, which had a cache */
        case 'h': flags_print(&flags_show, stdout); return cmd_close_stdout(EXIT_DONE);
        case LIMIT_BYTES: case LIMIT_ROWS: case LIMIT_TESTS: case LIMIT_IDLE:
            status = limit_args_take("show", c, optarg, &show->read.limits) ? -1 : EXIT_MISUSED;
            break;
        case OBJECTIVE_ONE: case OBJECTIVE_CHECK:
            status = objective_args_take("show", c, optarg, &show->objectives) ? -1 : EXIT_MISUSED;
            break;
        default: return cmd_bad_option("show", c, argv, &flags_show);
        }
    }
    if (status < 0 && is_benchmark(show) && (show->as_json || show->as_csv))
        return cmd_misused("show", "--format benchmark is a form of its own: it excludes --json and --csv");
    if (status < 0 && show->as_json && (show->as_csv || show->mode != SHOW_TESTS))
        return cmd_misused("show", "--json prints everything: it excludes --csv, --intervals, --events, --hours");
    if (status < 0 && is_check(show) && (show->as_json || show->as_csv || show->mode != SHOW_TESTS))
        return cmd_misused("show",
                           "--check prints objectives: it excludes --json, --csv, --intervals, --events, --hours");
    if (status < 0 && is_check(show) && show->objectives.n == 0 && show->config == NULL)
        return cmd_misused("show", "--check: there is no objective: give --objective, or --config with a topology that "
                                   "has some");
    if (status < 0 && optind == argc)
        return cmd_misused("show", "which file?");
    return status;
}

int cmd_show(int argc, char **argv)
{
    struct show show = { 0 };
    struct objective_tally tally = { { 0 } };
    struct longhaul_error err = { 0 };
    int status = parse(argc, argv, &show);
    if (status >= 0)
        return status;
    if (show.mode == SHOW_INTERVALS) {
        show.read.on_row = show_interval;
        show.read.payload = &show.axis;
    }
    if (show.config && longhaul_topology_load(show.config, &show.topology, &err) != 0)
        return cmd_fail(&err);
    print_head(&show);
    take_operands(&show, argv + optind, argc - optind);
    print_tests(&show, &tally);
    longhaul_topology_free(show.topology);
    int checked = objective_status(&tally);
    if (is_check(&show) && show.n_good > 0 && objective_n(&tally) == 0)
        return cmd_misused("show", "--check: no leg has an objective; --objective or --config gives them");
    return cmd_close_stdout(show.n_good == 0         ? EXIT_FAILED
                            : checked == EXIT_LIMIT  ? EXIT_LIMIT
                            : show.n_faults > 0      ? EXIT_INCOMPLETE
                                                     : checked);
}
