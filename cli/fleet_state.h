/* fleet_state.h - what the hosts of a fleet said about themselves: the file that the role status writes. */
#ifndef FLEET_STATE_H
#define FLEET_STATE_H

#include <longhaul.h>

struct fleet_unit {
    char name[128], active[24], sub[24]; /* as systemctl list-units has them */
};

/* A leg at its starter. */
struct fleet_leg {
    char state[24];           /* of a run that is active: "running"...; "" if none tells of it */
    double coverage;          /* of what has elapsed; NAN while unknown, as all below */
    double gaps;
    double row_age_s;         /* since the last row of its journal; by the starter's clock */
    bool is_empty;            /* that row has no byte: nothing arrives, or is sent */
    double result_age_s, result_coverage; /* of its newest result */
};

struct fleet_host {
    char site[LONGHAUL_CODE_MAX + 1];
    bool is_left, answers;
    char why[256];            /* it does not answer */
    char version[128], program[80], topology[80]; /* a line; hashes; "" for none */
    struct fleet_unit *units;
    size_t n_units;
};

struct fleet_state {
    char topology[80];        /* the hash that all hosts should have */
    struct fleet_host *hosts;
    size_t n_hosts;
    struct fleet_leg *legs;   /* by leg of the plan, as its starter says */
    double *received_age_s;   /* by leg: since the last row of the receiver's journal; NAN while unknown */
    bool *is_received_empty;  /* by leg: that row has no byte */
    char (*strange)[2 * LONGHAUL_CODE_MAX + 80]; /* "HK runs HK-OLD": legs that the plan does not have */
    size_t n_strange;
};

/* Reads the file; plan says which legs there are. Returns EXIT_DONE, or the exit status after a message. */
int fleet_state_read(const char *path, const struct longhaul_topology *topology, const struct longhaul_plan *plan,
                     struct fleet_state *state);
void fleet_state_free(struct fleet_state *state);
const struct fleet_host *fleet_state_host(const struct fleet_state *state, const char *site);
bool fleet_state_is_active(const struct fleet_host *host, const char *kind, const char *site);
/* Whether a state of a leg is one in which it has ended. */
bool fleet_state_is_over(const char *state);

#endif
