/* metrics.c - live figures of a run or a server as a text file for node_exporter: Prometheus's exposition format,
 * without timestamps. Unknown values are omitted, never 0. Measures nothing, and knows no timer. */

#include "record/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/markup.h"
#include "base/plain_numbers.h"
#include "base/units.h"
#include "model/leg.h"

#define MAX_EXACT 9e15 /* greatest whole numbers that a double holds exactly */
#define UPDATE_HELP "When this was written, in seconds since 1970 UTC."

/* One family of leg metrics: its name follows "longhaul_run_" or "longhaul_serve_". NAN omits a leg. */
struct family {
    const char *name, *type, *help;
    double (*value)(const struct longhaul_status *status);
};

static double bytes(const struct longhaul_status *s) { return (double)s->bytes; }
static double packets(const struct longhaul_status *s)
{
    return s->packets > 0 || s->has_loss ? (double)s->packets : NAN;
}
static double lost(const struct longhaul_status *s) { return s->has_loss ? (double)s->most_lost_packets : NAN; }
static double retransmits(const struct longhaul_status *s) { return s->has_tcp ? (double)s->retransmits : NAN; }
static double jitter(const struct longhaul_status *s) { return s->jitter_ms / 1e3; }
static double rtt(const struct longhaul_status *s) { return s->has_tcp ? s->rtt_ms / 1e3 : NAN; }
static double delay_p99(const struct longhaul_status *s) { return s->delays.newest_p99_us / US_PER_S; }
static double base_shifts(const struct longhaul_status *s)
{
    return s->delays.is_known ? (double)s->delays.n_shifts : NAN;
}
static double silences(const struct longhaul_status *s)
{
    return s->delays.is_known ? (double)s->delays.n_silences : NAN;
}
static double longest_silence(const struct longhaul_status *s) { return s->delays.longest_silence_us / US_PER_S; }
static double unavailable(const struct longhaul_status *s) { return s->unavailable_s; }
static double gaps(const struct longhaul_status *s) { return s->n_gaps; }
static double sessions(const struct longhaul_status *s) { return s->n_sessions; }
static double observed(const struct longhaul_status *s) { return s->observed_s; }
static double elapsed(const struct longhaul_status *s) { return s->elapsed_s; }
static double remaining(const struct longhaul_status *s) { return s->remaining_s; }
static double planned(const struct longhaul_status *s) { return s->planned_s; }

static double coverage(const struct longhaul_status *s)
{
    return !(s->elapsed_s > 0) ? NAN : s->observed_s < s->elapsed_s ? s->observed_s / s->elapsed_s : 1;
}

static const struct family families[] = {
    { "bytes_total", "counter", "Payload that this host sent or received.", bytes },
    { "packets_total", "counter",
      "Datagrams; for a receiver those sent to it, according to sequence numbers.", packets },
    { "lost_packets_total", "counter", "Datagrams lost, if known.", lost },
    { "retransmits_total", "counter", "TCP segments retransmitted, if known.", retransmits },
    { "jitter_seconds", "gauge", "Jitter (RFC 3550) at the end of the newest interval, if known.", jitter },
    { "rtt_seconds", "gauge", "TCP's smoothed round trip at the end of the newest interval, if known.", rtt },
    { "delay_p99_seconds", "gauge", "99th percentile of the delays in queues in the newest interval, if known.",
      delay_p99 },
    { "base_shifts_total", "counter", "Changes of the path's least transit, if known.", base_shifts },
    { "silences_total", "counter", "Times without an arrival, of more than 10 spacings of datagrams, if known.",
      silences },
    { "longest_silence_seconds", "gauge", "Longest time without an arrival so far, if known.", longest_silence },
    { "unavailable_seconds_total", "counter",
      "Seconds with a loss of 1 % or more, without an arrival, or in gaps of a silent path, if known.", unavailable },
    { "gaps_total", "counter", "Gaps that have ended.", gaps },
    { "sessions_total", "counter", "Sessions that began to measure.", sessions },
    { "observed_seconds_total", "counter", "Seconds observed: outside gaps, and confirmed by the peer.", observed },
    { "elapsed_seconds", "gauge", "Seconds since the leg began, gaps included.", elapsed },
    { "remaining_seconds", "gauge", "Seconds to the planned end; 0 when the leg is over.", remaining },
    { "planned_seconds", "gauge", "Planned duration of the leg in seconds.", planned },
    { "coverage_ratio", "gauge", "Observed seconds divided by elapsed seconds.", coverage },
};

