/* topology_value.h - values of a topology's JSON, each with the path that leads to it, and the one-line refusals. */
#ifndef TOPOLOGY_VALUE_H
#define TOPOLOGY_VALUE_H

#include <jansson.h>
#include <longhaul.h>

/* What the values of one file share. */
struct value_file {
    const char *name;
    struct longhaul_error *err;
};

/* A place in the document. Lives on the stack of the function that reads it; the value above outlives it. */
struct value {
    const struct value_file *file;
    const struct value *above; /* NULL for the whole document */
    const char *key;           /* for a member; NULL for an item of an array */
    size_t index;
    json_t *json;              /* borrowed; NULL if none exists */
};

struct value value_member(const struct value *object, const char *key);
struct value value_item(const struct value *array, size_t index);

/* Refuses with "<file>: <path>: " and the message; for the whole document "<file>: " and the message. Returns
 * LONGHAUL_EINVAL. */
int value_refuse(const struct value *value, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Refuses with "<file>: <path>: <value> " and the message, which continues the sentence: "is not a rate". */
int value_refuse_quoting(const struct value *value, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with the words in which longhaul_leg_set() refuses this option of a leg. */
int value_refuse_option(const struct value *value, const char *key);

/* The functions below return 0, or a negative code after a refusal. If the value does not exist, the result is left
 * unchanged. */

/* Checks that it is an object with no other keys than those in known, which ends with NULL. */
int value_check_keys(const struct value *object, const char *const *known);
int value_string(const struct value *value, const char **text);
int value_boolean(const struct value *value, bool *is_true);
int value_integer(const struct value *value, int64_t min, int64_t max, int64_t *number);
int value_real(const struct value *value, double min, double max, double *number);
/* "10M", or a whole number of bit/s. */
int value_rate(const struct value *value, uint64_t *rate_bps);
/* "24h", or a whole number of seconds. */
int value_duration(const struct value *value, uint32_t *seconds);
/* "5201-5206,5300", or one port. *ports is malloc'd, in the order given, without repetitions. */
int value_ports(const struct value *value, uint16_t **ports, size_t *n_ports);

#endif
