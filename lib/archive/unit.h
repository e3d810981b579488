/* unit.h - reads the files of one test together, as a report would. */
#ifndef UNIT_H
#define UNIT_H

#include "archive/test.h"
#include "report/report.h"

struct unit {
    struct archive_test *tests;
    size_t n_tests;
    char (*cookies)[40]; /* of the sessions in it, each once or more */
    size_t n_cookies;
    char **notes; /* what cannot be read, and what was noticed */
    size_t n_notes;
    bool may_be_other; /* a file could not be read now: it counts as not read */
};

struct unit_options {
    struct longhaul_report_options report; /* limits, omitted */
    const struct wanted *wanted;
};

/* files: results and receivers' records; its list of folders may have all of them. Fails only when memory is short:
 * what cannot be read is a note. The unit is freed with unit_free() in any case. */
int unit_read(const struct report_files *files, const struct unit_options *options, struct unit *unit,
              struct longhaul_error *err);
void unit_free(struct unit *unit);

#endif
