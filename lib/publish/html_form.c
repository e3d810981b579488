/* html_form.c - one form for the figures of a column. Knows nothing of tables. */

#include "publish/html_form.h"

#include <math.h>

#define DIGITS 3
#define SPAN 10.0 /* the greatest figure divided by the least, up to which the least decides */
#define MOST_DECIMALS 9
#define SHARE_DECIMALS 2
#define SHARE_ROOM 5e-4 /* less is missing of 100 %: half a second of a day */

void html_form_add(struct html_form *form, double value)
{
    double size = fabs(value);
    if (!isfinite(value) || value == 0)
        return;
    form->least = form->least > 0 ? fmin(form->least, size) : size;
    form->most = fmax(form->most, size);
}

void html_form_add_share(struct html_form *form, double percent)
{
    double distance = fabs(100 - percent);
    html_form_add(form, percent);
    form->is_share = true;
    if (isfinite(percent) && distance >= SHARE_ROOM)
        form->nearest = form->nearest > 0 ? fmin(form->nearest, distance) : distance;
}

/* The decimals with which a figure has three significant digits; below 0 for a thousand and more. */
static double decimals_of(double value)
{
    return value > 0 ? DIGITS - 1 - floor(log10(value) + 1e-12) : 0;
}

int html_form_decimals(const struct html_form *form)
{
    double decimals = decimals_of(form->most < SPAN * form->least ? form->least : form->most);
    if (form->nearest > 0 && form->most > 90)
        decimals = fmax(decimals, fmin(-floor(log10(form->nearest) + 1e-12), SHARE_DECIMALS));
    return (int)fmin(fmax(decimals, 0), MOST_DECIMALS);
}

struct wording html_form_text(const struct html_form *form, double value)
{
    int decimals = html_form_decimals(form);
    if (form->is_share && value < 100 - SHARE_ROOM) /* what is not 100 is not rounded to 100 */
        value = fmin(value, 100 - pow(10, -decimals));
    if (!isfinite(value) || value == 0 || fabs(value) < 9.5 * pow(10, -decimals))
        return wording_short(value, "");
    return wording_number(value, decimals, "");
}
