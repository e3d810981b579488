/* test_hops_route.c - what a prober makes of answers: the search for the distance, the hops of a trace, the watch. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host/hops_places.h"
#include "host/hops_probes.h"
#include "host/hops_search.h"
#include "host/hops_watch.h"

/* ---- the distance */

struct network {
    uint32_t distance, back; /* there, and by the ttl of the answer */
    uint64_t silent;         /* bit ttl: that router answers nothing */
    int loss;                /* percent of probes */
    bool is_mute;            /* the peer answers nothing */
};

/* s: what is known at first. */
static uint32_t search_from(const struct network *network, int *n_probes, struct hops_search *s)
{
    uint32_t ttl;
    for (*n_probes = 0; (ttl = hops_search_next(s)) != 0 && *n_probes < 100; ++*n_probes) {
        bool is_there = ttl >= network->distance;
        if (rand() % 100 < network->loss || (is_there ? network->is_mute : ttl < 64 && (network->silent >> ttl & 1)))
            hops_search_silent(s);
        else if (is_there)
            hops_search_reached(s, network->back ? 64 - network->back + 1 : 0);
        else
            hops_search_passed(s);
    }
    return hops_search_distance(s);
}

static uint32_t search(const struct network *network, uint32_t before, bool wants_router, int *n_probes,
                       struct hops_search *s)
{
    *s = (struct hops_search){ .before = before, .wants_router = wants_router };
    return search_from(network, n_probes, s);
}

/* A trace because of a loss knows that probes will be lost. */
static void check_lossy_search(void)
{
    static const struct {
        int loss;
        bool is_known; /* the distance, from before */
        int n_most;    /* wrong or unknown ones, of 2,000 */
    } cases[] = { { 10, true, 2 }, { 10, false, 2 }, { 40, true, 30 }, { 40, false, 120 }, { 60, true, 250 } };
    srand(3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int n_wrong = 0, n_near = 0, n_probes, n_sum = 0, most = 0;
        for (int round = 0; round < 2000; round++) {
            uint32_t d = (uint32_t)(rand() % 20 + 1);
            struct network network = { .distance = d, .back = d, .loss = cases[i].loss };
            struct hops_search s = {
                .before = cases[i].is_known ? d : 0, .is_known = cases[i].is_known, .is_lossy = true
            };
            uint32_t found = search_from(&network, &n_probes, &s);
            n_wrong += found != d;
            n_near += found && found < d;
            n_sum += n_probes;
            most = n_probes > most ? n_probes : most;
        }
        CHECK(n_wrong <= cases[i].n_most && n_near == 0 && most <= 40,
              "%d %% of probes lost, %s: wrong or unknown in %d of 2,000 searches, %.1f probes, at most %d",
              cases[i].loss, cases[i].is_known ? "a known distance" : "nothing known", n_wrong, n_sum / 2000.0, most);
    }
    struct network mute = { .distance = 12, .is_mute = true };
    struct hops_search s = { .before = 12, .is_known = true, .is_lossy = true };
    int n_probes;
    uint32_t found = search_from(&mute, &n_probes, &s);
    CHECK(found == 0 && n_probes <= 16, "a mute peer where probes are lost: unknown after %d probes", n_probes);
    s = (struct hops_search){ .is_lossy = true };
    found = search_from(&mute, &n_probes, &s);
    CHECK(found == 0 && n_probes <= 4, "one that never answered: unknown after %d probes", n_probes);
}

