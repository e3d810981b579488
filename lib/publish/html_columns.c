/* html_columns.c - writes columns of whole numbers as JSON for the scripts of index.html. Knows nothing of their
 * meaning. */

#include "publish/html_columns.h"

#include <math.h>

void html_columns_difference(double *values, size_t n)
{
    double before = 0;
    for (size_t i = 0; i < n; i++) {
        double value = values[i];
        if (isnan(value))
            continue;
        values[i] = value - before;
        before = value;
    }
}

bool html_columns_has(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i]))
            return true;
    return false;
}

void html_columns_write(FILE *out, const char *name, const double *values, size_t n)
{
    fprintf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            fputs(i ? ",null" : "null", out);
        else
            fprintf(out, i ? ",%.0f" : "%.0f", values[i]);
    fputc(']', out);
}
