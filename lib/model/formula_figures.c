/* formula_figures.c - which results follow from given values, the unit in which each is shown, and the source of its
 * formula. The arithmetic is formula.c's; nothing is measured here. */

#include "model/formula_figures.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json_make.h"
#include "base/units.h"
#include "model/formula.h"

#define FIGURES_FORMAT 1 /* of doc/path-calc.schema.json */
#define N_FIGURES_MAX 64
#define LARGE 1e5 /* shown in a larger unit from here on */
#define AZURE_FRAGMENT_MTU_BYTES 1400 /* the guide: Azure's virtual network fragments at this size, whatever the VM's
                                       * MTU is */

struct longhaul_formula_figures {
    size_t n;
    struct longhaul_formula_figure list[N_FIGURES_MAX];
};

static bool is_given(double value)
{
    return !isnan(value);
}

void formula_figures_scale(double *shown, int *decimals, const char **unit)
{
    static const char *const ladders[][3] = {
        { "Mbit/s", "Gbit/s", "Tbit/s" }, { "MB/s", "GB/s", "TB/s" }, { "MB", "GB", "TB" }, { "GB", "TB", "PB" }
    };
    for (size_t i = 0; i < sizeof ladders / sizeof ladders[0] && fabs(*shown) >= LARGE; i++) {
        if (strcmp(*unit, ladders[i][0]) != 0)
            continue;
        size_t step = fabs(*shown) >= 1e6 ? 2 : 1;
        *unit = ladders[i][step];
        *shown /= step == 2 ? 1e6 : 1e3;
        *decimals = fabs(*shown) < 99.95 ? 1 : 0;
        return;
    }
}

void formula_figures_add(struct longhaul_formula_figures *f, const char *key, const char *what, double value,
                         double divisor, int decimals, const char *unit, const char *source)
{
    double shown = value / divisor;
    formula_figures_scale(&shown, &decimals, &unit);
    if (isfinite(value) && f->n < N_FIGURES_MAX)
        f->list[f->n++] = (struct longhaul_formula_figure){ .key = key,
                                                            .what = what,
                                                            .value = value,
                                                            .shown = shown,
                                                            .decimals = decimals,
                                                            .unit = unit,
                                                            .source = source };
}

struct longhaul_formula_figures *formula_figures_new(struct longhaul_error *err)
{
    struct longhaul_formula_figures *f = calloc(1, sizeof *f);
    if (f == NULL)
        error_set(err, LONGHAUL_ENOMEM, "out of memory");
    return f;
}

static void add_windows(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    double window =
        is_given(v->scale) ? formula_scaled_window_bytes(v->window_bytes, (int)v->scale) : v->window_bytes;
    if (is_given(v->scale))
        formula_figures_add(f, "scaled_window_bytes", "window, scaled", window, 1, 0, "bytes",
                            "window x 2^scale, RFC 7323 2.3");
    double limit_bps = formula_window_limit_bps(window, v->rtt_ms);
    formula_figures_add(f, "window_limit_bytes_per_s", "window limit", limit_bps / 8, 1e6, 2, "MB/s",
                        "window / RTT, RFC 7323 1.1");
    formula_figures_add(f, "window_limit_bps", "window limit", limit_bps, 1e6, 2, "Mbit/s",
                        "window x 8 / RTT, RFC 7323 1.1");
    formula_figures_add(f, "window_rtt_ms", "RTT up to which the window carries the rate",
        formula_window_rtt_ms(window, v->rate_bps), 1, 2, "ms", "window x 8 / rate, RFC 7323 1.1");
    formula_figures_add(f, "packets_per_window", "packets per window", formula_packets_per_window(window, v->mss_bytes),
                        1, 0, "", "window / MSS, rounded up");
}

/* What Windows's auto-tuning makes of the window, and the rate that it allows. */
static void add_autotuning(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    static const char *const keys[][3] = {
        { "autotuning_disabled_bytes", "autotuning_disabled_limit_bps", "Windows auto-tuning disabled" },
        { "autotuning_restricted_bytes", "autotuning_restricted_limit_bps", "Windows auto-tuning restricted, scale 4" },
        { "autotuning_highly_restricted_bytes", "autotuning_highly_restricted_limit_bps",
          "Windows auto-tuning highly restricted, scale 2" },
        { "autotuning_normal_bytes", "autotuning_normal_limit_bps", "Windows auto-tuning normal, scale 8" },
        { "autotuning_experimental_bytes", "autotuning_experimental_limit_bps",
          "Windows auto-tuning experimental, scale 14" },
    };
    if (is_given(v->scale))
        return;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        int scale = formula_autotuning(i)->scale;
        double window = formula_scaled_window_bytes(v->window_bytes, scale < 0 ? 0 : scale);
        formula_figures_add(f, keys[i][0], keys[i][2], window, 1, 0, "bytes", "window x 2^scale, RFC 7323 2.3");
        formula_figures_add(f, keys[i][1], keys[i][2], formula_window_limit_bps(window, v->rtt_ms), 1e6, 2, "Mbit/s",
            "window x 8 / RTT, RFC 7323 1.1");
    }
}

