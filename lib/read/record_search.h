/* record_search.h - the folders below a folder in which records may be. */
#ifndef RECORD_SEARCH_H
#define RECORD_SEARCH_H

#include <longhaul.h>

#define RECORD_SEARCH_DEPTH 4 /* levels below the folder: DIR/a/b/c/d is still searched */

enum record_folder {
    RECORD_FOLDER_FOUND,
    /* and those that are not searched: */
    RECORD_FOLDER_HIDDEN, RECORD_FOLDER_LINK, RECORD_FOLDER_DEEP, RECORD_FOLDER_UNREADABLE
};

/* Called for each folder below dir, in the order of their paths. A code other than 0 ends the search. */
typedef int record_search_taker(void *payload, enum record_folder kind, const char *path, struct longhaul_error *err);

/* Follows no link to a folder, so that each is found once, and the search ends. Says nothing about dir itself, not even
 * if it cannot be read. */
int record_search(const char *dir, record_search_taker *take, void *payload, struct longhaul_error *err);

#endif
