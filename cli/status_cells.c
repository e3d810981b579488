/* status_cells.c - the state of a leg as cells of a table: words, figures of fixed width, and what may be called good.
 * Prints nothing. */

#include "status_cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LOSS_WARN_PERCENT 0.1
#define LOSS_BAD_PERCENT 10.0
#define RATE_LOW 0.9 /* of the target */

int cell_leg(const char *source, const char *destination, int width, char text[TABLE_CELL_SIZE])
{
    int n = snprintf(text, TABLE_CELL_SIZE, "%s->%s", source, destination);
    if (n <= width || width < 8)
        return n;
    int half = (width - 2) / 2, n_source = (int)strlen(source), n_destination = (int)strlen(destination);
    int for_source = n_destination < half ? width - 2 - n_destination : n_source < half ? n_source : half;
    int for_destination = width - 2 - for_source;
    bool cuts_source = n_source > for_source, cuts_destination = n_destination > for_destination;
    snprintf(text, TABLE_CELL_SIZE, "%.*s%s->%.*s%s", for_source - cuts_source, source, cuts_source ? "~" : "",
             for_destination - cuts_destination, destination, cuts_destination ? "~" : "");
    return n;
}

/* A number of 1,000 or more, with a comma, to so many decimals. */
static void put_thousands(double value, int n_decimals, char text[TABLE_CELL_SIZE])
{
    double scale = n_decimals ? 10 : 1, whole = floor(value * scale + 0.5) / scale, thousands = floor(whole / 1000);
    snprintf(text, TABLE_CELL_SIZE, "%.0f,%0*.*f", thousands, n_decimals ? 5 : 3, n_decimals,
             whole - 1000 * thousands);
}

void cell_mbps(double bits_per_second, char text[TABLE_CELL_SIZE])
{
    double mbps = bits_per_second / 1e6;
    if (isnan(mbps) || mbps < 0)
        strcpy(text, "-");
    else if (mbps < 999.9995)
        snprintf(text, TABLE_CELL_SIZE, "%.3f", mbps);
    else if (mbps < 999999.5)
        put_thousands(mbps, mbps < 9999.95, text);
    else
        strcpy(text, ">999999");
}

void cell_rate(const struct longhaul_status *s, char text[TABLE_CELL_SIZE])
{
    char mbps[TABLE_CELL_SIZE];
    cell_mbps(s->bits_per_second, mbps);
    snprintf(text, TABLE_CELL_SIZE, "%s%.*s", s->is_sent && !isnan(s->bits_per_second) ? "sent " : "", CELL_MBPS, mbps);
}

/* NAN if unknown. */
static double loss_percent(const struct longhaul_status *s)
{
    return s->has_loss && s->packets > 0 ? 100.0 * (double)s->lost_packets / (double)s->packets : NAN;
}

static void put_retransmits(int64_t n, char text[TABLE_CELL_SIZE])
{
    if (n < 10000)
        snprintf(text, TABLE_CELL_SIZE, "%" PRId64 " retr", n);
    else if (n < 9999500)
        snprintf(text, TABLE_CELL_SIZE, "%" PRId64 "k retr", (n + 500) / 1000);
    else
        strcpy(text, ">9M retr");
}

void cell_loss(const struct longhaul_status *s, char text[TABLE_CELL_SIZE])
{
    double percent = loss_percent(s);
    if (s->has_tcp)
        put_retransmits(s->retransmits, text);
    else if (!isnan(percent))
        snprintf(text, TABLE_CELL_SIZE, "%.4f%%", fmin(fmax(percent, -99), 100));
    else
        strcpy(text, s->is_sent && !s->has_loss && s->packets > 0 ? "at receiver" : "-");
}

/* To the microsecond below 10 of them: nobody measures less. */
void cell_delay_of(double p99_us, char text[TABLE_CELL_SIZE])
{
    char figure[LONGHAUL_PEOPLE_SIZE];
    longhaul_figure_text((p99_us < 10 ? floor(p99_us + 0.5) : p99_us) / 1000, figure, sizeof figure);
    if (p99_us < 1)
        strcpy(text, "<0.001 ms");
    else
        snprintf(text, TABLE_CELL_SIZE, "%s%s", figure, isnan(p99_us) ? "" : " ms");
}

void cell_delay(const struct longhaul_status *s, char text[TABLE_CELL_SIZE])
{
    cell_delay_of(s->phase == LONGHAUL_PHASE_DONE ? s->delays.p99_us : s->delays.newest_p99_us, text);
}

void cell_gaps(const struct longhaul_status *s, char text[TABLE_CELL_SIZE])
{
    snprintf(text, TABLE_CELL_SIZE, s->n_gaps > 999 ? ">999" : "%" PRIu32, s->n_gaps);
}

