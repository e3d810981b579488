/* http.c - the only file that uses libcurl: single requests with a deadline. Follows no redirect, so that credentials
 * go nowhere else; tells no credentials to anybody. */

#include "export/http.h"

#include "base/error.h"

#ifdef LONGHAUL_HAVE_CURL
#include <curl/curl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_safe.h"

/* Debian has libcurl only as a shared library. So a static program links longhaul without it: these are NULL there, and
 * http_open() says so. */
#pragma weak curl_easy_cleanup
#pragma weak curl_easy_escape
#pragma weak curl_easy_getinfo
#pragma weak curl_easy_init
#pragma weak curl_easy_perform
#pragma weak curl_easy_setopt
#pragma weak curl_easy_strerror
#pragma weak curl_free
#pragma weak curl_slist_append
#pragma weak curl_slist_free_all
#pragma weak curl_url
#pragma weak curl_url_cleanup
#pragma weak curl_url_get
#pragma weak curl_url_set

#define CONNECT_S 10L
#define REQUEST_S 120L
#define LEAST_REQUEST_S 10L
#define MOST_WAIT_S 300
#define MOST_HEADER_BYTES (64u << 10)

struct http {
    CURL *curl;
    struct curl_slist *headers, *gzip_headers;
    const struct longhaul_export_options *options;
    bool has_credentials;
};

struct receiving {
    struct export_text *body;
    size_t most, n_header;
    bool is_cut;
};

static size_t take_body(char *bytes, size_t size, size_t n, void *payload)
{
    struct receiving *r = payload;
    size_t all = size * n, left = r->most - r->body->n;
    char *to = export_text_room(r->body, all < left ? all : left);
    r->is_cut = all > left;
    if (to == NULL)
        return 0;
    memcpy(to, bytes, all < left ? all : left);
    r->body->n += all < left ? all : left;
    return r->is_cut ? 0 : all;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *payload)
{
    struct receiving *r = payload;
    (void)bytes;
    r->n_header += size * n;
    return r->n_header > MOST_HEADER_BYTES ? 0 : size * n;
}

/* ---- opening */

static int check_url(const char *url, struct longhaul_error *err)
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *user = NULL, *query = NULL, *host = NULL;
    int rc = 0;
    if (parts == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    if (curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
        rc = error_set(err, LONGHAUL_EINVAL, "the server is not http://HOST:PORT or https://HOST:PORT, with a path or "
                                             "without");
    else if (curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK)
        rc = error_set(err, LONGHAUL_EINVAL, "a URL with a password is seen by everybody on this host: give it by "
                                             "--credentials");
    else if (curl_url_get(parts, CURLUPART_QUERY, &query, 0) == CURLUE_OK || strchr(url, '#'))
        rc = error_set(err, LONGHAUL_EINVAL, "the server's URL ends before \"?\" and \"#\"");
    curl_free(scheme);
    curl_free(user);
    curl_free(query);
    curl_free(host);
    curl_url_cleanup(parts);
    return rc;
}

static bool add_header(struct curl_slist **list, const char *header)
{
    struct curl_slist *grown = curl_slist_append(*list, header);
    if (grown)
        *list = grown;
    return grown != NULL;
}

static bool is_bearer(const char *credentials)
{
    return strncmp(credentials, "Bearer ", 7) == 0;
}

static int set_credentials(struct http *h, const char *credentials, struct longhaul_error *err)
{
    if (credentials == NULL)
        return 0;
    h->has_credentials = true;
    if (strpbrk(credentials, "\r\n"))
        return error_set(err, LONGHAUL_EINVAL, "the credentials are more than one line");
    if (is_bearer(credentials)) {
        struct export_text header = { 0 };
        export_text_put(&header, "Authorization: ");
        export_text_put(&header, credentials);
        const char *line = export_text_string(&header);
        bool good = line && add_header(&h->headers, line) && add_header(&h->gzip_headers, line);
        export_text_free(&header);
        return good ? 0 : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    }
    if (strchr(credentials, ':') == NULL)
        return error_set(err, LONGHAUL_EINVAL, "the credentials are neither USER:PASSWORD nor \"Bearer TOKEN\"");
    curl_easy_setopt(h->curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    return curl_easy_setopt(h->curl, CURLOPT_USERPWD, credentials) == CURLE_OK
               ? 0
               : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
}

/* A server that says nothing is not waited for much longer than for one that is not reached. */
static long request_s(const struct longhaul_export_options *options)
{
    double retry_s = http_retry_s(options);
    return retry_s > REQUEST_S ? REQUEST_S : retry_s > LEAST_REQUEST_S ? (long)retry_s : LEAST_REQUEST_S;
}

static void set_limits(CURL *curl, const struct longhaul_export_options *options)
{
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, request_s(options));
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "longhaul/" LONGHAUL_VERSION);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
}

static int set_up(struct http *h, struct longhaul_error *err)
{
    const struct longhaul_export_options *o = h->options;
    if (!add_header(&h->headers, "Expect:") || !add_header(&h->gzip_headers, "Expect:") ||
        !add_header(&h->gzip_headers, "Content-Encoding: gzip"))
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    set_limits(h->curl, o);
    if (o->ca_file && curl_easy_setopt(h->curl, CURLOPT_CAINFO, o->ca_file) != CURLE_OK)
        return error_set(err, LONGHAUL_EINVAL, "%s: certificates cannot be given to this libcurl", o->ca_file);
    return set_credentials(h, o->credentials, err);
}

