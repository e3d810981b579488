/* formula.c - what physics and TCP allow: one function per formula, whose sources are in formula.h. Measures nothing; a
 * value that makes no sense gives NAN. */

#include "model/formula.h"

#include <math.h>

#define IPV4_HEADER_BYTES 20
#define IPV6_HEADER_BYTES 40
#define IPV6_FRAGMENT_HEADER_BYTES 8
#define UDP_HEADER_BYTES 8
#define TCP_HEADER_BYTES 20
#define TCP_TIMESTAMPS_BYTES 12 /* 10, plus 2 of padding */
#define ETHERNET_FRAMING_BYTES 18 /* header and check sequence */
#define ETHERNET_FRAME_BYTES_MIN 64
#define ETHERNET_GAP_BYTES 20 /* preamble, delimiter, gap */
#define USUAL_MTU_BYTES 1500

static bool is_positive(double value)
{
    return isfinite(value) && value > 0;
}

static double ip_header_bytes(int family)
{
    return family == 6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES;
}

double formula_udp_headers_bytes(int family)
{
    return ip_header_bytes(family) + UDP_HEADER_BYTES;
}

double formula_bdp_bytes(double rate_bps, double rtt_ms)
{
    return rate_bps >= 0 && rtt_ms >= 0 ? rate_bps * rtt_ms / 8000 : NAN;
}

double formula_window_limit_bps(double window_bytes, double rtt_ms)
{
    return window_bytes >= 0 && rtt_ms > 0 ? window_bytes * 8000 / rtt_ms : NAN;
}

double formula_window_rtt_ms(double window_bytes, double rate_bps)
{
    return window_bytes >= 0 && rate_bps > 0 ? window_bytes * 8000 / rate_bps : NAN;
}

double formula_scaled_window_bytes(double field_bytes, int scale)
{
    bool makes_sense =
        field_bytes >= 0 && field_bytes <= FORMULA_WINDOW_FIELD_MAX && scale >= 0 && scale <= LONGHAUL_SCALE_MAX;
    return makes_sense ? ldexp(field_bytes, scale) : NAN;
}

int formula_scale_needed(double rate_bps, double rtt_ms)
{
    double wanted_bytes = formula_bdp_bytes(rate_bps, rtt_ms);
    for (int scale = 0; scale <= LONGHAUL_SCALE_MAX; scale++)
        if (formula_scaled_window_bytes(FORMULA_WINDOW_FIELD_MAX, scale) >= wanted_bytes)
            return scale;
    return -1;
}

const struct formula_autotuning_level *formula_autotuning(size_t i)
{
    static const struct formula_autotuning_level levels[] = {
        { "disabled", -1 }, { "restricted", 4 }, { "highly restricted", 2 }, { "normal", 8 }, { "experimental", 14 },
    };
    return i < sizeof levels / sizeof levels[0] ? &levels[i] : NULL;
}

double formula_mathis_bps(double mss_bytes, double rtt_ms, double loss, double c)
{
    if (!(mss_bytes > 0 && rtt_ms > 0 && loss >= 0 && loss <= 1 && c >= 0))
        return NAN;
    return mss_bytes * 8000 / rtt_ms * (c > 0 ? c : FORMULA_MATHIS_C) / sqrt(loss);
}

double formula_mathis_loss(double mss_bytes, double rtt_ms, double rate_bps, double c)
{
    if (!(mss_bytes > 0 && rtt_ms > 0 && rate_bps > 0 && c >= 0))
        return NAN;
    double root = mss_bytes * 8000 / rtt_ms * (c > 0 ? c : FORMULA_MATHIS_C) / rate_bps;
    return fmin(root * root, 1);
}

double formula_packets_per_window(double window_bytes, double mss_bytes)
{
    return window_bytes >= 0 && mss_bytes > 0 ? ceil(window_bytes / mss_bytes) : NAN;
}

double formula_mss_bytes(double mtu_bytes, int family, bool has_timestamps)
{
    double left = mtu_bytes - ip_header_bytes(family) - TCP_HEADER_BYTES - (has_timestamps ? TCP_TIMESTAMPS_BYTES : 0);
    return is_positive(left) ? left : NAN;
}

