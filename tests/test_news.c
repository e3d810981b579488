/* test_news.c - what two ends tell each other: datagrams that are news and those that are not, troubles and traces that
 * arrive although datagrams are lost, and traces from strangers. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "check.h"
#include "engine/news.h"
#include "record/hop_json.h"
#include "record/trace_post.h"

static const char magic[] = "abcdefgh23456777";

static void test_magic(void)
{
    char found[NEWS_MAGIC_BYTES];
    CHECK(!news_magic(NULL, found) && !news_magic("", found) && !news_magic("abcdefgh2345677", found),
          "no cookie, or a short one: no news");
    CHECK(news_magic("abcdefgh23456777abcd", found) && memcmp(found, magic, sizeof found) == 0,
          "the cookie's beginning");
    memset(found, 0, sizeof found);
    CHECK(
        news_magic_of_event("{\"event\":\"start\",\"data\":{\"cookie\":\t\"abcdefgh23456777abcd\",\"x\":1}}", found) &&
            memcmp(found, magic, sizeof found) == 0,
        "in libiperf's event");
    CHECK(!news_magic_of_event("{\"cookie\":5}", found) &&
              !news_magic_of_event("{\"cookie\":\"abc\",\"longer text\":1}", found) &&
              !news_magic_of_event("{\"cookie\":", found) && !news_magic_of_event("", found),
          "none in others");
}

/* What is written is read as the same. */
static void is_same(struct news news)
{
    char bytes[NEWS_BYTES_MAX];
    struct news back;
    size_t n = news_write(magic, &news, bytes, sizeof bytes);
    bool good = n > NEWS_MAGIC_BYTES && memcmp(bytes, magic, NEWS_MAGIC_BYTES) == 0 &&
                news_read(bytes + NEWS_MAGIC_BYTES, n - NEWS_MAGIC_BYTES, &back);
    good = good && back.kind == news.kind && strcmp(back.why, news.why) == 0 && back.flow == news.flow &&
           back.id == news.id && back.part == news.part && back.n_parts == news.n_parts && back.age_ms == news.age_ms &&
           back.n_piece == news.n_piece && (news.n_piece == 0 || memcmp(back.piece, news.piece, news.n_piece) == 0);
    CHECK(good, "%.*s", good ? (int)(n - NEWS_MAGIC_BYTES) : 0, bytes + NEWS_MAGIC_BYTES);
}

static void test_texts(void)
{
    static const char *const bad[] = { "",
                                       "X",
                                       "H ",
                                       "HH",
                                       "T",
                                       "T loss",
                                       "T loss ",
                                       "T loss -1",
                                       "T loss 128",
                                       "T loss 1 ",
                                       "T LOSS 1",
                                       "T lossyandlonger 1",
                                       "T  1",
                                       "T loss 1e2",
                                       "T loss 99999999999999999999999",
                                       "Q1",
                                       "P",
                                       "P 1",
                                       "P 1 0 1 5",
                                       "P 1 0 1 5 ",
                                       "P 1 1 1 5 x",
                                       "P 1 0 0 5 x",
                                       "P 1 0 65 5 x",
                                       "P 1 64 64 5 x",
                                       "P 1 0 1 86400001 x",
                                       "P -1 0 1 5 x",
                                       "P 1 0 1 -5 x",
                                       "P 1000000000000000000 0 1 5 x",
                                       "G",
                                       "G ",
                                       "G x",
                                       "G 5 6",
                                       "G +5",
                                       "\x01",
                                       "\xff\xff" };
    struct news news;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!news_read(bad[i], strlen(bad[i]), &news), "not news: \"%s\"", bad[i]);
    CHECK(!news_read("H\0", 2, &news) && !news_read("T loss\0 1", 9, &news), "not news: with a 0 in it");
    char *huge = malloc(70000);
    memset(huge, 'x', 70000);
    memcpy(huge, "P 1 0 1 5 ", 10);
    CHECK(!news_read(huge, 70000, &news) && !news_read(huge, NEWS_BYTES_MAX + 1, &news) &&
              news_read(huge, NEWS_BYTES_MAX, &news),
          "not news: what no datagram of ours holds");
    free(huge);
    is_same((struct news){ .kind = NEWS_HELLO });
    is_same((struct news){ .kind = NEWS_QUIET });
    is_same((struct news){ .kind = NEWS_TROUBLE, .why = "silence", .flow = 127 });
    is_same((struct news){ .kind = NEWS_GOT, .id = 123456789012345678 });
    is_same((struct news){
        .kind = NEWS_PART, .id = 1, .part = 3, .n_parts = 64, .age_ms = 86400000, .piece = "{\" x\"}", .n_piece = 6 });
    struct news long_one = { .kind = NEWS_PART, .n_parts = 1, .piece = "0123456789", .n_piece = 10 };
    char bytes[NEWS_BYTES_MAX];
    CHECK(news_write(magic, &long_one, bytes, 30) == 0 && news_write(magic, &long_one, bytes, 36) == 36,
          "what does not fit is not written");
}

