/* gnuplot.h - scripts to pictures. */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <longhaul.h>

/* 0 when a gnuplot that is new enough can be started; else LONGHAUL_EPLOT, and the text says what is wrong. */
int gnuplot_check(struct longhaul_error *err);

/* One picture: the script dir/<name>.gp draws it, in the form and into the file that its variables `format` and `output` name. */
struct gnuplot_job {
    const char *name;   /* letters, digits, "_", "-" and "." only */
    enum longhaul_picture form;
    uint64_t mark;      /* of what it is drawn from */
    double dpi;
    struct longhaul_error error; /* of a picture that was not made; it does not name the picture */
};

/* Draws all jobs into dir/<name>.<form>, with a gnuplot for each processor, several pictures each. A picture appears under its
 * name only when it is whole. lacks_font, never set to false here: gnuplot found no font, and used its own small letters. */
void gnuplot_draw(const char *dir, struct gnuplot_job *jobs, size_t n, bool *lacks_font);

#endif
