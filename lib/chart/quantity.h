/* quantity.h - the quantities of a leg that are drawn over time: a table, of which a chart's panels are a list. */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <longhaul.h>

#include "chart/axis.h"

/* The columns of a leg from which values are computed. Borrowed. */
struct quantity_columns {
    const struct longhaul_series *series;
    const unsigned char *artefacts;
    const double *start_s, *end_s, *bits_per_second, *packets, *lost_packets, *jitter_ms;
    const double *seconds, *arrived; /* arrived: of a sender whose receiver is known, bytes; else NULL */
    size_t n;
};

struct quantity_columns quantity_columns_of(const struct longhaul_series *series,
                                            const struct longhaul_analysis *analysis);

struct quantity {
    const char *label;       /* the axis label of its panel */
    const char *track_label; /* the label of a thin panel below another, up to the name of its cells */
    const char *color;       /* a colour of the theme; NULL: the leg's own */
    bool is_level; /* values may be joined by a line; else each interval stands for itself */
    double (*value)(const struct quantity_columns *c,
                    size_t i); /* the value of an interval; NAN if unknown or an artefact */
    double (*sum_up)(const struct quantity_columns *c, size_t from, size_t to,
                     double *room); /* of the intervals from to to - 1 */
    struct axis (*axis)(double least, double usual, double broad, double most);
};

extern const struct quantity quantity_rate;
extern const struct quantity quantity_sent; /* what a sender sent, where the rate is what arrived */
extern const struct quantity quantity_loss;
extern const struct quantity quantity_jitter;
extern const struct quantity quantity_delay; /* the greatest of an interval; no sum_up */
/* quantity_tcp.c */
extern const struct quantity quantity_retransmits;
extern const struct quantity quantity_tcp_rtt;
extern const struct quantity quantity_cwnd;
extern const struct quantity quantity_path_rtt; /* measured during the test */

/* True if the value of any interval is known. */
bool quantity_is_known(const struct quantity *quantity, const struct quantity_columns *c);

#endif