/* ---- troubles */

static void test_troubles(void)
{
    struct trouble_teller teller = { .said = TRACE_NONE };
    struct news news;
    int n_begun = 0, n_ended = 0;
    for (int i = 0; i < 100; i++) { /* a loss from 2 to 5 s, intervals of 0.1 s */
        enum trace_why why = i >= 20 && i < 50 ? TRACE_LOSS : TRACE_NONE;
        if (!trouble_teller_take(&teller, why, 4, i * NS_PER_S / 10, &news))
            continue;
        n_begun += news.kind == NEWS_TROUBLE && strcmp(news.why, "loss") == 0 && news.flow == 4;
        n_ended += news.kind == NEWS_QUIET;
    }
    CHECK(n_begun == 3 && n_ended == 3, "a trouble of 3 s is told each second (%d), its end three times (%d)", n_begun,
          n_ended);
    teller = (struct trouble_teller){ .said = TRACE_NONE };
    bool first = trouble_teller_take(&teller, TRACE_DELAY, 0, 0, &news),
         graver = trouble_teller_take(&teller, TRACE_SILENCE, 0, 1, &news),
         lesser = trouble_teller_take(&teller, TRACE_LOSS, 0, 2, &news);
    CHECK(first && graver && !lesser, "a graver one is told at once");

    struct trouble_hearer hearer = trouble_hearer_of(1), slow = trouble_hearer_of(10);
    size_t flow;
    CHECK(trouble_hearer_now(&hearer, &flow, 0) == TRACE_NONE, "nothing heard");
    trouble_hearer_take(&hearer, &(struct news){ .kind = NEWS_TROUBLE, .why = "loss", .flow = 3 }, NS_PER_S);
    CHECK(trouble_hearer_now(&hearer, &flow, 2 * NS_PER_S) == TRACE_LOSS && flow == 3, "a loss on flow 3");
    CHECK(trouble_hearer_now(&hearer, &flow, 7 * NS_PER_S) == TRACE_NONE, "not repeated: it is over");
    trouble_hearer_take(&slow, &(struct news){ .kind = NEWS_TROUBLE, .why = "loss" }, NS_PER_S);
    CHECK(trouble_hearer_now(&slow, &flow, 29 * NS_PER_S) == TRACE_LOSS &&
              trouble_hearer_now(&slow, &flow, 32 * NS_PER_S) == TRACE_NONE,
          "with intervals of 10 s it comes again after 10 s at the earliest");
    trouble_hearer_take(&hearer, &(struct news){ .kind = NEWS_TROUBLE, .why = "shift" }, 8 * NS_PER_S);
    CHECK(trouble_hearer_now(&hearer, &flow, 8 * NS_PER_S) == TRACE_SHIFT &&
              trouble_hearer_now(&hearer, &flow, 8 * NS_PER_S) == TRACE_NONE,
          "a shift, once");
    static const char *const others[] = { "start", "hourly", "ended", "change", "watch", "nonsense" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct news said = { .kind = NEWS_TROUBLE };
        snprintf(said.why, sizeof said.why, "%s", others[i]);
        trouble_hearer_take(&hearer, &said, 9 * NS_PER_S);
        CHECK(trouble_hearer_now(&hearer, &flow, 9 * NS_PER_S) == TRACE_NONE, "\"%s\" is no trouble", others[i]);
    }
    trouble_hearer_take(&hearer, &(struct news){ .kind = NEWS_TROUBLE, .why = "loss" }, 10 * NS_PER_S);
    trouble_hearer_take(&hearer, &(struct news){ .kind = NEWS_QUIET }, 11 * NS_PER_S);
    CHECK(trouble_hearer_now(&hearer, &flow, 11 * NS_PER_S) == TRACE_NONE, "told that it is over");
}

