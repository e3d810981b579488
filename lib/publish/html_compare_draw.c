/* html_compare_draw.c - draws a figure that is compared, without scripts: how its pieces of time are distributed on
 * both sides, and its hours with the range of their pieces; next to each what it shows, in words, and the numbers in
 * tables. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/markup.h"
#include "base/units.h"
#include "publish/html.h"
#include "report/wording.h"

/* A drawing, in its own units. */
#define WIDTH 720
#define HEIGHT 300
#define LEFT 86.0
#define RIGHT 706.0
#define TOP 12.0
#define BOTTOM 262.0
#define ZERO_ROOM 50.0 /* of a logarithmic axis, for 0 */
#define LOG_RANGE 30.0 /* from here on the axis of a distribution is logarithmic */
#define MOST_BAND 3.0  /* times the greatest hour, up to which the range of pieces is shown */
#define ROOM 0.08      /* around the values of an axis that does not begin at 0 */
#define MOST_TICKS 4
#define TICK_GAP 90.0 /* between powers of ten */

struct scale {
    double low, high; /* values; of a logarithmic scale positive */
    double from, to;  /* places */
    bool is_log, has_zero;
    double zero; /* place of 0 on a logarithmic scale */
};

static double place(const struct scale *s, double value)
{
    if (s->is_log && value <= 0)
        return s->zero;
    double low = s->is_log ? log(s->low) : s->low, high = s->is_log ? log(s->high) : s->high,
           share = ((s->is_log ? log(value) : value) - low) / (high - low);
    return s->from + fmin(fmax(share, 0), 1) * (s->to - s->from);
}

/* A round step, of which the range has MOST_TICKS at most. */
static double step_of(double range)
{
    static const double parts[] = { 1, 2, 5, 10 };
    double tens = pow(10, floor(log10(range / MOST_TICKS)));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (range / (parts[i] * tens) <= MOST_TICKS + 1e-9)
            return parts[i] * tens;
    return 10 * tens;
}

static void say_tick(FILE *out, bool is_x, double at, double value)
{
    if (is_x)
        fprintf(out, "<path class=grid d=\"M%.0f %.0fV%.0f\"/><text text-anchor=%s x=%.0f y=%.0f>%.6g</text>", at, TOP,
                BOTTOM, at > RIGHT - TICK_GAP / 2 ? "end" : "middle",
                at > RIGHT - TICK_GAP / 2 ? fmin(at + 14, WIDTH - 2) : at, BOTTOM + 28, value);
    else
        fprintf(out, "<path class=grid d=\"M%.0f %.0fH%.0f\"/><text text-anchor=end x=%.0f y=%.0f>%.6g</text>", LEFT,
                at, RIGHT, LEFT - 8, at + 8, value);
}

static void write_ticks(FILE *out, const struct scale *s, bool is_x)
{
    if (s->is_log && s->has_zero)
        say_tick(out, is_x, s->zero, 0);
    if (s->is_log) {
        double decades = log10(s->high / s->low), each = ceil(TICK_GAP * decades / fabs(s->to - s->from));
        for (double e = ceil(log10(s->low) - 1e-9); e <= log10(s->high) + 1e-9; e += fmax(each, 1))
            say_tick(out, is_x, place(s, pow(10, e)), pow(10, e));
        return;
    }
    double step = step_of(s->high - s->low);
    for (double i = ceil(s->low / step - 1e-9); i * step <= s->high + 1e-9 * step; i++)
        say_tick(out, is_x, place(s, i * step), fabs(i * step) < 1e-9 * step ? 0 : i * step);
}

static void begin(FILE *out, const char *words, enum longhaul_compared quantity)
{
    fprintf(out, "<figure class=drawing><svg viewBox=\"0 0 %d %d\" role=img aria-label=\"%s: ", WIDTH, HEIGHT,
            longhaul_compared_text(quantity));
    markup_html(out, words);
    fputs("\">", out);
}

/* ---- distribution */

