/* gnuplot.h - draws pictures from scripts. */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <longhaul.h>

#include "base/process.h"

/* Finds a gnuplot that is new enough, under an absolute path outside the folder dir: *program, malloc'd. LONGHAUL_EPLOT
 * if none exists; the message says what is wrong. */
int gnuplot_find(const char *dir, const struct process_stop *stop, char **program, struct longhaul_error *err);

/* One picture: the script dir/<name>.gp draws it, in the form and into the file that its variables `format` and
 * `output` name. */
struct gnuplot_job {
    const char *name;   /* only letters, digits, "_", "-" and "." */
    enum longhaul_picture form;
    uint64_t mark;      /* of the data and script that it is drawn from */
    double dpi;
    struct longhaul_error error; /* set if the picture was not made; does not contain the picture's name */
};

/* How to draw: gnuplot's path, the folder of scripts, data and pictures, and the callback that may stop it (NULL:
 * none). */
struct gnuplot_at_work {
    const char *program;
    const char *dir;
    const struct process_stop *stop;
};

/* Draws all jobs into dir/<name>.<form>, with one gnuplot per processor and several pictures each. A picture appears
 * under its name only when it is whole. Sets lacks_font, but never clears it, if gnuplot found no font and used its own
 * small letters. LONGHAUL_EIO if nothing can be written in the folder. */
int gnuplot_draw(const struct gnuplot_at_work *gnuplot, struct gnuplot_job *jobs, size_t n, bool *lacks_font,
                 struct longhaul_error *err);

#endif
