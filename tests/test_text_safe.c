/* test_text_safe.c - which characters of a text from outside may be shown: the same everywhere, and no byte of the
 * others. */

#include "base/text_safe.h"

#include <longhaul.h>
#include <string.h>

#include "base/json_check.h"
#include "check.h"

static void check_texts(void)
{
    static const char *const cases[][2] = {
        { "HK->WUS \"x\" 100 %", "HK->WUS \"x\" 100 %" },
        { "M\xc3\xbcnchen \xe2\x86\x92 \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x8c\x8d",
            "M\xc3\xbcnchen \xe2\x86\x92 \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x8c\x8d" },
        { "a\x1b[31mb\a\tc\r\n\x7f", "a [31mb  c   " },
        { "\xc2\x9b" "31m\xc2\x80\xc2\x9f\xc2\xa0", " 31m  \xc2\xa0" },
                                           /* C1; a blank that no line breaks at */
        { "a\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae" "b", "a     b" },
                         /* U+202A to U+202E */
        { "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "    " },
                                            /* U+2066 to U+2069 */
        { "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xe2\x80\x8b\xef\xbb\xbf", "     " },
                                   /* marks, no width */
        { "\xe2\x80\xa8\xe2\x80\xa9", "  " },
                                                                      /* ends of line in scripts */
        { "\xe2\x80\x8d\xd7\xa9", "\xe2\x80\x8d\xd7\xa9" },
                                                        /* a joiner, a letter from right to left */
        { "\xff\xc3\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xf8", "????????????" },
                                      /* not UTF-8 */
        { "\xef\xbf\xbe\xef\xbf\xbf\xf3\xa0\x80\xb1", "   " },
                                                     /* no characters; a tag */
        { "cut \xe2\x80", "cut ??" },
        { "", "" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[100];
        snprintf(text, sizeof text, "%s", cases[i][0]);
        text_make_safe(text);
        CHECK(strcmp(text, cases[i][1]) == 0, "text %zu: '%s'", i, text);
    }
}

/* The public function accepts the same characters. */
static void check_public(void)
{
    size_t skip = 0;
    CHECK(longhaul_text_character("\xe2\x80\xae", &skip) == 0 && skip == 3 &&
          longhaul_text_character("\xc3\xbc", &skip) == 2 && skip == 2 &&
          longhaul_text_character("\xff", &skip) == 0 && skip == 1 && longhaul_text_character("a", NULL) == 1,
          "a character's length, and what to pass over");
}

static void check_json(void)
{
    static const struct { const char *text; size_t length; } cases[] = {
        { "{}", 2 }, { " [1,{\"a\":[]}] x", 13 }, { "{\"a\":1}{\"b\":2}", 7 }, { "\"\\u00fc\\n\"", 10 },
            { "-0.5e+10,", 8 }, { "null", 4 },
        { "", 0 }, { "{", 0 }, { "{\"a\"}", 0 }, { "{\"a\":}", 0 }, { "{a:1}", 0 }, { "[1,]", 0 }, { "{\"a\":1,}", 0 },
            { "[1 2]", 0 }, { "{]", 0 },
        { "\"a\x01\"", 0 }, { "\"\xff\"", 0 }, { "\"\\x\"", 0 }, { "\"\\u12\"", 0 }, { "01", 1 }, { "1.", 0 },
            { "-", 0 }, { "+1", 0 }, { "nan", 0 },
        { "tru", 0 }, { "[\"a]", 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t got = json_check(cases[i].text, strlen(cases[i].text));
        CHECK(got == cases[i].length, "json %zu, '%s': %zu bytes", i, cases[i].text, got);
    }
    char deep[5000];
    memset(deep, '[', sizeof deep);
    CHECK(json_check(deep, sizeof deep) == 0, "what is nested too deep is not JSON here");
    size_t length = 0;
    static const char text[] = "{\"event\":\"interval\", \"data\" : {\"data\":1} ,\"x\":[]}";
    const char *data = json_check_member(text, sizeof text - 1, "data", &length);
    CHECK(data && length == 11 && memcmp(data, " {\"data\":1}", length) == 0, "a member's text, as it stands");
    static const char twice[] = "{\"data\":1,\"data\":2}", escaped[] = "{\"data\":1,\"d\\u0061ta\":2}";
    data = json_check_member(twice, sizeof twice - 1, "data", &length);
    CHECK(data && *data == '2' && json_check_member(escaped, sizeof escaped - 1, "data", &length) == NULL &&
          json_check_member(twice, sizeof twice - 1, "x", &length) == NULL,
              "of a repeated one the last; none where a key is spelled with escapes");
}

int main(void)
{
    check_texts();
    check_public();
    check_json();
    return CHECK_DONE();
}
