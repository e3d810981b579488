/* plain_numbers.c - a decimal point in numbers, in any locale, because programs read the files. Changes no other
 * thread's locale, and nothing except numbers. */

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