static double padded_frame_bytes(double ip_bytes)
{
    return fmax(ip_bytes + ETHERNET_FRAMING_BYTES, ETHERNET_FRAME_BYTES_MIN);
}

struct formula_framing formula_frame_packet(double packet_bytes, double mtu_bytes, int family)
{
    double header = ip_header_bytes(family), fragment_header = header + (family == 6 ? IPV6_FRAGMENT_HEADER_BYTES : 0);
    double most = floor((mtu_bytes - fragment_header) / 8) * 8; /* payload of every fragment but the last */
    struct formula_framing f = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    if (!(packet_bytes >= header && packet_bytes <= FORMULA_PACKET_MAX && is_positive(mtu_bytes) &&
          (most >= 8 || packet_bytes <= mtu_bytes)))
        return f;
    f.packet_bytes = packet_bytes;
    f.n_packets = 1;
    f.last_bytes = packet_bytes;
    if (packet_bytes > mtu_bytes) {
        double payload = packet_bytes - header, last_most = mtu_bytes - fragment_header;
        f.n_packets = 1 + ceil((payload - last_most) / most);
        f.last_bytes = payload - (f.n_packets - 1) * most + fragment_header;
    }
    double others = f.n_packets - 1, other_bytes = most + fragment_header;
    f.ip_bytes = (others > 0 ? others * other_bytes : 0) + f.last_bytes;
    f.framing_bytes = f.n_packets * ETHERNET_FRAMING_BYTES;
    f.frame_bytes = (others > 0 ? others * padded_frame_bytes(other_bytes) : 0) + padded_frame_bytes(f.last_bytes);
    f.wire_bytes = f.frame_bytes + f.n_packets * ETHERNET_GAP_BYTES;
    return f;
}

struct formula_framing formula_frame_datagram(double payload_bytes, double mtu_bytes, int family)
{
    double packet_bytes = payload_bytes >= 0 ? payload_bytes + formula_udp_headers_bytes(family) : NAN;
    struct formula_framing f = formula_frame_packet(packet_bytes, mtu_bytes, family);
    f.payload_share = payload_bytes / f.wire_bytes;
    return f;
}

double formula_least_rtt_ms(double distance_km)
{
    return distance_km >= 0 ? 2 * distance_km / FORMULA_FIBRE_KM_PER_MS : NAN;
}

static double radians(double degrees)
{
    return degrees * (3.14159265358979323846 / 180);
}

double longhaul_formula_distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    if (!(fabs(latitude_a) <= 90 && fabs(latitude_b) <= 90 && fabs(longitude_a) <= 180 && fabs(longitude_b) <= 180))
        return NAN;
    double up = sin(radians(latitude_b - latitude_a) / 2), along = sin(radians(longitude_b - longitude_a) / 2);
    double h = up * up + cos(radians(latitude_a)) * cos(radians(latitude_b)) * along * along;
    return 2 * FORMULA_EARTH_RADIUS_KM * asin(fmin(1, sqrt(h)));
}

struct formula_traffic formula_volume(double rate_bps, double datagram_bytes, double seconds, int family)
{
    struct formula_traffic v = { NAN, NAN, NAN, NAN, NAN, NAN };
    struct formula_framing f = formula_frame_datagram(datagram_bytes, USUAL_MTU_BYTES, family);
    if (!(rate_bps >= 0 && datagram_bytes > 0 && seconds >= 0))
        return v;
    v.packets_per_s = rate_bps / (8 * datagram_bytes);
    v.packets = v.packets_per_s * seconds;
    v.payload_bytes = rate_bps * seconds / 8;
    v.ip_bytes = v.packets * f.ip_bytes;
    v.wire_bytes = v.packets * f.wire_bytes;
    v.wire_bps = v.packets_per_s * f.wire_bytes * 8;
    return v;
}

double formula_connections_per_s(double n_ports, double time_wait_s)
{
    return n_ports >= 0 && time_wait_s > 0 ? n_ports / time_wait_s : NAN;
}
