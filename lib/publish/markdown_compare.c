/* markdown_compare.c - a comparison as Markdown, for the summary of a forge's job: the verdict, the figures with
 * a difference, the gravest first, then, folded, all figures. */

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/markup.h"
#include "report/compare.h"

#define MOST_ROWS 40  /* of the first table; of more, the rest is folded with all others */
#define MOST_NOTES 10 /* that are not folded */

static void say_leg(FILE *out, const struct longhaul_comparison *c, size_t leg)
{
    markup_markdown(out, c->legs[leg].source);
    fputs("->", out);
    markup_markdown(out, c->legs[leg].destination);
    fputs(compare_protocol(c, leg).text, out);
}

static void write_row(FILE *out, const struct longhaul_comparison *c, const struct compare_named *named)
{
    const struct longhaul_compared_figure *f = &c->legs[named->leg].figures[named->quantity];
    fputs("| ", out);
    say_leg(out, c, named->leg);
    bool is_worse = f->difference == LONGHAUL_DIFFERENCE_WORSE;
    fprintf(out, " | %s, %s | %s | %s | %s | %s%s%s", longhaul_compared_text(named->quantity),
            longhaul_compared_unit(named->quantity), compare_value(f, f->before).text, compare_value(f, f->after).text,
            compare_effect(f, "").text, is_worse ? "**" : "", longhaul_difference_words(f->difference),
            is_worse ? "**" : "");
    if (*f->why) {
        fputs(": ", out);
        markup_markdown(out, f->why);
    }
    fputs(" |\n", out);
}

static void write_table(FILE *out, const struct longhaul_comparison *c, const struct compare_named *named, size_t n)
{
    fputs("| Leg | Quantity | Before | After | Difference (interval) | Verdict |\n"
          "|:----|:---------|-------:|------:|:----------------------|:--------|\n",
          out);
    for (size_t i = 0; i < n; i++)
        write_row(out, c, &named[i]);
}

static void write_notes(FILE *out, const struct longhaul_comparison *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_legs; i++)
        n += *c->legs[i].note != 0;
    if (n > MOST_NOTES)
        fprintf(out, "\n<details><summary>What else is different, of %zu legs</summary>\n", n);
    for (size_t i = 0, first = 1; i < c->n_legs; i++)
        if (*c->legs[i].note) {
            fputs(first ? "\n- " : "- ", out);
            say_leg(out, c, i);
            fputs(": ", out);
            markup_markdown(out, c->legs[i].note);
            fputs("\n", out);
            first = 0;
        }
    if (n > MOST_NOTES)
        fputs("\n</details>\n", out);
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
            say_leg(out, c, i);
        }
        if (n > 0)
            fputs(".\n", out);
    }
    write_notes(out, c);
}

/* The figures with a difference, the gravest first, and, folded, all. */
static void write_all(FILE *out, const struct longhaul_comparison *c, struct compare_named *named)
{
    size_t n = compare_list(c, LONGHAUL_DIFFERENCE_BETTER, named, compare_list(c, LONGHAUL_DIFFERENCE_WORSE, named, 0));
    fprintf(out, "### longhaul compare: %s\n\n", compare_word(c));
    markup_markdown(out, c->verdict);
    fputs(".\n\n", out);
    if (n > 0)
        write_table(out, c, named, n < MOST_ROWS ? n : MOST_ROWS);
    if (n > MOST_ROWS)
        fprintf(out, "\n%zu more among all figures below.\n", n - MOST_ROWS);
    write_others(out, c);
    n = compare_list(c, LONGHAUL_DIFFERENCE_CANNOT_SAY, named, n);
    n = compare_list(c, LONGHAUL_DIFFERENCE_NONE, named, n);
    bool has_delay = false;
    for (size_t i = 0; i < n; i++)
        has_delay = has_delay || named[i].quantity == LONGHAUL_COMPARED_DELAY;
    fprintf(out, "\n<details><summary>All figures of %zu leg%s</summary>\n\n", c->n_both, c->n_both == 1 ? "" : "s");
    write_table(out, c, named, n);
    fprintf(out,
            "\nDifferences are after less before, with intervals that all hold at once with a probability of %g %%.\n",
            100 - 200 * c->all_error);
    if (has_delay)
        fputs("Delays are the 99th percentile of the datagrams' time in queues.\n", out);
    fputs("\n</details>\n", out);
}

int longhaul_comparison_markdown(const struct longhaul_comparison *c, char **out, struct longhaul_error *err)
{
    size_t size;
    struct compare_named *named = compare_list_new(c);
    FILE *file = named ? open_memstream(out, &size) : NULL;
    bool good = file != NULL;
    if (good)
        write_all(file, c, named);
    if (file && fclose(file) != 0) {
        free(*out);
        good = false;
    }
    free(named);
    return good ? 0 : error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
}
