/* gnuplot.h - scripts to pictures. */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <longhaul.h>

#include "base/process.h"

/* Finds a gnuplot that is new enough, by an absolute path that is not in the folder dir: *program, malloc'd.
 * LONGHAUL_EPLOT when there is none, and the text says what is wrong. */
int gnuplot_find(const char *dir, const struct process_stop *stop, char **program, struct longhaul_error *err);

/* One picture: the script dir/<name>.gp draws it, in the form and into the file that its variables `format` and
 * `output` name. */
struct gnuplot_job {
    const char *name;   /* letters, digits, "_", "-" and "." only */
    enum longhaul_picture form;
    uint64_t mark;      /* of what it is drawn from */
    double dpi;
    struct longhaul_error error; /* of a picture that was not made; it does not name the picture */
};

/* What draws: gnuplot's path, the folder of scripts, data and pictures, and who may end it (NULL: nobody). */
struct gnuplot_at_work {
    const char *program;
    const char *dir;
    const struct process_stop *stop;
};

/* Draws all jobs into dir/<name>.<form>, with a gnuplot for each processor, several pictures each. A picture appears
 * under its name only when it is whole. lacks_font, never set to false here: gnuplot found no font, and used its own
 * small letters. LONGHAUL_EIO when nothing can be written in the folder. */
int gnuplot_draw(const struct gnuplot_at_work *gnuplot, struct gnuplot_job *jobs, size_t n, bool *lacks_font,
                 struct longhaul_error *err);

#endif
