/* test_serve.c - the parts of a server's door: parameters that crash libiperf, addresses that must wait, used
 * tokens; and when a disk is nearly full. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "check.h"
#include "engine/engine.h"
#include "serve/serve_disk.h"
#include "serve/serve_parameters.h"
#include "serve/serve_sources.h"
#include "serve/serve_tokens.h"

#define AT(seconds) ((int64_t)1000 * NS_PER_S + (int64_t)((seconds) * 1e9))

static const struct { const char *text; int i_errno;
} asked[] = {
    { "{\"udp\":true,\"omit\":0,\"time\":10,\"parallel\":1,\"len\":1448,\"bandwidth\":1048576,\"client_version\":\"3."
      "12\"}",
      0 },
    { "{\"tcp\":true,\"omit\":0,\"time\":0,\"num\":1e6,\"parallel\":128,\"len\":131072,\"reverse\":true,\"window\":"
      "65536,\"MSS\":1400}",
      0 },
    { "{\"udp\":1,\"len\":65507,\"udp_counters_64bit\":1,\"get_server_output\":1,\"zerocopy\":2,\"x\":[{}],\"title\":"
      "\"\xe4\"}",
      0 },
    { "{\"udp\":true,\"authtoken\":\"QUJD\"}", 0 },
    { "{\"udp\":true,\"authtoken\":\"QUI=\"}", 0 },
    { "{}", 0 },
    { "", ENGINE_IERECVPARAMS },
    { "[]", ENGINE_IERECVPARAMS },
    { "7", ENGINE_IERECVPARAMS },
    { "{\"udp\":true", ENGINE_IERECVPARAMS },
    { "{\"udp\":true} x", ENGINE_IERECVPARAMS },
    { "{\"time\":1,\"time\":2}", ENGINE_IERECVPARAMS },
    { "{\"time\":1,\"TIME\":2}", ENGINE_IERECVPARAMS },
    { "{\"extra_data\":7}", ENGINE_IERECVPARAMS },
    { "{\"extra_data\":[]}", ENGINE_IERECVPARAMS },
    { "{\"extra_data\":{}}", ENGINE_IERECVPARAMS },
    { "{\"extra_data\":null}", ENGINE_IERECVPARAMS },
    { "{\"Extra_Data\":7}", ENGINE_IERECVPARAMS },
    { "{\"title\":1}", ENGINE_IERECVPARAMS },
    { "{\"congestion\":true}", ENGINE_IERECVPARAMS },
    { "{\"congestion_used\":[1]}", ENGINE_IERECVPARAMS },
    { "{\"client_version\":3.12}", ENGINE_IERECVPARAMS },
    { "{\"authtoken\":7}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":[]}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":null}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":\"\"}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":\"QUI\"}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":\"QUJ=\"}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":\"QR==\"}", ENGINE_IEAUTHTEST },
    { "{\"authtoken\":\"QU D\"}", ENGINE_IEAUTHTEST },
    { "{\"len\":2147483647}", ENGINE_IEBLOCKSIZE },
    { "{\"len\":-1}", ENGINE_IEBLOCKSIZE },
    { "{\"len\":0}", ENGINE_IEBLOCKSIZE },
    { "{\"len\":\"1000\"}", ENGINE_IEBLOCKSIZE },
    { "{\"len\":true}", ENGINE_IEBLOCKSIZE },
    { "{\"udp\":true,\"len\":65508}", ENGINE_IEUDPBLOCKSIZE },
    { "{\"udp\":true,\"len\":12}", ENGINE_IEUDPBLOCKSIZE },
    { "{\"parallel\":129}", ENGINE_IENUMSTREAMS },
    { "{\"parallel\":0}", ENGINE_IENUMSTREAMS },
    { "{\"parallel\":-1}", ENGINE_IENUMSTREAMS },
    { "{\"time\":-1}", ENGINE_IEDURATION },
    { "{\"time\":4294967296}", ENGINE_IEDURATION },
    { "{\"time\":18446744073709551616}", ENGINE_IEDURATION },
    { "{\"omit\":601}", ENGINE_IEOMIT },
    { "{\"window\":536870913}", ENGINE_IEBUFSIZE },
    { "{\"MSS\":70000}", ENGINE_IEMSS },
    { "{\"burst\":1001}", ENGINE_IEBURST },
    { "{\"TOS\":256}", ENGINE_IEBADTOS },
    { "{\"reverse\":\"yes\"}", ENGINE_IERECVPARAMS },
    { "{\"gro\":1,\"gro_bf_size\":1073741824}", ENGINE_IEUDPBLOCKSIZE },
};

static void test_parameters(void)
{
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct serve_parameters out;
        char why[128] = "";
        int got = serve_parameters_check(asked[i].text, strlen(asked[i].text), &out, why);
        CHECK(got == asked[i].i_errno && (got == 0) == (*why == 0), "%.70s: %d %s", asked[i].text, got, why);
    }
    struct serve_parameters out;
    char why[128];
    CHECK(serve_parameters_check("{\"a\":0}\0", 8, &out, why) != 0,
          "a 0 in it: libiperf would read less than was checked");
}

static struct sockaddr_storage address(const char *text)
{
    struct sockaddr_storage a = { .ss_family = strchr(text, ':') ? AF_INET6 : AF_INET };
    if (a.ss_family == AF_INET6)
        inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)(void *)&a)->sin6_addr);
    else
        inet_pton(AF_INET, text, &((struct sockaddr_in *)(void *)&a)->sin_addr);
    return a;
}

static void test_waiting(void)
{
    struct cidr own;
    cidr_parse("192.0.2.1", &own);
    struct serve_sources *s = serve_sources_new(&own, 1);
    struct sockaddr_storage mine = address("192.0.2.1"), bad = address("192.0.2.7"),
                            mapped = address("::ffff:192.0.2.7"), other = address("192.0.2.8"),
                            six = address("2001:db8::1"), neighbour = address("2001:db8::ffff:2");
    for (int i = 0; i < 4; i++)
        serve_sources_offend(s, &bad, SERVE_PASSWORD, AT(i));
    CHECK(serve_sources_wait_s(s, &bad, AT(4)) == 0 && serve_sources_debt_s(s, &bad, AT(4)) > 0,
          "four wrong passwords: counted, not refused");
    for (int i = 4; i < 7; i++)
        serve_sources_offend(s, &bad, SERVE_PASSWORD, AT(i));
    double first_s = serve_sources_wait_s(s, &bad, AT(7));
    CHECK(first_s > 10, "seven: refused for %g s", first_s);
    CHECK(serve_sources_wait_s(s, &mapped, AT(7)) == first_s, "the same address, written as an IPv6 one");
    CHECK(serve_sources_wait_s(s, &other, AT(7)) == 0, "another address is not");
    CHECK(serve_sources_wait_s(s, &bad, AT(7 + first_s + 1)) == 0, "and it ends");
    for (int i = 0; i < 7; i++)
        serve_sources_offend(s, &bad, SERVE_PASSWORD, AT(100 + i));
    double second_s = serve_sources_wait_s(s, &bad, AT(107));
    CHECK(second_s > 1.5 * first_s, "the second time longer: %g s", second_s);
    for (int i = 0; i < 1000; i++)
        serve_sources_offend(s, &bad, SERVE_NO_TEST, AT(110));
    CHECK(serve_sources_wait_s(s, &bad, AT(110)) <= 600, "never longer than 10 minutes");
    for (int i = 0; i < 100; i++)
        serve_sources_offend(s, &mine, SERVE_NO_TEST, AT(120));
    CHECK(serve_sources_wait_s(s, &mine, AT(120)) == 0, "an own leg's address never waits");
    for (int i = 0; i < 20; i++)
        serve_sources_offend(s, &six, SERVE_NO_TEST, AT(130));
    CHECK(serve_sources_wait_s(s, &neighbour, AT(130)) > 0, "IPv6: who has one address of a /64 has all of it");
    for (int i = 0; i < 5000; i++) { /* a flood of addresses */
        char text[40];
        snprintf(text, sizeof text, "10.%d.%d.1", i / 250, i % 250);
        struct sockaddr_storage a = address(text);
        serve_sources_offend(s, &a, SERVE_PARAMETERS, AT(140));
    }
    CHECK(serve_sources_wait_s(s, &bad, AT(140)) > 0, "5,000 other addresses do not make it forgotten");
    serve_sources_free(s);
}

