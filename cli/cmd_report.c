/* cmd_report.c - longhaul report: statistics and charts of folders of results. */

#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_args.h"
#include "flags.h"
#include "limit_args.h"
#include "objective_args.h"
#include "report_trend.h"
#include "report_watch.h"
#include "stops.h"

struct report_args {
    struct longhaul_report_options report;
    struct report_output output;
    double watch_s; /* 0: once */
    struct objective_args objectives;
    const char *config;
    struct trend_args trend;
};

static bool set_form(struct report_args *args, enum report_form form)
{
    if (args->output.form != REPORT_LINES && args->output.form != form)
        return cmd_misused("report", "--brief, --json and --csv exclude each other"), false;
    args->output.form = form;
    return true;
}

static bool set_csv(struct report_args *args, const char *table)
{
    if (table && strcmp(table, "incidents") != 0 && strcmp(table, "legs") != 0)
        return cmd_misused("report", "--csv '%s' is not legs or incidents", table), false;
    return set_form(args, table && table[0] == 'i' ? REPORT_CSV_INCIDENTS : REPORT_CSV);
}

static bool set_watch(struct report_args *args, const char *seconds)
{
    char *end = NULL;
    args->watch_s = seconds ? strtod(seconds, &end) : REPORT_WATCH_DEFAULT_S;
    if (seconds && (end == seconds || *end || !(args->watch_s >= 1 && args->watch_s <= 86400)))
        return cmd_misused("report", "--watch '%s' is not 1 to 86400 seconds", seconds), false;
    args->report.reload_s = args->watch_s;
    return true;
}

static bool can_watch(const struct report_args *args)
{
    if (args->watch_s > 0 && args->output.form == REPORT_BRIEF)
        return cmd_misused("report", "--brief writes nothing: it excludes --watch"), false;
    if (args->watch_s > 0 && args->output.form != REPORT_LINES && args->output.form != REPORT_JSON)
        return cmd_misused("report", "--csv prints one table: it excludes --watch"), false;
    return true;
}

/* Returns 0, or the exit status to end with; -1 if there is more to do. */
static int parse(int argc, char **argv, struct report_args *args)
{
    struct longhaul_report_options *report = &args->report;
    bool good = true;
    int c;
    opterr = 0;
    while (good && (c = cmd_option(argc, argv, &flags_report)) != -1) {
        switch (c) {
        case 'o': report->out_dir = optarg; break;
        case 'u': report->hub = optarg; break;
        case 'g': args->config = optarg; break;
        case 'F': report->is_forced = true; break;
        case 'n': report->wants_no_render = true; break;
        case 'r': report->wants_redraw = true; break;
        case 'k': good = chart_args_kinds("report", "--charts", optarg, &report->charts); break;
        case 'f': good = chart_args_pictures("report", "--format", optarg, &report->pictures); break;
        case 't': good = chart_args_theme("report", "--theme", optarg, &report->theme); break;
        case 's': good = chart_args_size("report", "--size", optarg, &report->width, &report->height); break;
        case 'd': good = chart_args_dpi("report", "--dpi", optarg, &report->dpi); break;
        case 'l': report->wants_no_html = true; break;
        case 'y': report->dygraphs_dir = optarg; break;
        case 'j': good = set_form(args, REPORT_JSON); break;
        case 'c': good = set_csv(args, optarg); break;
        case 'b': good = set_form(args, REPORT_BRIEF); break;
        case 'w': good = set_watch(args, optarg); break;
        case 'm': report->wants_omitted = true; break;
        case 'v': args->output.is_verbose = true; break;
        case OPTION_SINCE: good = trend_args_time("--since", optarg, &args->trend.since_unix_s); break;
        case OPTION_UNTIL: good = trend_args_time("--until", optarg, &args->trend.until_unix_s); break;
        case OPTION_INDEX: args->trend.index_path = optarg; break;
        case OPTION_NO_INDEX: args->trend.wants_no_index = true; break;
        case 'e': break; /* a flag of 0.1, which had a cache */
        case 'h': flags_print(&flags_report, stdout); return cmd_close_stdout(EXIT_DONE);
        case LIMIT_BYTES: case LIMIT_ROWS: case LIMIT_TESTS: case LIMIT_IDLE:
            good = limit_args_take("report", c, optarg, &report->limits);
            break;
        case OBJECTIVE_ONE: case OBJECTIVE_CHECK:
            good = objective_args_take("report", c, optarg, &args->objectives);
            break;
        default: return cmd_bad_option("report", c, argv, &flags_report);
        }
    }
    if (good && args->objectives.is_check && (args->watch_s > 0 || args->output.form != REPORT_LINES))
        return cmd_misused("report", "--check prints objectives alone: it excludes --watch, --brief, --json and --csv");
    return good && can_watch(args) ? -1 : EXIT_MISUSED;
}

