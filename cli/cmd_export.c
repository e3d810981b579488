/* cmd_export.c - longhaul export: results for Prometheus, VictoriaMetrics, InfluxDB, SQLite, DuckDB. */

#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "flags.h"
#include "limit_args.h"
#include "log.h"

#define CREDENTIALS_VARIABLE "LONGHAUL_EXPORT_CREDENTIALS"
#define MOST_LABELS 32

struct export_args {
    struct longhaul_export_options options;
    const char *labels[MOST_LABELS];
    const char *credentials_file, *out;
    char credentials[4096];
    int n_forms;
};

static bool set_form(struct export_args *args, enum longhaul_export_form form)
{
    args->options.form = form;
    if (args->n_forms++ > 0)
        return cmd_misused("export", "--to, --sqlite, --openmetrics, --csv and --influx exclude each other"), false;
    return true;
}

static bool add_label(struct export_args *args, const char *label)
{
    if (args->options.n_labels == MOST_LABELS)
        return cmd_misused("export", "--label: more than %d", MOST_LABELS), false;
    args->labels[args->options.n_labels++] = label;
    return true;
}

static bool set_retry(struct export_args *args, const char *text)
{
    double seconds;
    if (!args_real("export", "--retry", text, 0, 1e6, &seconds))
        return false;
    args->options.retry_s = seconds > 0 ? seconds : -1;
    return true;
}

static bool take_option(struct export_args *args, int c, const char *value)
{
    struct longhaul_export_options *o = &args->options;
    switch (c) {
    case 't': o->url = value; return set_form(args, LONGHAUL_EXPORT_FORM_SERVER);
    case 's': o->path = value; return set_form(args, LONGHAUL_EXPORT_FORM_SQLITE);
    case 'm': return set_form(args, LONGHAUL_EXPORT_FORM_OPENMETRICS);
    case 'c': return set_form(args, LONGHAUL_EXPORT_FORM_CSV);
    case 'i': return set_form(args, LONGHAUL_EXPORT_FORM_INFLUX);
    case 'o': args->out = value; return true;
    case 'l': return add_label(args, value);
    case 'S': o->state = value; return true;
    case 'q': o->query_url = value; return true;
    case 'C': args->credentials_file = value; return true;
    case 'a': o->ca_file = value; return true;
    case 'r': return set_retry(args, value);
    case 'O': o->wants_omitted = true; return true;
    default: return limit_args_take("export", c, value, &o->limits);
    }
}

static int check(const struct export_args *args)
{
    const struct longhaul_export_options *o = &args->options;
    bool is_server = o->form == LONGHAUL_EXPORT_FORM_SERVER, is_sqlite = o->form == LONGHAUL_EXPORT_FORM_SQLITE;
    if (args->n_forms == 0)
        return cmd_misused("export", "where to? --to, --sqlite, --openmetrics, --csv or --influx");
    if (args->out && (is_server || is_sqlite))
        return cmd_misused("export", "--out is for --openmetrics, --csv and --influx");
    if (!is_server && (o->state || o->query_url || args->credentials_file || o->ca_file || o->retry_s != 0))
        return cmd_misused("export", "--state, --query-from, --credentials, --cacert and --retry are for --to");
    if (o->n_labels > 0 && (is_sqlite || o->form == LONGHAUL_EXPORT_FORM_CSV))
        return cmd_misused("export", "--label is for samples: not for --csv and --sqlite");
    return -1;
}

/* Returns the exit status to end with; -1 if there is more to do. */
static int parse(int argc, char **argv, struct export_args *args)
{
    int c;
    opterr = 0;
    while ((c = cmd_option(argc, argv, &flags_export)) != -1) {
        if (c == 'h') {
            flags_print(&flags_export, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        if (c == '?' || c == ':')
            return cmd_bad_option("export", c, argv, &flags_export);
        if (!take_option(args, c, optarg))
            return EXIT_MISUSED;
    }
    return optind == argc ? cmd_misused("export", "which file?") : check(args);
}

/* ---- credentials */

/* The first line of the file, without its end. */
static int read_credentials(struct export_args *args)
{
    FILE *file = fopen(args->credentials_file, "re");
    bool good = file && fgets(args->credentials, sizeof args->credentials, file);
    const char *why = file && !ferror(file) ? NULL : strerror(errno);
    size_t n = strcspn(args->credentials, "\r\n");
    bool is_cut = n == sizeof args->credentials - 1;
    if (file)
        fclose(file);
    args->credentials[n] = 0;
    if (good && n > 0 && !is_cut)
        return 0;
    log_line("longhaul: %s: %s", cmd_safe(args->credentials_file).text,
             why ? why : is_cut ? "its first line is too long for credentials" : "is empty");
    return EXIT_FAILED;
}

static int set_credentials(struct export_args *args)
{
    const char *variable = getenv(CREDENTIALS_VARIABLE);
    if (args->options.form != LONGHAUL_EXPORT_FORM_SERVER)
        return 0;
    if (args->credentials_file) {
        args->options.credentials = args->credentials;
        return read_credentials(args);
    }
    args->options.credentials = variable && *variable ? variable : NULL;
    return 0;
}

/* ---- the whole */

static void print_note(const char *text, void *payload)
{
    (void)payload;
    log_line("longhaul: %s", cmd_safe(text).text);
}

static void print_told(const struct export_args *args, const struct longhaul_exported *told)
{
    bool is_samples = told->n_samples > 0 || args->options.form == LONGHAUL_EXPORT_FORM_SERVER;
    if (args->options.form != LONGHAUL_EXPORT_FORM_SERVER && args->options.path == NULL)
        return;
    printf("%zu test%s, %llu intervals", told->n_tests, told->n_tests == 1 ? "" : "s",
           (unsigned long long)told->n_rows);
    if (is_samples)
        printf(", %llu samples", (unsigned long long)told->n_samples);
    if (args->options.form == LONGHAUL_EXPORT_FORM_SERVER)
        printf(" in %.1f MB", (double)told->n_bytes / 1e6);
    if (told->n_known > 0)
        printf("; %zu were there already", told->n_known);
    if (told->n_skipped > 0)
        printf("; %zu skipped", told->n_skipped);
    if (told->n_differing > 0)
        printf("; of %zu the server has other samples, too", told->n_differing);
    putchar('\n');
}

int cmd_export(int argc, char **argv)
{
    struct export_args args = { .options = { .fd = 1, .on_note = print_note } };
    struct longhaul_exported told;
    struct longhaul_error err = { 0 };
    int status = parse(argc, argv, &args);
    if (status < 0)
        status = set_credentials(&args) ? EXIT_FAILED : -1;
    if (status >= 0)
        return status;
    args.options.labels = args.labels;
    if (args.out)
        args.options.path = args.out;
    int rc = longhaul_export((const char *const *)(argv + optind), (size_t)(argc - optind), &args.options, &told, &err);
    if (rc != 0)
        return cmd_refused("export", &err);
    print_told(&args, &told);
    return cmd_close_stdout(told.n_skipped + told.n_differing > 0 ? EXIT_INCOMPLETE : EXIT_DONE);
}
