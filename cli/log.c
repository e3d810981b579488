/* log.c - the lines on stderr of commands that last, with the time where nothing else adds it. Decides nothing about
 * what is said. */

#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool has_time;

/* systemd sets JOURNAL_STREAM to "device:inode" of the socket that it gave as stderr (systemd.exec(5)). A program whose
 * stderr was redirected since then inherits the variable, so the numbers must match. */
static bool is_journal(int fd)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat st;
    int end = 0;
    return stream && sscanf(stream, "%llu:%llu%n", &device, &inode, &end) == 2 && stream[end] == 0 &&
           fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_begin(void)
{
    has_time = !isatty(STDERR_FILENO) && !is_journal(STDERR_FILENO);
}

void log_line(const char *format, ...)
{
    char stamp[32] = "", text[LOG_LINE_SIZE];
    time_t now = time(NULL);
    struct tm utc;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (has_time && gmtime_r(&now, &utc))
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    fprintf(stderr, "%s%s\n", stamp, text); /* one call: lines of two threads are not mixed */
}
