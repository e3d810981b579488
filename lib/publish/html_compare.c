/* html_compare.c - a comparison as a page of its own: the verdict, the figures with a difference, the gravest first,
 * then of each leg both sides over each other. One file that fetches nothing, and is complete without scripts. */

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/markup.h"
#include "page.h"
#include "publish/html.h"
#include "publish/html_cells.h"
#include "report/compare.h"
#include "report/wording.h"

#define MOST_UNSEARCHED 12 /* legs: of more, the page has a search box */
#define MOST_OPEN 6        /* legs, all of which are open */
#define MOST_ROWS_OPEN 40  /* of the table of figures without a difference */

static void say_leg(FILE *out, const struct longhaul_comparison *c, size_t leg)
{
    markup_html(out, c->legs[leg].source);
    markup_html(out, "->");
    markup_html(out, c->legs[leg].destination);
    markup_html(out, compare_protocol(c, leg).text);
}

static const char *tone(enum longhaul_difference difference)
{
    static const char *const tones[] = { "noted", "s-unknown", "good", "bad" };
    return tones[difference];
}

/* ---- head */

static void say_side(FILE *out, const struct longhaul_report *report, const char *name)
{
    struct report_extent e = report_extent_of(report);
    fprintf(out, "%s: %zu test%s", name, report->n_legs, report->n_legs == 1 ? "" : "s");
    if (e.last_unix_s > e.first_unix_s)
        fprintf(out, ", <time>%s</time> to <time>%s</time>", wording_utc(e.first_unix_s).text,
                wording_utc(e.last_unix_s).text);
}

static void write_head(FILE *out, const struct longhaul_comparison *c, const struct report_stamp *stamp)
{
    html_write_beginning(out, stamp);
    fprintf(out, "<title>longhaul compare: %s</title>\n<style nonce=%s>\n", compare_word(c), stamp->nonce);
    fputs(PAGE_CSS
          "</style>\n</head>\n<body>\n<a class=skip href=\"#main\">To the comparison</a>\n<header><div><h1>longhaul "
          "compare: ",
          out);
    fprintf(out, "%s</h1><p>", compare_word(c));
    say_side(out, c->before, "Before");
    fputs("<br>", out);
    say_side(out, c->after, "After");
    fprintf(out,
            "</p></div><p class=made>Generated on: %s by longhaul " LONGHAUL_VERSION
            "<span id=tools></span></p></header>\n",
            stamp->made);
    fputs("<nav aria-label=\"Parts of the page\"", out);
    if (c->n_both > MOST_UNSEARCHED)
        fprintf(out, " data-legs=%zu", c->n_both);
    fputs("><a href=\"#summary\">Verdict</a> <a href=\"#charts\">Both days</a> <a href=\"#method\">Method</a></nav>\n"
          "<main id=main>\n",
          out);
}

/* ---- verdict */

static void write_glance(FILE *out, const struct longhaul_comparison *c)
{
    fputs("<ul class=glance>", out);
    for (int d = LONGHAUL_DIFFERENCE_WORSE; d >= 0; d--)
        if (c->n[d] > 0)
            fprintf(out, "<li><span class=\"chip %s\">%s</span> %zu figure%s", tone((enum longhaul_difference)d),
                    longhaul_difference_words((enum longhaul_difference)d), c->n[d], c->n[d] == 1 ? "" : "s");
    fputs("</ul>\n", out);
}

static void write_row(FILE *out, const struct longhaul_comparison *c, const struct compare_named *named)
{
    const struct longhaul_compared_figure *f = &c->legs[named->leg].figures[named->quantity];
    fprintf(out, "<tr><th scope=row class=leg><a href=\"#leg%zu\">", named->leg);
    say_leg(out, c, named->leg);
    fprintf(out, "</a><td>%s, %s<td class=verdict><span class=\"chip %s\">%s</span>",
            longhaul_compared_text(named->quantity), longhaul_compared_unit(named->quantity), tone(f->difference),
            longhaul_difference_words(f->difference));
    if (*f->why) {
        fputs(" ", out);
        markup_html(out, f->why);
    }
    number_cell(out, f->before, compare_value(f, f->before));
    number_cell(out, f->after, compare_value(f, f->after));
    number_cell(out, f->effect, compare_effect(f, ""));
    fputs("\n", out);
}

static void write_table(FILE *out, const struct longhaul_comparison *c, const struct compare_named *named, size_t n,
                        const char *id, const char *name)
{
    begin_table(out, id, name);
    fputs(
        "<th scope=col>Leg<th scope=col>Quantity<th scope=col>Verdict<th scope=col class=n>Before<th scope=col class=n>"
        "After<th scope=col class=n>Difference (interval)</tr></thead><tbody>\n",
        out);
    for (size_t i = 0; i < n; i++)
        write_row(out, c, &named[i]);
    end_table(out);
}

