/* test_path_calc.c - every figure of the guide (Microsoft's "TCP/IP performance tuning for Azure VMs") and of the RFCs'
 * own examples, to the printed digit; where the guide's print is wrong, the footnote gives the cause. */

#include <longhaul.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model/formula.h"

/* As printed in a table. */
static const char *printed(double value, int decimals)
{
    static char text[4][64];
    static unsigned next;
    char *to = text[next++ % 4];
    longhaul_formula_figure_text(&(struct longhaul_formula_figure){ .shown = value, .decimals = decimals }, to,
                              sizeof text[0]);
    return to;
}

static void test_window_limits(void)
{
    static const struct { double window_bytes, rtt_ms; const char *mb_per_s, *mbit_per_s;
    } cases[] = {
        { 65535, 1, "65.54", "524.28" }, /* (1) the guide: 524.29, which is 65,536; its 65.54 fits both: 65.535 is a
                                            half */
        { 65535, 30, "2.18", "17.48" },
        { 65535, 60, "1.09", "8.74" },
        { 65535, 90, "0.73", "5.83" },
        { 65535, 120, "0.55", "4.37" },
        { 131070, 30, "4.37", "34.95" },
        { 262140, 30, "8.74", "69.90" }, /* (2) the guide: 69.91, which is 4 x 65,536 */
        { 524280, 30, "17.48", "139.81" },
        { 65536, 1, "65.54", "524.29" }, /* footnotes 1 and 2, reversed */
        { 262144, 30, "8.74", "69.91" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double bps = formula_window_limit_bps(cases[i].window_bytes, cases[i].rtt_ms);
        CHECK(strcmp(printed(bps / 8e6, 2), cases[i].mb_per_s) == 0 &&
                  strcmp(printed(bps / 1e6, 2), cases[i].mbit_per_s) == 0,
              "window %.0f, RTT %.0f ms: %s MB/s, %s Mbit/s", cases[i].window_bytes, cases[i].rtt_ms,
              printed(bps / 8e6, 2), printed(bps / 1e6, 2));
    }
    CHECK(formula_window_rtt_ms(65535, 17476000) == 30, "the RTT of a window and a rate");
    CHECK(isnan(formula_window_limit_bps(65535, 0)) && isnan(formula_window_limit_bps(-1, 30)) &&
              isnan(formula_window_limit_bps(NAN, 30)),
          "no window limit without an RTT or of a window below 0");
}

static void test_scaling(void)
{
    static const struct { int scale; double window_bytes;
    } cases[] = {
        { 0, 65535 },
        { 2, 262140 },
        { 3, 524280 } /* (3) the guide prints 262,140, which is 2^2 */,
        { 4, 1048560 },
        { 8, 16776960 },
        { 14, 1073725440 } /* (4) the guide calls it a "window size of 14", and 8.59 Gbit "8.5 gigabits" */,
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(formula_scaled_window_bytes(65535, cases[i].scale) == cases[i].window_bytes,
              "65,535 x 2^%d = %.0f", cases[i].scale, cases[i].window_bytes);
    CHECK(isnan(formula_scaled_window_bytes(65535, 15)) &&
              isnan(formula_scaled_window_bytes(65536, 1)) &&
              isnan(formula_scaled_window_bytes(65535, -1)),
          "no scale beyond 14, no field beyond 16 bits");
    static const struct { const char *level; int scale; } levels[] = {
        { "disabled", -1 }, { "restricted", 4 }, { "highly restricted", 2 }, { "normal", 8 }, { "experimental", 14 } };
    for (size_t i = 0; i < 5; i++)
        CHECK(strcmp(formula_autotuning(i)->level, levels[i].level) == 0 &&
                  formula_autotuning(i)->scale == levels[i].scale,
              "Windows auto-tuning %s: %d", levels[i].level, levels[i].scale);
    CHECK(formula_autotuning(5) == NULL, "five levels of auto-tuning");
}

static void test_scale_needed(void)
{
    static const struct { double rate_bps, rtt_ms; int scale; } cases[] = {
        { 17476000, 30, 0 },  /* exactly 65,535 bytes */
        { 17476001, 30, 1 },  /* one byte more */
        { 10e6, 160, 2 },     /* 200,000 bytes */
        { 10e9, 500, 14 },    /* 625 MB */
        { 10e9, 858.98, 14 }, { 10e9, 858.99, -1 }, /* 1,073,725,440 bytes are 858.980 ms */
        { 0, 30, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(formula_scale_needed(cases[i].rate_bps, cases[i].rtt_ms) == cases[i].scale,
              "scale for %.0f bit/s at %g ms: %d", cases[i].rate_bps, cases[i].rtt_ms, cases[i].scale);
    CHECK(formula_scale_needed(NAN, 30) == -1, "no scale for a rate that is not known");
    CHECK(formula_bdp_bytes(10e9, 500) == 625e6, "0.5 s at 10 Gbit/s: 625 MB");
    CHECK(isnan(formula_bdp_bytes(-1, 30)) && isnan(formula_bdp_bytes(1, -30)), "no BDP below 0");
}

/* Calculated by hand: 1460 x 8 / 0.03 s = 389,333.33 bit/s; / sqrt(0.0001) is x 100; x C. */
static void test_mathis(void)
{
    CHECK(fabs(formula_mathis_bps(1460, 30, 1e-4, 0) - 38933333.333333 * 1.224744871391589) < 1,
          "Mathis, C = sqrt(3/2): 47.68 Mbit/s");
    CHECK(strcmp(printed(formula_mathis_bps(1460, 30, 1e-4, 0) / 1e6, 2), "47.68") == 0,
          "the same as printed");
    CHECK(strcmp(printed(formula_mathis_bps(1460, 30, 1e-4, FORMULA_MATHIS_C_DELAYED) / 1e6, 2), "33.72") ==
              0,
          "with delayed acknowledgements");
    CHECK(strcmp(printed(formula_mathis_bps(1460, 30, 1e-4, 1) / 1e6, 2), "38.93") == 0, "C = 1");
    CHECK(isinf(formula_mathis_bps(1460, 30, 0, 0)), "no limit without loss");
    CHECK(isnan(formula_mathis_bps(1460, 30, 1.5, 0)) && isnan(formula_mathis_bps(1460, 0, 0.1, 0)),
          "no Mathis limit of nonsense");
    double loss = formula_mathis_loss(1460, 30, 10e6, 0);
    CHECK(fabs(formula_mathis_bps(1460, 30, loss, 0) - 10e6) < 1e-3,
          "the loss that 10 Mbit/s bears gives 10 Mbit/s");
    CHECK(formula_mathis_loss(1460, 30, 1, 0) == 1, "no loss above 1");
}

static void test_segments(void)
{
    CHECK(formula_packets_per_window(65535, 1460) == 45, "65,535 / 1,460 = 44.89 is 45 packets");
    CHECK(formula_packets_per_window(2920, 1460) == 2, "2,920 / 1,460 is 2");
    static const struct { double mtu; int family; bool has_timestamps; double mss;
    } cases[] = {
        { 1500, 4, false, 1460 },
        { 1500, 4, true, 1448 },
        { 1500, 6, false, 1440 },
        { 1500, 6, true, 1428 },
        { 1400, 4, false, 1360 },
        { 9000, 4, false, 8960 },
        { 576, 4, false, 536 /* RFC 879 */ },
        { 1280, 6, false, 1220 /* RFC 8200 */ },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(formula_mss_bytes(cases[i].mtu, cases[i].family, cases[i].has_timestamps) == cases[i].mss,
              "MSS of MTU %.0f, IPv%d%s: %.0f", cases[i].mtu, cases[i].family,
              cases[i].has_timestamps ? ", timestamps" : "", cases[i].mss);
    CHECK(isnan(formula_mss_bytes(40, 4, false)), "no MSS where headers fill the MTU");
}

static void test_framing(void)
{
    static const struct {
        const char *what; bool is_datagram; double bytes, mtu; int family;
        double packet, n, last, ip, framing, frame, wire;
    } cases[] = {
        /* (5) the guide says 1,500 and 500: the second has its own header, and is 520 */
        { "2,000 bytes at MTU 1,500", false, 2000, 1500, 4, 2000, 2, 520, 2020, 36, 2056, 2096 },
        { "2,000 bytes in one", false, 2000, 9000, 4, 2000, 1, 2000, 2000, 18, 2018, 2038 },
        { "a 1,386-byte datagram", true, 1386, 1500, 4, 1414, 1, 1414, 1414, 18, 1432, 1452 },
        { "the same where Azure fragments", true, 1386, 1400, 4, 1414, 2, 38, 1434, 36, 1396 + 18 + 64,
          1396 + 18 + 64 + 40 },
        { "1,372 bytes are the most in 1,400", true, 1372, 1400, 4, 1400, 1, 1400, 1400, 18, 1418, 1438 },
        { "1,373 are one too many", true, 1373, 1400, 4, 1401, 2, 25, 1421, 36, 1396 + 18 + 64, 1396 + 18 + 64 + 40 },
        { "IPv6, 1,452 bytes", true, 1452, 1500, 6, 1500, 1, 1500, 1500, 18, 1518, 1538 },
        { "IPv6, 1,453 bytes: fragment headers", true, 1453, 1500, 6, 1501, 2, 61, 1557, 36, 1496 + 18 + 61 + 18,
          1496 + 18 + 61 + 18 + 40 },
        { "the smallest is padded", true, 1, 1500, 4, 29, 1, 29, 29, 18, 64, 84 },
        { "the largest, in 45", true, 65507, 1500, 4, 65535, 45, 65515 - 44 * 1480 + 20, 65535 + 44 * 20, 45 * 18,
          65535 + 44 * 20 + 45 * 18, 65535 + 44 * 20 + 45 * 38 },
        { "a last fragment that fills the MTU", false, 20 + 376 + 380, 400, 4, 776, 2, 400, 796, 36, 832, 872 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct formula_framing f =
            cases[i].is_datagram ? formula_frame_datagram(cases[i].bytes, cases[i].mtu, cases[i].family)
                                 : formula_frame_packet(cases[i].bytes, cases[i].mtu, cases[i].family);
        CHECK(f.packet_bytes == cases[i].packet && f.n_packets == cases[i].n && f.last_bytes == cases[i].last &&
                  f.ip_bytes == cases[i].ip && f.framing_bytes == cases[i].framing && f.frame_bytes == cases[i].frame &&
                  f.wire_bytes == cases[i].wire,
              "%s: %.0f packet(s), last %.0f, IP %.0f, framing %.0f, frames %.0f, wire %.0f", cases[i].what,
              f.n_packets, f.last_bytes, f.ip_bytes, f.framing_bytes, f.frame_bytes, f.wire_bytes);
    }
    CHECK(isnan(formula_frame_datagram(65508, 1500, 4).n_packets) &&
              isnan(formula_frame_packet(1000, 24, 4).n_packets) &&
              isnan(formula_frame_packet(1000, NAN, 4).n_packets),
          "no framing without a packet");
}

static void test_distance(void)
{
    static const struct { const char *what; double km; const char *rtt_ms; } cases[] = {
        { "New York to San Francisco", 4148, "41.48" }, /* (6) the guide rounds these to 42, 56 and 160 */
        { "New York to London", 5585, "55.85" },
        { "New York to Sydney", 15993, "159.93" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(strcmp(printed(formula_least_rtt_ms(cases[i].km), 2), cases[i].rtt_ms) == 0, "%s: %s ms",
              cases[i].what, cases[i].rtt_ms);
    /* A degree of a great circle is 2 pi R / 360 = 111.195 km. */
    CHECK(fabs(longhaul_formula_distance_km(0, 0, 0, 1) - 111.19508) < 1e-4, "a degree of the equator");
    CHECK(fabs(longhaul_formula_distance_km(0, 0, 1, 0) - 111.19508) < 1e-4, "a degree of a meridian");
    CHECK(fabs(longhaul_formula_distance_km(90, 0, -90, 0) - 20015.11) < 0.01, "pole to pole");
    CHECK(fabs(longhaul_formula_distance_km(0, -179.5, 0, 179.5) - 111.19508) < 1e-4, "over the date line");
    CHECK(longhaul_formula_distance_km(51.5, -0.12, 51.5, -0.12) == 0, "no way at all");
    CHECK(fabs(longhaul_formula_distance_km(40.7128, -74.0060, 51.5074, -0.1278) - 5570.2) < 0.5,
          "New York to London on the sphere");
    CHECK(isnan(longhaul_formula_distance_km(91, 0, 0, 0)) && isnan(longhaul_formula_distance_km(0, 0, 0, NAN)),
          "no distance from nowhere");
}

static void test_volume(void)
{
    struct formula_traffic v = formula_volume(10e6, 1386, 86400, 4);
    CHECK(strcmp(printed(v.packets_per_s, 2), "901.88") == 0, "10 Mbit/s of 1,386 bytes: 901 or 902 a second");
    CHECK(strcmp(printed(v.packets, 0), "77,922,078") == 0, "of a day: 77,922,078");
    CHECK(v.payload_bytes == 108e9, "10 Mbit/s for a day: 108 GB");
    CHECK(fabs(v.ip_bytes - v.packets * 1414) < 1 && fabs(v.wire_bytes - v.packets * 1452) < 1,
          "with headers, and on the wire");
    CHECK(isnan(formula_volume(10e6, 0, 1, 4).packets), "no volume of empty datagrams");
    CHECK(formula_connections_per_s(30000, 30) == 1000 &&
              formula_connections_per_s(30000, 240) == 125,
          "30,000 ports, TIME_WAIT of 30 and 240 s: 1,000 and 125 connections a second");
    CHECK(isnan(formula_connections_per_s(30000, 0)), "no such rate without TIME_WAIT");
}

/* What follows from the given values, and only that. */
static void test_calc(void)
{
    struct longhaul_formula_values v;
    struct longhaul_formula_figures *figures = NULL;
    struct longhaul_error err = { 0 };
    longhaul_formula_values_clear(&v);
    CHECK(longhaul_formula_calculate(&v, &figures, &err) == LONGHAUL_EINVAL && figures == NULL &&
              strstr(err.text, "nothing follows"),
          "nothing from nothing");
    v.distance_km = 4148;
    CHECK(longhaul_formula_calculate(&v, &figures, NULL) == 0 && longhaul_formula_figures_length(figures) == 2,
          "a distance gives a way and a round trip");
    CHECK(longhaul_formula_figures_at(figures, 2) == NULL, "no figure after the last");
    longhaul_formula_figures_free(figures);
    v.rtt_ms = 82.96;
    CHECK(longhaul_formula_calculate(&v, &figures, NULL) == 0 && longhaul_formula_figures_length(figures) == 3 &&
              longhaul_formula_figures_at(figures, 2)->value == 2, "and, with an RTT, how far it is from its floor");
    longhaul_formula_figures_free(figures);
    struct longhaul_formula_values bad = v;
    struct longhaul_error said = { 0 };
    bad.loss = 1.5;
    CHECK(longhaul_formula_calculate(&bad, &figures, &said) == LONGHAUL_EINVAL &&
              strcmp(said.text, "loss 1.5: from 0 to 1") == 0,
          "%s", said.text);
    bad.loss = NAN, bad.window_bytes = 65536, bad.scale = 1, said = (struct longhaul_error){ 0 };
    CHECK(longhaul_formula_calculate(&bad, &figures, &said) == LONGHAUL_EINVAL && strstr(said.text, "16 bits"), "%s",
          said.text);
    longhaul_formula_figures_free(NULL);
    CHECK(strcmp(printed(1234567.5, 0), "1,234,568") == 0 && strcmp(printed(999, 0), "999") == 0 &&
              strcmp(printed(1000, 1), "1,000.0") == 0,
          "thousands are set apart");
}

int main(void)
{
    test_window_limits();
    test_scaling();
    test_scale_needed();
    test_mathis();
    test_segments();
    test_framing();
    test_distance();
    test_volume();
    test_calc();
    return CHECK_DONE();
}
