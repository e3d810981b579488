/* export_maker.c - a series while it is made: its name, labels, and values in the order of time. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "export/export_series.h"

#define LEAST_ROOM 4096
#define EVERY_MS 60000         /* what does not change is told so often, for queries that look back 5 minutes */
#define MOST_CONSTANTS 1000000 /* of a test that claims to have lasted for years */
#define END_OF_TIME_MS 253402300800000.0 /* the year 10000 */

int64_t export_time_ms(const struct export_test *test, double at_s)
{
    double ms = round((test->start_unix_s + at_s) * 1e3);
    return fabs(ms) < END_OF_TIME_MS ? (int64_t)ms : test->start_ms;
}

int64_t export_every_ms(const struct export_test *test)
{
    int64_t most = (test->last_ms - test->start_ms) / MOST_CONSTANTS;
    return most > EVERY_MS ? most : EVERY_MS;
}

const char *export_sides(const struct longhaul_info *info)
{
    return info->has_receiver_record || info->has_server_record ? "both" : info->is_sender ? "sender" : "receiver";
}

void export_maker_begin(struct export_maker *maker, const char *name)
{
    size_t i = 0;
    while (i + 1 < export_family_count() && strcmp(export_family(i)->name, name) != 0)
        i++;
    maker->series = (struct export_series){ .family = export_family(i), .i_family = i };
}

void export_maker_label(struct export_maker *maker, const char *name, const char *value)
{
    if (*value && maker->series.n_labels < EXPORT_MOST_LABELS)
        maker->series.labels[maker->series.n_labels++] = (struct export_label){ name, value };
}

static bool has_room(struct export_maker *maker)
{
    if (maker->series.n < maker->room)
        return true;
    size_t room = 2 * maker->room + LEAST_ROOM;
    int64_t *ms = realloc(maker->ms, room * sizeof *ms);
    maker->ms = ms ? ms : maker->ms;
    double *values = ms ? realloc(maker->values, room * sizeof *values) : NULL;
    maker->values = values ? values : maker->values;
    maker->room = values ? room : maker->room;
    maker->has_failed = maker->has_failed || values == NULL;
    return values != NULL;
}

void export_maker_add(struct export_maker *maker, int64_t ms, double value)
{
    size_t n = maker->series.n;
    if (!isfinite(value) || !has_room(maker))
        return;
    ms = ms < maker->test->start_ms ? maker->test->start_ms : ms > maker->test->last_ms ? maker->test->last_ms : ms;
    maker->ms[n] = n > 0 && ms <= maker->ms[n - 1] ? maker->ms[n - 1] + 1 : ms;
    maker->values[n] = value;
    maker->series.n++;
}

int export_maker_end(struct export_maker *maker)
{
    maker->series.ms = maker->ms;
    maker->series.values = maker->values;
    return export_maker_hand_over(maker);
}

int export_maker_hand_over(struct export_maker *maker)
{
    if (maker->has_failed)
        return error_set(maker->err, LONGHAUL_ENOMEM, "out of memory");
    return maker->series.n > 0 ? maker->take(&maker->series, maker->payload, maker->err) : 0;
}
