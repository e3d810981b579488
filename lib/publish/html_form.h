/* html_form.h - one form for the figures of a column: so that they can be compared at a glance, all have the same
 * number of decimals. */
#ifndef HTML_FORM_H
#define HTML_FORM_H

#include "report/wording.h"

/* Of the figures of a column; all zero at first. */
struct html_form {
    double least, most; /* the least above 0, and the greatest; 0 before the first */
    double nearest;     /* of shares in %: the least distance from 100, where it is not 100; 0 before the first */
    bool is_share;
};

/* Takes a figure into account; unknown ones and zeros do not count. */
void html_form_add(struct html_form *form, double value);
/* The same for a share in %. */
void html_form_add_share(struct html_form *form, double percent);
/* Decimals with which the greatest figure has three significant digits; the least, if they are less than a factor of 10
 * apart. Of shares up to two, which tell the one nearest to 100 from it. */
int html_form_decimals(const struct html_form *form);
/* A figure in the form of its column: "0.0106". One that would have less than two significant digits there has its own
 * three: "0.000209". "0" for 0; "-" if unknown. */
struct wording html_form_text(const struct html_form *form, double value);

#endif
