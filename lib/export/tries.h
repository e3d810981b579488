/* tries.h - requests that are made again. */
#ifndef TRIES_H
#define TRIES_H

#include "export/http.h"

struct tries {
    double until_s, wait_s; /* by a clock that is never set; before the next try */
};

struct tries tries_begin(const struct longhaul_export_options *options);
/* Waits before another try, and says why: 0, or the error when there is no time for it. */
int tries_wait(struct tries *tries, const struct longhaul_export_options *options, const struct http_answer *answer,
               struct longhaul_error *err);
/* Asks until the answer is HTTP_GOOD or HTTP_REFUSED: 0; the error when there is no time for another try. */
int tries_ask(struct http *http, const struct longhaul_export_options *options, const char *base, const char *path,
              size_t most, struct http_answer *answer, struct longhaul_error *err);

#endif
