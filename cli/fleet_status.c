/* fleet_status.c - compares what the hosts of a fleet said with what the topology wants: a line for each leg, and one
 * for each difference. */

#include "fleet_status.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

#define SILENT_S 5.0 /* beyond three intervals: longer than libiperf's own delays */

struct shown {
    const char *state;
    double coverage, age_s;
    bool is_good;
};

static const char *code_of(const struct config *config, size_t site)
{
    return longhaul_topology_site(config->topology, site)->code;
}

static bool answers(const struct fleet_host *host)
{
    return host && host->answers;
}

/* A leg whose unit is not active. */
static struct shown rest(const struct fleet_leg *leg)
{
    bool has_result = !isnan(leg->result_age_s), has_journal = !isnan(leg->row_age_s);
    if (has_journal && !(leg->result_age_s <= leg->row_age_s))
        return (struct shown){ "interrupted", NAN, leg->row_age_s, false };
    if (has_result && has_journal)
        return (struct shown){ "stopped", leg->result_coverage, leg->result_age_s, false };
    if (has_result)
        return (struct shown){ "done", leg->result_coverage, leg->result_age_s, true };
    return (struct shown){ "absent", NAN, NAN, false };
}

static struct shown look_at(const struct config *config, const struct fleet_state *state, size_t i)
{
    const struct longhaul_planned_leg *planned = longhaul_plan_leg(config->plan, i);
    const struct fleet_leg *leg = &state->legs[i];
    const char *starter = code_of(config, planned->starter);
    const struct fleet_host *host = fleet_state_host(state, starter);
    bool is_push = planned->leg.direction == LONGHAUL_DIRECTION_PUSH;
    double received_s = is_push ? state->received_age_s[i] : NAN;
    double longest_s = 3 * planned->leg.interval_s + SILENT_S;
    if (!answers(host))
        return (struct shown){ "unknown", NAN, received_s, false };
    bool is_active = fleet_state_is_active(host, "run", starter) || fleet_state_is_active(host, "resume", starter);
    if (!is_active)
        return rest(leg);
    /* Of a pushed leg, the receiver's rows tell that something arrives. */
    double age_s = isnan(received_s) ? leg->row_age_s : fmax(received_s, leg->row_age_s);
    struct shown shown = { *leg->state ? leg->state : "starting", leg->coverage, age_s, false };
    bool is_empty = leg->is_empty || (is_push && state->is_received_empty[i]);
    if (strcmp(shown.state, "running") == 0 && (age_s > longest_s || is_empty))
        shown.state = "silent";
    else if (!fleet_state_is_over(shown.state) && !is_empty && age_s <= 3 * planned->leg.interval_s)
        shown.state = "running"; /* the metrics are up to 15 s old, the rows are not */
    shown.is_good = strcmp(shown.state, "running") == 0 || strcmp(shown.state, "pending") == 0 ||
                    strcmp(shown.state, "done") == 0;
    if (strcmp(shown.state, "done") == 0)
        shown.coverage = leg->result_coverage;
    return shown;
}

static void percent(double share, char *text, size_t size)
{
    if (isnan(share))
        snprintf(text, size, "-");
    else /* what is not whole is never printed as 100 */
        snprintf(text, size, "%.1f %%", share < 1 ? fmin(share * 100, 99.9) : 100.0);
}

static size_t print_legs(const struct config *config, const struct fleet_state *state)
{
    size_t n = longhaul_plan_n_legs(config->plan), n_bad = 0;
    int width = 8;
    char name[2 * LONGHAUL_CODE_MAX + 4], coverage[32], age[LONGHAUL_PEOPLE_SIZE], gaps[16];
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_leg *leg = &longhaul_plan_leg(config->plan, i)->leg;
        int length = (int)(strlen(leg->source) + strlen(leg->destination) + 2);
        width = length > width ? length : width;
    }
    printf("  %-*s  %-*s  %-11s  %10s  %5s  %s\n", width, "leg", LONGHAUL_CODE_MAX < 12 ? LONGHAUL_CODE_MAX : 12,
           "started at", "state", "coverage", "gaps", "last row");
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_planned_leg *leg = longhaul_plan_leg(config->plan, i);
        struct shown shown = look_at(config, state, i);
        snprintf(name, sizeof name, "%s->%s", leg->leg.source, leg->leg.destination);
        percent(shown.coverage, coverage, sizeof coverage);
        longhaul_seconds_text(isnan(shown.age_s) ? NAN : rint(fmax(shown.age_s, 0)), age, sizeof age);
        if (isnan(state->legs[i].gaps))
            snprintf(gaps, sizeof gaps, "-");
        else
            snprintf(gaps, sizeof gaps, "%.0f", state->legs[i].gaps);
        printf("  %-*s  %-12s  %-11s  %10s  %5s  %s%s\n", width, name, code_of(config, leg->starter), shown.state,
               coverage, gaps, age, isnan(shown.age_s) ? "" : " ago");
        n_bad += !shown.is_good;
    }
    return n_bad;
}

