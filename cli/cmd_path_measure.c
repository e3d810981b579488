/* cmd_path_measure.c - `longhaul path PEER`: turns flags into a plan, measures, prints findings and figures. */

#include "path.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "flags.h"
#include "leg_args.h"

struct path_args {
    struct longhaul_path_options path;
    const char *config, *site, *result;
    bool wants_json, is_verbose;
};

static bool take_flag(int flag, const char *value, struct path_args *args)
{
    struct longhaul_path_options *o = &args->path;
    uint64_t n = 0;
    bool good = true;
    if (flag != 't' && leg_args_name(flag)) /* -t is the time of a short test here */
        return leg_args_take("path", flag, value, &o->leg);
    switch (flag) {
    case OPTION_DISTANCE: good = o->has_distance = args_distance("path", value, &o->distance_km); break;
    case OPTION_CONFIG: args->config = value; break;
    case OPTION_SITE: args->site = value; break;
    case OPTION_FILE: args->result = value; break;
    case OPTION_FLOWS: good = args_integer("path", "--flows", value, 1, 10000000, &n); o->n_flows = (uint32_t)n; break;
    case OPTION_SNAT:
        good = args_integer("path", "--snat-ports", value, 1, 10000000, &n);
        o->snat_ports = (uint32_t)n;
        break;
    case 'c': good = args_integer("path", "-c", value, 3, 1000, &n); o->n_probes = (uint32_t)n; break;
    case 't': good = args_integer("path", "-t", value, 1, 60, &n); o->flow_s = (uint32_t)n; break;
    case OPTION_NO_FLOWS: o->wants_no_flows = true; break;
    case OPTION_NO_HOPS: o->wants_no_hops = true; break;
    case OPTION_NO_MTR: break; /* a flag of 0.1, which could run mtr */
    case OPTION_ROOT: o->root = value; break;
    case OPTION_JSON: args->wants_json = true; break;
    case 'v': args->is_verbose = true; break;
    default: return false; /* cmd_option() has printed the message */
    }
    return good;
}

/* Returns EXIT_DONE and the plan, or the status to exit with. */
static int parse(int argc, char **argv, struct path_args *args)
{
    int flag;
    while ((flag = cmd_option(argc, argv, &flags_path)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_path, stdout);
            exit(cmd_close_stdout(EXIT_DONE));
        }
        if (!take_flag(flag, optarg, args))
            return EXIT_MISUSED;
    }
    if (argc - optind != 1)
        return cmd_misused("path", "needs one PEER, got %d", argc - optind);
    if (!leg_args_text("path", "PEER", argv[optind], args->path.leg.peer, sizeof args->path.leg.peer))
        return EXIT_MISUSED;
    if (args->site && !args->config)
        return cmd_misused("path", "--site '%s': without --config there are no sites", args->site);
    return args->config ? path_take_config(args->config, args->site, &args->path) : EXIT_DONE;
}

/* Only on a terminal; removed when the result comes. */
static void on_stage(const char *what, void *payload)
{
    (void)payload;
    fprintf(stderr, "\r\033[Kmeasuring: %s ", what);
}

int cmd_path_measure(int argc, char **argv)
{
    struct path_args args = { .wants_json = false };
    struct longhaul_path *path = NULL;
    struct longhaul_error err = { 0 };
    char *json = NULL;
    int status = parse(argc, argv, &args);
    if (status != EXIT_DONE)
        return status;
    bool has_terminal = isatty(STDERR_FILENO);
    args.path.on_stage = has_terminal ? on_stage : NULL;
    struct longhaul_earlier_test result;
    int rc = args.result ? longhaul_earlier_test_read(args.result, &result, &err) : 0;
    args.path.earlier = args.result ? &result : NULL;
    if (rc == 0)
        rc = longhaul_path_measure(&args.path, &path, &err);
    if (has_terminal)
        fputs("\r\033[K", stderr);
    if (rc != 0)
        return cmd_refused("path", &err);
    if (!args.wants_json)
        path_print(path, args.is_verbose);
    else if (longhaul_path_json(path, &json, &err) == 0)
        puts(json);
    else
        status = cmd_fail(&err);
    longhaul_text_free(json);
    if (status == EXIT_DONE && longhaul_path_worst(path) == LONGHAUL_PATH_LEVEL_PROBLEM)
        status = EXIT_LIMIT;
    longhaul_path_free(path);
    return cmd_close_stdout(status);
}
