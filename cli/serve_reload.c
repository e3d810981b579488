/* serve_reload.c - what a topology, also one that has changed, means for the server of one of its sites. Tests that run
 * are not touched. */

#include "serve_reload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "log.h"

struct longhaul_expected_leg *serve_reload_expected(const struct config *config, size_t site, size_t *n)
{
    size_t n_legs = longhaul_plan_n_legs(config->plan);
    struct longhaul_expected_leg *expected = calloc(n_legs + 1, sizeof *expected);
    *n = 0;
    for (size_t i = 0; expected && i < n_legs; i++) {
        const struct longhaul_planned_leg *leg = longhaul_plan_leg(config->plan, i);
        if (leg->server == site && leg->leg.direction == LONGHAUL_DIRECTION_PUSH)
            expected[(*n)++] = (struct longhaul_expected_leg){
                .source = leg->leg.source, .destination = leg->leg.destination, .port = leg->leg.port,
                .peer = longhaul_topology_site(config->topology, leg->starter)->address };
    }
    return expected;
}

static struct reload_list parts_of(const uint16_t *ports, size_t n)
{
    struct reload_list list = { .parts = calloc(n + 1, sizeof *list.parts) };
    for (size_t i = 0; list.parts && i < n; i++)
        snprintf(list.parts[list.n++].name, sizeof list.parts->name, "%u", ports[i]);
    return list;
}

/* The legs that push to the site now; where it has none, those of before are still expected: with none at all,
 * anybody's record would be taken for a leg's. */
static void expect(const struct serve_reload *of, const struct config *config, size_t site)
{
    size_t n;
    struct longhaul_error err = { 0 };
    struct longhaul_expected_leg *expected = serve_reload_expected(config, site, &n);
    if (expected && n > 0 && longhaul_server_expect(of->server, expected, n, &err) != 0)
        log_line("longhaul: %s", err.text);
    free(expected);
}

static int read_anew(void *payload, struct reload_list *wanted)
{
    const struct serve_reload *of = payload;
    struct config config;
    size_t site = 0;
    int status = config_open(of->config, 0, &config);
    if (status == EXIT_DONE && longhaul_topology_find_site(config.topology, of->site, &site, NULL) == 0) {
        const struct longhaul_site *is = longhaul_topology_site(config.topology, site);
        *wanted = parts_of(is->ports, is->n_ports);
        expect(of, &config, site);
    }
    config_close(&config);
    return status;
}

static bool drop(void *payload, size_t port)
{
    (void)payload, (void)port;
    return false;
}

struct reload *serve_reload_new(struct serve_reload *of, const uint16_t *ports, size_t n, char **argv,
                                const char *metrics_path)
{
    struct reload_options options = { .argv = argv, .part_flag = "--port", .metrics_path = metrics_path,
                                      .now = parts_of(ports, n), .read = read_anew, .drop = drop, .payload = of };
    struct reload *made = options.now.parts ? reload_new(&options) : NULL;
    free(options.now.parts);
    return made;
}
