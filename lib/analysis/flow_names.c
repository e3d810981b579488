/* flow_names.c - the flows of an event, and of a leg, for people and programs. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/json_make.h"

bool flows_have_one_source(const struct longhaul_flow *flows, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (flows[i].source_port != flows[0].source_port)
            return false;
    return n > 1;
}

static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...)
{
    size_t n = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + n, size - n, format, args);
    va_end(args);
}

static size_t ports_of(const struct longhaul_event *e)
{
    size_t n = 0;
    while (n < LONGHAUL_EVENT_PORTS && e->flow_ports[n] != 0)
        n++;
    return n;
}

void longhaul_event_flows_text(const struct longhaul_event *e, char *text, size_t size)
{
    size_t n = ports_of(e);
    if (size > 0)
        *text = 0;
    if (size == 0 || e->n_flows == 0)
        return;
    append(text, size, "%u of %u flows", e->n_flows_affected, e->n_flows);
    if (n > 0)
        append(text, size, " (%s port%s ", e->is_flow_destination ? "destination" : "source", n > 1 ? "s" : "");
    for (size_t i = 0; i < n; i++)
        append(text, size, "%s%u", i > 0 ? ", " : "", e->flow_ports[i]);
    if (n > 0 && e->n_flows_affected > n)
        append(text, size, " and %zu more", (size_t)e->n_flows_affected - n);
    if (n > 0)
        append(text, size, ")");
}

json_t *flows_event_object(const struct longhaul_event *e)
{
    json_t *o = json_object(), *ports = json_array();
    for (size_t i = 0; i < ports_of(e); i++)
        json_array_append_new(ports, json_integer(e->flow_ports[i]));
    json_object_set_new(o, "affected", json_integer(e->n_flows_affected));
    json_object_set_new(o, "of", json_integer(e->n_flows));
    json_object_set_new(o, e->is_flow_destination ? "destination_ports" : "source_ports", ports);
    return o;
}

static json_t *port_or_null(uint16_t port)
{
    return port ? json_integer(port) : json_null();
}

json_t *flows_array(const struct longhaul_analysis *a)
{
    json_t *array = json_array();
    for (size_t i = 0; i < a->n_flows; i++) {
        const struct longhaul_flow *f = &a->flows[i];
        json_t *o = json_object();
        json_object_set_new(o, "source_port", port_or_null(f->source_port));
        json_object_set_new(o, "destination_port", port_or_null(f->destination_port));
        json_object_set_new(o, "packets", json_make_number(f->packets));
        json_object_set_new(o, "lost_packets", json_make_number(f->lost_packets));
        json_object_set_new(o, "loss_percent",
                            json_make_number(f->packets > 0 ? 100 * f->lost_packets / f->packets : NAN));
        json_object_set_new(o, "loss_runs", json_make_number(f->loss_runs));
        json_object_set_new(o, "silences", json_make_number(f->silences));
        json_object_set_new(o, "out_of_order_packets", json_make_number(f->out_of_order_packets));
        json_object_set_new(o, "duplicate_packets", json_make_number(f->duplicate_packets));
        json_array_append_new(array, o);
    }
    return array;
}

bool flows_keep(struct longhaul_analysis *a, const struct longhaul_series *series)
{
    const struct longhaul_flow *flows = longhaul_series_flows(series, &a->n_flows);
    if (a->n_flows == 0)
        return true;
    a->flows = malloc(a->n_flows * sizeof *flows);
    if (a->flows)
        memcpy(a->flows, flows, a->n_flows * sizeof *flows);
    return a->flows != NULL;
}

const struct longhaul_flow *longhaul_analysis_flows(const struct longhaul_analysis *a, size_t *n)
{
    *n = a->n_flows;
    return a->flows;
}
