/* longhaul/base.h - version, errors, texts. The conventions of all parts are in longhaul.h. */
#ifndef LONGHAUL_BASE_H
#define LONGHAUL_BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
#define LONGHAUL_BEGIN extern "C" {
#define LONGHAUL_END }
#else
#define LONGHAUL_BEGIN
#define LONGHAUL_END
#endif
LONGHAUL_BEGIN
#define LONGHAUL_VERSION "0.2.0"
#define LONGHAUL_VERSION_HEX 0x000200 /* one byte each: major, minor, patch; to compare with #if */
const char *longhaul_version(void);   /* of the library that runs, as the macros are of the header; a static string */
uint32_t longhaul_version_hex(void);
/* The libiperf it drives, "3.12"; how it obtains intervals, "callback" or "cJSON wrap"; static; "" without libiperf. */
const char *longhaul_iperf_version(void);
const char *longhaul_iperf_intervals(void);
enum longhaul_code {
    LONGHAUL_OK = 0, LONGHAUL_EINVAL = -1, /* EINVAL: a value from the caller makes no sense; the text names it */
    LONGHAUL_ENOMEM = -2,    /* out of memory */
    LONGHAUL_EIO = -3,       /* a file or folder cannot be read or written */
    LONGHAUL_EFORMAT = -4,   /* the file is not what iperf3 or longhaul writes */
    LONGHAUL_ENET = -5,      /* a test could not begin: refused, unreachable, busy, not resolved */
    LONGHAUL_EBUSY = -6,     /* taken: a port, a name, a record that another process writes */
    LONGHAUL_ENOTBUILT = -7, /* this build lacks the library that this needs */
    LONGHAUL_EPLOT = -8,     /* gnuplot is missing, too old, or failed */
    LONGHAUL_ESTOPPED = -9,  /* the caller's is_stopped returned true */
    LONGHAUL_ELIMIT = -10    /* a file is larger than the limits for reading allow */
};
struct longhaul_error {
    int code;       /* enum longhaul_code; 0 while there is no error */
    char text[512]; /* one line, no full stop: the thing, then what is wrong with it */
};
void longhaul_text_free(char *text); /* a text that the library returned through char **out */
/* Bytes of the UTF-8 character at the start of text; 0 when there is no valid one, or one that no text from outside may
 * bring to a terminal or document: control characters (C0, DEL, C1) and those that change the reading order. *skip (may
 * be NULL): bytes to pass over then. Texts from this library hold only permitted characters; paths are unchanged. */
size_t longhaul_text_character(const char *text, size_t *skip);
/* For people, in any locale: a length of time ("0.3 s", "16 s", "1 min 50 s", "2 h 5 min", "3 d 4 h"); a figure with
 * three significant digits, without zeros at its end ("0.00209", "9.99", "1234"); "-" for NAN. */
enum { LONGHAUL_PEOPLE_SIZE = 32 }; /* enough for any of them */
void longhaul_seconds_text(double seconds, char *text, size_t size);
void longhaul_figure_text(double value, char *text, size_t size);
LONGHAUL_END
#endif
