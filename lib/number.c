/* number.c - decimal text to double, correctly rounded, whatever the host's locale. Knows JSON's grammar of numbers and
 * nothing of what they mean. Where its exact ways do not reach, the C library's strtod() decides. */

#include "number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#define LONGEST 120      /* characters; a longer number is left to somebody else */
#define EXPONENT_MAX 9999

const double number_tens[NUMBER_EXACT_TEN + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};
const long double number_long_tens[NUMBER_EXACT_LONG_TEN + 1] = {
    1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
    1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L
};

/* A number taken apart: mantissa * 10^exponent, with n_digits digits that count. */
struct parts {
    uint64_t mantissa;
    size_t n_digits;
    long exponent;
};

/* The digits at text, leading zeros not counted. */
static const char *take_digits(const char *text, struct parts *parts)
{
    for (; number_is_digit(*text); text++) {
        parts->n_digits += parts->n_digits > 0 || *text != '0';
        if (parts->n_digits <= NUMBER_EXACT_DIGITS)
            parts->mantissa = parts->mantissa * 10 + (uint64_t)(*text - '0');
    }
    return text;
}

static const char *take_exponent(const char *text, long *exponent)
{
    bool is_negative = *text == '-';
    long value = 0;
    text += *text == '-' || *text == '+';
    if (!number_is_digit(*text))
        return NULL;
    for (; number_is_digit(*text); text++)
        if (value < EXPONENT_MAX)
            value = value * 10 + (*text - '0');
    *exponent += is_negative ? -value : value;
    return text;
}

static const char *take_apart(const char *text, struct parts *parts)
{
    const char *whole = text + (*text == '-'), *end = take_digits(whole, parts);
    if (end == whole || (*whole == '0' && end - whole > 1))
        return NULL;
    if (*end == '.') {
        const char *fraction = end + 1;
        end = take_digits(fraction, parts);
        parts->exponent = -(long)(end - fraction);
        if (end == fraction)
            return NULL;
    }
    return (*end | 32) == 'e' ? take_exponent(end + 1, &parts->exponent) : end;
}

static bool multiply(uint64_t mantissa, long exponent, double *value)
{
#if NUMBER_HAS_EXACT_DOUBLE
    if (mantissa <= UINT64_C(1) << 53 && exponent <= NUMBER_EXACT_TEN) {
        *value = (double)mantissa * number_tens[exponent];
        return true;
    }
#endif
    (void)mantissa;
    (void)exponent;
    (void)value;
    return false;
}

/* strtod() wants the locale's decimal point. */
static bool ask_library(const char *text, size_t n, double *value)
{
    char copy[LONGEST + 1], *end;
    const char *point = localeconv()->decimal_point;
    if (n > LONGEST || strlen(point) != 1)
        return false;
    memcpy(copy, text, n);
    copy[n] = 0;
    for (char *p = copy; *p; p++)
        if (*p == '.')
            *p = *point;
    *value = strtod(copy, &end);
    return end == copy + n && isfinite(*value);
}

const char *number_read_slowly(const char *text, double *value)
{
    struct parts parts = { 0 };
    const char *end = take_apart(text, &parts);
    bool is_exact = false;
    if (end == NULL)
        return NULL;
    if (parts.n_digits <= NUMBER_EXACT_DIGITS) {
        if (parts.exponent > 0)
            is_exact = multiply(parts.mantissa, parts.exponent, value);
        else if (parts.exponent >= -NUMBER_EXACT_LONG_TEN)
            is_exact = number_divide(parts.mantissa, (unsigned)-parts.exponent, value);
    }
    if (!is_exact)
        return ask_library(text, (size_t)(end - text), value) ? end : NULL;
    if (*text == '-')
        *value = -*value;
    return end;
}
