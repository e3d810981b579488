/* test_html_form.c - the figures of a column have one form: three significant digits, the same number of decimals. */

#include "publish/html_form.h"

#include <math.h>
#include <string.h>

#include "check.h"

struct column {
    const char *what;
    bool is_share;
    double values[5];
    const char *texts[5];
};

static const struct column columns[] = {
    { "one figure", false, { 7.630328, NAN, NAN, NAN, NAN }, { "7.63", "-", "-", "-", "-" } },
    { "figures of one size", false, { 13.3, 13, 12.86, 11.1, 0 }, { "13.3", "13.0", "12.9", "11.1", "0" } },
    { "rates around ten", false, { 9.9944, 10.0014, 8.7, 9.99, 10 }, { "9.99", "10.00", "8.70", "9.99", "10.00" } },
    { "a decade apart", false, { 0.00996, 0.0105, 0.012, 0.01, NAN },
      { "0.00996", "0.01050", "0.01200", "0.01000", "-" } },
    { "the greatest has three digits, what would lose its own keeps them", false, { 6.42345, 0.0354, 1.99, 0.25, 0 },
      { "6.42", "0.0354", "1.99", "0.25", "0" } },
    { "one that would vanish has its own digits", false, { 12.34, 0.000209, 2, 0.5, NAN },
      { "12.3", "0.000209", "2.0", "0.5", "-" } },
    { "thousands", false, { 98765, 1234, 5, 0, NAN }, { "98765", "1234", "5", "0", "-" } },
    { "shares", true, { 83.3, 100, 99.5, NAN, NAN }, { "83.3", "100.0", "99.5", "-", "-" } },
    { "a share near 100 is not 100", true, { 99.9987, 100, 86.333, NAN, NAN },
      { "99.99", "100.00", "86.33", "-", "-" } },
    { "a few milliseconds of a day do not count", true, { 99.9999858, 100, NAN, NAN, NAN },
      { "100.0", "100.0", "-", "-", "-" } },
    { "negative ones", false, { -1.234, 5.678, NAN, NAN, NAN }, { "-1.23", "5.68", "-", "-", "-" } },
};

int main(void)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct column *c = &columns[i];
        struct html_form form = { 0 };
        for (size_t k = 0; k < 5; k++)
            (c->is_share ? html_form_add_share : html_form_add)(&form, c->values[k]);
        for (size_t k = 0; k < 5; k++) {
            struct wording text = html_form_text(&form, c->values[k]);
            CHECK(strcmp(text.text, c->texts[k]) == 0, "%s: %g is '%s', wanted '%s'", c->what, c->values[k], text.text,
                  c->texts[k]);
        }
    }
    struct html_form none = { 0 };
    CHECK(html_form_decimals(&none) == 0, "a column without figures: %d decimals", html_form_decimals(&none));
    return CHECK_DONE();
}
