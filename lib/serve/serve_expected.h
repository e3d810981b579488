/* serve_expected.h - the legs that a server expects according to a topology: from which host, on which port. */
#ifndef SERVE_EXPECTED_H
#define SERVE_EXPECTED_H

#include <longhaul.h>

struct serve_expected;

/* Copies the list. NULL when out of memory. */
struct serve_expected *serve_expected_new(const struct longhaul_expected_leg *legs, size_t n);
void serve_expected_free(struct serve_expected *expected);

/* Decides whether a client at that address and port may be the leg that it claims to be; always true if no leg is
 * expected at all. If not, why is a sentence for the log. Looks up host names, at most once a minute per leg. boot_ns
 * is now. */
bool serve_expected_is(struct serve_expected *expected, const struct longhaul_file_name *name, uint16_t port,
                       const char *client, int64_t boot_ns, char why[200]);

#endif
