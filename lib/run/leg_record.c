/* leg_record.c - the record of a leg that runs here: begins a new one, or finds an existing one by its name and
 * continues it; and describes it to the server, which keeps a record of its own. Knows no session. */

#include "run/leg_record.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "engine/engine.h"
#include "host/free_ports.h"
#include "model/leg.h"
#include "record/journal.h"
#include "record/record_header.h"

static const char *direction_of(const struct longhaul_leg *leg)
{
    return leg->direction == LONGHAUL_DIRECTION_PULL ? "pull" : "push";
}

/* The leg's secret, which its server stores with the record: only a client that knows it can continue that record.
 * Results omit it. "" if the kernel gives no random bytes: the server then relies on the address alone. */
static void make_key(char key[LEG_KEY_SIZE + 1])
{
    unsigned char bytes[LEG_KEY_SIZE / 2];
    *key = 0;
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(key + 2 * i, 3, "%02x", bytes[i]);
}

static int new_record(const char *dir, const struct longhaul_leg *leg, struct record **out, struct longhaul_error *err)
{
    char stem[LONGHAUL_STEM_MAX], key[LEG_KEY_SIZE + 1] = "";
    int64_t wall_ns = clock_wall_ns();
    int rc = longhaul_leg_stem(leg, wall_ns / NS_PER_S, stem, err);
    if (rc != 0)
        return rc;
    if (leg->direction == LONGHAUL_DIRECTION_PUSH)
        make_key(key);
    json_t *header = record_header_new(leg, RECORD_BY_STARTER, key, wall_ns);
    if (leg->n_flows > 1)
        json_object_set_new(header, "first_port", json_integer(free_ports(leg->n_flows)));
    return record_create(dir, stem, header, out, err);
}

static bool is_of_leg(const char *file_name, const char *ending, const struct longhaul_leg *leg, int64_t since_unix_s)
{
    struct longhaul_file_name name;
    return file_has_ending(file_name, ending) && longhaul_file_name_parse(file_name, &name, NULL) == 0 &&
           name.start_unix_s != 0 && name.start_unix_s >= since_unix_s && strcmp(name.source, leg->source) == 0 &&
           strcmp(name.destination, leg->destination) == 0 && name.protocol == leg->protocol &&
           (name.rate_bps == leg->rate_bps || name.protocol == LONGHAUL_PROTOCOL_TCP) &&
           name.duration_s == leg->duration_s;
}

/* The newest file of the leg in the folder, malloc'd; NULL if none exists. Names sort by time. */
static char *find_file(const char *folder, const char *ending, const struct longhaul_leg *leg, int64_t since_unix_s)
{
    char newest[256] = "";
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL)
        if (is_of_leg(entry->d_name, ending, leg, since_unix_s) && strcmp(entry->d_name, newest) > 0)
            snprintf(newest, sizeof newest, "%s", entry->d_name);
    if (dir)
        closedir(dir);
    return *newest ? file_join(folder, newest) : NULL;
}

static char *find_journal(const char *folder, const struct longhaul_leg *leg)
{
    return find_file(folder, LEG_JOURNAL, leg, INT64_MIN);
}

int longhaul_run_journal(const char *dir, const struct longhaul_leg *leg, struct longhaul_journal *out,
                         struct longhaul_error *err)
{
    struct longhaul_leg filled = *leg;
    struct longhaul_file_name name;
    int rc = longhaul_leg_check(leg, err);
    if (rc != 0)
        return rc;
    longhaul_leg_fill(&filled);
    char *path = find_journal(dir ? dir : LEG_DIR, &filled);
    if (path == NULL)
        return 0;
    if (strlen(path) >= sizeof out->path)
        rc = error_set(err, LONGHAUL_EINVAL, "folder %.60s...: its name is too long", path);
    else if ((rc = longhaul_file_name_parse(path, &name, err)) == 0) {
        strcpy(out->path, path);
        out->start_unix_s = name.start_unix_s;
        out->end_unix_s = name.start_unix_s + name.duration_s;
    }
    free(path);
    return rc ? rc : 1;
}

char *leg_record_result_since(const char *dir, const struct longhaul_leg *leg, int64_t unix_s)
{
    return find_file(dir, LEG_RESULT, leg, unix_s);
}

bool leg_record_is_left(const char *dir, const struct longhaul_leg *leg)
{
    char *left = find_journal(dir, leg);
    bool is_left = left != NULL;
    free(left);
    return is_left;
}

