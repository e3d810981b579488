/* objective.c - reads and writes objectives: "loss <= 0.1% in 99.9% of minutes". Judges nothing. */

#include "model/objective.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/plain_numbers.h"

static const struct objective_quantity quantities[LONGHAUL_N_OBJECTIVE_QUANTITIES] = {
    [LONGHAUL_OBJECTIVE_LOSS] = { "loss", "%", 1, false, true },
    [LONGHAUL_OBJECTIVE_DELAY_P50] = { "delay p50", "ms", 1, false, true },
    [LONGHAUL_OBJECTIVE_DELAY_P99] = { "delay p99", "ms", 1, false, true },
    [LONGHAUL_OBJECTIVE_JITTER] = { "jitter", "ms", 1, false, true },
    [LONGHAUL_OBJECTIVE_RATE] = { "rate", "Mbps", 1e6, true, true },
    [LONGHAUL_OBJECTIVE_OUTAGE] = { "outage", "s", 1, false, false },
    [LONGHAUL_OBJECTIVE_AVAILABILITY] = { "availability", "%", 1, true, false },
    [LONGHAUL_OBJECTIVE_COVERAGE] = { "coverage", "%", 1, true, false },
};

/* Units that a limit may have instead, and how many of its own unit they are. */
static const struct { const char *unit, *of;
    double factor;
} units[] = { { "%", "%", 1 },          { "us", "ms", 1e-3 },       { "ms", "ms", 1 },          { "s", "ms", 1e3 },
              { "ms", "s", 1e-3 },      { "s", "s", 1 },            { "min", "s", 60 },         { "h", "s", 3600 },
              { "bps", "Mbps", 1 },     { "kbps", "Mbps", 1e3 },    { "Mbps", "Mbps", 1e6 },    { "Gbps", "Mbps", 1e9 },
              { "bit/s", "Mbps", 1 },   { "kbit/s", "Mbps", 1e3 },  { "Mbit/s", "Mbps", 1e6 },
              { "Gbit/s", "Mbps", 1e9 },
              { "K", "Mbps", 1e3 },     { "M", "Mbps", 1e6 },       { "G", "Mbps", 1e9 } };

static const struct { const char *name;
    double seconds;
} windows[] = { { "seconds", 1 }, { "minutes", 60 }, { "hours", 3600 } };

#define N_OF(array) (sizeof (array) / sizeof *(array))

const struct objective_quantity *objective_quantity(enum longhaul_objective_kind quantity)
{
    return &quantities[quantity];
}

const char *objective_window_name(double window_s)
{
    for (size_t i = 0; i < N_OF(windows); i++)
        if (windows[i].seconds == window_s)
            return windows[i].name;
    return "";
}

const char *longhaul_objective_verdict_text(enum longhaul_objective_verdict verdict)
{
    static const char *const texts[] = { "cannot_say", "met", "missed" };
    return (unsigned)verdict < N_OF(texts) ? texts[verdict] : "";
}

static bool is_known(const struct longhaul_objective *o)
{
    return (unsigned)o->quantity < LONGHAUL_N_OBJECTIVE_QUANTITIES;
}

static bool is_in_range(const struct longhaul_objective *o)
{
    bool is_share = strcmp(quantities[o->quantity].unit, "%") == 0;
    return o->limit >= 0 && o->limit <= (is_share ? 100 : 1e15);
}

static bool has_good_windows(const struct longhaul_objective *o)
{
    bool is_length = objective_window_name(o->window_s)[0] != 0;
    return isnan(o->share) ? o->window_s == 0
                           : quantities[o->quantity].has_windows && is_length && o->share > 0 && o->share <= 100;
}

int objective_check(const struct longhaul_objective *o, struct longhaul_error *err)
{
    if (!is_known(o))
        return error_set(err, LONGHAUL_EINVAL, "objective: quantity %d does not exist", (int)o->quantity);
    if (!is_in_range(o))
        return error_set(err, LONGHAUL_EINVAL, "objective: %s: limit %g is out of range", quantities[o->quantity].name,
                         o->limit);
    if (!has_good_windows(o))
        return error_set(err, LONGHAUL_EINVAL, "objective: %s: %g %% of windows of %g s cannot be asked",
                         quantities[o->quantity].name, o->share, o->window_s);
    return 0;
}

/* ---- reading */

/* Takes a word, or one of its parts, from *p, after blanks. */
static bool take(const char **p, const char *word)
{
    size_t n = strlen(word);
    while (isspace((unsigned char)**p))
        ++*p;
    bool is_letter = isalpha((unsigned char)word[n - 1]) != 0;
    if (strncmp(*p, word, n) != 0 || (is_letter && (isalnum((unsigned char)(*p)[n]) || (*p)[n] == '/')))
        return false;
    *p += n;
    return true;
}

static bool take_number(const char **p, double *value)
{
    struct plain_numbers plain;
    char *end;
    while (isspace((unsigned char)**p))
        ++*p;
    if (!isdigit((unsigned char)**p) && **p != '.')
        return false;
    plain_numbers_begin(&plain);
    *value = strtod(*p, &end);
    plain_numbers_end(&plain);
    bool good = end != *p && isfinite(*value) && !strpbrk(((char[]){ **p, (*p)[1], 0 }), "xX");
    *p = end;
    return good;
}