static void test_records(void)
{
    struct cidr own;
    cidr_parse("192.0.2.1", &own);
    struct serve_sources *s = serve_sources_new(&own, 1);
    struct sockaddr_storage mine = address("192.0.2.1"), bad = address("192.0.2.7"), other = address("192.0.2.8");
    int n = 0, n_own = 0;
    for (int i = 0; i < 9 * 600; i++) { /* nine a second, for ten minutes */
        n += serve_sources_may_record(s, &bad, AT(i / 9.0));
        n_own += serve_sources_may_record(s, &mine, AT(i / 9.0));
    }
    CHECK(n >= 120 && n <= 131, "one address begins %d records in ten minutes", n);
    CHECK(n_own == 9 * 600, "an own leg's as many as it likes");
    CHECK(serve_sources_may_record(s, &other, AT(600)), "another address may");
    unsigned n_unsaid, n_said = 0, sum = 0;
    for (int i = 0; i < 600; i++)
        if (serve_sources_may_say(s, AT(1000 + i), &n_unsaid)) {
            n_said++;
            sum += n_unsaid;
        }
    CHECK(n_said <= 110 && n_said >= 90 && sum > 400, "of 600 in ten minutes %u lines are said, which count %u others",
          n_said, sum);
    serve_sources_free(s);
}

