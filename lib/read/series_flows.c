/* series_flows.c - the flows of a test with several: sums of each, and what was not well with which. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "model/flow.h"
#include "read/series.h"
#include "read/series_inside.h"

#define MOST_PACKETS 1e12f
#define MOST_US 1e10f /* three hours */
#define MOST_TROUBLES (4u << 20) /* a day in which each of 48 flows loses something each second */

const struct longhaul_flow *longhaul_series_flows(const struct longhaul_series *s, size_t *n)
{
    *n = s->flows.n;
    return s->flows.flow;
}

const struct longhaul_flow_trouble *longhaul_series_flow_troubles(const struct longhaul_series *s, size_t *n)
{
    *n = s->flows.n_troubles;
    return s->flows.trouble;
}

void series_forget_flows(struct longhaul_series *s)
{
    for (size_t i = 0; i < s->flows.n; i++)
        s->flows.flow[i] = (struct longhaul_flow){ .source_port = s->flows.flow[i].source_port,
                                                   .destination_port = s->flows.flow[i].destination_port };
    s->flows.n_troubles = 0;
}

void series_free_flows(struct longhaul_series *s)
{
    json_decref(s->flows.connected);
    free(s->flows.flow);
    free(s->flows.trouble);
}

/* Makes them n. */
static bool have_flows(struct series_flows *f, size_t n)
{
    struct longhaul_flow *grown = n <= f->n ? f->flow : n > FLOWS_MAX ? NULL : realloc(f->flow, n * sizeof *grown);
    if (grown == NULL)
        return false;
    if (n > f->n)
        memset(grown + f->n, 0, (n - f->n) * sizeof *grown);
    f->flow = grown;
    f->n = n > f->n ? n : f->n;
    return true;
}

/* ---- ports */

static uint16_t port_of(const json_t *connected, const char *key)
{
    double port = number_of(connected, key);
    return port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0;
}

void series_take_flows(struct longhaul_series *s, const json_t *longhaul)
{
    double n = number_of(longhaul, "flows");
    const char *role = json_string_value(json_object_get(longhaul, "role"));
    if (!(n >= 2 && n <= FLOWS_MAX) || !have_flows(&s->flows, (size_t)n))
        return;
    s->flows.is_sender = role && strcmp(role, "sender") == 0;
    series_take_ports(s, NULL);
}

void series_take_ports(struct longhaul_series *s, const json_t *start)
{
    const json_t *connected = json_object_get(start, "connected");
    if (start) {
        json_decref(s->flows.connected);
        s->flows.connected = json_incref((json_t *)(uintptr_t)connected);
    }
    for (size_t i = 0; i < s->flows.n; i++) {
        const json_t *stream = json_array_get(s->flows.connected, i);
        uint16_t local = port_of(stream, "local_port"), remote = port_of(stream, "remote_port");
        s->flows.flow[i].source_port = s->flows.is_sender ? local : remote;
        s->flows.flow[i].destination_port = s->flows.is_sender ? remote : local;
    }
}

/* ---- rows */

static const char *take_number(const char *at, const char *end, float *value)
{
    double magnitude = 0;
    bool is_negative = at < end && *at == '-';
    for (at += is_negative; at < end && number_is_digit(*at); at++)
        magnitude = magnitude * 10 + (*at - '0');
    *value = (float)fmin(is_negative ? -magnitude : magnitude, 1e18);
    return at;
}

/* The member of a letter (record/interval_flows.h); one of a later version is passed over. */
static float *member_of(struct longhaul_flow_trouble *t, char letter)
{
    static float passed_over;
    switch (letter) {
    case 'l': return &t->lost_packets;
    case 'r': return &t->loss_runs;
    case 'g': return &t->longest_run;
    case 'o': return &t->out_of_order_packets;
    case 'd': return &t->duplicate_packets;
    case 'p': return &t->p99_us;
    case 'm': return &t->max_us;
    case 'n': return &t->silences;
    case 's': return &t->silence_us;
    case 'b': return &t->shift_us;
    default: return &passed_over;
    }
}

