/* journal_check.h - checks that an open file is a journal that this user may continue. For journal.c alone. */
#ifndef JOURNAL_CHECK_H
#define JOURNAL_CHECK_H

#include <longhaul.h>

/* Returns 0 if it begins with a journal's first line, whole or broken off, and belongs to this user or to root. path is
 * for the message. */
int journal_check(int fd, const char *path, struct longhaul_error *err);

#endif
