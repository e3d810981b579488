/* compare_text.c - words the figures of a comparison, and its verdict. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "report/compare.h"
#include "report/wording.h"

#define MOST_NAMED 5 /* figures in the verdict; of more, how many */

/* Decimals with which a tenth of what matters can be seen. */
static int decimals_of(double margin)
{
    double d = margin > 0 ? ceil(-log10(margin) - 1e-9) + 1 : 3;
    return d < 0 ? 0 : d > 9 ? 9 : (int)d;
}

struct wording compare_value(const struct longhaul_compared_figure *f, double value)
{
    int digits = decimals_of(f->margin);
    double least = pow(10, -digits);
    if (isnan(value))
        return wording_say("-");
    if (value > 0 && value < least / 2)
        return wording_say("<%.*f", digits, least);
    return wording_number(value, digits, "");
}

/* "+0.05", "-3", "0": what would be -0 is 0. */
static struct wording change(const struct longhaul_compared_figure *f, double value)
{
    int digits = decimals_of(f->margin);
    if (fabs(value) < pow(10, -digits) / 2)
        return wording_say("%.*f", digits, 0.0);
    return wording_say("%+.*f", digits, value);
}

struct wording compare_effect(const struct longhaul_compared_figure *f, const char *unit)
{
    const char *blank = *unit ? " " : "";
    if (isnan(f->effect))
        return wording_say("-");
    if (isnan(f->low))
        return wording_say("%s%s%s", change(f, f->effect).text, blank, unit);
    if (isinf(f->high))
        return wording_say("%s%s%s (%s or more)", change(f, f->effect).text, blank, unit, change(f, f->low).text);
    return wording_say("%s%s%s (%s to %s)", change(f, f->effect).text, blank, unit, change(f, f->low).text,
                       change(f, f->high).text);
}

void longhaul_compared_value_text(const struct longhaul_compared_figure *f, double value, char *text, size_t size)
{
    snprintf(text, size, "%s", compare_value(f, value).text);
}

void longhaul_compared_effect_text(const struct longhaul_compared_figure *f, char *text, size_t size)
{
    snprintf(text, size, "%s", compare_effect(f, "").text);
}

/* ---- the verdict */

static int by_size(const void *a, const void *b)
{
    const struct compare_named *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x->leg != y->leg ? (x->leg > y->leg) - (x->leg < y->leg) : (int)x->quantity - (int)y->quantity;
}

struct compare_named *compare_list_new(const struct longhaul_comparison *c)
{
    return malloc((c->n_legs * LONGHAUL_N_COMPARED + 1) * sizeof(struct compare_named));
}

size_t compare_list(const struct longhaul_comparison *c, enum longhaul_difference wanted, struct compare_named *named,
                    size_t n)
{
    size_t first = n;
    for (size_t i = 0; i < c->n_legs; i++)
        for (int q = 0; q < LONGHAUL_N_COMPARED; q++) {
            const struct longhaul_compared_figure *f = &c->legs[i].figures[q];
            double size = f->margin > 0 && !isnan(f->effect) ? fabs(f->effect) / f->margin : 0;
            if (f->is_known && f->difference == wanted)
                named[n++] = (struct compare_named){ i, (enum longhaul_compared)q, size };
        }
    if (n > first)
        qsort(named + first, n - first, sizeof *named, by_size);
    return n;
}

static bool is_judged(const struct longhaul_compared_leg *leg)
{
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        if (leg->figures[q].is_known && leg->figures[q].difference != LONGHAUL_DIFFERENCE_CANNOT_SAY)
            return true;
    return false;
}

bool longhaul_comparison_is_complete(const struct longhaul_comparison *c)
{
    for (size_t i = 0; i < c->n_legs; i++) {
        const struct longhaul_compared_leg *leg = &c->legs[i];
        if (leg->n_before > 0 && (leg->n_after == 0 || leg->is_less_observed || !is_judged(leg)))
            return false;
    }
    return true;
}

const char *compare_word(const struct longhaul_comparison *c)
{
    bool is_all = c->n[LONGHAUL_DIFFERENCE_CANNOT_SAY] == 0 && longhaul_comparison_is_complete(c);
    return c->n[LONGHAUL_DIFFERENCE_WORSE] > 0    ? "worse"
           : c->n[LONGHAUL_DIFFERENCE_BETTER] > 0 ? "better"
           : c->n[LONGHAUL_DIFFERENCE_NONE] == 0  ? "cannot say"
           : is_all                               ? "nothing is worse"
                                                  : "nothing is known to be worse";
}

