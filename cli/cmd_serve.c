/* cmd_serve.c - `longhaul serve`: the receiver's ports, with a line for each test. */

#include "cmd.h"

#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "args.h"
#include "config.h"
#include "flags.h"
#include "log.h"
#include "serve_live.h"
#include "serve_reload.h"
#include "tell.h"

#define N_ALLOW_MAX 64
#define N_OWN_MAX 1024 /* addresses of sites with legs to this one */
#define DEFAULT_MAX_S 95040 /* 1.1 days: a leg of a day continues after an interruption */

struct serve_args {
    struct longhaul_server_options options;
    uint16_t *ports;
    const char *allow[N_ALLOW_MAX], *udp_from[N_ALLOW_MAX];
    char *own[N_OWN_MAX];
    const char *config_path, *site, *on_event;
    struct config config;
    struct longhaul_expected_leg *expected;
};

static struct longhaul_server *volatile current_server;
static struct serve_live *volatile current_live;
static struct reload *volatile current_reload;
static volatile sig_atomic_t caught_signal;

static void on_signal(int number)
{
    caught_signal = number;
    if (current_server)
        longhaul_server_stop(current_server);
    reload_signal(current_reload, number);
}

static void on_question(int number)
{
    if (number == SIGWINCH)
        serve_live_resized(current_live);
    else if (number == SIGUSR1 && current_server)
        longhaul_server_ask_status(current_server);
    if (number != SIGWINCH)
        reload_signal(current_reload, number);
}

/* When the terminal closes, a test of a day must go on. */
static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action = (struct sigaction){ .sa_handler = on_question, .sa_flags = SA_RESTART };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigaction(SIGWINCH, &action, NULL);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

static void on_event(const struct longhaul_server_event *event, void *payload)
{
    struct serve_live *const *live = payload;
    serve_live_event(*live, event);
}

static int take_network(const char *flag, const char *value, const char **networks, size_t *n)
{
    if (*n == N_ALLOW_MAX)
        return cmd_misused("serve", "%s: at most %d of them", flag, N_ALLOW_MAX);
    networks[(*n)++] = value;
    return EXIT_DONE;
}

static int take_flag(int flag, const char *value, struct serve_args *args)
{
    struct longhaul_server_options *o = &args->options;
    struct longhaul_error err = { 0 };
    bool good = true;
    int rc = 0;
    switch (flag) {
    case 'p':
        free(args->ports);
        args->ports = NULL;
        good = args_ports("serve", "-p", value, &args->ports, &o->n_ports);
        break;
    case 'B': o->bind_address = value; break;
    case OPTION_DIR: o->dir = value; break;
    case OPTION_ALLOW: return take_network("--allow", value, args->allow, &o->n_allow);
    case OPTION_UDP_FROM: return take_network("--udp-from", value, args->udp_from, &o->n_udp_from);
    case OPTION_KEEP_FREE:
        good = args_real("serve", "--keep-free", value, 0, 100, &o->keep_free_percent);
        o->keep_free_percent = o->keep_free_percent > 0 ? o->keep_free_percent : -1;
        break;
    case OPTION_MAX_RATE: rc = longhaul_rate_parse(value, &o->max_rate_bps, &err); break;
    case OPTION_MAX_DURATION: rc = longhaul_duration_parse(value, &o->max_duration_s, &err); break;
    case OPTION_IDLE: good = args_real("serve", "--idle", value, 1, 86400, &o->idle_s); break;
    case OPTION_METRICS: o->metrics_path = value; break;
    case OPTION_ON_EVENT: args->on_event = value; break;
    case OPTION_USERS: o->authorized_users = value; break;
    case OPTION_KEY: o->private_key = value; break;
    case OPTION_CONFIG: args->config_path = value; break;
    case OPTION_SITE: args->site = value; break;
    default: return EXIT_MISUSED; /* cmd_option() has printed the message */
    }
    if (rc != 0)
        return cmd_misused("serve", "%s: %s", flag == OPTION_MAX_RATE ? "--max-rate" : "--max-duration", err.text);
    return good ? EXIT_DONE : EXIT_MISUSED;
}

/* Adds the addresses of a site with legs to this one: they are never refused for what strangers did. An address that is
 * not found now is treated like any other. */
static void own_site(struct serve_args *args, const struct longhaul_site *site)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *found = NULL;
    char text[NI_MAXHOST];
    if (*site->address == 0 || getaddrinfo(site->address, NULL, &hints, &found) != 0)
        return;
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): cmd_serve() frees them */
    for (const struct addrinfo *a = found; a && args->options.n_own < N_OWN_MAX; a = a->ai_next)
        if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0 &&
            !strchr(text, '%') && (args->own[args->options.n_own] = strdup(text)) != NULL)
            args->options.n_own++;
    freeaddrinfo(found);
    args->options.own = (const char *const *)args->own;
}

