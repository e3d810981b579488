/* plain_numbers.c - a point in numbers, whatever the host's language has in its place: what is written into files is
 * read by programs. Changes no other thread's locale, and nothing but numbers. */

#include "base/plain_numbers.h"

void plain_numbers_begin(struct plain_numbers *plain)
{
    locale_t copy = duplocale(uselocale((locale_t)0));
    plain->own = copy ? newlocale(LC_NUMERIC_MASK, "C", copy) : (locale_t)0;
    if (copy && !plain->own)
        freelocale(copy);
    plain->before = plain->own ? uselocale(plain->own) : (locale_t)0;
}

void plain_numbers_end(struct plain_numbers *plain)
{
    if (!plain->own)
        return;
    uselocale(plain->before);
    freelocale(plain->own);
    plain->own = (locale_t)0;
}
