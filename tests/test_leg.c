/* test_leg.c - defaults, ranges, rates, durations and names: one rule each, and each can be written and read back. */

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "model/leg.h"

static struct longhaul_leg plain(void)
{
    struct longhaul_leg leg = { .source = "HK", .destination = "WUS", .peer = "172.16.0.4" };
    return leg;
}

static void test_defaults(void)
{
    struct longhaul_leg leg = plain();
    longhaul_leg_fill(&leg);
    CHECK(leg.rate_bps == 10000000 && leg.duration_s == 86400 && leg.interval_s == 1.0 && leg.port == 5201 &&
          leg.direction == LONGHAUL_DIRECTION_PUSH && leg.n_streams == 1 && leg.datagram_bytes == 0 && leg.tos == 0,
          "a leg of three names is the article's test");
    char stem[LONGHAUL_STEM_MAX];
    struct longhaul_leg short_leg = plain(), tcp = plain();
    tcp.protocol = LONGHAUL_PROTOCOL_TCP;
    longhaul_leg_fill(&tcp);
    CHECK(leg.protocol == LONGHAUL_PROTOCOL_UDP && tcp.rate_bps == LONGHAUL_RATE_UNLIMITED,
          "TCP goes as fast as it goes");
    CHECK(longhaul_leg_stem(&short_leg, 1763168446, stem, NULL) == 0 &&
              strcmp(stem, "HK-WUS-10M_24H_20251115_010046") == 0,
          "its stem is %s", stem);
}

static void test_total(void)
{
    struct longhaul_leg leg = plain(), unlimited = plain();
    leg.n_streams = 128;
    leg.rate_bps = 1000000000000000;
    unlimited.rate_bps = LONGHAUL_RATE_UNLIMITED;
    unlimited.n_streams = 4;
    CHECK(leg_total_rate(&leg) == 128000000000000000 && leg_total_bps(&leg) == 128e15, "all streams: rate x streams");
    CHECK(leg_total_rate(&unlimited) == LONGHAUL_RATE_UNLIMITED && isnan(leg_total_bps(&unlimited)),
          "unlimited stays unlimited, however many streams there are");
}

