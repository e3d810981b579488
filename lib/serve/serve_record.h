/* serve_record.h - the record of a leg that `run` pushes to a server: checks what the client says about the leg, and
 * opens the file. */
#ifndef SERVE_RECORD_H
#define SERVE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <longhaul.h>

#include "model/leg.h"
#include "record/record.h"
#include "serve/serve_sources.h"

/* What `run` says about itself in extra_data. */
struct serve_label {
    bool is_of_ours; /* it claims to come from longhaul */
    bool is_good;    /* and it is the name of a leg */
    struct longhaul_file_name name;
    char stem[LONGHAUL_STEM_MAX];
    double interval_s;
    uint32_t n_flows;
    bool has_hops;   /* its route is to be traced (serve_hops.h) */
    char key[LEG_KEY_SIZE + 1]; /* the leg's secret; "" if the client gives none (longhaul before 0.2) */
};

/* The place where a test arrived. */
struct serve_record_place {
    const char *dir, *bind_address; /* bind_address may be NULL */
    const char *client;             /* its address */
    uint16_t port;
    struct serve_sources *sources;  /* they decide whether the client may begin another record */
    const struct sockaddr_storage *from; /* its address */
    bool is_stranger; /* it has the name of a leg that is expected from another host: see serve_expected.h */
};

/* Reads a label and returns is_good. text comes from a stranger. */
bool serve_label_read(const char *text, size_t length, struct serve_label *label);

/* A leg that comes again continues its record, which belongs to the client that began it: to the key of its label, or
 * to its address if it gave no key. If the name is taken by another client's record, or by a finished one, the record
 * gets a number: <stem>.2, ... A stranger's record goes to the folder "strangers". */
int serve_record_begin(const struct serve_record_place *place, const struct serve_label *label, struct record **out,
                       struct longhaul_error *err);

#endif
