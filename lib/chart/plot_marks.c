/* plot_marks.c - the marks on a panel over time: times without observation and their causes, events by kind and the
 * numbers of their incidents. Writes only rows of data; gnuplot/panels.gp decides how a layer looks. */

#include "chart/plot_layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "read/gaps.h"
#include "report/wording.h"

#define NUMBER_PT 8.0  /* gnuplot/theme.gp's size_small */
#define NUMBER_ROOM_PT 14.0 /* from the top of a panel: room for the numbers of its events */
#define LINE_HEIGHT_PT 11.0 /* of a text of that size, with a margin */
#define LETTER_EM 0.58      /* width of a lower-case letter, at least as wide as in the fonts that the charts request */
#define CAUSE_AIR_PT 4.0    /* sum of both sides of a text */
#define MOST_CAUSE 24       /* characters */
#define TAB_AIR_PT 1.5 /* of a number, on either side */
#define EVENT_PT 0.8   /* an event is at least this wide */

void plot_layer_gaps(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                     const struct plot_place *place, struct plot_legend *legend)
{
    struct reduce_line line = plot_line(c, NULL, place);
    size_t n;
    struct reduce_span *gaps = reduce_gaps(&line, &n);
    double least_s = plot_length_s(place) / plot_columns(&plot->frame); /* a column of pixels */
    if (gaps == NULL)
        plot->has_failed = true;
    if (gaps && n > 0) {
        plot_layer_begin(plot, panel, "gaps");
        plot_legend_add(legend, "not observed", "gap");
        for (size_t i = 0; i < n; i++)
            fprintf(plot->data, "%.8g %.8g\n", gaps[i].from_s / place->time.unit_s,
                    fmax(gaps[i].to_s, gaps[i].from_s + least_s) / place->time.unit_s);
    }
    free(gaps);
}

static const char *const event_colors[LONGHAUL_N_EVENT_KINDS] = { "outage", "loss_event", "rate_cap", "jitter_event",
                                                                    "rate_event", "control", "ended",
                                                                    "delay_event", "route", "silence" };

/* Events that leave no column of pixels between them are one mark, so that a hundred thousand are no more marks than
 * there are columns. */
struct mark {
    double from_s, to_s;
    int kind; /* -1 before the first */
};

static void write_mark(struct plot *plot, const struct mark *mark, const struct plot_place *place)
{
    if (mark->kind >= 0)
        fprintf(plot->data, "%.8g %.8g %d\n", mark->from_s / place->time.unit_s, mark->to_s / place->time.unit_s,
                mark->kind + 1);
}

/* The marks of the events of one kind. */
static void write_kind(struct plot *plot, const struct longhaul_event *events, size_t n, int kind,
                       const struct plot_place *place, struct plot_legend *legend)
{
    double column_s = plot_length_s(place) / plot_columns(&plot->frame);
    double least_s = column_s * fmax(1, plot_points(&plot->frame, EVENT_PT));
    struct mark open = { .kind = -1 };
    for (size_t i = 0; i < n; i++) {
        if ((int)events[i].kind != kind)
            continue;
        double from_s = events[i].start_s + place->offset_s;
        double to_s = fmin(from_s + fmax(events[i].seconds, least_s), plot_length_s(place));
        from_s = fmin(from_s, to_s - least_s);
        if (open.kind >= 0 && from_s - open.to_s < column_s) {
            open.to_s = fmax(open.to_s, to_s);
            continue;
        }
        write_mark(plot, &open, place);
        open = (struct mark){ from_s, to_s, kind };
    }
    write_mark(plot, &open, place);
    if (open.kind >= 0)
        plot_legend_add(legend, longhaul_event_kind_text((enum longhaul_event_kind)kind), event_colors[kind]);
}

void plot_layer_events(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                       const struct plot_place *place, struct plot_legend *legend)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    if (n == 0)
        return;
    plot_layer_begin(plot, panel, "events");
    for (int kind = LONGHAUL_N_EVENT_KINDS; kind-- > 0;) /* what is grave is drawn over what follows from it */
        write_kind(plot, events, n, kind, place, legend);
}

/* How an incident's number tells how far it reaches; the page's charts have the same signs. */
static const char *const reach_signs[] = { [LONGHAUL_REACH_LEG] = "",
                                           [LONGHAUL_REACH_PAIR] = "\xe2\x86\x94",
                                           [LONGHAUL_REACH_SITE] = "\xe2\x9c\xb1",
                                           [LONGHAUL_REACH_ALL] = "\xe2\x9c\xb1" };
static const char *const reach_texts[] = { [LONGHAUL_REACH_LEG] = "",
                                           [LONGHAUL_REACH_PAIR] = "\xe2\x86\x94 of a pair",
                                           [LONGHAUL_REACH_SITE] = "\xe2\x9c\xb1 of a site",
                                           [LONGHAUL_REACH_ALL] = "\xe2\x9c\xb1 of a site" };

