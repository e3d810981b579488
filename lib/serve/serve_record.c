/* serve_record.c - the label that a client gives its leg, and the record that is begun under that name. Trusts
 * nothing that a client says; knows no ports and no children. */

#include "serve/serve_record.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"
#include "record/record_header.h"

#define LABEL_BYTES_MAX 4096 /* run's labels are shorter than 400 */
#define HEADER_BYTES_MAX 8192
#define N_SAME_NAME_MAX 99

static bool is_key(const char *text)
{
    return strlen(text) == LEG_KEY_SIZE && strspn(text, "0123456789abcdef") == LEG_KEY_SIZE;
}

/* As longhaul_leg_check() refuses it, if it is not a number of flows. */
static uint32_t flows_of(const json_t *flows)
{
    json_int_t n = json_is_integer(flows) ? json_integer_value(flows) : -1;
    return n > 0 && n <= UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* A label names a file: each part is checked as hostile input, and the whole must be the name that `run` would make of
 * the parts. */
static bool check_label(const json_t *said, struct serve_label *label)
{
    const char *stem = json_string_value(json_object_get(said, "stem"));
    const char *key = json_string_value(json_object_get(said, "key"));
    const json_t *interval_s = json_object_get(said, "interval_s"), *flows = json_object_get(said, "flows");
    char made[LONGHAUL_STEM_MAX];
    struct longhaul_leg leg = { .peer = "peer",
                                .interval_s = json_is_number(interval_s) ? json_number_value(interval_s) : -1 };
    if (stem == NULL || strlen(stem) >= sizeof label->stem || strchr(stem, '/') || leg.interval_s == 0 ||
        longhaul_file_name_parse(stem, &label->name, NULL) != 0 || label->name.start_unix_s == 0)
        return false;
    strcpy(leg.source, label->name.source);
    strcpy(leg.destination, label->name.destination);
    leg.protocol = label->name.protocol;
    leg.rate_bps = label->name.rate_bps;
    leg.duration_s = label->name.duration_s;
    leg.n_flows = flows ? flows_of(flows) : 1;
    if (longhaul_leg_stem(&leg, label->name.start_unix_s, made, NULL) != 0 || strcmp(made, stem) != 0)
        return false;
    strcpy(label->stem, stem);
    label->interval_s = leg.interval_s;
    label->n_flows = leg.n_flows;
    label->has_hops = json_is_true(json_object_get(said, "hops"));
    snprintf(label->key, sizeof label->key, "%s", key && is_key(key) ? key : "");
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

static json_t *new_header(const struct serve_record_place *place, const struct serve_label *label)
{
    const struct longhaul_file_name *name = &label->name;
    struct longhaul_leg leg = { .direction = LONGHAUL_DIRECTION_PUSH, .protocol = name->protocol, .port = place->port,
                                .rate_bps = name->rate_bps, .duration_s = name->duration_s,
                                .interval_s = label->interval_s, .n_flows = label->n_flows };
    snprintf(leg.source, sizeof leg.source, "%s", name->source);
    snprintf(leg.destination, sizeof leg.destination, "%s", name->destination);
    snprintf(leg.peer, sizeof leg.peer, "%s", place->client);
    snprintf(leg.bind_address, sizeof leg.bind_address, "%s", place->bind_address ? place->bind_address : "");
    return record_header_new(&leg, RECORD_BY_SERVER, label->key, clock_wall_ns());
}

/* The header of an existing journal, owned by the caller; NULL if its first line is not a header, or is incomplete
 * (is_begun is false then). */
static json_t *read_header(const char *path, bool *is_begun)
{
    char line[HEADER_BYTES_MAX];
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    bool has_line = file && fgets(line, sizeof line, file);
    json_t *event = has_line ? json_loads(line, 0, NULL) : NULL;
    json_t *header = json_incref(json_object_get(event, "data"));
    json_decref(event);
    *is_begun = has_line ? strchr(line, '\n') || strlen(line) == sizeof line - 1 : file == NULL || ferror(file);
    if (file)
        fclose(file);
    else if (fd >= 0)
        close(fd);
    return header;
}

/* True if the journal belongs to this client, or to nobody because its host died while creating it. The same key may
 * come from another address: hosts move. */
static bool is_owner(const char *path, const struct serve_record_place *place, const struct serve_label *label)
{
    bool is_begun;
    json_t *header = read_header(path, &is_begun);
    const char *key = json_string_value(json_object_get(header, "key"));
    const char *peer = json_string_value(json_object_get(header, "peer"));
    bool is = key || *label->key ? key && strcmp(key, label->key) == 0 : peer && strcmp(peer, place->client) == 0;
    json_decref(header);
    return is || !is_begun;
}

/* Begins or continues the record under this stem. LONGHAUL_EBUSY if it belongs to another client, or is finished. */
static int begin_under(const struct serve_record_place *place, const struct serve_label *label, const char *dir,
                       const char *stem, struct record **out, struct longhaul_error *err)
{
    char *journal = NULL;
    int rc = 0;
    if (asprintf(&journal, "%s/%s" LEG_JOURNAL, dir, stem) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (access(journal, F_OK) == 0) {
        rc = is_owner(journal, place, label)
                 ? record_reopen(journal, RECORD_PEER_CLOSED, "no session of the client's", out, err)
                 : error_set(err, LONGHAUL_EBUSY, "%s: another client's", journal);
    }
    if (rc == 0 && *out == NULL && !serve_sources_may_record(place->sources, place->from, clock_boot_ns()))
        rc = error_set(err, LONGHAUL_ENET, "not recorded: %s has begun too many records", place->client);
    if (rc == 0 && *out == NULL)
        rc = record_create(dir, stem, new_header(place, label), out, err);
    free(journal);
    return rc;
}

int serve_record_begin(const struct serve_record_place *place, const struct serve_label *label, struct record **out,
                       struct longhaul_error *err)
{
    char *dir = file_join(place->dir, place->is_stranger ? LEG_RECEIVER_DIR "/strangers" : LEG_RECEIVER_DIR),
         stem[LONGHAUL_STEM_MAX + 4];
    struct record *record = NULL;
    struct longhaul_error why = { 0 };
    int rc = dir ? LONGHAUL_EBUSY : error_set(&why, LONGHAUL_ENOMEM, "out of memory");
    for (unsigned n = 1; rc == LONGHAUL_EBUSY && n <= N_SAME_NAME_MAX; n++) {
        why = (struct longhaul_error){ .code = 0 };
        snprintf(stem, sizeof stem, n == 1 ? "%s" : "%s.%u", label->stem, n);
        rc = begin_under(place, label, dir, stem, &record, &why);
    }
    free(dir);
    if (rc == 0)
        *out = record;
    else
        error_set(err, rc, "%s", why.text);
    return rc;
}
