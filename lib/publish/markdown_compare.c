/* markdown_compare.c - a comparison as Markdown, for the summary of a forge's job: the verdict, the legs with a
 * difference, then, folded, all figures. */

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/markup.h"
#include "report/compare.h"

static void say_leg(FILE *out, const struct longhaul_compared_leg *leg)
{
    markup_markdown(out, leg->source);
    fputs("->", out);
    markup_markdown(out, leg->destination);
}

static void write_row(FILE *out, const struct longhaul_compared_leg *leg, enum longhaul_compared q)
{
    const struct longhaul_compared_figure *f = &leg->figures[q];
    fputs("| ", out);
    say_leg(out, leg);
    bool is_worse = f->difference == LONGHAUL_DIFFERENCE_WORSE;
    fprintf(out, " | %s, %s | %s | %s | %s | %s%s%s", longhaul_compared_text(q), longhaul_compared_unit(q),
            compare_value(f, f->before).text, compare_value(f, f->after).text, compare_effect(f, "").text,
            is_worse ? "**" : "", longhaul_difference_words(f->difference), is_worse ? "**" : "");
    if (*f->why) {
        fputs(": ", out);
        markup_markdown(out, f->why);
    }
    fputs(" |\n", out);
}

/* The figures for which wants_all or a difference is there, the worse ones first. */
static void write_table(FILE *out, const struct longhaul_comparison *c, bool wants_all)
{
    fputs("| Leg | Quantity | Before | After | Difference (interval) | Verdict |\n"
          "|:----|:---------|-------:|------:|:----------------------|:--------|\n",
          out);
    for (int d = LONGHAUL_DIFFERENCE_WORSE; d >= (wants_all ? 0 : (int)LONGHAUL_DIFFERENCE_BETTER); d--)
        for (size_t i = 0; i < c->n_legs; i++)
            for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
                if (c->legs[i].figures[q].is_known && (int)c->legs[i].figures[q].difference == d)
                    write_row(out, &c->legs[i], (enum longhaul_compared)q);
}

static void write_others(FILE *out, const struct longhaul_comparison *c)
{
    for (int side = 0; side < 2; side++) {
        size_t n = 0;
        for (size_t i = 0; i < c->n_legs; i++) {
            const struct longhaul_compared_leg *leg = &c->legs[i];
            if ((side == 0 ? leg->n_after : leg->n_before) > 0)
                continue;
            fputs(n++ ? ", " : side == 0 ? "\nOnly before: " : "\nOnly after: ", out);
            say_leg(out, leg);
        }
        if (n > 0)
            fputs(".\n", out);
    }
    for (size_t i = 0; i < c->n_legs; i++)
        if (*c->legs[i].note) {
            fputs("\n", out);
            say_leg(out, &c->legs[i]);
            fputs(": ", out);
            markup_markdown(out, c->legs[i].note);
            fputs(".\n", out);
        }
}

static void write_all(FILE *out, const struct longhaul_comparison *c)
{
    fputs("### longhaul compare: ", out);
    fprintf(out, "%s\n\n",
            c->n[LONGHAUL_DIFFERENCE_WORSE] > 0    ? "worse"
            : c->n[LONGHAUL_DIFFERENCE_BETTER] > 0 ? "better"
            : c->n[LONGHAUL_DIFFERENCE_NONE] > 0   ? "nothing is worse"
                                                   : "cannot say");
    markup_markdown(out, c->verdict);
    fputs(".\n\n", out);
    if (c->n[LONGHAUL_DIFFERENCE_WORSE] + c->n[LONGHAUL_DIFFERENCE_BETTER] > 0)
        write_table(out, c, false);
    write_others(out, c);
    fprintf(out, "\n<details><summary>All figures of %zu leg%s</summary>\n\n", c->n_both, c->n_both == 1 ? "" : "s");
    write_table(out, c, true);
    fprintf(out,
            "\nDifferences are after less before, with intervals that all hold at once with a probability of %g %%. "
            "delay: 99th percentile of the datagrams' time in queues.\n\n</details>\n",
            100 - 200 * c->all_error);
}

int longhaul_comparison_markdown(const struct longhaul_comparison *c, char **out, struct longhaul_error *err)
{
    size_t size;
    FILE *file = open_memstream(out, &size);
    if (file == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
    write_all(file, c);
    if (fclose(file) != 0) {
        free(*out);
        return error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
    }
    return 0;
}