static void test_tokens(void)
{
    struct serve_tokens *t = serve_tokens_new();
    CHECK(serve_tokens_take(t, "QUJD", AT(0)) && !serve_tokens_take(t, "QUJD", AT(20)), "a token is taken once");
    CHECK(serve_tokens_take(t, "QUJE", AT(20)), "another is another");
    CHECK(serve_tokens_take(t, "QUJD", AT(100)), "and forgotten when its time stamp is too old by itself");
    serve_tokens_free(t);
}

/* ---- disks: at /large one of 1 TB, at /small one of 10 GB, and another one below everything else */

static double free_share; /* of the first two */

/* Replaces the C library's for the library under test. */
int statvfs(const char *path, struct statvfs *disk)
{
    bool is_large = strcmp(path, "/large") == 0, is_small = strcmp(path, "/small") == 0;
    double bytes = is_large ? 1e12 : 1e10;
    if (!is_large && !is_small && strcmp(path, "/") != 0 && strcmp(path, ".") != 0) {
        errno = ENOENT;
        return -1;
    }
    *disk = (struct statvfs){ .f_bsize = 65536, .f_frsize = 4096, .f_blocks = (fsblkcnt_t)(bytes / 4096) };
    disk->f_bavail = (fsblkcnt_t)(bytes / 4096 * (is_large || is_small ? free_share : 0.9));
    disk->f_bfree = disk->f_blocks; /* also what only root may use */
    return 0;
}

static const struct {
    const char *dir;
    double free_share, keep_percent;
    bool is_low;
} disks[] = {
    { "/small", 0.049, 0, true },       { "/small", 0.051, 0, false },      { "/large", 0.049, 0, false },
    { "/large", 0.0011, 0, false },     { "/large", 0.001, 0, true },       { "/large", 0.2, 30, true },
    { "/large", 0.31, 30, false },      { "/small", 0.001, -1, false },     { "/small/not/yet/", 0.01, 0, true },
    { "/small/not//yet", 0.3, 50, true }, { "not/yet", 0, 50, false },      { "/other", 0, 50, false },
    { "", 0, 50, false },
};

static void test_disks(void)
{
    for (size_t i = 0; i < sizeof disks / sizeof disks[0]; i++) {
        double percent = -7;
        free_share = disks[i].free_share;
        bool is_low = serve_disk_is_low(disks[i].dir, disks[i].keep_percent, &percent);
        CHECK(is_low == disks[i].is_low && (!is_low || (percent > 0 && percent < 100)),
              "\"%s\", %g of it free, %g %% wanted: %s (%g %%)", disks[i].dir, free_share, disks[i].keep_percent,
              is_low ? "low" : "enough", percent);
    }
}

int main(void)
{
    test_disks();
    test_parameters();
    test_waiting();
    test_records();
    test_tokens();
    return CHECK_DONE();
}
