/* histogram.c - counts times in bins that grow with them. */

#include "base/histogram.h"

#include <math.h>
#include <string.h>

#define FRACTION_BITS 10 /* of a microsecond */
#define SUB_BITS 5       /* 32 bins an octave */
#define LONGEST_US 134217727.0
#define DIGIT_BITS 5
#define MORE 32 /* another digit follows */
#define NO_LETTER 64

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/* What a letter stands for; 64 (NO_LETTER): nothing. */
static const unsigned char digits[128] = {
    /* clang-format off */
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
    64,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 63,
    64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
    /* clang-format on */
};

static size_t bin_of(double us)
{
    if (!(us >= 1))
        return 0;
    uint64_t x = (uint64_t)((us < LONGEST_US ? us : LONGEST_US) * (1 << FRACTION_BITS));
    unsigned octave = 63 - (unsigned)__builtin_clzll(x) - FRACTION_BITS;
    return 1 + octave * HISTOGRAM_PER_OCTAVE +
           ((x >> (octave + FRACTION_BITS - SUB_BITS)) & (HISTOGRAM_PER_OCTAVE - 1));
}

void histogram_add(struct histogram *h, double us)
{
    h->count[bin_of(us)]++;
    h->n++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    if (from->n == 0)
        return;
    for (size_t i = 0; i < HISTOGRAM_BINS; i++)
        into->count[i] += from->count[i];
    into->n += from->n;
}

double histogram_middle_us(size_t bin)
{
    if (bin == 0)
        return 0.5;
    int octave = (int)((bin - 1) / HISTOGRAM_PER_OCTAVE);
    double part = (double)((bin - 1) % HISTOGRAM_PER_OCTAVE) + 0.5;
    return ldexp(1 + part / HISTOGRAM_PER_OCTAVE, octave);
}

double histogram_edge_us(size_t bin)
{
    if (bin == 0)
        return 0;
    double part = (double)((bin - 1) % HISTOGRAM_PER_OCTAVE);
    return ldexp(1 + part / HISTOGRAM_PER_OCTAVE, (int)((bin - 1) / HISTOGRAM_PER_OCTAVE));
}

double histogram_quantile(const struct histogram *h, double share)
{
    if (h->n == 0)
        return NAN;
    double rank = ceil(share * (double)h->n);
    uint64_t wanted = rank < 1 ? 1 : rank > (double)h->n ? h->n : (uint64_t)rank, so_far = 0;
    size_t bin = 0;
    while (bin < HISTOGRAM_BINS - 1 && (so_far += h->count[bin]) < wanted)
        bin++;
    return histogram_middle_us(bin);
}

/* ---- text */

static bool put(char *text, size_t size, size_t *at, uint64_t number)
{
    do {
        if (*at + 1 >= size)
            return false;
        uint64_t rest = number >> DIGIT_BITS;
        text[(*at)++] = letters[(number & (MORE - 1)) | (rest ? MORE : 0)];
        number = rest;
    } while (number);
    return true;
}

static size_t run_from(const struct histogram *h, size_t bin)
{
    size_t n = 0;
    while (bin + n < HISTOGRAM_BINS && h->count[bin + n])
        n++;
    return n;
}

size_t histogram_text(const struct histogram *h, char *text, size_t size)
{
    size_t at = 0, skipped = 0;
    bool fits = size > 0;
    for (size_t bin = 0; fits && h->n && bin < HISTOGRAM_BINS;) {
        size_t n = run_from(h, bin);
        if (n == 0) {
            skipped++;
            bin++;
            continue;
        }
        fits = put(text, size, &at, skipped) && put(text, size, &at, n - 1);
        for (skipped = 0; n > 0; n--, bin++)
            fits = fits && put(text, size, &at, h->count[bin] - 1);
    }
    at = fits ? at : 0;
    if (size > 0)
        text[at] = 0;
    return at;
}

/* Reads a number of at most 55 bits; false at the end, and for anything else. */
static bool take(const char **text, const char *end, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; *text < end && shift <= 50; shift += DIGIT_BITS) {
        unsigned char letter = (unsigned char)*(*text)++;
        uint64_t digit = letter < sizeof digits ? digits[letter] : NO_LETTER;
        if (digit == NO_LETTER)
            return false;
        *number |= (digit & (MORE - 1)) << shift;
        if (!(digit & MORE))
            return true;
    }
    return false;
}

/* Adds the counts of the text times sign (1, or UINT64_MAX for -1) to count_of, if that is not NULL, up to where the
 * text ends or is wrong; *n is their sum. */
static bool walk(const char *text, const char *end, uint64_t *count_of, uint64_t sign, uint64_t *n)
{
    size_t bin = 0;
    *n = 0;
    while (text < end) {
        uint64_t skipped, more, count;
        if (!take(&text, end, &skipped) || !take(&text, end, &more) || skipped >= HISTOGRAM_BINS - bin ||
            more >= HISTOGRAM_BINS - bin - skipped)
            return false;
        bin += skipped;
        for (more++; more > 0; more--, bin++) {
            if (!take(&text, end, &count))
                return false;
            *n += count + 1;
            if (*n > HISTOGRAM_MOST)
                return false;
            if (count_of)
                count_of[bin] += sign * (count + 1);
        }
    }
    return true;
}

bool histogram_is_text(const char *text, size_t n)
{
    uint64_t sum;
    return walk(text, text + n, NULL, 0, &sum);
}

bool histogram_read(struct histogram *h, const char *text, size_t n)
{
    uint64_t sum;
    if (!walk(text, text + n, h->count, 1, &sum) || h->n > HISTOGRAM_MOST - sum) {
        walk(text, text + n, h->count, UINT64_MAX, &sum); /* what was added goes again */
        return false;
    }
    h->n += sum;
    return true;
}
