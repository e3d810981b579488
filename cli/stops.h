/* stops.h - signals that end a report. */
#ifndef STOPS_H
#define STOPS_H

#include <signal.h>
#include <stdbool.h>

/* Catches SIGINT, SIGTERM and SIGHUP; those that were ignored before (nohup) stay ignored. They end the process at once
 * until stops_asked() is called for the first time; after that, or from the beginning with only_noted, they are noted.
 * set receives the caught signals. */
void stops_catch(bool only_noted, sigset_t *set);

/* From here on they end the process at once again. */
void stops_release(void);

/* The signal that was noted; 0 for none. */
int stops_signal(void);

/* For longhaul_report_options.is_stopped. */
bool stops_asked(void *payload);

#endif
