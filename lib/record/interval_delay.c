/* interval_delay.c - writes and reads what the datagrams of an interval told. */

#include "record/interval_delay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/plain_numbers.h"
#include "model/iperf_json.h"

struct member {
    const char *key;
    size_t offset; /* in struct longhaul_delay */
    enum delay_kind kind;
};

#define MEMBER(column, member, key, kind) { key, offsetof(struct longhaul_delay, member), kind },
static const struct member members[] = { DELAY_MEMBERS(MEMBER) };
static const struct member own_members[] = { DELAY_OWN_MEMBERS(MEMBER) };
#undef MEMBER

#define N_MEMBERS (sizeof members / sizeof members[0])
#define N_OWN_MEMBERS (sizeof own_members / sizeof own_members[0])

static double value_of(const struct longhaul_delay *delay, const struct member *member)
{
    return delay_known(member->kind, *(const double *)(const void *)((const char *)delay + member->offset));
}

/* Tenths of a microsecond, and from a millisecond on microseconds: the sender's clock has these. */
static size_t put_number(char *text, size_t size, const char *before, const char *key, double value)
{
    double shown = fabs(value) < 1000 ? rint(value * 10) / 10 + 0.0 : value; /* + 0.0: 0 instead of -0 */
    const char *format = fabs(shown) < 1000 ? "%s\"%s\":%.4g" : "%s\"%s\":%.0f";
    return (size_t)snprintf(text, size, format, before, key, shown);
}

/* "850,1 20,7": a text, so that rows with different numbers of runs have the same layout (read/scan.h). */
static size_t put_runs(const struct longhaul_delay *delay, char *text, size_t size)
{
    size_t n = (size_t)snprintf(text, size, ",\"runs\":\"");
    for (uint32_t i = 0; i < delay->n_listed; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%u,%u", i ? " " : "", delay->runs[i].distance,
                              delay->runs[i].length);
    return n + (size_t)snprintf(text + n, size - n, "\"");
}

/* No silence, no shift: such members are absent, and what is 0 in a row without losses is not written. */
static bool is_told(const struct member *member, double value)
{
    bool is_count = member->offset == offsetof(struct longhaul_delay, silences) ||
                    member->offset == offsetof(struct longhaul_delay, loss_runs) ||
                    member->offset == offsetof(struct longhaul_delay, longest_run);
    return !isnan(value) && !(is_count && value == 0);
}

size_t interval_delay_text(const struct longhaul_delay *delay, char text[INTERVAL_DELAY_BYTES])
{
    struct plain_numbers plain;
    size_t n = 0, size = INTERVAL_DELAY_BYTES;
    bool is_open = false;
    text[0] = 0;
    plain_numbers_begin(&plain);
    for (size_t i = 0; i < N_MEMBERS; i++) {
        double value = value_of(delay, &members[i]);
        if (is_told(&members[i], value))
            n += put_number(text + n, size - n, is_open ? "," : ",\"delay_us\":{", members[i].key, value);
        is_open = is_open || is_told(&members[i], value);
    }
    if (is_open)
        n += (size_t)snprintf(text + n, size - n, "}");
    for (size_t i = 0; i < N_OWN_MEMBERS; i++) {
        double value = value_of(delay, &own_members[i]);
        if (is_told(&own_members[i], value))
            n += put_number(text + n, size - n, ",", own_members[i].key, value);
    }
    if (delay->n_listed > 0)
        n += put_runs(delay, text + n, size - n);
    plain_numbers_end(&plain);
    return n;
}

void interval_delay_decode(const json_t *own, struct longhaul_delay *out)
{
    const json_t *object = json_object_get(own, "delay_us");
    *out = delay_none();
#define DECODE(column, member, key, kind) out->member = delay_known(kind, number_of(object, key));
    DELAY_MEMBERS(DECODE)
#undef DECODE
#define DECODE(column, member, key, kind) out->member = delay_known(kind, number_of(own, key));
    DELAY_OWN_MEMBERS(DECODE)
#undef DECODE
}
