/* tell_legs.c - looks at legs, and puts what is to be told into a queue. A server's ports show one leg each: the other
 * legs of a port are followed by the clock until they come back or their end has passed. */

#include "tell_legs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "seconds.h"
#include "tell_json.h"
#include "tell_state.h"
#include "tell_watch.h"

#define JUDGE_S 10.0     /* at first; later every tenth of the leg's time so far, ... */
#define JUDGE_MAX_S 60.0 /* ... up to this, and never for more than a hundredth of the time */
#define JUDGE_SHARE 100
#define SAME_START_S 2.0 /* a date of a start that is computed again differs less, unless the clock is set */

enum { N_MAX = 1024 }; /* legs at a server have the names that clients choose */

struct watched {
    struct tell_leg leg;  /* as last seen */
    double seen_s;        /* when, by a clock that goes on while the host sleeps */
    bool is_seen;         /* in this look */
    bool has_state;       /* what was told before this process, if anything, is known */
    bool is_own[TELL_N_CONDITIONS]; /* told by this process: nobody else tells it now */
    struct tell_state told;
    struct tell_watch watch;
    size_t i;             /* its number in the last look */
    double judge_at_s;    /* when its objectives are judged next */
};

struct tell_legs {
    const struct tell_options *options;
    struct tell_command *command;
    struct watched *all[N_MAX];
    size_t n;
};

struct tell_legs *tell_legs_new(const struct tell_options *options, struct tell_command *command)
{
    struct tell_legs *legs = calloc(1, sizeof *legs);
    if (legs) {
        legs->options = options;
        legs->command = command;
    }
    return legs;
}

void tell_legs_free(struct tell_legs *legs)
{
    for (size_t i = 0; legs && i < legs->n; i++)
        free(legs->all[i]);
    free(legs);
}

/* ---- which leg it is */

static bool has_names(const struct watched *w, const struct tell_leg *leg)
{
    return strcmp(w->leg.source, leg->source) == 0 && strcmp(w->leg.destination, leg->destination) == 0;
}

static size_t longest_unseen(const struct tell_legs *legs)
{
    size_t found = 0;
    for (size_t i = 1; i < legs->n; i++)
        if (legs->all[i]->seen_s < legs->all[found]->seen_s)
            found = i;
    return found;
}

/* NULL when out of memory. */
static struct watched *place_of(struct tell_legs *legs, const struct tell_leg *leg)
{
    for (size_t i = 0; i < legs->n; i++)
        if (has_names(legs->all[i], leg))
            return legs->all[i];
    if (legs->n < N_MAX && (legs->all[legs->n] = malloc(sizeof(struct watched))) == NULL)
        return NULL;
    struct watched *w = legs->all[legs->n < N_MAX ? legs->n++ : longest_unseen(legs)];
    *w = (struct watched){ .leg = *leg, .told = { .usual_ms = NAN } };
    tell_watch_init(&w->watch);
    return w;
}

/* Another day of the leg: its clock began anew, or its start is another one. When the date is set, both go on. */
static bool is_another_day(const struct watched *w, const struct longhaul_status *s)
{
    const struct longhaul_status *before = &w->leg.status;
    bool is_later = s->start_unix_s > before->start_unix_s + SAME_START_S;
    return w->watch.has_looked && s->phase != LONGHAUL_PHASE_DONE && is_later && s->elapsed_s < before->elapsed_s - 1;
}

/* What a process before this one told. */
static void know_state(const struct tell_legs *legs, struct watched *w)
{
    const struct longhaul_status *s = &w->leg.status;
    if (w->has_state || isnan(s->start_unix_s) || legs->command == NULL)
        return;
    w->has_state = true;
    char *path = tell_state_path(legs->options->dir, w->leg.source, w->leg.destination);
    if (path && tell_state_read(path, s->start_unix_s, s->planned_s, &w->told))
        for (int c = 0; c < TELL_N_CONDITIONS; c++)
            if (w->told.is_open[c])
                tell_watch_open(&w->watch, (enum tell_condition)c, w->told.usual_ms);
    free(path);
}

/* ---- what is told */

