/* run_outcome.c - how the legs of a run ended: two lines for each on stdout, and the exit status. */

#include "run_outcome.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd.h"
#include "log.h"

/* The test that a result has; both may be NULL. */
static struct longhaul_analysis *analysis_of(const char *path, struct longhaul_series **series)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_analysis *test = NULL;
    if (longhaul_reader_open(path, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, series, NULL) > 0)
        longhaul_analyse(*series, NULL, &test, NULL);
    longhaul_reader_free(reader);
    return test;
}

static void print_loss(const struct longhaul_leg *leg, const struct longhaul_outcome *o)
{
    if (o->has_loss)
        printf("loss %.6f%% (%" PRId64 "/%" PRId64 ")",
               o->packets > 0 ? 100.0 * (double)o->lost_packets / (double)o->packets : 0.0, o->lost_packets,
               o->packets);
    else if (o->has_retransmits)
        printf("%" PRId64 " retransmit%s", o->retransmits, o->retransmits == 1 ? "" : "s");
    else
        printf(leg->protocol == LONGHAUL_PROTOCOL_TCP ? "retransmits unknown" : "loss unknown");
}

/* Rate and delay are those of the result, as all other commands say them. */
static void print_figures(const struct longhaul_leg *leg, const struct longhaul_outcome *o)
{
    struct longhaul_series *series = NULL;
    struct longhaul_analysis *test = analysis_of(o->result_path, &series);
    if (test)
        cmd_print_rate(test);
    else
        fputs("rate unknown", stdout);
    fputs(", ", stdout);
    print_loss(leg, o);
    if (test)
        cmd_print_delay(test);
    longhaul_analysis_free(test);
    longhaul_series_free(series);
}

static void print_outcome(const struct longhaul_leg *leg, const struct longhaul_outcome *o)
{
    printf("%s->%s: %.1f s of %.0f s in %" PRIu64 " interval%s, ", leg->source, leg->destination, o->observed_s,
           o->planned_s, o->n_intervals, o->n_intervals == 1 ? "" : "s");
    print_figures(leg, o);
    if (o->has_loss && o->unseen_packets > 0)
        printf(", %" PRId64 " more sent after the last one that arrived", o->unseen_packets);
    if (o->out_of_order_packets > 0)
        printf(", %.0f packet%s out of order", o->out_of_order_packets, o->out_of_order_packets == 1 ? "" : "s");
    if (o->duplicate_packets > 0)
        printf(", %.0f duplicate packet%s", o->duplicate_packets, o->duplicate_packets == 1 ? "" : "s");
    if (o->n_unreadable > 0)
        printf(", %" PRIu64 " interval%s not fully read", o->n_unreadable, o->n_unreadable == 1 ? "" : "s");
    if (o->n_gaps)
        printf(", %" PRIu32 " gap%s", o->n_gaps, o->n_gaps == 1 ? "" : "s");
    printf("\n%s\n", cmd_safe(o->result_path).text);
}

static int status_of(const struct longhaul_outcome *o)
{
    switch (o->ending) {
    case LONGHAUL_ENDING_COMPLETE: return EXIT_DONE;
    case LONGHAUL_ENDING_GAPS: return EXIT_INCOMPLETE;
    case LONGHAUL_ENDING_NONE: /* nothing to resume */
    case LONGHAUL_ENDING_STOPPED: return EXIT_DONE;
    default: return EXIT_FAILED;
    }
}

int run_outcome_say(const struct longhaul_run *run, const struct longhaul_leg *legs, size_t n_legs,
                    const bool *is_dropped)
{
    int worst = EXIT_DONE;
    for (size_t i = 0; i < n_legs; i++) {
        const struct longhaul_outcome *o = longhaul_run_outcome(run, i);
        int status = is_dropped && is_dropped[i] ? EXIT_DONE : status_of(o);
        if (o->result_path)
            print_outcome(&legs[i], o);
        if (o->error.code && n_legs == 1) /* with several legs it was reported when it happened */
            log_line("longhaul: %s", o->error.text);
        if (status == EXIT_FAILED || worst == EXIT_DONE)
            worst = status;
    }
    return worst;
}
