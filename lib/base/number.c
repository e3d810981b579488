/* number.c - converts decimal text to double, correctly rounded, in any locale. Knows JSON's grammar of numbers, not
 * their meaning. Leaves to the C library's strtod() what its exact methods do not cover. */

#include "base/number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#define LONGEST 120      /* characters; a longer number is left to the caller */
#define EXPONENT_MAX 9999

static const double tens[NUMBER_EXACT_TEN + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};
/* 5^-n as 128 bits, the first of them set, rounded up: 2^(127 + z) / 5^n + 1 with 2^z the next power of two. */
const uint64_t number_fifths[NUMBER_MOST_FRACTION + 1][2] = {
    { 0x8000000000000000, 0x0000000000000000 }, { 0xcccccccccccccccc, 0xcccccccccccccccd },
    { 0xa3d70a3d70a3d70a, 0x3d70a3d70a3d70a4 }, { 0x83126e978d4fdf3b, 0x645a1cac083126ea },
    { 0xd1b71758e219652b, 0xd3c36113404ea4a9 }, { 0xa7c5ac471b478423, 0x0fcf80dc33721d54 },
    { 0x8637bd05af6c69b5, 0xa63f9a49c2c1b110 }, { 0xd6bf94d5e57a42bc, 0x3d32907604691b4d },
    { 0xabcc77118461cefc, 0xfdc20d2b36ba7c3e }, { 0x89705f4136b4a597, 0x31680a88f8953031 },
    { 0xdbe6fecebdedd5be, 0xb573440e5a884d1c }, { 0xafebff0bcb24aafe, 0xf78f69a51539d749 },
    { 0x8cbccc096f5088cb, 0xf93f87b7442e45d4 }, { 0xe12e13424bb40e13, 0x2865a5f206b06fba },
    { 0xb424dc35095cd80f, 0x538484c19ef38c95 }, { 0x901d7cf73ab0acd9, 0x0f9d37014bf60a11 },
    { 0xe69594bec44de15b, 0x4c2ebe687989a9b4 }, { 0xb877aa3236a4b449, 0x09befeb9fad487c3 },
    { 0x9392ee8e921d5d07, 0x3aff322e62439fd0 }, { 0xec1e4a7db69561a5, 0x2b31e9e3d06c32e6 },
    { 0xbce5086492111aea, 0x88f4bb1ca6bcf585 }, { 0x971da05074da7bee, 0xd3f6fc16ebca5e04 },
    { 0xf1c90080baf72cb1, 0x5324c68b12dd6339 }, { 0xc16d9a0095928a27, 0x75b7053c0f178294 },
    { 0x9abe14cd44753b52, 0xc4926a9672793543 }, { 0xf79687aed3eec551, 0x3a83ddbd83f52205 },
    { 0xc612062576589dda, 0x95364afe032a819e }, { 0x9e74d1b791e07e48, 0x775ea264cf55347e }
};

/* A number in parts: mantissa * 10^exponent, with n_digits significant digits. */
struct parts {
    uint64_t mantissa;
    size_t n_digits;
    long exponent;
};

/* Reads the digits at text; leading zeros do not count. */
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
        *value = (double)mantissa * tens[exponent];
        return true;
    }
#endif
    (void)mantissa;
    (void)exponent;
    (void)value;
    return false;
}

/* strtod() expects the locale's decimal point. */
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
        else if (parts.exponent >= -NUMBER_MOST_FRACTION)
            is_exact = number_divide(parts.mantissa, (unsigned)-parts.exponent, value);
    }
    if (!is_exact)
        return ask_library(text, (size_t)(end - text), value) ? end : NULL;
    if (*text == '-')
        *value = -*value;
    return end;
}
