/* wording.h - words times, lengths, counts and events for all texts of a report. */
#ifndef WORDING_H
#define WORDING_H

#include <longhaul.h>

struct report_leg;

/* A short text, as a value. */
struct wording {
    char text[160];
};

/* Any text, cut to the size. */
struct wording wording_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "2025-11-15 01:00:46Z"; "-" if unknown. */
struct wording wording_utc(double unix_s);
/* "01:00:46Z", with the day "11-15 01:00:46Z". */
struct wording wording_time_of_day(double unix_s, bool with_day);
/* "0.3 s", "42 s", "5 min 3 s", "1 h 2 min", "3 d 4 h"; "-". */
struct wording wording_length(double seconds);
/* "1,632"; "-". */
struct wording wording_count(double value);
/* With the given number of decimals, and a unit; "-" without a unit if unknown. */
struct wording wording_number(double value, int digits, const char *unit);
/* Three significant digits, in plain notation: "0.00209", "12.3"; "0" for 0; "-". */
struct wording wording_short(double value, const char *unit);
/* The same for a share in %, but with as many digits as tell it from 100: "99.9987", never "100" for 99.9987. */
struct wording wording_share(double percent, const char *unit);
/* "9.24 Mbps", "10 Mbps sent" (what arrived is unknown), "-"; with the unit given. */
struct wording wording_rate(const struct report_leg *leg, const char *unit);
/* The same of an hour. */
struct wording wording_hour_rate(const struct longhaul_span *hour);
/* A loss in percent with few characters, for a cell of a large matrix: "12", "3.0", ".48"; "" below 0.01. */
struct wording wording_tiny_loss(double percent);
/* "HK->WUS" */
struct wording wording_leg(const struct longhaul_info *info);
/* The same, with its start if the report has several runs of the leg: "HK->WUS 11-15 01:00:46Z". */
struct wording wording_run(const struct longhaul_report *report, size_t leg);
/* "192.0.2.1 -> 192.0.2.2", from the sender to the receiver; "-". */
struct wording wording_route(const struct longhaul_info *info);
/* "iperf 3.12, longhaul 0.1.0"; "-". */
struct wording wording_writer(const struct longhaul_info *info);
/* "UDP", "TCP, cubic"; "-". */
struct wording wording_protocol(const struct longhaul_info *info);
/* How long a report's legs were measured: "6 min"; in progress "2 min 3 s of 15 min". */
struct wording wording_measured(const struct longhaul_report *report);
/* True if the times of a report need a day. */
bool wording_needs_day(const struct longhaul_report *report);

/* How much of it an event or an incident was: "3.51 % (usual 0.01)", "7.9 Mbps (usual 10)", "0.24 ms (usual 0.01)";
 * "-". */
struct wording wording_level(enum longhaul_event_kind kind, double level, double usual);
/* Its lost packets: "1,632"; "-" if unknown; of an outage that lost none, "not sent or unknown"; of an
 * end "-". */
struct wording wording_lost(enum longhaul_event_kind kind, double lost_packets);
/* Those of an incident that the receiving host itself dropped: "15,892 by its host"; "" if unknown. */
struct wording wording_host_lost(const struct longhaul_incident *incident);
/* When an incident began ("2025-11-15 01:00:46Z", without the day if asked for; or "at 120 s"), and ended; "goes on"; a
 * record that ends early, until the end of its plan. */
struct wording wording_incident_start(const struct longhaul_incident *incident, bool with_day);
struct wording wording_incident_end(const struct longhaul_incident *incident, bool with_day);
/* How often: "14, every 30 min", "3", "1". */
struct wording wording_times(const struct longhaul_incident *incident);
/* "hub WUS", "pair", "leg", "unknown". */
struct wording wording_scope(const struct longhaul_event *event);
/* A flow by its port: "from 41234". */
struct wording wording_flow(const struct report_leg *leg, size_t flow);
/* The basis of the scope: "opposite direction too, 3 of 4 other legs". */
struct wording wording_concurrence(const struct longhaul_event *event);
/* The time of day of an event ("01:00:46Z", preceded by the day if the report covers several), else its place on the
 * test's axis ("at 120 s"). */
struct wording wording_when(const struct longhaul_event *event, bool with_day);

/* The origin of a leg's loss and jitter: "the receiver's record", ...; "unknown", or "-" for TCP, which measures
 * neither. */
struct wording wording_source(const struct report_leg *leg);

/* "2 of 12 objectives missed, 1 cannot be judged"; "all 12 objectives met". */
struct wording wording_objectives(size_t n, size_t missed, size_t unknown);

#endif
