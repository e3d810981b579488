/* events.h - what the searches for events share. */
#ifndef EVENTS_H
#define EVENTS_H

#include "analysis/analysis.h"

/* In event_list.mark: an interval in an outage, or the one that tells what it lost, or in a pause that the sender made
 * up for. */
enum { EVENTS_DARK = 1 };

/* events_outage.c: outages, pauses of the sender, silent control connections; fills mark. */
bool events_find_outages(const struct longhaul_analysis *analysis, double pace, struct event_list *list);
/* events_loss.c: loss and rate caps, and the figures of the usual loss. pace: packets a second, NAN when unknown. */
bool events_find_loss(struct longhaul_analysis *analysis, double pace, struct event_list *list);
/* events_jitter.c, events_rate.c; room: for 2 n doubles. */
bool events_find_jitter(const struct view *view, double *room, struct event_list *list);
bool events_find_rate(const struct longhaul_analysis *analysis, double *room, struct event_list *list);

/* events_delay.c: queues, routes and silences; the last of the searches, since it marks intervals whose delay is not a
 * queue's. A silence takes the place of the loss that it explains. room: for 2 n doubles. */
bool events_find_delays(const struct view *view, double *room, struct event_list *list);

/* events_flows.c: of a leg with several flows, after the other searches: which events are confined to some flows, and
 * events of single flows. */
bool events_find_flows(const struct view *view, struct event_list *list);

/* events_cause.c: fills causes. */
void events_find_causes(const struct longhaul_analysis *analysis, struct event_list *list);

/* An event of the intervals first..last. */
struct longhaul_event events_between(const struct view *view, enum longhaul_event_kind kind, size_t first, size_t last);
/* The interval in which a time lies, or the nearest one; there is at least one. */
size_t events_row_at(const struct view *view, double at_s);
double events_peak_loss(const struct view *view, size_t first, size_t last);

#endif
