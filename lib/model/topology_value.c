/* topology_value.c - values of a topology's JSON with the path that leads to each; says in one line what is wrong with
 * a value. Knows nothing of sites and legs. */

#include "model/topology_value.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/leg.h"

#define SHOWN_MAX 60 /* bytes of a value shown in a message */

/* ---- places */

struct value value_member(const struct value *object, const char *key)
{
    return (
        struct value){ .file = object->file, .above = object, .key = key, .json = json_object_get(object->json, key) };
}

struct value value_item(const struct value *array, size_t index)
{
    return (struct value){
        .file = array->file, .above = array, .index = index, .json = json_array_get(array->json, index)
    };
}

/* Writes a string as JSON does, in ASCII and cut, so that a message stays one short line. */
static void show_string(const char *string, char *text, size_t size)
{
    size_t n = strlen(string), cut = n;
    if (n > SHOWN_MAX) {
        cut = SHOWN_MAX;
        while (cut > 0 && ((unsigned char)string[cut] & 0xC0) == 0x80) /* not inside a character of UTF-8 */
            cut--;
    }
    json_t *shown = json_stringn(string, cut);
    char *quoted = shown ? json_dumps(shown, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;
    if (quoted && cut < n && strlen(quoted) > 1)
        quoted[strlen(quoted) - 1] = 0;
    snprintf(text, size, "%s%s", quoted ? quoted : "?", cut < n ? "...\"" : "");
    free(quoted);
    json_decref(shown);
}

static void show_value(const json_t *json, char *text, size_t size)
{
    if (json == NULL) {
        snprintf(text, size, "missing");
    } else if (json_is_string(json)) {
        show_string(json_string_value(json), text, size);
    } else if (json_is_object(json) || json_is_array(json)) {
        snprintf(text, size, json_is_object(json) ? "{...}" : "[...]");
    } else {
        size_t n = json_dumpb(json, text, size - 1, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
        text[n < size ? n : size - 1] = 0;
    }
}

static bool is_plain(const char *key)
{
    size_t n = strlen(key);
    return n > 0 && n <= SHOWN_MAX &&
           strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$") == n;
}

/* Writes "sites.HK.ports", "legs[3].rate"; quotes a key with other characters. Cuts what does not fit. */
static void value_path(const struct value *value, char *text, size_t size)
{
    char quoted[8 * SHOWN_MAX];
    size_t n;
    text[0] = 0;
    if (value->above == NULL)
        return;
    value_path(value->above, text, size);
    n = strlen(text);
    if (value->key == NULL) {
        snprintf(text + n, size - n, "[%zu]", value->index);
    } else if (is_plain(value->key)) {
        snprintf(text + n, size - n, "%s%s", n ? "." : "", value->key);
    } else {
        show_string(value->key, quoted, sizeof quoted);
        snprintf(text + n, size - n, "[%s]", quoted);
    }
}

static int refuse(const struct value *value, const char *shown, const char *format, va_list args)
{
    char path[240], text[400];
    value_path(value, path, sizeof path);
    vsnprintf(text, sizeof text, format, args);
    return error_set(value->file->err, LONGHAUL_EINVAL, "%s: %s%s%s%s%s", value->file->name, path, *path ? ": " : "",
                     shown, *shown ? " " : "", text);
}

int value_refuse(const struct value *value, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = refuse(value, "", format, args);
    va_end(args);
    return rc;
}

int value_refuse_quoting(const struct value *value, const char *format, ...)
{
    char shown[8 * SHOWN_MAX];
    va_list args;
    show_value(value->json, shown, sizeof shown);
    va_start(args, format);
    int rc = refuse(value, shown, format, args);
    va_end(args);
    return rc;
}

int value_refuse_option(const struct value *value, const char *key)
{
    char refusal[LEG_REFUSAL_MAX];
    leg_refusal(key, refusal);
    return value_refuse_quoting(value, "%s", refusal);
}

/* ---- types */

int value_check_keys(const struct value *object, const char *const *known)
{
    const char *key;
    json_t *json;
    if (!json_is_object(object->json))
        return value_refuse_quoting(object, "is not an object {...}");
    json_object_foreach(object->json, key, json) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (known[i] == NULL) {
            struct value member = value_member(object, key);
            return value_refuse_quoting(&member, "belongs to an unknown key");
        }
    }
    return 0;
}

int value_string(const struct value *value, const char **text)
{
    if (value->json == NULL)
        return 0;
    if (!json_is_string(value->json))
        return value_refuse_quoting(value, "is not a string");
    *text = json_string_value(value->json);
    return 0;
}

int value_boolean(const struct value *value, bool *is_true)
{
    if (value->json == NULL)
        return 0;
    if (!json_is_boolean(value->json))
        return value_refuse_quoting(value, "is neither true nor false");
    *is_true = json_is_true(value->json);
    return 0;
}

int value_integer(const struct value *value, int64_t min, int64_t max, int64_t *number)
{
    if (value->json == NULL)
        return 0;
    if (!json_is_integer(value->json) || json_integer_value(value->json) < min || json_integer_value(value->json) > max)
        return value_refuse_quoting(value, "is not a whole number from %" PRId64 " to %" PRId64, min, max);
    *number = json_integer_value(value->json);
    return 0;
}

int value_real(const struct value *value, double min, double max, double *number)
{
    if (value->json == NULL)
        return 0;
    if (!json_is_number(value->json) ||
        !(json_number_value(value->json) >= min && json_number_value(value->json) <= max))
        return value_refuse_quoting(value, "is not a number from %g to %g", min, max);
    *number = json_number_value(value->json);
    return 0;
}

/* A string, or a whole number converted to one; NULL for another type. */
static const char *text_of(const json_t *json, char *digits, size_t size)
{
    if (json_is_integer(json))
        snprintf(digits, size, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    return json_is_integer(json) ? digits : json_string_value(json);
}

int value_rate(const struct value *value, uint64_t *rate_bps)
{
    char digits[32];
    if (value->json == NULL)
        return 0;
    const char *text = text_of(value->json, digits, sizeof digits);
    return text && longhaul_rate_parse(text, rate_bps, NULL) == 0 ? 0 : value_refuse_option(value, "rate");
}

int value_duration(const struct value *value, uint32_t *seconds)
{
    char digits[32];
    if (value->json == NULL)
        return 0;
    const char *text = text_of(value->json, digits, sizeof digits);
    return text && longhaul_duration_parse(text, seconds, NULL) == 0 ? 0 : value_refuse_option(value, "duration");
}

/* ---- ports */

#define NO_PORTS "is not a list of ports: 5201-5206,5300, or one number"

/* Parses "5201" or "5201-5206"; the character after it is in **rest. False if it is neither. */
static bool take_range(const char *text, const char **rest, unsigned long *first, unsigned long *last)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    *first = *last = strtoul(text, &end, 10);
    if (*end == '-') {
        text = end + 1;
        if (!isdigit((unsigned char)*text))
            return false;
        *last = strtoul(text, &end, 10);
    }
    *rest = end;
    return *end == 0 || *end == ',';
}

/* Says what is wrong with a range; "" if nothing is. */
static void check_range(unsigned long first, unsigned long last, const unsigned char *is_taken, char *why, size_t size)
{
    *why = 0;
    if (first < 1 || last < 1 || first > 65535 || last > 65535)
        snprintf(why, size, "is not within 1 to 65535");
    else if (first > last)
        snprintf(why, size, "runs backwards");
    else
        for (unsigned long port = first; port <= last; port++)
            if (is_taken[port])
                snprintf(why, size, "has %lu twice", port);
}

int value_ports(const struct value *value, uint16_t **ports, size_t *n_ports)
{
    char digits[32], shown[8 * SHOWN_MAX], why[64] = "";
    if (value->json == NULL)
        return 0;
    const char *text = text_of(value->json, digits, sizeof digits), *p = text;
    if (text == NULL)
        return value_refuse_quoting(value, NO_PORTS);
    unsigned char *is_taken = calloc(65536, 1);
    uint16_t *list = calloc(65536, sizeof *list);
    size_t n = 0;
    bool is_good = true, is_over = false;
    while (is_taken && list && is_good && !is_over) {
        unsigned long first = 0, last = 0;
        is_good = take_range(p, &p, &first, &last);
        if (!is_good)
            snprintf(why, sizeof why, NO_PORTS);
        else
            check_range(first, last, is_taken, why, sizeof why);
        is_good = *why == 0;
        for (unsigned long port = first; is_good && port <= last; port++) {
            is_taken[port] = 1;
            list[n++] = (uint16_t)port;
        }
        is_over = is_good && *p++ == 0;
    }
    free(is_taken);
    if (!is_over) {
        free(list);
        show_value(value->json, shown, sizeof shown);
        return *why ? value_refuse(value, "%s %s", shown, why)
                    : error_set(value->file->err, LONGHAUL_ENOMEM, "out of memory");
    }
    uint16_t *fitting = realloc(list, n * sizeof *list);
    *ports = fitting ? fitting : list;
    *n_ports = n;
    return 0;
}
