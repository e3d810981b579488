/* cache_form.c - the bytes of a series in a cache: written as they are in memory, checked when they are read. Knows no
 * file's name. */

#include "read/cache_form.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_safe.h"
#include "read/cache_key.h"

/* What is written of a series' info: where its texts, numbers and booleans are. Who adds a member to it adds
 * it here. */
#define AT(member) offsetof(struct longhaul_info, member)
static const size_t texts_at[] = { AT(source),     AT(destination),      AT(version),       AT(protocol),
                                   AT(error),      AT(longhaul_version), AT(local_address), AT(remote_address),
                                   AT(congestion), AT(rtt_method) };
static const size_t numbers_at[] = { AT(start_unix_s),
                                     AT(planned_s),
                                     AT(target_bps),
                                     AT(datagram_bytes),
                                     AT(n_streams),
                                     AT(window_bytes),
                                     AT(n_sessions),
                                     AT(end_seconds),
                                     AT(end_bits_per_second),
                                     AT(end_jitter_ms),
                                     AT(end_lost_packets),
                                     AT(end_packets),
                                     AT(end_lost_percent),
                                     AT(end_sent_packets),
                                     AT(end_sent_bytes),
                                     AT(end_retransmits),
                                     AT(end_received_packets),
                                     AT(end_received_bytes),
                                     AT(end_bytes),
                                     AT(end_sent_bits_per_second),
                                     AT(end_received_bits_per_second),
                                     AT(end_out_of_order_packets),
                                     AT(end_duplicate_packets) };
static const size_t booleans_at[] = { AT(is_sender),   AT(is_complete),       AT(is_other_direction),
                                      AT(has_omitted), AT(has_server_record), AT(is_journal),
                                      AT(is_mixed) };

#define N_TEXTS (sizeof texts_at / sizeof *texts_at)
#define N_NUMBERS (sizeof numbers_at / sizeof *numbers_at)
#define N_BOOLEANS (sizeof booleans_at / sizeof *booleans_at)
_Static_assert(sizeof(void *) != 8 ||
                   sizeof(struct longhaul_info) == (1 + N_TEXTS + N_NUMBERS) * 8 + (N_BOOLEANS + 7) / 8 * 8,
               "struct longhaul_info has changed: write its new members to the cache, and raise CACHE_FORMAT");

/* ---- reading */

void cache_get(struct cache_input *in, void *out, size_t n)
{
    memset(out, 0, n);
    if (!in->is_good || n > in->left || fread(out, 1, n, in->file) != n) {
        in->is_good = false;
        return;
    }
    in->left -= n;
    in->hash = cache_hash(in->hash, out, n);
}

void cache_get_text(struct cache_input *in, char *text)
{
    uint32_t n;
    cache_get(in, &n, sizeof n);
    in->is_good = in->is_good && n < CACHE_MAX_TEXT;
    cache_get(in, text, in->is_good ? n : 0);
    text[in->is_good ? n : 0] = 0;
    text_make_safe(text); /* as the reader did: another build, or a hand, may have written it */
}

/* What the reader lets into words of tables and names of files; others were not written by it. */
static bool is_among(const char *text, const char *among)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(among, *text))
            return false;
    return true;
}

static void get_info(struct cache_input *in, struct longhaul_info *info, char (*texts)[CACHE_MAX_TEXT])
{
    char *base = (char *)info;
    for (size_t i = 0; i < N_TEXTS; i++) {
        const char *text = texts[i];
        cache_get_text(in, texts[i]);
        memcpy(base + texts_at[i], &text, sizeof text);
    }
    for (size_t i = 0; i < N_NUMBERS; i++)
        cache_get(in, base + numbers_at[i], sizeof(double));
    for (size_t i = 0; i < N_BOOLEANS; i++) {
        unsigned char byte;
        cache_get(in, &byte, 1);
        bool is_set = byte != 0;
        memcpy(base + booleans_at[i], &is_set, sizeof is_set);
    }
    in->is_good = in->is_good && is_among(info->source, "._:%-") && is_among(info->destination, "._:%-") &&
                  is_among(info->protocol, "_-");
}

/* A column that is not there has no number. ARRIVED is that of series_arrived(). */
enum { ARRIVED = -1 };

static void get_column(struct cache_input *in, struct longhaul_series *s, int column)
{
    unsigned char is_there;
    cache_get(in, &is_there, 1);
    double *values = !is_there           ? NULL
                     : column == ARRIVED ? series_make_arrived(s)
                                         : series_column(s, (enum longhaul_column)column);
    in->is_good = in->is_good && (values || !is_there);
    if (values)
        cache_get(in, values, longhaul_series_length(s) * sizeof *values);
}

static void get_sessions(struct cache_input *in, struct longhaul_series *s)
{
    uint32_t n;
    cache_get(in, &n, sizeof n);
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        struct series_session session;
        uint64_t rows[2];
        cache_get(in, session.cookie, sizeof session.cookie);
        cache_get(in, rows, sizeof rows);
        session.cookie[sizeof session.cookie - 1] = 0;
        session.first = (size_t)rows[0];
        session.n = (size_t)rows[1];
        in->is_good =
            in->is_good && rows[0] <= longhaul_series_length(s) && rows[1] <= longhaul_series_length(s) - rows[0];
        if (in->is_good)
            series_add_session(s, &session);
    }
}

