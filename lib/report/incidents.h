/* incidents.h - what the parts of the search for incidents share. */
#ifndef INCIDENTS_H
#define INCIDENTS_H

#include <longhaul.h>

/* One event of a leg, or a series of like ones. */
struct incident_part {
    size_t test;
    const struct longhaul_event *const *events; /* n, by time; of the test */
    size_t n;
    enum longhaul_event_kind kind;
    bool is_of_flows; /* LONGHAUL_SCOPE_FLOW */
    bool is_open, is_explained; /* is_explained: it comes with the other parts of its group */
    double start_s, end_s;      /* Unix time; on the test's axis where that is unknown */
    double lost;                /* NAN when unknown */
    double level, usual;        /* median of its events */
    double period_s;            /* NAN without one */
};

/* Incident k has the parts first[k] up to first[k + 1], one for each leg, and then those that it explains. */
struct incident_groups {
    struct incident_part *parts;
    size_t n_parts, *first, n;
};

/* incident_series.c: the parts of one test: its events, like short ones as one part each. Appends to parts, of which
 * there are at most as many as events, and orders room, which has a place for each event. */
size_t incident_series_of(size_t test, const struct longhaul_analysis *analysis, const struct longhaul_event **room,
                          struct incident_part *parts);
/* incident_join.c: joins parts of several tests that are one incident; orders them. False when out of memory. */
bool incident_join(const struct longhaul_analysis *const *tests, struct incident_groups *groups);
/* incident_sites.c: how many tests begin and end at each site. False when out of memory. */
struct incident_sites {
    const char **from, **to, **within; /* names, sorted: of each test's ends; of tests from a site to itself */
    size_t n, n_within;
};
bool incident_sites_make(struct incident_sites *sites, const struct longhaul_analysis *const *tests, size_t n);
void incident_sites_free(struct incident_sites *sites);
size_t incident_sites_from(const struct incident_sites *sites, const char *site);
size_t incident_sites_to(const struct incident_sites *sites, const char *site);
size_t incident_sites_of(const struct incident_sites *sites, const char *site); /* from it or to it */
/* incident_text.c: fills text. */
void incident_tell(const struct longhaul_analysis *const *tests, const struct incident_sites *sites,
                   struct longhaul_incident *incident, const struct incident_part *parts, size_t n_parts);

#endif
