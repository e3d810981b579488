/* serve_expected.h - the legs that a server expects, as a topology says: from whom, on which port. */
#ifndef SERVE_EXPECTED_H
#define SERVE_EXPECTED_H

#include <longhaul.h>

struct serve_expected;

/* Copies the list. NULL when out of memory. */
struct serve_expected *serve_expected_new(const struct longhaul_expected_leg *legs, size_t n);
void serve_expected_free(struct serve_expected *expected);

/* A client at that address and port says that it is the leg: true when it may be, always where no leg is expected at
 * all. Else why is a sentence for the log. Looks a host name up, at most once a minute for a leg. boot_ns is now. */
bool serve_expected_is(struct serve_expected *expected, const struct longhaul_file_name *name, uint16_t port,
                       const char *client, int64_t boot_ns, char why[200]);

#endif
