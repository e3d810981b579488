/* wanted.h - the objectives whose windows an index counts. */
#ifndef WANTED_H
#define WANTED_H

#include <longhaul.h>

/* Of a leg, or of all legs if source is "". */
struct test_wanted {
    char source[64], destination[64];
    struct longhaul_objective objective;
};

struct wanted {
    struct test_wanted *list;
    size_t n;
};

/* Adds those with windows: of all legs, and of the legs of a topology, which may be NULL. False when out of memory; the
 * list is freed with wanted_free() in any case. */
bool wanted_take(struct wanted *wanted, const struct longhaul_objective *objectives, size_t n_objectives,
                 const struct longhaul_topology *topology);
/* A line for each: "HK", tab, "WUS", tab, the objective's text; only the text if it is for all legs. NULL when out of
 * memory; the caller frees it. wanted_parse() adds those of such a text, which it changes, and skips other lines. */
char *wanted_text(const struct wanted *wanted);
bool wanted_parse(struct wanted *wanted, char *text);
/* Whether it is for this leg. */
bool wanted_is_of(const struct test_wanted *wanted, const char *source, const char *destination);
void wanted_free(struct wanted *wanted);

#endif