static void add_bdp(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    double bdp_bytes = formula_bdp_bytes(v->rate_bps, v->rtt_ms);
    int scale = formula_scale_needed(v->rate_bps, v->rtt_ms);
    formula_figures_add(f, "bdp_bytes", "bandwidth-delay product", bdp_bytes, 1e6, fmod(bdp_bytes, 1e6) > 0 ? 6 : 0,
                        "MB", "rate x RTT / 8, RFC 7323 1.1");
    formula_figures_add(f, "packets_per_bdp", "packets in flight", formula_packets_per_window(bdp_bytes, v->mss_bytes),
                        1, 0, "", "BDP / MSS, rounded up");
    if (scale >= 0)
        formula_figures_add(f, "scale_needed", "smallest window scale for the rate", scale, 1, 0, "",
            "65,535 x 2^scale >= BDP, RFC 7323 2.3");
}

static void add_mathis(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    double c = is_given(v->mathis_c) ? v->mathis_c : FORMULA_MATHIS_C;
    const char *what = is_given(v->mathis_c) ? "Mathis limit, C as given" : "Mathis limit, C = sqrt(3/2) = 1.2247";
    formula_figures_add(f, "mathis_c", "Mathis's C",
                        is_given(v->loss) && is_given(v->mss_bytes) && is_given(v->rtt_ms) ? c : NAN, 1, 4, "",
                        "Mathis et al. 1997");
    formula_figures_add(f, "mathis_limit_bps", what, formula_mathis_bps(v->mss_bytes, v->rtt_ms, v->loss, c), 1e6, 2,
                        "Mbit/s", "MSS / RTT x C / sqrt(loss), Mathis et al. 1997");
    if (!is_given(v->mathis_c))
        formula_figures_add(f, "mathis_limit_delayed_bps",
                            "Mathis limit, delayed acknowledgements, C = sqrt(3/4) = 0.8660",
                            formula_mathis_bps(v->mss_bytes, v->rtt_ms, v->loss, FORMULA_MATHIS_C_DELAYED), 1e6, 2,
                            "Mbit/s", "MSS / RTT x C / sqrt(loss), Mathis et al. 1997");
    formula_figures_add(f, "mathis_loss_percent", "loss at which Reno still reaches the rate",
        100 * formula_mathis_loss(v->mss_bytes, v->rtt_ms, v->rate_bps, c), 1, 6, "%",
        "(MSS / RTT x C / rate)^2, Mathis et al. 1997");
}

static void add_mss(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    formula_figures_add(f, "mss_ipv4_bytes", "MSS, IPv4", formula_mss_bytes(v->mtu_bytes, 4, false), 1, 0, "bytes",
        "MTU - 40, RFC 6691");
    formula_figures_add(f, "mss_ipv4_timestamps_bytes", "TCP payload with timestamps, IPv4",
        formula_mss_bytes(v->mtu_bytes, 4, true), 1, 0, "bytes", "MTU - 40 - 12, RFC 7323 A");
    formula_figures_add(f, "mss_ipv6_bytes", "MSS, IPv6", formula_mss_bytes(v->mtu_bytes, 6, false), 1, 0, "bytes",
        "MTU - 60, RFC 6691, 8200");
    formula_figures_add(f, "mss_ipv6_timestamps_bytes", "TCP payload with timestamps, IPv6",
        formula_mss_bytes(v->mtu_bytes, 6, true), 1, 0, "bytes", "MTU - 60 - 12, RFC 7323 A");
}

