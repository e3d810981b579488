/* longhaul/incident.h - incidents: one for each cause, from the events of all legs. */
#ifndef LONGHAUL_INCIDENT_H
#define LONGHAUL_INCIDENT_H
#include <longhaul/analysis.h>
LONGHAUL_BEGIN
/* What an incident has hit: one leg; both of a pair; legs that meet at a site; others, or all that were measured. */
enum longhaul_reach { LONGHAUL_REACH_LEG, LONGHAUL_REACH_PAIR, LONGHAUL_REACH_SITE, LONGHAUL_REACH_ALL };
/* An event of one of the tests. */
struct longhaul_incident_event { size_t test, event; };
struct longhaul_incident {
    size_t number; /* 1 for the gravest: most leg-seconds of data did not arrive, then legs, seconds */
    enum longhaul_event_kind kind;
    char cause[32];  /* as of its events; "" when unknown or different */
    double start_unix_s, start_s; /* median of its legs' first starts; NAN: unknown time of day; on the first's axis */
    double end_unix_s, seconds;   /* likewise of ends, where it goes on: the data's end; end less start */
    bool is_open;                 /* it goes on at the end of the data */
    enum longhaul_reach reach;
    char where[256]; /* "HK->WUS", "HK<->WUS", "WUS", "all" */
    const size_t *legs; /* n_legs tests, ascending */
    const struct longhaul_incident_event *events; /* n_events, by time, then leg */
    size_t n_legs, n_events;
    double lost_packets; /* sum over its events; NAN when any is unknown */
    double host_lost;    /* of these, by the receiving host's full buffers, as its counters tell; NAN when unknown */
    double down_s;       /* leg-seconds without data: of outages, and after an early end until the plan's */
    double level, usual; /* of the worst leg, as in struct longhaul_event */
    size_t count;        /* like bursts, on the leg that has most; 1 for a single one */
    double period_s;     /* of the bursts, NAN without one */
    char text[800];      /* one sentence, with its full stop */
};
struct longhaul_incidents;
/* Joins the events of n tests; needs no longhaul_analysis_relate(). The tests are borrowed until the incidents are
 * freed. longhaul-report(1) has the method. */
int longhaul_incidents_find(const struct longhaul_analysis *const *tests, size_t n, struct longhaul_incidents **out,
                            struct longhaul_error *err);
const struct longhaul_incident *longhaul_incidents_list(const struct longhaul_incidents *incidents, size_t *n);
/* The number of the incident that event k of a test belongs to; 0 for none. */
size_t longhaul_incidents_of(const struct longhaul_incidents *incidents, size_t test, size_t event);
/* Packets that were lost outside of incidents, over the tests whose loss is known; NAN where none is. */
double longhaul_incidents_lost_outside(const struct longhaul_incidents *incidents);
/* One line: "3 incidents; otherwise 0.0004 % lost". */
const char *longhaul_incidents_verdict(const struct longhaul_incidents *incidents);
void longhaul_incidents_free(struct longhaul_incidents *incidents);
const char *longhaul_reach_text(enum longhaul_reach reach); /* "leg", "pair", "site", "all" */
LONGHAUL_END
#endif
