/* metrics.h - live figures as a text file for node_exporter's textfile collector. */
#ifndef METRICS_H
#define METRICS_H

#include <longhaul.h>

#define METRICS_EVERY_S 15.0

/* A leg of `run`. */
struct metrics_leg {
    const struct longhaul_leg *leg;
    struct longhaul_status status;
};

/* A port of `serve`. */
struct metrics_port {
    uint16_t port;
    bool is_busy;
    uint64_t n_tests, n_refused;
};

/* A file that is written again and again; all zero if none exists. */
struct metrics_file {
    char *path; /* NULL for none */
    int64_t every_ns, due_ns;
    bool is_bad; /* the failure was reported, and has not ended yet */
};

/* path (copied) and every_s come from the options. false when out of memory. */
bool metrics_init(struct metrics_file *file, const char *path, double every_s);
void metrics_clear(struct metrics_file *file);
/* When the next write is due; INT64_MAX without a file. */
int64_t metrics_due_ns(const struct metrics_file *file);
/* Notes the outcome of a write at boot_ns. Returns true if the file became writable or unwritable, so that the user
 * should be told. */
bool metrics_tried(struct metrics_file *file, int rc, int64_t boot_ns);

/* LONGHAUL_EINVAL if two legs would be one series: the same source and destination. LONGHAUL_EIO if the file cannot be
 * written; an existing file is kept, since the figures of a resumed run come from its journal. */
int metrics_check(const char *path, const struct longhaul_leg *legs, size_t n, struct longhaul_error *err);
/* Checks path and the writing period, of which 0 is the default. LONGHAUL_EINVAL if it is out of range, or path is
 * "". */
int metrics_check_options(const char *path, double every_s, struct longhaul_error *err);

/* Each writes the whole file; the old one stays until the new one is complete. wall_unix_s is now. */
int metrics_write_run(const char *path, const struct metrics_leg *legs, size_t n, double wall_unix_s,
                      struct longhaul_error *err);
int metrics_write_serve(const char *path, const struct metrics_port *ports, size_t n_ports,
                        const struct longhaul_served_leg *legs, size_t n_legs, double wall_unix_s,
                        struct longhaul_error *err);

#endif