static void own_sites(struct serve_args *args, size_t site)
{
    const struct config *config = &args->config;
    size_t n_sites = longhaul_topology_n_sites(config->topology);
    bool *is_own = calloc(n_sites + 1, sizeof *is_own);
    for (size_t i = 0; is_own && i < longhaul_plan_n_legs(config->plan); i++)
        if (longhaul_plan_leg(config->plan, i)->server == site)
            is_own[longhaul_plan_leg(config->plan, i)->starter] = true;
    for (size_t i = 0; is_own && i < n_sites; i++)
        if (is_own[i])
            own_site(args, longhaul_topology_site(config->topology, i));
    free(is_own);
}

/* Whether a site has all the ports of -p. */
static int check_ports(const struct serve_args *args, const struct longhaul_site *site)
{
    for (size_t i = 0; i < args->options.n_ports; i++) {
        bool is_there = false;
        for (size_t k = 0; k < site->n_ports; k++)
            is_there = is_there || site->ports[k] == args->ports[i];
        if (!is_there)
            return cmd_misused("serve", "-p: %s: sites.%s has no port %u", args->config_path, site->code,
                               args->ports[i]);
    }
    return EXIT_DONE;
}

/* Takes the ports and the address of a site. An address given with -B has priority over the file's. */
static int take_config(struct serve_args *args)
{
    struct longhaul_server_options *o = &args->options;
    struct longhaul_error err = { 0 };
    size_t i;
    if (args->config_path == NULL || args->site == NULL)
        return cmd_misused("serve", "--config and --site go together");
    int status = config_open(args->config_path, 0, &args->config);
    if (status != EXIT_DONE)
        return status;
    if (longhaul_topology_find_site(args->config.topology, args->site, &i, &err) != 0)
        return cmd_refused("serve", &err);
    const struct longhaul_site *site = longhaul_topology_site(args->config.topology, i);
    if (site->n_ports == 0)
        return cmd_misused("serve", "%s: sites.%s has no ports: it cannot serve", args->config_path, site->code);
    if ((status = check_ports(args, site)) != EXIT_DONE)
        return status;
    o->ports = args->ports ? args->ports : site->ports;
    o->n_ports = args->ports ? o->n_ports : site->n_ports;
    if (o->bind_address == NULL && *site->bind_address)
        o->bind_address = site->bind_address;
    o->expected = args->expected = serve_reload_expected(&args->config, i, &o->n_expected);
    if (args->expected == NULL) {
        fprintf(stderr, "longhaul: out of memory\n");
        return EXIT_FAILED;
    }
    own_sites(args, i);
    return EXIT_DONE;
}

/* Warns if there is no limit on who may come, and for how long. */
static void say_who_may(const struct longhaul_server_options *o)
{
    char rate[40] = "any rate";
    if (o->max_rate_bps)
        snprintf(rate, sizeof rate, "up to %" PRIu64 " bit/s", o->max_rate_bps);
    if (o->max_duration_s == DEFAULT_MAX_S && o->n_allow == 0 && o->authorized_users == NULL)
        log_line("anybody may test here, for up to 26h24m at %s: see --allow, --max-rate, --max-duration", rate);
}

/* "ports 5201-5206, 5300". */
static void say_where(const struct longhaul_server *server, const struct longhaul_server_options *o)
{
    static const uint16_t usual[] = { 5201 };
    const uint16_t *ports = o->n_ports ? o->ports : usual;
    size_t n = o->n_ports ? o->n_ports : 1, size = 0;
    char *text = NULL;
    FILE *list = open_memstream(&text, &size);
    for (size_t i = 0, last; list && i < n; i = last + 1) {
        for (last = i; last + 1 < n && ports[last + 1] == ports[last] + 1;)
            last++;
        fprintf(list, "%s%u", i ? ", " : "", ports[i]);
        if (last > i)
            fprintf(list, "-%u", ports[last]);
    }
    if (list && fclose(list) == 0)
        log_line("listening on %s, port%s %s", longhaul_server_address(server), n > 1 ? "s" : "", text);
    free(text);
}

/* ---- what --on-event and a service manager are told */

struct told_server {
    struct longhaul_server *server;
    struct serve_live *live;
    const struct longhaul_topology *topology; /* NULL without --config */
};

/* A leg that is recorded here; what a client pulls or does not name is not looked at, nor is one that is not the leg of
 * the topology whose name it has. */