static bool take_quantity(const char **p, struct longhaul_objective *o)
{
    for (size_t i = 0; i < N_OF(quantities); i++)
        if (take(p, quantities[i].name)) {
            o->quantity = (enum longhaul_objective_kind)i;
            return true;
        }
    if (!take(p, "delay"))
        return false;
    o->quantity = LONGHAUL_OBJECTIVE_DELAY_P99;
    return true;
}

/* A whole word that is one of the units. */
static bool take_unit(const char **p, const char *of, double *factor)
{
    for (size_t i = 0; i < N_OF(units); i++)
        if (strcmp(units[i].of, of) == 0 && take(p, units[i].unit)) {
            *factor = units[i].factor;
            return true;
        }
    return false;
}

static bool take_windows(const char **p, struct longhaul_objective *o)
{
    if (!take_number(p, &o->share) || !take(p, "%") || !take(p, "of"))
        return false;
    for (size_t i = 0; i < N_OF(windows) && o->window_s == 0; i++)
        if (take(p, windows[i].name))
            o->window_s = windows[i].seconds;
    return o->window_s > 0 && o->share > 0 && o->share <= 100;
}

static int refuse(const char *text, const char *why, struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_EINVAL, "'%.80s' is not an objective: %s", text, why);
}

static int parse_limit(const char *text, const char **p, struct longhaul_objective *o, struct longhaul_error *err)
{
    const struct objective_quantity *q = &quantities[o->quantity];
    char why[160];
    double factor = 1;
    if (!take(p, q->is_least ? ">=" : "<=")) {
        snprintf(why, sizeof why, "after '%s' comes '%s'", q->name, q->is_least ? ">=" : "<=");
        return refuse(text, why, err);
    }
    bool has_number = take_number(p, &o->limit), has_unit = take_unit(p, q->unit, &factor);
    o->limit *= factor;
    if (has_number && has_unit && is_in_range(o))
        return 0;
    snprintf(why, sizeof why, "the limit of %s is a number with a unit, such as %s", q->name,
             strcmp(q->unit, "%") == 0      ? "0.1%"
             : strcmp(q->unit, "ms") == 0   ? "20ms"
             : strcmp(q->unit, "Mbps") == 0 ? "9.9Mbps"
                                            : "10s");
    return refuse(text, why, err);
}

int longhaul_objective_parse(const char *text, struct longhaul_objective *out, struct longhaul_error *err)
{
    struct longhaul_objective o = { .share = NAN };
    const char *p = text;
    if (!take_quantity(&p, &o))
        return refuse(text, "it begins with loss, delay p50, delay p99, jitter, rate, outage, availability or coverage",
                      err);
    int rc = parse_limit(text, &p, &o, err);
    if (rc != 0)
        return rc;
    bool has_windows = take(&p, "in");
    if (has_windows && !quantities[o.quantity].has_windows)
        return refuse(text, "outage, availability and coverage are of the whole test", err);
    if (has_windows && !take_windows(&p, &o))
        return refuse(text, "after 'in' comes a share of windows, such as 99.9% of minutes (or seconds, hours)", err);
    p += strspn(p, " \t");
    if (*p)
        return refuse(text, "something follows its end", err);
    *out = o;
    return 0;
}

/* ---- writing */

/* As few digits as read back to the same. */
static void number_text(double value, double per_unit, char *text, size_t size)
{
    for (int digits = 9; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value / per_unit);
        if (strtod(text, NULL) * per_unit == value)
            return;
    }
}

void longhaul_objective_text(const struct longhaul_objective *o, char text[LONGHAUL_OBJECTIVE_TEXT])
{
    const struct objective_quantity *q = &quantities[is_known(o) ? o->quantity : 0];
    struct plain_numbers plain;
    char limit[32], share[32];
    text[0] = 0;
    if (!is_known(o))
        return;
    plain_numbers_begin(&plain);
    number_text(o->limit, q->per_unit, limit, sizeof limit);
    number_text(o->share, 1, share, sizeof share);
    if (isnan(o->share))
        snprintf(text, LONGHAUL_OBJECTIVE_TEXT, "%s %s %s %s", q->name, q->is_least ? ">=" : "<=", limit, q->unit);
    else
        snprintf(text, LONGHAUL_OBJECTIVE_TEXT, "%s %s %s %s in %s %% of %s", q->name, q->is_least ? ">=" : "<=",
                 limit, q->unit, share, objective_window_name(o->window_s));
    plain_numbers_end(&plain);
}

bool objective_is_same(const struct longhaul_objective *a, const struct longhaul_objective *b)
{
    char x[LONGHAUL_OBJECTIVE_TEXT], y[LONGHAUL_OBJECTIVE_TEXT];
    if (a->quantity != b->quantity)
        return false;
    longhaul_objective_text(a, x);
    longhaul_objective_text(b, y);
    return strcmp(x, y) == 0;
}
