/* path_mtu.c - finds the largest packet that reaches the peer without fragmentation: a binary search that uses what
 * routers report, and also works if they report nothing. path_mtu_probe sends the probes. */

#include "path/path_mtu_probe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "model/formula.h"

#define SMALLEST_IPV4 128
#define SMALLEST_IPV6 1280 /* every IPv6 link carries this size: RFC 8200, 5 */
#define TRIES 3            /* a probe may be lost by chance */
#define REFUSALS 8
/* Replies that count: a server that gives up resets all waiting clients, once in ten seconds (iperf3 3.18). */
#define RESETS 2
#define PAUSE_NS 250000000L
#define LARGER_BYTES 600   /* above an MTU: certainly one more fragment */

struct search {
    struct mtu_probe *probe;
    enum mtu_method method;
    int wait_ms;
    int arrived; /* the largest size that arrived */
    int failed;  /* the smallest size that did not arrive */
    int vanished; /* the smallest size that did not arrive and was not reported; 0 if none exists */
    char router[64];
};

/* Replies to UDP are ICMP errors, of which a host sends one a second (Linux's icmp_ratelimit). */
static int wait_of(enum mtu_method method, double rtt_ms)
{
    double least = method == MTU_ICMP ? 300 : 1200;
    return (int)fmin(fmax(least, isnan(rtt_ms) ? 1000 : 4 * rtt_ms + 100), 4000);
}

static enum mtu_answer try_size(struct search *s, int bytes, bool may_fragment, int *mtu, char router[64])
{
    enum mtu_answer answer = MTU_SILENT;
    for (int tries = 0, refused = 0, resets = 0; tries < TRIES && refused < REFUSALS && answer == MTU_SILENT;) {
        answer = mtu_probe_send(s->probe, bytes, may_fragment, s->wait_ms, mtu, router);
        if (answer == MTU_RESET) {
            answer = ++resets == RESETS ? MTU_ARRIVED : MTU_SILENT;
        } else if (answer == MTU_NO_PROBE && *mtu == 0 &&
                   s->method == MTU_TCP) { /* a libiperf server that turned a client away does not listen for some ms */
            answer = MTU_SILENT;
            refused++;
            nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
        } else {
            tries++;
        }
    }
    return answer;
}

/* One step. Returns the size reported as fitting, if it is worth a try; else 0. */
static int step(struct search *s, int bytes)
{
    char router[64] = "";
    int mtu = 0;
    enum mtu_answer answer = try_size(s, bytes, false, &mtu, router);
    if (answer == MTU_ARRIVED) {
        s->arrived = bytes;
        return 0;
    }
    if (bytes < s->failed)
        s->failed = bytes;
    if (answer == MTU_SILENT && (s->vanished == 0 || bytes < s->vanished))
        s->vanished = bytes;
    if (*router)
        snprintf(s->router, sizeof s->router, "%s", router);
    return mtu > s->arrived && mtu < s->failed ? mtu : 0;
}

/* Tries a size that a router reported first; if it arrives, one byte more is known to be too much. */
static void narrow(struct search *s)
{
    int said = step(s, s->failed - 1);
    while (s->failed - s->arrived > 1) {
        int bytes = said ? said : s->arrived + (s->failed - s->arrived) / 2;
        bool is_said = said > 0;
        said = step(s, bytes);
        if (is_said && s->arrived == bytes && s->vanished == 0)
            break;
    }
}

/* If packets are lost at random, three of one size can be lost: the largest size is tried again before it counts as
 * vanishing. */
static void doubt(struct search *s, int top)
{
    int vanished = s->vanished;
    if (vanished == 0)
        return;
    s->vanished = 0;
    step(s, top);
    if (s->arrived == top)
        s->router[0] = 0;
    else
        s->vanished = vanished < top || s->vanished ? vanished : 0;
}

/* Tests whether a datagram that must be fragmented arrives. */
static double try_fragments(struct search *s, int mtu_bytes)
{
    char router[64];
    int mtu;
    if (s->method == MTU_TCP)
        return NAN;
    int bytes = mtu_bytes + LARGER_BYTES < FORMULA_PACKET_MAX ? mtu_bytes + LARGER_BYTES : FORMULA_PACKET_MAX;
    enum mtu_answer answer = bytes > mtu_bytes ? try_size(s, bytes, true, &mtu, router) : MTU_NO_PROBE;
    return answer == MTU_ARRIVED ? 1 : answer == MTU_SILENT ? 0 : NAN;
}

/* The first method with which a small packet is answered. */
static bool find_method(const struct path_ends *ends, enum path_reach tcp, double rtt_ms, struct search *s,
                        char *why, size_t size)
{
    int smallest = ends->family == AF_INET6 ? SMALLEST_IPV6 : SMALLEST_IPV4, mtu;
    char router[64], reason[100] = "";
    snprintf(why, size, "no probe is answered, by ICMP, UDP or TCP");
    for (int method = MTU_ICMP; method < MTU_N_METHODS; method++) {
        if (method == MTU_TCP && tcp != PATH_REACH_OPEN)
            continue;
        s->method = (enum mtu_method)method;
        s->wait_ms = wait_of(s->method, rtt_ms);
        s->probe = mtu_probe_new(ends, s->method, reason, sizeof reason);
        if (s->probe && try_size(s, smallest, false, &mtu, router) == MTU_ARRIVED) {
            s->arrived = smallest;
            *why = 0;
            return true;
        }
        mtu_probe_free(s->probe);
        s->probe = NULL;
    }
    return false;
}

void path_mtu_search(const struct path_ends *ends, enum path_reach tcp, double mtu_bytes, double rtt_ms,
                     struct path_mtu *out)
{
    struct search s = { .probe = NULL };
    *out = (struct path_mtu){ .bytes = NAN, .probed_bytes = NAN, .fragments_pass = NAN };
    int top = isnan(mtu_bytes) ? 1500 : (int)fmin(mtu_bytes, FORMULA_PACKET_MAX), most = 0;
    char router[64];
    if (!find_method(ends, tcp, rtt_ms, &s, out->why, sizeof out->why))
        return;
    /* A peer's MSS can keep TCP from sending packets as large as the interface allows. */
    if (s.method == MTU_TCP && mtu_probe_send(s.probe, top, false, s.wait_ms, &most, router) == MTU_NO_PROBE &&
        most > 0)
        top = most;
    s.failed = top + 1;
    narrow(&s);
    doubt(&s, top);
    out->bytes = s.arrived;
    out->probed_bytes = top;
    out->is_black_hole = s.arrived < top && s.vanished > 0;
    snprintf(out->router, sizeof out->router, "%s", s.router);
    snprintf(out->method, sizeof out->method, "%s", mtu_probe_text(s.method));
    out->fragments_pass = try_fragments(&s, s.arrived);
    mtu_probe_free(s.probe);
}
