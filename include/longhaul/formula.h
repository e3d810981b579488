/* longhaul/formula.h - what physics and TCP allow; nothing is measured. Each result names its formula's source. */
#ifndef LONGHAUL_FORMULA_H
#define LONGHAUL_FORMULA_H
#include <longhaul/base.h>
LONGHAUL_BEGIN
#define LONGHAUL_SCALE_MAX 14 /* of the window scale option (RFC 7323, 2.3) */

/* What is given; NAN for what is not, as longhaul_formula_values_clear() sets everything. Loss is a share of 1. */
struct longhaul_formula_values {
    double window_bytes, scale; /* the header's field, and its scale, 0 to LONGHAUL_SCALE_MAX */
    double rtt_ms, rate_bps, mss_bytes, loss;
    double mathis_c; /* constant of Mathis et al., CCR 27(3), 1997; NAN: both, sqrt(3/2) and sqrt(3/4) */
    double distance_km, latitude_a, longitude_a, latitude_b, longitude_b; /* degrees, north and east positive */
    double mtu_bytes, packet_bytes, datagram_bytes; /* an IP packet; a UDP payload */
    double duration_s; /* NAN: a day */
    double n_ports, time_wait_s;
    int family; /* 4 or 6; 0 means 4 */
};
void longhaul_formula_values_clear(struct longhaul_formula_values *values);

/* One result. Lives as long as the figures. longhaul-path(1) lists the keys. */
struct longhaul_formula_figure {
    const char *key, *what; /* for JSON, with the unit: "window_limit_bps"; for texts: "window limit" */
    double value, shown;    /* shown: value in the unit of the text, ... */
    int decimals;           /* ... with this many decimals */
    const char *unit;       /* of the text: "Mbit/s" */
    const char *source;     /* the formula, and where it is from; "" for what was measured */
};

/* All results that the values allow, in a fixed order; an MSS follows from the MTU, a distance from two places.
 * LONGHAUL_EINVAL for a value out of range, and when nothing follows. */
struct longhaul_formula_figures;
int longhaul_formula_calculate(const struct longhaul_formula_values *values, struct longhaul_formula_figures **out,
                               struct longhaul_error *err);
size_t longhaul_formula_figures_length(const struct longhaul_formula_figures *figures);
const struct longhaul_formula_figure *longhaul_formula_figures_at(const struct longhaul_formula_figures *figures,
                                                                  size_t i); /* NULL for an index out of range */
/* "1,234.57": shown, rounded half away from zero in decimal (65.535 becomes 65.54), as printed tables do. */
void longhaul_formula_figure_text(const struct longhaul_formula_figure *figure, char *text, size_t size);
/* One line of JSON: an object of key: value. */
int longhaul_formula_figures_json(const struct longhaul_formula_figures *figures, char **out,
                                  struct longhaul_error *err);
void longhaul_formula_figures_free(struct longhaul_formula_figures *figures);
/* Great circle between two places, degrees, north and east positive (haversine: Sinnott, Sky & Telescope 68, 1984), on
 * a sphere: within 0.6 % of the ellipsoid. NAN beyond 90 degrees of latitude or 180 of longitude. */
double longhaul_formula_distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);
LONGHAUL_END
#endif