/* ---- traces */

#define TRACE                                                                                                          \
    "{\"at_s\":0,\"seconds\":1.5,\"why\":\"loss\",\"source_port\":5201,\"destination_port\":40000,\"protocol\":"       \
    "\"UDP\","                                                                                                         \
    "\"by\":\"raw\",\"distance\":null,\"hops\":[[\"198.18.1.1\",3,3,0.05,0.06],[null,3,0,null,null]]}"

/* Sends what is in the outbox through a path on which this share of datagrams, both ways, is lost. Returns how many
 * traces arrived; *n_sent is the number of datagrams. */
static size_t deliver(struct trace_outbox *out, struct trace_inbox *in, size_t size, double loss, double seconds,
                      size_t *n_sent)
{
    size_t n = 0;
    *n_sent = 0;
    for (int64_t now = 0; now < (int64_t)(seconds * NS_PER_S); now += NS_PER_S / 4) {
        struct news part, back;
        char bytes[NEWS_BYTES_MAX];
        while (trace_outbox_next(out, size, now, &part)) {
            bool is_got = false;
            size_t k = news_write(magic, &part, bytes, size);
            ++*n_sent;
            if (k == 0 || drand48() < loss || !news_read(bytes + NEWS_MAGIC_BYTES, k - NEWS_MAGIC_BYTES, &back))
                continue;
            json_t *trace = trace_inbox_take(in, &back, &is_got), *good = hop_json_check(trace, 100);
            n += good != NULL;
            json_decref(trace);
            json_decref(good);
            if (is_got && drand48() >= loss)
                trace_outbox_got(out, back.id);
        }
    }
    return n;
}

static void test_post(void)
{
    static const struct {
        size_t size;
        double loss;
        size_t n;
    } cases[] = { { 1400, 0, 1 }, { 1400, 0.4, 5 }, { 100, 0, 3 }, { 300, 0.3, 4 }, { 65507, 0.5, 2 } };
    json_t *trace = json_loads(TRACE, 0, NULL);
    srand48(5);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trace_outbox out = { .next_part = 0 };
        struct trace_inbox in = { .id = 0 };
        size_t n_sent;
        for (size_t k = 0; k < cases[i].n; k++)
            trace_outbox_add(&out, trace, 0);
        size_t n = deliver(&out, &in, cases[i].size, cases[i].loss, 3600, &n_sent);
        CHECK(n == cases[i].n && trace_outbox_is_empty(&out),
              "%zu traces in datagrams of %zu bytes, %g lost: %zu arrived, once each, with %zu datagrams", cases[i].n,
              cases[i].size, cases[i].loss, n, n_sent);
        trace_outbox_clear(&out);
        trace_inbox_clear(&in);
    }
    struct trace_outbox out = { .next_part = 0 };
    struct trace_inbox in = { .id = 0 };
    size_t n_sent;
    for (int i = 0; i < 100; i++)
        trace_outbox_add(&out, trace, 0);
    size_t n = deliver(&out, &in, 1400, 1, 86000, &n_sent);
    CHECK(n == 0 && n_sent == 14 * TRACE_POST_MAX && trace_outbox_is_empty(&out),
          "nobody answers: %zu datagrams for the last %d of 100 traces, then no more", n_sent, TRACE_POST_MAX);
    trace_outbox_add(&out, trace, 0);
    CHECK(deliver(&out, &in, NEWS_BYTES_MIN - 1, 0, 10, &n_sent) == 0 && n_sent == 0,
          "datagrams too short for news carry none");
    trace_outbox_clear(&out);
    json_decref(trace);
}

