/* abroad.c - abroad PORT FOLDER: a program in the language of its user, as the environment says, runs a TCP leg
 * through the library and reports it; with LC_ALL=de_DE.UTF-8 its own numbers have a comma. Prints how it went, and a
 * number. */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include <longhaul.h>

static char path[4][256];

int main(int argc, char **argv)
{
    struct longhaul_leg leg = { .source = "A", .destination = "B", .peer = "127.0.0.1", .duration_s = 3,
                                .interval_s = 0.5, .protocol = LONGHAUL_PROTOCOL_TCP };
    struct longhaul_error err = { 0 };
    if (argc != 3 || setlocale(LC_ALL, "") == NULL)
        return 2;
    leg.port = (uint16_t)atoi(argv[1]);
    snprintf(path[0], sizeof path[0], "%s/run", argv[2]);
    snprintf(path[1], sizeof path[1], "%s/metrics.prom", argv[2]);
    snprintf(path[2], sizeof path[2], "%s/report", argv[2]);
    struct longhaul_run_options options = { .dir = path[0], .metrics_path = path[1], .metrics_s = 1 };
    struct longhaul_report_options report_options = { .out_dir = path[2], .wants_no_render = true };
    struct longhaul_report *report = NULL;
    const char *data = path[0];
    int rc = longhaul_rate_parse("1.5M", &leg.rate_bps, &err);
    if (rc == 0)
        rc = longhaul_run_leg(&leg, &options, NULL, &err);
    if (rc == 0)
        rc = longhaul_report_write(&data, 1, &report_options, &report, &err);
    longhaul_report_free(report);
    printf("%s %.1f\n", rc == 0 ? "done" : err.text, 1.5);
    return rc != 0;
}