/* A process before this one, which was killed, may have told it in its last moment, after this one began. */
static bool was_told(const struct watched *w, const struct tell_event *e, const char *path)
{
    struct tell_state there;
    const struct longhaul_status *s = &w->leg.status;
    bool is_condition = e->kind == TELL_BEGINS || e->kind == TELL_ENDS;
    return is_condition && !w->is_own[e->condition] &&
           tell_state_read(path, s->start_unix_s, s->planned_s, &there) &&
           there.is_open[e->condition] == (e->kind == TELL_BEGINS);
}

static void tell_event(struct tell_legs *legs, struct watched *w, const struct tell_event *e, double now_unix_s)
{
    char text[TELL_TEXT], state[TELL_STATE_SIZE] = "";
    char *path = tell_state_path(legs->options->dir, w->leg.source, w->leg.destination);
    bool is_known = path && was_told(w, e, path);
    if (e->kind == TELL_BEGINS || e->kind == TELL_ENDS) {
        w->is_own[e->condition] = true;
        w->told.is_open[e->condition] = e->kind == TELL_BEGINS;
        w->told.usual_ms = w->watch.kept_usual_ms;
    }
    if (e->kind != TELL_OVER) {
        tell_state_text(&w->told, w->leg.status.start_unix_s, state);
    }
    if (is_known) {
        free(path);
        return;
    }
    tell_json(legs->options->role, &w->leg, e, now_unix_s, text);
    tell_command_put(legs->command, text, state, path);
}

/* ---- objectives */

/* The journal becomes the result of that name. */
static char *record_path(const struct tell_legs *legs, const struct watched *w, bool is_over)
{
    char *path;
    const char *ending = is_over ? LONGHAUL_RESULT_ENDING : LONGHAUL_JOURNAL_ENDING;
    return asprintf(&path, "%s/%s%s", legs->options->dir, w->leg.record, ending) < 0 ? NULL : path;
}

static uint32_t known_missed(const struct tell_objectives *objectives, const struct tell_state *told)
{
    uint32_t known = 0;
    for (size_t k = 0; k < objectives->n; k++)
        if (tell_state_has_missed(told, tell_objective_number(&objectives->list[k])))
            known |= UINT32_C(1) << k;
    return known;
}

static void judge_all(struct tell_legs *legs, struct watched *w, const struct tell_objectives *objectives,
                      double now_unix_s, bool is_over)
{
    struct longhaul_objective_result results[TELL_OBJECTIVES_MAX];
    char *path = record_path(legs, w, is_over);
    uint32_t missed = path ? tell_objectives_missed(objectives, path, known_missed(objectives, &w->told), results) : 0;
    free(path);
    for (size_t k = 0; k < objectives->n; k++) {
        if (!(missed & UINT32_C(1) << k))
            continue;
        const struct tell_event e = { TELL_MISSED, TELL_DOWN, &results[k], now_unix_s, NAN };
        tell_state_add_missed(&w->told, tell_objective_number(&objectives->list[k]));
        tell_event(legs, w, &e, now_unix_s);
    }
}

static void judge(struct tell_legs *legs, struct watched *w, double now_unix_s, bool is_over)
{
    struct tell_objectives objectives = { .n = 0 };
    double begin_s = seconds_of(CLOCK_BOOTTIME);
    legs->options->objectives(legs->options->payload, w->i, &w->leg, &objectives);
    if (objectives.n > 0)
        judge_all(legs, w, &objectives, now_unix_s, is_over);
    double end_s = seconds_of(CLOCK_BOOTTIME), pause_s = fmin(w->leg.status.elapsed_s / 10, JUDGE_MAX_S);
    w->judge_at_s = end_s + fmax(fmax(pause_s, JUDGE_S), JUDGE_SHARE * (end_s - begin_s));
}

