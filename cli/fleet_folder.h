/* fleet_folder.h - the folder of a fleet: its inventory, and the topology that its hosts have or will have. */
#ifndef FLEET_FOLDER_H
#define FLEET_FOLDER_H

#include <longhaul.h>

#define FLEET_INVENTORY "inventory.json"
#define FLEET_TOPOLOGY "topology.json"
#define FLEET_DRAFT "draft-" /* before their names: what would be there; next to the others for group_vars */

struct fleet_folder {
    const char *topology;     /* the user's file */
    const char *dir;          /* made if missing */
    bool is_draft;            /* of the names; what is there already is not touched */
    const char *const *gone;  /* hosts that left and need not be kept in mind any longer */
    size_t n_gone;
};

/* Writes both files, each whole or not at all. Returns the exit status, after a message if it is not EXIT_DONE. */
int fleet_folder_write(const struct fleet_folder *folder);
/* The whole of a file as a text, malloc'd; NULL if it cannot be read. */
char *fleet_folder_read(const char *path);

#endif
