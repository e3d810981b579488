/* schedule.c - when a plan began on this host. A plan with several rounds keeps its start in a file, so that a resumed
 * run knows the time of each round; a plan with one round keeps nothing. Starts nothing. */

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_number.h"
#include "base/units.h"
#include "model/leg.h"
#include "plan/plan.h"

#define SCHEDULE_FORMAT 1

/* "<dir>/<SITE>.rounds", malloc'd. */
static char *path_of(const struct longhaul_plan *plan, size_t site, const char *dir)
{
    char name[LONGHAUL_CODE_MAX + 16];
    snprintf(name, sizeof name, "%s.rounds", plan->topology->sites[site].is.code);
    return file_join(dir, name);
}

/* The start in the file, if it belongs to a plan with the same rounds that is not over; else 0. */
static int64_t read_start(const struct longhaul_plan *plan, const char *path, int64_t now_s)
{
    json_t *kept = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    int64_t start_s = json_integer_value(json_object_get(kept, "start_unix_s"));
    bool is_same = json_integer_value(json_object_get(kept, "format")) == SCHEDULE_FORMAT &&
                   json_integer_value(json_object_get(kept, "rounds")) == plan->n_rounds &&
                   json_integer_value(json_object_get(kept, "legs")) == (json_int_t)plan->n_legs &&
                   number_or_0(kept, "seconds") == plan->seconds;
    json_decref(kept);
    bool is_current =
        start_s > 0 && start_s <= now_s && now_s - start_s <= (int64_t)plan->seconds + plan->topology->pause_s;
    return is_same && is_current ? start_s : 0;
}

static int write_start(const struct longhaul_plan *plan, const char *dir, const char *path, int64_t start_s,
                       struct longhaul_error *err)
{
    json_t *kept =
        json_pack("{s:i, s:I, s:I, s:I, s:f}", "format", SCHEDULE_FORMAT, "start_unix_s", (json_int_t)start_s, "rounds",
                  (json_int_t)plan->n_rounds, "legs", (json_int_t)plan->n_legs, "seconds", plan->seconds);
    char *text = kept ? json_dumps(kept, JSON_COMPACT) : NULL;
    int rc = text ? file_make_dir(dir, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0)
        rc = file_write(path, text, strlen(text), err);
    free(text);
    json_decref(kept);
    return rc;
}

/* Checks that a given start is not so long ago that no leg would have time left. */
static int check_start(const struct longhaul_plan *plan, int64_t ago_s, struct longhaul_error *err)
{
    if (ago_s <= (int64_t)plan->seconds)
        return 0;
    return error_set(err, LONGHAUL_EINVAL, "%s: the plan is over: it takes %.0f s, and was to begin %lld s ago",
                     plan->topology->file, plan->seconds, (long long)ago_s);
}

int longhaul_plan_begin(const struct longhaul_plan *plan, size_t site, const struct longhaul_run_options *options,
                        struct longhaul_schedule *out, struct longhaul_error *err)
{
    int64_t now_s = clock_wall_ns() / NS_PER_S, kept_s = 0;
    struct longhaul_schedule begun = { .start_unix_s = options->start_unix_s ? options->start_unix_s : now_s,
                                       .is_given = options->start_unix_s != 0 };
    const char *dir = options->dir ? options->dir : LEG_DIR;
    if (site >= plan->n_sites)
        return error_set(err, LONGHAUL_EINVAL, "site %zu: the plan has %zu", site, plan->n_sites);
    char *path = path_of(plan, site, dir);
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (plan->n_rounds > 1 && (options->is_resumed || options->is_resume_only))
        kept_s = read_start(plan, path, now_s);
    int rc = 0;
    if (kept_s > 0)
        begun = (struct longhaul_schedule){ .start_unix_s = kept_s, .is_resumed = true };
    else if ((rc = check_start(plan, now_s - begun.start_unix_s, err)) == 0 && plan->n_rounds > 1 &&
             !options->is_resume_only)
        rc = write_start(plan, dir, path, begun.start_unix_s, err);
    free(path);
    if (rc == 0)
        *out = begun;
    return rc;
}

double longhaul_plan_delay_s(const struct longhaul_plan *plan, const struct longhaul_schedule *schedule, size_t leg)
{
    if (leg >= plan->n_legs)
        return 0;
    double start_s = plan->legs[leg].start_s;
    if (!schedule->is_resumed && !schedule->is_given)
        return start_s;
    double delay_s = (double)schedule->start_unix_s - (double)clock_wall_ns() / NS_PER_S + start_s;
    /* How late this host may be: within the pause between rounds, or, with one round, within the room after it. */
    double slack_s = plan->n_rounds > 1 ? (double)plan->topology->pause_s : INFINITY;
    return delay_s < 0 && delay_s >= -slack_s ? 0 : delay_s;
}
