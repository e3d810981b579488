/* descriptor.c - keeps the library's descriptors out of 0, 1 and 2. */

#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int descriptor_above_std(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int above = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), saved = errno;
    close(fd);
    errno = saved;
    return above;
}

int descriptor_pair_above_std(int pair[2])
{
    pair[0] = descriptor_above_std(pair[0]);
    pair[1] = descriptor_above_std(pair[1]);
    if (pair[0] >= 0 && pair[1] >= 0)
        return 0;
    int saved = errno;
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            close(pair[i]);
        pair[i] = -1;
    }
    errno = saved;
    return -1;
}

void descriptor_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
