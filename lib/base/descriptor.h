/* descriptor.h - keeps the library's descriptors out of 0, 1 and 2, and closes them once. */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

/* Moves fd, close-on-exec, to a number above 2 and returns that. A host may have closed its standard descriptors: what
 * it then prints, it would write into whichever file or socket of ours got such a number. Passes on a negative fd, with
 * errno. -1, with errno set and fd closed, when there is no free number. */
int descriptor_above_std(int fd);

/* The same for both ends of a pair that pipe2() or socketpair() made. -1, with errno set: both are
 * closed, and -1. */
int descriptor_pair_above_std(int pair[2]);

/* Closes it, if it is not negative; it is -1 then. */
void descriptor_close(int *fd);

#endif
