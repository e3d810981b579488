/* test_export_text.c - numbers of an export read back as the same double, and names are escaped. */

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "export/export_text.h"

static const char *number(double value)
{
    static char said[64];
    struct export_text text = { 0 };
    export_text_number(&text, value);
    snprintf(said, sizeof said, "%.*s", (int)text.n, text.at);
    export_text_free(&text);
    return said;
}

static void test_numbers(void)
{
    static const struct { double value; const char *text; } cases[] = {
        { 0, "0" }, { 1, "1" }, { -1, "-1" }, { 0.1, "0.1" }, { -0.05, "-0.05" }, { 0.0000019, "0.0000019" },
        { 1250172, "1250172" }, { 9007199254740991.0, "9007199254740991" }, { 1763168446.123, "1763168446.123" },
        { 1e300, "1e+300" }, { 0.1 + 0.2, "0.30000000000000004" }, { 10001309.234057771, "10001309.234057771" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(strcmp(number(cases[i].value), cases[i].text) == 0, "%s is written as %s", cases[i].text,
              number(cases[i].value));
}

static void test_any_number(void)
{
    uint64_t random = 42;
    size_t n_bad = 0;
    for (int i = 0; i < 200000; i++) {
        double value;
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t bits = random ^ random >> 29;
        memcpy(&value, &bits, sizeof value);
        if (i % 2)
            value = (double)(bits >> 40) / (i % 3 ? 1e6 : 1e4); /* as files have them */
        if (isfinite(value) && strtod(number(value), NULL) != value)
            n_bad++;
    }
    CHECK(n_bad == 0, "200000 numbers read back exactly, %zu do not", n_bad);
    CHECK(strtod(number(DBL_MAX), NULL) == DBL_MAX && strtod(number(DBL_MIN), NULL) == DBL_MIN,
          "the greatest and the least");
    CHECK(strtod(number(-5e-324), NULL) == -5e-324, "one without all its bits");
}

static void test_strings(void)
{
    struct export_text text = { 0 };
    CHECK(strcmp(export_text_string(&text), "") == 0 && text.n == 0, "an empty text is an empty string");
    export_text_bytes(&text, "src=AA", 4);
    export_text_bytes(&text, NULL, 0);
    export_text_put(&text, "HK");
    CHECK(strcmp(export_text_string(&text), "src=HK") == 0 && text.n == 6, "its 0 does not count: %s",
          export_text_string(&text));
    text.has_failed = true;
    CHECK(export_text_string(&text) == NULL, "a text of which something is missing is no string");
    export_text_free(&text);
}

static void test_names(void)
{
    struct export_text text = { 0 };
    export_text_escaped(&text, "a\"b\\c\nd\xff" "e=,", "\\\"");
    CHECK(text.n == 15 && memcmp(text.at, "a\\\"b\\\\c d\xef\xbf\xbd" "e=,", 15) == 0,
          "a quote, a backslash, a line feed, a byte that is no character: %.*s", (int)text.n, text.at);
    text.n = 0;
    export_text_cell(&text, "=1,\"2\"");
    CHECK(text.n == 11 && memcmp(text.at, "\"'=1,\"\"2\"\"\"", 11) == 0, "a cell: %.*s", (int)text.n, text.at);
    text.n = 0;
    export_text_utc(&text, 1763168446.9996);
    CHECK(text.n == 24 && memcmp(text.at, "2025-11-15T01:00:47.000Z", 24) == 0, "a time: %.*s", (int)text.n, text.at);
    text.n = 0;
    export_text_utc(&text, NAN);
    CHECK(text.n == 0, "no time");
    export_text_free(&text);
}

int main(void)
{
    test_numbers();
    test_any_number();
    test_strings();
    test_names();
    return CHECK_DONE();
}