/* ---- differences */

static bool has_version(const char *line)
{
    char wanted[64];
    size_t n = (size_t)snprintf(wanted, sizeof wanted, "longhaul %s", longhaul_version());
    return strncmp(line, wanted, n) == 0 && strchr(", ", line[n]) != NULL;
}

static bool is_wanted(const struct config *config, const char *unit)
{
    for (size_t i = 0; i < longhaul_topology_n_sites(config->topology); i++) {
        const struct longhaul_load *load = longhaul_plan_load(config->plan, i);
        char name[LONGHAUL_CODE_MAX + 40];
        const struct { const char *kind, *type; bool is_wanted; } all[] = {
            { "serve", "service", load->n_served > 0 }, { "run", "service", load->n_started > 0 },
            { "resume", "service", load->n_started > 0 }, { "run", "timer", load->n_started > 0 } };
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
            snprintf(name, sizeof name, "longhaul-%s@%s.%s", all[k].kind, code_of(config, i), all[k].type);
            if (all[k].is_wanted && strcmp(name, unit) == 0)
                return true;
        }
    }
    return false;
}

static size_t print_units(const struct config *config, const struct fleet_host *host)
{
    size_t n = 0;
    for (size_t i = 0; i < host->n_units; i++) {
        const struct fleet_unit *unit = &host->units[i];
        bool is_up = strcmp(unit->active, "inactive") != 0;
        if (!is_up || (is_wanted(config, unit->name) && strcmp(unit->active, "failed") != 0))
            continue;
        printf("  %s: %s %s\n", host->site, cmd_safe(unit->name).text,
               strcmp(unit->active, "failed") == 0 ? "has failed" : "runs, and should not");
        n++;
    }
    return n;
}

static size_t print_host(const struct config *config, const struct fleet_state *state, const struct fleet_host *host)
{
    size_t site, n;
    if (!host->answers) {
        printf("  %s%s does not answer%s%s\n", host->site, host->is_left ? ", which left the topology," : "",
               *host->why ? ": " : "", host->why);
        return 1;
    }
    n = print_units(config, host);
    if (host->is_left || longhaul_topology_find_site(config->topology, host->site, &site, NULL) != 0) {
        printf("  %s is not in the topology any longer: up stops it\n", host->site);
        return n + 1;
    }
    if (!has_version(host->version)) {
        printf("  %s has %s, not longhaul %s\n", host->site, *host->version ? host->version : "no longhaul",
               longhaul_version());
        n++;
    }
    if (strcmp(host->topology, state->topology) != 0) {
        printf("  %s has %s topology\n", host->site, *host->topology ? "another" : "no");
        n++;
    }
    if (longhaul_plan_load(config->plan, site)->n_served && !fleet_state_is_active(host, "serve", host->site)) {
        printf("  %s: longhaul-serve@%s.service does not run\n", host->site, host->site);
        n++;
    }
    return n;
}

/* The same version, and another program: only told if most hosts agree. */
static size_t print_builds(const struct fleet_state *state)
{
    size_t n = 0;
    const char *usual = NULL;
    size_t most = 0;
    for (size_t i = 0; i < state->n_hosts; i++) {
        size_t n_same = 0;
        for (size_t k = 0; k < state->n_hosts; k++)
            n_same += *state->hosts[i].program && strcmp(state->hosts[i].program, state->hosts[k].program) == 0;
        if (n_same > most) {
            most = n_same;
            usual = state->hosts[i].program;
        }
    }
    for (size_t i = 0; usual && most > 1 && i < state->n_hosts; i++) {
        const struct fleet_host *host = &state->hosts[i];
        if (*host->program && has_version(host->version) && strcmp(host->program, usual) != 0) {
            printf("  %s has another build of longhaul %s than most hosts\n", host->site, longhaul_version());
            n++;
        }
    }
    return n;
}

int fleet_status_print(const struct config *config, const struct fleet_state *state)
{
    size_t n_legs = longhaul_plan_n_legs(config->plan), n_silent = 0, n = 0;
    printf("%s\n\n", cmd_safe(longhaul_topology_file(config->topology)).text);
    size_t n_bad = print_legs(config, state);
    for (size_t i = 0; i < state->n_hosts; i++)
        n_silent += !state->hosts[i].answers;
    printf("\n  %zu of %zu legs as planned; %zu of %zu hosts answer\n\n", n_legs - n_bad, n_legs,
           state->n_hosts - n_silent, state->n_hosts);
    for (size_t i = 0; i < state->n_hosts; i++)
        n += print_host(config, state, &state->hosts[i]);
    n += print_builds(state);
    for (size_t i = 0; i < state->n_strange; i++)
        printf("  %s\n", state->strange[i]);
    n += state->n_strange;
    if (n == 0)
        printf("  all hosts are as the topology says\n");
    return cmd_close_stdout(n_bad + n > 0 ? EXIT_INCOMPLETE : EXIT_DONE);
}
