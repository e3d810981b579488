/* tell_json.c - an event of a leg as one line of JSON. Texts are longhaul's own words and codes of sites, letters and
 * digits and "_": none needs an escape. */

#include "tell_json.h"

#include <math.h>
#include <stdio.h>

#include "csv.h"

/* null for NAN. */
static void put_number(FILE *out, const char *key, double value)
{
    if (isfinite(value))
        fprintf(out, ",\"%s\":%.10g", key, value);
    else
        fprintf(out, ",\"%s\":null", key);
}

static void put_time(FILE *out, const char *key, double unix_s)
{
    char text[UTC_TEXT_SIZE];
    if (isfinite(unix_s))
        fprintf(out, ",\"%s\":\"%s\"", key, utc_text(unix_s, text));
    else
        fprintf(out, ",\"%s\":null", key);
}

static void put_figures(FILE *out, const struct longhaul_status *s)
{
    fprintf(out, ",\"state\":\"%s\"", longhaul_status_text(s));
    put_number(out, "planned_s", s->planned_s);
    put_number(out, "elapsed_s", s->elapsed_s);
    put_number(out, "observed_s", s->observed_s);
    put_number(out, "mean_bits_per_second", s->mean_bits_per_second);
    put_number(out, "lost_packets", s->has_loss ? (double)s->lost_packets : NAN);
    put_number(out, "packets", s->has_loss ? (double)s->packets : NAN);
    put_number(out, "gaps", s->n_gaps);
}

/* The same for both ends of a trouble, and from run and serve. */
static void put_key(FILE *out, const struct tell_leg *leg, const struct tell_event *e)
{
    char objective[LONGHAUL_OBJECTIVE_TEXT] = "";
    if (e->objective)
        longhaul_objective_text(&e->objective->objective, objective);
    if (leg->record[0])
        fprintf(out, ",\"key\":\"%s:%s\"", leg->record,
                e->objective           ? objective
                : e->kind == TELL_OVER ? "over"
                                       : tell_condition_text(e->condition));
    else
        fputs(",\"key\":null", out);
}

/* What a person reads: "HK->WUS begins to lose packets: 2.31 %". */
static void put_words(FILE *out, const struct tell_leg *leg, const struct tell_event *e)
{
    fprintf(out, ",\"text\":\"%s->%s %s", leg->source, leg->destination, tell_event_words(e));
    if (e->kind == TELL_OVER)
        fprintf(out, ": %s", longhaul_status_text(&leg->status));
    else if (e->kind == TELL_MISSED)
        fprintf(out, ": %s", e->objective->text);
    else if (e->condition == TELL_LOSS && isfinite(e->level))
        fprintf(out, ": %.3g %%", e->level);
    else if (e->condition == TELL_QUEUE && isfinite(e->level))
        fprintf(out, ": delay p99 %.3g ms", e->level);
    fputc('"', out);
}

void tell_json(const char *role, const struct tell_leg *leg, const struct tell_event *e, double now_unix_s,
               char text[TELL_TEXT])
{
    FILE *out = fmemopen(text, TELL_TEXT - 1, "w");
    text[0] = text[TELL_TEXT - 1] = 0;
    if (out == NULL)
        return;
    bool is_condition = e->kind == TELL_BEGINS || e->kind == TELL_ENDS;
    bool is_loss = is_condition && e->condition == TELL_LOSS;
    bool is_queue = is_condition && e->condition == TELL_QUEUE;
    fprintf(out, "{\"version\":1,\"event\":\"%s\",\"source\":\"%s\",\"destination\":\"%s\"", tell_event_name(e),
            leg->source, leg->destination);
    fprintf(out, ",\"by\":\"%s\",\"protocol\":\"%s\",\"direction\":\"%s\"", role, leg->protocol, leg->direction);
    put_time(out, "at", now_unix_s);
    put_time(out, "since", e->since_unix_s);
    put_time(out, "start", leg->status.start_unix_s);
    put_number(out, "loss_percent", is_loss ? e->level : NAN);
    put_number(out, "delay_p99_ms", is_queue ? e->level : NAN);
    if (e->objective)
        fprintf(out, ",\"objective\":\"%s\"", e->objective->text);
    else
        fputs(",\"objective\":null", out);
    put_key(out, leg, e);
    put_figures(out, &leg->status);
    put_words(out, leg, e);
    fputs("}\n", out);
    fclose(out);
}
