/* series_delay.c - the histograms of delays of a test: 10 s or a minute each. */

#include "read/series.h"

#include <stdlib.h>
#include <string.h>

#include "read/series_inside.h"

#define MOST_S 315576000.0 /* ten years */
#define EDGE_S 1e-6        /* of numbers that were written and read */

void series_forget_delays(struct longhaul_series *s)
{
    for (size_t i = 0; i < s->n_delays; i++)
        free(s->delays[i].text);
    free(s->delays);
    s->delays = NULL;
    s->n_delays = 0;
}

/* Without memory it is unknown. */
static void add(struct longhaul_series *s, double from_s, double until_s, const char *its_text)
{
    struct delay_histogram *grown = realloc(s->delays, (s->n_delays + 1) * sizeof *grown);
    char *text = grown ? strdup(its_text) : NULL;
    s->delays = grown ? grown : s->delays;
    if (text)
        s->delays[s->n_delays++] = (struct delay_histogram){ from_s, until_s, text };
}

/* Ignores what cannot be a measurement. */
static void take(struct longhaul_series *s, const json_t *from, const json_t *until, const json_t *us)
{
    double from_s = number_in(from), until_s = number_in(until);
    struct histogram read = { 0 };
    if (!(fabs(from_s) <= MOST_S && until_s >= from_s && until_s <= MOST_S) || !json_is_string(us) ||
        !histogram_read(&read, json_string_value(us), json_string_length(us)))
        return;
    add(s, from_s, until_s, json_string_value(us));
}

void series_add_delays(struct longhaul_series *s, const struct longhaul_series *other, double start_s, double end_s,
                       double shift_s)
{
    for (size_t i = 0; i < other->n_delays; i++) {
        const struct delay_histogram *h = &other->delays[i];
        if (h->until_s > start_s && h->until_s <= end_s + EDGE_S)
            add(s, h->from_s + shift_s, h->until_s + shift_s, h->text);
    }
}

void series_take_delays(struct longhaul_series *s, json_t *data)
{
    take(s, json_object_get(data, "from_s"), json_object_get(data, "until_s"), json_object_get(data, "us"));
}

void series_take_delay_list(struct longhaul_series *s, const json_t *longhaul)
{
    const json_t *list = json_object_get(longhaul, "delays");
    size_t i;
    json_t *entry;
    if (json_is_array(list))
        series_forget_delays(s); /* the last one of a repeated key counts */
    json_array_foreach(list, i, entry)
        take(s, json_array_get(entry, 0), json_array_get(entry, 1), json_array_get(entry, 2));
}

void series_delays(const struct longhaul_series *s, double start_s, double end_s, struct histogram *h)
{
    for (size_t i = 0; i < s->n_delays; i++)
        if (s->delays[i].from_s < end_s && s->delays[i].until_s > start_s)
            histogram_read(h, s->delays[i].text, strlen(s->delays[i].text));
}

uint64_t longhaul_series_delays(const struct longhaul_series *s, double start_s, double end_s, const double *share,
                                size_t n, double *us)
{
    struct histogram h = { 0 };
    series_delays(s, start_s, end_s, &h);
    for (size_t i = 0; i < n; i++)
        us[i] = histogram_quantile(&h, share[i]);
    return h.n;
}
