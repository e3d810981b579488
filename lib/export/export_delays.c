/* export_delays.c - the delays of a test's datagrams as a histogram of Prometheus: counts of those up to each bound,
 * which never fall. The bounds are those of the live figures. */

#include "export/export_series.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/delay.h"
#include "read/series.h"

/* The parts of one value, of the histogram so far. */
static void put_parts(double *parts, const struct histogram *sum)
{
    struct delay_buckets buckets;
    delay_buckets_of(sum, &buckets);
    for (size_t k = 0; k < LONGHAUL_DELAY_BOUNDS; k++)
        parts[k] = (double)buckets.n_within[k];
    parts[LONGHAUL_DELAY_BOUNDS] = parts[EXPORT_BUCKETS] = (double)sum->n;
    parts[EXPORT_BUCKETS + 1] = buckets.sum_s;
}

int export_delays(struct export_maker *maker)
{
    const struct export_test *test = maker->test;
    struct histogram sum = { 0 };
    double from_s, until_s;
    size_t n = series_n_delay_histograms(test->series);
    if (n == 0)
        return 0;
    double *parts = calloc((n + 1) * EXPORT_PARTS, sizeof *parts);
    int64_t *ms = calloc(n + 1, sizeof *ms);
    int rc = parts && ms ? 0 : error_set(maker->err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0)
        ms[0] = test->start_ms;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        series_delay_histogram(test->series, i, &from_s, &until_s, &sum);
        int64_t at = export_time_ms(test, until_s);
        ms[i + 1] = at > ms[i] ? at : ms[i] + 1;
        put_parts(parts + (i + 1) * EXPORT_PARTS, &sum);
    }
    if (rc == 0) {
        maker->series.n = n + 1;
        maker->series.ms = ms;
        maker->series.values = parts;
        rc = export_maker_hand_over(maker);
    }
    free(parts);
    free(ms);
    return rc;
}
