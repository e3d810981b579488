/* compare.h - a comparison of two reports, as its parts share it. */
#ifndef COMPARE_H
#define COMPARE_H

#include <longhaul.h>

#include "report/report.h"
#include "report/wording.h"

struct longhaul_comparison {
    struct longhaul_compared_leg *legs;
    size_t n_legs, n_both; /* all; those of both sides */
    size_t n[LONGHAUL_DIFFERENCE_WORSE + 1];
    double error, all_error; /* of each figure, of all together */
    char *verdict;
};

/* compare_words.c: 1 if more of it is worse, -1 if less is. */
int compare_worse_sign(enum longhaul_compared quantity);
/* compare_text.c: fills verdict. */
int compare_say(struct longhaul_comparison *comparison, struct longhaul_error *err);
/* For people, with the decimals that its margin needs: a value, "0.051", "<0.001", "-"; and the difference with its
 * interval, "+0.05 % (+0.03 to +0.07)", where unit is not "". */
struct wording compare_value(const struct longhaul_compared_figure *figure, double value);
struct wording compare_effect(const struct longhaul_compared_figure *figure, const char *unit);
#endif
