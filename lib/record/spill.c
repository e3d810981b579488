/* spill.c - keeps members of a JSON array in an unnamed file until the array is written, so that a day with many faults
 * takes no more memory than a day with none. Knows nothing of their meaning. */

#include "record/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/temporary.h"

static FILE *open_nameless(int dir)
{
    char name[TEMPORARY_SIZE];
    int fd = temporary_file(dir, 0600, name);
    if (fd < 0)
        return NULL;
    unlinkat(dir, name, 0);
    FILE *file = fdopen(fd, "w+");
    if (file == NULL)
        close(fd);
    return file;
}

static void fail(struct spill *s)
{
    if (s->failure == 0)
        s->failure = errno ? errno : EIO;
}

void spill_add(struct spill *s, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    json_decref(value);
    errno = ENOMEM;
    if (text && s->file == NULL)
        s->file = open_nameless(s->dir);
    if (text == NULL || s->file == NULL || (s->n > 0 && fputc(',', s->file) == EOF) || fputs(text, s->file) == EOF)
        fail(s);
    s->n++;
    free(text);
}

void spill_write(struct spill *s, FILE *out)
{
    char block[16384];
    size_t n;
    fputc('[', out);
    if (s->file) {
        if (fflush(s->file) != 0)
            fail(s);
        rewind(s->file);
        while ((n = fread(block, 1, sizeof block, s->file)) > 0)
            fwrite(block, 1, n, out);
        if (ferror(s->file))
            fail(s);
    }
    fputc(']', out);
}

void spill_clear(struct spill *s)
{
    if (s->file)
        fclose(s->file);
    s->file = NULL;
}
