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
    s->n_delays = s->delay_bytes = 0;
}

/* The first that ends after a time; their ends ascend. */
static size_t first_after(const struct longhaul_series *s, double time_s)
{
    size_t low = 0;
    for (size_t high = s->n_delays; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (s->delays[middle].until_s > time_s)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Makes room for n at a place. NULL without memory. */
static struct delay_histogram *insert(struct longhaul_series *s, size_t at, size_t n)
{
    struct delay_histogram *grown = realloc(s->delays, (s->n_delays + n) * sizeof *grown);
    s->has_failed = s->has_failed || grown == NULL;
    if (grown == NULL)
        return NULL;
    s->delays = grown;
    memmove(grown + at + n, grown + at, (s->n_delays - at) * sizeof *grown);
    s->n_delays += n;
    return grown + at;
}

/* Ignores what cannot be a measurement, and what is not in order, as longhaul writes them. */
void series_take_delay_text(struct longhaul_series *s, double from_s, double until_s, const char *text, size_t n)
{
    double last_s = s->n_delays > 0 ? s->delays[s->n_delays - 1].until_s : -MOST_S;
    if (!(from_s >= last_s - EDGE_S && until_s >= fmax(from_s, last_s) && until_s <= MOST_S))
        return;
    bool is_full = s->n_delays >= SERIES_DELAYS_MAX || s->delay_bytes >= SERIES_DELAY_BYTES_MAX;
    struct delay_histogram *h = is_full ? NULL : insert(s, s->n_delays, 1);
    if (h == NULL)
        return;
    *h = (struct delay_histogram){ from_s, until_s, strndup(text, n) };
    s->has_failed = s->has_failed || h->text == NULL;
    s->delay_bytes += n + 1;
}

static void take(struct longhaul_series *s, const json_t *from, const json_t *until, const json_t *us)
{
    if (json_is_string(us) && histogram_is_text(json_string_value(us), json_string_length(us)))
        series_take_delay_text(s, number_in(from), number_in(until), json_string_value(us), json_string_length(us));
}

void series_add_delays(struct longhaul_series *s, const struct longhaul_series *other, size_t *n_used, double start_s,
                       double end_s, double shift_s)
{
    size_t first = first_after(other, start_s), end = first_after(other, end_s + EDGE_S);
    first = first > *n_used ? first : *n_used;
    if (end <= first)
        return;
    *n_used = end;
    struct delay_histogram *h = insert(s, first_after(s, other->delays[first].from_s + shift_s), end - first);
    for (size_t i = first; h && i < end; i++) {
        const struct delay_histogram *its = &other->delays[i];
        *h++ = (struct delay_histogram){ its->from_s + shift_s, its->until_s + shift_s,
                                         its->text ? strdup(its->text) : NULL };
    }
}

void series_take_delays(struct longhaul_series *s, json_t *data)
{
    take(s, json_object_get(data, "from_s"), json_object_get(data, "until_s"), json_object_get(data, "us"));
}

void series_take_delays_entry(struct longhaul_series *s, const json_t *entry)
{
    take(s, json_array_get(entry, 0), json_array_get(entry, 1), json_array_get(entry, 2));
}

void series_delays(const struct longhaul_series *s, double start_s, double end_s, struct histogram *h)
{
    for (size_t i = first_after(s, start_s); i < s->n_delays && s->delays[i].from_s < end_s; i++)
        if (s->delays[i].text)
            histogram_read(h, s->delays[i].text, strlen(s->delays[i].text));
}

size_t series_n_delay_histograms(const struct longhaul_series *s)
{
    return s->n_delays;
}

bool series_delay_histogram(const struct longhaul_series *s, size_t i, double *from_s, double *until_s,
                            struct histogram *h)
{
    if (i >= s->n_delays)
        return false;
    *from_s = s->delays[i].from_s;
    *until_s = s->delays[i].until_s;
    if (h && s->delays[i].text)
        histogram_read(h, s->delays[i].text, strlen(s->delays[i].text));
    return true;
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
