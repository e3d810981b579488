/* fleet_folder.c - writes the folder of a fleet: an inventory for Ansible, and the topology for its hosts, in which the
 * legs that were there before keep their ports. */

#include "fleet_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "log.h"

/* "dir/name", malloc'd; NULL, after a message, when out of memory. */
static char *path_of(const char *dir, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", dir, name) >= 0)
        return path;
    log_line("longhaul: out of memory");
    return NULL;
}

char *fleet_folder_read(const char *path)
{
    FILE *in = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    /* No text has a NUL: up to one, or the end. */
    if (in && getdelim(&text, &size, 0, in) < 0) {
        free(text);
        text = NULL;
    }
    if (in)
        fclose(in);
    return text;
}

static int fail(const char *path)
{
    log_line("longhaul: %s: %s", cmd_safe(path).text, strerror(errno));
    return EXIT_FAILED;
}

/* The folder and its parents. */
static int make_folder(const char *dir)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s", dir) >= sizeof path) {
        errno = ENAMETOOLONG;
        return fail(dir);
    }
    for (char *c = path + 1; *c; c++)
        if (*c == '/') {
            *c = 0;
            if (mkdir(path, 0777) != 0 && errno != EEXIST)
                return fail(path);
            *c = '/';
        }
    return mkdir(path, 0777) == 0 || errno == EEXIST ? EXIT_DONE : fail(path);
}

/* A file that is the same already is not touched. */
static int write_file(const char *path, const char *text)
{
    char *old = fleet_folder_read(path), *draft = NULL;
    bool is_same = old && strcmp(old, text) == 0;
    free(old);
    if (is_same)
        return EXIT_DONE;
    if (asprintf(&draft, "%s.%ld", path, (long)getpid()) < 0)
        return fail(path);
    FILE *out = fopen(draft, "we");
    bool good = out && fputs(text, out) >= 0 && fflush(out) == 0 && fsync(fileno(out)) == 0;
    if (out && fclose(out) != 0)
        good = false;
    good = good && rename(draft, path) == 0;
    int status = good ? EXIT_DONE : fail(path);
    if (!good && out)
        unlink(draft);
    free(draft);
    return status;
}

/* The inventory of a topology's text; NULL after a message. */
static char *inventory_of(const struct fleet_folder *folder, const char *topology, const char *before_path, int *status)
{
    struct longhaul_inventory_options options = { .before = NULL, .gone = folder->gone, .n_gone = folder->n_gone };
    struct longhaul_error err = { 0 };
    struct longhaul_topology *parsed = NULL;
    struct longhaul_plan *plan = NULL;
    char *text = NULL, *before = fleet_folder_read(before_path);
    options.before = before;
    int rc = longhaul_topology_parse(topology, strlen(topology), folder->topology, &parsed, &err);
    if (rc == 0)
        rc = longhaul_plan_make(parsed, NULL, &plan, &err);
    if (rc == 0)
        rc = longhaul_plan_ansible(plan, &options, &text, &err);
    if (rc != 0)
        *status = cmd_fail(&err);
    longhaul_plan_free(plan);
    longhaul_topology_free(parsed);
    free(before);
    return text;
}

static int write_both(const struct fleet_folder *folder, char *paths[4])
{
    struct longhaul_error err = { 0 };
    char *topology = NULL, *inventory = NULL;
    int status = EXIT_DONE;
    if (longhaul_topology_keep_ports(folder->topology, access(paths[2], F_OK) == 0 ? paths[2] : NULL, &topology,
                                     &err) != 0)
        return cmd_fail(&err);
    inventory = inventory_of(folder, topology, paths[3], &status);
    if (status == EXIT_DONE)
        status = make_folder(folder->dir);
    if (status == EXIT_DONE)
        status = write_file(paths[0], topology);
    if (status == EXIT_DONE)
        status = write_file(paths[1], inventory);
    longhaul_text_free(topology);
    longhaul_text_free(inventory);
    return status;
}

int fleet_folder_write(const struct fleet_folder *folder)
{
    const char *dir = folder->dir;
    char *paths[4] = { path_of(dir, folder->is_draft ? FLEET_DRAFT FLEET_TOPOLOGY : FLEET_TOPOLOGY),
                       path_of(dir, folder->is_draft ? FLEET_DRAFT FLEET_INVENTORY : FLEET_INVENTORY),
                       path_of(dir, FLEET_TOPOLOGY), path_of(dir, FLEET_INVENTORY) };
    int status = EXIT_FAILED;
    if (paths[0] && paths[1] && paths[2] && paths[3])
        status = write_both(folder, paths);
    for (size_t i = 0; i < 4; i++)
        free(paths[i]);
    return status;
}
