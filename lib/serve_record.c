/* serve_record.c - the record of what `run` pushes to a server, under the name that its client gives. Trusts nothing that a client
 * says; knows no ports and no children. */

#include "serve_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "file.h"
#include "journal.h"
#include "leg.h"

#define LABEL_BYTES_MAX 4096 /* run's are under 400 */

/* A label names a file: each part is checked as if it came from an enemy, and the whole must be the name that `run` would make of
 * the parts. */
static bool check_label(const json_t *said, struct serve_label *label)
{
    const char *stem = json_string_value(json_object_get(said, "stem"));
    const json_t *interval_s = json_object_get(said, "interval_s");
    char made[LONGHAUL_NAME_MAX];
    struct longhaul_leg leg = { .peer = "peer", .interval_s = json_is_number(interval_s) ? json_number_value(interval_s) : -1 };
    if (stem == NULL || strlen(stem) >= sizeof label->stem || strchr(stem, '/') || leg.interval_s == 0 ||
        longhaul_name_parse(stem, &label->name, NULL) != 0 || label->name.start_unix_s == 0)
        return false;
    strcpy(leg.source, label->name.source);
    strcpy(leg.destination, label->name.destination);
    leg.protocol = label->name.protocol;
    leg.rate_bps = label->name.rate_bps;
    leg.duration_s = label->name.duration_s;
    if (longhaul_leg_stem(&leg, label->name.start_unix_s, made, NULL) != 0 || strcmp(made, stem) != 0)
        return false;
    strcpy(label->stem, stem);
    label->interval_s = leg.interval_s;
    return true;
}

bool serve_label_read(const char *text, size_t length, struct serve_label *label)
{
    json_t *said = length <= LABEL_BYTES_MAX ? json_loadb(text, length, 0, NULL) : NULL;
    label->is_of_ours = json_object_get(said, "longhaul") != NULL;
    label->is_good = said && check_label(said, label);
    json_decref(said);
    return label->is_good;
}

static json_t *header_of(const struct serve_record_place *place, const struct serve_label *label)
{
    const struct longhaul_name *name = &label->name;
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:I, s:I, s:f, s:I, s:s, s:s}", "format", JOURNAL_FORMAT,
                     "version", LONGHAUL_VERSION, "source", name->source, "destination", name->destination, "direction", "push",
                     "role", "receiver", "protocol", name->protocol == LONGHAUL_TCP ? "TCP" : "UDP", "peer", place->client, "port",
                     place->port, "bind_address",
                     place->bind_address ? place->bind_address : "", "rate_bps",
                     (json_int_t)(name->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : name->rate_bps), "duration_s",
                     (json_int_t)name->duration_s, "interval_s", label->interval_s, "start_unix_us",
                     (json_int_t)(clock_wall_ns() / 1000), "libiperf", longhaul_iperf_version(), "intervals_by",
                     longhaul_iperf_intervals());
}

int serve_record_begin(const struct serve_record_place *place, const struct serve_label *label, struct record **out,
                       struct longhaul_error *err)
{
    char *dir = file_join(place->dir, "receiver"), *path = NULL;
    struct record *record = NULL;
    int rc = 0;
    if (dir == NULL || asprintf(&path, "%s/%s.journal", dir, label->stem) < 0) {
        path = NULL;
        rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    } else if (access(path, F_OK) == 0) {
        rc = record_reopen(path, RECORD_PEER_CLOSED, "no session of the client's", &record, err);
    }
    if (rc == 0 && record == NULL)
        rc = record_create(dir, label->stem, header_of(place, label), &record, err);
    free(path);
    free(dir);
    if (rc == 0)
        *out = record;
    return rc;
}
