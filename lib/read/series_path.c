/* series_path.c - what longhaul measured during a test: round trips, and what the writer's host itself dropped. */

#include "read/series.h"

#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "host/host_json.h"
#include "read/series_inside.h"

#define MOST_START_S 315576000.0 /* ten years */
#define MOST_RTT_MS 86400000.0   /* a day */

static void add_rtt(struct longhaul_series *s, double start_s, double rtt_ms)
{
    bool is_full = s->n_rtt >= SERIES_RTT_MAX;
    struct longhaul_rtt_sample *grown = is_full ? NULL : realloc(s->rtt, (s->n_rtt + 1) * sizeof *grown);
    s->has_failed = s->has_failed || (grown == NULL && !is_full);
    if (grown == NULL)
        return;
    s->rtt = grown;
    grown[s->n_rtt++] = (struct longhaul_rtt_sample){ .start_s = start_s, .rtt_ms = rtt_ms };
}

const struct longhaul_rtt_sample *longhaul_series_rtt(const struct longhaul_series *s, size_t *n)
{
    *n = s->n_rtt;
    return s->rtt;
}

static void set_host_drops(struct longhaul_series *s, const struct longhaul_host_drops *drops)
{
    s->host_drops = *drops;
    s->has_host_drops = true;
}

const struct longhaul_host_drops *longhaul_series_host_drops(const struct longhaul_series *s)
{
    return s->has_host_drops ? &s->host_drops : NULL;
}

void series_set_receiver_drops(struct longhaul_series *s, const struct longhaul_host_drops *drops)
{
    s->receiver_drops = *drops;
    s->has_receiver_drops = true;
}

const struct longhaul_host_drops *series_receiver_drops(const struct longhaul_series *s)
{
    return s->has_receiver_drops ? &s->receiver_drops : NULL;
}

/* Ignores what cannot be a measurement: negative or endless times, or another type in place of a number. */
void series_take_rtt_numbers(struct longhaul_series *s, double start_s, double rtt_ms)
{
    if (fabs(start_s) <= MOST_START_S && rtt_ms >= 0 && rtt_ms <= MOST_RTT_MS)
        add_rtt(s, start_s, rtt_ms);
}

static void take_sample(struct longhaul_series *s, const json_t *at_s, const json_t *ms)
{
    double start_s = number_in(at_s);
    if (!json_is_null(ms))
        series_take_rtt_numbers(s, start_s, number_in(ms));
    else if (fabs(start_s) <= MOST_START_S)
        add_rtt(s, start_s, NAN);
}

static void take_method(struct longhaul_series *s, const json_t *method)
{
    const char *text = json_string_value(method);
    if (text && (strcmp(text, "icmp") == 0 || strcmp(text, "tcp") == 0))
        strcpy(s->rtt_method, text);
}

void series_take_rtt_entry(struct longhaul_series *s, const json_t *entry)
{
    take_sample(s, json_array_get(entry, 0), json_array_get(entry, 1));
}

void series_take_rtt(struct longhaul_series *s, json_t *sample)
{
    take_sample(s, json_object_get(sample, "at_s"), json_object_get(sample, "ms"));
    take_method(s, json_object_get(sample, "method"));
}

/* A journal has the counters themselves. If the run was resumed, only the last part is known yet; the result will have
 * the sum. */
void series_take_host(struct longhaul_series *s, json_t *reading)
{
    const char *when = json_string_value(json_object_get(reading, "when"));
    struct longhaul_host_drops now = host_json_drops_of(json_object_get(json_object_get(reading, "facts"), "drops"));
    if (when && strcmp(when, "start") == 0) {
        s->host_before = now;
        s->has_host_before = true;
    } else if (when && s->has_host_before) {
        now = host_drops_between(&s->host_before, &now);
        set_host_drops(s, &now);
    }
}

void series_take_path(struct longhaul_series *s, const json_t *longhaul)
{
    const json_t *drops = json_object_get(json_object_get(longhaul, "host"), "drops");
    take_method(s, json_object_get(longhaul, "rtt_method"));
    if (json_is_object(drops)) {
        struct longhaul_host_drops sum = host_json_drops_of(drops);
        set_host_drops(s, &sum);
    }
}
