/* log.h - the lines on stderr of commands that last: run and serve. */
#ifndef LOG_H
#define LOG_H

/* From now on each line begins with the time in UTC, "2026-11-30T00:12:05Z ", unless stderr is a terminal, or belongs
 * to systemd's journal, which adds a time of its own. */
void log_begin(void);
enum { LOG_LINE_SIZE = 4608 };
/* Writes one line to stderr; format and arguments without a line feed. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
