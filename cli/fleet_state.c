/* fleet_state.c - reads what the hosts of a fleet said, line by line. Hosts are not trusted: what a host said is
 * indented, so that it tells of itself alone, and a line that is not understood is passed over. */

#include "fleet_state.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "log.h"

#define UNITS_MAX 1000
#define STRANGE_MAX 1000
#define GAPS_MAX 99999  /* as wide as its column */
#define TIME_MAX_S 1e11 /* the year 5138 */

/* The host whose lines are read. */
struct reading {
    const struct longhaul_topology *topology;
    const struct longhaul_plan *plan;
    struct fleet_state *state;
    struct fleet_host *host;
    double now_s;
};

const struct fleet_host *fleet_state_host(const struct fleet_state *state, const char *site)
{
    for (size_t i = 0; i < state->n_hosts; i++)
        if (strcmp(state->hosts[i].site, site) == 0)
            return &state->hosts[i];
    return NULL;
}

static bool is_up(const struct fleet_unit *unit)
{
    return strcmp(unit->active, "active") == 0 || strcmp(unit->active, "activating") == 0 ||
           strcmp(unit->active, "reloading") == 0;
}

bool fleet_state_is_active(const struct fleet_host *host, const char *kind, const char *site)
{
    char name[LONGHAUL_CODE_MAX + 40];
    snprintf(name, sizeof name, "longhaul-%s@%s.service", kind, site);
    for (size_t i = 0; i < host->n_units; i++)
        if (strcmp(host->units[i].name, name) == 0 && is_up(&host->units[i]))
            return true;
    return false;
}

bool fleet_state_is_over(const char *state)
{
    return strcmp(state, "done") == 0 || strcmp(state, "stopped") == 0 || strcmp(state, "failed") == 0;
}

/* ---- lines */

/* A number from 0 to most; NAN for any other. */
static double number(double value, double most)
{
    return value >= 0 && value <= most ? value : NAN;
}

/* Cut if it is too long, and without what a terminal would obey. */
static void copy(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%.*s", (int)size - 1, cmd_safe(text).text);
}

/* "host HK here silent why" */
static void take_host(struct reading *r, const char *line)
{
    char site[LONGHAUL_CODE_MAX + 1] = "", where[8] = "", how[8] = "", why[256] = "";
    r->host = NULL;
    if (sscanf(line, "host %32s %7s %7s %255[^\n]", site, where, how, why) < 3)
        return;
    struct fleet_host *hosts = realloc(r->state->hosts, (r->state->n_hosts + 1) * sizeof *hosts);
    if (hosts == NULL)
        return;
    r->state->hosts = hosts;
    r->host = &hosts[r->state->n_hosts++];
    *r->host = (struct fleet_host){ .is_left = strcmp(where, "left") == 0, .answers = strcmp(how, "answers") == 0 };
    snprintf(r->host->site, sizeof r->host->site, "%s", site);
    copy(r->host->why, sizeof r->host->why, why);
    r->now_s = NAN;
}

static void take_unit(struct reading *r, const char *line)
{
    struct fleet_unit unit;
    if (r->host->n_units == UNITS_MAX ||
        sscanf(line, "unit %127s %*s %23s %23s", unit.name, unit.active, unit.sub) != 3)
        return;
    struct fleet_unit *units = realloc(r->host->units, (r->host->n_units + 1) * sizeof *units);
    if (units == NULL)
        return;
    r->host->units = units;
    units[r->host->n_units++] = unit;
}

/* The value of a label, such as src="HK". */
static bool label(const char *line, const char *name, char *value, size_t size)
{
    char key[32];
    snprintf(key, sizeof key, "%s=\"", name);
    const char *at = strstr(line, key), *end = at ? strchr(at + strlen(key), '"') : NULL;
    size_t n = end ? (size_t)(end - at) - strlen(key) : size;
    if (n >= size)
        return false;
    memcpy(value, at + strlen(key), n);
    value[n] = 0;
    return true;
}

