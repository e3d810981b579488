/* hops_wire.c - sends a prober's probes and gives each answer to the probe that it quotes: to the search for the
 * distance, to the trace or to the watch. Decides nothing of when. */

#include "host/hops_wire.h"

#include <math.h>
#include <netinet/in.h>

#include "base/clock.h"
#include "host/hops_answer.h"

#define PATIENCE_NS NS_PER_S /* for an answer: at least, and three round trips */
#define PATIENCE_MAX_NS (3 * NS_PER_S)
#define SHORT_PATIENCE_NS (250 * NS_PER_MS) /* for who has answered already: at least, and four round trips */
#define MOST_AT_ONCE 64 /* answers: more wait for the next turn */

/* ---- sockets */

bool hops_wire_open(struct hops *h)
{
    h->is_open = h->by == HOPS_BY_RAW ? hops_raw_open(&h->raw, &h->ends) : hops_errors_open(&h->errors, &h->ends);
    return h->is_open;
}

void hops_wire_close(struct hops *h)
{
    if (!h->is_open)
        return;
    if (h->by == HOPS_BY_RAW)
        hops_raw_close(&h->raw);
    else
        hops_errors_close(&h->errors);
    h->is_open = false;
}

bool hops_wire_begin_distance(struct hops *h)
{
    if (h->by == HOPS_BY_ERRORS)
        return hops_errors_begin_distance(&h->errors, &h->ends);
    hops_raw_begin_label(&h->raw, &h->ends, h->is_tcp);
    return h->control_port != 0 && hops_raw_begin_distance(&h->raw, &h->ends, h->control_port);
}

void hops_wire_take_label(struct hops *h)
{
    if (h->by == HOPS_BY_RAW)
        hops_raw_take_label(&h->raw);
}

void hops_wire_end_distance(struct hops *h)
{
    hops_probes_drop(&h->probes, HOPS_FOR_DISTANCE);
    if (h->by == HOPS_BY_RAW)
        hops_raw_end_distance(&h->raw);
    else
        hops_errors_end_distance(&h->errors);
}

/* ---- probes */

static int64_t between(int64_t least, int64_t wanted, int64_t most)
{
    return wanted < least ? least : wanted > most ? most : wanted;
}

static int64_t patience_ns(const struct hops *h, const struct hops_probe *probe)
{
    bool is_for_distance = probe->use == HOPS_FOR_DISTANCE;
    /* Where one probe is open at a time, all others wait for it. */
    bool is_hurried =
        h->by == HOPS_BY_ERRORS && probe->use == HOPS_FOR_TRACE && !hops_places_are_new(&h->places, probe->ttl);
    if ((is_for_distance && h->search.high) || (is_hurried && h->rtt_ns))
        return between(SHORT_PATIENCE_NS, 4 * h->rtt_ns, PATIENCE_MAX_NS);
    if (is_for_distance && h->rtt_before_ns) /* it did answer once: is it there at all? */
        return between(2 * SHORT_PATIENCE_NS, 4 * h->rtt_before_ns, PATIENCE_MAX_NS);
    return between(PATIENCE_NS, 3 * h->rtt_ns, PATIENCE_MAX_NS);
}

static bool transmit(struct hops *h, const struct hops_probe *probe)
{
    bool is_for_distance = probe->use == HOPS_FOR_DISTANCE;
    struct hops_packet packet = { .is_tcp = is_for_distance || h->is_tcp,
                                  .shape = probe->shape,
                                  .ttl = probe->ttl,
                                  .id = probe->id,
                                  .label = h->raw.label,
                                  .source_port = is_for_distance ? h->raw.port : h->ends.local_port,
                                  .destination_port = is_for_distance ? h->control_port : h->ends.peer_port };
    return h->by == HOPS_BY_RAW ? hops_raw_send(&h->raw, &h->ends, &packet)
                                : hops_errors_send(&h->errors, h->ends.is_ipv6, is_for_distance, probe->ttl);
}

bool hops_wire_send(struct hops *h, enum hops_use use, enum hops_shape shape, uint32_t ttl)
{
    struct hops_probe *probe = hops_probes_add(&h->probes, use, shape, (uint8_t)ttl);
    if (probe == NULL)
        return false;
    probe->sent_ns = clock_boot_ns();
    probe->is_open = transmit(h, probe);
    h->n_used += use != HOPS_FOR_WATCH;
    return probe->is_open;
}

/* Without raw sockets one probe is open at a time, and the queue tells whose it is. */
static struct hops_probe *find_probe(struct hops *h, const struct hops_answer *answer)
{
    struct hops_probe *probe = hops_probes_find(&h->probes, answer->id);
    if (probe == NULL)
        return NULL;
    bool is_for_distance = probe->use == HOPS_FOR_DISTANCE;
    bool is_right = answer->is_tcp == (is_for_distance || h->is_tcp) &&
                    answer->source_port == (is_for_distance ? h->raw.port : h->ends.local_port) &&
                    answer->destination_port == (is_for_distance ? h->control_port : h->ends.peer_port);
    return is_right ? probe : NULL;
}

/* ---- answers */

