/* tries.c - requests that are made again, with waits that get longer, while a server is not reached or busy. */

#include "export/tries.h"

#include <math.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "export/export_sink.h"

#define FIRST_WAIT_S 0.5
#define MOST_WAIT_S 30.0

struct tries tries_begin(const struct longhaul_export_options *options)
{
    return (struct tries){ clock_monotonic_s() + http_retry_s(options), FIRST_WAIT_S };
}

static void sleep_s(double seconds)
{
    struct timespec wait = { (time_t)seconds, (long)((seconds - floor(seconds)) * 1e9) };
    while (nanosleep(&wait, &wait) != 0) {}
}

int tries_wait(struct tries *tries, const struct longhaul_export_options *options, const struct http_answer *a,
               struct longhaul_error *err)
{
    double wait_s = a->wait_s > tries->wait_s ? a->wait_s : tries->wait_s;
    if (clock_monotonic_s() + wait_s > tries->until_s)
        return error_set(err, LONGHAUL_ENET, "the server: %s", a->why);
    export_note(options, "the server: %s; trying again in %g s", a->why, wait_s);
    sleep_s(wait_s);
    tries->wait_s = fmin(2 * tries->wait_s, MOST_WAIT_S);
    return 0;
}

int tries_ask(struct http *http, const struct longhaul_export_options *options, const char *base, const char *path,
              size_t most, struct http_answer *a, struct longhaul_error *err)
{
    struct tries tries = tries_begin(options);
    int rc = 0;
    do {
        a->why[0] = 0;
        http_ask(http, base, path, NULL, 0, false, most, a);
    } while (a->outcome != HTTP_GOOD && a->outcome != HTTP_REFUSED && (rc = tries_wait(&tries, options, a, err)) == 0);
    return rc;
}
