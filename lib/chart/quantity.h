/* quantity.h - what of a leg is drawn over time: a table, so that a chart's panels are a list of these. */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <longhaul.h>

#include "chart/axis.h"

/* The columns of a leg that values are made of. Borrowed. */
struct quantity_columns {
    const struct longhaul_series *series;
    const unsigned char *artefacts;
    const double *start_s, *end_s, *bits_per_second, *packets, *lost_packets, *jitter_ms;
    size_t n;
};

struct quantity_columns quantity_columns_of(const struct longhaul_series *series,
                                            const struct longhaul_analysis *analysis);

struct quantity {
    const char *label;       /* of its panel */
    const char *track_label; /* of a thin panel under another, of minutes */
    const char *color;       /* of the theme; NULL: the leg's own */
    bool is_level; /* between two values it may be thought of as a line; else each interval stands for itself */
    double (*value)(const struct quantity_columns *c,
                    size_t i); /* of an interval; NAN when not known, or an artefact */
    double (*sum_up)(const struct quantity_columns *c, size_t from, size_t to,
                     double *room); /* of intervals from to to - 1 */
    struct axis (*axis)(double least, double usual, double most);
};

extern const struct quantity quantity_rate;
extern const struct quantity quantity_loss;
extern const struct quantity quantity_jitter;
/* quantity_tcp.c */
extern const struct quantity quantity_retransmits;
extern const struct quantity quantity_tcp_rtt;
extern const struct quantity quantity_cwnd;
extern const struct quantity quantity_path_rtt; /* measured beside the test */

/* Is the value of any interval known? */
bool quantity_is_known(const struct quantity *quantity, const struct quantity_columns *c);

#endif
