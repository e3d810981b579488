/* export_maker.c - a series while it is made: its name, labels, and values in the order of time. */

#include <math.h>
#include <string.h>

#include "export/export_series.h"

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
    maker->series = (struct export_series){ .family = export_family(i), .i_family = i, .ms = maker->ms,
                                            .values = maker->values };
}

void export_maker_label(struct export_maker *maker, const char *name, const char *value)
{
    if (*value && maker->series.n_labels < EXPORT_MOST_LABELS)
        maker->series.labels[maker->series.n_labels++] = (struct export_label){ name, value };
}

void export_maker_add(struct export_maker *maker, int64_t ms, double value)
{
    size_t n = maker->series.n;
    if (!isfinite(value) || n == maker->room)
        return;
    ms = ms < maker->test->start_ms ? maker->test->start_ms : ms > maker->test->last_ms ? maker->test->last_ms : ms;
    maker->ms[n] = n > 0 && ms <= maker->ms[n - 1] ? maker->ms[n - 1] + 1 : ms;
    maker->values[n] = value;
    maker->series.n++;
}

int export_maker_end(struct export_maker *maker)
{
    return maker->series.n > 0 ? maker->take(&maker->series, maker->payload, maker->err) : 0;
}
