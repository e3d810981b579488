/* journal_check.c - checks a file with a journal's name before it is used. Changes nothing. */

#include "record/journal_check.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "model/event_line.h"

#define HEADER_BYTES_MAX (1u << 16) /* a header has about 700 */

/* True for the beginning of a header, which is all there is if the host died while writing it; otherwise nothing that
 * longhaul wrote. */
static bool is_torn_header(const char *line, size_t n)
{
    static const char head[] = EVENT_LINE(EVENT_NAME_HEADER) "{";
    size_t k = n < sizeof head - 1 ? n : sizeof head - 1;
    bool is_zeros = true;
    for (size_t i = 0; i < n; i++)
        is_zeros = is_zeros && line[i] == 0;
    return is_zeros || memcmp(line, head, k) == 0;
}

static bool is_header(const char *line, size_t n)
{
    json_t *event = json_loadb(line, n, 0, NULL);
    json_t *data;
    bool is = event_take(event, &data) == EVENT_HEADER && json_is_object(data);
    json_decref(event);
    return is;
}

int journal_check(int fd, const char *path, struct longhaul_error *err)
{
    struct stat st;
    char *line = malloc(HEADER_BYTES_MAX);
    ssize_t n = line && fstat(fd, &st) == 0 ? pread(fd, line, HEADER_BYTES_MAX, 0) : -1;
    const char *newline = n > 0 ? memchr(line, '\n', (size_t)n) : NULL;
    int rc = 0;
    if (n < 0)
        rc = line ? error_errno(err, LONGHAUL_EIO, "%s", path) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    else if (newline ? !is_header(line, (size_t)(newline - line)) : !is_torn_header(line, (size_t)n))
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: not a journal of longhaul's", path);
    else if (st.st_uid != geteuid() && st.st_uid != 0)
        rc = error_set(err, LONGHAUL_EINVAL, "%s: belongs to another user (%ld): recover it, or continue as that user",
                       path, (long)st.st_uid);
    free(line);
    return rc;
}
