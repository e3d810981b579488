/* serve_shown.h - the state of a port for those who watch: its test, or the last one, in figures. */
#ifndef SERVE_SHOWN_H
#define SERVE_SHOWN_H

#include <jansson.h>
#include <longhaul.h>

#include "record/live.h"
#include "serve/serve_legs.h"

struct serve_shown {
    struct longhaul_served_port port;
    struct live live;        /* of the test alone */
    int64_t start_boot_ns;
    bool is_leg;             /* struct serve_legs has its figures */
    double target_bps, interval_s;
};

/* Before the first test. */
void serve_shown_init(struct serve_shown *shown, uint16_t number);
/* A test begins: start is the data of libiperf's event "start"; label may be bad. If the leg is recorded under its
 * name, result_path is that of its result, and its figures are in serve_legs; else NULL. */
void serve_shown_begin(struct serve_shown *shown, const char *client, const struct serve_label *label,
                       const json_t *start, const char *result_path, int64_t boot_ns);
/* An interval of it arrived at monotonic_ns. */
void serve_shown_interval(struct serve_shown *shown, const struct longhaul_interval *interval, int64_t monotonic_ns);
/* A histogram of its delays (base/histogram.h), as text. */
void serve_shown_delays(struct serve_shown *shown, const char *histogram);
/* It is over; how is "" if all went well. */
void serve_shown_end(struct serve_shown *shown, const char *how, const struct serve_legs *legs, int64_t boot_ns);
/* The sums of the test alone, whether it is a leg's or not. */
void serve_shown_test(const struct serve_shown *shown, struct longhaul_status *out);
/* Renews the figures, which change with time. serve_legs_refresh() comes first. */
void serve_shown_renew(struct serve_shown *shown, const struct serve_legs *legs, int64_t boot_ns);

#endif
