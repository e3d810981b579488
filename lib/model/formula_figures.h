/* formula_figures.h - a list of figures that is filled one by one. */
#ifndef FORMULA_FIGURES_H
#define FORMULA_FIGURES_H

#include <longhaul.h>

/* Beyond 100,000 Mbit/s, MB/s, MB or GB, figures are shown in the unit that people use for such values: 2.4 Tbit/s. */
void formula_figures_scale(double *shown, int *decimals, const char **unit);
/* NULL, with an error, when out of memory. longhaul_formula_figures_free() frees it. */
struct longhaul_formula_figures *formula_figures_new(struct longhaul_error *err);
/* divisor: from value's unit to the text's. A value that is unknown or infinite is omitted. The texts are borrowed. */
void formula_figures_add(struct longhaul_formula_figures *f, const char *key, const char *what, double value,
                         double divisor, int decimals, const char *unit, const char *source);

#endif