static bool is_within(float value, float most)
{
    return isnan(value) || (value >= 0 && value <= most);
}

/* A flow can have lost no more than it sent, and a loss may be taken back; no time is above a delay's limit. */
static bool is_possible(const struct longhaul_flow_trouble *t)
{
    const float counts[] = { t->loss_runs, t->longest_run, t->out_of_order_packets, t->duplicate_packets, t->silences };
    bool is = fabsf(t->lost_packets) <= t->packets && t->packets <= MOST_PACKETS &&
              is_within(fabsf(t->shift_us), MOST_US);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        is = is && is_within(counts[i], fmaxf(t->packets, 1));
    return is && is_within(t->p99_us, MOST_US) && is_within(t->max_us, MOST_US) &&
           is_within(t->silence_us, MOST_US);
}

static void add_up(struct longhaul_flow *flow, const struct longhaul_flow_trouble *t, bool knows_loss)
{
    flow->packets += (double)t->packets;
    flow->lost_packets += knows_loss ? (double)t->lost_packets : NAN;
    flow->loss_runs += knows_loss ? (double)t->loss_runs : NAN;
    flow->silences += knows_loss ? (double)t->silences : NAN;
    flow->out_of_order_packets += knows_loss ? (double)t->out_of_order_packets : NAN;
    flow->duplicate_packets += knows_loss ? (double)t->duplicate_packets : NAN;
}

static void keep_trouble(struct series_flows *f, const struct longhaul_flow_trouble *trouble)
{
    if (f->n_troubles == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 64;
        struct longhaul_flow_trouble *grown =
            capacity > MOST_TROUBLES ? NULL : realloc(f->trouble, capacity * sizeof *grown);
        if (grown == NULL)
            return;
        f->trouble = grown;
        f->capacity = capacity;
    }
    f->trouble[f->n_troubles++] = *trouble;
}

void series_add_row_flows(struct longhaul_series *s, const char *text, size_t n, double start_s, double end_s,
                          bool knows_loss)
{
    const char *at = text, *end = text + n;
    /* A result says how many flows there are only after its intervals. */
    for (uint32_t i = 0; at < end && have_flows(&s->flows, i + 1); i++) {
        struct longhaul_flow_trouble t = { .start_s = start_s, .end_s = end_s, .flow = i, .p99_us = NAN,
                                           .max_us = NAN, .silence_us = NAN, .shift_us = NAN };
        bool is_known = number_is_digit(*at), has_trouble = false;
        at = is_known ? take_number(at, end, &t.packets) : at + (*at == '?');
        while (at < end && *at >= 'a' && *at <= 'z') {
            float *member = member_of(&t, *at);
            at = take_number(at + 1, end, member);
            has_trouble = true;
        }
        is_known = is_known && is_possible(&t);
        if (is_known)
            add_up(&s->flows.flow[i], &t, knows_loss);
        if (is_known && has_trouble)
            keep_trouble(&s->flows, &t);
        if (at == end || *at++ != ' ')
            return;
    }
}

/* ---- from the receiver's record */

void series_add_flows(struct longhaul_series *s, const struct longhaul_series *other, size_t *n_used, double start_s,
                      double end_s, double shift_s)
{
    for (; *n_used < other->flows.n_troubles && other->flows.trouble[*n_used].start_s < end_s; ++*n_used) {
        struct longhaul_flow_trouble t = other->flows.trouble[*n_used];
        if (t.start_s < start_s)
            continue;
        t.start_s += shift_s;
        t.end_s += shift_s;
        keep_trouble(&s->flows, &t);
    }
}

void series_set_flow_sums(struct longhaul_series *s, const struct longhaul_series *receiver)
{
    for (size_t i = 0; i < s->flows.n && i < receiver->flows.n; i++) {
        struct longhaul_flow flow = receiver->flows.flow[i];
        flow.source_port = s->flows.flow[i].source_port;
        flow.destination_port = s->flows.flow[i].destination_port;
        s->flows.flow[i] = flow;
    }
}
