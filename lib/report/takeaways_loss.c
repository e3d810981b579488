/* takeaways_loss.c - in the takeaways: how much was lost, and which leg, site and hour has most of it. Counts only
 * packets that are known to be lost, and says on how many legs the loss is unknown. */

#include "report/takeaways.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "report/wording.h"

#define MOST 0.5
#define MUCH 0.2         /* share of the loss that one of many legs must have to be named */
#define ONE_LEG 0.9      /* share of a site's loss on one leg above which it is the leg's, not the site's */
#define MOST_HOURS 87660 /* ten years */
#define HOUR_SHARE 0.25  /* share of all losses that one hour must have, */
#define HOUR_TIMES 2.0   /* and how many times its share of the packets */

/* What an incident lost is told by its sentence: here only the rest counts. */
static struct counts own_counts_of(const struct longhaul_report *report, size_t leg)
{
    struct counts c = takeaways_counts_of(&report->legs[leg]);
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(report->legs[leg].analysis, &n);
    for (size_t i = 0; i < n; i++)
        if (report->legs[leg].incident_numbers[i] > 0 && events[i].lost_packets > 0)
            c.lost = fmax(0, c.lost - events[i].lost_packets);
    return c;
}

static bool is_counted(const struct report_leg *leg)
{
    return takeaways_is_valid(leg) && takeaways_counts_of(leg).packets > 0;
}

static struct counts whole_counts_of(const struct longhaul_report *report, size_t leg)
{
    return takeaways_counts_of(&report->legs[leg]);
}

static struct counts total_of(const struct longhaul_report *report,
                              struct counts count(const struct longhaul_report *, size_t leg), size_t *n_legs)
{
    struct counts all = { 0, 0 };
    *n_legs = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        struct counts c = count(report, i);
        if (!is_counted(&report->legs[i]))
            continue;
        all.lost += c.lost;
        all.packets += c.packets;
        ++*n_legs;
    }
    return all;
}

/* "apart from the incidents, ", if a leg that is counted lost packets in one. */
static const char *apart(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_events; i++)
        if (report->events[i].event->lost_packets > 0 && report_incident_of(report, &report->events[i]) > 0 &&
            is_counted(&report->legs[report->events[i].leg]))
            return "apart from the incidents, ";
    return "";
}

/* The leg with most of the loss. */
static int say_leg_of_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t worst = 0, n_legs;
    double most = -1;
    struct counts all = total_of(report, own_counts_of, &n_legs);
    for (size_t i = 0; i < report->n_legs; i++) {
        struct counts c = own_counts_of(report, i);
        if (is_counted(&report->legs[i]) && c.lost > most) {
            most = c.lost;
            worst = i;
        }
    }
    if (n_legs < 2 || all.lost < TAKEAWAYS_ENOUGH_LOST)
        return 0;
    double share = most / all.lost, even = 1 / (double)n_legs;
    if (share < fmin(fmax(MOST, 1.3 * even), fmax(2 * even, MUCH)))
        return report_takeaway(report, err, "By leg: %sthe known loss is spread, no leg has more than %.0f %% of it.",
                               apart(report), ceil(100 * share));
    struct counts c = own_counts_of(report, worst);
    return report_takeaway(report, err, "By leg: %s%.0f %% of the packets known to be lost were lost on %s (%s lost, "
                                        "%s).",
                           apart(report), 100 * share, wording_run(report, worst).text, wording_count(c.lost).text,
                           wording_short(100 * c.lost / c.packets, " %").text);
}

/* The losses of one site's legs, in both directions. */
struct site {
    struct counts counts;
    double most; /* of one of its legs */
    size_t n_legs;
    bool has_unknown; /* the loss of one of its legs is unknown */
};

static void add_leg(struct site *s, const struct longhaul_report *report, size_t leg)
{
    if (!is_counted(&report->legs[leg])) {
        s->has_unknown = true;
        return;
    }
    struct counts c = own_counts_of(report, leg);
    s->n_legs++;
    s->counts.lost += c.lost;
    s->most = fmax(s->most, c.lost);
    s->counts.packets += c.packets;
}

/* Fills n sites, which are sorted and zeroed. */
static void fill_sites(const struct longhaul_report *report, const char *const *sites, size_t n, struct site *all)
{
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_info *info = report->legs[i].info;
        add_leg(&all[report_site_number(sites, n, info->source)], report, i);
        if (strcmp(info->source, info->destination) != 0)
            add_leg(&all[report_site_number(sites, n, info->destination)], report, i);
    }
}

/* The site whose legs have most of the loss, and clearly more than their share of the packets. */
static int say_site_of_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    const char *worst = NULL;
    size_t n, n_legs;
    struct counts most = { 0, 0 }, all = total_of(report, own_counts_of, &n_legs);
    const char **sites = report_sites(report, &n);
    struct site *each = sites ? calloc(n + 1, sizeof *each) : NULL;
    if (each)
        fill_sites(report, sites, n, each);
    for (size_t i = 0; each && i < n; i++) {
        bool is_everywhere = each[i].n_legs == n_legs; /* all legs meet at this site: that says nothing */
        bool is_of_many = each[i].n_legs > 1 && each[i].most < ONE_LEG * each[i].counts.lost;
        if (!is_everywhere && !each[i].has_unknown && is_of_many && each[i].counts.lost > most.lost) {
            most = each[i].counts;
            worst = sites[i];
        }
    }
    free(sites);
    free(each);
    if (each == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    double share = most.lost / all.lost, even = most.packets / all.packets;
    if (worst == NULL || all.lost < TAKEAWAYS_ENOUGH_LOST || share < MOST || share < 1.2 * even)
        return 0;
    return report_takeaway(
        report, err, "By site: %sthe legs from and to %s have %.0f %% of the known loss, with %.0f %% of the packets.",
        apart(report), worst, 100 * share, 100 * even);
}

