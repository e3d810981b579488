/* test_markup.c - texts from files into Markdown, HTML and the JSON of a page: nothing in them has a meaning there.
 * Also the words for times and numbers. */

#include "base/markup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "report/wording.h"

static char *made(void write(FILE *, const char *), const char *text)
{
    char *out = NULL;
    size_t size;
    FILE *stream = open_memstream(&out, &size);
    write(stream, text);
    fclose(stream);
    return out;
}

static void check_each(const char *what, void write(FILE *, const char *), const char *const (*cases)[2], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *got = made(write, cases[i][0]);
        CHECK(strcmp(got, cases[i][1]) == 0, "%s: case %zu: '%s', wanted '%s'", what, i, got, cases[i][1]);
        free(got);
    }
}

static void check_markdown(void)
{
    static const char *const cases[][2] = {
        { "HK->WUS", "HK->WUS" },
        { "us_west->A_1", "us_west->A_1" },
        { "_a_", "\\_a\\_" },
        { "10.0.0.1", "10.0.0.1" },
        { "a|b", "a\\|b" },
        { "<b>&amp;", "&#60;b\\>&#38;amp;" },
        { "`x` *y* [z](w)", "\\`x\\` \\*y\\* \\[z\\](w)" },
        { "http://evil www.evil", "http&#58;//evil www\\.evil" },
        { "@team #1 $x$ ~~s~~", "&#64;team \\#1 \\$x\\$ \\~\\~s\\~\\~" },
        { "two\nlines", "two lines" },
        { "M\xc3\xbcnchen", "M\xc3\xbcnchen" },
        { "\xff", "\xef\xbf\xbd" },
    };
    check_each("Markdown", markup_markdown, cases, sizeof cases / sizeof *cases);
}

static void check_html(void)
{
    static const char *const cases[][2] = {
        { "HK->WUS", "HK&rarr;WUS" },
        { "HK<->WUS <- <-", "HK&harr;WUS &lt;- &lt;-" },
        { "</script><img src=x onerror='a()'>", "&lt;/script&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;" },
        { "\"&amp;", "&quot;&amp;amp;" },
        { "a\x01" "b", "a b" },
        { "\xc3\xbc\xc3", "\xc3\xbc\xef\xbf\xbd" },
        { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* a surrogate */
        { "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },                 /* overlong */
    };
    check_each("HTML", markup_html, cases, sizeof cases / sizeof *cases);
}

static void check_json(void)
{
    static const char *const cases[][2] = {
        { "HK", "\"HK\"" },
        { "</script>", "\"\\u003c/script\\u003e\"" },
        { "<!--", "\"\\u003c!--\"" },
        { "a\"b\\c", "\"a\\u0022b\\u005cc\"" },
        { "\xe2\x80\xa8", "\" \"" },
        { "\n", "\"\\u000a\"" },
    };
    check_each("JSON", markup_json, cases, sizeof cases / sizeof *cases);
}

static void check_wording(void)
{
    static const struct { double value; const char *length, *count, *number; } cases[] = {
        { 0, "0 s", "0", "0" },
        { 0.00209, "0.00209 s", "0", "0.00209" },
        { 9.96, "10 s", "10", "9.96" },
        { 59.4, "59 s", "59", "59.4" },
        { 60, "1 min", "60", "60" },
        { 303, "5 min 3 s", "303", "303" },
        { 3720, "1 h 2 min", "3,720", "3720" },
        { 86400, "24 h", "86,400", "86400" },
        { 7.630328, "7.63 s", "8", "7.63" },
        { 110, "1 min 50 s", "110", "110" },
        { 7500, "2 h 5 min", "7,500", "7500" },
        { 99.96, "1 min 40 s", "100", "100" },
        { 0.99961, "1 s", "1", "1" },
        { -0.04, "-0.04 s", "0", "-0.04" },
        { 1e-12, "0 s", "0", "0" },
        { 1e6, "11 d 14 h", "1,000,000", "1000000" },
        { NAN, "-", "-", "-" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(strcmp(wording_length(cases[i].value).text, cases[i].length) == 0, "length of %g s: %s", cases[i].value,
              wording_length(cases[i].value).text);
        CHECK(strcmp(wording_count(cases[i].value).text, cases[i].count) == 0, "count of %g: %s", cases[i].value,
              wording_count(cases[i].value).text);
        CHECK(strcmp(wording_short(cases[i].value, "").text, cases[i].number) == 0, "three digits of %g: %s",
              cases[i].value, wording_short(cases[i].value, "").text);
    }
    static const struct { double percent; const char *text; } shares[] = {
        { 99.9987, "99.999 %" }, { 99.95, "99.95 %" }, { 99.5, "99.5 %" }, { 100, "100 %" }, { 91, "91.0 %" },
        { 50, "50 %" },        { 100.25, "100 %" },     { 0, "0 %" },         { NAN, "-" },
    };
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        CHECK(strcmp(wording_share(shares[i].percent, " %").text, shares[i].text) == 0, "a share of %g %%: %s",
              shares[i].percent, wording_share(shares[i].percent, " %").text);
    CHECK(strcmp(wording_utc(1763168446).text, "2025-11-15 01:00:46Z") == 0, "a time: %s",
          wording_utc(1763168446).text);
    CHECK(strcmp(wording_utc(1e300).text, "-") == 0, "an impossible time");
}

int main(void)
{
    check_markdown();
    check_html();
    check_json();
    check_wording();
    return CHECK_DONE();
}