/* ----------------------------------------------------------------------------------------------------------
 * the form */

/* Writes name="value", escaped; bytes that are not UTF-8 become U+FFFD, because one bad label makes the whole file
 * unreadable. */
static void put_label(FILE *out, const char *name, const char *value)
{
    fprintf(out, "%s=\"", name);
    while (*value) {
        if (*value == '\\' || *value == '"')
            fputc('\\', out);
        value = markup_character(out, value);
    }
    fputc('"', out);
}

static void put_value(FILE *out, double value)
{
    if (value == floor(value) && fabs(value) < MAX_EXACT)
        fprintf(out, " %" PRId64 "\n", (int64_t)value);
    else
        fprintf(out, " %.9g\n", value);
}

static void put_head(FILE *out, const char *prefix, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP longhaul_%s_%s %s\n# TYPE longhaul_%s_%s %s\n", prefix, name, help, prefix, name, type);
}

/* ---- legs */

/* One leg, of either command. */
struct row {
    const char *source, *destination;
    const struct longhaul_leg *leg; /* NULL for a server's */
    const struct longhaul_status *status;
};

static void begin_series(FILE *out, const char *prefix, const char *name, const struct row *row)
{
    fprintf(out, "longhaul_%s_%s{", prefix, name);
    put_label(out, "src", row->source);
    fputc(',', out);
    put_label(out, "dst", row->destination);
}

static void put_family(FILE *out, const char *prefix, const struct family *family, const struct row *rows, size_t n)
{
    bool has_head = false;
    for (size_t i = 0; i < n; i++) {
        double value = family->value(rows[i].status);
        if (isnan(value))
            continue;
        if (!has_head)
            put_head(out, prefix, family->name, family->type, family->help);
        has_head = true;
        begin_series(out, prefix, family->name, &rows[i]);
        fputc('}', out);
        put_value(out, value);
    }
}

/* What a leg has of a histogram with the bounds of longhaul_delay_bounds_s(). */
struct counts {
    bool is_known;
    uint64_t n;
    const uint64_t *n_within;
    double sum_s;
};

static struct counts delays_of(const struct longhaul_status *s)
{
    return (struct counts){ s->delays.is_known, s->delays.n_datagrams, s->delays.n_within, s->delays.sum_s };
}

static struct counts jitters_of(const struct longhaul_status *s)
{
    return (struct counts){ s->jitters.n > 0, s->jitters.n, s->jitters.n_within, s->jitters.sum_s };
}

/* Prometheus's histograms: each bucket counts what is at most its bound, so what is in the buckets before it, too. */
static const struct histogram_family { const char *name, *help;
    struct counts (*counts)(const struct longhaul_status *status);
} histograms[] = {
    { "delay_seconds", "Delays in queues of the datagrams received; those of the last seconds are added later.",
      delays_of },
    { "interval_jitter_seconds", "Jitter (RFC 3550) at the end of each interval.", jitters_of },
};

static void begin_part(FILE *out, const char *prefix, const struct histogram_family *family, const char *part,
                       const struct row *row)
{
    char name[80];
    snprintf(name, sizeof name, "%s_%s", family->name, part);
    begin_series(out, prefix, name, row);
}

static void put_histogram(FILE *out, const char *prefix, const struct histogram_family *family, const struct row *rows,
                          size_t n)
{
    bool has_head = false;
    for (size_t i = 0; i < n; i++) {
        const struct counts c = family->counts(rows[i].status);
        if (!c.is_known)
            continue;
        if (!has_head)
            put_head(out, prefix, family->name, "histogram", family->help);
        has_head = true;
        for (size_t k = 0; k <= LONGHAUL_DELAY_BOUNDS; k++) {
            begin_part(out, prefix, family, "bucket", &rows[i]);
            if (k < LONGHAUL_DELAY_BOUNDS)
                fprintf(out, ",le=\"%g\"} %" PRIu64 "\n", longhaul_delay_bounds_s()[k], c.n_within[k]);
            else
                fprintf(out, ",le=\"+Inf\"} %" PRIu64 "\n", c.n);
        }
        begin_part(out, prefix, family, "sum", &rows[i]);
        fputc('}', out);
        put_value(out, c.sum_s);
        begin_part(out, prefix, family, "count", &rows[i]);
        fprintf(out, "} %" PRIu64 "\n", c.n);
    }
}