/* The least positive value, and the greatest one, of both sides. */
static struct scale scale_of_values(const struct compare_drawing *d, double margin)
{
    struct scale s = { INFINITY, -INFINITY, LEFT, RIGHT, false, false, LEFT };
    double positive = INFINITY;
    for (int side = 0; side < 2; side++) {
        const struct compare_side_drawing *its = side ? &d->after : &d->before;
        for (size_t i = 0; i < its->n; i++) {
            double value = its->values[i];
            s.low = fmin(s.low, value);
            s.high = fmax(s.high, value);
            positive = value > 0 ? fmin(positive, value) : positive;
        }
    }
    if (s.low >= 0 && s.high > LOG_RANGE * positive) {
        s.is_log = true;
        s.has_zero = s.low == 0;
        s.low = positive;
        s.from = s.has_zero ? LEFT + ZERO_ROOM : LEFT;
        return s;
    }
    double room = fmax(ROOM * (s.high - s.low), margin / 2);
    s.low = s.low >= 0 ? fmax(0, s.low - room) : s.low - room;
    s.high += room;
    return s;
}

/* Steps of whole units, each from where the last one ended. */
static void write_steps(FILE *out, const struct compare_side_drawing *side, const struct scale *s, char name)
{
    double x = round(place(s, side->values[0])), y = BOTTOM;
    fprintf(out, "<path class=%c d=\"M%.0f %.0f", name, x, y);
    for (size_t i = 0; i < side->n; i++) {
        double to_x = round(place(s, side->values[i])),
               to_y = round(BOTTOM - (double)(i + 1) / (double)side->n * (BOTTOM - TOP));
        if (to_x != x)
            fprintf(out, "h%.0f", to_x - x);
        if (to_y != y)
            fprintf(out, "v%.0f", to_y - y);
        x = to_x;
        y = to_y;
    }
    fputs("\"/>", out);
}

/* "at most 0.1 % before, 0.2 % after" */
static struct wording at_most(const struct longhaul_compared_figure *f, const struct compare_drawing *d, double share,
                              const char *unit)
{
    return wording_say("at most %s %s before, %s after", compare_value(f, compare_drawing_at(&d->before, share)).text,
                       unit, compare_value(f, compare_drawing_at(&d->after, share)).text);
}

/* What the distribution shows, in words. */
static struct wording say_distribution(const struct longhaul_compared_figure *f, enum longhaul_compared q,
                                       const struct compare_drawing *d)
{
    const char *unit = longhaul_compared_unit(q);
    if (q == LONGHAUL_COMPARED_DELAY)
        return wording_say("Half of the datagrams were in queues for %s; 99 of 100 for at most %s, %s",
                           at_most(f, d, 0.5, unit).text, compare_value(f, f->before).text,
                           compare_value(f, f->after).text);
    double other = compare_worse_sign(q) > 0 ? 0.9 : 0.1;
    return wording_say("Half of the pieces have %s; %s of ten at most %s, %s", at_most(f, d, 0.5, unit).text,
                       other > 0.5 ? "nine" : "one", compare_value(f, compare_drawing_at(&d->before, other)).text,
                       compare_value(f, compare_drawing_at(&d->after, other)).text);
}

static void write_distribution(FILE *out, const struct longhaul_compared_figure *f, enum longhaul_compared q,
                               const struct compare_drawing *d)
{
    struct scale x = scale_of_values(d, f->margin), y = { 0, 100, BOTTOM, TOP, false, false, BOTTOM };
    struct wording words = say_distribution(f, q, d);
    begin(out, words.text, q);
    write_ticks(out, &x, true);
    for (int percent = 0; percent <= 100; percent += 50)
        say_tick(out, false, place(&y, percent), percent);
    write_steps(out, &d->before, &x, 'b');
    write_steps(out, &d->after, &x, 'a');
    fputs("</svg><figcaption>", out);
    if (q == LONGHAUL_COMPARED_DELAY)
        fputs("Upwards the share of the datagrams in %, to the right their time in queues in ms. ", out);
    else
        fprintf(out, "Upwards the share of the pieces of time in %%, to the right their %s%s%s. ",
                longhaul_compared_text(q), q == LONGHAUL_COMPARED_SILENCES ? " " : " in ", longhaul_compared_unit(q));
    markup_html(out, words.text);
    fputs(".</figcaption></figure>\n", out);
}

/* ---- hours */

/* The greatest of an array of hours, or with sign -1 the least; -1 if all are unknown. */
static int extreme(const float *hours, int sign)
{
    int best = -1;
    for (int i = 0; i < COMPARE_HOURS; i++)
        if (!isnan(hours[i]) && (best < 0 || (double)sign * hours[i] > (double)sign * hours[best]))
            best = i;
    return best;
}

