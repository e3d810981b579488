/* clockshift.c - preloaded (LD_PRELOAD) before a program, it shifts the program's clocks, and those of the processes it
 * makes, by what stands in the file $CLOCKSHIFT at the moment: 64-bit integers, nanoseconds that are added to
 * CLOCK_REALTIME (somebody sets the date) and to CLOCK_BOOTTIME (the host slept), and, if the file has 32 bytes, to
 * CLOCK_MONOTONIC, as well as by how many parts in 10^9 that runs fast. For tests alone. */

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

struct shifts {
    volatile int64_t realtime_ns;
    volatile int64_t boottime_ns;
    volatile int64_t monotonic_ns, monotonic_ppb; /* 0 in a shorter file: the rest of its page */
};

static const struct shifts *shifts;

__attribute__((constructor)) static void map_shifts(void)
{
    const char *path = getenv("CLOCKSHIFT");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = fd >= 0 ? mmap(NULL, sizeof *shifts, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (mapped != MAP_FAILED)
        shifts = mapped;
    if (fd >= 0)
        close(fd);
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = (int)syscall(SYS_clock_gettime, id, t);
    if (rc != 0 || shifts == NULL)
        return rc;
    int64_t shift_ns = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE ? shifts->realtime_ns
                       : id == CLOCK_BOOTTIME                              ? shifts->boottime_ns
                       : id == CLOCK_MONOTONIC                             ? shifts->monotonic_ns
                                                                           : 0;
    int64_t ns = t->tv_sec * NS_PER_S + t->tv_nsec;
    if (id == CLOCK_MONOTONIC)
        shift_ns += (int64_t)((double)ns * 1e-9 * (double)shifts->monotonic_ppb);
    ns += shift_ns;
    t->tv_sec = ns / NS_PER_S;
    t->tv_nsec = ns % NS_PER_S;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec t;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &t);
    now->tv_sec = t.tv_sec;
    now->tv_usec = t.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (out)
        *out = t.tv_sec;
    return t.tv_sec;
}
