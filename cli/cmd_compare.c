/* cmd_compare.c - longhaul compare: is a day worse than another one? */

#include "cmd.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "csv.h"
#include "flags.h"
#include "limit_args.h"

enum form { COMPARE_LINES, COMPARE_JSON, COMPARE_CSV, COMPARE_MARKDOWN };

struct compare_args {
    struct longhaul_compare_options compare;
    struct longhaul_report_options report;
    enum form form;
    const char *baseline; /* NULL: the first path */
    const char *page;     /* NULL: none */
    bool is_verbose;
};

static bool set_form(struct compare_args *args, enum form form)
{
    if (args->form != COMPARE_LINES && args->form != form)
        return cmd_misused("compare", "--json, --csv and --markdown exclude each other"), false;
    args->form = form;
    return true;
}

static bool set_margin(struct compare_args *args, const char *text)
{
    const char *is = strchr(text, '=');
    for (int q = 0; is && q < LONGHAUL_N_COMPARED; q++) {
        const char *name = longhaul_compared_text((enum longhaul_compared)q);
        if (strlen(name) == (size_t)(is - text) && strncmp(name, text, strlen(name)) == 0)
            return args_real("compare", "--margin", is + 1, 1e-9, 1e9, &args->compare.margins[q]);
    }
    cmd_misused("compare",
                "--margin '%s' is not NAME=VALUE with rate, loss, jitter, delay, silences, retransmits or rtt", text);
    return false;
}

/* Returns 0, or the exit status to end with; -1 if there is more to do. */
static int parse(int argc, char **argv, struct compare_args *args)
{
    bool good = true;
    int c;
    opterr = 0;
    while (good && (c = cmd_option(argc, argv, &flags_compare)) != -1) {
        switch (c) {
        case 'b': args->baseline = optarg; break;
        case 'm': good = set_margin(args, optarg); break;
        case 'e': good = args_real("compare", "--error", optarg, 1e-9, 0.4, &args->compare.error); break;
        case 'j': good = set_form(args, COMPARE_JSON); break;
        case 'c': good = set_form(args, COMPARE_CSV); break;
        case 'k': good = set_form(args, COMPARE_MARKDOWN); break;
        case 'p': args->page = optarg; break;
        case 'v': args->is_verbose = true; break;
        case 'o': args->report.wants_omitted = true; break;
        case 'h': flags_print(&flags_compare, stdout); return cmd_close_stdout(EXIT_DONE);
        case LIMIT_BYTES:
        case LIMIT_ROWS:
        case LIMIT_TESTS:
        case LIMIT_IDLE: good = limit_args_take("compare", c, optarg, &args->report.limits); break;
        default: return cmd_bad_option("compare", c, argv, &flags_compare);
        }
    }
    return good ? -1 : EXIT_MISUSED;
}

/* ---- output */

static bool is_both(const struct longhaul_compared_leg *leg)
{
    return leg->n_before > 0 && leg->n_after > 0;
}

static void print_figure(const struct longhaul_compared_figure *f, enum longhaul_compared q)
{
    char before[64], after[64], effect[160];
    longhaul_compared_value_text(f, f->before, before, sizeof before);
    longhaul_compared_value_text(f, f->after, after, sizeof after);
    longhaul_compared_effect_text(f, effect, sizeof effect);
    printf("  %-11s  %10s -> %-10s %-7s  %-28s  %s%s%s\n", longhaul_compared_text(q), before, after,
           longhaul_compared_unit(q), effect, longhaul_difference_words(f->difference), *f->why ? ": " : "", f->why);
}

static bool is_shown(const struct longhaul_compared_figure *f, bool is_verbose)
{
    return f->is_known && (is_verbose || f->difference != LONGHAUL_DIFFERENCE_NONE);
}

static void print_leg(const struct longhaul_compared_leg *leg, bool is_verbose)
{
    size_t n = 0;
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        n += is_shown(&leg->figures[q], is_verbose);
    if (n == 0 && !*leg->note)
        return;
    printf("%s", cmd_safe(leg->source).text);
    printf("->%s %s", cmd_safe(leg->destination).text, cmd_safe(leg->protocol).text);
    cmd_print_seconds(", ", leg->seconds);
    printf("%s%s%s\n",
           leg->is_matched      ? " of the same times of day"
           : leg->is_other_time ? ", at other times of day"
                                : ", times of day not matched",
           *leg->note ? "; " : "", leg->note);
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        if (is_shown(&leg->figures[q], is_verbose))
            print_figure(&leg->figures[q], (enum longhaul_compared)q);
}

static void print_lines(const struct longhaul_comparison *comparison, bool is_verbose)
{
    size_t n;
    const struct longhaul_compared_leg *legs = longhaul_comparison_legs(comparison, &n);
    puts(cmd_safe(longhaul_comparison_verdict(comparison)).text);
    for (size_t i = 0; i < n; i++) {
        if (is_both(&legs[i])) {
            print_leg(&legs[i], is_verbose);
            continue;
        }
        printf("%s", cmd_safe(legs[i].source).text);
        printf("->%s %s: only %s\n", cmd_safe(legs[i].destination).text, cmd_safe(legs[i].protocol).text,
               legs[i].n_before > 0 ? "before" : "after");
    }
}