/* SIZE_MAX for a leg that the plan does not have. */
static size_t leg_of(const struct reading *r, const char *name)
{
    size_t leg;
    return longhaul_plan_find_leg(r->plan, name, &leg, NULL) == 0 ? leg : SIZE_MAX;
}

static bool is_starter(const struct reading *r, size_t leg)
{
    size_t starter = longhaul_plan_leg(r->plan, leg)->starter;
    return strcmp(longhaul_topology_site(r->topology, starter)->code, r->host->site) == 0;
}

static void note_strange(struct reading *r, const char *name, const char *state)
{
    struct fleet_state *s = r->state;
    if (s->n_strange == STRANGE_MAX || fleet_state_is_over(state))
        return;
    char(*strange)[sizeof *s->strange] = realloc(s->strange, (s->n_strange + 1) * sizeof *strange);
    if (strange == NULL)
        return;
    s->strange = strange;
    snprintf(strange[s->n_strange++], sizeof *strange, "%s runs %.*s, which the topology does not have there",
             r->host->site, 2 * LONGHAUL_CODE_MAX + 1, name);
}

/* "metric longhaul_run_coverage_ratio{src="HK",dst="WUS"} 1" */
static void take_metric(struct reading *r, const char *line)
{
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1], state[24],
        name[2 * LONGHAUL_CODE_MAX + 2];
    const char *what = line + strlen("metric longhaul_run_"), *value = strrchr(line, ' ');
    if (strncmp(line, "metric longhaul_run_", strlen("metric longhaul_run_")) != 0 || value == NULL ||
        !label(line, "src", source, sizeof source) || !label(line, "dst", destination, sizeof destination))
        return;
    snprintf(name, sizeof name, "%s-%s", source, destination);
    size_t leg = leg_of(r, name);
    bool is_state = strncmp(what, "state{", 6) == 0 && label(line, "state", state, sizeof state);
    if (leg == SIZE_MAX || !is_starter(r, leg)) {
        if (is_state)
            note_strange(r, cmd_safe(name).text, state);
        return;
    }
    struct fleet_leg *to = &r->state->legs[leg];
    if (is_state)
        copy(to->state, sizeof to->state, state);
    else if (strncmp(what, "coverage_ratio{", 15) == 0)
        to->coverage = number(strtod(value, NULL), 1);
    else if (strncmp(what, "gaps_total{", 11) == 0)
        to->gaps = number(strtod(value, NULL), GAPS_MAX);
}

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n > k && strcmp(name + n - k, ending) == 0;
}

/* Whether it is directly in the folder of the site, or in that of its receiver. */
static bool is_of_site(const char *path, const char *base, const char *site, bool *is_received)
{
    size_t n = strlen(site);
    *is_received = strncmp(path + n, "/receiver/", 10) == 0;
    return strncmp(path, site, n) == 0 && (base == path + n || (*is_received && base == path + n + 9));
}

/* Of two journals of a leg, the newer one counts. */
static void take_row(double age_s, double bytes, double *its_age_s, bool *is_empty)
{
    if (*its_age_s <= age_s)
        return;
    *its_age_s = age_s;
    *is_empty = bytes == 0; /* not if it is unknown */
}

/* "file 1796046905.5 7012 HK/HK-WUS-10M_24H_20261130_120000.journal 125000": the bytes of its last row, or the coverage
 * of a result, stand behind the name. */