static void test_rates(void)
{
    static const struct { const char *text; uint64_t bps; const char *canonical;
    } good[] = { { "10M", 10000000, "10M" },
                 { "10m", 10000000, "10M" },
                 { "1.5M", 1500000, "1500K" },
                 { "1500K", 1500000, "1500K" },
                 { "1G", 1000000000, "1G" },
                 { "1000M", 1000000000, "1G" },
                 { "123", 123, "123" },
                 { "1001", 1001, "1001" },
                 { "0", LONGHAUL_RATE_UNLIMITED, "UNLIMITED" },
                 { "0M", LONGHAUL_RATE_UNLIMITED, "UNLIMITED" },
                 { "UNLIMITED", LONGHAUL_RATE_UNLIMITED, "UNLIMITED" },
                 { "2.5T", 2500000000000, "2500G" },
                 { "1000T", 1000000000000000, "1000T" } };
    static const char *const bad[] = { "",      "M",   "-1",  "10MM", "10 M", "1e400",
                                       "1001T", "0.5", "nan", "inf",  "0x10", "10M/s" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint64_t bps = 1, again = 2;
        char text[32] = "";
        int rc = longhaul_rate_parse(good[i].text, &bps, NULL);
        longhaul_rate_text(bps, text, sizeof text);
        longhaul_rate_parse(text, &again, NULL);
        CHECK(rc == 0 && bps == good[i].bps && strcmp(text, good[i].canonical) == 0 && again == bps, "rate %s is %s",
              good[i].text, text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t bps = 77;
        struct longhaul_error err = { 0 };
        CHECK(longhaul_rate_parse(bad[i], &bps, &err) == LONGHAUL_EINVAL && bps == 77 &&
                  strstr(err.text, bad[i]) && strstr(err.text, " is not a rate: "),
              "rate '%s' is refused: %s", bad[i], err.text);
    }
}

static void test_durations(void)
{
    static const struct { const char *text; uint32_t seconds; const char *canonical;
    } good[] = { { "24h", 86400, "24H" },  { "86400", 86400, "24H" },  { "1D", 86400, "24H" },
                 { "90M", 5400, "1H30M" }, { "1H30M", 5400, "1H30M" }, { "90", 90, "1M30S" },
                 { "20", 20, "20S" },      { "1s", 1, "1S" },          { "3600S", 3600, "1H" },
                 { "1h1s", 3601, "1H1S" }, { "2d12h", 216000, "60H" }, { "365D", 31536000, "8760H" } };
    static const char *const bad[] = { "",     "0",    "0H", "-1",   "1.5h",  "h",
                                       "1h1h", "1s1m", "1x", "366D", "1h 2m", "99999999999" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint32_t seconds = 0, again = 0;
        char text[32] = "";
        int rc = longhaul_duration_parse(good[i].text, &seconds, NULL);
        longhaul_duration_text(seconds, text, sizeof text);
        longhaul_duration_parse(text, &again, NULL);
        CHECK(rc == 0 && seconds == good[i].seconds && strcmp(text, good[i].canonical) == 0 && again == seconds,
              "duration %s is %s", good[i].text, text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint32_t seconds = 77;
        struct longhaul_error err = { 0 };
        CHECK(longhaul_duration_parse(bad[i], &seconds, &err) == LONGHAUL_EINVAL && seconds == 77 &&
                  strstr(err.text, bad[i]) && strstr(err.text, " is not a duration: "),
              "duration '%s' is refused: %s", bad[i], err.text);
    }
    for (uint32_t s = 1; s < 200000; s += 37) {
        char text[32];
        uint32_t again = 0;
        longhaul_duration_text(s, text, sizeof text);
        if (longhaul_duration_parse(text, &again, NULL) != 0 || again != s)
            CHECK(false, "%" PRIu32 " s comes back from %s as %" PRIu32, s, text, again);
    }
}

static void test_names(void)
{
    static const struct { const char *file; struct longhaul_file_name name;
    } good[] = { { "24H/KC-WUS-10M_24H_20251115_010046.json",
                   { "KC", "WUS", 10000000, 86400, 1763168446, LONGHAUL_PROTOCOL_UDP } },
                 { "/a-b/c/A_1-B-UNLIMITED_1H30M_20240229_235959.journal",
                   { "A_1", "B", LONGHAUL_RATE_UNLIMITED, 5400, 1709251199, LONGHAUL_PROTOCOL_UDP } },
                 { "WUS-UAE-TCP_24H_20251115_010046.json",
                   { "WUS", "UAE", 0, 86400, 1763168446, LONGHAUL_PROTOCOL_TCP } },
                 { "A-B-tcp_24H_20251115_010046.json", { "A", "B", 0, 0, 0, LONGHAUL_PROTOCOL_UDP } },
                 { "A-B-TCP_24H.json", { "A", "B", 0, 0, 0, LONGHAUL_PROTOCOL_UDP } },
                 { "A-B-anything.json", { "A", "B", 0, 0, 0, LONGHAUL_PROTOCOL_UDP } },
                 { "A-B.json", { "A", "B", 0, 0, 0, LONGHAUL_PROTOCOL_UDP } },
                 { "A-B-10M_24H_20250229_000000.json", { "A", "B", 0, 0, 0, LONGHAUL_PROTOCOL_UDP } },
                 { "A-B-10M_20H_x_20251115_010046.json", { "A", "B", 0, 0, 0, LONGHAUL_PROTOCOL_UDP } } };
    static const char *const bad[] = { "report.json",  "",           "-B-10M.json", "A--10M.json", "../x-../y",
                                       "A B-C-1.json", "\xff-B.json" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct longhaul_file_name n = { .source = "" };
        int rc = longhaul_file_name_parse(good[i].file, &n, NULL);
        CHECK(rc == 0 && strcmp(n.source, good[i].name.source) == 0 &&
                  strcmp(n.destination, good[i].name.destination) == 0 && n.rate_bps == good[i].name.rate_bps &&
                  n.duration_s == good[i].name.duration_s && n.start_unix_s == good[i].name.start_unix_s &&
                  n.protocol == good[i].name.protocol,
              "name %s", good[i].file);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct longhaul_error err = { 0 };
        struct longhaul_file_name n = { .source = "kept" };
        CHECK(longhaul_file_name_parse(bad[i], &n, &err) == LONGHAUL_EFORMAT && strcmp(n.source, "kept") == 0,
              "name '%s' is refused", bad[i]);
    }
    struct longhaul_leg leg = plain();
    leg.rate_bps = 1234567;
    leg.duration_s = 4242;
    char stem[LONGHAUL_STEM_MAX];
    struct longhaul_file_name n;
    CHECK(longhaul_leg_stem(&leg, 1735689599, stem, NULL) == 0 && longhaul_file_name_parse(stem, &n, NULL) == 0 &&
              n.rate_bps == 1234567 && n.duration_s == 4242 && n.start_unix_s == 1735689599,
          "a stem comes back whole: %s", stem);
    leg.protocol = LONGHAUL_PROTOCOL_TCP;
    CHECK(longhaul_leg_stem(&leg, 1735689599, stem, NULL) == 0 &&
              strcmp(stem, "HK-WUS-TCP_1H10M42S_20241231_235959") == 0 &&
              longhaul_file_name_parse(stem, &n, NULL) == 0 && n.protocol == LONGHAUL_PROTOCOL_TCP && n.rate_bps == 0 &&
              n.duration_s == 4242,
          "for TCP it has no rate: %s", stem);
}

/* Every option by its name; a refused value changes nothing. */
static void test_set(void)
{
    static const struct { const char *key, *text; } good[] = {
        { "port", "65535" }, { "rate", "1.5M" }, { "duration", "1h30m" }, { "interval", ".5" }, { "datagram", "1K" },
        { "streams", "128" }, { "window", "512M" }, { "tos", "0xff" }, { "family", "6" }, { "protocol", "tcp" },
        { "congestion", "bbr" }, { "direction", "pull" }, { "mss", "88" }, { "gsro", "true" } };
    static const struct { const char *key, *text; } bad[] = {
        { "port", "0" }, { "port", "65536" }, { "rate", "fast" }, { "duration", "0" }, { "interval", "0.09" },
        { "interval", "60.1" }, { "interval", "nan" }, { "interval", "0x1" }, { "interval", "" },
        { "datagram", "1048577" }, { "datagram", "2M" }, { "streams", "129" }, { "streams", "0" }, { "streams", "1K" },
        { "streams", " 1" }, { "streams", "18446744073709551617" }, { "window", "513M" }, { "window", "1KK" },
        { "tos", "256" }, { "tos", "09" }, { "family", "5" }, { "family", "46" }, { "protocol", "TCP" },
        { "congestion", "" }, { "congestion", "abcdefghijklmnop" }, { "congestion", "a b" }, { "direction", "both" },
        { "tos", "EFF" }, { "tos", "AF14" }, { "tos", "AF51" }, { "tos", "CS8" }, { "tos", "CS" }, { "dscp", "64" },
        { "dscp", "" }, { "dscp", "EF " }, { "mss", "87" }, { "mss", "32768" }, { "gsro", "1" },
        { "source", "HK" }, { "", "" } };
    struct longhaul_leg leg = plain();
    struct longhaul_error err = { 0 };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(longhaul_leg_set(&leg, good[i].key, good[i].text, &err) == 0, "%s %s", good[i].key, good[i].text);
    CHECK(leg.port == 65535 && leg.rate_bps == 1500000 && leg.duration_s == 5400 && leg.interval_s == 0.5 &&
              leg.datagram_bytes == 1024 && leg.n_streams == 128 && leg.window_bytes == 512u << 20 && leg.tos == 255 &&
              leg.family == 6 && leg.protocol == LONGHAUL_PROTOCOL_TCP && strcmp(leg.congestion, "bbr") == 0 &&
              leg.direction == LONGHAUL_DIRECTION_PULL && leg.mss_bytes == 88 && leg.has_gsro &&
              longhaul_leg_check(&leg, &err) == LONGHAUL_EINVAL,
          "each of them is set, and GSO is refused for TCP: %s", err.text);
    leg.has_gsro = false;
    CHECK(longhaul_leg_check(&leg, NULL) == 0, "without it the leg is good");
    struct longhaul_leg before = leg;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = (struct longhaul_error){ 0 };
        CHECK(longhaul_leg_set(&leg, bad[i].key, bad[i].text, &err) == LONGHAUL_EINVAL && *err.text &&
                  memcmp(&leg, &before, sizeof leg) == 0,
              "%s \"%s\": %s", bad[i].key, bad[i].text, err.text);
    }
    struct longhaul_error whole = { 0 };
    err = (struct longhaul_error){ 0 };
    leg.n_streams = 129;
    CHECK(longhaul_leg_check(&leg, &whole) == LONGHAUL_EINVAL &&
              longhaul_leg_set(&before, "streams", "129", &err) == LONGHAUL_EINVAL &&
              strcmp(err.text, "129 is not a number of streams: 1 to 128") == 0 && strcmp(err.text, whole.text) == 0,
          "a whole leg is refused in the same words: %s", whole.text);
}

/* RFC 4594's table 3, RFC 5865, RFC 8622. */
static void test_dscp(void)
{
    static const struct { const char *name; unsigned dscp; } names[] = {
        { "CS0", 0 },   { "CS1", 8 },   { "CS2", 16 },  { "CS3", 24 },  { "CS4", 32 },  { "CS5", 40 },  { "CS6", 48 },
        { "CS7", 56 },  { "AF11", 10 }, { "AF12", 12 }, { "AF13", 14 }, { "AF21", 18 }, { "AF22", 20 }, { "AF23", 22 },
        { "AF31", 26 }, { "AF32", 28 }, { "AF33", 30 }, { "AF41", 34 }, { "AF42", 36 }, { "AF43", 38 }, { "EF", 46 },
        { "VA", 44 },   { "LE", 1 },    { "DF", 0 },    { "ef", 46 },   { "af31", 26 }, { "0x2e", 46 }, { "056", 46 },
        { "63", 63 } };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct longhaul_leg leg = plain(), again = plain();
        again.tos = 3;
        bool is_name = names[i].name[0] > '9';
        CHECK(longhaul_leg_set(&leg, "dscp", names[i].name, NULL) == 0 && leg.tos == names[i].dscp << 2 &&
                  (!is_name || (longhaul_leg_set(&again, "tos", names[i].name, NULL) == 0 && again.tos == leg.tos)),
              "dscp %s is %u", names[i].name, names[i].dscp);
    }
}

