/* number.h - converts decimal text to double, correctly rounded. The common cases are inline, the rest is in
 * number.c. */
#ifndef NUMBER_H
#define NUMBER_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NUMBER_PAD                                                                                                     \
    8 /* bytes after a number that may be read; at the end of a text none of them may continue the number */

#define NUMBER_EXACT_DIGITS 19  /* every number of this many decimal digits is less than 2^64 */
#define NUMBER_EXACT_TEN 22     /* 10^22 is a double */
#define NUMBER_MOST_FRACTION 27 /* 5^27 is less than 2^64 */

/* True if a double is not kept in a wider register: only then does one conversion or multiplication round once. */
#define NUMBER_HAS_EXACT_DOUBLE (FLT_EVAL_METHOD == 0 && DBL_MANT_DIG == 53)
#if NUMBER_HAS_EXACT_DOUBLE && defined(__SIZEOF_INT128__)
#define NUMBER_HAS_PRODUCT 1
#else
#define NUMBER_HAS_PRODUCT 0
#endif

extern const uint64_t number_fifths[NUMBER_MOST_FRACTION + 1][2];

/* Reads one JSON number (RFC 8259) at text. Returns its end; NULL if none exists, or if it is too large for a
 * double. */
const char *number_read_slowly(const char *text, double *value);

static inline bool number_is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Converts eight digits at once, the first one in the lowest byte (D. Lemire, "Quickly parsing eight digits", 2018). */
static inline uint64_t number_eight_digits(uint64_t v)
{
    v = v * 10 + (v >> 8);
    return (((v & 0x000000FF000000FFu) * 0x000F424000000064u) +
            (((v >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
           32;
}

/* Appends the digits at text to *mantissa (modulo 2^64) and returns their end. Takes no branch on how many there
 * are. */
static inline const char *number_digits(const char *text, uint64_t *mantissa)
{
    static const uint32_t tens[8] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000 };
    for (;; text += 8) {
        uint64_t v;
        memcpy(&v, text, 8);
        v ^= 0x3030303030303030u; /* digits are 0 to 9 now, other characters are above */
        uint64_t others = (v | (v + 0x7676767676767676u)) & 0x8080808080808080u;
        if (others == 0) {
            *mantissa = *mantissa * 100000000u + number_eight_digits(v);
            continue;
        }
        unsigned n = (unsigned)__builtin_ctzll(others) / 8;
        *mantissa = *mantissa * tens[n] + number_eight_digits(v << 8 << (56 - 8 * n));
        return text + n;
    }
}
#else
static inline const char *number_digits(const char *text, uint64_t *mantissa)
{
    while (number_is_digit(*text))
        *mantissa = *mantissa * 10 + (uint64_t)(*text++ - '0');
    return text;
}
#endif

/* Computes mantissa / 10^n, n at most NUMBER_MOST_FRACTION, rounded once: from the first 64 bits of mantissa * 5^-n, or
 * from 128 bits where 64 may not decide (D. Lemire, "Number parsing at a gigabyte per second", Software: Practice and
 * Experience 51, 2021; 128 bits always decide for such n: N. Mushtak and D. Lemire, "Fast number parsing without
 * fallback", 2023). False if this build has no 128-bit product. */
static inline bool number_divide(uint64_t mantissa, unsigned n, double *value)
{
#if NUMBER_HAS_PRODUCT
    if (n == 0 || mantissa == 0) {
        *value = (double)mantissa;
        return true;
    }
    unsigned zeros = (unsigned)__builtin_clzll(mantissa);
    uint64_t w = mantissa << zeros;
    unsigned __int128 product = (unsigned __int128)w * number_fifths[n][0];
    if ((uint64_t)(product >> 64 & 0x1ff) == 0x1ff) /* the lower bits may carry into the 55 bits that are needed */
        product += (uint64_t)((unsigned __int128)w * number_fifths[n][1] >> 64);
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    unsigned top = (unsigned)(high >> 63), shift = top + 9;
    uint64_t bits = high >> shift; /* 54 of them, one more than a double has */
    if (low <= 1 && n <= 4 && (bits & 3) == 1 && bits << shift == high)
        bits &= ~UINT64_C(1); /* an exact tie: round to even */
    bits = (bits + (bits & 1)) >> 1;
    /* 10^-n = 5^-n 2^-n; 217706 / 2^16 is log2(10); rounding up may have carried into the exponent, as it should. */
    uint64_t exponent = (uint64_t)(((-217706 * (int)n) >> 16) + 63 + (int)top - (int)zeros + 1023 - 1);
    bits += exponent << 52;
    memcpy(value, &bits, 8);
    return true;
#else
    (void)mantissa;
    (void)n;
    (void)value;
    return false;
#endif
}

/* Does what number_read_slowly() does, fast for the numbers that iperf3 writes. */
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

/* Skips one number without computing its value. Returns NULL exactly where number_read() does. */
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
