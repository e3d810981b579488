/* compare.h - a comparison of two reports, as its parts share it. */
#ifndef COMPARE_H
#define COMPARE_H

#include <longhaul.h>

#include "report/report.h"
#include "report/wording.h"

/* What a figure's pieces of time did, those that count, for drawings. */
enum { COMPARE_POINTS = 200, COMPARE_HOURS = 24 };
struct compare_side_drawing {
    double piece_s; /* the length of its pieces */
    /* Values at shares i / n of the pieces (of delays: of the datagrams, in ms), ascending: its n is 0 when nothing is
     * known. */
    float values[COMPARE_POINTS];
    size_t n;
    /* By the hour of the day: the figure, the least and the greatest of its pieces; NAN where unknown. */
    float hours[COMPARE_HOURS], least[COMPARE_HOURS], most[COMPARE_HOURS];
};
struct compare_drawing {
    struct compare_side_drawing before, after;
};

struct longhaul_comparison {
    const struct longhaul_report *before, *after; /* borrowed */
    struct longhaul_compared_leg *legs;
    struct compare_drawing *drawings; /* of each leg LONGHAUL_N_COMPARED */
    size_t n_legs, n_both;            /* all; those of both sides */
    size_t n[LONGHAUL_DIFFERENCE_WORSE + 1];
    double error, all_error; /* of each figure, of all together */
    char *verdict;
};

/* compare_words.c: 1 if more of it is worse, -1 if less is. */
int compare_worse_sign(enum longhaul_compared quantity);
/* compare_drawing.c: where is_matched, of the pieces that both sides know. False when out of memory. */
struct compare_cells;
bool compare_draw(const struct compare_cells *before, const struct compare_cells *after, bool is_matched,
                  struct compare_drawing *drawing);
/* The value of a side that a share of its pieces does not exceed. */
double compare_drawing_at(const struct compare_side_drawing *side, double share);
/* A figure: of leg number leg. */
struct compare_named {
    size_t leg;
    enum longhaul_compared quantity;
    double size; /* of the difference, in margins */
};
/* compare_text.c: fills verdict. */
int compare_say(struct longhaul_comparison *comparison, struct longhaul_error *err);
/* Adds the figures with that difference to the n that named has, the greatest first; named has room for all. */
size_t compare_list(const struct longhaul_comparison *comparison, enum longhaul_difference wanted,
                    struct compare_named *named, size_t n);
/* Room for all figures of a comparison; NULL when out of memory. */
struct compare_named *compare_list_new(const struct longhaul_comparison *comparison);
/* What is said of the whole: "worse", "better", "nothing is worse", "nothing is known to be worse" where
 * something is not known or cannot be judged, "cannot say". */
const char *compare_word(const struct longhaul_comparison *comparison);
/* " UDP" where the comparison has a leg of the same sites with another protocol; else "". */
struct wording compare_protocol(const struct longhaul_comparison *comparison, size_t leg);
/* For people, with the decimals that its margin needs: a value, "0.051", "<0.001", "-"; and the difference with its
 * interval, "+0.05 % (+0.03 to +0.07)", where unit is not "". */
struct wording compare_value(const struct longhaul_compared_figure *figure, double value);
struct wording compare_effect(const struct longhaul_compared_figure *figure, const char *unit);
#endif
