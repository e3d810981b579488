/* test_number.c - decimal text to double, compared with the C library's strtod(). */

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "check.h"

#define N_RANDOM 400000

static uint64_t state = 1;

static uint64_t next_random(void)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = (state ^ state >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* True if both functions read it as strtod() does. */
static bool is_right(const char *number)
{
    char text[256] = { 0 };
    double want = strtod(number, NULL), fast = 0, slow = 0;
    int n = snprintf(text, sizeof text - NUMBER_PAD, "%s", number);
    const char *a = number_read(text, &fast), *b = number_read_slowly(text, &slow);
    return a == text + n && b == a && number_pass(text) == a && memcmp(&want, &fast, 8) == 0 &&
           memcmp(&want, &slow, 8) == 0;
}

static void test_formats(void)
{
    static const char *const formats[] = { "%.17g", "%.15g", "%.16g", "%.3f", "%.19g", "%.25g", "%.17e", "%.0f" };
    size_t n_wrong = 0;
    for (int i = 0; i < N_RANDOM; i++) {
        char text[400];
        double value = ldexp((double)(next_random() >> 11), (int)(next_random() % 120) - 90);
        snprintf(text, sizeof text, formats[i % 8], i % 3 ? value : -value);
        if (!is_right(text) && n_wrong++ < 5)
            CHECK(false, "%s", text);
    }
    CHECK(n_wrong == 0, "%d random numbers, as printf writes them", N_RANDOM);
}

/* Digits around the middle between two doubles, where the last digit decides. */
static void test_ties(void)
{
    size_t n_wrong = 0, n = 0;
    for (int i = 0; i < N_RANDOM / 4; i++) {
        uint64_t mantissa = (next_random() >> 11 | UINT64_C(1) << 52), shift = 1 + next_random() % 10;
        for (int off = -1; off <= 1; off++, n++) { /* (2 m + 1) / 2 scaled: exactly a tie, and its neighbours */
            char text[64];
            unsigned __int128 tie = (((unsigned __int128)mantissa << 1) | 1) << (shift - 1);
            snprintf(text, sizeof text, "%" PRIu64 "%s", (uint64_t)tie + (uint64_t)(int64_t)off, i % 2 ? ".0" : "");
            if (!is_right(text) && n_wrong++ < 5)
                CHECK(false, "%s", text);
            uint64_t halves = mantissa >> 8 << 1 | 1; /* x.5 between two doubles of 2^52 and more */
            snprintf(text, sizeof text, "%" PRIu64 ".%s", halves >> 1 | UINT64_C(1) << 52,
                     off < 0 ? "49999"
                     : off   ? "50001"
                             : "5");
            if (!is_right(text) && n_wrong++ < 5)
                CHECK(false, "%s", text);
        }
    }
    CHECK(n_wrong == 0, "%zu numbers at ties and next to them", n);
}

static void test_cases(void)
{
    static const char *const right[] = {
    "0", "-0", "0.0", "-0.0", "1", "-1", "9007199254740993", "9007199254740992.5", "18446744073709551615",
    "18446744073709551616", "99999999999999999999", "0.1", "0.30000000000000004", "5e-324", "2.2250738585072011e-308",
    "1.7976931348623157e308", "1e22", "1e23", "8.5e22", "1E5",
                                         "1e+5",
                                         "123456789012345678901234567890", "0.00015183105468749996",
                                         "0.0015183105468749996", "1e-400", "0.000000000000000000000000001",
                                         "0.0000000000000000000000000001", "9.5367431640625e-07",
                                         "1e0000000000000001", "0e999999999" };
    static const char *const wrong[] = { "",   "-",  ".5",  "01",  "1.",    "1.e5",   "1e", "1e+",
                                         "+1", "e5", "nan", "inf", "1e400", "-1e400", "-a", "00" };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        CHECK(is_right(right[i]), "%s", right[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[64] = { 0 };
        double value;
        snprintf(text, sizeof text, "%s", wrong[i]);
        const char *fast = number_read(text, &value), *slow = number_read_slowly(text, &value),
                   *passed = number_pass(text);
        size_t n = strlen(text);
        CHECK(fast != text + n && slow != text + n && passed != text + n, "'%s' is not a number in JSON", wrong[i]);
    }
}

int main(void)
{
    test_cases();
    test_formats();
    test_ties();
    /* A host may have any locale; the files' decimal point remains a point. */
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
        double value = 0;
        char text[64] = "0.123456789012345678901234567890";
        CHECK(number_read(text, &value) && value == 0x1.f9add3739635fp-4,
              "also in a locale with another decimal point");
    } else {
        printf("skip - another decimal point: the locale de_DE.UTF-8 is not installed\n");
    }
    return CHECK_DONE();
}
