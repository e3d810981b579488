/* topology.c - reads a file of configs/ into sites and legs. Refuses what it does not know, with the file's name, the
 * JSON path and the value; opens no socket and resolves no name. */

#include "model/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "model/objective.h"

#define FILE_BYTES_MAX (4u << 20)
#define STAGGER_S 1.0 /* between two tests that begin on one host */
/* Between two rounds: hosts begin within some seconds of each other, and a test ends some seconds late. */
#define PAUSE_S 60

/* ---- document */

static int check_format(const struct value *document)
{
    struct value format = value_member(document, "format");
    int64_t number = 0;
    if (format.json == NULL)
        return value_refuse(&format, "missing: the format number of the file, %d", LONGHAUL_TOPOLOGY_FORMAT);
    int rc = value_integer(&format, 1, INT32_MAX, &number);
    if (rc == 0 && number > LONGHAUL_TOPOLOGY_FORMAT)
        return value_refuse_quoting(&format, "is newer than this longhaul knows (%d)", LONGHAUL_TOPOLOGY_FORMAT);
    return rc;
}

static int read_document(struct longhaul_topology *t, const struct value *document)
{
    static const char *const keys[] = { "$schema",  "format",    "description", "sites", "legs",
                                        "defaults", "overrides", "stagger",     "pause", NULL };
    struct value schema = value_member(document, "$schema"), description = value_member(document, "description");
    struct value stagger = value_member(document, "stagger"), pause = value_member(document, "pause");
    const char *text;
    int rc;
    if (!json_is_object(document->json))
        return value_refuse_quoting(document, "is not an object {...}");
    /* The format first: a newer one may have other keys. */
    if ((rc = check_format(document)) || (rc = value_check_keys(document, keys)) ||
        (rc = value_string(&schema, &text)) || (rc = value_string(&description, &text)) ||
        (rc = value_real(&stagger, 0, 60, &t->stagger_s)) || (rc = value_duration(&pause, &t->pause_s)) ||
        (rc = topology_read_sites(t, document)))
        return rc;
    return topology_read_legs(t, document);
}

/* Jansson's message can contain bytes of the file. */
static int refuse_json(const struct longhaul_topology *t, const json_error_t *found, struct longhaul_error *err)
{
    char text[JSON_ERROR_TEXT_LENGTH];
    snprintf(text, sizeof text, "%s", found->text);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return error_set(err, LONGHAUL_EFORMAT, "%s: line %d, column %d: %s", t->file, found->line, found->column, text);
}

/* ---- public */

int longhaul_topology_parse(const char *text, size_t n, const char *name, struct longhaul_topology **out,
                            struct longhaul_error *err)
{
    struct longhaul_error own = { 0 }; /* keeps the first refusal, also for a caller that passes NULL */
    json_error_t found;
    struct longhaul_topology *t = calloc(1, sizeof *t);
    if (t == NULL || (t->file = strdup(name)) == NULL) {
        free(t);
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    }
    t->stagger_s = STAGGER_S;
    t->pause_s = PAUSE_S;
    json_t *json = json_loadb(text, n, JSON_REJECT_DUPLICATES, &found);
    struct value_file file = { .name = t->file, .err = &own };
    struct value document = { .file = &file, .json = json };
    int rc = json ? read_document(t, &document) : refuse_json(t, &found, &own);
    json_decref(json);
    if (rc != 0) {
        longhaul_topology_free(t);
        return error_set(err, own.code, "%s", own.text);
    }
    *out = t;
    return 0;
}

