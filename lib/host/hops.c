/* hops.c - a prober's life: traces when they are asked for, the watch between them. Packets, sockets and counts are in
 * hops_*.c. */

#include "host/hops.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "host/hops_state.h"
#include "host/hops_trace.h"
#include "host/hops_wire.h"

#define LOOK_NS (25 * NS_PER_MS) /* while a trace waits for answers */

/* What is lacking, when even errors cannot be used. */
static void say_why(int saved, bool is_tcp, bool may_share, char *why, size_t size)
{
    if (saved == EPERM || saved == EACCES)
        snprintf(why, size, "CAP_NET_RAW is lacking%s",
                 is_tcp      ? ", without which TCP cannot be traced"
                 : may_share ? ""
                             : ", and the flow's port is not shared");
    else
        snprintf(why, size, "no raw socket: %s", strerror(saved));
}

bool hops_may_be_raw(void)
{
    int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    bool may = fd >= 0;
    descriptor_close(&fd);
    return may;
}

struct hops *hops_new(const struct hops_flow *flow, uint16_t control_port, bool may_share, char *why, size_t size)
{
    struct hops *h = calloc(1, sizeof *h);
    if (h == NULL || !hops_ends_take(&h->ends, flow)) {
        snprintf(why, size, "%s", h ? "the flow's addresses are not of one family" : "out of memory");
        free(h);
        return NULL;
    }
    h->is_tcp = flow->is_tcp;
    h->control_port = control_port;
    h->by = HOPS_BY_RAW;
    hops_places_begin(&h->places, true);
    if (hops_wire_open(h))
        return h;
    int saved = errno;
    h->by = HOPS_BY_ERRORS;
    if (!flow->is_tcp && may_share && hops_wire_open(h))
        return h;
    say_why(saved, flow->is_tcp, may_share, why, size);
    free(h);
    return NULL;
}

void hops_free(struct hops *h)
{
    if (h)
        hops_wire_close(h);
    free(h);
}

enum hops_by hops_by(const struct hops *h)
{
    return h->by;
}

ssize_t hops_read(struct hops *h, void *bytes, size_t size)
{
    if (h->by == HOPS_BY_ERRORS && h->is_open)
        return hops_errors_read(&h->errors, bytes, size);
    errno = EAGAIN;
    return -1;
}

void hops_trace(struct hops *h, const struct hops_flow *flow, bool is_for_loss)
{
    struct hops_ends ends;
    if (h->stage != HOPS_IDLE || !hops_ends_take(&ends, flow))
        return;
    /* What a filter has refused it would refuse for other ports, too, and disturb each session once. */
    if (memcmp(ends.peer, h->ends.peer, sizeof ends.peer) != 0)
        h->refused = 0;
    if (memcmp(&ends, &h->ends, sizeof ends) != 0 || flow->is_tcp != h->is_tcp) {
        hops_wire_close(h);
        h->ends = ends;
        h->is_tcp = flow->is_tcp;
        h->watch = (struct hops_watch){ 0 };
        hops_places_begin(&h->places, true);
    }
    h->is_for_loss = is_for_loss;
    h->stage = HOPS_BEGIN;
}

/* ---- the watch */

static void step_watch(struct hops *h, int64_t now_ns)
{
    uint32_t ttl = now_ns < h->watch_due_ns ? 0 : hops_watch_next(&h->watch);
    if (ttl == 0)
        return;
    enum hops_shape shape = h->watch.hop[ttl - 1].shape;
    if (h->refused == 0 || ttl < h->refused)
        hops_wire_send(h, HOPS_FOR_WATCH, shape, ttl);
    h->watch_due_ns = now_ns + HOPS_WATCH_NS;
}

bool hops_has_changed(struct hops *h)
{
    bool has_changed = h->watch.has_changed;
    h->watch.has_changed = false;
    return has_changed;
}

/* ---- both */

bool hops_tend(struct hops *h, int64_t now_ns, int64_t *next_ns)
{
    hops_wire_take(h, now_ns);
    bool has_ended = hops_trace_step(h, now_ns);
    if (h->stage == HOPS_IDLE && h->watch.is_on)
        step_watch(h, now_ns);
    *next_ns = h->stage != HOPS_IDLE ? now_ns + LOOK_NS : h->watch.is_on ? h->watch_due_ns : INT64_MAX;
    return has_ended;
}

const struct hops_route *hops_route(const struct hops *h)
{
    return h->has_route ? &h->route : NULL;
}

const struct hops_route *hops_watched(struct hops *h, int64_t now_ns)
{
    if (!h->watch.is_on || h->stage != HOPS_IDLE) /* a trace that runs keeps its counts there */
        return NULL;
    h->watched = hops_trace_nothing(h, now_ns);
    hops_watch_fill(&h->watch, &h->watched);
    for (size_t i = 0; i < h->watched.n && i < h->route.n; i++)
        memcpy(h->watched.hop[i].address, h->route.hop[i].address, sizeof h->watched.hop[i].address);
    return &h->watched;
}
