/* path_judge.c - facts about a path become findings and figures: the public object that holds them. Measures nothing.
 */

#include "path/path_measure.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/formula_figures.h"
#include "model/leg.h"

enum { N_MISSING_MAX = 8 };

struct longhaul_path {
    struct path_facts facts;
    struct path_findings findings;
    struct longhaul_formula_figures *figures;
    struct longhaul_unmeasured missing[N_MISSING_MAX];
    size_t n_missing;
};

static void add_figures(struct longhaul_formula_figures *figures, const struct path_facts *f)
{
    const struct path_theory *t = &f->theory;
    const struct {
        const char *key, *what;
        double value, divisor;
        int decimals;
        const char *unit, *source;
    } list[] = {
        { "planned_bps", "planned rate", leg_total_bps(&f->plan), 1e6, 3, "Mbit/s", "" },
        { "there_bps", "UDP arrived, from here", f->there.received_bps, 1e6, 3, "Mbit/s", "" },
        { "back_bps", "UDP arrived, to here", f->back.received_bps, 1e6, 3, "Mbit/s", "" },
        { "transfer_bps", "TCP arrived, from here", f->transfer.received_bps, 1e6, 3, "Mbit/s", "" },
        { "window_limit_bps", "TCP's window limit", t->window_limit_bps, 1e6, 2, "Mbit/s",
          "window x 8 / RTT, RFC 7323 1.1" },
        { "mathis_limit_bps", "Mathis limit, C = 1.2247", t->mathis_limit_bps, 1e6, 2, "Mbit/s",
          "Mathis et al., CCR 27(3), 1997" },
        { "bdp_bytes", "bandwidth-delay product of the plan", t->bdp_bytes, 1, 0, "bytes",
          "rate x RTT / 8, RFC 7323 1.1" },
        { "window_bytes", "TCP's window", t->window_bytes, 1, 0, "bytes", "" },
        { "rtt_ms", "least round trip", t->rtt_ms, 1, 3, "ms", "" },
        { "least_rtt_ms", "minimum for light in fibre", t->least_rtt_ms, 1, 3, "ms", "2 x km / 200" },
        { "transfer_rtt_ms", "round trip in the transfer (TCP_INFO)", f->transfer.rtt_ms, 1, 3, "ms", "" },
        { "mtu_bytes", "path MTU", f->mtu.bytes, 1, 0, "bytes", "" },
        { "loss_percent", "network's loss", 100 * t->loss, 1, 4, "%", "" },
        { "earlier_mean_mbps", "the file's mean rate", f->earlier.is_there ? f->earlier.mean_mbps : NAN, 1, 4, "Mbit/s",
          "" },
        { "earlier_loss_percent", "the file's loss", f->earlier.is_there ? f->earlier.loss_percent : NAN, 1, 6, "%",
          "" },
        { "earlier_jitter_ms", "the file's jitter", f->earlier.is_there ? f->earlier.jitter_ms : NAN, 1, 4, "ms", "" },
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        formula_figures_add(figures, list[i].key, list[i].what, list[i].value, list[i].divisor, list[i].decimals,
                            list[i].unit, list[i].source);
}

static void list_missing(struct longhaul_path *path)
{
    const struct path_facts *f = &path->facts;
    const struct longhaul_unmeasured all[] = {
        { "round trips by ICMP", f->rtt_icmp.why },
        { "round trips by TCP", f->rtt_tcp.why },
        { "path MTU", f->mtu.why },
        { "hops", f->n_hops > 0 ? "" : f->hops_why },
        { "UDP from here", f->there.why },
        { "UDP to here", f->back.why },
        { "TCP transfer", f->transfer.why },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0] && path->n_missing < N_MISSING_MAX; i++)
        if (*all[i].why)
            path->missing[path->n_missing++] = all[i];
}

int path_judge(const struct path_facts *facts, struct longhaul_path **out, struct longhaul_error *err)
{
    struct longhaul_path *path = calloc(1, sizeof *path);
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    path->facts = *facts;
    path->figures = formula_figures_new(err);
    if (path->figures == NULL) {
        free(path);
        return LONGHAUL_ENOMEM;
    }
    add_figures(path->figures, &path->facts);
    list_missing(path);
    path_judge_network(&path->facts, &path->findings);
    path_judge_host(&path->facts, &path->findings);
    *out = path;
    return 0;
}

const struct path_facts *path_facts_of(const struct longhaul_path *path)
{
    return &path->facts;
}

const struct longhaul_path_finding *longhaul_path_findings(const struct longhaul_path *path, size_t *n)
{
    *n = path->findings.n;
    return path->findings.list;
}

enum longhaul_path_level longhaul_path_worst(const struct longhaul_path *path)
{
    enum longhaul_path_level worst = LONGHAUL_PATH_LEVEL_OK;
    for (size_t i = 0; i < path->findings.n; i++)
        if (path->findings.list[i].level > worst)
            worst = path->findings.list[i].level;
    return worst;
}

const struct longhaul_leg *longhaul_path_plan(const struct longhaul_path *path)
{
    return &path->facts.plan;
}

const char *longhaul_path_address(const struct longhaul_path *path)
{
    return path->facts.address;
}

const char *longhaul_path_source(const struct longhaul_path *path)
{
    return path->facts.source;
}

const struct longhaul_formula_figures *longhaul_path_figures(const struct longhaul_path *path)
{
    return path->figures;
}

const struct longhaul_unmeasured *longhaul_path_missing(const struct longhaul_path *path, size_t *n)
{
    *n = path->n_missing;
    return path->missing;
}

const struct longhaul_hop *longhaul_path_hops(const struct longhaul_path *path, size_t *n)
{
    *n = path->facts.n_hops;
    return path->facts.hops;
}

const char *longhaul_path_hops_by(const struct longhaul_path *path)
{
    return path->facts.hops_by;
}

void longhaul_path_free(struct longhaul_path *path)
{
    if (path)
        longhaul_formula_figures_free(path->figures);
    free(path);
}
