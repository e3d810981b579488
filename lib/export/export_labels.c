/* export_labels.c - the names and labels of series, as Prometheus has them. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "export/export_sink.h"

/* Names that samples have already. */
static const char *const taken[] = { "src", "dst", "protocol", "test", "le", "kind", "cause", "verdict", "sides",
                                     "version", "iperf", "congestion" };

static bool is_name(const char *text, size_t n)
{
    if (n == 0 || n > 64 || isdigit((unsigned char)*text) || strncmp(text, "__", 2) == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!(isascii((unsigned char)text[i]) && (isalnum((unsigned char)text[i]) || text[i] == '_')))
            return false;
    return true;
}

static bool is_same_name(const char *label, const char *name)
{
    size_t n = strcspn(label, "=");
    return strlen(name) == n && strncmp(label, name, n) == 0;
}

int export_labels_check(const struct longhaul_export_options *options, struct longhaul_error *err)
{
    for (size_t i = 0; i < options->n_labels; i++) {
        const char *label = options->labels[i], *is = strchr(label, '=');
        if (is == NULL || !is_name(label, (size_t)(is - label)))
            return error_set(err, LONGHAUL_EINVAL,
                             "label '%s' is not NAME=VALUE, with a NAME of letters, digits and \"_\"", label);
        for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
            if (is_same_name(label, taken[k]))
                return error_set(err, LONGHAUL_EINVAL, "label '%s': the samples have a label %s already", label,
                                 taken[k]);
        char name[65];
        snprintf(name, sizeof name, "%.*s", (int)(is - label), label);
        for (size_t k = 0; k < i; k++)
            if (is_same_name(options->labels[k], name))
                return error_set(err, LONGHAUL_EINVAL, "label '%s' is given twice", name);
    }
    return 0;
}

/* An empty label is the same as none. */
static void put_label(struct export_text *text, const char *name, const char *value, bool is_json, bool *has_one)
{
    if (*value == 0)
        return;
    export_text_put(text, *has_one ? "," : "");
    export_text_put(text, is_json ? "\"" : "");
    export_text_put(text, name);
    export_text_put(text, is_json ? "\":\"" : "=\"");
    export_text_escaped(text, value, "\\\"");
    export_text_put(text, "\"");
    *has_one = true;
}

void export_put_labels(struct export_text *text, const struct longhaul_export_options *options,
                       const struct export_test *test, const struct export_series *series, bool is_json)
{
    bool has_one = false;
    put_label(text, "src", test->info->source, is_json, &has_one);
    put_label(text, "dst", test->info->destination, is_json, &has_one);
    put_label(text, "protocol", test->info->protocol, is_json, &has_one);
    put_label(text, "test", test->overlap, is_json, &has_one);
    for (size_t i = 0; series && i < series->n_labels; i++)
        put_label(text, series->labels[i].name, series->labels[i].value, is_json, &has_one);
    for (size_t i = 0; i < options->n_labels; i++) {
        char name[65];
        const char *label = options->labels[i];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(label, "="), label);
        put_label(text, name, strchr(label, '=') + 1, is_json, &has_one);
    }
}

void export_put_name(struct export_text *text, const struct export_family *family, size_t part)
{
    export_text_put(text, EXPORT_PREFIX);
    export_text_put(text, family->name);
    if (family->type == EXPORT_HISTOGRAM)
        export_text_put(text, part < EXPORT_BUCKETS ? "_bucket" : part == EXPORT_BUCKETS ? "_count" : "_sum");
}

void export_put_bound(struct export_text *text, size_t part)
{
    char bound[32];
    if (part < LONGHAUL_DELAY_BOUNDS)
        snprintf(bound, sizeof bound, "%g", longhaul_delay_bounds_s()[part]);
    export_text_put(text, part < LONGHAUL_DELAY_BOUNDS ? bound : "+Inf");
}
