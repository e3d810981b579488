/* hops_probes.c - the table of open probes, few enough to be searched. An answer counts once: who takes it closes the
 * probe. */

#include "host/hops_probes.h"

#include <sys/random.h>

#include "base/clock.h"

static uint16_t fresh_id(struct hops_probes *probes)
{
    uint16_t id = 0;
    if (getrandom(&id, sizeof id, GRND_NONBLOCK) != (ssize_t)sizeof id)
        id = (uint16_t)(clock_monotonic_ns() >> 7);
    while (id == 0 || hops_probes_find(probes, id))
        id++;
    return id;
}

struct hops_probe *hops_probes_add(struct hops_probes *probes, enum hops_use use, enum hops_shape shape, uint8_t ttl)
{
    for (size_t i = 0; i < HOPS_OPEN_MAX; i++)
        if (!probes->probe[i].is_open) {
            probes->probe[i] =
                (struct hops_probe){ .is_open = true, .use = use, .shape = shape, .ttl = ttl, .id = fresh_id(probes) };
            return &probes->probe[i];
        }
    return NULL;
}

struct hops_probe *hops_probes_find(struct hops_probes *probes, uint16_t id)
{
    for (size_t i = 0; i < HOPS_OPEN_MAX; i++)
        if (probes->probe[i].is_open && probes->probe[i].id == id)
            return &probes->probe[i];
    return NULL;
}

struct hops_probe *hops_probes_first(struct hops_probes *probes, enum hops_use use)
{
    for (size_t i = 0; i < HOPS_OPEN_MAX; i++)
        if (probes->probe[i].is_open && probes->probe[i].use == use)
            return &probes->probe[i];
    return NULL;
}

void hops_probes_drop(struct hops_probes *probes, enum hops_use use)
{
    for (size_t i = 0; i < HOPS_OPEN_MAX; i++)
        if (probes->probe[i].use == use)
            probes->probe[i].is_open = false;
}