static void check_search(void)
{
    int n_probes, most = 0, n_wrong = 0, most_known = 0, most_moved = 0;
    struct hops_search s;
    for (uint32_t d = 1; d <= 40; d++)
        for (uint32_t back = 0; back <= 45; back++) {
            struct network network = { .distance = d, .back = back };
            n_wrong += search(&network, 0, false, &n_probes, &s) != d;
            most = n_probes > most ? n_probes : most;
            network.silent = 1ull << (d - 1) | 1ull << (d > 2 ? d - 2 : 0);
            n_wrong += search(&network, 0, false, &n_probes, &s) != d;
            most = n_probes > most ? n_probes : most;
            for (uint32_t before = d > 4 ? d - 4 : 1; before < d + 4; before++) {
                network.silent = 0;
                n_wrong += search(&network, before, false, &n_probes, &s) != d;
                if (before == d)
                    most_known = n_probes > most_known ? n_probes : most_known;
                most_moved = n_probes > most_moved ? n_probes : most_moved;
            }
        }
    CHECK(n_wrong == 0 && most <= 20, "the distance is right for each way there and back, by %d probes at most", most);
    CHECK(most_known <= 2 && most_moved <= 20, "2 probes confirm it, %d find it moved", most_moved);
    struct network far = { .distance = 50, .is_mute = true };
    uint32_t found = search(&far, 0, false, &n_probes, &s);
    CHECK(found == 0 && n_probes <= 2, "a mute peer: unknown, after %d probes", n_probes);
    found = search(&far, 12, false, &n_probes, &s);
    CHECK(found == 0 && n_probes <= 3, "one that has become mute: %d probes", n_probes);
    far = (struct network){ .distance = 65 };
    CHECK(search(&far, 0, false, &n_probes, &s) == 0, "a peer that no ttl reaches, in a loop: unknown");
    n_wrong = 0;
    srand(2);
    for (int round = 0; round < 2000; round++) {
        struct network lossy = { .distance = (uint32_t)(rand() % 20 + 1),
                                 .back = (uint32_t)(rand() % 20 + 1),
                                 .loss = 10 };
        n_wrong += search(&lossy, 0, false, &n_probes, &s) < lossy.distance && !s.is_lost;
    }
    CHECK(n_wrong == 0, "loss never makes the peer seem nearer");
}

/* Without raw sockets, a router must have answered at the largest ttl that is probed. */
static void check_search_for_router(void)
{
    int n_wrong = 0, n_probes, most = 0;
    struct hops_search s;
    for (uint32_t d = 2; d <= 25; d++)
        for (uint32_t n_silent = 0; n_silent < 3 && n_silent < d; n_silent++) {
            struct network network = { .distance = d };
            for (uint32_t i = 1; i <= n_silent; i++)
                network.silent |= 1ull << (d - i);
            uint32_t found = search(&network, d, true, &n_probes, &s);
            n_wrong += found != d || s.passed != d - 1 - n_silent;
            most = n_probes > most ? n_probes : most;
        }
    CHECK(n_wrong == 0 && most <= 20, "a router before the peer is known, also behind silent ones: %d probes", most);
}

/* ---- the table of probes */

static void check_probes(void)
{
    struct hops_probes probes = { 0 };
    int n = 0;
    bool is_right = true;
    struct hops_probe *one;
    while ((one = hops_probes_add(&probes, n % 2 ? HOPS_FOR_TRACE : HOPS_FOR_WATCH, HOPS_SHORT, 3)) && n < 1000) {
        is_right &= one->id != 0 && hops_probes_find(&probes, one->id) == one;
        n++;
    }
    CHECK(is_right && n == HOPS_OPEN_MAX, "%d open probes have ids of their own", n);
    hops_probes_drop(&probes, HOPS_FOR_WATCH);
    CHECK(!hops_probes_first(&probes, HOPS_FOR_WATCH) && hops_probes_first(&probes, HOPS_FOR_TRACE), "dropped by use");
}

/* ---- places and the watch */

#define MS 1000000

static void answer_all(struct hops_places *places, uint32_t n, int times)
{
    for (uint32_t ttl = 1; ttl <= n; ttl++)
        for (int i = 0; i < times; i++) {
            char text[46];
            snprintf(text, sizeof text, "192.0.2.%u", ttl);
            hops_places_tried(places, ttl, HOPS_SHORT, true, 1);
            hops_places_answered(places, ttl, HOPS_SHORT, text, "", 1.5);
        }
}

