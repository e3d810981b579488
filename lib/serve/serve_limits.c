/* serve_limits.c - checks a client's test against the server's limits. Ends nothing: the server does. */

#include "serve/serve_limits.h"

#include <float.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json_number.h"
#include "base/units.h"
#include "engine/engine.h"

#define WHY_BYTES 128
#define N_FAST_MAX 3      /* successive intervals above the greatest rate */
#define MEAN_S 3          /* from this time on the mean counts, too */
#define RATE_EXCESS 1.1   /* because a client's pacing is not exact */
#define SAMPLE_NS (900 * NS_PER_MS) /* because the server looks once a second */
#define LATE_S 10         /* the server may notice only this late that a test was cut off (engine_control.c) */

/* The length that a test will have, from the time, bytes or blocks that it asks for; 0 is endless. If only the actual
 * rate can tell, nothing is refused yet: serve_limits_lasted() ends the test. */
static double duration_of(const json_t *asked, double all_bps)
{
    double bytes = number_or_0(asked, "bytes") + number_or_0(asked, "blocks") * number_or_0(asked, "blksize");
    if (number_or_0(asked, "duration") > 0)
        return number_or_0(asked, "duration") + number_or_0(asked, "omit");
    return bytes <= 0 ? 0 : all_bps > 0 ? bytes * 8 / all_bps + number_or_0(asked, "omit") : DBL_MIN;
}

int serve_limits_asked(const struct longhaul_server_options *options, const json_t *start, char why[128])
{
    const json_t *asked = json_object_get(start, "test_start");
    double rate_bps = number_or_0(asked, "target_bitrate");
    if (!(rate_bps > 0))
        rate_bps = number_or_0(start, "target_bitrate");
    double streams = number_or_0(asked, "num_streams"), all_bps = rate_bps * (streams > 1 ? streams : 1);
    double duration_s = duration_of(asked, all_bps);
    if (options->max_rate_bps && (rate_bps == 0 || all_bps > (double)options->max_rate_bps)) {
        snprintf(why, WHY_BYTES, "refused: asks for %.0f bit/s (0 is unlimited), at most %.0f", all_bps,
                 (double)options->max_rate_bps);
        return ENGINE_IETOTALRATE;
    }
    if (options->max_duration_s && (duration_s == 0 || duration_s > options->max_duration_s)) {
        snprintf(why, WHY_BYTES, "refused: asks for %.0f s (0 is endless), at most %u", duration_s,
                 options->max_duration_s);
        return ENGINE_IEDURATION;
    }
    return 0;
}

/* A burst over one interval comes from the client's pacing, or from a stall; over three intervals, or over the whole
 * test, it is the client's rate. */
static bool is_too_fast(struct serve_limits *l, double max_bps, const struct longhaul_interval *interval)
{
    l->n_fast = interval->bits_per_second > RATE_EXCESS * max_bps ? l->n_fast + 1 : 0;
    return l->n_fast >= N_FAST_MAX || (l->seconds >= MEAN_S && l->bits > RATE_EXCESS * max_bps * l->seconds);
}

int serve_limits_came(struct serve_limits *limits, const struct longhaul_server_options *options,
                      const struct longhaul_interval *interval, char why[128])
{
    limits->seconds += interval->seconds;
    limits->bits += (double)interval->bytes * 8;
    if (options->max_rate_bps && is_too_fast(limits, (double)options->max_rate_bps, interval)) {
        snprintf(why, WHY_BYTES, "refused: sends faster than the greatest rate allowed");
        return ENGINE_IETOTALRATE;
    }
    return 0;
}

int serve_limits_sampled(struct serve_limits *l, const struct longhaul_server_options *options, uint64_t bytes,
                         int64_t boot_ns, char why[128])
{
    int64_t ns = boot_ns - l->sampled_ns;
    struct longhaul_interval sample = { .seconds = (double)ns / NS_PER_S,
                                        .bytes = (int64_t)(bytes - l->sampled_bytes) };
    if (l->sampled_ns != 0 && ns < SAMPLE_NS)
        return 0;
    bool is_first = l->sampled_ns == 0;
    l->sampled_ns = boot_ns;
    l->sampled_bytes = bytes;
    if (is_first)
        return 0;
    sample.bits_per_second = (double)sample.bytes * 8 / sample.seconds;
    return serve_limits_came(l, options, &sample, why);
}

int serve_limits_lasted(const struct longhaul_server_options *options, double seconds, char why[128])
{
    if (options->max_duration_s == 0 || seconds <= (double)options->max_duration_s + LATE_S)
        return 0;
    snprintf(why, WHY_BYTES, "refused: takes longer than the greatest duration allowed");
    return ENGINE_IEDURATION;
}