static void get_gaps(struct cache_input *in, struct longhaul_series *s)
{
    static const size_t n_texts = 3;
    uint32_t n;
    char(*texts)[CACHE_MAX_TEXT] = malloc(n_texts * sizeof *texts);
    cache_get(in, &n, sizeof n);
    in->is_good = in->is_good && texts;
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        double span[2];
        cache_get(in, span, sizeof span);
        for (size_t k = 0; k < n_texts; k++)
            cache_get_text(in, texts[k]);
        in->is_good = in->is_good && is_among(texts[0], "_-");
        if (in->is_good)
            series_add_gap(s, &(struct longhaul_gap){ span[0], span[1], texts[0], texts[1], texts[2] });
    }
    free(texts);
}

/* Round trips, and the host's drops. */
static void get_path(struct cache_input *in, struct longhaul_series *s)
{
    struct longhaul_host_drops drops;
    unsigned char is_there;
    uint32_t n;
    double sample[2];
    cache_get(in, &n, sizeof n);
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        cache_get(in, sample, sizeof sample);
        if (in->is_good)
            series_add_rtt(s, sample[0], sample[1]);
    }
    cache_get(in, &is_there, 1);
    if (is_there)
        cache_get(in, &drops, sizeof drops);
    if (is_there && in->is_good)
        series_set_host_drops(s, &drops);
}

struct longhaul_series *cache_get_series(struct cache_input *in, const char *path)
{
    struct longhaul_info info = { .path = path };
    uint64_t length;
    char(*texts)[CACHE_MAX_TEXT] = malloc(N_TEXTS * sizeof *texts);
    if (texts == NULL)
        return NULL;
    get_info(in, &info, texts);
    cache_get(in, &length, sizeof length);
    /* Each interval has its rate at least. */
    struct longhaul_series *s =
        in->is_good && length <= in->left / sizeof(double) ? series_restore(&info, (size_t)length) : NULL;
    for (int i = 0; s && i < LONGHAUL_N_COLUMNS; i++)
        get_column(in, s, i);
    if (s) {
        get_column(in, s, ARRIVED);
        cache_get_text(in, texts[0]);
        series_set_cookie(s, texts[0]);
        get_sessions(in, s);
        get_gaps(in, s);
        get_path(in, s);
    }
    free(texts);
    return s;
}

/* ---- writing */

void cache_put(struct cache_output *out, const void *bytes, size_t n)
{
    out->hash = cache_hash(out->hash, bytes, n);
    if (fwrite(bytes, 1, n, out->file) != n)
        out->has_failed = true;
}

void cache_put_text(struct cache_output *out, const char *text)
{
    uint32_t n = (uint32_t)strnlen(text, CACHE_MAX_TEXT - 1);
    cache_put(out, &n, sizeof n);
    cache_put(out, text, n);
}

static void put_info(struct cache_output *out, const struct longhaul_info *info)
{
    const char *base = (const char *)info;
    for (size_t i = 0; i < N_TEXTS; i++) {
        const char *text;
        memcpy(&text, base + texts_at[i], sizeof text);
        cache_put_text(out, text);
    }
    for (size_t i = 0; i < N_NUMBERS; i++)
        cache_put(out, base + numbers_at[i], sizeof(double));
    for (size_t i = 0; i < N_BOOLEANS; i++) {
        bool is_set;
        memcpy(&is_set, base + booleans_at[i], sizeof is_set);
        unsigned char byte = is_set;
        cache_put(out, &byte, 1);
    }
}

/* A column without a number is not written. */
static void put_column(struct cache_output *out, const double *column, size_t length)
{
    size_t i = 0;
    while (column && i < length && isnan(column[i]))
        i++;
    unsigned char is_there = column && i < length;
    cache_put(out, &is_there, 1);
    if (is_there)
        cache_put(out, column, length * sizeof *column);
}

static void put_sessions(struct cache_output *out, const struct longhaul_series *series)
{
    size_t n_sessions;
    const struct series_session *session = series_sessions(series, &n_sessions);
    uint32_t n = (uint32_t)n_sessions;
    cache_put(out, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t rows[2] = { session[i].first, session[i].n };
        cache_put(out, session[i].cookie, sizeof session[i].cookie);
        cache_put(out, rows, sizeof rows);
    }
}

static void put_gaps(struct cache_output *out, const struct longhaul_series *series)
{
    size_t n_gaps;
    const struct longhaul_gap *gaps = longhaul_series_gaps(series, &n_gaps);
    uint32_t n = (uint32_t)n_gaps;
    cache_put(out, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        const double span[2] = { gaps[i].start_s, gaps[i].seconds };
        cache_put(out, span, sizeof span);
        cache_put_text(out, gaps[i].cause);
        cache_put_text(out, gaps[i].noticed);
        cache_put_text(out, gaps[i].text);
    }
}

static void put_path(struct cache_output *out, const struct longhaul_series *series)
{
    size_t n_samples;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(series, &n_samples);
    const struct longhaul_host_drops *drops = longhaul_series_host_drops(series);
    uint32_t n = (uint32_t)n_samples;
    unsigned char is_there = drops != NULL;
    cache_put(out, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        const double sample[2] = { samples[i].start_s, samples[i].rtt_ms };
        cache_put(out, sample, sizeof sample);
    }
    cache_put(out, &is_there, 1);
    if (drops)
        cache_put(out, drops, sizeof *drops);
}

void cache_put_series(struct cache_output *out, const struct longhaul_series *series)
{
    uint64_t length = longhaul_series_length(series);
    put_info(out, longhaul_series_info(series));
    cache_put(out, &length, sizeof length);
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        put_column(out, longhaul_series_column(series, (enum longhaul_column)i), (size_t)length);
    put_column(out, series_arrived(series), (size_t)length);
    cache_put_text(out, series_cookie(series));
    put_sessions(out, series);
    put_gaps(out, series);
    put_path(out, series);
}
