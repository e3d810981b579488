/* args.h - numbers and lists from the command line, with the one-line refusal. */
#ifndef ARGS_H
#define ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole number from min to max. false after a message that names the flag. */
bool args_integer(const char *command, const char *flag, const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* 0 to 255, also as 0x10 or 020, as iperf3's -S. */
bool args_tos(const char *command, const char *flag, const char *text, uint64_t *out);

/* A whole number with a final K, M or G (powers of 1024, as iperf3's -l and -w). */
bool args_bytes(const char *command, const char *flag, const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* A decimal number. */
bool args_real(const char *command, const char *flag, const char *text, double min, double max, double *out);

/* "5201-5206,5300": malloc'd, in the order given, none twice. */
bool args_ports(const char *command, const char *flag, const char *text, uint16_t **ports, size_t *n);

#endif
