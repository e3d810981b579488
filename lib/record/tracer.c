/* tracer.c - traces the route of a leg's sessions. Writes no record, and decides nothing about when. */

#include "record/tracer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "host/address.h"

void tracer_init(struct tracer *t, bool is_tcp, bool may_share, uint16_t control_port)
{
    *t = (struct tracer){ .is_tcp = is_tcp, .may_share = may_share, .control_port = control_port };
}

static void end_prober(struct tracer *t)
{
    hops_free(t->hops);
    t->hops = NULL;
    t->why = TRACE_NONE;
}

void tracer_clear(struct tracer *t)
{
    end_prober(t);
    free(t->flows);
    t->flows = NULL;
}

/* ---- flows */

static bool take_end(const json_t *stream, const char *host_key, const char *port_key, struct sockaddr_storage *address,
                     socklen_t *size)
{
    json_int_t port = json_integer_value(json_object_get(stream, port_key));
    *size = address_parse(json_string_value(json_object_get(stream, host_key)), address);
    if (*size == 0 || port <= 0 || port > UINT16_MAX)
        return false;
    address_set_port(address, (uint16_t)port);
    return true;
}

static bool take_flow(const struct tracer *t, const json_t *stream, struct hops_flow *flow)
{
    socklen_t size;
    *flow = (struct hops_flow){ .is_tcp = t->is_tcp };
    snprintf(flow->device, sizeof flow->device, "%s", t->device ? t->device : "");
    return take_end(stream, "local_host", "local_port", &flow->local, &flow->size) &&
           take_end(stream, "remote_host", "remote_port", &flow->peer, &size) && size == flow->size;
}

/* The number of flows, 0 if not all of them can be read. */
static size_t take_flows(struct tracer *t, const json_t *start)
{
    const json_t *connected = json_object_get(start, "connected");
    size_t n = json_array_size(connected);
    n = n < FLOWS_MAX ? n : FLOWS_MAX;
    free(t->flows);
    t->flows = n ? calloc(n, sizeof *t->flows) : NULL;
    for (size_t i = 0; t->flows && i < n; i++)
        if (!take_flow(t, json_array_get(connected, i), &t->flows[i]))
            return 0;
    return t->flows ? n : 0;
}

/* ---- sessions */

void tracer_start(struct tracer *t, const json_t *start, int64_t now_ns)
{
    size_t n = take_flows(t, start);
    end_prober(t);
    t->is_running = false;
    t->lack[0] = 0;
    if (n == 0 || address_is_near((const struct sockaddr *)&t->flows[0].peer))
        return;
    uint16_t port = t->control_port ? t->control_port : address_port(&t->flows[0].peer);
    t->hops = hops_new(&t->flows[0], port, t->may_share, t->lack, sizeof t->lack);
    if (t->hops == NULL)
        return;
    t->is_running = true;
    trace_plan_begin(&t->plan, n, now_ns);
}

void tracer_note(struct tracer *t, enum trace_why here, size_t here_flow, struct trouble_hearer *hearer, int64_t now_ns)
{
    size_t there_flow;
    enum trace_why there = trouble_hearer_now(hearer, &there_flow, now_ns);
    if (!t->is_running)
        return;
    if (here == TRACE_NONE && there == TRACE_NONE)
        trace_plan_quiet(&t->plan);
    else
        trace_plan_trouble(&t->plan, there >= here ? there : here, there >= here ? there_flow : here_flow);
}

/* A prober without privileges has the flow's port, which the next session may need. */
const struct hops_route *tracer_stop(struct tracer *t, int64_t now_ns)
{
    const struct hops_route *watched = t->hops && t->why == TRACE_NONE ? hops_watched(t->hops, now_ns) : NULL;
    t->is_running = false;
    return watched && watched->n > 0 ? watched : NULL;
}

static void begin_trace(struct tracer *t, int64_t now_ns)
{
    if (hops_has_changed(t->hops))
        trace_plan_change(&t->plan, t->flow);
    t->why = trace_plan_take(&t->plan, &t->flow, now_ns);
    if (t->why != TRACE_NONE)
        hops_trace(t->hops, &t->flows[t->flow], t->why == TRACE_LOSS);
}

bool tracer_tend(struct tracer *t, int64_t now_ns, int64_t *next_ns)
{
    bool has_ended = false;
    *next_ns = INT64_MAX;
    if (t->hops == NULL)
        return false;
    if (!t->is_running && (t->why == TRACE_NONE || hops_by(t->hops) == HOPS_BY_ERRORS)) {
        end_prober(t);
        return false;
    }
    if (t->is_running && t->why == TRACE_NONE)
        begin_trace(t, now_ns);
    if (hops_tend(t->hops, now_ns, next_ns) && t->why != TRACE_NONE) {
        has_ended = true;
        t->ended_why = t->why;
        t->why = TRACE_NONE;
    }
    int64_t due_ns = t->is_running && t->why == TRACE_NONE ? trace_plan_due_ns(&t->plan) : INT64_MAX;
    *next_ns = due_ns < *next_ns ? due_ns : *next_ns;
    return has_ended;
}

bool tracer_is_worth(const struct hops_route *route)
{
    return route && route->n > 0;
}