static void take_file(struct reading *r, const char *line)
{
    char path[512], source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1], name[2 * LONGHAUL_CODE_MAX + 2];
    double at_s, value = NAN;
    bool is_received;
    if (sscanf(line, "file %lf %*s %511s %lf", &at_s, path, &value) < 2 || isnan(number(at_s, TIME_MAX_S)) ||
        isnan(r->now_s))
        return;
    const char *base = strrchr(path, '/');
    if (base == NULL || sscanf(base, "/%32[A-Za-z0-9_]-%32[A-Za-z0-9_]-", source, destination) != 2)
        return;
    snprintf(name, sizeof name, "%s-%s", source, destination);
    size_t leg = leg_of(r, name);
    if (leg == SIZE_MAX || !is_of_site(path, base, r->host->site, &is_received))
        return;
    bool is_journal = has_ending(path, LONGHAUL_JOURNAL_ENDING);
    double age_s = r->now_s - at_s;
    struct fleet_leg *to = &r->state->legs[leg];
    if (is_received && is_journal)
        take_row(age_s, value, &r->state->received_age_s[leg], &r->state->is_received_empty[leg]);
    else if (!is_received && is_starter(r, leg) && is_journal)
        take_row(age_s, value, &to->row_age_s, &to->is_empty);
    else if (!is_received && is_starter(r, leg) && !(to->result_age_s <= age_s)) {
        to->result_age_s = age_s;
        to->result_coverage = number(value, 1);
    }
}

static void take_text(const char *line, char *to, size_t size)
{
    const char *blank = strchr(line, ' ');
    copy(to, size, blank ? blank + 1 : "");
}

/* A line of the host itself. */
static void take_said(struct reading *r, const char *line)
{
    if (strncmp(line, "now ", 4) == 0)
        r->now_s = number(strtod(line + 4, NULL), TIME_MAX_S);
    else if (strncmp(line, "version ", 8) == 0)
        take_text(line, r->host->version, sizeof r->host->version);
    else if (strncmp(line, "program ", 8) == 0)
        take_text(line, r->host->program, sizeof r->host->program);
    else if (strncmp(line, "topology ", 9) == 0)
        take_text(line, r->host->topology, sizeof r->host->topology);
    else if (strncmp(line, "unit ", 5) == 0)
        take_unit(r, line);
    else if (strncmp(line, "metric ", 7) == 0)
        take_metric(r, line);
    else if (strncmp(line, "file ", 5) == 0)
        take_file(r, line);
}

static void take_line(struct reading *r, const char *line)
{
    if (strncmp(line, "wanted ", 7) == 0)
        take_text(line, r->state->topology, sizeof r->state->topology);
    else if (strncmp(line, "host ", 5) == 0)
        take_host(r, line);
    else if (*line == ' ' && r->host)
        take_said(r, line + 1);
}

int fleet_state_read(const char *path, const struct longhaul_topology *topology, const struct longhaul_plan *plan,
                     struct fleet_state *state)
{
    struct reading r = { .topology = topology, .plan = plan, .state = state, .now_s = NAN };
    size_t n = longhaul_plan_n_legs(plan), size = 0;
    char *line = NULL;
    FILE *in = fopen(path, "re");
    *state = (struct fleet_state){ .legs = calloc(n + 1, sizeof *state->legs),
                                   .received_age_s = calloc(n + 1, sizeof *state->received_age_s),
                                   .is_received_empty = calloc(n + 1, sizeof *state->is_received_empty) };
    bool has_room = state->legs && state->received_age_s && state->is_received_empty;
    for (size_t i = 0; has_room && i < n; i++) {
        state->received_age_s[i] = NAN;
        state->legs[i] = (struct fleet_leg){ .coverage = NAN, .gaps = NAN, .row_age_s = NAN, .result_age_s = NAN,
                                             .result_coverage = NAN };
    }
    if (in == NULL || !has_room) {
        log_line("longhaul fleet: %s: %s", cmd_safe(path).text, strerror(errno));
        if (in)
            fclose(in);
        return EXIT_FAILED;
    }
    while (getline(&line, &size, in) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        take_line(&r, line);
    }
    free(line);
    fclose(in);
    return EXIT_DONE;
}

void fleet_state_free(struct fleet_state *state)
{
    for (size_t i = 0; i < state->n_hosts; i++)
        free(state->hosts[i].units);
    free(state->hosts);
    free(state->legs);
    free(state->received_age_s);
    free(state->is_received_empty);
    free(state->strange);
    *state = (struct fleet_state){ .n_hosts = 0 };
}
