/* trace_plan.c - when the route of a leg is traced: at its start and every hour, each flow after the other; at once
 * when a trouble begins, when it is over, and when the watch saw another route. What happens comes before the round. */

#include "record/trace_plan.h"

#include <string.h>

#include "base/units.h"
#include "model/trace_pace.h"

#define N_TOKENS 3
#define N_TO_REPEAT 2
#define TOKEN_NS ((int64_t)(TRACE_EVERY_S * NS_PER_S))
#define ROUND_NS (3600 * NS_PER_S)

static const char *const names[TRACE_N_WHYS] = {
    [TRACE_NONE] = "",           [TRACE_START] = "start", [TRACE_HOURLY] = "hourly", [TRACE_ENDED] = "ended",
    [TRACE_CHANGE] = "change",   [TRACE_SHIFT] = "shift", [TRACE_DELAY] = "delay",   [TRACE_LOSS] = "loss",
    [TRACE_SILENCE] = "silence", [TRACE_WATCH] = "watch"
};

const char *trace_why_name(enum trace_why why)
{
    return (unsigned)why < TRACE_N_WHYS ? names[why] : "";
}

enum trace_why trace_why_of(const char *name)
{
    for (int why = TRACE_START; name && why < TRACE_N_WHYS; why++)
        if (strcmp(name, names[why]) == 0)
            return (enum trace_why)why;
    return TRACE_NONE;
}

/* ---- bucket */

struct bucket bucket_full(double most, int64_t each_ns, int64_t now_ns)
{
    return (struct bucket){ .tokens = most, .most = most, .each_ns = each_ns, .filled_ns = now_ns };
}

static void fill(struct bucket *b, int64_t now_ns)
{
    if (now_ns <= b->filled_ns)
        return;
    b->tokens += (double)(now_ns - b->filled_ns) / (double)b->each_ns;
    b->tokens = b->tokens < b->most ? b->tokens : b->most;
    b->filled_ns = now_ns;
}

/* A rounding error must not leave a full bucket a little less than full. */
#define NEARLY 1e-6

bool bucket_take(struct bucket *b, double least, int64_t now_ns)
{
    fill(b, now_ns);
    if (b->tokens < least - NEARLY)
        return false;
    b->tokens -= 1;
    return true;
}

int64_t bucket_due_ns(const struct bucket *b, double least)
{
    double missing = least - b->tokens;
    return missing > NEARLY ? b->filled_ns + (int64_t)(missing * (double)b->each_ns) : b->filled_ns;
}

/* ---- plan */

/* The first trace after a broken session shows the route after a trouble. */
void trace_plan_begin(struct trace_plan *p, size_t n_flows, int64_t now_ns)
{
    bool is_again = p->n_flows > 0, was_troubled = p->trouble != TRACE_NONE;
    if (!is_again)
        p->bucket = bucket_full(N_TOKENS, TOKEN_NS, now_ns);
    p->n_flows = n_flows < 1 ? 1 : n_flows > FLOWS_MAX ? FLOWS_MAX : n_flows;
    p->trouble = p->wanted = TRACE_NONE;
    p->is_change_wanted = false;
    p->is_end_wanted = was_troubled;
    p->next_flow = was_troubled && p->n_flows == 1 ? 1 : 0;
    p->round_why = TRACE_START;
    p->next_round_ns = now_ns + ROUND_NS;
    if (p->trouble_flow >= p->n_flows)
        p->trouble_flow = 0;
}

void trace_plan_trouble(struct trace_plan *p, enum trace_why why, size_t flow)
{
    bool is_known = why != TRACE_SHIFT && p->trouble != TRACE_NONE && why <= p->trouble;
    if (is_known || why < TRACE_SHIFT || why > TRACE_SILENCE)
        return;
    if (p->wanted == TRACE_NONE || why > p->wanted) {
        p->wanted = why;
        p->trouble_flow = flow < p->n_flows ? flow : 0;
    }
    if (why == TRACE_SHIFT)
        return;
    p->trouble = why;
    p->is_end_wanted = false; /* it is not over */
}