static void add_framing(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    double mtu = is_given(v->mtu_bytes) ? v->mtu_bytes : NAN;
    bool is_datagram = is_given(v->datagram_bytes);
    double packet_bytes = is_datagram
                              ? formula_frame_datagram(v->datagram_bytes, 65535, v->family).packet_bytes
                              : v->packet_bytes;
    struct formula_framing p = is_datagram ? formula_frame_datagram(v->datagram_bytes, mtu, v->family)
                                                 : formula_frame_packet(v->packet_bytes, mtu, v->family);
    if (!is_given(packet_bytes))
        return;
    if (is_datagram)
        formula_figures_add(f, "packet_bytes", "IP packet", packet_bytes, 1, 0, "bytes",
            "payload + 8 of UDP + IP's 20 (IPv6: 40), RFC 768, 791, 8200");
    formula_figures_add(f, "n_packets", "packets at this MTU", p.n_packets, 1, 0, "",
        "pieces of whole 8 bytes, RFC 791 3.2, RFC 8200 4.5");
    if (p.n_packets > 1)
        formula_figures_add(f, "last_fragment_bytes", "last fragment", p.last_bytes, 1, 0, "bytes",
            "with its own header, RFC 791 3.2, RFC 8200 4.5");
    formula_figures_add(f, "ip_bytes", "IP bytes, headers of all fragments", p.ip_bytes, 1, 0, "bytes",
                        "RFC 791 3.2, RFC 8200 4.5");
    formula_figures_add(f, "framing_bytes", "Ethernet framing", p.framing_bytes, 1, 0, "bytes",
                        "14 + 4 a frame, IEEE 802.3 3.1.1");
    formula_figures_add(f, "wire_bytes", "on the wire, with preamble and gap", p.wire_bytes, 1, 0, "bytes",
        "20 more a frame, at least 84, IEEE 802.3");
    if (is_datagram)
        formula_figures_add(f, "payload_share_percent", "payload's share of the wire", 100 * p.payload_share, 1, 2, "%",
            "payload / wire");
    struct formula_framing azure = formula_frame_packet(packet_bytes, AZURE_FRAGMENT_MTU_BYTES, v->family);
    formula_figures_add(f, "azure_n_packets", "packets where Azure fragments, at 1,400", azure.n_packets, 1, 0, "",
        "the guide: its stack drops fragments that arrive out of order");
}

static void add_distance(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v,
                         double distance_km)
{
    double least_ms = formula_least_rtt_ms(distance_km);
    if (!is_given(v->distance_km))
        formula_figures_add(f, "distance_km", "great circle", distance_km, 1, 0, "km",
                            "haversine, radius 6,371.0088 km");
    formula_figures_add(f, "one_way_ms", "least one-way time", least_ms / 2, 1, 2, "ms", "km / 200");
    formula_figures_add(f, "least_rtt_ms", "least RTT", least_ms, 1, 2, "ms", "2 x km / 200");
    if (is_given(least_ms) && least_ms > 0)
        formula_figures_add(f, "rtt_over_floor", "RTT over its floor", v->rtt_ms / least_ms, 1, 2, "x",
                            "RTT / least RTT");
}

static void add_volume(struct longhaul_formula_figures *f, const struct longhaul_formula_values *v)
{
    bool is_day = !is_given(v->duration_s);
    struct formula_traffic volume =
        formula_volume(v->rate_bps, v->datagram_bytes, is_day ? DAY_S : v->duration_s, v->family);
    formula_figures_add(f, "packets_per_s", "packets a second", volume.packets_per_s, 1, 2, "/s",
                        "rate / (8 x datagram)");
    formula_figures_add(f, "packets", is_day ? "packets a day" : "packets", volume.packets, 1, 0, "",
                        "packets a second x seconds");
    formula_figures_add(f, "payload_bytes", is_day ? "payload a day" : "payload", volume.payload_bytes, 1e9, 3, "GB",
        "rate x seconds / 8");
    formula_figures_add(f, "volume_ip_bytes", is_day ? "IP bytes a day" : "IP bytes", volume.ip_bytes, 1e9, 3, "GB",
        "with IP and UDP headers, MTU 1,500");
    formula_figures_add(f, "volume_wire_bytes", is_day ? "on the wire a day" : "on the wire", volume.wire_bytes, 1e9, 3,
                        "GB", "with Ethernet's, IEEE 802.3");
    formula_figures_add(f, "wire_bps", "rate on the wire", volume.wire_bps, 1e6, 3, "Mbit/s",
                        "with Ethernet's, IEEE 802.3");
}

struct range {
    const char *name;
    double value, min, max;
};