/* Reads a whole file unless it is too large, malloc'd; NULL after an error. */
static char *read_file(const char *path, size_t *n, struct longhaul_error *err)
{
    struct stat is;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &is) < 0) {
        error_errno(err, LONGHAUL_EIO, "%s", path);
    } else if (S_ISDIR(is.st_mode)) {
        error_set(err, LONGHAUL_EIO, "%s: is a folder", path);
    } else {
        char *text = malloc(FILE_BYTES_MAX + 1);
        ssize_t got = 1;
        for (*n = 0; text && *n <= FILE_BYTES_MAX && got > 0; *n += got > 0 ? (size_t)got : 0)
            got = read(fd, text + *n, FILE_BYTES_MAX + 1 - *n);
        if (text && got >= 0 && *n <= FILE_BYTES_MAX) {
            close(fd);
            return text;
        }
        if (text == NULL)
            error_set(err, LONGHAUL_ENOMEM, "out of memory");
        else if (got < 0)
            error_errno(err, LONGHAUL_EIO, "%s", path);
        else
            error_set(err, LONGHAUL_EFORMAT, "%s: not a topology: over %u bytes", path, FILE_BYTES_MAX);
        free(text);
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

int longhaul_topology_load(const char *path, struct longhaul_topology **out, struct longhaul_error *err)
{
    struct longhaul_error own = { 0 };
    size_t n = 0;
    char *text = read_file(path, &n, &own);
    if (text == NULL)
        return error_set(err, own.code, "%s", own.text);
    int rc = longhaul_topology_parse(text, n, path, out, err);
    free(text);
    return rc;
}

void longhaul_topology_free(struct longhaul_topology *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n_sites; i++) {
        free(t->sites[i].ports);
        free(t->sites[i].region);
        free(t->sites[i].ssh);
        free(t->sites[i].hubs);
    }
    free(t->sites);
    for (size_t i = 0; t->objectives && i < t->n_legs; i++)
        free(t->objectives[i].list);
    free(t->objectives);
    free(t->legs);
    free(t->leg_of);
    free(t->file);
    free(t);
}

const char *longhaul_topology_file(const struct longhaul_topology *t)
{
    return t->file;
}

size_t longhaul_topology_n_sites(const struct longhaul_topology *t)
{
    return t->n_sites;
}

const struct longhaul_site *longhaul_topology_site(const struct longhaul_topology *t, size_t site)
{
    return site < t->n_sites ? &t->sites[site].is : NULL;
}

/* "HK, KC, UAE, WUS", cut if too long. */
static void list_sites(const struct longhaul_topology *t, char *text, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_sites && n < size - 40; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%s", i ? ", " : "", t->sites[i].is.code);
    if (n >= size - 40)
        snprintf(text + n, size - n, ", ...");
}

int longhaul_topology_find_site(const struct longhaul_topology *t, const char *code, size_t *site,
                                struct longhaul_error *err)
{
    char known[200];
    size_t found = topology_site_of(t, code, strlen(code));
    if (found == t->n_sites) {
        list_sites(t, known, sizeof known);
        return error_set(err, LONGHAUL_EINVAL, "%s: no site \"%.40s\" (it has %s)", t->file, code, known);
    }
    *site = found;
    return 0;
}

size_t longhaul_topology_n_legs(const struct longhaul_topology *t)
{
    return t->n_legs;
}

const struct longhaul_sited_leg *longhaul_topology_leg(const struct longhaul_topology *t, size_t leg)
{
    return leg < t->n_legs ? &t->legs[leg] : NULL;
}

const struct longhaul_objective *longhaul_topology_objectives(const struct longhaul_topology *t, const char *source,
                                                              const char *destination, size_t *n)
{
    size_t from = topology_site_of(t, source, strlen(source)),
           to = topology_site_of(t, destination, strlen(destination));
    uint32_t leg = from < t->n_sites && to < t->n_sites ? t->leg_of[from * t->n_sites + to] : 0;
    *n = leg ? t->objectives[leg - 1].n : 0;
    return leg ? t->objectives[leg - 1].list : NULL;
}

static bool is_in(const struct longhaul_objective *list, size_t n, const struct longhaul_objective *o)
{
    for (size_t i = 0; i < n; i++)
        if (objective_is_same(&list[i], o))
            return true;
    return false;
}

struct longhaul_objective *topology_objectives_and(const struct longhaul_topology *t, const char *source,
                                                   const char *destination, const struct longhaul_objective *others,
                                                   size_t n_others, size_t *n)
{
    size_t n_own = 0;
    const struct longhaul_objective *own =
        t ? longhaul_topology_objectives(t, source, destination, &n_own) : NULL;
    struct longhaul_objective *list = malloc((n_own + n_others + 1) * sizeof *list);
    *n = 0;
    for (size_t i = 0; list && i < n_own + n_others; i++) {
        const struct longhaul_objective *o = i < n_own ? &own[i] : &others[i - n_own];
        if (!is_in(list, *n, o))
            list[(*n)++] = *o;
    }
    return list;
}
