/* password.c - asks for a password, and leaves the terminal as it was. Stores nothing. */

#include "password.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include "cmd.h"

/* Reads a line from the terminal; false if a signal comes, even just after the question. */
static bool read_line(FILE *terminal, const volatile sig_atomic_t *caught, char *line, int size)
{
    struct pollfd typed = { .fd = fileno(terminal), .events = POLLIN };
    sigset_t stops, before;
    int rc = -1;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGHUP);
    sigprocmask(SIG_BLOCK, &stops, &before);
    while (!*caught && (rc = ppoll(&typed, 1, NULL, &before)) < 0 && errno == EINTR)
        ;
    bool good = rc > 0 && fgets(line, size, terminal) != NULL;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return good && !*caught;
}

bool password_get(const char *command, const volatile sig_atomic_t *caught, const char **password)
{
    static char typed[256];
    struct termios plain, silent;
    *password = getenv("IPERF3_PASSWORD");
    if (*password)
        return true;
    FILE *terminal = fopen("/dev/tty", "r+e");
    if (terminal == NULL || tcgetattr(fileno(terminal), &plain) != 0) {
        if (terminal)
            fclose(terminal);
        cmd_misused(command, "--username needs IPERF3_PASSWORD, or a terminal");
        return false;
    }
    silent = plain;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fileno(terminal), TCSAFLUSH, &silent);
    fputs("Password: ", terminal);
    fflush(terminal);
    bool good = read_line(terminal, caught, typed, sizeof typed);
    tcsetattr(fileno(terminal), TCSAFLUSH, &plain);
    fputs("\n", terminal);
    fclose(terminal);
    typed[strcspn(typed, "\n")] = 0;
    *password = typed;
    if (!good && !*caught)
        cmd_misused(command, "no password was typed");
    return good;
}
