/* args.h - numbers and lists from the command line, with the one-line refusal. */
#ifndef ARGS_H
#define ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole number from min to max. false after a message that names the flag. */
bool args_integer(const char *command, const char *flag, const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* A whole number with a final K, M or G (powers of 1024, as iperf3's -l and -w). */
bool args_bytes(const char *command, const char *flag, const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* A decimal number. */
bool args_real(const char *command, const char *flag, const char *text, double min, double max, double *out);

/* A decimal number and its unit, such as "30ms": units[i].name is one of them, with its size in the result's unit; ""
 * is the unit of a number without one, which is refused if "" is not listed. units ends with a NULL name. */
struct args_unit {
    const char *name;
    double factor;
};
bool args_quantity(const char *command, const char *flag, const char *text, const struct args_unit *units, double min,
                   double max, const char *example, double *out);

/* The length of a path, such as "4148km", or "4148". */
bool args_distance(const char *command, const char *text, double *distance_km);

/* A second of UTC: "2026-11-25T00:00Z" (optionally with seconds, with a space, without the Z), or "00:00" for the next
 * such time after now_unix_s. */
bool args_time(const char *command, const char *flag, const char *text, int64_t now_unix_s, int64_t *unix_s);

/* "5201-5206,5300": malloc'd, in the order given, without repetitions. */
bool args_ports(const char *command, const char *flag, const char *text, uint16_t **ports, size_t *n);

#endif
