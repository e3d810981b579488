/* file_url.c - a path as the address that a browser or a terminal opens: RFC 8089, with what RFC 3986 does not permit
 * in a path as %XX, whatever the bytes of the path are. */

#include "file_url.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(unsigned char c)
{
    return c < 128 && (isalnum(c) || strchr("/-._~", c) != NULL);
}

char *file_url(const char *path)
{
    char *absolute = realpath(path, NULL), *url = NULL;
    size_t size;
    FILE *out = absolute ? open_memstream(&url, &size) : NULL;
    if (out) {
        fputs("file://", out);
        for (const char *c = absolute; *c; c++)
            fprintf(out, is_plain((unsigned char)*c) ? "%c" : "%%%02X", (unsigned char)*c);
        if (fclose(out) != 0) {
            free(url);
            url = NULL;
        }
    }
    free(absolute);
    return url;
}
