/* gnuplot.c - the only file that starts gnuplot. Proves that the picture was made: exit status 0 is not enough, since
 * gnuplot gives it for scripts that drew nothing. Knows nothing of what is drawn. */

#include "gnuplot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "process.h"

#define OLDEST_MAJOR 5
#define OLDEST_MINOR 4
#define CHECK_DEADLINE_S 20
#define RENDER_DEADLINE_S 120

int gnuplot_check(struct longhaul_error *err)
{
    static const char *const argv[] = { "gnuplot", "--version", NULL };
    struct process_result result;
    struct longhaul_error why = { 0 };
    int major, minor;
    if (process_run(argv, NULL, CHECK_DEADLINE_S, &result, &why) != 0)
        return error_set(err, LONGHAUL_EPLOT, "%s (charts need gnuplot %d.%d or newer)", why.text, OLDEST_MAJOR, OLDEST_MINOR);
    if (result.is_late)
        return error_set(err, LONGHAUL_EPLOT, "gnuplot --version: no answer in %d s", CHECK_DEADLINE_S);
    if (sscanf(result.says, "gnuplot %d.%d", &major, &minor) != 2)
        return error_set(err, LONGHAUL_EPLOT, "gnuplot --version: says \"%.80s\"", result.says);
    if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR))
        return error_set(err, LONGHAUL_EPLOT, "gnuplot %d.%d: too old, %d.%d is needed", major, minor, OLDEST_MAJOR, OLDEST_MINOR);
    return 0;
}

/* The signature first, a first chunk IHDR with a size, and IEND, with its checksum, at the very end. */
static bool is_whole_png(const char *path)
{
    static const char first[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    static const char last[] = "\0\0\0\0IEND\xae\x42\x60\x82";
    static const char no_size[4] = { 0 };
    char head[24], tail[12];
    FILE *file = fopen(path, "re");
    bool good = file && fread(head, 1, sizeof head, file) == sizeof head && memcmp(head, first, 16) == 0 &&
                memcmp(head + 16, no_size, 4) != 0 && memcmp(head + 20, no_size, 4) != 0 &&
                fseek(file, -(long)sizeof tail, SEEK_END) == 0 && fread(tail, 1, sizeof tail, file) == sizeof tail &&
                memcmp(tail, last, sizeof tail) == 0;
    if (file)
        fclose(file);
    return good;
}

/* gnuplot says where and why over several lines, and points with a caret: the last line that has words in it. */
static const char *complaint(char *says)
{
    char *best = NULL, *rest = says;
    for (char *line; (line = strsep(&rest, "\n")) != NULL; )
        if (strspn(line, " \t^") != strlen(line))
            best = line + strspn(line, " \t");
    return best ? best : "it said nothing";
}

static int draw(const char *dir, const char *name, const char *picture, struct longhaul_error *err)
{
    char script[512], output[600];
    struct process_result result;
    struct longhaul_error why = { 0 };
    snprintf(script, sizeof script, "%s.gp", name);
    snprintf(output, sizeof output, "output = '%s'", picture);
    const char *argv[] = { "gnuplot", "-d", "-e", output, script, NULL };
    if (process_run(argv, dir, RENDER_DEADLINE_S, &result, &why) != 0)
        return error_set(err, LONGHAUL_EPLOT, "%s", why.text);
    if (result.is_late)
        return error_set(err, LONGHAUL_EPLOT, "%s/%s: gnuplot did not end in %d s", dir, script, RENDER_DEADLINE_S);
    if (result.exit_status != 0)
        return error_set(err, LONGHAUL_EPLOT, "%s/%s: gnuplot failed (%d): %s", dir, script, result.exit_status,
                         complaint(result.says));
    return 0;
}

int gnuplot_render(const char *dir, const char *name, struct longhaul_error *err)
{
    char picture[512], *temporary, *final;
    int rc = LONGHAUL_ENOMEM;
    snprintf(picture, sizeof picture, "%s.png.%ld.tmp", name, (long)getpid());
    if (asprintf(&temporary, "%s/%s", dir, picture) < 0)
        return error_set(err, rc, "%s/%s: out of memory", dir, name);
    if (asprintf(&final, "%s/%s.png", dir, name) < 0) {
        free(temporary);
        return error_set(err, rc, "%s/%s: out of memory", dir, name);
    }
    rc = draw(dir, name, picture, err);
    if (rc == 0 && !is_whole_png(temporary))
        rc = error_set(err, LONGHAUL_EPLOT, "%s: gnuplot made no picture", final);
    if (rc == 0 && rename(temporary, final) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", final);
    if (rc != 0)
        unlink(temporary);
    free(temporary);
    free(final);
    return rc;
}
