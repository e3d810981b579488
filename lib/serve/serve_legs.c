/* serve_legs.c - the progress of the legs that are pushed to a server. Clients choose their names, so the number is
 * limited, and the leg that was quiet for longest makes room. Keeps no file. */

#include "serve/serve_legs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"

#define N_MAX 256
#define SHORT_S                                                                                                        \
    1.0 /* a receiver's record that lacks less is complete: both ends begin and end the session at slightly different
         * times */

/* What belongs to the public part but is private. */
struct details {
    char stem[LONGHAUL_STEM_MAX];
    char client[64], key[LEG_KEY_SIZE + 1]; /* its client */
    int64_t start_boot_ns, touched_ns;
    int64_t newest_monotonic_ns; /* when its newest row arrived; 0 before the first */
    bool is_broken; /* its last session ended with an error */
};

struct serve_legs {
    size_t n;
    struct longhaul_served_leg legs[N_MAX];
    struct details details[N_MAX];
};

struct serve_legs *serve_legs_new(void)
{
    return calloc(1, sizeof(struct serve_legs));
}

void serve_legs_free(struct serve_legs *legs)
{
    free(legs);
}

static size_t quietest(const struct serve_legs *t)
{
    size_t found = 0;
    for (size_t i = 1; i < t->n; i++)
        if (t->details[i].touched_ns < t->details[found].touched_ns)
            found = i;
    return found;
}

/* The index of the leg, which is added if it is new. */
static size_t place_of(struct serve_legs *t, const struct longhaul_file_name *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->legs[i].source, name->source) == 0 && strcmp(t->legs[i].destination, name->destination) == 0)
            return i;
    size_t i = t->n < N_MAX ? t->n++ : quietest(t);
    t->legs[i] = (struct longhaul_served_leg){ .port = 0 };
    t->details[i] = (struct details){ .stem = "" };
    snprintf(t->legs[i].source, sizeof t->legs[i].source, "%s", name->source);
    snprintf(t->legs[i].destination, sizeof t->legs[i].destination, "%s", name->destination);
    return i;
}

static void set_time(struct longhaul_status *s, const struct details *b, int64_t boot_ns)
{
    double elapsed_s = (double)(boot_ns - b->start_boot_ns) / NS_PER_S;
    s->start_unix_s = (double)(clock_wall_ns() - (boot_ns - b->start_boot_ns)) / NS_PER_S;
    s->end_unix_s = s->start_unix_s + s->planned_s;
    s->newest_age_s = live_age_s(b->newest_monotonic_ns);
    s->elapsed_s = elapsed_s < s->planned_s ? elapsed_s : s->planned_s;
    s->remaining_s = s->planned_s - s->elapsed_s;
}

void serve_legs_note(struct serve_legs *t, const struct serve_label *label, const char *client, uint16_t port,
                     const struct record *record, int64_t boot_ns)
{
    size_t i = place_of(t, &label->name);
    struct longhaul_status *s = &t->legs[i].status;
    struct details *b = &t->details[i];
    if (!record_has_started(record))
        return;
    snprintf(b->stem, sizeof b->stem, "%s", label->stem);
    snprintf(b->client, sizeof b->client, "%s", client);
    snprintf(b->key, sizeof b->key, "%s", label->key);
    b->is_broken = false;
    b->touched_ns = boot_ns;
    b->start_boot_ns = boot_ns - (int64_t)(record_elapsed_s(record, boot_ns) * NS_PER_S);
    live_status(record_live(record), s);
    b->newest_monotonic_ns = record_live(record)->newest_monotonic_ns;
    s->interval_s = label->interval_s;
    s->phase = LONGHAUL_PHASE_RUNNING;
    s->planned_s = label->name.duration_s;
    set_time(s, b, boot_ns);
    t->legs[i].port = port;
}

static void finish(struct longhaul_status *s)
{
    bool is_whole = s->n_gaps == 0 && s->observed_s > s->planned_s - SHORT_S;
    s->phase = LONGHAUL_PHASE_DONE;
    s->ending = is_whole ? LONGHAUL_ENDING_COMPLETE : LONGHAUL_ENDING_GAPS;
    s->remaining_s = 0;
}

void serve_legs_pause(struct serve_legs *t, const char *stem, bool is_broken, int64_t boot_ns)
{
    for (size_t i = 0; i < t->n; i++) {
        struct longhaul_status *s = &t->legs[i].status;
        if (strcmp(t->details[i].stem, stem) != 0)
            continue;
        t->details[i].is_broken = is_broken;
        set_time(s, &t->details[i], boot_ns);
        s->bits_per_second = s->jitter_ms = s->rtt_ms = s->newest_loss_percent = s->delays.newest_p99_us = NAN;
        s->phase = LONGHAUL_PHASE_WAITING;
        if (s->remaining_s < SHORT_S)
            finish(s);
    }
}

void serve_legs_refresh(struct serve_legs *t, int64_t boot_ns)
{
    for (size_t i = 0; i < t->n; i++) {
        struct longhaul_status *s = &t->legs[i].status;
        s->newest_age_s = live_age_s(t->details[i].newest_monotonic_ns);
        if (s->phase == LONGHAUL_PHASE_DONE)
            continue;
        set_time(s, &t->details[i], boot_ns);
        if (s->phase == LONGHAUL_PHASE_WAITING && s->remaining_s <= 0)
            finish(s);
    }
}

const struct longhaul_served_leg *serve_legs_all(const struct serve_legs *t, size_t *n)
{
    *n = t->n;
    return t->legs;
}

const struct longhaul_served_leg *serve_legs_of_port(const struct serve_legs *t, uint16_t port)
{
    const struct longhaul_served_leg *newest = NULL;
    int64_t touched_ns = -1;
    for (size_t i = 0; i < t->n; i++)
        if (t->legs[i].port == port && t->details[i].touched_ns > touched_ns) {
            newest = &t->legs[i];
            touched_ns = t->details[i].touched_ns;
        }
    return newest;
}

static bool is_its_own(const struct details *b, const char *client, const char *key)
{
    return strcmp(b->client, client) == 0 || (*b->key && strcmp(b->key, key) == 0);
}

const struct longhaul_served_leg *serve_legs_keeper(const struct serve_legs *t, uint16_t port, const char *client,
                                                   const char *key, int64_t boot_ns, int64_t *until_boot_ns)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct details *b = &t->details[i];
        int64_t end_ns = b->start_boot_ns + (int64_t)(t->legs[i].status.planned_s * NS_PER_S);
        int64_t until_ns = b->touched_ns + (b->touched_ns - b->start_boot_ns);
        *until_boot_ns = until_ns < end_ns ? until_ns : end_ns;
        if (t->legs[i].port == port && b->is_broken && boot_ns < *until_boot_ns && !is_its_own(b, client, key))
            return &t->legs[i];
    }
    return NULL;
}
