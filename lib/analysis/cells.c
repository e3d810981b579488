/* cells.c - joins short intervals to cells, and leaves out those that belong to outages. */

#include "analysis/cells.h"

#include <stdlib.h>

#include "analysis/events.h"

#define LEAST_CELL_S 1.0
#define SLACK_SHARE 0.5 /* of the usual length: a longer distance of two intervals separates cells */

static void take(struct cells *c, const struct view *v, size_t i, double level, size_t *n_levels)
{
    size_t k = c->n - 1;
    c->last[k] = i;
    c->lost[k] += v->lost[i];
    c->packets[k] += v->packets[i];
    if (isnan(level))
        return;
    c->level[k] = *n_levels == 0 ? level : (c->level[k] * (double)*n_levels + level) / (double)(*n_levels + 1);
    ++*n_levels;
}

static void open_cell(struct cells *c, size_t i)
{
    c->first[c->n] = i;
    c->lost[c->n] = c->packets[c->n] = 0;
    c->level[c->n++] = NAN;
}

static bool follows(const struct view *v, size_t before, size_t i)
{
    return i == before + 1 && v->start_s[i] - v->start_s[before] - v->seconds[before] < SLACK_SHARE * v->usual_s;
}

bool cells_make(struct cells *c, const struct view *v, const unsigned char *mark, double pace,
                bool wants(const struct view *, size_t), double level(const struct view *, size_t))
{
    size_t room = v->n + 1,
           most = v->usual_s > 0 && v->usual_s < LEAST_CELL_S ? (size_t)lround(LEAST_CELL_S / v->usual_s) : 1;
    size_t n_rows = 0, n_levels = 0;
    *c = (struct cells){ .first = malloc(room * sizeof *c->first),
                         .last = malloc(room * sizeof *c->last),
                         .lost = malloc(room * sizeof(double)),
                         .packets = malloc(room * sizeof(double)),
                         .level = malloc(room * sizeof(double)),
                         .pace = pace,
                         .seconds = v->usual_s * (double)most };
    c->per_cell = pace * c->seconds;
    if (!c->first || !c->last || !c->lost || !c->packets || !c->level) {
        cells_free(c);
        return false;
    }
    for (size_t i = 0; i < v->n; i++) {
        double its_level = level && !(mark[i] & EVENTS_DARK) ? level(v, i) : NAN;
        if ((mark[i] & EVENTS_DARK) || (wants ? !wants(v, i) : isnan(its_level)))
            continue;
        if (c->n == 0 || n_rows >= most || !follows(v, c->last[c->n - 1], i)) {
            open_cell(c, i);
            n_rows = n_levels = 0;
        }
        take(c, v, i, its_level, &n_levels);
        n_rows++;
    }
    return true;
}

void cells_free(struct cells *c)
{
    free(c->first);
    free(c->last);
    free(c->lost);
    free(c->packets);
    free(c->level);
}

double cells_start_s(const struct cells *c, const struct view *v, size_t i)
{
    return v->start_s[c->first[i]];
}

double cells_end_s(const struct cells *c, const struct view *v, size_t i)
{
    return v->start_s[c->last[i]] + v->seconds[c->last[i]];
}
