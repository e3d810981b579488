/* leg_dscp.c - differentiated services by name: the code points of RFC 2474, 2597, 3246, 4594, 5865 and 8622. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/leg.h"

/* Class selectors and assured forwarding have their numbers in their names: CS3 is 3 * 8, AF21 is 2 * 8 + 1 * 2. */
static bool numbered(const char *name, unsigned *dscp)
{
    size_t n = strlen(name);
    bool is_class = n == 3 && strncasecmp(name, "CS", 2) == 0 && name[2] >= '0' && name[2] <= '7';
    bool is_assured = n == 4 && strncasecmp(name, "AF", 2) == 0 && name[2] >= '1' && name[2] <= '4' &&
                      name[3] >= '1' && name[3] <= '3';
    if (is_class)
        *dscp = 8 * (unsigned)(name[2] - '0');
    else if (is_assured)
        *dscp = 8 * (unsigned)(name[2] - '0') + 2 * (unsigned)(name[3] - '0');
    return is_class || is_assured;
}

bool leg_dscp_named(const char *name, unsigned *dscp)
{
    static const struct {
        const char *name;
        unsigned dscp;
    } others[] = { { "EF", 46 }, { "VA", 44 }, { "VOICE-ADMIT", 44 }, { "LE", 1 }, { "DF", 0 } };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasecmp(name, others[i].name) == 0) {
            *dscp = others[i].dscp;
            return true;
        }
    return numbered(name, dscp);
}
