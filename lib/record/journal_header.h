/* journal_header.h - is an open file a journal that this user may go on in? For journal.c alone. */
#ifndef JOURNAL_HEADER_H
#define JOURNAL_HEADER_H

#include <longhaul.h>

/* 0 when it begins with a journal's first line, whole or broken off, and belongs to this user or to root. path is for
 * the message. */
int journal_header_check(int fd, const char *path, struct longhaul_error *err);

#endif