int http_open(const struct longhaul_export_options *options, struct http **out, struct longhaul_error *err)
{
    if (curl_easy_init == NULL || curl_url == NULL)
        return error_set(err, LONGHAUL_ENOTBUILT, "export: this program was linked without libcurl");
    int rc = check_url(options->url, err);
    if (rc == 0 && options->query_url)
        rc = check_url(options->query_url, err);
    if (rc != 0)
        return rc;
    struct http *h = calloc(1, sizeof *h);
    if (h == NULL || (h->curl = curl_easy_init()) == NULL) {
        free(h);
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    }
    h->options = options;
    rc = set_up(h, err);
    if (rc == 0)
        *out = h;
    else
        http_close(h);
    return rc;
}

void http_close(struct http *h)
{
    if (h == NULL)
        return;
    curl_easy_cleanup(h->curl);
    curl_slist_free_all(h->headers);
    curl_slist_free_all(h->gzip_headers);
    free(h);
}

/* ---- asking */

static enum http_outcome outcome_of_failure(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return HTTP_LATER;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return HTTP_REFUSED;
    default: return HTTP_DOUBT;
    }
}

static enum http_outcome outcome_of_status(long status)
{
    if (status >= 200 && status < 300)
        return HTTP_GOOD;
    if (status == 429 || status == 503)
        return HTTP_LATER;
    return status >= 500 || status == 408 ? HTTP_DOUBT : HTTP_REFUSED;
}

/* What a server says may repeat what it was sent: with credentials, it is not told. */
static void tell_status(const struct http *h, struct http_answer *a, const char *location)
{
    char said[200] = "";
    size_t n = a->body.n < sizeof said - 1 ? a->body.n : sizeof said - 1;
    if (!h->has_credentials && n > 0)
        memcpy(said, a->body.at, n);
    said[strcspn(said, "\r\n")] = 0;
    text_make_safe(said);
    if (a->status >= 300 && a->status < 400)
        snprintf(a->why, sizeof a->why, "status %ld: it leads elsewhere%s%.150s, and that is not followed", a->status,
                 location && !h->has_credentials ? ", to " : "", location && !h->has_credentials ? location : "");
    else
        snprintf(a->why, sizeof a->why, "status %ld%s%s", a->status, *said ? ": " : "", said);
    text_make_safe(a->why);
}

static void judge(const struct http *h, CURLcode code, const struct receiving *r, const char *failure,
                  struct http_answer *a)
{
    curl_off_t wait_s = 0;
    char *location = NULL;
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &a->status);
    curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &wait_s);
    curl_easy_getinfo(h->curl, CURLINFO_REDIRECT_URL, &location);
    a->wait_s = wait_s > MOST_WAIT_S ? MOST_WAIT_S : (double)wait_s;
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && r->is_cut && a->status > 0)) {
        a->outcome = outcome_of_status(a->status);
        tell_status(h, a, location);
        return;
    }
    a->outcome = outcome_of_failure(code);
    a->status = 0;
    snprintf(a->why, sizeof a->why, "%s", *failure ? failure : curl_easy_strerror(code));
    text_make_safe(a->why);
}

void http_ask(struct http *h, const char *base, const char *path, const char *body, size_t n_body, bool is_gzip,
              size_t most, struct http_answer *a)
{
    char failure[CURL_ERROR_SIZE] = "";
    struct export_text url = { 0 };
    struct receiving receiving = { .body = &a->body, .most = most };
    export_text_bytes(&url, base, http_base_length(base));
    export_text_put(&url, path);
    const char *whole = export_text_string(&url);
    a->body.n = 0;
    a->outcome = HTTP_LATER;
    if (whole == NULL) {
        snprintf(a->why, sizeof a->why, "out of memory");
        export_text_free(&url);
        return;
    }
    curl_easy_setopt(h->curl, CURLOPT_URL, whole);
    curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, is_gzip ? h->gzip_headers : h->headers);
    curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, failure);
    curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &receiving);
    curl_easy_setopt(h->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(h->curl, CURLOPT_HEADERDATA, &receiving);
    curl_easy_setopt(h->curl, CURLOPT_HTTPGET, 1L);
    /* What is sent on a connection that was used before, and is closed without an answer, libcurl would send once
     * more. */
    curl_easy_setopt(h->curl, CURLOPT_FRESH_CONNECT, body ? 1L : 0L);
    if (body) {
        curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n_body);
    }
    CURLcode code = curl_easy_perform(h->curl);
    judge(h, code, &receiving, failure, a);
    curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, NULL);
    export_text_free(&url);
}

void http_put_query(struct http *h, struct export_text *text, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(h->curl, value, 0);
    text->has_failed = text->has_failed || escaped == NULL;
    export_text_put(text, name);
    export_text_put(text, "=");
    export_text_put(text, escaped ? escaped : "");
    curl_free(escaped);
}

#else

int http_open(const struct longhaul_export_options *options, struct http **out, struct longhaul_error *err)
{
    (void)options, (void)out;
    return error_set(err, LONGHAUL_ENOTBUILT, "export: this longhaul was built without libcurl (libcurl4-openssl-dev)");
}

void http_close(struct http *http) { (void)http; }

void http_ask(struct http *http, const char *base, const char *path, const char *body, size_t n_body, bool is_gzip,
              size_t most, struct http_answer *answer)
{
    (void)http, (void)base, (void)path, (void)body, (void)n_body, (void)is_gzip, (void)most;
    answer->outcome = HTTP_REFUSED;
}

void http_put_query(struct http *http, struct export_text *text, const char *name, const char *value)
{
    (void)http, (void)text, (void)name, (void)value;
}

#endif