/* The numbers of incidents whose texts would touch are drawn as one: the least, which is the gravest, and how many
 * other ones there are. */
struct numbers {
    double x_s, left_s, right_s; /* of the text: its middle, the end of the text before it, its own end with a margin */
    size_t least, most, n, group;
    char text[48];
};

/* The incident with that number; NULL where the incidents are unknown. */
static const struct longhaul_incident *incident_of(const struct longhaul_incidents *incidents, size_t number)
{
    size_t n = 0;
    const struct longhaul_incident *list = incidents ? longhaul_incidents_list(incidents, &n) : NULL;
    return number > 0 && number <= n ? &list[number - 1] : NULL;
}

static void set_text(struct numbers *open, double second_pt, const struct longhaul_incidents *incidents,
                     const struct plot_place *place)
{
    const struct longhaul_incident *incident = incident_of(incidents, open->least);
    if (open->n == 1)
        snprintf(open->text, sizeof open->text, "%zu%s", open->least, incident ? reach_signs[incident->reach] : "");
    else if (open->most - open->least == open->n - 1)
        snprintf(open->text, sizeof open->text, "%zu-%zu", open->least, open->most);
    else
        snprintf(open->text, sizeof open->text, "%zu +%zu", open->least, open->n - 1);
    double half_s = plot_half_width(open->text, second_pt);
    open->x_s = fmin(fmax(open->x_s, open->left_s + half_s), plot_length_s(place) - half_s);
    open->right_s = open->x_s + half_s + 4 * second_pt;
}

/* Adds an incident to a group; groups has for each incident the last one that it was added to. */
static void add_number(struct numbers *open, size_t number, size_t *groups)
{
    if (open->n > 0 && groups[number] == open->group)
        return;
    groups[number] = open->group;
    open->least = open->n == 0 || number < open->least ? number : open->least;
    open->most = number > open->most ? number : open->most;
    open->n++;
}

/* With the ends of the tab behind the text, and the kind of the incident, in whose colour it is. */
static void write_numbers(struct plot *plot, const struct numbers *open, double second_pt,
                          const struct longhaul_incidents *incidents, const struct plot_place *place,
                          struct plot_legend *legend)
{
    const struct longhaul_incident *incident = incident_of(incidents, open->least);
    double half_s = plot_half_width(open->text, second_pt) + TAB_AIR_PT * second_pt;
    if (open->n == 0)
        return;
    fprintf(plot->data, "%.8g \"%s\" %.8g %.8g %d\n", open->x_s / place->time.unit_s, open->text,
            fmax(open->x_s - half_s, 0) / place->time.unit_s,
            fmin(open->x_s + half_s, plot_length_s(place)) / place->time.unit_s,
            incident ? (int)incident->kind + 1 : 0);
    if (incident && incident->reach != LONGHAUL_REACH_LEG && open->n == 1)
        plot_legend_add(legend, reach_texts[incident->reach], "");
}

/* Where the number of an incident is wanted: in the middle of an event, or of several ones that follow on each other
 * with less room in between than a number takes. */
struct wish {
    double from_s, to_s, x_s;
    size_t number;
};