static void print_numbers(struct csv *line, const struct longhaul_compared_leg *leg,
                          const struct longhaul_compared_figure *f)
{
    const double values[] = { f->before,
                              f->after,
                              f->effect,
                              f->low,
                              isinf(f->high) ? NAN : f->high,
                              f->margin,
                              (double)f->n_cells,
                              leg->is_matched,
                              leg->is_other_time,
                              leg->seconds,
                              leg->cell_s,
                              (double)leg->n_before,
                              (double)leg->n_after,
                              leg->coverage_before,
                              leg->coverage_after };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        csv_number(line, values[i]);
}

static void print_csv(const struct longhaul_comparison *comparison)
{
    size_t n;
    const struct longhaul_compared_leg *legs = longhaul_comparison_legs(comparison, &n);
    puts("source,destination,protocol,quantity,unit,difference,why,before,after,effect,low,high,margin,cells,"
         "matched_by_time_of_day,other_times_of_day,seconds,cell_s,tests_before,tests_after,coverage_before,"
         "coverage_after,note");
    for (size_t i = 0; i < n; i++)
        for (int q = 0; q < LONGHAUL_N_COMPARED; q++) {
            const struct longhaul_compared_figure *f = &legs[i].figures[q];
            struct csv line = { 0 };
            if (!f->is_known)
                continue;
            csv_text(&line, legs[i].source);
            csv_text(&line, legs[i].destination);
            csv_text(&line, legs[i].protocol);
            csv_text(&line, longhaul_compared_text((enum longhaul_compared)q));
            csv_text(&line, longhaul_compared_unit((enum longhaul_compared)q));
            csv_text(&line, longhaul_difference_text(f->difference));
            csv_text(&line, f->why);
            print_numbers(&line, &legs[i], f);
            csv_text(&line, legs[i].note);
            csv_end(&line);
        }
}

static int print(const struct longhaul_comparison *comparison, const struct compare_args *args)
{
    struct longhaul_error err = { 0 };
    char *text = NULL;
    int rc = 0;
    if (args->form == COMPARE_LINES)
        print_lines(comparison, args->is_verbose);
    else if (args->form == COMPARE_CSV)
        print_csv(comparison);
    else
        rc = args->form == COMPARE_JSON ? longhaul_comparison_json(comparison, &text, &err)
                                        : longhaul_comparison_markdown(comparison, &text, &err);
    if (rc != 0)
        return cmd_fail(&err);
    if (text)
        printf("%s%s", text, args->form == COMPARE_JSON ? "\n" : "");
    longhaul_text_free(text);
    return 0;
}

/* ---- the whole */

static size_t print_notes(const struct longhaul_report *report)
{
    size_t n = longhaul_report_n_notes(report);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "longhaul: %s\n", cmd_safe(longhaul_report_note(report, i)).text);
    return n;
}

static int compare_reports(const struct longhaul_report *before, const struct longhaul_report *after,
                           const struct compare_args *args)
{
    struct longhaul_error err = { 0 };
    struct longhaul_comparison *comparison;
    if (longhaul_compare(before, after, &args->compare, &comparison, &err) != 0)
        return cmd_refused("compare", &err);
    int status = 0;
    if (args->page && longhaul_comparison_write_html(comparison, args->page, &err) != 0)
        status = cmd_fail(&err);
    if (status == 0)
        status = print(comparison, args);
    size_t n_notes = print_notes(before) + print_notes(after);
    if (status == 0)
        status = longhaul_comparison_n(comparison, LONGHAUL_DIFFERENCE_WORSE) > 0 ? EXIT_LIMIT
                 : n_notes > 0 || !longhaul_comparison_is_complete(comparison)    ? EXIT_INCOMPLETE
                                                                                  : EXIT_DONE;
    longhaul_comparison_free(comparison);
    return cmd_close_stdout(status);
}

int cmd_compare(int argc, char **argv)
{
    struct compare_args args = { .form = COMPARE_LINES };
    struct longhaul_error err = { 0 };
    struct longhaul_report *before = NULL, *after = NULL;
    int status = parse(argc, argv, &args);
    if (status >= 0)
        return status;
    const char *const *paths = (const char *const *)(argv + optind);
    size_t n = (size_t)(argc - optind), n_before = args.baseline ? 0 : 1;
    if (args.baseline ? n < 1 : n != 2)
        return cmd_misused("compare", "two folders or files are compared: BEFORE AFTER");
    int rc = longhaul_report_read(args.baseline ? &args.baseline : paths, 1, &args.report, &before, &err);
    if (rc == 0)
        rc = longhaul_report_read(paths + n_before, n - n_before, &args.report, &after, &err);
    status = rc != 0 ? cmd_refused("compare", &err) : compare_reports(before, after, &args);
    longhaul_report_free(before);
    longhaul_report_free(after);
    return status;
}
