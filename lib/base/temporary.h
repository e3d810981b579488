/* temporary.h - files and folders that are there only while a process works: names, locks, and what dead processes
 * left. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>
#include <sys/types.h>

/* ".longhaul-" and 16 random hexadecimal digits and ".tmp": hidden, of one length whatever is written, and never that
 * of a record. */
#define TEMPORARY_SIZE 31

/* Makes a file, or a folder that only this user may enter, of a new name in the open folder dir; a link of that name is
 * never followed. The descriptor holds a lock (flock) that ends with it, so that others can tell a file at work from
 * one that a dead process left. -1 and errno when it cannot be made. */
int temporary_file(int dir, mode_t mode, char name[TEMPORARY_SIZE]); /* mode as open() has it */
int temporary_folder(int dir, char name[TEMPORARY_SIZE]);

/* Removes a folder of temporary_folder() with the files in it. */
void temporary_remove_folder(int dir, const char *name);

/* Is it a name of that form? */
bool temporary_is_name(const char *name);

/* Removes what processes of this user that have died left in the open folder dir: names of that form that nobody has
 * locked. */
void temporary_clean(int dir);

#endif