/* A leg's objectives are judged while it runs, and by its result. */
static void look_at_objectives(struct tell_legs *legs, struct watched *w, double now_unix_s)
{
    bool is_over = w->leg.status.phase == LONGHAUL_PHASE_DONE;
    if (legs->command == NULL || legs->options->objectives == NULL || w->leg.record[0] == 0 || w->watch.is_over)
        return;
    if (w->judge_at_s == 0)
        w->judge_at_s = seconds_of(CLOCK_BOOTTIME) + JUDGE_S;
    if (is_over || seconds_of(CLOCK_BOOTTIME) >= w->judge_at_s)
        judge(legs, w, now_unix_s, is_over);
}

static void look_at(struct tell_legs *legs, struct watched *w, double now_unix_s)
{
    struct tell_event events[TELL_EVENTS];
    know_state(legs, w);
    look_at_objectives(legs, w, now_unix_s);
    size_t n = tell_watch_look(&w->watch, &w->leg.status, now_unix_s, events);
    for (size_t k = 0; legs->command && k < n; k++)
        tell_event(legs, w, &events[k], now_unix_s);
}

/* ---- looking */

static void see(struct tell_legs *legs, size_t i, const struct tell_leg *leg, double now_unix_s, double boot_s)
{
    struct watched *w = place_of(legs, leg);
    if (w == NULL || w->is_seen) /* another client says that it is the same leg */
        return;
    if (is_another_day(w, &leg->status)) {
        *w = (struct watched){ .told = { .usual_ms = NAN } };
        tell_watch_init(&w->watch);
    }
    w->leg = *leg;
    w->i = i;
    w->seen_s = boot_s;
    w->is_seen = true;
    look_at(legs, w, now_unix_s);
}

/* A leg that no port shows any longer: nothing of it arrives. */
static void follow(struct tell_legs *legs, struct watched *w, double now_unix_s, double boot_s)
{
    struct longhaul_status *s = &w->leg.status, before = *s;
    if (w->watch.is_over || !w->watch.has_looked || !(s->planned_s > 0))
        return;
    s->elapsed_s = fmin(s->elapsed_s + boot_s - w->seen_s, s->planned_s);
    s->remaining_s = s->planned_s - s->elapsed_s;
    s->phase = LONGHAUL_PHASE_WAITING;
    if (s->remaining_s <= 0) {
        s->phase = LONGHAUL_PHASE_DONE;
        s->ending = LONGHAUL_ENDING_GAPS;
    }
    look_at(legs, w, now_unix_s);
    *s = before;
}

void tell_legs_look(struct tell_legs *legs)
{
    double now_unix_s = seconds_of(CLOCK_REALTIME), boot_s = seconds_of(CLOCK_BOOTTIME);
    for (size_t i = 0; i < legs->n; i++)
        legs->all[i]->is_seen = false;
    for (size_t i = 0; i < legs->options->n_legs; i++) {
        struct tell_leg leg = { .source = "" };
        if (legs->options->look(legs->options->payload, i, &leg) && leg.source[0])
            see(legs, i, &leg, now_unix_s, boot_s);
    }
    for (size_t i = 0; i < legs->n; i++)
        if (!legs->all[i]->is_seen)
            follow(legs, legs->all[i], now_unix_s, boot_s);
}

void tell_legs_count(const struct tell_legs *legs, char *text, size_t size)
{
    static const char *const words[] = { "pending", "connecting", "running", "waiting", "done", "stopped", "failed" };
    enum { N_WORDS = sizeof words / sizeof *words };
    size_t n[N_WORDS] = { 0 }, n_down = 0, at = 0;
    for (size_t i = 0; i < legs->n; i++) {
        const char *word = longhaul_status_text(&legs->all[i]->leg.status);
        for (size_t k = 0; k < N_WORDS; k++)
            n[k] += strcmp(word, words[k]) == 0;
        n_down += legs->all[i]->watch.history[TELL_DOWN].is_open && !legs->all[i]->watch.is_over;
    }
    at += (size_t)snprintf(text, size, "%zu leg%s", legs->n, legs->n == 1 ? "" : "s");
    for (size_t k = 0; k < N_WORDS && at < size; k++)
        if (n[k] > 0)
            at += (size_t)snprintf(text + at, size - at, ", %zu %s", n[k], words[k]);
    if (n_down > 0 && at < size)
        snprintf(text + at, size - at, ", %zu down", n_down);
}