static void check_shapes(void)
{
    struct hops_places places = { 0 };
    struct hops_route route = { 0 };
    hops_places_begin(&places, true);
    CHECK(hops_places_choose(&places, 2, true, 1, 100 * MS) == HOPS_SHORT, "first a short probe");
    hops_places_tried(&places, 2, HOPS_SHORT, true, 1);
    CHECK(hops_places_choose(&places, 2, true, 50 * MS, 100 * MS) == HOPS_SHORT, "short while its answer may come");
    CHECK(hops_places_choose(&places, 2, true, 200 * MS, 100 * MS) == HOPS_PLAIN, "plain if none has come");
    CHECK(hops_places_choose(&places, 2, false, 200 * MS, 100 * MS) == HOPS_SHORT, "never plain next to the peer");
    hops_places_tried(&places, 1, HOPS_SHORT, false, 1);
    CHECK(hops_places_choose(&places, 1, true, 200 * MS, 100 * MS) == HOPS_PLAIN,
          "plain if this host sends no short one");
    hops_places_tried(&places, 2, HOPS_PLAIN, true, 200 * MS);
    hops_places_answered(&places, 2, HOPS_PLAIN, "192.0.2.2", "", 2);
    hops_places_fill(&places, &route, 2);
    CHECK(route.hop[1].n_sent == 1 && route.hop[1].n_answered == 1,
          "only plain ones count for a hop that answers only those");
    CHECK(route.hop[0].n_sent == 0 && isnan(route.hop[0].min_ms) && !route.hop[0].address[0],
          "nothing is known of the other");
    hops_places_begin(&places, false);
    CHECK(hops_places_choose(&places, 2, true, 300 * MS, 100 * MS) == HOPS_PLAIN, "the next trace knows it");
    hops_places_begin(&places, false);
    CHECK(hops_places_choose(&places, 2, true, 400 * MS, 100 * MS) == HOPS_SHORT,
          "not after a trace that it left unanswered");
}

static void check_places(void)
{
    struct hops_places places = { 0 };
    struct hops_route route = { 0 };
    hops_places_begin(&places, true);
    answer_all(&places, 4, 1);
    hops_places_answered(&places, 3, HOPS_SHORT, "192.0.2.33", "17/0/1/1", 0.5);
    hops_places_answered(&places, 3, HOPS_SHORT, "192.0.2.33", "", NAN);
    hops_places_fill(&places, &route, 4);
    CHECK(strcmp(route.hop[2].address, "192.0.2.33") == 0 && strcmp(route.hop[2].labels, "17/0/1/1") == 0,
          "the most frequent address, the last labels");
    CHECK(route.hop[2].min_ms == 0.5 && route.hop[2].max_ms == 1.5, "times that are unknown do not count");
    CHECK(!hops_places_have_loop(&places) && hops_places_last(&places) == 4, "four different routers: no loop");
    hops_places_answered(&places, 6, HOPS_SHORT, "192.0.2.4", "", 1);
    CHECK(!hops_places_have_loop(&places), "one twice: no loop yet");
    hops_places_answered(&places, 8, HOPS_SHORT, "192.0.2.4", "", 1);
    CHECK(hops_places_have_loop(&places) && hops_places_last(&places) == 8, "three times: a loop");
    for (int i = 0; i < 20; i++) {
        char text[46];
        snprintf(text, sizeof text, "192.0.2.%d", 100 + i);
        hops_places_answered(&places, 1, HOPS_SHORT, text, "", 1);
    }
    hops_places_fill(&places, &route, 1);
    CHECK(strcmp(route.hop[0].address, "192.0.2.1") == 0 && route.hop[0].n_answered == 21,
          "more addresses than are kept");
}

static bool has_changed(struct hops_watch *watch)
{
    bool was = watch->has_changed;
    watch->has_changed = false;
    return was;
}

static void begin_watch(struct hops_watch *watch, struct hops_places *places, uint32_t last)
{
    struct hops_route route = { 0 };
    hops_places_fill(places, &route, 4);
    hops_watch_begin(watch, places, &route, last, 5);
}