/* A trouble that ended before there was a token for it needs no trace any more; a shift stays. */
void trace_plan_quiet(struct trace_plan *p)
{
    if (p->trouble == TRACE_NONE)
        return;
    p->is_end_wanted = true;
    p->trouble = TRACE_NONE;
    p->wanted = p->wanted == TRACE_SHIFT ? TRACE_SHIFT : TRACE_NONE;
}

void trace_plan_change(struct trace_plan *p, size_t flow)
{
    p->is_change_wanted = true;
    p->change_flow = flow < p->n_flows ? flow : 0;
}

/* The first trace of a session is made as soon as there is a token; the others leave what may be needed. */
static double round_needs(const struct trace_plan *p)
{
    return p->round_why == TRACE_START && p->next_flow == 0 ? 1 : N_TOKENS;
}

static bool is_repeat_due(const struct trace_plan *p, int64_t now_ns)
{
    return p->trouble == TRACE_LOSS && now_ns >= p->repeat_ns;
}

static enum trace_why take_repeat(struct trace_plan *p, size_t *flow, int64_t now_ns)
{
    if (!bucket_take(&p->bucket, N_TO_REPEAT, now_ns))
        return TRACE_NONE;
    p->repeat_ns = now_ns + p->pause_ns;
    p->pause_ns *= 2;
    *flow = p->trouble_flow;
    return TRACE_LOSS;
}

static bool has_news(const struct trace_plan *p)
{
    return p->wanted != TRACE_NONE || p->is_change_wanted || p->is_end_wanted;
}

/* One trace shows the end of a trouble and a change at the same time, if they are of the same flow. */
static enum trace_why take_news(struct trace_plan *p, size_t *flow)
{
    enum trace_why why = p->wanted != TRACE_NONE ? p->wanted : p->is_change_wanted ? TRACE_CHANGE : TRACE_ENDED;
    *flow = why == TRACE_CHANGE ? p->change_flow : p->trouble_flow;
    if (p->is_change_wanted && *flow == p->change_flow)
        p->is_change_wanted = false;
    if (p->is_end_wanted && *flow == p->trouble_flow && p->trouble == TRACE_NONE)
        p->is_end_wanted = false;
    p->wanted = TRACE_NONE;
    if (why == TRACE_LOSS) {
        p->repeat_ns = 0;
        p->pause_ns = TOKEN_NS;
    }
    return why;
}

enum trace_why trace_plan_take(struct trace_plan *p, size_t *flow, int64_t now_ns)
{
    if (p->n_flows == 0)
        return TRACE_NONE;
    if (has_news(p))
        return bucket_take(&p->bucket, 1, now_ns) ? take_news(p, flow) : TRACE_NONE;
    if (is_repeat_due(p, now_ns))
        return take_repeat(p, flow, now_ns);
    if (now_ns >= p->next_round_ns && p->next_flow >= p->n_flows) {
        p->next_flow = 0;
        p->round_why = TRACE_HOURLY;
        p->next_round_ns = now_ns + ROUND_NS;
    }
    if (p->next_flow >= p->n_flows || !bucket_take(&p->bucket, round_needs(p), now_ns))
        return TRACE_NONE;
    *flow = p->next_flow++;
    return p->round_why;
}

int64_t trace_plan_due_ns(const struct trace_plan *p)
{
    if (p->n_flows == 0)
        return INT64_MAX;
    if (has_news(p))
        return bucket_due_ns(&p->bucket, 1);
    int64_t round_ns = p->next_flow < p->n_flows ? bucket_due_ns(&p->bucket, round_needs(p)) : p->next_round_ns;
    int64_t token_ns = bucket_due_ns(&p->bucket, N_TO_REPEAT);
    if (p->trouble != TRACE_LOSS)
        return round_ns;
    if (p->repeat_ns <= token_ns) /* trace_plan_take() then waits for a token alone */
        return token_ns;
    return p->repeat_ns < round_ns ? p->repeat_ns : round_ns;
}
