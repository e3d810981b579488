/* plain_numbers.h - a point in numbers, whatever the host's language has in its place. */
#ifndef PLAIN_NUMBERS_H
#define PLAIN_NUMBERS_H

#include <locale.h>

struct plain_numbers {
    locale_t own, before; /* own is 0 when there was no memory for it: then nothing is changed */
};

/* From here to plain_numbers_end() the C library writes and reads numbers on this thread as in the C locale; its
 * messages stay as they are. Other threads are not concerned. */
void plain_numbers_begin(struct plain_numbers *plain);
void plain_numbers_end(struct plain_numbers *plain);

#endif
