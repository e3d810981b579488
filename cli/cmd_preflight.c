/* cmd_preflight.c - `longhaul preflight`: tests whether the ports of a topology are open to this host, for TCP and UDP,
 * in both directions. */

#include "cmd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "config.h"
#include "flags.h"

struct preflight_args {
    const char *config, *site, *leg;
    struct longhaul_preflight_options options;
    bool wants_json;
};

struct checked {
    size_t *planned;
    struct longhaul_leg *legs;
    struct longhaul_preflight_result *results;
    size_t n;
};

static int take_flag(int flag, const char *value, struct preflight_args *args)
{
    uint64_t n = 0;
    switch (flag) {
    case OPTION_CONFIG: args->config = value; break;
    case OPTION_SITE: args->site = value; break;
    case OPTION_LEG: args->leg = value; break;
    case OPTION_USERNAME: args->options.username = value; break;
    case OPTION_PUBLIC_KEY: args->options.public_key = value; break;
    case OPTION_JSON: args->wants_json = true; break;
    case 't':
        if (!args_integer("preflight", "-t", value, 1, 3600, &n))
            return EXIT_MISUSED;
        args->options.seconds = (uint32_t)n;
        break;
    default: return EXIT_MISUSED; /* cmd_option() has printed the message */
    }
    return EXIT_DONE;
}

static void print_lines(const struct checked *c)
{
    for (size_t i = 0; i < c->n; i++) {
        char name[2 * LONGHAUL_CODE_MAX + 3];
        snprintf(name, sizeof name, "%s->%s", c->legs[i].source, c->legs[i].destination);
        printf("%-13s %-18s %s\n", name, longhaul_preflight_text(c->results[i].verdict), c->results[i].text);
    }
}

static int print_json(const struct config *config, const struct checked *c)
{
    struct longhaul_error err = { 0 };
    char *text = NULL;
    if (longhaul_preflight_json(config->topology, c->legs, c->results, c->n, &text, &err) != 0)
        return cmd_fail(&err);
    puts(text);
    longhaul_text_free(text);
    return EXIT_DONE;
}

static int status_of(const struct checked *c)
{
    size_t n_open = 0;
    for (size_t i = 0; i < c->n; i++)
        n_open += c->results[i].verdict == LONGHAUL_PREFLIGHT_OPEN;
    return n_open == c->n ? EXIT_DONE : n_open ? EXIT_INCOMPLETE : EXIT_FAILED;
}

static int check_legs(const struct preflight_args *args, const struct config *config, struct checked *c)
{
    struct longhaul_error err = { 0 };
    int status = config_legs("preflight", config, args->site, args->leg, &c->planned, &c->n);
    if (status != EXIT_DONE)
        return status;
    c->legs = calloc(c->n, sizeof *c->legs);
    c->results = calloc(c->n, sizeof *c->results);
    if (c->legs == NULL || c->results == NULL) {
        fprintf(stderr, "longhaul: out of memory\n");
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < c->n; i++)
        c->legs[i] = longhaul_plan_leg(config->plan, c->planned[i])->leg;
    if (longhaul_preflight(c->legs, c->n, &args->options, c->results, &err) != 0)
        return cmd_refused("preflight", &err);
    if (args->wants_json)
        status = print_json(config, c);
    else
        print_lines(c);
    return status == EXIT_DONE ? cmd_close_stdout(status_of(c)) : status;
}

int cmd_preflight(int argc, char **argv)
{
    struct preflight_args args = { .wants_json = false };
    struct checked checked = { .n = 0 };
    struct config config;
    int flag, status = EXIT_DONE;
    while (status == EXIT_DONE && (flag = cmd_option(argc, argv, &flags_preflight)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_preflight, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        status = take_flag(flag, optarg, &args);
    }
    if (status != EXIT_DONE)
        return status;
    if (optind < argc)
        return cmd_misused("preflight", "unexpected argument '%s'", argv[optind]);
    if (args.config == NULL || (args.site == NULL && args.leg == NULL))
        return cmd_misused("preflight", "needs --config, and --site or --leg");
    args.options.password = args.options.username ? getenv("IPERF3_PASSWORD") : NULL;
    if (!args.options.username != !args.options.public_key || !args.options.username != !args.options.password)
        return cmd_misused("preflight", "--username, --public-key and IPERF3_PASSWORD go together");
    status = config_open(args.config, 0, &config);
    if (status == EXIT_DONE)
        status = check_legs(&args, &config, &checked);
    free(checked.planned);
    free(checked.legs);
    free(checked.results);
    config_close(&config);
    return status;
}
