/* cmd_plan.c - `longhaul plan`: which site starts each leg, which port serves it, when, and what that costs. */

#include "cmd.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "config.h"
#include "flags.h"
#include "fleet_folder.h"
#include "plan_objectives.h"

/* ---- figures */

/* "108 GB", "37.5 MB": powers of 1000, three digits; a dash if unknown. */
static void bytes_text(double bytes, char *text, size_t size)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
    size_t i = 0;
    if (isnan(bytes)) {
        snprintf(text, size, "-");
        return;
    }
    while (bytes >= 999.5 && i < sizeof units / sizeof units[0] - 1) {
        bytes /= 1000;
        i++;
    }
    snprintf(text, size, "%.*f %s",
             bytes >= 99.95 || i == 0 || bytes == floor(bytes) ? 0
             : bytes >= 9.995                                  ? 1
                                                               : 2,
             bytes, units[i]);
}

static void figure_text(double value, int digits, char *text, size_t size)
{
    if (isnan(value))
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%.*f", digits, value);
}

/* "+0", "+1.5", "+24H1M5S". */
static void start_text(double start_s, char *text, size_t size)
{
    char duration[24];
    if (start_s < 60) {
        snprintf(text, size, "+%g", start_s);
        return;
    }
    longhaul_duration_text((uint32_t)(start_s + 0.5), duration, sizeof duration);
    snprintf(text, size, "+%s", duration);
}

/* "UDP 10M 24H", "UDP 4 x 2500K 1H", "TCP UNLIMITED 1H". */
static void test_text(const struct longhaul_leg *leg, char *text, size_t size)
{
    char rate[24], duration[24], streams[24] = "";
    longhaul_rate_text(leg->rate_bps, rate, sizeof rate);
    longhaul_duration_text(leg->duration_s, duration, sizeof duration);
    if (leg->n_streams > 1)
        snprintf(streams, sizeof streams, "%" PRIu32 " x ", leg->n_streams);
    else if (leg->n_flows > 1)
        snprintf(streams, sizeof streams, "%" PRIu32 " flows, ", leg->n_flows);
    const char *protocol = leg->protocol == LONGHAUL_PROTOCOL_TCP ? "TCP" : "UDP";
    snprintf(text, size, "%s %s%s %s%s", protocol, streams, rate, duration, leg->has_no_hops ? ", no hops" : "");
}

/* ---- tables */

#define DAY_WIDTH 9 /* of the column "a day" with the space before it */

static const char *code_of(const struct config *config, size_t site)
{
    return longhaul_topology_site(config->topology, site)->code;
}

/* True if a leg or a site sends something else in a day than in the plan. */
static bool has_another_day(const struct config *config)
{
    bool differs = false;
    for (size_t i = 0; i < longhaul_plan_n_legs(config->plan); i++) {
        const struct longhaul_planned_leg *leg = longhaul_plan_leg(config->plan, i);
        differs = differs || fabs(leg->bytes - leg->bytes_per_day) > 0.5;
    }
    for (size_t i = 0; i < longhaul_topology_n_sites(config->topology); i++) {
        const struct longhaul_load *load = longhaul_plan_load(config->plan, i);
        differs = differs || fabs(load->bytes - load->bytes_per_day) > 0.5;
    }
    return differs;
}

/* What a table has beyond its usual columns. */
struct extra {
    bool day, price;
};

static void print_leg(const struct config *config, const struct longhaul_planned_leg *leg, struct extra has)
{
    char start[32], name[80], test[96], port[64], bytes[32], day[32] = "", rtt[32], cost[32];
    start_text(leg->start_s, start, sizeof start);
    snprintf(name, sizeof name, "%s->%s", leg->leg.source, leg->leg.destination);
    test_text(&leg->leg, test, sizeof test);
    snprintf(port, sizeof port, "%s:%u", code_of(config, leg->server), leg->leg.port);
    bytes_text(leg->bytes, bytes, sizeof bytes);
    if (has.day)
        bytes_text(leg->bytes_per_day, day, sizeof day);
    figure_text(leg->least_rtt_ms, 1, rtt, sizeof rtt);
    figure_text(leg->cost, 2, cost, sizeof cost);
    printf("  %-10s %-9s %-13s %-5s %-16s %-11s %8s%*s %12s", start, code_of(config, leg->starter), name,
           leg->leg.direction == LONGHAUL_DIRECTION_PULL ? "pull" : "push", test, port, bytes,
           has.day ? DAY_WIDTH : 0, day, rtt);
    printf(has.price ? " %9s\n" : "\n", cost);
}