static const char *const states[] = { "pending", "connecting", "running", "waiting", "done", "stopped", "failed" };

/* A set of states: 1 for the current state, 0 for the others. */
static void put_states(FILE *out, const char *prefix, const struct row *rows, size_t n)
{
    put_head(out, prefix, "state", "gauge", "1 for the state that the leg is in, 0 for the others.");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof states / sizeof states[0]; k++) {
            begin_series(out, prefix, "state", &rows[i]);
            fputc(',', out);
            put_label(out, "state", states[k]);
            fprintf(out, "} %d\n", strcmp(states[k], longhaul_status_text(rows[i].status)) == 0);
        }
}

static void put_info(FILE *out, const struct row *rows, size_t n)
{
    char port[8];
    put_head(out, "run", "info", "gauge", "Always 1; the labels describe the leg.");
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_leg *leg = rows[i].leg;
        const char *labels[][2] = { { "peer", leg->peer }, { "port", port },
                                    { "direction", leg->direction == LONGHAUL_DIRECTION_PULL ? "pull" : "push" },
                                    { "protocol", leg->protocol == LONGHAUL_PROTOCOL_TCP ? "TCP" : "UDP" },
                                    { "version", LONGHAUL_VERSION }, { "libiperf", longhaul_iperf_version() } };
        snprintf(port, sizeof port, "%u", leg->port);
        begin_series(out, "run", "info", &rows[i]);
        for (size_t k = 0; k < sizeof labels / sizeof labels[0]; k++) {
            fputc(',', out);
            put_label(out, labels[k][0], labels[k][1]);
        }
        fputs("} 1\n", out);
    }
}

/* The target of all streams of the leg together. */
static void put_target(FILE *out, const struct row *rows, size_t n)
{
    bool has_head = false;
    for (size_t i = 0; i < n; i++) {
        double total_bps = leg_total_bps(rows[i].leg);
        if (isnan(total_bps))
            continue;
        if (!has_head)
            put_head(out, "run", "target_bytes_per_second", "gauge",
                     "Target rate of all streams of the leg; absent if unlimited.");
        has_head = true;
        begin_series(out, "run", "target_bytes_per_second", &rows[i]);
        fputc('}', out);
        put_value(out, total_bps / 8);
    }
}

static void put_rows(FILE *out, const char *prefix, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        put_family(out, prefix, &families[i], rows, n);
    for (size_t i = 0; i < sizeof histograms / sizeof histograms[0]; i++)
        put_histogram(out, prefix, &histograms[i], rows, n);
    if (n > 0)
        put_states(out, prefix, rows, n);
}

/* ----------------------------------------------------------------------------------------------------------
 * the file */

int metrics_check_options(const char *path, double every_s, struct longhaul_error *err)
{
    if (path && *path == 0)
        return error_set(err, LONGHAUL_EINVAL, "metrics file \"\": no name");
    if (!(every_s == 0 || (every_s >= 0.1 && every_s <= 3600)))
        return error_set(err, LONGHAUL_EINVAL, "metrics every %g s: from 0.1 to 3600, or 0 for %g", every_s,
                         METRICS_EVERY_S);
    return 0;
}

bool metrics_init(struct metrics_file *file, const char *path, double every_s)
{
    *file = (struct metrics_file){ .path = path ? strdup(path) : NULL,
                                   .every_ns = (int64_t)((every_s > 0 ? every_s : METRICS_EVERY_S) * NS_PER_S) };
    if (path)
        file_clean_dir_of(path);
    return !path || file->path;
}

void metrics_clear(struct metrics_file *file)
{
    free(file->path);
    *file = (struct metrics_file){ .path = NULL };
}

int64_t metrics_due_ns(const struct metrics_file *file)
{
    return file->path ? file->due_ns : INT64_MAX;
}

bool metrics_tried(struct metrics_file *file, int rc, int64_t boot_ns)
{
    bool is_news = file->is_bad != (rc != 0);
    file->is_bad = rc != 0;
    file->due_ns = boot_ns + file->every_ns;
    return is_news;
}

