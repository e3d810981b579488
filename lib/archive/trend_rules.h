/* trend_rules.h - the daily figures whose levels are watched. */
#ifndef TREND_RULES_H
#define TREND_RULES_H

enum trend_quantity { TREND_LOSS, TREND_TRIP, TREND_DELAY, TREND_JITTER, TREND_RATE, TREND_N_QUANTITIES };

/* least, least_share: as in struct shift_rules. percentile: the one that is watched; 0: the figure has none. */
struct trend_rule {
    const char *key, *name, *unit;
    double least, least_share;
    int percentile;
};

static const struct trend_rule trend_rules[TREND_N_QUANTITIES] = {
    [TREND_LOSS] = { "loss_percent", "loss", "%", 0.004, 0, 0 },
    [TREND_TRIP] = { "rtt_min_ms", "least round trip", "ms", 0.3, 0, 0 },
    [TREND_DELAY] = { "delay_p99_ms", "99th percentile of the delays", "ms", 0.3, 0.2, 99 },
    [TREND_JITTER] = { "jitter_p50_ms", "median jitter", "ms", 0.01, 0.2, 50 },
    [TREND_RATE] = { "rate_mbps", "rate", "Mbps", 0.02, 0.005, 0 },
};

#endif
