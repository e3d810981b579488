/* engine_error.h - what libiperf's error numbers say about the peer. */
#ifndef ENGINE_ERROR_H
#define ENGINE_ERROR_H

#include <stdbool.h>

/* The server may be between two tests: the next try can succeed. */
bool engine_error_is_passing(int i_errno);

/* The error is an answer from the peer's host, even if it only refuses: so the host is there. text is libiperf's
 * error. */
bool engine_error_is_answer(int i_errno, const char *text);

/* NULL, or the options whose limit the server enforced, for the user: iperf3's --server-bitrate-limit, longhaul serve's
 * --max-rate and --max-duration. */
const char *engine_error_refusal(int i_errno);

/* text, libiperf's error, without the words that say only that it could not connect, which differ between versions:
 * the system's own error, "Connection refused", remains. Points into text. */
const char *engine_error_core(int i_errno, const char *text);

#endif