/* What has a difference, the gravest first; then, folded if it is long, the rest. */
static void write_tables(FILE *out, const struct longhaul_comparison *c, struct compare_named *named)
{
    size_t n = compare_list(c, LONGHAUL_DIFFERENCE_WORSE, named, 0);
    n = compare_list(c, LONGHAUL_DIFFERENCE_BETTER, named, n);
    if (n > 0)
        write_table(out, c, named, n, "summary-table", "Figures that are worse or better");
    size_t n_cannot = compare_list(c, LONGHAUL_DIFFERENCE_CANNOT_SAY, named, 0);
    n = compare_list(c, LONGHAUL_DIFFERENCE_NONE, named, n_cannot);
    if (n == 0)
        return;
    fprintf(out, "<details class=fold%s><summary>%zu other figure%s", n <= MOST_ROWS_OPEN ? " open" : "", n,
            n == 1 ? "" : "s");
    if (n_cannot > 0)
        fprintf(out, ", %zu of which cannot be judged", n_cannot);
    fputs("</summary>\n", out);
    write_table(out, c, named, n, "rest-table", "Figures without a difference that is known to matter");
    fputs("</details>\n", out);
}

static void write_notes(FILE *out, const struct longhaul_comparison *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_legs; i++) {
        const struct longhaul_compared_leg *leg = &c->legs[i];
        if (leg->n_before > 0 && leg->n_after > 0 && !*leg->note)
            continue;
        fputs(n++ ? "<li>" : "<ul class=findings><li>", out);
        say_leg(out, c, i);
        fputs(": ", out);
        markup_html(out, leg->n_after == 0 ? "only before" : leg->n_before == 0 ? "only after" : leg->note);
    }
    if (n > 0)
        fputs("</ul>\n", out);
}

/* ---- legs */

/* The legs of both sides, those with the greatest worse figure first, then better ones, then by name. */
struct ranked {
    size_t leg, rank;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->rank != y->rank ? (x->rank > y->rank) - (x->rank < y->rank) : (x->leg > y->leg) - (x->leg < y->leg);
}

static struct ranked *rank(const struct longhaul_comparison *c, struct compare_named *named, size_t *n_differ)
{
    struct ranked *legs = malloc((c->n_legs + 1) * sizeof *legs);
    size_t n = compare_list(c, LONGHAUL_DIFFERENCE_BETTER, named, compare_list(c, LONGHAUL_DIFFERENCE_WORSE, named, 0));
    for (size_t i = 0; legs && i < c->n_legs; i++)
        legs[i] = (struct ranked){ i, n };
    for (size_t i = n; legs && i > 0; i--)
        legs[named[i - 1].leg].rank = i - 1;
    *n_differ = n;
    if (legs && c->n_legs > 0)
        qsort(legs, c->n_legs, sizeof *legs, by_rank);
    return legs;
}

static void write_figures(FILE *out, const struct longhaul_comparison *c, size_t number)
{
    const struct longhaul_compared_leg *leg = &c->legs[number];
    for (int i = 0; i < LONGHAUL_N_COMPARED; i++) {
        const struct longhaul_compared_figure *f = &leg->figures[i];
        enum longhaul_compared q = (enum longhaul_compared)i;
        if (!f->is_known)
            continue;
        fprintf(out, "<section class=compared><h5>%s, %s <span class=\"chip %s\">%s</span></h5><p>",
                longhaul_compared_text(q), longhaul_compared_unit(q), tone(f->difference),
                longhaul_difference_words(f->difference));
        markup_html(out, wording_say("%s before, %s after: %s", compare_value(f, f->before).text,
                                     compare_value(f, f->after).text, compare_effect(f, "").text)
                             .text);
        if (*f->why) {
            fputs("; ", out);
            markup_html(out, f->why);
        }
        fputs(".</p>", out);
        html_write_compared(out, f, q, &c->drawings[number * LONGHAUL_N_COMPARED + (size_t)i]);
        fputs("</section>\n", out);
    }
}

static void write_leg(FILE *out, const struct longhaul_comparison *c, size_t number, bool is_open)
{
    const struct longhaul_compared_leg *leg = &c->legs[number];
    fprintf(out, "<details class=pair%s><summary><h3>", is_open ? " open" : "");
    say_leg(out, c, number);
    fputs("</h3><span class=facts>", out);
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        if (leg->figures[q].is_known && leg->figures[q].difference >= LONGHAUL_DIFFERENCE_BETTER)
            fprintf(out, "<span class=\"chip %s\">%s %s</span>", tone(leg->figures[q].difference),
                    longhaul_compared_text((enum longhaul_compared)q),
                    longhaul_difference_words(leg->figures[q].difference));
    fprintf(out, "</span></summary><article class=leg id=leg%zu data-leg=%zu><h4 class=vh>", number, number);
    say_leg(out, c, number);
    fprintf(out, "</h4><p>%s%s; %zu test%s before, %zu after</p>\n", wording_length(leg->seconds).text,
            leg->is_matched      ? " of the same times of day"
            : leg->is_other_time ? " at other times of day"
                                 : ", times of day not matched",
            leg->n_before, leg->n_before == 1 ? "" : "s", leg->n_after);
    write_figures(out, c, number);
    fputs("</article></details>\n", out);
}