static int check_values(const struct longhaul_formula_values *v, struct longhaul_error *err)
{
    const struct range ranges[] = {
        { "window", v->window_bytes, 1, 1073725440 },   { "scale", v->scale, 0, LONGHAUL_SCALE_MAX },
        { "RTT", v->rtt_ms, 1e-6, 86400000 },           { "rate", v->rate_bps, 1, 1e15 },
        { "MSS", v->mss_bytes, 1, 65535 },              { "loss", v->loss, 0, 1 },
        { "C", v->mathis_c, 0.01, 100 },                { "distance", v->distance_km, 0, 100000 },
        { "latitude", v->latitude_a, -90, 90 },         { "latitude", v->latitude_b, -90, 90 },
        { "longitude", v->longitude_a, -180, 180 },     { "longitude", v->longitude_b, -180, 180 },
        { "MTU", v->mtu_bytes, 68, 65535 },             { "packet", v->packet_bytes, 20, 65535 },
        { "datagram", v->datagram_bytes, 1, 65507 },    { "duration", v->duration_s, 1, 3153600000 },
        { "ports", v->n_ports, 1, 65535 },              { "TIME_WAIT", v->time_wait_s, 0.001, 86400 },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (is_given(ranges[i].value) && !(ranges[i].value >= ranges[i].min && ranges[i].value <= ranges[i].max))
            return error_set(err, LONGHAUL_EINVAL, "%s %g: from %.10g to %.10g", ranges[i].name, ranges[i].value,
                             ranges[i].min, ranges[i].max);
    if (is_given(v->scale) && is_given(v->window_bytes) && v->window_bytes > FORMULA_WINDOW_FIELD_MAX)
        return error_set(err, LONGHAUL_EINVAL, "window %.0f: a field that is scaled has 16 bits, at most 65535",
                         v->window_bytes);
    if (v->family != 0 && v->family != 4 && v->family != 6)
        return error_set(err, LONGHAUL_EINVAL, "family %d: 4 or 6", v->family);
    return 0;
}

void longhaul_formula_values_clear(struct longhaul_formula_values *v)
{
    *v = (struct longhaul_formula_values){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
                                        NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0 };
}

int longhaul_formula_calculate(const struct longhaul_formula_values *values, struct longhaul_formula_figures **out,
                       struct longhaul_error *err)
{
    struct longhaul_formula_values v = *values;
    int rc = check_values(&v, err);
    if (rc != 0)
        return rc;
    struct longhaul_formula_figures *f = formula_figures_new(err);
    if (f == NULL)
        return LONGHAUL_ENOMEM;
    v.family = v.family ? v.family : 4;
    if (!is_given(v.mss_bytes))
        v.mss_bytes = formula_mss_bytes(v.mtu_bytes, v.family, false);
    double distance_km = is_given(v.distance_km)
                             ? v.distance_km
                             : longhaul_formula_distance_km(v.latitude_a, v.longitude_a, v.latitude_b, v.longitude_b);
    add_distance(f, &v, distance_km);
    add_bdp(f, &v);
    add_windows(f, &v);
    add_autotuning(f, &v);
    add_mss(f, &v);
    add_mathis(f, &v);
    add_framing(f, &v);
    add_volume(f, &v);
    formula_figures_add(f, "connections_per_s", "new connections a second to one port",
        formula_connections_per_s(v.n_ports, v.time_wait_s), 1, 2, "/s", "ports / TIME_WAIT, RFC 9293 3.6.1");
    if (f->n == 0) {
        free(f);
        return error_set(err, LONGHAUL_EINVAL, "nothing follows from these values alone");
    }
    *out = f;
    return 0;
}

size_t longhaul_formula_figures_length(const struct longhaul_formula_figures *figures)
{
    return figures->n;
}

const struct longhaul_formula_figure *longhaul_formula_figures_at(const struct longhaul_formula_figures *figures,
                                                                  size_t i)
{
    return i < figures->n ? &figures->list[i] : NULL;
}

/* A value that is a half in decimal is slightly off it in binary (65.535 is below): it is moved by less than 15 digits
 * can tell. */
void longhaul_formula_figure_text(const struct longhaul_formula_figure *figure, char *text, size_t size)
{
    char digits[64];
    double nudged = figure->shown + figure->shown * 4e-16 * 2;
    int n = snprintf(digits, sizeof digits, "%.*f", figure->decimals, nudged);
    size_t whole = strcspn(digits, "."), at = 0;
    for (size_t i = 0; n > 0 && digits[i] && at + 2 < size; i++) {
        text[at++] = digits[i];
        if (i + 1 < whole && isdigit((unsigned char)digits[i]) && (whole - i - 1) % 3 == 0)
            text[at++] = ',';
    }
    if (size > 0)
        text[at < size ? at : size - 1] = 0;
}

void longhaul_formula_figures_free(struct longhaul_formula_figures *figures)
{
    free(figures);
}

int longhaul_formula_figures_json(const struct longhaul_formula_figures *figures, char **out,
                                  struct longhaul_error *err)
{
    json_t *object = json_pack("{s:i}", "format", FIGURES_FORMAT);
    for (size_t i = 0; i < longhaul_formula_figures_length(figures); i++) {
        const struct longhaul_formula_figure *f = longhaul_formula_figures_at(figures, i);
        json_object_set_new(object, f->key, json_real(f->value));
    }
    return json_make_line(object, "path", out, err);
}
