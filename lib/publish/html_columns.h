/* html_columns.h - writes columns of whole numbers as JSON for the scripts of index.html. */
#ifndef HTML_COLUMNS_H
#define HTML_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Replaces each value by its difference from the last known one, which has fewer digits. NAN is unknown. */
void html_columns_difference(double *values, size_t n);
/* True if any value is known. */
bool html_columns_has(const double *values, size_t n);
/* Writes ,"name":[1,null,...] */
void html_columns_write(FILE *out, const char *name, const double *values, size_t n);

#endif