static bool look_at_port(void *payload, size_t i, struct tell_leg *out)
{
    struct longhaul_served_port port;
    const struct told_server *told = payload;
    if (longhaul_server_status(told->server, i, &port, NULL) != 0 || port.source[0] == 0 || port.status.is_sent ||
        (told->topology && port.record[0] == 0))
        return false;
    memcpy(out->source, port.source, sizeof out->source);
    memcpy(out->destination, port.destination, sizeof out->destination);
    memcpy(out->record, port.record, sizeof out->record);
    out->direction = "push";
    out->protocol = port.status.has_tcp ? "TCP" : "UDP";
    out->status = port.status;
    return true;
}

static void find_objectives(void *payload, size_t i, const struct tell_leg *leg, struct tell_objectives *out)
{
    (void)i;
    tell_objectives_of(((const struct told_server *)payload)->topology, leg->source, leg->destination, out);
}

static double idle_s(void *payload)
{
    return longhaul_server_idle_s(((const struct told_server *)payload)->server);
}

static void say_trouble(void *payload, const char *text)
{
    serve_live_note(((const struct told_server *)payload)->live, text);
}

static int tell_of(const struct serve_args *args, struct told_server *told, const char *dir, struct tell **out,
                   struct longhaul_error *err)
{
    const struct tell_options told_by = { .program = args->on_event, .role = "serve", .dir = dir,
                                          .n_legs = longhaul_server_n_ports(told->server), .look = look_at_port,
                                          .objectives = told->topology ? find_objectives : NULL,
                                          .idle_s = idle_s, .say = say_trouble, .payload = told };
    return tell_new(&told_by, out, err);
}

static int serve(struct serve_args *args, char **argv)
{
    char dir[4096];
    struct longhaul_error err = { 0 };
    struct longhaul_server *server = NULL;
    struct serve_live *live = NULL;
    struct told_server told;
    struct tell *tell = NULL;
    struct serve_reload of_reload;
    log_begin();
    args->options.payload = &live;
    int rc = longhaul_server_new(&args->options, &server, &err);
    snprintf(dir, sizeof dir, "%s/receiver", args->options.dir ? args->options.dir : LONGHAUL_DIR);
    if (rc != 0)
        return cmd_refused("serve", &err);
    if ((live = serve_live_new(server)) == NULL) {
        longhaul_server_free(server);
        fprintf(stderr, "longhaul: out of memory\n");
        return EXIT_FAILED;
    }
    told = (struct told_server){ .server = server, .live = live, .topology = args->config.topology };
    if (tell_of(args, &told, dir, &tell, &err) != 0) {
        serve_live_free(live);
        longhaul_server_free(server);
        return cmd_refused("serve", &err);
    }
    current_server = server;
    current_live = live;
    catch_signals();
    say_where(server, &args->options);
    say_who_may(&args->options);
    serve_live_begin(live);
    tell_begin(tell);
    of_reload = (struct serve_reload){ .config = args->config_path, .site = args->site, .server = server };
    struct reload *reload = args->config_path ? serve_reload_new(&of_reload, args->options.ports, args->options.n_ports,
                                                                 argv, args->options.metrics_path) : NULL;
    current_reload = reload;
    rc = longhaul_server_run(server, &err);
    if (rc != 0)
        reload_signal(reload, SIGTERM);
    reload_wait(reload);
    current_reload = NULL;
    reload_free(reload);
    tell_stop(tell);
    current_server = NULL;
    current_live = NULL;
    serve_live_free(live);
    tell_free(tell);
    longhaul_server_free(server);
    return rc != 0 ? cmd_fail(&err) : 128 + caught_signal;
}

int cmd_serve(int argc, char **argv)
{
    struct serve_args args = { .options = { .on_event = on_event } };
    int flag, status = EXIT_DONE;
    while (status == EXIT_DONE && (flag = cmd_option(argc, argv, &flags_serve)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_serve, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        status = take_flag(flag, optarg, &args);
    }
    if (status == EXIT_DONE && optind < argc)
        status = cmd_misused("serve", "unexpected argument '%s'", argv[optind]);
    args.options.ports = args.ports;
    args.options.allow = args.allow;
    if (status == EXIT_DONE && (args.config_path || args.site))
        status = take_config(&args);
    args.options.udp_from = args.udp_from;
    if (status == EXIT_DONE) {
        if (args.config_path == NULL && args.options.max_duration_s == 0)
            args.options.max_duration_s = DEFAULT_MAX_S;
        status = serve(&args, argv);
    }
    while (args.options.n_own > 0)
        free(args.own[--args.options.n_own]);
    config_close(&args.config);
    free(args.expected);
    free(args.ports);
    return status;
}
