/* path_print.c - a measured path for people: what is wrong first, then the figures, then what could not be measured. */

#include "path.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void print_findings(const struct longhaul_path *path, enum longhaul_path_level level, size_t *n_printed)
{
    size_t n;
    const struct longhaul_path_finding *list = longhaul_path_findings(path, &n);
    for (size_t i = 0; i < n; i++) {
        if (list[i].level != level)
            continue;
        (*n_printed)++;
        printf("%-8s %-19s %s\n", longhaul_path_level_text(level), list[i].rule, list[i].text);
        if (*list[i].why)
            printf("%-8s %-19s why: %s\n", "", "", list[i].why);
        if (*list[i].command)
            printf("%-8s %-19s do:  %s\n", "", "", list[i].command);
    }
}

static void print_figure(const char *name, double value, double divisor, int decimals, const char *unit)
{
    struct longhaul_formula_figure figure = { .shown = value / divisor, .decimals = decimals };
    char text[64];
    if (!isfinite(value))
        return;
    longhaul_formula_figure_text(&figure, text, sizeof text);
    printf("  %-44s %18s %s\n", name, text, unit);
}

/* Measured beside what theory allows. */
static void print_theory(const struct longhaul_path_facts *f)
{
    double planned = f->plan.rate_bps == LONGHAUL_RATE_UNLIMITED ? NAN : (double)f->plan.rate_bps * f->plan.n_streams;
    printf("\nMeasured, and what theory allows:\n");
    print_figure("planned rate", planned, 1e6, 3, "Mbit/s");
    print_figure("UDP arrived, from here", f->there.received_bps, 1e6, 3, "Mbit/s");
    print_figure("UDP arrived, to here", f->back.received_bps, 1e6, 3, "Mbit/s");
    print_figure("TCP arrived, from here", f->transfer.received_bps, 1e6, 3, "Mbit/s");
    print_figure("TCP's window limit", f->window_limit_bps, 1e6, 2, "Mbit/s");
    print_figure("Mathis limit, C = 1.2247", f->mathis_limit_bps, 1e6, 2, "Mbit/s");
    print_figure("bandwidth-delay product of the plan", f->bdp_bytes, 1, 0, "bytes");
    print_figure("TCP's window", f->window_bytes, 1, 0, "bytes");
    print_figure("least round trip", f->rtt_ms, 1, 3, "ms");
    print_figure("least that light in fibre needs", f->least_rtt_ms, 1, 3, "ms");
    print_figure("round trip in the transfer (TCP_INFO)", f->transfer.rtt_ms, 1, 3, "ms");
    print_figure("path MTU", f->mtu.bytes, 1, 0, "bytes");
    print_figure("network's loss", 100 * f->loss, 1, 4, "%");
    if (f->result.is_there) {
        print_figure("the file's mean rate", f->result.mean_mbps, 1, 4, "Mbit/s");
        print_figure("the file's loss", f->result.loss_percent, 1, 6, "%");
        print_figure("the file's jitter", f->result.jitter_ms, 1, 4, "ms");
    }
}

static void print_hops(const struct longhaul_path_facts *f)
{
    if (f->n_hops > 0)
        printf("\nHops, by %s:\n", f->hops_by);
    for (size_t i = 0; i < f->n_hops; i++) {
        const struct longhaul_path_hop *h = &f->hops[i];
        printf("  %2d  %-40s", h->ttl, *h->address ? h->address : "-");
        if (!isnan(h->loss))
            printf(" loss %5.1f%%", 100 * h->loss);
        if (!isnan(h->mean_ms))
            printf("  best %.3f  mean %.3f  worst %.3f ms", h->best_ms, h->mean_ms, h->worst_ms);
        printf("\n");
    }
}

static void print_missing(const struct longhaul_path_facts *f)
{
    const struct { const char *what, *why;
    } missing[] = {
        { "round trips by ICMP", f->rtt_icmp.why },
        { "round trips by TCP", f->rtt_tcp.why },
        { "path MTU", f->mtu.why },
        { "hops", f->n_hops > 0 ? "" : f->hops_why },
        { "UDP from here", f->there.why },
        { "UDP to here", f->back.why },
        { "TCP transfer", f->transfer.why },
    };
    bool is_first = true;
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        if (*missing[i].why == 0)
            continue;
        if (is_first)
            printf("\nNot measured:\n");
        is_first = false;
        printf("  %-24s %s\n", missing[i].what, missing[i].why);
    }
}

void path_print(const struct longhaul_path *path, bool is_verbose)
{
    const struct longhaul_path_facts *f = longhaul_path_facts(path);
    size_t n_problems = 0, n_notes = 0, n_ok = 0;
    print_findings(path, LONGHAUL_PATH_LEVEL_PROBLEM, &n_problems);
    print_findings(path, LONGHAUL_PATH_LEVEL_NOTE, &n_notes);
    if (is_verbose)
        print_findings(path, LONGHAUL_PATH_LEVEL_OK, &n_ok);
    print_theory(f);
    if (is_verbose)
        print_hops(f);
    print_missing(f);
    printf("\n%s (%s) from %s: %zu problem%s, %zu note%s\n", f->peer, f->address,
           *f->source ? f->source : "an unknown address", n_problems, n_problems == 1 ? "" : "s", n_notes,
           n_notes == 1 ? "" : "s");
}
