/* wanted.c - the objectives whose windows an index counts, those of all legs and those of a topology's, as a text that
 * the index keeps. */

#include "archive/wanted.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/objective.h"

/* Of this leg, or of all legs. */
static bool is_there(const struct wanted *w, const char *source, const char *destination,
                     const struct longhaul_objective *o)
{
    bool is = false;
    for (size_t i = 0; !is && i < w->n; i++)
        is = wanted_is_of(&w->list[i], source, destination) && objective_is_same(&w->list[i].objective, o);
    return is;
}

/* False when out of memory. Those of whole tests are not counted: their figures are in the cells. One that is given
 * again, as for a leg of another protocol, is counted once. */
static bool add(struct wanted *w, const char *source, const char *destination, const struct longhaul_objective *o)
{
    if (isnan(o->share) || is_there(w, source, destination, o))
        return true;
    struct test_wanted *grown = realloc(w->list, (w->n + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    w->list = grown;
    grown[w->n] = (struct test_wanted){ .objective = *o };
    snprintf(grown[w->n].source, sizeof grown->source, "%s", source);
    snprintf(grown[w->n].destination, sizeof grown->destination, "%s", destination);
    w->n++;
    return true;
}

bool wanted_take(struct wanted *w, const struct longhaul_objective *objectives, size_t n_objectives,
                 const struct longhaul_topology *topology)
{
    bool good = true;
    for (size_t i = 0; good && i < n_objectives; i++)
        good = add(w, "", "", &objectives[i]);
    for (size_t i = 0; good && topology && i < longhaul_topology_n_legs(topology); i++) {
        const struct longhaul_leg *leg = &longhaul_topology_leg(topology, i)->leg;
        size_t n;
        const struct longhaul_objective *own =
            longhaul_topology_objectives(topology, leg->source, leg->destination, &n);
        for (size_t k = 0; good && k < n; k++)
            good = add(w, leg->source, leg->destination, &own[k]);
    }
    return good;
}

char *wanted_text(const struct wanted *w)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < w->n; i++) {
        char one[LONGHAUL_OBJECTIVE_TEXT];
        longhaul_objective_text(&w->list[i].objective, one);
        if (w->list[i].source[0])
            fprintf(out, "%s\t%s\t", w->list[i].source, w->list[i].destination);
        fprintf(out, "%s\n", one);
    }
    if (out && fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

bool wanted_parse(struct wanted *w, char *text)
{
    bool good = true;
    for (char *line; good && (line = strsep(&text, "\n")) != NULL;) {
        struct longhaul_objective o;
        const char *source = strchr(line, '\t') ? strsep(&line, "\t") : "";
        const char *destination = line && strchr(line, '\t') ? strsep(&line, "\t") : "";
        if (longhaul_objective_parse(line, &o, NULL) == 0)
            good = add(w, source, destination, &o);
    }
    return good;
}

bool wanted_is_of(const struct test_wanted *wanted, const char *source, const char *destination)
{
    return !wanted->source[0] ||
           (strcmp(wanted->source, source) == 0 && strcmp(wanted->destination, destination) == 0);
}

void wanted_free(struct wanted *w)
{
    free(w->list);
    *w = (struct wanted){ NULL, 0 };
}
