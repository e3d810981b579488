/* path_result.c - what a result says about its path, so that `longhaul path` can show it next to its measurements. */

#include <stdio.h>

#include <longhaul.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/units.h"

static int take_result(const struct longhaul_series *series, const char *path, struct longhaul_earlier_test *r,
                       struct longhaul_error *err)
{
    struct longhaul_analysis *analysis;
    int rc = longhaul_analyse(series, NULL, &analysis, err);
    if (rc != 0)
        return rc;
    const struct longhaul_info *info = longhaul_analysis_info(analysis);
    const struct longhaul_summary *s = longhaul_analysis_summary(analysis);
    *r = (struct longhaul_earlier_test){ .is_there = true,
                                        .mean_mbps = longhaul_analysis_rate(analysis)->mbps,
                                        .target_mbps = analysis_target_bps(info) / BPS_PER_MBPS,
                                        .loss_percent = longhaul_analysis_loss(analysis)->percent,
                                        .jitter_ms = s->jitter_ms, .datagram_bytes = info->datagram_bytes,
                                        .seconds = s->duration_s };
    snprintf(r->path, sizeof r->path, "%s", path);
    snprintf(r->protocol, sizeof r->protocol, "%s", info->protocol);
    longhaul_analysis_free(analysis);
    return 0;
}

int longhaul_earlier_test_read(const char *path, struct longhaul_earlier_test *out, struct longhaul_error *err)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL, *next;
    int rc = longhaul_reader_open(path, NULL, &reader, err), more;
    if (rc != 0)
        return rc;
    while ((more = longhaul_reader_next(reader, &next, err)) > 0) {
        longhaul_series_free(series);
        series = next;
    }
    rc = more < 0 ? more
         : series ? take_result(series, path, out, err)
                  : error_set(err, LONGHAUL_EFORMAT, "%s: contains no test", path);
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    return rc;
}
