/* takeaways.h - the parts of the takeaways: each adds to a report those of its sentences that the figures support. */
#ifndef TAKEAWAYS_H
#define TAKEAWAYS_H

#include "report/report.h"

#define TAKEAWAYS_ENOUGH_LOST 10.0 /* packets, or intervals with loss; fewer support no statement */

/* Numbers of packets; packets is 0 if the loss is unknown. */
struct counts {
    double lost, packets;
};

bool takeaways_is_valid(const struct report_leg *leg);
struct counts takeaways_counts_of(const struct report_leg *leg);
/* The rate that arrived, in Mbps, while the leg was observed (longhaul_analysis_rate()). NAN if no file says what
 * arrived. */
double takeaways_delivered_mbps(const struct report_leg *leg);

/* takeaways_loss.c: how much was lost, on which leg and site, in which hour. */
int takeaways_say_loss(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_incidents.c: what the incidents have of the loss, and how long legs were without data. */
int takeaways_say_accounts(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_usual.c: a usual loss that varies slowly. */
int takeaways_say_usual(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_delays.c: queues in busy hours, changed routes, arrivals in bursts, and whose delays are unknown. */
int takeaways_say_delays(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_hops.c: changes of the route, and where losses begin, as traces show them. */
int takeaways_say_hops(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_places.c: round trips below light's time between the places. */
int takeaways_say_places(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_records.c: what the other side's records would add. */
int takeaways_say_records(struct longhaul_report *report, struct longhaul_error *err);
/* takeaways_symmetry.c: the two directions of a pair compared. */
int takeaways_say_symmetry(struct longhaul_report *report, struct longhaul_error *err);

#endif
