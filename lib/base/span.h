/* span.h - a length of time for people. */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>

#define SPAN_TEXT_SIZE 32

/* "7.5 s", "16 s", "1 min 50 s", "2 h 5 min", "3 d 4 h"; "-" for NAN. */
void span_text(double seconds, char *text, size_t size);

#endif