int cell_clock(double seconds, char text[TABLE_CELL_SIZE])
{
    if (isnan(seconds) || seconds < 0)
        return snprintf(text, TABLE_CELL_SIZE, "-");
    uint64_t s = (uint64_t)fmin(seconds + 0.5, 1e12);
    return snprintf(text, TABLE_CELL_SIZE, "%" PRIu64 ":%02u:%02u", s / 3600, (unsigned)(s / 60 % 60),
                    (unsigned)(s % 60));
}

void cell_age(double seconds, char text[TABLE_CELL_SIZE])
{
    if (seconds < 9.95)
        snprintf(text, TABLE_CELL_SIZE, "%.1f s", fmax(seconds, 0));
    else if (seconds < 99.5)
        snprintf(text, TABLE_CELL_SIZE, "%.0f s", seconds);
    else
        cell_clock(seconds, text);
}

void cell_date(double unix_s, double now_unix_s, bool with_seconds, char text[TABLE_CELL_SIZE])
{
    time_t then = (time_t)floor(unix_s), now = (time_t)floor(now_unix_s);
    struct tm at, today;
    bool good = fabs(unix_s) < 1e11 && gmtime_r(&then, &at) && gmtime_r(&now, &today);
    bool is_today = good && at.tm_year == today.tm_year && at.tm_yday == today.tm_yday;
    if (!good || strftime(text, TABLE_CELL_SIZE, is_today       ? "%H:%M:%S"
                                                 : with_seconds ? "%m-%d %H:%M:%S"
                                                                : "%m-%d %H:%M", &at) == 0)
        strcpy(text, "-");
}

/* ---- judgements */

static bool is_running(const struct longhaul_status *s)
{
    return s->phase == LONGHAUL_PHASE_RUNNING && !isnan(s->bits_per_second);
}

/* No interval for longer than three of them: the figures that are there are old. */
static bool is_silent(const struct longhaul_status *s)
{
    double interval_s = s->interval_s > 0 ? s->interval_s : 1;
    return is_running(s) && s->newest_age_s > 3 * interval_s + 1;
}

static bool is_empty(const struct longhaul_status *s)
{
    return is_running(s) && s->bits_per_second <= 0;
}

static bool is_low(const struct longhaul_status *s)
{
    return s->bits_per_second < RATE_LOW * s->target_bits_per_second; /* false without a target */
}

const char *status_word(const struct longhaul_status *s)
{
    return is_silent(s) ? "silent" : is_empty(s) ? "no data" : longhaul_status_text(s);
}

static enum table_tone tone_of_loss(double percent)
{
    return isnan(percent)                ? TABLE_NEUTRAL
           : percent >= LOSS_BAD_PERCENT ? TABLE_BAD
           : percent >= LOSS_WARN_PERCENT ? TABLE_WARN
                                          : TABLE_GOOD;
}

static enum table_tone tone_of_running(const struct longhaul_status *s)
{
    if (!is_running(s))
        return TABLE_NEUTRAL;
    if (is_silent(s))
        return TABLE_STRONG;
    if (is_empty(s))
        return TABLE_BAD;
    if (is_low(s))
        return !s->is_sent && s->newest_loss_percent >= LOSS_BAD_PERCENT ? TABLE_BAD : TABLE_WARN;
    if (s->is_sent) /* it was sent as planned; nobody here knows what arrives */
        return TABLE_NEUTRAL;
    return s->has_loss ? tone_of_loss(s->newest_loss_percent) : TABLE_NEUTRAL;
}

enum table_tone status_tone(const struct longhaul_status *s)
{
    switch (s->phase) {
    case LONGHAUL_PHASE_RUNNING: return tone_of_running(s);
    case LONGHAUL_PHASE_WAITING: return TABLE_STRONG;
    case LONGHAUL_PHASE_DONE: break;
    default: return TABLE_NEUTRAL;
    }
    if (s->ending == LONGHAUL_ENDING_FAILED)
        return TABLE_BAD;
    if (s->ending == LONGHAUL_ENDING_GAPS || s->ending == LONGHAUL_ENDING_STOPPED)
        return TABLE_WARN;
    return s->ending == LONGHAUL_ENDING_COMPLETE ? tone_of_loss(loss_percent(s)) : TABLE_NEUTRAL;
}

unsigned status_urgency(const struct longhaul_status *s)
{
    enum table_tone tone = status_tone(s);
    bool is_done = s->phase == LONGHAUL_PHASE_DONE, is_pending = s->phase == LONGHAUL_PHASE_PENDING;
    return tone == TABLE_BAD                      ? 6
           : tone == TABLE_STRONG                 ? 5
           : is_pending                           ? 1
           : is_done                              ? (tone == TABLE_WARN ? 2 : 0)
           : s->phase == LONGHAUL_PHASE_CONNECTING ? 4
           : tone == TABLE_WARN                   ? 3
                                                  : 2;
}
