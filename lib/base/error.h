/* error.h - filling a caller's struct longhaul_error. */
#ifndef ERROR_H
#define ERROR_H

#include <longhaul.h>

/* Writes code and message, unless err is NULL or already holds an error (the first one wins). Returns code. */
int error_set(struct longhaul_error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same, with ": " and the text of errno at the end. */
int error_errno(struct longhaul_error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
