/* show_benchmark.c - figures of legs in the form that github-action-benchmark reads as customSmallerIsBetter or
 * customBiggerIsBetter: an array of objects with name, unit and value. What is unknown is omitted. */

#include "cmd.h"
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *quantity, *unit;
    double value;
};

static void put_entry(const struct longhaul_info *info, size_t nth, const struct entry *entry, bool *has_entries)
{
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

int show_benchmark(struct longhaul_analysis *const *tests, size_t n, bool is_bigger)
{
    bool has_entries = false;
    struct show_leg *legs = show_legs(tests, n);
    if (legs == NULL)
        return -1;
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
            put_entry(longhaul_analysis_info(tests[i]), legs[i].nth, entry, &has_entries);
    }
    puts(has_entries ? "\n]" : "]");
    free(legs);
    return 0;
}
