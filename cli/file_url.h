/* file_url.h - a path as the address that a browser or a terminal opens. */
#ifndef FILE_URL_H
#define FILE_URL_H

/* "file:///home/a/index.html" (RFC 8089), absolute and without links; malloc'd. NULL if there is no such file. */
char *file_url(const char *path);

#endif
