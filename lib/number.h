/* number.h - decimal text to double, correctly rounded. What is common is inline, the rest is in number.c. */
#ifndef NUMBER_H
#define NUMBER_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NUMBER_PAD 8 /* bytes behind a number that may be looked at; none of them may go on with it at the end of a text */

#define NUMBER_EXACT_DIGITS 19   /* any number of so many decimal digits is less than 2^64 */
#define NUMBER_EXACT_TEN 22      /* 10^22 is a double */
#define NUMBER_EXACT_LONG_TEN 27 /* 10^27 is an 80-bit long double */

/* Doubles are doubles, not kept in wider registers: only then is one division one rounding. */
#define NUMBER_HAS_EXACT_DOUBLE (FLT_EVAL_METHOD == 0 && DBL_MANT_DIG == 53)
/* The x87's format, in memory as 64 bits of mantissa first. */
#define NUMBER_HAS_LONG_DOUBLE (LDBL_MANT_DIG == 64 && DBL_MANT_DIG == 53 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

extern const double number_tens[NUMBER_EXACT_TEN + 1];
extern const long double number_long_tens[NUMBER_EXACT_LONG_TEN + 1];

/* Reads one JSON number (RFC 8259) at text. Returns its end; NULL when there is none, or it is too large for a double. */
const char *number_read_slowly(const char *text, double *value);

static inline bool number_is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Takes eight digits at once (D. Lemire, "Quickly parsing eight digits", 2018). False when these are not eight digits. */
static inline bool number_eight_digits(const char *text, uint64_t *value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t v;
    memcpy(&v, text, 8);
    if (((v + 0x4646464646464646u) | (v - 0x3030303030303030u)) & 0x8080808080808080u)
        return false;
    v -= 0x3030303030303030u;
    v = v * 10 + (v >> 8);
    *value = (((v & 0x000000FF000000FFu) * 0x000F424000000064u) + (((v >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >> 32;
    return true;
#else
    (void)text;
    (void)value;
    return false;
#endif
}

/* Appends the digits at text to *mantissa (modulo 2^64), and returns their end. */
static inline const char *number_digits(const char *text, uint64_t *mantissa)
{
    uint64_t eight, m = *mantissa;
    while (number_eight_digits(text, &eight)) {
        m = m * 100000000u + eight;
        text += 8;
    }
    while (number_is_digit(*text))
        m = m * 10 + (uint64_t)(*text++ - '0');
    *mantissa = m;
    return text;
}

/* mantissa / 10^n, n at most NUMBER_EXACT_LONG_TEN. False when this way cannot tell. */
static inline bool number_divide(uint64_t mantissa, unsigned n, double *value)
{
#if NUMBER_HAS_EXACT_DOUBLE
    /* Both are exact, so the quotient is rounded once (W. Clinger, "How to read floating point numbers accurately", 1990). */
    if (mantissa <= UINT64_C(1) << 53 && n <= NUMBER_EXACT_TEN) {
        *value = (double)mantissa / number_tens[n];
        return true;
    }
#endif
#if NUMBER_HAS_LONG_DOUBLE
    /* Rounded to 64 bits, then to 53: right unless the 64 bits look like a tie between two doubles. */
    long double quotient = (long double)mantissa / number_long_tens[n];
    uint64_t bits;
    memcpy(&bits, &quotient, 8);
    *value = (double)quotient;
    return (bits & 0x7ff) != 0x400;
#else
    (void)mantissa;
    (void)n;
    (void)value;
    return false;
#endif
}

/* As number_read_slowly(), fast for what iperf3 writes. */
static inline const char *number_read(const char *text, double *value)
{
    uint64_t mantissa = 0;
    const char *whole = text + (*text == '-'), *end = whole;
    size_t n_fraction = 0;
    if (*whole == '0')
        end = whole + 1;
    else if ((end = number_digits(whole, &mantissa)) == whole)
        return NULL;
    size_t n_digits = (size_t)(end - whole);
    if (*end == '.') {
        const char *fraction = end + 1;
        end = number_digits(fraction, &mantissa);
        n_fraction = (size_t)(end - fraction);
        n_digits = *whole == '0' ? n_fraction : n_digits + n_fraction;
        if (n_fraction == 0)
            return NULL;
    }
    if ((*end | 32) == 'e' || n_digits > NUMBER_EXACT_DIGITS || !number_divide(mantissa, (unsigned)n_fraction, value))
        return number_read_slowly(text, value);
    if (*text == '-')
        *value = -*value;
    return end;
}

/* Passes one number without its value. NULL exactly where number_read() gives NULL. */
static inline const char *number_pass(const char *text)
{
    uint64_t ignored = 0;
    double value;
    const char *whole = text + (*text == '-'), *end = whole;
    if (*whole == '0')
        end = whole + 1;
    else if ((end = number_digits(whole, &ignored)) == whole)
        return NULL;
    if (*end == '.') {
        const char *fraction = end + 1;
        end = number_digits(fraction, &ignored);
        if (end == fraction)
            return NULL;
    }
    return (*end | 32) == 'e' || end - text > 64 ? number_read_slowly(text, &value) : end;
}

#endif