struct started {
    const struct longhaul_planned_leg *leg;
    size_t index;
};

static int by_start(const void *a, const void *b)
{
    const struct started *x = a, *y = b;
    if (x->leg->start_s != y->leg->start_s)
        return x->leg->start_s < y->leg->start_s ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* In order of start, round by round. */
static bool print_legs(const struct config *config, struct extra has)
{
    size_t n = longhaul_plan_n_legs(config->plan);
    uint32_t n_rounds = longhaul_plan_n_rounds(config->plan), round = UINT32_MAX;
    struct started *order = calloc(n + 1, sizeof *order);
    char start[32];
    if (order == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        order[i] = (struct started){ .leg = longhaul_plan_leg(config->plan, i), .index = i };
    qsort(order, n, sizeof *order, by_start);
    printf("  %-10s %-9s %-13s %-5s %-16s %-11s %8s%*s %12s%s\n", "start s", "starts at", "leg", "way", "test", "port",
           "bytes", has.day ? DAY_WIDTH : 0, has.day ? "a day" : "", "least RTT ms", has.price ? "      cost" : "");
    for (size_t i = 0; i < n; i++) {
        if (n_rounds > 1 && order[i].leg->round != round) {
            round = order[i].leg->round;
            start_text(longhaul_plan_round_start_s(config->plan, round), start, sizeof start);
            printf("round %" PRIu32 " of %" PRIu32 ", from %s\n", round + 1, n_rounds, start);
        }
        print_leg(config, order[i].leg, has);
    }
    free(order);
    return true;
}

static void print_load(const struct longhaul_site *site, const struct longhaul_load *load, struct extra has)
{
    char sent[32], received[32], limit[32] = "-", bytes[32], day[32] = "", cost[32], most[16] = "-";
    figure_text(load->sent_bps / 1e6, 1, sent, sizeof sent);
    figure_text(load->received_bps / 1e6, 1, received, sizeof received);
    if (site->egress_limit_bps)
        figure_text((double)site->egress_limit_bps / 1e6, 1, limit, sizeof limit);
    if (site->max_tests)
        snprintf(most, sizeof most, "%" PRIu32, site->max_tests);
    bytes_text(load->bytes, bytes, sizeof bytes);
    if (has.day)
        bytes_text(load->bytes_per_day, day, sizeof day);
    figure_text(load->cost, 2, cost, sizeof cost);
    printf("  %-9s %7zu %7zu %9zu %5s %9zu %10s %7s %10s %9s%*s", site->code, load->n_started, load->n_served,
           load->n_at_a_time, most, load->n_processes, sent, limit, received, bytes,
           has.day ? DAY_WIDTH + 1 : 0, day);
    printf(has.price ? " %9s\n" : "\n", cost);
}

static void print_loads(const struct config *config, struct extra has)
{
    double bytes = 0, cost = 0;
    char sum[32], price[32];
    printf("  %-9s %7s %7s %9s %5s %9s %10s %7s %10s %9s%*s%s\n", "site", "started", "served", "at a time", "limit",
           "processes", "sends Mbps", "limit", "gets Mbps", "sends", has.day ? DAY_WIDTH + 1 : 0,
           has.day ? "a day" : "", has.price ? "      cost" : "");
    for (size_t i = 0; i < longhaul_topology_n_sites(config->topology); i++) {
        const struct longhaul_load *load = longhaul_plan_load(config->plan, i);
        print_load(longhaul_topology_site(config->topology, i), load, has);
        bytes += load->bytes;
        cost += load->cost;
    }
    bytes_text(bytes, sum, sizeof sum);
    figure_text(cost, 2, price, sizeof price);
    printf("  all sites send %s%s%s\n", isnan(bytes) ? "an unknown amount: a leg has no rate" : sum,
           has.price ? ", for " : "", has.price ? price : "");
}

/* The best hub for a pair; false if none exists. */
static bool best_detour(const struct config *config, size_t a, size_t b, struct longhaul_detour *best)
{
    struct longhaul_detour d;
    bool has_one = false;
    for (size_t hub = 0; hub < longhaul_topology_n_sites(config->topology); hub++)
        if (longhaul_topology_detour(config->topology, a, b, hub, &d) &&
            (!has_one || d.by_hub_rtt_ms < best->by_hub_rtt_ms)) {
            *best = d;
            has_one = true;
        }
    return has_one;
}

static void print_detours(const struct config *config)
{
    size_t n = longhaul_topology_n_sites(config->topology);
    struct longhaul_detour d = { 0 };
    bool has_head = false;
    char name[80];
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            if (!best_detour(config, a, b, &d))
                continue;
            if (!has_head)
                printf("\nleast RTT between spokes, light in fibre on the great circle\n  %-13s %10s %10s  %-9s %10s\n",
                       "", "direct ms", "via hub ms", "hub", "adds ms");
            has_head = true;
            snprintf(name, sizeof name, "%s - %s", code_of(config, a), code_of(config, b));
            printf("  %-13s %10.1f %10.1f  %-9s %10.1f\n", name, d.direct_rtt_ms, d.by_hub_rtt_ms,
                   code_of(config, d.hub), d.by_hub_rtt_ms - d.direct_rtt_ms);
        }
}

static void print_commands(const struct config *config)
{
    const struct cmd_text safe = cmd_safe(longhaul_topology_file(config->topology));
    const char *file = safe.text;
    for (size_t i = 0; i < longhaul_topology_n_sites(config->topology); i++)
        if (longhaul_plan_load(config->plan, i)->n_served)
            printf("  on %-9s longhaul serve --config %s --site %s\n", code_of(config, i), file, code_of(config, i));
    for (size_t i = 0; i < longhaul_topology_n_sites(config->topology); i++)
        if (longhaul_plan_load(config->plan, i)->n_started)
            printf("  on %-9s longhaul run --config %s --site %s\n", code_of(config, i), file, code_of(config, i));
}

static int print_plan(const struct config *config, bool has_price)
{
    size_t n_sites = longhaul_topology_n_sites(config->topology), n_legs = longhaul_plan_n_legs(config->plan);
    uint32_t n_rounds = longhaul_plan_n_rounds(config->plan);
    char duration[LONGHAUL_PEOPLE_SIZE];
    longhaul_seconds_text(longhaul_plan_seconds(config->plan), duration, sizeof duration);
    printf("%s: %zu sites, %zu leg%s, %" PRIu32 " round%s, %s from the first start to the last end\n\n",
           cmd_safe(longhaul_topology_file(config->topology)).text, n_sites, n_legs, n_legs == 1 ? "" : "s", n_rounds,
           n_rounds == 1 ? "" : "s", duration);
    const struct extra has = { .day = has_another_day(config), .price = has_price };
    if (!print_legs(config, has)) {
        fprintf(stderr, "longhaul: out of memory\n");
        return EXIT_FAILED;
    }
    printf("\n");
    print_loads(config, has);
    print_detours(config);
    plan_print_objectives(config->topology);
    printf("\n");
    print_commands(config);
    return cmd_close_stdout(EXIT_DONE);
}

/* What the command line asks for: at most one of what is printed instead of the tables. */
struct plan_args {
    const char *starter; /* of --legs=SITE; NULL for all */
    double price;
    const char *ansible;
    uint64_t metrics_port;
    int prints; /* an option; 0 for the tables */
};

static int print_text(const struct config *config, const struct plan_args *args)
{
    struct longhaul_error err = { 0 };
    char *text = NULL;
    int rc = 0;
    switch (args->prints) {
    case OPTION_RULES: rc = longhaul_plan_rules(config->plan, &text, &err); break;
    case OPTION_ANSIBLE: rc = longhaul_plan_ansible(config->plan, NULL, &text, &err); break;
    case OPTION_TARGETS: rc = longhaul_plan_targets(config->plan, (uint16_t)args->metrics_port, &text, &err); break;
    default: rc = longhaul_plan_json(config->plan, &text, &err); break;
    }
    if (rc != 0)
        return cmd_fail(&err);
    fputs(text, stdout);
    if (args->prints != OPTION_RULES)
        putchar('\n');
    longhaul_text_free(text);
    return cmd_close_stdout(EXIT_DONE);
}

/* Of the file, also where its plan cannot run. */
static int print_names(const char *path, bool are_sites, const char *starter)
{
    struct longhaul_topology *topology = NULL;
    struct longhaul_error err = { 0 };
    size_t site = SIZE_MAX;
    if (longhaul_topology_load(path, &topology, &err) != 0)
        return cmd_fail(&err);
    if (starter && longhaul_topology_find_site(topology, starter, &site, &err) != 0) {
        longhaul_topology_free(topology);
        return cmd_refused("plan", &err);
    }
    for (size_t i = 0; are_sites && i < longhaul_topology_n_sites(topology); i++)
        puts(longhaul_topology_site(topology, i)->code);
    for (size_t i = 0; !are_sites && i < longhaul_topology_n_legs(topology); i++) {
        const struct longhaul_sited_leg *leg = longhaul_topology_leg(topology, i);
        if (starter == NULL || leg->starter == site)
            printf("%s-%s\n", leg->leg.source, leg->leg.destination);
    }
    longhaul_topology_free(topology);
    return cmd_close_stdout(EXIT_DONE);
}

static int take_flag(int flag, struct plan_args *args)
{
    if (flag == OPTION_PRICE)
        return args_real("plan", "--price-per-gb", optarg, 0, 1e6, &args->price) ? EXIT_DONE : EXIT_MISUSED;
    if (flag != OPTION_JSON && flag != OPTION_RULES && flag != OPTION_ANSIBLE && flag != OPTION_TARGETS &&
        flag != OPTION_SITES && flag != OPTION_LEGS)
        return EXIT_MISUSED; /* cmd_option() has printed the message */
    if (args->prints && args->prints != flag)
        return cmd_misused("plan",
                           "--json, --rules, --ansible, --prometheus-sd, --sites and --legs exclude each other");
    args->prints = flag;
    if (flag == OPTION_ANSIBLE)
        args->ansible = optarg;
    if (flag == OPTION_LEGS)
        args->starter = optarg;
    if (flag == OPTION_TARGETS && optarg &&
        !args_integer("plan", "--prometheus-sd", optarg, 1, 65535, &args->metrics_port))
        return EXIT_MISUSED;
    return EXIT_DONE;
}

int cmd_plan(int argc, char **argv)
{
    struct plan_args args = { .metrics_port = 9100 };
    struct config config;
    int flag, status = EXIT_DONE;
    while (status == EXIT_DONE && (flag = cmd_option(argc, argv, &flags_plan)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_plan, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        status = take_flag(flag, &args);
    }
    if (status != EXIT_DONE)
        return status;
    if (argc - optind != 1)
        return cmd_misused("plan", "needs one file, got %d", argc - optind);
    if (args.ansible && strcmp(args.ansible, "-") != 0) {
        const struct fleet_folder folder = { .topology = argv[optind], .dir = args.ansible };
        return fleet_folder_write(&folder);
    }
    if (args.prints == OPTION_SITES || args.prints == OPTION_LEGS)
        return print_names(argv[optind], args.prints == OPTION_SITES, args.starter);
    status = config_open(argv[optind], args.price, &config);
    if (status == EXIT_DONE)
        status = args.prints ? print_text(&config, &args) : print_plan(&config, args.price > 0);
    config_close(&config);
    return status;
}