/* ---- when it is */

/* Losses of all legs together, by hour of UTC. */
struct hours {
    double first_unix_s, all, all_packets;
    struct counts *in;
    size_t n;
};

static bool has_hour(const struct longhaul_span *hour)
{
    return !isnan(hour->start_unix_s) && !isnan(hour->lost_packets);
}

/* Finds the range of hours. False if none exists, or if it is too long to be meaningful. */
static bool span_hours(const struct longhaul_report *report, struct hours *hours)
{
    double first = INFINITY, last = -INFINITY;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_span *spans = longhaul_analysis_hours(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n && takeaways_is_valid(&report->legs[i]); k++)
            if (has_hour(&spans[k])) {
                first = fmin(first, spans[k].start_unix_s);
                last = fmax(last, spans[k].start_unix_s);
            }
    }
    if (!(last >= first && last - first < MOST_HOURS * HOUR_S))
        return false;
    *hours = (struct hours){ .first_unix_s = first, .n = (size_t)((last - first) / HOUR_S) + 1 };
    hours->in = calloc(hours->n, sizeof *hours->in);
    return hours->in != NULL;
}

static void add_hours(const struct longhaul_report *report, struct hours *hours)
{
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_span *spans = longhaul_analysis_hours(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n; k++)
            if (has_hour(&spans[k]) && takeaways_is_valid(&report->legs[i])) {
                struct counts *in = &hours->in[(size_t)((spans[k].start_unix_s - hours->first_unix_s) / HOUR_S)];
                double packets = spans[k].known_packets > 0 ? spans[k].known_packets : 0;
                in->lost += spans[k].lost_packets;
                in->packets += packets;
                hours->all += spans[k].lost_packets;
                hours->all_packets += packets;
            }
    }
}

/* True if one incident has most of what was lost in the hour: its sentence tells that. */
static bool is_told(const struct longhaul_report *report, double begin_unix_s, double lost)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    for (size_t i = 0; i < n; i++)
        if (list[i].start_unix_s < begin_unix_s + HOUR_S && list[i].end_unix_s > begin_unix_s &&
            list[i].lost_packets >= MOST * lost)
            return true;
    return false;
}

/* The one hour with a large share of the loss. */
static int say_hour_of_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    struct hours hours;
    size_t worst = 0;
    if (!span_hours(report, &hours))
        return 0;
    add_hours(report, &hours);
    for (size_t i = 1; i < hours.n; i++)
        if (hours.in[i].lost > hours.in[worst].lost)
            worst = i;
    double most = hours.in[worst].lost, all = hours.all, begin = hours.first_unix_s + (double)worst * HOUR_S;
    double even = hours.in[worst].packets / hours.all_packets;
    free(hours.in);
    if (all < TAKEAWAYS_ENOUGH_LOST || most < HOUR_SHARE * all || !(most > HOUR_TIMES * even * all) || hours.n < 3 ||
        is_told(report, begin, most))
        return 0;
    return report_takeaway(report, err,
                           "When: of the %s lost packets whose hour is known %.0f %% were lost in the hour from %s.",
                           wording_count(all).text, 100 * most / all, wording_utc(begin).text);
}

/* ---- how much */

/* "; it is unknown on 2 legs, and not relied on for 1": the legs that the sum excludes. */
static struct wording left_out(const struct longhaul_report *report)
{
    size_t n_unknown = 0, n_not_valid = 0;
    struct wording w = { "" };
    for (size_t i = 0; i < report->n_legs; i++) {
        n_not_valid += !takeaways_is_valid(&report->legs[i]);
        n_unknown += takeaways_is_valid(&report->legs[i]) && !is_counted(&report->legs[i]);
    }
    if (n_unknown > 0)
        snprintf(w.text, sizeof w.text, "; it is unknown on %zu leg%s", n_unknown, n_unknown == 1 ? "" : "s");
    if (n_not_valid > 0) {
        size_t used = strlen(w.text);
        snprintf(w.text + used, sizeof w.text - used, "; not reliable on %zu leg%s", n_not_valid,
                 n_not_valid == 1 ? "" : "s");
    }
    return w;
}

int takeaways_say_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_legs;
    struct counts all = total_of(report, whole_counts_of, &n_legs);
    if (n_legs == 0)
        return 0;
    int rc =
        report_takeaway(report, err, "Loss: %s of %s packets on %zu leg%s whose loss is known (%s)%s.",
                        wording_count(all.lost).text, wording_count(all.packets).text, n_legs, n_legs == 1 ? "" : "s",
                        wording_short(100 * all.lost / all.packets, " %").text, left_out(report).text);
    if (rc == 0)
        rc = say_leg_of_loss(report, err);
    if (rc == 0)
        rc = say_site_of_loss(report, err);
    return rc ? rc : say_hour_of_loss(report, err);
}