/* Of many days, from the index. */
static bool is_trend(const struct report_args *args, const char *const *paths, size_t n_paths)
{
    bool is_possible = args->watch_s <= 0 && !args->objectives.is_check &&
                       args->output.form != REPORT_CSV_INCIDENTS;
    return is_possible && report_is_trend(&args->trend, paths, n_paths);
}

/* --since says that the days are to be read from the index. */
static bool can_be_trend(const struct report_args *args, size_t n_paths)
{
    bool is_asked = args->trend.since_unix_s > 0 || args->trend.until_unix_s > 0;
    if (is_asked && args->trend.wants_no_index)
        return cmd_misused("report", "--since and --until need the index: they exclude --no-index"), false;
    if (is_asked && (args->watch_s > 0 || args->objectives.is_check || args->output.form == REPORT_CSV_INCIDENTS))
        return cmd_misused("report", "--since and --until exclude --watch, --check and --csv=incidents"), false;
    if (is_asked && n_paths > 1)
        return cmd_misused("report", "--since and --until: one folder at a time"), false;
    return true;
}

/* Prints the objectives alone. */
static int check_once(const char *const *paths, size_t n_paths, const struct report_args *args)
{
    struct longhaul_error err = { 0 };
    struct longhaul_report *report;
    struct objective_tally tally = { { 0 } };
    size_t n;
    if (longhaul_report_read(paths, n_paths, &args->report, &report, &err) != 0)
        return cmd_refused("report", &err);
    const struct longhaul_leg_objective *list = longhaul_report_objectives(report, &n);
    for (size_t i = 0; i < n; i++)
        objective_print(&list[i], &tally);
    char *said = NULL;
    report_print_notes(report, &args->output, &said);
    free(said);
    int status = objective_status(&tally);
    if (status == EXIT_DONE && longhaul_report_n_notes(report) > 0)
        status = EXIT_INCOMPLETE;
    longhaul_report_free(report);
    return n > 0 ? cmd_close_stdout(status)
                 : cmd_misused("report", "--check: no leg has an objective; --objective or --config gives them");
}

static int report_once(const char *const *paths, size_t n_paths, const struct report_args *args)
{
    struct longhaul_error err = { 0 };
    struct longhaul_report *report;
    char *said = NULL;
    sigset_t set;
    stops_catch(false, &set);
    int rc = args->output.form == REPORT_BRIEF ? longhaul_report_read(paths, n_paths, &args->report, &report, &err)
                                               : longhaul_report_write(paths, n_paths, &args->report, &report, &err);
    stops_release();
    if (rc == LONGHAUL_ESTOPPED)
        return 128 + stops_signal();
    if (rc != 0)
        return cmd_refused("report", &err);
    int status = report_print(report, &args->output);
    report_print_notes(report, &args->output, &said);
    report_print_address(report, &args->output);
    if (status == 0)
        status = longhaul_report_n_notes(report) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    free(said);
    longhaul_report_free(report);
    return cmd_close_stdout(status);
}

int cmd_report(int argc, char **argv)
{
    struct report_args args = { .report = { .is_stopped = stops_asked } };
    int status = parse(argc, argv, &args);
    const char *const *paths = (const char *const *)(argv + optind);
    size_t n_paths = (size_t)(argc - optind);
    struct longhaul_topology *topology = NULL;
    struct longhaul_error err = { 0 };
    if (status >= 0)
        return status;
    if (!can_be_trend(&args, n_paths))
        return EXIT_MISUSED;
    if (args.config && longhaul_topology_load(args.config, &topology, &err) != 0)
        return cmd_fail(&err);
    args.report.topology = topology;
    args.report.objectives = args.objectives.list;
    args.report.n_objectives = args.objectives.n;
    status = is_trend(&args, paths, n_paths)
                 ? report_trend(&args.trend, n_paths ? paths[0] : LONGHAUL_DIR, &args.report, &args.output)
                 : -1;
    if (status < 0)
        status = args.objectives.is_check ? check_once(paths, n_paths, &args)
                 : args.watch_s > 0 ? report_watch(paths, n_paths, &args.report, args.watch_s, &args.output)
                                    : report_once(paths, n_paths, &args);
    longhaul_topology_free(topology);
    return status;
}
