/* test_engine_setup.c - how often a sender of libiperf looks for what is due: four times for each datagram, but not
 * more often than libiperf does by itself, and each 10 ms at least. */

#include "check.h"

#ifdef LONGHAUL_HAVE_IPERF
#include <iperf_api.h>

#include "engine/engine_setup.h"

static int pace_us(struct longhaul_leg leg)
{
    leg.duration_s = 60;
    leg.interval_s = 1;
    struct engine_params params = { .leg = &leg, .duration_s = 60, .connect_ms = 1000 };
    struct iperf_test *t = engine_setup(&params, "127.0.0.1");
    int us = t ? iperf_get_test_pacing_timer(t) : -1;
    if (t)
        iperf_free_test(t);
    return us;
}

int main(void)
{
    const struct { const char *what; struct longhaul_leg leg; int us; } cases[] = {
        { "10 Mbit/s", { .rate_bps = 10000000, .datagram_bytes = 1386 }, 1000 },
        { "1 Mbit/s", { .rate_bps = 1000000, .datagram_bytes = 1250 }, 2500 },
        { "1 Mbit/s, pulled",
          { .rate_bps = 1000000, .datagram_bytes = 1250, .direction = LONGHAUL_DIRECTION_PULL },
          2500 },
        { "1 Mbit/s of datagrams that fit the path", { .rate_bps = 1000000 }, 2400 },
        { "16 flows of 8 Mbit/s together", { .rate_bps = 8000000, .datagram_bytes = 1000, .n_flows = 16 }, 4000 },
        { "4 streams of 1 Mbit/s each", { .rate_bps = 1000000, .datagram_bytes = 1000, .n_streams = 4 }, 2000 },
        { "10 kbit/s", { .rate_bps = 10000, .datagram_bytes = 1250 }, 10000 },
        { "no limit", { .rate_bps = LONGHAUL_RATE_UNLIMITED, .datagram_bytes = 1250 }, 1000 },
        { "TCP, as libiperf", { .rate_bps = 1000000, .protocol = LONGHAUL_PROTOCOL_TCP }, 1000 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int us = pace_us(cases[i].leg);
        CHECK(us == cases[i].us, "%s: every %d us (%d)", cases[i].what, cases[i].us, us);
    }
    return CHECK_DONE();
}
#else
int main(void)
{
    printf("skip - how often a sender looks: built without libiperf\n");
    return 0;
}
#endif
