/* rounds.c - chooses which tests run at the same time, by edge colouring with the circle method (Kirkman 1847;
 * round-robin tournaments). Knows nothing of sites, ports and time. The circle gives each pair of n hosts one of n - 1
 * days (n days when n is odd), and on a day no host has two pairs. A day is two matchings, one per direction. Matching
 * by matching, each test goes to the first round in which both its hosts have room. For a full mesh with one limit this
 * fills round after round; for any other graph it is first fit, in a good order. */

#include "plan/rounds.h"

#include <stdlib.h>

struct entry {
    uint32_t matching;
    uint32_t test;
};

static uint32_t day_of(uint32_t a, uint32_t b, uint32_t n)
{
    uint32_t days = n % 2 ? n : n - 1;
    if (n % 2 == 0 && (a == n - 1 || b == n - 1)) /* this host is the one in the middle */
        return 2 * (a < b ? a : b) % days;
    return (a + b) % days;
}

static int by_matching(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->matching != y->matching)
        return x->matching < y->matching ? -1 : 1;
    return x->test < y->test ? -1 : x->test > y->test;
}

/* A test finds a round, at the latest, after all rounds that its two hosts could fill with other tests. */
static size_t most_rounds(const struct rounds_test *tests, size_t n, const uint32_t *limits, size_t n_hosts)
{
    size_t *n_tests = calloc(n_hosts, sizeof *n_tests), most = 1;
    for (size_t i = 0; n_tests && i < n; i++) {
        n_tests[tests[i].source]++;
        n_tests[tests[i].destination]++;
    }
    for (size_t i = 0; n_tests && i < n; i++) {
        uint32_t a = tests[i].source, b = tests[i].destination;
        size_t full = (limits[a] ? n_tests[a] / limits[a] : 0) + (limits[b] ? n_tests[b] / limits[b] : 0);
        most = full + 1 > most ? full + 1 : most;
    }
    size_t result = n_tests ? most : 0;
    free(n_tests);
    return result;
}

/* Numbers the colours in the order in which the tests first use them. */
static void renumber(struct rounds_test *tests, size_t n, uint32_t *names, uint32_t *n_colours)
{
    *n_colours = 0;
    for (size_t i = 0; i < n; i++) {
        if (names[tests[i].colour] == 0)
            names[tests[i].colour] = ++*n_colours;
        tests[i].colour = names[tests[i].colour] - 1;
    }
}

bool rounds_colour(struct rounds_test *tests, size_t n, const uint32_t *limits, size_t n_hosts, uint32_t *n_colours)
{
    size_t most = most_rounds(tests, n, limits, n_hosts);
    struct entry *order = calloc(n + 1, sizeof *order);
    uint32_t *used = most ? calloc(n_hosts * most, sizeof *used) : NULL; /* [round * n_hosts + host] */
    uint32_t *names = calloc(most + 1, sizeof *names);
    bool good = order && used && names;
    for (size_t i = 0; good && i < n; i++) {
        uint32_t day = day_of(tests[i].source, tests[i].destination, (uint32_t)n_hosts);
        order[i] =
            (struct entry){ .matching = 2 * day + (tests[i].source > tests[i].destination), .test = (uint32_t)i };
    }
    if (good)
        qsort(order, n, sizeof *order, by_matching);
    for (size_t i = 0; good && i < n; i++) {
        struct rounds_test *test = &tests[order[i].test];
        uint32_t a = test->source, b = test->destination, *row = used;
        test->colour = 0;
        while ((limits[a] && row[a] >= limits[a]) || (limits[b] && row[b] >= limits[b])) {
            test->colour++;
            row += n_hosts;
        }
        row[a]++;
        row[b]++;
    }
    if (good)
        renumber(tests, n, names, n_colours);
    free(names);
    free(used);
    free(order);
    return good;
}