static int by_place(const void *a, const void *b)
{
    const struct wish *x = a, *y = b;
    int order = (x->x_s > y->x_s) - (x->x_s < y->x_s);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static size_t greatest_number(const struct report_leg *leg, size_t n_events)
{
    size_t most = 0;
    for (size_t i = 0; i < n_events; i++)
        most = leg->incident_numbers[i] > most ? leg->incident_numbers[i] : most;
    return most;
}

/* Lists them by place; returns how many. newest has room for each incident: its last wish and 1. */
static size_t list_wishes(const struct report_leg *leg, const struct plot_place *place, double room_s,
                          struct wish *wishes, size_t *newest)
{
    size_t n, n_wishes = 0;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    for (size_t i = 0; i < n; i++) {
        double from_s = events[i].start_s + place->offset_s;
        double to_s = fmin(from_s + events[i].seconds, plot_length_s(place));
        size_t number = leg->incident_numbers[i], before = newest[number];
        if (number == 0)
            continue;
        if (before > 0 && from_s - wishes[before - 1].to_s < room_s) {
            wishes[before - 1].to_s = fmax(wishes[before - 1].to_s, to_s);
            continue;
        }
        wishes[n_wishes++] = (struct wish){ .from_s = from_s, .to_s = to_s, .number = number };
        newest[number] = n_wishes;
    }
    for (size_t i = 0; i < n_wishes; i++)
        wishes[i].x_s = fmax((wishes[i].from_s + wishes[i].to_s) / 2, 0);
    if (n_wishes > 1)
        qsort(wishes, n_wishes, sizeof *wishes, by_place);
    return n_wishes;
}

static void place_numbers(struct plot *plot, const struct wish *wishes, size_t n, size_t *groups,
                          const struct longhaul_incidents *incidents, const struct plot_place *place,
                          struct plot_legend *legend)
{
    double second_pt = plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    struct numbers open = { .group = 1 };
    for (size_t i = 0; i < n; i++) {
        char text[24];
        snprintf(text, sizeof text, "%zu", wishes[i].number);
        if (open.n == 0 || wishes[i].x_s - plot_half_width(text, second_pt) >= open.right_s) {
            write_numbers(plot, &open, second_pt, incidents, place, legend);
            open = (struct numbers){ .x_s = wishes[i].x_s, .left_s = open.right_s, .group = open.group + 1 };
        }
        add_number(&open, wishes[i].number, groups);
        set_text(&open, second_pt, incidents, place);
    }
    write_numbers(plot, &open, second_pt, incidents, place, legend);
}

void plot_layer_incident_numbers(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                                 const struct longhaul_incidents *incidents, const struct plot_place *place,
                                 struct plot_legend *legend)
{
    size_t n;
    longhaul_analysis_events(leg->analysis, &n);
    size_t most = greatest_number(leg, n);
    double second_pt = plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    struct wish *wishes = malloc((n + 1) * sizeof *wishes);
    size_t *newest = calloc(most + 1, sizeof *newest), *groups = calloc(most + 1, sizeof *groups);
    n = wishes && newest ? list_wishes(leg, place, 2 * plot_half_width("1", second_pt), wishes, newest) : 0;
    if (n > 0 && groups) {
        plot_layer_begin(plot, panel, "numbers");
        place_numbers(plot, wishes, n, groups, incidents, place, legend);
    }
    plot->has_failed = plot->has_failed || wishes == NULL || newest == NULL || groups == NULL;
    free(groups);
    free(newest);
    free(wishes);
}

/* ---- causes of gaps */

static double text_width(const char *text, double second_pt)
{
    return ((double)strlen(text) * LETTER_EM * NUMBER_PT + CAUSE_AIR_PT) * second_pt;
}

/* A gap with room for its cause: a row of the layer of horizontal texts, or of the layer of vertical ones. */
struct caption {
    double x_s;
    const char *text;
    bool is_upright;
};

/* False if there is no room; tells whether a line of text fits into the gap's width. */
static bool caption_fits(struct caption *caption, const struct reduce_span *gap, double height_pt, double second_pt)
{
    double width_s = gap->to_s - gap->from_s;
    caption->x_s = (gap->from_s + gap->to_s) / 2;
    caption->is_upright = text_width(caption->text, second_pt) > width_s;
    if (!caption->is_upright)
        return height_pt > LINE_HEIGHT_PT;
    return text_width(caption->text, 1) <= height_pt;
}

static void write_captions(struct plot *plot, struct plot_panel *panel, const struct caption *captions, size_t n,
                           bool upright, const struct plot_place *place)
{
    bool has_layer = false;
    for (size_t i = 0; i < n; i++) {
        if (captions[i].is_upright != upright)
            continue;
        if (!has_layer)
            plot_layer_begin(plot, panel, upright ? "causes_upright" : "causes");
        has_layer = true;
        fprintf(plot->data, "%.8g \"%s\"\n", captions[i].x_s / place->time.unit_s, captions[i].text);
    }
}

/* A cause may be longhaul's own word or text from a file: only a plain word is drawn. */
static bool is_word(const char *text)
{
    return text[0] && strlen(text) <= MOST_CAUSE && strspn(text, "abcdefghijklmnopqrstuvwxyz-") == strlen(text);
}

void plot_layer_causes(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                       const struct quantity_columns *c, const struct plot_place *place)
{
    struct reduce_line line = plot_line(c, NULL, place);
    double second_pt = plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    double height_pt = panel->weight * plot->unit_px / plot_points(&plot->frame, 1);
    size_t n_gaps, n_recorded, n = 0;
    const struct longhaul_gap *recorded = longhaul_analysis_gaps(leg->analysis, &n_recorded);
    if (n_recorded == 0)
        return;
    if (strstr(panel->layers, "numbers")) /* the same room above and below, so that the word is in the middle */
        height_pt -= 2 * NUMBER_ROOM_PT;
    struct reduce_span *gaps = reduce_gaps(&line, &n_gaps);
    struct caption *captions = gaps ? malloc((n_gaps + 1) * sizeof *captions) : NULL;
    for (size_t i = 0; captions && i < n_gaps; i++) {
        if (gaps[i].to_s - gaps[i].from_s < LINE_HEIGHT_PT * second_pt)
            continue;
        captions[n].text =
            gaps_cause(recorded, n_recorded, gaps[i].from_s - place->offset_s, gaps[i].to_s - place->offset_s);
        if (is_word(captions[n].text) && caption_fits(&captions[n], &gaps[i], height_pt, second_pt))
            n++;
    }
    write_captions(plot, panel, captions, n, false, place);
    write_captions(plot, panel, captions, n, true, place);
    plot->has_failed = plot->has_failed || captions == NULL;
    free(captions);
    free(gaps);
}
