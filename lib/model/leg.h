/* leg.h - what the library knows about legs beyond longhaul.h. */
#ifndef LEG_H
#define LEG_H

#include <longhaul.h>

/* What a test's files are called, and where they are, where nobody says otherwise. */
#define LEG_DIR "24H"
#define LEG_RECEIVER_DIR "receiver" /* in that folder: records of the serving host */
#define LEG_RESULT ".json"
#define LEG_JOURNAL LONGHAUL_JOURNAL_ENDING
#define LEG_STAMP_FORMAT "%Y%m%d_%H%M%S"
#define LEG_PORT 5201 /* iperf3's */

#define LEG_KEY_SIZE 32 /* hexadecimal digits of a leg's key: 128 random bits */

/* 1-32 of A-Z a-z 0-9 _: safe in a file name, whatever its origin. */
bool leg_code_is_valid(const char *code);

#endif
