/* temporary.h - files and folders that exist only while a process works: names, locks, and leftovers of dead
 * processes. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>
#include <sys/types.h>

/* ".longhaul-", 16 random hexadecimal digits and ".tmp": hidden, always of one length, and never the name of a
 * record. */
#define TEMPORARY_SIZE 31

/* Makes a file, or a folder that only this user may enter, under a new name in the open folder dir; never follows a
 * link of that name. The descriptor holds a lock (flock) for as long as it is open, so that others can tell a file in
 * use from one that a dead process left. Returns -1 with errno set on failure. */
int temporary_file(int dir, mode_t mode, char name[TEMPORARY_SIZE]); /* mode as for open() */
int temporary_folder(int dir, char name[TEMPORARY_SIZE]);

/* Removes a folder of temporary_folder() with the files in it. */
void temporary_remove_folder(int dir, const char *name);

/* True if a name has that form. */
bool temporary_is_name(const char *name);

/* Removes from the open folder dir what dead processes of this user left: names of that form without a lock. */
void temporary_clean(int dir);

#endif
