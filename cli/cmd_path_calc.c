/* cmd_path_calc.c - `longhaul path calc`: calculates every result that the given values allow. Uses no network. */

#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "flags.h"

static const struct args_unit times_ms[] = { { "ms", 1 }, { "us", 1e-3 }, { "s", 1e3 }, { NULL, 0 } };
static const struct args_unit seconds[] = { { "s", 1 }, { "ms", 1e-3 }, { "", 1 }, { NULL, 0 } };
static const struct args_unit shares[] = { { "%", 0.01 }, { NULL, 0 } };

static bool take_bytes(const char *flag, const char *text, uint64_t max, double *out)
{
    uint64_t n;
    if (!args_bytes(PATH_CALC, flag, text, 1, max, &n))
        return false;
    *out = (double)n;
    return true;
}

static bool take_count(const char *flag, const char *text, uint64_t min, uint64_t max, double *out)
{
    uint64_t n;
    if (!args_integer(PATH_CALC, flag, text, min, max, &n))
        return false;
    *out = (double)n;
    return true;
}

static bool take_place(const char *flag, const char *text, double *latitude, double *longitude)
{
    char *end;
    *latitude = strtod(text, &end);
    bool good = end != text && *end == ',';
    const char *second = good ? end + 1 : text;
    *longitude = strtod(second, &end);
    if (good && end != second && *end == 0)
        return true;
    cmd_misused(PATH_CALC, "%s '%s': a place is LAT,LON in degrees, such as 37.37,-121.92", flag, text);
    return false;
}

static bool take_rate(const char *text, double *rate_bps)
{
    struct longhaul_error err = { 0 };
    uint64_t n;
    if (longhaul_rate_parse(text, &n, &err) != 0 || n == LONGHAUL_RATE_UNLIMITED) {
        cmd_misused(PATH_CALC, "-b: %s", err.code ? err.text : "an unlimited rate has no results");
        return false;
    }
    *rate_bps = (double)n;
    return true;
}

static bool take_duration(const char *text, double *duration_s)
{
    struct longhaul_error err = { 0 };
    uint32_t n;
    if (longhaul_duration_parse(text, &n, &err) != 0) {
        cmd_misused(PATH_CALC, "-t: %s", err.text);
        return false;
    }
    *duration_s = n;
    return true;
}

static bool take_flag(int flag, const char *value, struct longhaul_formula_values *v, bool *wants_json)
{
    switch (flag) {
    case OPTION_WINDOW: return take_bytes("--window", value, 1073725440, &v->window_bytes);
    case OPTION_SCALE: return take_count("--scale", value, 0, LONGHAUL_SCALE_MAX, &v->scale);
    case OPTION_RTT:
        return args_quantity(PATH_CALC, "--rtt", value, times_ms, 1e-6, 86400e3, "30ms, 0.5s, 250us", &v->rtt_ms);
    case 'b': return take_rate(value, &v->rate_bps);
    case OPTION_MSS: return take_bytes("--mss", value, 65535, &v->mss_bytes);
    case OPTION_LOSS: return args_quantity(PATH_CALC, "--loss", value, shares, 0, 1, "0.01%", &v->loss);
    case OPTION_C: return args_real(PATH_CALC, "--mathis-c", value, 0.01, 100, &v->mathis_c);
    case OPTION_DISTANCE: return args_distance(PATH_CALC, value, &v->distance_km);
    case OPTION_FROM: return take_place("--from", value, &v->latitude_a, &v->longitude_a);
    case OPTION_TO: return take_place("--to", value, &v->latitude_b, &v->longitude_b);
    case OPTION_MTU: return take_count("--mtu", value, 68, 65535, &v->mtu_bytes);
    case OPTION_PACKET: return take_count("--packet", value, 20, 65535, &v->packet_bytes);
    case 'l': return take_bytes("-l", value, 65507, &v->datagram_bytes);
    case 't': return take_duration(value, &v->duration_s);
    case OPTION_PORTS: return take_count("--ports", value, 1, 65535, &v->n_ports);
    case OPTION_TIME_WAIT:
        return args_quantity(PATH_CALC, "--time-wait", value, seconds, 0.001, 86400, "60s", &v->time_wait_s);
    case '6': v->family = 6; return true;
    case OPTION_JSON: *wants_json = true; return true;
    default: return false; /* cmd_option() has printed the message */
    }
}

static void print_figures(const struct longhaul_formula_figures *figures)
{
    for (size_t i = 0; i < longhaul_formula_figures_length(figures); i++) {
        const struct longhaul_formula_figure *f = longhaul_formula_figures_at(figures, i);
        char number[48], value[96];
        longhaul_formula_figure_text(f, number, sizeof number);
        snprintf(value, sizeof value, "%s%s%s", number, *f->unit ? " " : "", f->unit);
        printf("%-62s  %20s   %s\n", f->what, value, f->source);
    }
}

int cmd_path_calc(int argc, char **argv)
{
    struct longhaul_formula_values values;
    struct longhaul_formula_figures *figures = NULL;
    struct longhaul_error err = { 0 };
    bool wants_json = false;
    char *json = NULL;
    int flag, status = EXIT_DONE;
    longhaul_formula_values_clear(&values);
    while ((flag = cmd_option(argc, argv, &flags_path_calc)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_path_calc, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        if (!take_flag(flag, optarg, &values, &wants_json))
            return EXIT_MISUSED;
    }
    if (optind < argc)
        return cmd_misused(PATH_CALC, "'%s': values must follow flags", argv[optind]);
    if (longhaul_formula_calculate(&values, &figures, &err) != 0)
        return cmd_misused(PATH_CALC, "%s", err.text);
    if (!wants_json)
        print_figures(figures);
    else if (longhaul_formula_figures_json(figures, &json, &err) == 0)
        puts(json);
    else
        status = cmd_fail(&err);
    longhaul_text_free(json);
    longhaul_formula_figures_free(figures);
    return cmd_close_stdout(status);
}