static double extreme_value(const float *x, const float *y, int sign)
{
    int i = extreme(x, sign), k = extreme(y, sign);
    double a = i >= 0 ? x[i] : NAN, b = k >= 0 ? y[k] : NAN;
    return sign > 0 ? fmax(a, b) : fmin(a, b); /* ignores NAN */
}

static struct scale scale_of_hours(const struct compare_drawing *d, const struct longhaul_compared_figure *f,
                                   bool is_from_zero)
{
    struct scale s = { 0, 0, BOTTOM, TOP, false, false, BOTTOM };
    double low = extreme_value(d->before.least, d->after.least, -1),
           high = extreme_value(d->before.most, d->after.most, 1),
           greatest = extreme_value(d->before.hours, d->after.hours, 1);
    if (is_from_zero) {
        s.high = fmax(fmin(high, MOST_BAND * greatest), fmax(greatest * (1 + ROOM), f->margin));
        return s;
    }
    double room = fmax(ROOM * (high - low), f->margin / 2);
    s.low = low >= 0 ? fmax(0, low - room) : low - room;
    s.high = high + room;
    return s;
}

static double hour_place(int hour)
{
    return round(LEFT + hour * (RIGHT - LEFT) / COMPARE_HOURS);
}

/* The range of the pieces, as one outline for hours that follow each other. */
static void write_band(FILE *out, const struct compare_side_drawing *side, const struct scale *y, char name)
{
    fprintf(out, "<path class=%cr d=\"", name);
    for (int first = 0; first < COMPARE_HOURS; first++) {
        int end = first;
        while (end < COMPARE_HOURS && !isnan(side->least[end]))
            end++;
        if (end == first)
            continue;
        fprintf(out, "M%.0f %.0f", hour_place(first), place(y, side->least[first]));
        for (int i = first; i < end; i++)
            fprintf(out, "V%.0fH%.0f", place(y, side->most[i]), hour_place(i + 1));
        for (int i = end - 1; i >= first; i--)
            fprintf(out, "V%.0fH%.0f", place(y, side->least[i]), hour_place(i));
        fputs("z", out);
        first = end;
    }
    fputs("\"/>", out);
}

static void write_line(FILE *out, const struct compare_side_drawing *side, const struct scale *y, char name)
{
    fprintf(out, "<path class=%c d=\"", name);
    for (int i = 0; i < COMPARE_HOURS; i++) {
        if (isnan(side->hours[i]))
            continue;
        if (i == 0 || isnan(side->hours[i - 1]))
            fprintf(out, "M%.0f %.0f", hour_place(i), place(y, side->hours[i]));
        else
            fprintf(out, "V%.0f", place(y, side->hours[i]));
        fprintf(out, "H%.0f", hour_place(i + 1));
    }
    fputs("\"/>", out);
}

/* "before 0.31 % at 20:00"; "before 0.31 % in each" of several that are alike. */
static struct wording say_side(const struct compare_side_drawing *side, const struct longhaul_compared_figure *f,
                               enum longhaul_compared q, const char *name)
{
    int most = extreme(side->hours, 1), least = extreme(side->hours, -1), sign = compare_worse_sign(q), n = 0;
    const char *unit = longhaul_compared_unit(q);
    if (most < 0)
        return wording_say("%s unknown", name);
    for (int i = 0; i < COMPARE_HOURS; i++)
        n += !isnan(side->hours[i]);
    struct wording high = compare_value(f, side->hours[most]), low = compare_value(f, side->hours[least]);
    if (n > 1 && strcmp(high.text, low.text) == 0)
        return wording_say("%s %s %s in each", name, high.text, unit);
    return wording_say("%s %s %s at %02d:00", name, sign > 0 ? high.text : low.text, unit, sign > 0 ? most : least);
}