static void check_watch(void)
{
    struct hops_places places = { 0 };
    struct hops_watch watch = { 0 };
    CHECK(hops_watch_next(&watch) == 0, "nothing to watch before a trace");
    hops_places_begin(&places, true);
    answer_all(&places, 4, 3);
    places.place[1] = (struct hops_place){ .n_sent = { 3, 0 } };
    begin_watch(&watch, &places, HOPS_MAX);
    uint32_t turn[4];
    for (int i = 0; i < 4; i++) {
        char text[46];
        turn[i] = hops_watch_next(&watch);
        snprintf(text, sizeof text, "192.0.2.%u", turn[i]);
        hops_watch_answered(&watch, turn[i], text);
    }
    CHECK(turn[0] == 1 && turn[1] == 3 && turn[2] == 4 && turn[3] == 1 && !has_changed(&watch),
          "in turn, without the hop that is silent");
    int asked = 0;
    for (; asked < 10 && !has_changed(&watch); asked++)
        hops_watch_silent(&watch, hops_watch_next(&watch));
    CHECK(asked == 4 && watch.hop[2].n == 5 && watch.hop[2].n_answered == 1,
          "a hop that became silent: known after 4 probes");
    hops_watch_answered(&watch, hops_watch_next(&watch), "192.0.2.99");
    CHECK(!has_changed(&watch), "said once for each trace");
    begin_watch(&watch, &places, HOPS_MAX);
    hops_watch_answered(&watch, 3, "192.0.2.99");
    CHECK(has_changed(&watch) && !has_changed(&watch), "another address, at once");
    begin_watch(&watch, &places, 3);
    CHECK(hops_watch_next(&watch) == 1 && hops_watch_next(&watch) == 3 && hops_watch_next(&watch) == 1,
          "not beyond the distance that is safe");
    begin_watch(&watch, &places, 0);
    CHECK(!watch.is_on, "no hop to watch, as in the peer's own network: no watch, so nobody waits for its next probe");
    places.place[0].n_sent[HOPS_SHORT] = 10;
    begin_watch(&watch, &places, HOPS_MAX);
    CHECK(watch.is_on, "a watch where a hop answers");
    for (int i = 0; i < 20; i++)
        hops_watch_silent(&watch, 1);
    CHECK(!has_changed(&watch), "a hop that limits its answers may be silent for long");
    struct hops_route route = { 0 };
    hops_watch_fill(&watch, &route);
    CHECK(route.n == 1 && route.hop[0].n_watched == 20 && route.hop[0].n_watched_answered == 0 &&
              route.watched_at_ns == 5,
          "its probes are counted");
}

/* A hop behind which packets are balanced one by one. */
static void check_balanced(void)
{
    struct hops_places places = { 0 };
    struct hops_watch watch = { 0 };
    hops_places_begin(&places, true);
    answer_all(&places, 4, 2);
    hops_places_answered(&places, 2, HOPS_SHORT, "192.0.2.22", "", 1);
    begin_watch(&watch, &places, HOPS_MAX);
    hops_watch_answered(&watch, 2, "192.0.2.22");
    hops_watch_answered(&watch, 2, "192.0.2.2");
    CHECK(!has_changed(&watch), "two addresses of one trace: neither is a change");
    hops_places_begin(&places, false);
    answer_all(&places, 4, 3);
    begin_watch(&watch, &places, HOPS_MAX);
    hops_watch_answered(&watch, 2, "192.0.2.22");
    CHECK(!has_changed(&watch), "nor after a trace that saw one of them");
    hops_places_begin(&places, false);
    answer_all(&places, 4, 0);
    hops_places_answered(&places, 2, HOPS_SHORT, "192.0.2.77", "", 1);
    begin_watch(&watch, &places, HOPS_MAX);
    hops_watch_answered(&watch, 2, "192.0.2.2");
    CHECK(has_changed(&watch), "after a trace that saw a third one, they are");
}

int main(void)
{
    check_search();
    check_lossy_search();
    check_search_for_router();
    check_probes();
    check_shapes();
    check_places();
    check_watch();
    check_balanced();
    return CHECK_DONE();
}
