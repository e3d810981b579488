/* leg.h - what the library knows about legs beyond longhaul.h. */
#ifndef LEG_H
#define LEG_H

#include <longhaul.h>

#define LEG_STAMP_FORMAT "%Y%m%d_%H%M%S"

#define LEG_KEY_SIZE 32 /* hexadecimal digits of a leg's key: 128 random bits */

/* 1-32 of A-Z a-z 0-9 _: safe in a file name, whatever its origin. */
bool leg_code_is_valid(const char *code);

#endif