static void test_checks(void)
{
    struct longhaul_leg leg;
    struct longhaul_error err;
#define REFUSED(change, what) \
    leg = plain(); \
    memset(&err, 0, sizeof err); \
    change; \
    CHECK(longhaul_leg_check(&leg, &err) == LONGHAUL_EINVAL && err.text[0], "%s: %s", what, err.text)
    REFUSED(strcpy(leg.source, "a/b"), "a source with a slash");
    REFUSED(leg.destination[0] = 0, "no destination");
    REFUSED(strcpy(leg.destination, "HK"), "a leg to itself");
    REFUSED(strcpy(leg.peer, "-x"), "a peer like a flag");
    REFUSED(strcpy(leg.peer, "a b"), "a peer with a blank");
    REFUSED(leg.interval_s = 0.01, "an interval too short");
    REFUSED(leg.interval_s = 1.0 / 0.0, "an endless interval");
    REFUSED(leg.duration_s = 31536001, "more than a year");
    REFUSED(leg.datagram_bytes = 15, "a datagram too small");
    REFUSED(leg.datagram_bytes = 65508, "a datagram too large");
    REFUSED(leg.n_streams = 129, "too many streams");
    REFUSED(leg.family = 5, "an invalid family");
    REFUSED(leg.protocol = (enum longhaul_protocol)2, "an invalid protocol");
    REFUSED(strcpy(leg.congestion, "cubic"), "a congestion control for UDP");
    REFUSED((leg.protocol = LONGHAUL_PROTOCOL_TCP, strcpy(leg.congestion, "cu bic")),
            "a congestion control with a blank");
    REFUSED((leg.protocol = LONGHAUL_PROTOCOL_TCP, memset(leg.congestion, 'a', sizeof leg.congestion)),
            "a congestion control too long");
    REFUSED((leg.protocol = LONGHAUL_PROTOCOL_TCP, leg.datagram_bytes = 1048577), "writes too large");
    REFUSED(leg.mss_bytes = 1400, "a maximum segment size for UDP");
    REFUSED((leg.protocol = LONGHAUL_PROTOCOL_TCP, leg.mss_bytes = 20), "a maximum segment size too small");
    REFUSED(strcpy(leg.bind_device, "a/b"), "an interface with a slash");
    REFUSED(strcpy(leg.bind_device, "a b"), "an interface with a blank");
    REFUSED(strcpy(leg.bind_device, ".."), "an interface that is a folder");
    REFUSED(memset(leg.bind_device, 'a', sizeof leg.bind_device), "an interface too long");
    leg = plain();
    leg.protocol = LONGHAUL_PROTOCOL_TCP;
    leg.datagram_bytes = 1048576;
    strcpy(leg.congestion, "bbr2");
    CHECK(longhaul_leg_check(&leg, NULL) == 0, "a TCP leg is good");
    leg = plain();
    CHECK(longhaul_leg_check(&leg, NULL) == 0 && leg.port == 0, "a good leg is good, and is left as it is");
}

int main(void)
{
    test_defaults();
    test_total();
    test_rates();
    test_durations();
    test_names();
    test_set();
    test_dscp();
    test_checks();
    return CHECK_DONE();
}