static bool write_legs(FILE *out, const struct longhaul_comparison *c, struct compare_named *named)
{
    size_t n_differ, n = 0;
    struct ranked *legs = rank(c, named, &n_differ);
    if (legs == NULL)
        return false;
    fputs("<section id=charts><h2>Both days</h2>\n<p class=scale><span class=\"key line before\">before</span> "
          "<span class=\"key line after\">after</span></p>\n",
          out);
    for (size_t i = 0; i < c->n_legs; i++) {
        const struct longhaul_compared_leg *leg = &c->legs[legs[i].leg];
        if (leg->n_before == 0 || leg->n_after == 0)
            continue;
        write_leg(out, c, legs[i].leg, c->n_both <= MOST_OPEN || (legs[i].rank < n_differ && n < REPORT_WORST));
        n++;
    }
    fputs("</section>\n", out);
    free(legs);
    return true;
}

/* ---- the whole */

static void write_method(FILE *out, const struct longhaul_comparison *c)
{
    fputs("<section id=method><h2>Method</h2>\n<p>Days are cut into pieces of time; those at the same time of day are "
          "pairs where both sides have them. Differences are after less before. ",
          out);
    fprintf(out,
            "All intervals hold at once with a probability of %g %%. Worse and better: the whole interval is on one "
            "side of 0, and the difference at least the margin. No difference that matters: the whole interval is "
            "within the margin. longhaul-compare(1) has the method and its sources.</p>\n<dl>",
            100 - 200 * c->all_error);
    static const char *const words[LONGHAUL_N_COMPARED] = {
        [LONGHAUL_COMPARED_RATE] = "mean rate",
        [LONGHAUL_COMPARED_LOSS] = "lost packets of all",
        [LONGHAUL_COMPARED_JITTER] = "RFC 3550; mean of the pieces' medians",
        [LONGHAUL_COMPARED_DELAY] = "99th percentile of the datagrams' time in queues",
        [LONGHAUL_COMPARED_SILENCES] = "times in which no datagram arrived",
        [LONGHAUL_COMPARED_RETRANSMITS] = "segments that TCP sent again",
        [LONGHAUL_COMPARED_RTT] = "mean round trip: for TCP its own, for UDP measured once a minute"
    };
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        fprintf(out, "<dt>%s, %s</dt><dd>%s</dd>\n", longhaul_compared_text((enum longhaul_compared)q),
                longhaul_compared_unit((enum longhaul_compared)q), words[q]);
    fputs("</dl></section>\n</main>\n", out);
}

static bool write_page(FILE *out, const struct longhaul_comparison *c, const struct report_stamp *stamp,
                       struct compare_named *named)
{
    write_head(out, c, stamp);
    fputs("<section id=summary class=objectives aria-label=Verdict><p class=said>", out);
    markup_html(out, c->verdict);
    fputs(".</p>\n", out);
    write_glance(out, c);
    write_tables(out, c, named);
    write_notes(out, c);
    fputs("</section>\n", out);
    if (!write_legs(out, c, named))
        return false;
    write_method(out, c);
    fprintf(out, "<script nonce=%s>\n", stamp->nonce);
    fputs(PAGE_JS "</script>\n</body>\n</html>\n", out);
    return true;
}

static int make_text(const struct longhaul_comparison *c, char **text, size_t *size, struct longhaul_error *err)
{
    struct report_stamp stamp;
    int rc = report_stamp_now(&stamp, err);
    if (rc != 0)
        return rc;
    struct compare_named *named = compare_list_new(c);
    FILE *out = open_memstream(text, size);
    bool good = out && named && write_page(out, c, &stamp, named) && !ferror(out);
    if (out && fclose(out) != 0)
        good = false;
    free(named);
    if (!good && out)
        free(*text);
    return good ? 0 : error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
}

int longhaul_comparison_write_html(const struct longhaul_comparison *c, const char *path, struct longhaul_error *err)
{
    char *text;
    size_t size;
    int rc = report_check_file(path, "", err);
    if (rc == 0)
        rc = make_text(c, &text, &size, err);
    if (rc != 0)
        return rc;
    rc = file_write(path, text, size, err);
    free(text);
    return rc;
}
