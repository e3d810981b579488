/* serve_parameters.h - checks a client's parameters before libiperf reads them. */
#ifndef SERVE_PARAMETERS_H
#define SERVE_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#define SERVE_PARAMETERS_BYTES_MAX                                                                                     \
    32768 /* iperf3's are under 1 kB, and our label adds 1 kB; a socket holds this much before it is read */
#define SERVE_TOKEN_BYTES_MAX 1024 /* 684 for RSA with 4,096 bits */

/* The parameters that the server itself needs. */
struct serve_parameters {
    bool is_tcp;
    int segment_bytes;                 /* of the streams; 0 for the kernel's choice */
    char token[SERVE_TOKEN_BYTES_MAX]; /* for user authentication; "" if none exists */
};

/* Returns 0, or libiperf's error number with why filled in. text comes from a stranger. Every parameter that libiperf
 * uses must have the right type and range: libiperf crashes if another type comes where it expects text, and allocates
 * whatever size it is told. */
int serve_parameters_check(const char *text, size_t length, struct serve_parameters *out, char why[128]);

#endif