static void write_hours(FILE *out, const struct longhaul_compared_figure *f, enum longhaul_compared q,
                        const struct compare_drawing *d)
{
    bool is_from_zero = q != LONGHAUL_COMPARED_RATE && q != LONGHAUL_COMPARED_RTT;
    if (fmax(d->before.piece_s, d->after.piece_s) > HOUR_S) {
        fputs("<p class=missing>By hour: the pieces are longer than an hour.</p>\n", out);
        return;
    }
    if (extreme(d->before.hours, 1) < 0 && extreme(d->after.hours, 1) < 0) {
        fputs("<p class=missing>By hour: the time of day is not known.</p>\n", out);
        return;
    }
    struct scale y = scale_of_hours(d, f, is_from_zero);
    struct wording words =
        wording_say("The %s hour: %s, %s", compare_worse_sign(q) > 0 ? "highest" : "lowest",
                    say_side(&d->before, f, q, "before").text, say_side(&d->after, f, q, "after").text);
    begin(out, words.text, q);
    write_ticks(out, &y, false);
    for (int hour = 0; hour <= COMPARE_HOURS; hour += 6)
        say_tick(out, true, hour_place(hour), hour);
    write_band(out, &d->before, &y, 'b');
    write_band(out, &d->after, &y, 'a');
    write_line(out, &d->before, &y, 'b');
    write_line(out, &d->after, &y, 'a');
    fputs("</svg><figcaption>By hour of the day (UTC), with the range of the hour&rsquo;s pieces. ", out);
    markup_html(out, words.text);
    if (extreme_value(d->before.most, d->after.most, 1) > y.high)
        fprintf(out, "; pieces up to %s are not shown",
                compare_value(f, extreme_value(d->before.most, d->after.most, 1)).text);
    fputs(".</figcaption></figure>\n", out);
}

/* ---- tables */

static void write_pair(FILE *out, const struct longhaul_compared_figure *f, double before, double after)
{
    for (int side = 0; side < 2; side++) {
        double its = side ? after : before;
        fputs(isnan(its) ? "<td class=n>&ndash;" : "<td class=n>", out);
        if (!isnan(its))
            markup_html(out, compare_value(f, its).text);
    }
}

static void begin_numbers(FILE *out, const char *first, const char *name, const char *what)
{
    fprintf(out,
            "<table><caption class=vh>%s, %s</caption><thead><tr><th scope=col>%s<th scope=col class=n>Before"
            "<th scope=col class=n>After</tr></thead><tbody>",
            name, what, first);
}

static void write_tables(FILE *out, const struct longhaul_compared_figure *f, const struct compare_drawing *d,
                         const char *name)
{
    static const double shares[] = { 0.1, 0.25, 0.5, 0.75, 0.9, 1 };
    fprintf(out, "<details class=numbers><summary>Numbers<span class=vh> of %s</span></summary><div class=two>", name);
    begin_numbers(out, "Share", name, "that a share does not exceed");
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        fprintf(out, "<tr><th scope=row>%g %%", 100 * shares[i]);
        write_pair(out, f, compare_drawing_at(&d->before, shares[i]), compare_drawing_at(&d->after, shares[i]));
    }
    fputs("</tbody></table>", out);
    begin_numbers(out, "Hour", name, "by hour");
    for (int hour = 0; hour < COMPARE_HOURS; hour++) {
        if (isnan(d->before.hours[hour]) && isnan(d->after.hours[hour]))
            continue;
        fprintf(out, "<tr><th scope=row>%02d:00", hour);
        write_pair(out, f, d->before.hours[hour], d->after.hours[hour]);
    }
    fputs("</tbody></table></div></details>\n", out);
}

/* Of many pieces two are joined to one, on one side more often than on the other. */
static void write_pieces(FILE *out, const struct compare_drawing *d)
{
    struct wording before = wording_length(d->before.piece_s), after = wording_length(d->after.piece_s);
    if (d->before.piece_s == d->after.piece_s)
        fprintf(out, "<p class=hint>Pieces of %s.</p>", before.text);
    else
        fprintf(out, "<p class=hint>Pieces of %s before, %s after.</p>", before.text, after.text);
}

void html_write_compared(FILE *out, const struct longhaul_compared_figure *f, enum longhaul_compared q,
                         const struct compare_drawing *d)
{
    if (d->before.n == 0 || d->after.n == 0) {
        fputs("<p class=missing>Nothing to draw: no piece of time that both sides know.</p>\n", out);
        return;
    }
    if (q != LONGHAUL_COMPARED_DELAY)
        write_pieces(out, d);
    fputs("<div class=two>", out);
    write_distribution(out, f, q, d);
    write_hours(out, f, q, d);
    fputs("</div>", out);
    write_tables(out, f, d, longhaul_compared_text(q));
}
