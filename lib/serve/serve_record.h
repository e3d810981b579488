/* serve_record.h - the record of what `run` pushes to a server: what the client says of its leg, checked, and the file
 * it names. */
#ifndef SERVE_RECORD_H
#define SERVE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <longhaul.h>

#include "model/leg.h"
#include "record/record.h"
#include "serve/serve_sources.h"

/* What `run` says of itself in extra_data. */
struct serve_label {
    bool is_of_ours; /* it claims to be */
    bool is_good;    /* and it is the name of a leg */
    struct longhaul_file_name name;
    char stem[LONGHAUL_STEM_MAX];
    double interval_s;
    char key[LEG_KEY_SIZE + 1]; /* the leg's secret; "" when the client gives none (longhaul before 0.2) */
};

/* Where a test came to. */
struct serve_record_place {
    const char *dir, *bind_address; /* bind_address may be NULL */
    const char *client;             /* its address */
    uint16_t port;
    struct serve_sources *sources;  /* which say whether the client may begin one more record */
    const struct sockaddr_storage *from; /* its address */
    bool is_stranger; /* it has the name of a leg that is expected from somebody else: see serve_expected.h */
};

/* is_good. text is a stranger's. */
bool serve_label_read(const char *text, size_t length, struct serve_label *label);

/* A leg that comes again goes on in its record, which belongs to whoever began it: to the key of its label, or to its
 * address where it gave no key. Where the name is taken by another's record, or by a finished one, the record gets a
 * number: <stem>.2, ... A stranger's record is in the folder "strangers". */
int serve_record_begin(const struct serve_record_place *place, const struct serve_label *label, struct record **out,
                       struct longhaul_error *err);

#endif