static void take_distance(struct hops *h, const struct hops_answer *answer)
{
    if (answer->kind == HOPS_REACHED)
        hops_search_reached(&h->search, answer->ttl);
    else if (answer->kind == HOPS_EXCEEDED)
        hops_search_passed(&h->search);
    else
        hops_search_silent(&h->search);
}

static void take_trace(struct hops *h, const struct hops_probe *probe, const struct hops_answer *answer, double rtt_ms)
{
    char address[HOPS_ADDRESS_SIZE];
    if (answer->kind != HOPS_EXCEEDED)
        return;
    hops_address_text(h->ends.is_ipv6, answer->from, address);
    hops_places_answered(&h->places, probe->ttl, probe->shape, address, answer->labels, rtt_ms);
}

static void take_watch(struct hops *h, const struct hops_probe *probe, const struct hops_answer *answer)
{
    char address[HOPS_ADDRESS_SIZE];
    hops_address_text(h->ends.is_ipv6, answer->from, address);
    if (answer->kind == HOPS_EXCEEDED)
        hops_watch_answered(&h->watch, probe->ttl, address);
    else
        hops_watch_silent(&h->watch, probe->ttl);
    if (answer->kind == HOPS_REACHED || answer->kind == HOPS_UNREACHABLE)
        hops_watch_change(&h->watch);
}

static void take_answer(struct hops *h, struct hops_probe *probe, const struct hops_answer *answer)
{
    int64_t took_ns = answer->arrival_ns - probe->sent_ns;
    bool is_timed = answer->arrival_ns != 0 && took_ns >= 0;
    probe->is_open = false;
    if (is_timed && took_ns > h->rtt_ns)
        h->rtt_ns = took_ns;
    if (probe->use != HOPS_FOR_WATCH)
        h->answered_ns = answer->arrival_ns ? answer->arrival_ns : clock_boot_ns();
    if (answer->kind == HOPS_REFUSED && probe->use != HOPS_FOR_DISTANCE && (h->refused == 0 || probe->ttl < h->refused))
        h->refused = probe->ttl;
    if (probe->use == HOPS_FOR_DISTANCE)
        take_distance(h, answer);
    else if (probe->use == HOPS_FOR_TRACE)
        take_trace(h, probe, answer, is_timed ? (double)took_ns / NS_PER_MS : NAN);
    else
        take_watch(h, probe, answer);
}

static void take_raw_answers(struct hops *h)
{
    struct hops_answer answer;
    for (int i = 0; i < MOST_AT_ONCE && hops_raw_receive(&h->raw, &h->ends, &answer); i++) {
        struct hops_probe *probe = find_probe(h, &answer);
        if (probe)
            take_answer(h, probe, &answer);
    }
}

/* An answer to the trace's last probe that was given up, which another router than the one that is asked now has sent.
 * Then it is for nobody. */
static bool is_late(struct hops *h, const struct hops_probe *probe, const struct hops_answer *answer)
{
    char address[HOPS_ADDRESS_SIZE];
    uint8_t late_ttl = h->late_ttl;
    if (late_ttl == 0 || late_ttl == probe->ttl || probe->use != HOPS_FOR_TRACE)
        return false;
    hops_address_text(h->ends.is_ipv6, answer->from, address);
    if (!hops_places_have(&h->places, late_ttl, address) || hops_places_have(&h->places, probe->ttl, address))
        return false;
    h->late_ttl = 0;
    return true;
}

static void take_error_answers(struct hops *h)
{
    struct hops_answer answer;
    for (int is_for_distance = 0; is_for_distance < 2; is_for_distance++)
        for (int i = 0; i < MOST_AT_ONCE && hops_errors_receive(&h->errors, &h->ends, is_for_distance, &answer); i++) {
            struct hops_probe *probe =
                hops_probes_first(&h->probes, is_for_distance ? HOPS_FOR_DISTANCE : HOPS_FOR_TRACE);
            if (probe == NULL && !is_for_distance)
                probe = hops_probes_first(&h->probes, HOPS_FOR_WATCH);
            /* One that was sent before is an answer to a probe that was given up. */
            if (probe && (answer.arrival_ns == 0 || answer.arrival_ns >= probe->sent_ns) && !is_late(h, probe, &answer))
                take_answer(h, probe, &answer);
        }
}

static void give_up_old(struct hops *h, int64_t now_ns)
{
    for (size_t i = 0; i < HOPS_OPEN_MAX; i++) {
        struct hops_probe *probe = &h->probes.probe[i];
        if (!probe->is_open || now_ns - probe->sent_ns < patience_ns(h, probe))
            continue;
        probe->is_open = false;
        if (probe->use == HOPS_FOR_DISTANCE)
            hops_search_silent(&h->search);
        else if (probe->use == HOPS_FOR_WATCH)
            hops_watch_silent(&h->watch, probe->ttl);
        else
            h->late_ttl = probe->ttl;
    }
}

void hops_wire_take(struct hops *h, int64_t now_ns)
{
    if (h->is_open && h->by == HOPS_BY_RAW)
        take_raw_answers(h);
    else if (h->is_open)
        take_error_answers(h);
    give_up_old(h, now_ns);
}
