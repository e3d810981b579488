/* report_watch.c - longhaul report --watch: writes the report again as its runs go on. Each of its files is whole at
 * any time, so that a signal can end it between two of them. */

#include "report_watch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "stops.h"

/* Sleeps, or less if a signal comes, or came since the last look. */
static void wait_for(double seconds, const sigset_t *set)
{
    struct timespec time = { .tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9) };
    sigset_t before;
    sigprocmask(SIG_BLOCK, set, &before);
    if (!stops_signal())
        ppoll(NULL, 0, &time, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

struct watch {
    const char *const *paths;
    size_t n_paths;
    const struct longhaul_report_options *options;
    const struct report_output *output;
    char *said;     /* notes, or an error, already printed */
    bool was_made;  /* at least one report was written */
    bool is_due;    /* there are changes that are not in the report yet */
};

static int say_error(struct watch *watch, const struct longhaul_error *err)
{
    if (watch->said == NULL || strcmp(watch->said, err->text) != 0)
        cmd_fail(err);
    free(watch->said);
    watch->said = strdup(err->text);
    watch->is_due = true;
    /* Nothing to read yet: data may come. A report that was written once may also succeed again after a failure such as
     * a full disk. */
    bool may_pass = err->code == LONGHAUL_EFORMAT || (err->code == LONGHAUL_EIO && watch->was_made);
    return may_pass ? 0 : EXIT_FAILED;
}

static int make(struct watch *watch)
{
    struct longhaul_error err = { 0 };
    struct longhaul_report *report;
    int rc = longhaul_report_write(watch->paths, watch->n_paths, watch->options, &report, &err);
    if (rc != 0)
        return rc == LONGHAUL_ESTOPPED ? 0 : say_error(watch, &err);
    bool is_news = !watch->was_made || longhaul_report_n_files(report) > 0;
    int status = is_news ? report_print(report, watch->output) : 0;
    report_print_notes(report, watch->output, &watch->said);
    if (is_news)
        report_print_address(report, watch->output);
    watch->was_made = true;
    watch->is_due = false;
    longhaul_report_free(report);
    return status;
}

int report_watch(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                 double seconds, const struct report_output *output)
{
    struct watch watch = { .paths = paths, .n_paths = n_paths, .options = options, .output = output, .is_due = true };
    sigset_t set;
    int status = 0;
    uint64_t made_of = 0;
    stops_catch(true, &set);
    while (status == 0 && !stops_signal() && !ferror(stdout)) {
        uint64_t now = longhaul_report_inputs(paths, n_paths);
        if (now != made_of || watch.is_due)
            status = make(&watch);
        made_of = now;
        wait_for(seconds, &set);
    }
    free(watch.said);
    return cmd_close_stdout(status ? status : stops_signal() ? 128 + stops_signal() : EXIT_FAILED);
}
