/* test_rounds.c - rounds of tests between hosts: free of conflicts for every mesh of 2 to 60 hosts and every limit; a
 * star, a list, hosts with different limits. */

#include "plan/rounds.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

/* A full mesh in both directions, in a topology's order. */
static size_t make_mesh(struct rounds_test *tests, uint32_t n)
{
    size_t m = 0;
    for (uint32_t a = 0; a < n; a++)
        for (uint32_t b = a + 1; b < n; b++) {
            tests[m++] = (struct rounds_test){ .source = a, .destination = b };
            tests[m++] = (struct rounds_test){ .source = b, .destination = a };
        }
    return m;
}

/* By how many tests of one colour the busiest host exceeds its limit; counted independently, colour by colour. */
static uint32_t excess(const struct rounds_test *tests, size_t m, const uint32_t *limits, size_t n, uint32_t n_colours)
{
    uint32_t *load = calloc(n * n_colours, sizeof *load), worst = 0;
    for (size_t i = 0; i < m; i++) {
        if (tests[i].colour >= n_colours) {
            worst = UINT32_MAX;
            break;
        }
        const uint32_t hosts[] = { tests[i].source, tests[i].destination };
        for (size_t k = 0; k < 2; k++) {
            uint32_t now = ++load[tests[i].colour * n + hosts[k]];
            if (limits[hosts[k]] && now > limits[hosts[k]] && now - limits[hosts[k]] > worst)
                worst = now - limits[hosts[k]];
        }
    }
    free(load);
    return worst;
}

/* How many colours have no test. */
static uint32_t n_empty(const struct rounds_test *tests, size_t m, uint32_t n_colours)
{
    unsigned char *is_used = calloc(n_colours, 1);
    uint32_t empty = n_colours;
    for (size_t i = 0; i < m; i++) {
        empty -= !is_used[tests[i].colour];
        is_used[tests[i].colour] = 1;
    }
    free(is_used);
    return empty;
}

static void test_mesh(uint32_t n, struct rounds_test *tests)
{
    uint32_t limits[60], n_colours, n_conflicts = 0, n_long = 0, n_unused = 0, n_apart = 0;
    size_t m = make_mesh(tests, n);
    uint32_t matchings = 2 * (n % 2 ? n : n - 1);
    for (uint32_t k = 1; k <= 2 * (n - 1); k++) {
        for (uint32_t i = 0; i < n; i++)
            limits[i] = k;
        if (!rounds_colour(tests, m, limits, n, &n_colours)) {
            CHECK(false, "mesh of %u, %u at a time: out of memory", n, k);
            return;
        }
        n_conflicts += excess(tests, m, limits, n, n_colours) > 0;
        n_long += n_colours > (matchings + k - 1) / k;
        n_unused += n_empty(tests, m, n_colours) > 0;
        for (size_t i = 0; k % 2 == 0 && i < m; i += 2)
            n_apart += tests[i].colour != tests[i + 1].colour;
    }
    CHECK(n_conflicts == 0 && n_long == 0 && n_unused == 0 && n_apart == 0,
          "mesh of %u hosts, 1 to %u tests at a time: no conflict (%u), as few rounds as the circle needs (%u more), "
          "none empty (%u), "
          "both directions together where the limit is even (%u apart)",
          n, 2 * (n - 1), n_conflicts, n_long, n_unused, n_apart);
}

static void test_star(void)
{
    struct rounds_test tests[6];
    uint32_t limits[4] = { 2, 0, 0, 0 }, n_colours;
    for (uint32_t i = 0; i < 3; i++) {
        tests[2 * i] = (struct rounds_test){ .source = i + 1, .destination = 0 };
        tests[2 * i + 1] = (struct rounds_test){ .source = 0, .destination = i + 1 };
    }
    rounds_colour(tests, 6, limits, 4, &n_colours);
    CHECK(n_colours == 3 && tests[0].colour == 0 && tests[1].colour == 0 && tests[2].colour == 1 &&
              tests[3].colour == 1 && tests[4].colour == 2 && tests[5].colour == 2,
          "a hub that carries two: pair after pair, in the given order");
    limits[0] = 0;
    rounds_colour(tests, 6, limits, 4, &n_colours);
    CHECK(n_colours == 1, "without limits: one round (%u)", n_colours);
}

/* Any graph, hosts with any limits: no conflict, and at most the rounds that first fit can need. */
static void test_any(void)
{
    enum { HOSTS = 23, TESTS = 300 };
    struct rounds_test tests[TESTS];
    uint32_t limits[HOSTS], n_colours, n_bad = 0;
    unsigned state = 7;
    for (unsigned graph = 0; graph < 200; graph++) {
        for (uint32_t i = 0; i < HOSTS; i++)
            limits[i] = (state = state * 1103515245u + 12345u) >> 16 & 3; /* 0 to 3 */
        for (size_t i = 0; i < TESTS; i++) {
            state = state * 1103515245u + 12345u;
            tests[i].source = (state >> 16) % HOSTS;
            tests[i].destination = (tests[i].source + 1 + (state >> 8) % (HOSTS - 1)) % HOSTS;
        }
        n_bad += !rounds_colour(tests, TESTS, limits, HOSTS, &n_colours) ||
                 excess(tests, TESTS, limits, HOSTS, n_colours) > 0;
    }
    CHECK(n_bad == 0, "200 graphs of unlike limits: no conflict (%u)", n_bad);
}

int main(void)
{
    struct rounds_test *tests = calloc(60 * 59, sizeof *tests);
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (uint32_t n = 2; n <= 60; n++)
        test_mesh(n, tests);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    printf("# all meshes: %.2f s of CPU\n", (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9);
    test_star();
    test_any();
    free(tests);
    return CHECK_DONE();
}
