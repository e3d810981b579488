/* tell_objectives.h - which objectives a leg has missed for good, by its record so far. */
#ifndef TELL_OBJECTIVES_H
#define TELL_OBJECTIVES_H

#include <longhaul.h>

/* The objectives of a leg: at most those of a topology and those of the command line. */
enum { TELL_OBJECTIVES_MAX = 2 * LONGHAUL_OBJECTIVES_MAX };
struct tell_objectives {
    struct longhaul_objective list[TELL_OBJECTIVES_MAX];
    size_t n;
};

/* Adds at most as many as there is room for. */
void tell_objectives_add(struct tell_objectives *objectives, const struct longhaul_objective *list, size_t n);
/* Those that a topology has for the leg. */
void tell_objectives_of(const struct longhaul_topology *topology, const char *source, const char *destination,
                        struct tell_objectives *out);
/* A number that tells an objective from others, also after its place among them has changed. */
uint32_t tell_objective_number(const struct longhaul_objective *objective);
/* A bit for each objective that the journal or result at path misses, whatever is to come; those of `known` are not
 * judged again. Its sentence is in results. 0 if the record cannot be read. */
uint32_t tell_objectives_missed(const struct tell_objectives *objectives, const char *path, uint32_t known,
                                struct longhaul_objective_result results[TELL_OBJECTIVES_MAX]);

#endif
