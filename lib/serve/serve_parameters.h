/* serve_parameters.h - a client's parameters, before libiperf reads them. */
#ifndef SERVE_PARAMETERS_H
#define SERVE_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#define SERVE_PARAMETERS_BYTES_MAX                                                                                     \
    32768 /* iperf3's are under 1 kB, and our label of another: what a socket holds before it is read */
#define SERVE_TOKEN_BYTES_MAX 1024 /* of RSA with 4,096 bits: 684 */

/* What the server itself wants to know of them. */
struct serve_parameters {
    bool is_tcp;
    int segment_bytes;                 /* that the streams shall have, 0 for the kernel's */
    char token[SERVE_TOKEN_BYTES_MAX]; /* of user authentication, "" when there is none */
};

/* 0, or libiperf's number for what is wrong, with why filled in. text is a stranger's. Everything that libiperf would
 * take must have its type and range: libiperf crashes where text is awaited and something else comes, and allocates
 * what it is told to. */
int serve_parameters_check(const char *text, size_t length, struct serve_parameters *out, char why[128]);

#endif
