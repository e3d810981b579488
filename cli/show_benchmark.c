/* show_benchmark.c - figures of legs in the form that github-action-benchmark reads as customSmallerIsBetter or
 * customBiggerIsBetter: an array of objects with name, unit and value. What is unknown is omitted. */

#include "cmd.h"
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_same_leg(const struct longhaul_info *a, const struct longhaul_info *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->destination, b->destination) == 0 &&
           strcmp(a->protocol, b->protocol) == 0;
}

/* How many tests up to this one are of its leg. */
static size_t nth_of_leg(struct longhaul_analysis *const *tests, size_t test)
{
    size_t n = 1;
    for (size_t i = 0; i < test; i++)
        n += is_same_leg(longhaul_analysis_info(tests[i]), longhaul_analysis_info(tests[test]));
    return n;
}

struct entry {
    const char *quantity, *unit;
    double value;
};

static void put_entry(struct longhaul_analysis *const *tests, size_t test, const struct entry *entry, bool *has_entries)
{
    const struct longhaul_info *info = longhaul_analysis_info(tests[test]);
    size_t nth = nth_of_leg(tests, test);
    if (!isfinite(entry->value))
        return;
    printf("%s  {\"name\": \"", *has_entries ? ",\n" : "");
    cmd_print_json(stdout, info->source);
    fputs("->", stdout);
    cmd_print_json(stdout, info->destination);
    if (strcmp(info->protocol, "TCP") == 0)
        fputs(" TCP", stdout);
    printf(" %s", entry->quantity);
    if (nth > 1)
        printf(" #%zu", nth);
    printf("\", \"unit\": \"%s\", \"value\": %.10g}", entry->unit, entry->value);
    *has_entries = true;
}

void show_benchmark(struct longhaul_analysis *const *tests, size_t n, bool is_bigger)
{
    bool has_entries = false;
    puts("[");
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_figures *figures = longhaul_analysis_figures(tests[i]);
        const struct longhaul_tcp *tcp = longhaul_analysis_tcp(tests[i]);
        const struct longhaul_delays *delays = longhaul_analysis_delays(tests[i]);
        const struct entry bigger[] = { { "rate", "Mbps", longhaul_analysis_rate(tests[i])->mbps },
                                        { "coverage", "%", 100 * figures->coverage },
                                        { NULL, NULL, NAN } };
        const struct entry smaller[] = { { "loss", "%", longhaul_analysis_loss(tests[i])->percent },
                                         { "jitter", "ms", longhaul_analysis_summary(tests[i])->jitter_ms },
                                         { "delay p99", "ms", delays->n_intervals > 0 ? delays->p99_ms : NAN },
                                         { "outages", "s", figures->downtime_s },
                                         { "retransmits", "%", tcp ? tcp->retransmit_percent : NAN },
                                         { NULL, NULL, NAN } };
        for (const struct entry *entry = is_bigger ? bigger : smaller; entry->quantity; entry++)
            put_entry(tests, i, entry, &has_entries);
    }
    puts(has_entries ? "\n]" : "]");
}
