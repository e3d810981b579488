/* plain_numbers.h - a decimal point in numbers, in any locale. */
#ifndef PLAIN_NUMBERS_H
#define PLAIN_NUMBERS_H

#include <locale.h>

struct plain_numbers {
    locale_t own, before; /* own is 0 when memory ran out: nothing was changed then */
};

/* Until plain_numbers_end() the C library reads and writes numbers on this thread as in the C locale; its messages stay
 * as they are. Other threads are not affected. */
void plain_numbers_begin(struct plain_numbers *plain);
void plain_numbers_end(struct plain_numbers *plain);

#endif
