/* metrics.h - live figures as a text file that node_exporter collects. */
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

/* A file that is renewed again and again; all zero when there is none. */
struct metrics_file {
    char *path; /* NULL for none */
    int64_t every_ns, due_ns;
    bool is_bad; /* told, and not yet better */
};

/* path (copied) and every_s as in the options. false when out of memory. */
bool metrics_init(struct metrics_file *file, const char *path, double every_s);
void metrics_clear(struct metrics_file *file);
/* When the next writing is due; INT64_MAX without a file. */
int64_t metrics_due_ns(const struct metrics_file *file);
/* It was tried at boot_ns. true when whether it can be written has changed: worth telling. */
bool metrics_tried(struct metrics_file *file, int rc, int64_t boot_ns);

/* LONGHAUL_EINVAL when two legs would be one series: the same source and destination. LONGHAUL_EIO when the file could
 * not be written; what is there is left as it is, for the figures of a run that is resumed come from its journal. */
int metrics_check(const char *path, const struct longhaul_leg *legs, size_t n, struct longhaul_error *err);
/* How often, of an option of 0 for the usual. LONGHAUL_EINVAL when out of range, or path is "". */
int metrics_check_options(const char *path, double every_s, struct longhaul_error *err);

/* Each writes the whole file: what was there before is there until the new one is complete. wall_unix_s is now. */
int metrics_write_run(const char *path, const struct metrics_leg *legs, size_t n, double wall_unix_s,
                      struct longhaul_error *err);
int metrics_write_serve(const char *path, const struct metrics_port *ports, size_t n_ports,
                        const struct longhaul_served_leg *legs, size_t n_legs, double wall_unix_s,
                        struct longhaul_error *err);

#endif
