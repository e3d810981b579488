/* password.h - the password of iperf3's authentication. */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <signal.h>
#include <stdbool.h>

/* Takes iperf3's variable, or asks at the terminal without echo, which is restored even if a signal interrupts.
 * *caught is set by the caller's handler of SIGINT, SIGTERM and SIGHUP. *password is borrowed. false after a message,
 * or a signal. */
bool password_get(const char *command, const volatile sig_atomic_t *caught, const char **password);

#endif
