/* availability.h - when a leg counts as available, by its intervals. */
#ifndef AVAILABILITY_H
#define AVAILABILITY_H

#include <stdbool.h>
#include <string.h>

#define AVAILABLE_BELOW_PERCENT 1.0 /* of loss, and something arrives: as in ITU-T Y.1540 */

/* A gap of this cause, in which the run tried and nothing got through, is known to be an outage. */
static inline bool cause_is_outage(const char *cause)
{
    return strcmp(cause, "path-silent") == 0 || strcmp(cause, "link-down") == 0;
}

#endif