/* True if the planned end in its header has passed. */
static bool is_over(const struct record *record, const struct longhaul_leg *leg)
{
    int64_t start_us = json_integer_value(json_object_get(record_header(record), "start_unix_us"));
    return start_us + (int64_t)leg->duration_s * US_PER_S < clock_wall_ns() / NS_PER_US;
}

/* A name does not tell who wrote the file, and a file can be renamed to that of another leg: rows of a receiver and of
 * a sender must not be mixed in one record. */
static int check_leg(const struct record *record, const struct longhaul_leg *leg, struct longhaul_error *err)
{
    const json_t *header = record_header(record);
    const char *source = json_string_value(json_object_get(header, "source")),
               *direction = json_string_value(json_object_get(header, "direction"));
    const char *destination = json_string_value(json_object_get(header, "destination")),
               *path = record_journal_path(record);
    if (source == NULL || destination == NULL || strcmp(source, leg->source) != 0 ||
        strcmp(destination, leg->destination) != 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: is a journal of %s->%s", path, source ? source : "",
                         destination ? destination : "");
    if (direction == NULL || strcmp(direction, direction_of(leg)) == 0)
        return 0;
    return error_set(err, LONGHAUL_EINVAL, "%s: its leg did not begin as a %s: continue it as it began, or recover it",
                     path, direction_of(leg));
}

/* Continues an interrupted record. If that had measured nothing, and its time is over or its first line is incomplete,
 * it is removed and there is no record. */
static int resume_record(const char *path, const struct longhaul_leg *leg, struct record **out,
                         struct longhaul_error *err)
{
    struct record *record = NULL;
    int rc = record_reopen(path, RECORD_RESTARTED, "longhaul was not running", &record, err);
    if (rc == 0 && record)
        rc = check_leg(record, leg, err);
    if (rc != 0)
        record_close(record);
    else if (record && !record_has_started(record) && is_over(record, leg))
        record_discard(record);
    else
        *out = record;
    return rc;
}

int leg_record_begin(const char *dir, const struct longhaul_leg *leg, enum leg_record_way way, struct record **out,
                     struct longhaul_error *err)
{
    char *left = way == LEG_RECORD_NEW ? NULL : find_journal(dir, leg);
    struct record *record = NULL;
    int rc = left ? resume_record(left, leg, &record, err) : 0;
    if (rc == 0 && record == NULL && way != LEG_RECORD_RESUME_ONLY)
        rc = new_record(dir, leg, &record, err);
    free(left);
    if (rc == 0)
        *out = record;
    return rc;
}

uint16_t leg_record_first_port(const struct record *record, const struct longhaul_leg *leg)
{
    json_int_t port = json_integer_value(json_object_get(record_header(record), "first_port"));
    return leg->n_flows > 1 && port > 0 && port + leg->n_flows <= 65536 ? (uint16_t)port : 0;
}

/* Both ends may exchange news about the route (engine/news.h). Where libiperf is a shared library, a receiver could not
 * take them out of its data. */
static bool has_news(const struct longhaul_leg *leg)
{
    return !leg->has_no_hops && leg->protocol == LONGHAUL_PROTOCOL_UDP &&
           (leg->direction == LONGHAUL_DIRECTION_PUSH || engine_has_door());
}

char *leg_record_label(const struct record *record, const struct longhaul_leg *leg)
{
    const char *path = record_journal_path(record), *slash = strrchr(path, '/');
    const char *stem = slash ? slash + 1 : path;
    json_t *label =
        json_pack("{s:i, s:s, s:s, s:s%, s:f, s:I}", "longhaul", JOURNAL_FORMAT, "source", leg->source, "destination",
                  leg->destination, "stem", stem, (size_t)(strlen(stem) - strlen(LEG_JOURNAL)), "interval_s",
                  leg->interval_s, "duration_s", (json_int_t)leg->duration_s);
    if (leg->n_flows > 1)
        json_object_set_new(label, "flows", json_integer(leg->n_flows));
    if (has_news(leg))
        json_object_set_new(label, "hops", json_true());
    json_object_set(label, "key", json_object_get(record_header(record), "key")); /* nothing happens without one */
    char *text = label ? json_dumps(label, JSON_COMPACT) : NULL;
    json_decref(label);
    return text;
}