/* Parts that no server of ours sends. */
static void test_hostile_parts(void)
{
    struct trace_inbox in = { .id = 0 };
    char piece[1300];
    bool is_got;
    memset(piece, '[', sizeof piece);
    for (uint32_t round = 0; round < 1000; round++) {
        struct news part = { .kind = NEWS_PART,
                             .id = round % 7,
                             .part = round % 64,
                             .n_parts = 64 - round % 3,
                             .piece = piece,
                             .n_piece = sizeof piece };
        json_decref(trace_inbox_take(&in, &part, &is_got));
    }
    CHECK(in.n_there <= NEWS_PARTS_MAX, "parts of many traces at once");
    size_t n = 0;
    for (uint32_t i = 0; i < 64; i++)
        n += trace_inbox_take(
                 &in,
                 &(struct news){
                     .kind = NEWS_PART, .id = 99, .part = i, .n_parts = 64, .piece = piece, .n_piece = sizeof piece },
                 &is_got) != NULL;
    CHECK(n == 0 && is_got, "a whole one of 83 kB that nests 83,200 times is dropped, and not asked for again");
    json_t *trace = trace_inbox_take(
        &in, &(struct news){ .kind = NEWS_PART, .id = 100, .n_parts = 1, .piece = TRACE, .n_piece = strlen(TRACE) },
        &is_got);
    CHECK(trace && is_got, "then a good one");
    json_decref(trace);
    trace_inbox_clear(&in);
}

static void is_refused(const char *from, const char *to)
{
    char text[4000], *found = strstr(TRACE, from);
    snprintf(text, sizeof text, "%.*s%s%s", found ? (int)(found - TRACE) : 0, TRACE, to,
             found ? found + strlen(from) : "");
    json_t *said = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL), *trace = hop_json_check(said, 0);
    CHECK(found && said && trace == NULL, "not a trace: %s", to);
    json_decref(said);
    json_decref(trace);
}

static void test_check(void)
{
    json_t *said = json_loads(TRACE, 0, NULL);
    json_object_set_new(said, "evil", json_string("more"));
    json_object_set_new(said, "watch", json_loads("{\"from_s\":-20,\"hops\":[[3,3],[2,0]],\"evil\":1}", 0, NULL));
    json_t *trace = hop_json_check(said, 1000);
    CHECK(trace && json_number_value(json_object_get(trace, "at_s")) == 1000 &&
              json_object_get(trace, "evil") == NULL &&
              json_number_value(json_object_get(json_object_get(trace, "watch"), "from_s")) == 980 &&
              json_object_get(json_object_get(trace, "watch"), "evil") == NULL,
          "a good one, moved to this host's axis, without what else was in it");
    json_decref(trace);
    json_object_set_new(json_object_get(said, "watch"), "hops", json_loads("[[3,3]]", 0, NULL));
    trace = hop_json_check(said, 0);
    CHECK(trace == NULL, "a watch of another number of hops");
    json_decref(said);
    CHECK(hop_json_check(NULL, 0) == NULL, "nothing");
    is_refused("198.18.1.1", "198.18.1.256");
    is_refused("198.18.1.1", "<script>");
    is_refused("198.18.1.1", "198.18.1.1\\u0000");
    is_refused("3,3,0.05", "3,4,0.05");
    is_refused("3,3,0.05", "-1,-1,0.05");
    is_refused("3,3,0.05", "3.5,3,0.05");
    is_refused("3,3,0.05", "3,3,-0.05");
    is_refused("3,3,0.05", "3,3,1e9");
    is_refused("3,3,0.05", "3,3,\"fast\"");
    is_refused("0.06]", "0.06,\"24005/0/1/254; rm\"]");
    is_refused("0.06]", "0.06,\"\"]");
    is_refused("0.06]", "0.06,\"1/0/1/2\",7]");
    is_refused("[null,3,0,null,null]", "null");
    is_refused("[null,3,0,null,null]", "{}");
    is_refused("\"UDP\"", "\"SCTP\"");
    is_refused("\"raw\"", "null");
    is_refused("\"loss\"", "\"because\"");
    is_refused("5201", "65536");
    is_refused("\"distance\":null", "\"distance\":-1");
    is_refused("\"at_s\":0", "\"at_s\":1e12");
    is_refused("\"seconds\":1.5", "\"seconds\":-1");
    is_refused("\"hops\":[", "\"hops\":5,\"old\":[");
    is_refused(TRACE, "[]");
    is_refused(TRACE, "5");
    said = json_loads(TRACE, 0, NULL);
    for (int i = 0; i < HOPS_MAX; i++)
        json_array_append_new(json_object_get(said, "hops"), json_loads("[null,3,0,null,null]", 0, NULL));
    CHECK(hop_json_check(said, 0) == NULL, "not a trace: %d hops", HOPS_MAX + 2);
    json_decref(said);
}

/* ---- from a route, and what differs */

