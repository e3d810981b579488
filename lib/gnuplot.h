/* gnuplot.h - scripts to pictures. */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <longhaul.h>

/* 0 when a gnuplot that is new enough can be started; else LONGHAUL_EPLOT, and the text says what is wrong. */
int gnuplot_check(struct longhaul_error *err);

/* Runs the script dir/<name>.gp, which draws into the file that its variable `output` names, and proves that dir/<name>.png
 * was made: a whole PNG. The picture appears under its name only then. LONGHAUL_EPLOT with what gnuplot said. */
int gnuplot_render(const char *dir, const char *name, struct longhaul_error *err);

#endif
