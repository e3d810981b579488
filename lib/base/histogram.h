/* histogram.h - a log-linear histogram of times: 32 bins an octave, so that any value is known to 1.6 %; it can be
 * added to another exactly, and has a short text. The layout is that of HdrHistogram (G. Tene) with 5 bits. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_PER_OCTAVE 32
#define HISTOGRAM_OCTAVES 27 /* from 1 us to 134 s; what is longer counts as the longest */
#define HISTOGRAM_BINS (1 + HISTOGRAM_PER_OCTAVE * HISTOGRAM_OCTAVES) /* the first one: below 1 us */

struct histogram {
    uint64_t n; /* the sum of all counts */
    uint64_t count[HISTOGRAM_BINS];
};

void histogram_add(struct histogram *h, double us); /* below 0 and NAN count as 0 */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The value of rank ceil(share * n), as the middle of its bin. NAN without values. share is from 0 to 1. */
double histogram_quantile(const struct histogram *h, double share);
/* The share of the percentile by which delays are told, compared and judged: the 99th. */
#define HISTOGRAM_P99 0.99

/* The middle of a bin, at most 1/64 from any value in it; 0.5 for the first one. */
double histogram_middle_us(size_t bin);
/* Where a bin begins, and the one before it ends; 0 for the first one, and up to HISTOGRAM_BINS. */
double histogram_edge_us(size_t bin);

/* The text: for each run of bins with values, the bins skipped before it, the bins in it less 1, and their counts less
 * 1; each number in digits of 5 bits, the lowest first, as letters of base64 (RFC 4648, 5), those of 32 and more when
 * another digit follows. Two histograms with the same counts have the same text. Returns its length, at most size - 1;
 * 0, and "", if there are no values or no room. */
size_t histogram_text(const struct histogram *h, char *text, size_t size);

/* So many values at most are added from texts: 10 Mpps for three years. Of more, the sum would be wrong. */
#define HISTOGRAM_MOST (UINT64_C(1) << 50)

/* Adds what a text of n characters says to h. false, and h as it was, if it is not such a text, or if h would have more
 * than HISTOGRAM_MOST. */
bool histogram_read(struct histogram *h, const char *text, size_t n);
/* True if histogram_read() would add these n characters to an empty histogram. */
bool histogram_is_text(const char *text, size_t n);

#endif
