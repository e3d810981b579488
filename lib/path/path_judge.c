/* path_judge.c - the public object that holds the facts about a path and the findings made from them. Measures
 * nothing. */

#include "path/path_measure.h"

#include <stdlib.h>

#include "base/error.h"

struct longhaul_path {
    struct longhaul_path_facts facts;
    struct path_findings findings;
};

int longhaul_path_judge(const struct longhaul_path_facts *facts, struct longhaul_path **out, struct longhaul_error *err)
{
    struct longhaul_path *path = calloc(1, sizeof *path);
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    path->facts = *facts;
    path_judge_network(&path->facts, &path->findings);
    path_judge_host(&path->facts, &path->findings);
    *out = path;
    return 0;
}

const struct longhaul_path_facts *longhaul_path_facts(const struct longhaul_path *path)
{
    return &path->facts;
}

const struct longhaul_path_finding *longhaul_path_findings(const struct longhaul_path *path, size_t *n)
{
    *n = path->findings.n;
    return path->findings.list;
}

enum longhaul_path_level longhaul_path_worst(const struct longhaul_path *path)
{
    enum longhaul_path_level worst = LONGHAUL_PATH_LEVEL_OK;
    for (size_t i = 0; i < path->findings.n; i++)
        if (path->findings.list[i].level > worst)
            worst = path->findings.list[i].level;
    return worst;
}

void longhaul_path_free(struct longhaul_path *path)
{
    free(path);
}