int metrics_check(const char *path, const struct longhaul_leg *legs, size_t n, struct longhaul_error *err)
{
    struct file_draft draft;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (strcmp(legs[i].source, legs[k].source) == 0 && strcmp(legs[i].destination, legs[k].destination) == 0)
                return error_set(err, LONGHAUL_EINVAL, "metrics: %s->%s is in the run twice, and would be one series",
                                 legs[i].source, legs[i].destination);
    int rc = file_begin(&draft, path, err);
    if (rc == 0)
        file_abandon(&draft);
    return rc;
}

/* Makes it readable for the collector, whatever a service's umask, unless somebody gave the file other rights. Not
 * forced to disk: after a crash it is outdated anyway. */
static int commit(struct file_draft *draft, struct longhaul_error *err)
{
    if (!draft->replaces)
        fchmod(draft->fd, 0644);
    return file_commit_unsynced(draft, err);
}

int metrics_write_run(const char *path, const struct metrics_leg *legs, size_t n, double wall_unix_s,
                      struct longhaul_error *err)
{
    struct file_draft draft;
    struct plain_numbers plain;
    struct row *rows = calloc(n + 1, sizeof *rows);
    int rc = rows ? file_begin(&draft, path, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    for (size_t i = 0; rc == 0 && i < n; i++)
        rows[i] = (struct row){ legs[i].leg->source, legs[i].leg->destination, legs[i].leg, &legs[i].status };
    plain_numbers_begin(&plain);
    if (rc == 0) {
        put_rows(draft.stream, "run", rows, n);
        put_target(draft.stream, rows, n);
        put_info(draft.stream, rows, n);
        put_head(draft.stream, "run", "last_update_timestamp_seconds", "gauge", UPDATE_HELP);
        for (size_t i = 0; i < n; i++) {
            begin_series(draft.stream, "run", "last_update_timestamp_seconds", &rows[i]);
            fprintf(draft.stream, "} %.3f\n", wall_unix_s);
        }
        rc = commit(&draft, err);
    }
    plain_numbers_end(&plain);
    free(rows);
    return rc;
}

static void put_ports(FILE *out, const struct metrics_port *ports, size_t n, double wall_unix_s)
{
    put_head(out, "serve", "port_busy", "gauge", "1 while a test is under way on the port.");
    for (size_t i = 0; i < n; i++)
        fprintf(out, "longhaul_serve_port_busy{port=\"%u\"} %d\n", ports[i].port, ports[i].is_busy);
    put_head(out, "serve", "tests_total", "counter", "Tests that began.");
    for (size_t i = 0; i < n; i++)
        fprintf(out, "longhaul_serve_tests_total{port=\"%u\"} %" PRIu64 "\n", ports[i].port, ports[i].n_tests);
    put_head(out, "serve", "refused_tests_total", "counter",
             "Tests that were refused for what they asked for or did.");
    for (size_t i = 0; i < n; i++)
        fprintf(out, "longhaul_serve_refused_tests_total{port=\"%u\"} %" PRIu64 "\n", ports[i].port,
                ports[i].n_refused);
    put_head(out, "serve", "last_update_timestamp_seconds", "gauge", UPDATE_HELP);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "longhaul_serve_last_update_timestamp_seconds{port=\"%u\"} %.3f\n", ports[i].port, wall_unix_s);
}

int metrics_write_serve(const char *path, const struct metrics_port *ports, size_t n_ports,
                        const struct longhaul_served_leg *legs, size_t n_legs, double wall_unix_s,
                        struct longhaul_error *err)
{
    struct file_draft draft;
    struct plain_numbers plain;
    struct row *rows = calloc(n_legs + 1, sizeof *rows);
    int rc = rows ? file_begin(&draft, path, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    for (size_t i = 0; rc == 0 && i < n_legs; i++)
        rows[i] = (struct row){ legs[i].source, legs[i].destination, NULL, &legs[i].status };
    plain_numbers_begin(&plain);
    if (rc == 0) {
        put_ports(draft.stream, ports, n_ports, wall_unix_s);
        put_rows(draft.stream, "serve", rows, n_legs);
        rc = commit(&draft, err);
    }
    plain_numbers_end(&plain);
    free(rows);
    return rc;
}
