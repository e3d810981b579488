/* axis.c - computes the ranges and marks of axes from the least and greatest values drawn. Draws nothing. */

#include "chart/axis.h"

#include <math.h>
#include <stdint.h>
#include <time.h>

#include "base/calendar.h"

#define MARKS 8         /* an axis of rates has at most this many steps */
#define BURST 2         /* an axis is clipped if the greatest value is so many times what nearly all are below */
#define ZOOMED 2        /* an axis of round trips begins at 0 if the end is more than this many times the least */
#define TRIP_ROOM 0.01  /* share of the least round trip that an axis shows, at least, on both sides of it */
#define LOWEST_LOSS 1e-4
#define FEW_MARKS 3     /* marks of a thin panel */

/* The smallest of 1, 2, 2.5, 5 times a power of ten that is not below x. */
static double round_step(double x)
{
    static const double steps[] = { 1, 2, 2.5, 5, 10 };
    double power = pow(10, floor(log10(x)));
    size_t i = 0;
    while (i < 4 && steps[i] * power < x * (1 - 1e-9))
        i++;
    return steps[i] * power;
}

static int digits_of(double step)
{
    for (int digits = 0; digits < 9; digits++) {
        double scaled = step * pow(10, digits);
        if (fabs(scaled - rint(scaled)) < 1e-6 * scaled)
            return digits;
    }
    return 9;
}

static void set_marks(struct axis *axis, int most)
{
    axis->step = round_step((axis->high - axis->low) / most);
    axis->first = ceil(axis->low / axis->step - 1e-9) * axis->step;
    axis->digits = digits_of(axis->step);
}

/* Ends above the greatest value, or, if few values are far above the others, above the others: one burst does not
 * flatten the rest. The chart marks what is beyond the end. */
static double end_of(double usual, double broad, double most)
{
    double all = usual > 0 ? fmax(broad, usual) : broad;
    return all > 0 && most > BURST * all ? all * 1.5 : most * 1.2;
}

static struct axis from_zero(double usual, double broad, double most)
{
    struct axis axis = { .low = 0, .high = most > 0 ? end_of(usual, broad, most) : 1 };
    set_marks(&axis, MARKS);
    return axis;
}

struct axis axis_of_rates(double least, double usual, double broad, double most)
{
    (void)least;
    return from_zero(usual, broad, most);
}

static struct axis decades(double least, double most)
{
    struct axis axis = { .is_log = true, .step = 10 };
    axis.low = pow(10, floor(log10(least) + 1e-9));
    axis.high = pow(10, ceil(log10(most) - 1e-9));
    if (axis.high < axis.low * 9.9)
        axis.high = axis.low * 10;
    axis.first = axis.low;
    return axis;
}

struct axis axis_of_losses(double least, double usual, double broad, double most)
{
    (void)usual;
    (void)broad;
    most = most > 0 ? fmin(most, 100) : 1;
    least = least > 0 ? fmax(least, LOWEST_LOSS) : most / 10;
    struct axis axis = decades(fmin(least * 0.5, 0.1), fmax(most, 1)); /* the least value must have a height too */
    return axis;
}

struct axis axis_of_times(double least, double usual, double broad, double most)
{
    (void)least;
    return from_zero(usual, broad, most);
}

struct axis axis_of_round_trips(double least, double usual, double broad, double most)
{
    double end = fmax(broad, usual) > 0 ? end_of(usual, broad, most) / 1.2 : most;
    if (!(least > 0) || end > ZOOMED * least)
        return from_zero(usual, broad, most);
    double room = fmax(TRIP_ROOM * least, (end - least) * 0.2);
    struct axis axis = { .low = fmax(0, least - room), .high = end + room };
    set_marks(&axis, MARKS);
    return axis;
}

struct axis axis_join(const struct axis *a, const struct axis *b)
{
    struct axis axis = a->high > b->high ? *a : *b;
    if (axis.is_log)
        return axis;
    axis.low = fmin(a->low, b->low);
    set_marks(&axis, MARKS);
    return axis;
}

struct axis axis_of_shares(double least)
{
    struct axis axis = { .high = 1 };
    double below = least < 1 ? fmax(1 - least, 1e-6) : 0.01;
    double room = round_step(below * 1.05);
    axis.low = room >= 0.5 ? 0 : 1 - room;
    set_marks(&axis, MARKS);
    return axis;
}

static double mark_of(const struct axis *axis, int i)
{
    return axis->is_log ? axis->first * pow(10, i) : axis->first + i * axis->step;
}

