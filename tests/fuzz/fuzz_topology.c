/* fuzz_topology.c - any bytes as a topology: refused in one line, or its plan keeps what plans must keep. */

#include <longhaul.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define LEGS_MAX 300 /* pairs of legs are compared: larger plans only have to end */

static void check(bool is_right)
{
    if (!is_right)
        abort();
}

/* One line, that begins with the file's name. */
static void check_refusal(const struct longhaul_error *err)
{
    check(err->code == LONGHAUL_EINVAL || err->code == LONGHAUL_EFORMAT);
    check(strncmp(err->text, "f.json: ", 8) == 0 && strlen(err->text) > 8);
    for (const char *p = err->text; *p; p++)
        check((unsigned char)*p >= ' ');
}

static bool has_port(const struct longhaul_site *site, uint16_t port)
{
    for (size_t i = 0; i < site->n_ports; i++)
        if (site->ports[i] == port)
            return true;
    return false;
}

static void check_leg(const struct longhaul_topology *t, const struct longhaul_planned_leg *leg)
{
    const struct longhaul_site *server = longhaul_topology_site(t, leg->server);
    check(longhaul_leg_check(&leg->leg, NULL) == 0);
    check(leg->source != leg->destination && leg->starter != leg->server);
    check(leg->starter == (leg->leg.direction == LONGHAUL_DIRECTION_PULL ? leg->destination : leg->source));
    check(has_port(server, leg->leg.port) && strcmp(server->address, leg->leg.peer) == 0);
    check(leg->start_s >= 0 && leg->start_s < INFINITY);
}

/* Two legs on one port do not overlap; nor do two rounds. */
static void check_pair(const struct longhaul_planned_leg *a, const struct longhaul_planned_leg *b)
{
    bool is_apart = a->start_s + a->leg.duration_s <= b->start_s || b->start_s + b->leg.duration_s <= a->start_s;
    check(is_apart || a->server != b->server || a->leg.port != b->leg.port);
    check(is_apart || a->round == b->round);
    check(a->source != b->source || a->destination != b->destination);
}

static void check_loads(const struct longhaul_topology *t, const struct longhaul_plan *plan)
{
    for (size_t i = 0; i < longhaul_topology_n_sites(t); i++) {
        const struct longhaul_site *site = longhaul_topology_site(t, i);
        const struct longhaul_load *load = longhaul_plan_load(plan, i);
        size_t found;
        check(longhaul_topology_find_site(t, site->code, &found, NULL) == 0 && found == i);
        check(site->max_tests == 0 || load->n_at_a_time <= site->max_tests);
        check(site->egress_limit_bps == 0 || load->sent_bps <= (double)site->egress_limit_bps);
    }
}

static void check_plan(const struct longhaul_topology *t, const struct longhaul_plan *plan)
{
    size_t n = longhaul_plan_n_legs(plan);
    char *json = NULL;
    for (size_t i = 0; i < n; i++)
        check_leg(t, longhaul_plan_leg(plan, i));
    for (size_t i = 0; n <= LEGS_MAX && i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            check_pair(longhaul_plan_leg(plan, i), longhaul_plan_leg(plan, k));
    check_loads(t, plan);
    if (n <= LEGS_MAX) {
        check(longhaul_plan_json(plan, &json, NULL) == 0 && json != NULL);
        longhaul_text_free(json);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct longhaul_topology *t = NULL;
    struct longhaul_plan *plan = NULL;
    struct longhaul_error err = { 0 };
    if (longhaul_topology_parse((const char *)bytes, size, "f.json", &t, &err) != 0) {
        check(t == NULL);
        check_refusal(&err);
        return 0;
    }
    if (longhaul_plan_make(t, NULL, &plan, &err) != 0)
        check_refusal(&err);
    else
        check_plan(t, plan);
    longhaul_plan_free(plan);
    longhaul_topology_free(t);
    return 0;
}
