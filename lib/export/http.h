/* http.h - requests to the server of an export, by libcurl. */
#ifndef HTTP_H
#define HTTP_H

#include <longhaul.h>
#include <string.h>

#include "export/export_text.h"

struct http;

/* How long a server is tried. */
static inline double http_retry_s(const struct longhaul_export_options *options)
{
    return options->retry_s > 0 ? options->retry_s : options->retry_s < 0 ? 0 : 300;
}

/* What became of a request. */
enum http_outcome {
    HTTP_GOOD,
    HTTP_LATER,  /* nothing was taken: not reached, or it said so (429, 503) */
    HTTP_DOUBT,  /* the connection broke, or another 5xx: what was sent may have been taken, or a part of it */
    HTTP_REFUSED /* it will not be otherwise another time */
};

/* How long an address is without "/" at its end. */
static inline size_t http_base_length(const char *url)
{
    size_t n = strlen(url);
    while (n > 0 && url[n - 1] == '/')
        n--;
    return n;
}

struct http_answer {
    enum http_outcome outcome;
    long status;        /* 0: none */
    double wait_s;      /* Retry-After; 0: it did not say */
    char why[400];      /* one line: what was wrong; without the credentials, and without what was said of them */
    struct export_text body;
};

int http_open(const struct longhaul_export_options *options, struct http **out, struct longhaul_error *err);
void http_close(struct http *http);

/* Makes one request of base + path; with a body, POST. The answer's body is at most `most` bytes long: of a longer one
 * the rest is not read. The caller frees answer->body. */
void http_ask(struct http *http, const char *base, const char *path, const char *body, size_t n_body, bool is_gzip,
              size_t most, struct http_answer *answer);
/* name=value for a query, with value as URLs have it; `?` or `&` is the caller's. */
void http_put_query(struct http *http, struct export_text *text, const char *name, const char *value);

#endif
