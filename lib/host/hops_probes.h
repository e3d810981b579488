/* hops_probes.h - the probes that are waited for. */
#ifndef HOPS_PROBES_H
#define HOPS_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/hops_packet.h"

#define HOPS_OPEN_MAX 96 /* a trace's, and those of the watch before it */

enum hops_use { HOPS_FOR_DISTANCE, HOPS_FOR_TRACE, HOPS_FOR_WATCH };

struct hops_probe {
    bool is_open; /* neither answered nor given up */
    enum hops_use use;
    enum hops_shape shape;
    uint8_t ttl;
    uint16_t id;
    int64_t sent_ns; /* CLOCK_BOOTTIME */
};

/* All 0 at first. */
struct hops_probes {
    struct hops_probe probe[HOPS_OPEN_MAX];
};

/* With an id that cannot be guessed. NULL if there is no room. */
struct hops_probe *hops_probes_add(struct hops_probes *probes, enum hops_use use, enum hops_shape shape, uint8_t ttl);

/* The open one of this id, or NULL. */
struct hops_probe *hops_probes_find(struct hops_probes *probes, uint16_t id);

/* The first open one of this use, or NULL. */
struct hops_probe *hops_probes_first(struct hops_probes *probes, enum hops_use use);

/* Gives all of this use up. */
void hops_probes_drop(struct hops_probes *probes, enum hops_use use);

#endif
