/* path_json.c - what was calculated and measured of a path as one line of JSON. Keys are the members' names; what is not known
 * is null. */

#include <jansson.h>
#include <math.h>

#include "error.h"

static int dump(json_t *object, char **out, struct longhaul_error *err)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (text == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    *out = text;
    return 0;
}

int longhaul_path_figures_json(const struct longhaul_path_figures *figures, char **out, struct longhaul_error *err)
{
    json_t *object = json_object();
    for (size_t i = 0; i < longhaul_path_figures_length(figures); i++) {
        const struct longhaul_path_figure *f = longhaul_path_figures_at(figures, i);
        json_object_set_new(object, f->key, json_real(f->value));
    }
    return dump(object, out, err);
}