/* The position of a value on the axis, 0 to 1. */
static double share_of(const struct axis *axis, double value)
{
    return axis->is_log ? log(value / axis->low) / log(axis->high / axis->low)
                        : (value - axis->low) / (axis->high - axis->low);
}

void axis_write_marks(FILE *out, const struct axis *given, int max, double uppermost)
{
    double edge = max <= FEW_MARKS ? 0.12 : -1, upper_edge = fmax(edge, uppermost);
    struct axis coarse = *given, *axis = &coarse;
    if (!axis->is_log && (axis->high - axis->first) / axis->step > max)
        set_marks(axis, max);
    int n = axis->is_log ? (int)lrint(log10(axis->high / axis->first)) + 1
                         : (int)floor((axis->high - axis->first) / axis->step * (1 + 1e-9)) + 1;
    int first = 0, count = 0;
    while (first < n && share_of(axis, mark_of(axis, first)) < edge)
        first++;
    while (n > first + 1 && share_of(axis, mark_of(axis, n - 1)) > 1 - upper_edge)
        n--;
    int every = (n - first + max - 1) / max;
    for (int i = first; i < n; i += every > 0 ? every : 1) {
        fputs(count++ ? ", " : "", out);
        if (axis->is_log)
            fprintf(out, "'%g' %.10g", mark_of(axis, i), mark_of(axis, i));
        else
            fprintf(out, "'%.*f' %.12g", axis->digits, mark_of(axis, i), mark_of(axis, i));
    }
}

/* ---- time */

/* Round steps of time: a day has a mark every two hours, twenty seconds every two seconds. */
static double time_step(double high, double unit_s)
{
    static const double steps[] = { 1, 2, 3, 5, 6, 10, 12, 15, 20, 24, 30, 48 };
    if (high < 5 || unit_s > 3600)
        return round_step(high / 12);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (high / steps[i] <= 12.5)
            return steps[i];
    return round_step(high / 12);
}

struct axis_time axis_of_time(double seconds)
{
    static const struct { double from_s; const char *unit; double unit_s; } units[] = {
        { 5 * 86400.0, "days", 86400 }, { 2 * 3600.0, "hours", 3600 }, { 180, "minutes", 60 }, { 0, "seconds", 1 } };
    size_t i = 0;
    seconds = seconds > 0 ? fmin(seconds, AXIS_MOST_S) : 1;
    while (seconds < units[i].from_s)
        i++;
    double high = seconds / units[i].unit_s;
    return (struct axis_time){ units[i].unit, units[i].unit_s, high, time_step(high, units[i].unit_s) };
}

void axis_write_time_marks(FILE *out, const struct axis_time *time, bool with_labels)
{
    int digits = digits_of(time->step);
    for (int i = 0; i * time->step <= time->high * (1 + 1e-9); i++)
        if (with_labels)
            fprintf(out, "%s'%.*f' %.10g", i ? ", " : "", digits, i * time->step, i * time->step);
        else
            fprintf(out, "%s'' %.10g", i ? ", " : "", i * time->step);
}

/* Seconds between marks of UTC, at round times of the clock. */
static int64_t utc_step(double seconds, int max)
{
    static const int64_t steps[] = { 1,     2,     5,     10,        15,        30,         60,        120,
                                     300,   600,   900,   1800,      3600,      7200,       10800,     14400,
                                     21600, 43200, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400 };
    size_t i = 0, n = sizeof steps / sizeof *steps;
    while (i < n - 1 && seconds / (double)steps[i] > max)
        i++;
    int64_t step = steps[i];
    while (seconds / (double)step > max)
        step *= 2;
    return step;
}

void axis_write_utc_marks(FILE *out, const struct axis_time *axis, double start_unix_s, int max, double edge_s)
{
    double seconds = axis->high * axis->unit_s;
    if (!(fabs(start_unix_s) < 1e11))
        return;
    int64_t step = utc_step(seconds, max);
    bool is_first = true;
    for (double at = ceil(start_unix_s / (double)step) * (double)step; at <= start_unix_s + seconds;
         at += (double)step) {
        struct tm utc;
        char text[32] = "";
        if (at - start_unix_s < edge_s || start_unix_s + seconds - at < edge_s / 3)
            continue;
        if (calendar_of(at, &utc))
            strftime(text, sizeof text, (int64_t)at % 86400 == 0 ? "%d %b" : step < 60 ? "%H:%M:%S" : "%H:%M", &utc);
        fprintf(out, "%s'%s' %.10g", is_first ? "" : ", ", text, (at - start_unix_s) / axis->unit_s);
        is_first = false;
    }
}
