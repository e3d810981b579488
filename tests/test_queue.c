/* test_queue.c - what a run's thread passes on: in order, bounded, with a descriptor that is readable when there is
 * something; and descriptors above 2. */

#include "run/queue.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "check.h"

static bool is_ready(const struct queue *queue)
{
    return poll(&(struct pollfd){ .fd = queue_fd(queue), .events = POLLIN }, 1, 0) == 1;
}

static void test_descriptor_of_queue(void)
{
    struct queue *queue = queue_new(2);
    struct queue_item item;
    if (queue == NULL) {
        CHECK(false, "a queue");
        return;
    }
    CHECK(!is_ready(queue) && queue_take(queue, &item) == 0, "an empty queue is not readable, and gives nothing");
    queue_put_state(queue, 1, LONGHAUL_PHASE_RUNNING, "text");
    queue_put_note(queue, "note");
    CHECK(is_ready(queue), "it is readable with two items");
    CHECK(queue_take(queue, &item) == 1 && item.leg == 1 && item.is_state && is_ready(queue),
          "it is still readable when one was taken");
    CHECK(queue_take(queue, &item) == 1 && item.leg == QUEUE_NO_LEG && !is_ready(queue), "not when both were");
    queue_put_note(queue, "last");
    queue_close(queue);
    CHECK(queue_take(queue, &item) == 1 && is_ready(queue) && queue_take(queue, &item) == -1 && is_ready(queue) &&
              queue_take(queue, &item) == -1,
          "closed: what was put is taken, then it is readable for good");
    queue_free(queue);
}

static void test_slow_reader(void)
{
    const int more = 10;
    struct queue *queue = queue_new(2);
    struct queue_item item;
    struct longhaul_interval interval = { .start_s = 0 };
    int n = 0;
    double first_s = -1, last_s = -1;
    for (int i = 0; queue && i < QUEUE_INTERVALS_MAX + more; i++, interval.start_s++)
        queue_put_interval(queue, 0, &interval);
    for (; queue && queue_take(queue, &item) == 1; n++, last_s = item.interval.start_s)
        first_s = n == 0 ? item.interval.start_s : first_s;
    CHECK(queue && n == QUEUE_INTERVALS_MAX && queue_n_dropped(queue, 0) == more && queue_n_dropped(queue, 1) == 0,
          "of a leg that nobody reads the newest %d intervals are kept, and %d counted", n, more);
    CHECK(first_s == more && last_s == QUEUE_INTERVALS_MAX + more - 1, "from %.0f to %.0f, in order", first_s, last_s);
    queue_free(queue);
}

/* A host without standard descriptors. */
static void test_descriptors(void)
{
    int kept[3], pair[2] = { -1, -1 };
    for (int i = 0; i < 3; i++) {
        kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
        close(i);
    }
    int fd = descriptor_above_std(open("/dev/null", O_RDWR | O_CLOEXEC));
    bool is_pair =
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 && descriptor_pair_above_std(pair) == 0;
    bool are_free = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
    bool are_closed = fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(pair[0], F_GETFD) == FD_CLOEXEC &&
                      fcntl(pair[1], F_GETFD) == FD_CLOEXEC;
    for (int i = 0; i < 3; i++) {
        if (kept[i] >= 0) {
            dup2(kept[i], i);
            close(kept[i]);
        }
    }
    CHECK(fd > 2 && is_pair && pair[0] > 2 && pair[1] > 2 && pair[0] != pair[1], "descriptors are above 2: %d, %d, %d",
          fd, pair[0], pair[1]);
    CHECK(are_free && are_closed, "they leave 0, 1 and 2 free, and close on exec");
    CHECK(descriptor_above_std(fd) == fd && descriptor_above_std(-1) == -1, "one above 2, or none, stays as it is");
    close(fd), close(pair[0]), close(pair[1]);
}

int main(void)
{
    test_descriptor_of_queue();
    test_slow_reader();
    test_descriptors();
    return CHECK_DONE();
}