static json_t *route(const char *hops, int port)
{
    char text[2000];
    snprintf(text, sizeof text, "{\"source_port\":%d,\"destination_port\":5201,\"protocol\":\"UDP\",\"hops\":[%s]}",
             port, hops);
    return json_loads(text, 0, NULL);
}

static void is_difference(const char *before, const char *after, const char *wanted)
{
    json_t *a = route(before, 4000), *b = route(after, 4000), *other = route(after, 4001);
    char text[300] = "";
    bool differs = hop_json_differs(a, b, text, sizeof text);
    CHECK(a && b && differs == (*wanted != 0) && strcmp(text, wanted) == 0, "%s after %s: %s", after, before, text);
    CHECK(!hop_json_differs(a, other, text, sizeof text), "not compared with another flow's");
    json_decref(a);
    json_decref(b);
    json_decref(other);
}

static void test_difference(void)
{
#define A "[\"10.0.0.1\",3,3,1,1]"
#define B "[\"10.0.0.2\",3,3,1,1]"
#define C "[\"10.0.0.3\",3,3,1,1]"
#define X "[\"10.9.9.9\",3,3,1,1]"
#define NONE "[null,3,0,null,null]"
    is_difference(A "," B "," C, A "," B "," C, "");
    is_difference(A "," B "," C, A "," X "," C, "the route changed between hop 1 and 3: 10.9.9.9 instead of 10.0.0.2");
    is_difference(A "," B "," C, A "," NONE "," C, "");
    is_difference(A "," NONE "," C, A "," X "," C, "");
    is_difference(A "," NONE "," C, A "," B "," X, "the route changed after hop 1: 10.9.9.9 instead of 10.0.0.3");
    is_difference(B "," C, X "," C, "the route changed before hop 2: 10.9.9.9 instead of 10.0.0.2");
    is_difference(B, X "," C, "the route changed from hop 1 on: 10.9.9.9 instead of 10.0.0.2");
    is_difference("", A, "");
    char text[300];
    json_t *one = route(A, 1);
    CHECK(!hop_json_differs(NULL, one, text, sizeof text), "the first trace differs from nothing");
    json_decref(one);
}

static void test_json(void)
{
    struct hops_route r = { .at_ns = 12500000000,
                            .seconds = 1.6123456,
                            .watched_at_ns = 2000000000,
                            .by = HOPS_BY_ERRORS,
                            .n = 2,
                            .source_port = 1,
                            .destination_port = 65535 };
    r.hop[0] = (struct hop){ .address = "198.18.1.1",
                             .n_sent = 3,
                             .n_answered = 3,
                             .min_ms = 0.05,
                             .max_ms = 0.0601,
                             .labels = "24005/0/1/254",
                             .n_watched = 30,
                             .n_watched_answered = 29 };
    r.hop[1] = (struct hop){ .n_sent = 3, .min_ms = NAN, .max_ms = NAN };
    json_t *trace = hop_json(&r, TRACE_LOSS, true, 0);
    char *text = json_dumps(trace, JSON_COMPACT | JSON_REAL_PRECISION(6));
    CHECK(text &&
              strcmp(text,
                     "{\"at_s\":12.5,\"seconds\":1.612,\"why\":\"loss\",\"source_port\":1,\"destination_port\":65535,"
                     "\"protocol\":\"TCP\",\"by\":\"errors\",\"distance\":null,\"hops\":[[\"198.18.1.1\",3,3,0.05,0.06,"
                     "\"24005/0/1/254\"],[null,3,0,null,null]],\"watch\":{\"from_s\":2.0,\"hops\":[[30,29],[0,0]]}}") ==
                  0,
          "as the manual says: %s", text ? text : "none");
    json_t *checked = hop_json_check(trace, 0);
    CHECK(checked && json_equal(checked, trace), "what is written passes the check, unchanged");
    json_decref(checked);
    json_decref(trace);
    free(text);
    r.watched_at_ns = 0;
    r.distance = 7;
    trace = hop_json(&r, TRACE_START, false, 0);
    CHECK(json_object_get(trace, "watch") == NULL && json_integer_value(json_object_get(trace, "distance")) == 7,
          "without a watch");
    json_decref(trace);
}

int main(void)
{
    test_magic();
    test_texts();
    test_troubles();
    test_post();
    test_hostile_parts();
    test_check();
    test_difference();
    test_json();
    return CHECK_DONE();
}
