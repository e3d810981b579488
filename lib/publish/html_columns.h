/* html_columns.h - columns of whole numbers, as JSON for the scripts of index.html. */
#ifndef HTML_COLUMNS_H
#define HTML_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Each value less the one that was known before: few digits. NAN is not known. */
void html_columns_difference(double *values, size_t n);
/* Is any value known? */
bool html_columns_has(const double *values, size_t n);
/* ,"name":[1,null,...] */
void html_columns_write(FILE *out, const char *name, const double *values, size_t n);

#endif
