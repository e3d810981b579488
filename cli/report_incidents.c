/* report_incidents.c - the incidents of a report as CSV, for longhaul report --csv=incidents. */

#include "report_incidents.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "csv.h"

/* "HK->WUS WUS->HK"; the caller frees it. NULL when out of memory. */
static char *legs_of(const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < incident->n_legs; i++) {
        const struct longhaul_info *info =
            longhaul_analysis_info(longhaul_report_analysis(report, incident->legs[i]));
        fprintf(out, "%s%s->%s", i > 0 ? " " : "", info->source, info->destination);
    }
    fclose(out);
    return text;
}

static void print_row(const struct longhaul_report *report, const struct longhaul_incident *i)
{
    struct csv line = { 0 };
    char *legs = legs_of(report, i);
    const double values[] = { i->seconds, i->lost_packets, i->host_lost, i->down_s, i->level, i->usual,
                              (double)i->count,
                              i->period_s };
    csv_number(&line, (double)i->number);
    csv_key(&line, longhaul_event_kind_text(i->kind));
    csv_text(&line, i->cause);
    csv_text(&line, longhaul_reach_text(i->reach));
    csv_text(&line, i->where);
    csv_utc(&line, i->start_unix_s);
    csv_utc(&line, i->is_open ? NAN : i->end_unix_s);
    csv_number(&line, i->start_s);
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
        csv_number(&line, values[k]);
    csv_number(&line, (double)i->n_events);
    csv_text(&line, legs ? legs : "");
    csv_text(&line, i->text);
    csv_end(&line);
    free(legs);
}

void report_print_incidents(const struct longhaul_report *report)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(longhaul_report_incidents(report), &n);
    puts("number,kind,cause,scope,where,start_utc,end_utc,start_s,seconds,lost_packets,host_lost,"
         "down_s,level,usual,count,period_"
         "s,n_events,legs,text");
    for (size_t k = 0; k < n; k++)
        print_row(report, &list[k]);
}