static bool is_same_sites(const struct longhaul_compared_leg *x, const struct longhaul_compared_leg *y)
{
    return strcmp(x->source, y->source) == 0 && strcmp(x->destination, y->destination) == 0;
}

/* Legs are sorted by source, destination and protocol. */
struct wording compare_protocol(const struct longhaul_comparison *c, size_t leg)
{
    const struct longhaul_compared_leg *its = &c->legs[leg];
    bool is_one_of_two =
        (leg > 0 && is_same_sites(its, its - 1)) || (leg + 1 < c->n_legs && is_same_sites(its, its + 1));
    return is_one_of_two ? wording_say(" %s", its->protocol) : wording_say("%s", "");
}

/* "worse: loss of HK->WUS +0.05 % (+0.03 to +0.07)"; nothing where no figure has that difference. */
static void say_list(FILE *out, const struct longhaul_comparison *c, enum longhaul_difference wanted,
                     struct compare_named *named)
{
    size_t n = compare_list(c, wanted, named, 0);
    if (n > 0)
        fprintf(out, "%s%s: ", ftell(out) > 0 ? "; " : "", longhaul_difference_words(wanted));
    for (size_t i = 0; i < n && i < MOST_NAMED; i++) {
        const struct longhaul_compared_leg *leg = &c->legs[named[i].leg];
        fprintf(out, "%s%s of %s->%s%s %s", i ? ", " : "", longhaul_compared_text(named[i].quantity), leg->source,
                leg->destination, compare_protocol(c, named[i].leg).text,
                compare_effect(&leg->figures[named[i].quantity], longhaul_compared_unit(named[i].quantity)).text);
    }
    if (n > MOST_NAMED)
        fprintf(out, " and %zu more", n - MOST_NAMED);
}

static void say_rest(FILE *out, const struct longhaul_comparison *c)
{
    size_t none = c->n[LONGHAUL_DIFFERENCE_NONE], cannot = c->n[LONGHAUL_DIFFERENCE_CANNOT_SAY],
           all = none + cannot + c->n[LONGHAUL_DIFFERENCE_BETTER] + c->n[LONGHAUL_DIFFERENCE_WORSE];
    const char *join = ftell(out) > 0 ? "; " : "";
    if (all == 0)
        fputs("no figure is known over time on both sides", out);
    else if (none == all)
        fprintf(out, "no difference that matters in %s%zu figure%s", all > 1 ? "all " : "the ", all,
                all > 1 ? "s" : "");
    else if (none > 0)
        fprintf(out, "%sno difference that matters in %zu of %zu figures", join, none, all);
    if (cannot > 0)
        fprintf(out, "%scannot say for %zu of %zu", ftell(out) > 0 ? "; " : "", cannot, all);
}

/* What is not there to be compared. */
static void say_missing(FILE *out, const struct longhaul_comparison *c)
{
    size_t n_gone = 0, n_new = 0, n_less = 0;
    for (size_t i = 0; i < c->n_legs; i++) {
        n_gone += c->legs[i].n_after == 0;
        n_new += c->legs[i].n_before == 0;
        n_less += c->legs[i].is_less_observed;
    }
    if (n_gone > 0)
        fprintf(out, "; %zu leg%s only before", n_gone, n_gone > 1 ? "s" : "");
    if (n_new > 0)
        fprintf(out, "; %zu leg%s only after", n_new, n_new > 1 ? "s" : "");
    if (n_less > 0)
        fprintf(out, "; %zu leg%s observed for less of the planned time than before", n_less, n_less > 1 ? "s" : "");
}

int compare_say(struct longhaul_comparison *c, struct longhaul_error *err)
{
    size_t size;
    FILE *out = open_memstream(&c->verdict, &size);
    struct compare_named *named = compare_list_new(c);
    bool good = out && named;
    if (good) {
        say_list(out, c, LONGHAUL_DIFFERENCE_WORSE, named);
        say_list(out, c, LONGHAUL_DIFFERENCE_BETTER, named);
        say_rest(out, c);
        say_missing(out, c);
    }
    if (out && fclose(out) != 0)
        good = false;
    free(named);
    return good && c->verdict ? 0 : error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
}
