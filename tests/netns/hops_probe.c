/* hops_probe.c - a flow's socket and its prober, for tests/netns/hops_probe_test.sh.
 *
 *     hops_probe udp|tcp LOCAL PORT PEER PORT CONTROL_PORT COMMAND...
 *
 * The flow's socket is bound and connected (SO_REUSEADDR). Commands: trace, loss (a trace for loss), live (a trace
 * while the flow sends), port:N (another socket, from this port), watch:SECONDS (until a change), wait:FILE (until it
 * is there, with the watch), touch:FILE, send:N (so many datagrams or bytes by the flow), counts (what the watch has
 * counted), read (what came to the prober's socket). */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/hops.h"

struct session {
    struct hops_flow flow;
    int fd;
    bool is_live;
    struct hops *hops;
};

static struct sockaddr_storage address_of(const char *text, const char *port)
{
    struct sockaddr_storage all = { 0 };
    struct sockaddr_in *four = (void *)&all;
    struct sockaddr_in6 *six = (void *)&all;
    bool is_ipv6 = strchr(text, ':') != NULL;
    all.ss_family = is_ipv6 ? AF_INET6 : AF_INET;
    if (inet_pton(all.ss_family, text, is_ipv6 ? (void *)&six->sin6_addr : (void *)&four->sin_addr) != 1)
        exit(2);
    *(is_ipv6 ? &six->sin6_port : &four->sin_port) = htons((uint16_t)atoi(port));
    return all;
}

static void open_flow(struct session *s)
{
    int on = 1;
    s->flow.size = s->flow.peer.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (s->fd > 0)
        close(s->fd);
    s->fd = socket(s->flow.peer.ss_family, s->flow.is_tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
    if (setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(s->fd, (void *)&s->flow.local, s->flow.size) || connect(s->fd, (void *)&s->flow.peer, s->flow.size)) {
        printf("flow: %s\n", strerror(errno));
        exit(1);
    }
}

static void print_route(const char *what, const struct hops_route *route)
{
    if (route == NULL) {
        printf("%s none\n", what);
        return;
    }
    uint32_t sent = 0;
    for (size_t i = 0; i < route->n; i++)
        sent += route->hop[i].n_sent;
    printf("%s distance %u n %zu by %s sent %u seconds %.2f port %u\n", what, route->distance, route->n,
           route->by == HOPS_BY_RAW ? "raw" : "errors", sent, route->seconds, route->source_port);
    for (size_t i = 0; i < route->n; i++) {
        const struct hop *hop = &route->hop[i];
        printf("hop %zu %s %u/%u %.2f %.2f watched %u/%u%s%s\n", i + 1, hop->address[0] ? hop->address : "-",
               hop->n_sent, hop->n_answered, hop->min_ms, hop->max_ms, hop->n_watched, hop->n_watched_answered,
               hop->labels[0] ? " labels " : "", hop->labels);
    }
}

/* Until it returns true, or seconds are over. */
static bool tend(struct session *s, double seconds,
                 bool (*is_over)(struct session *s, bool has_ended, const char *text), const char *text)
{
    int64_t end_ns = clock_boot_ns() + (int64_t)(seconds * NS_PER_S), next_ns, now_ns;
    while ((now_ns = clock_boot_ns()) < end_ns) {
        bool has_ended = hops_tend(s->hops, now_ns, &next_ns);
        if (is_over(s, has_ended, text))
            return true;
        if (s->is_live)
            (void)!send(s->fd, "live", 4, MSG_NOSIGNAL);
        int64_t nap_ns = next_ns - clock_boot_ns(), most_ns = 50 * NS_PER_MS;
        struct timespec nap = { .tv_nsec = nap_ns < 0 ? 0 : nap_ns > most_ns ? most_ns : nap_ns };
        nanosleep(&nap, NULL);
    }
    return false;
}

static bool is_traced(struct session *s, bool has_ended, const char *text)
{
    (void)s, (void)text;
    return has_ended;
}

static bool is_changed(struct session *s, bool has_ended, const char *text)
{
    (void)has_ended, (void)text;
    return hops_has_changed(s->hops);
}

static bool is_there(struct session *s, bool has_ended, const char *text)
{
    (void)s, (void)has_ended;
    return access(text, F_OK) == 0;
}

static void send_some(struct session *s, int n)
{
    char bytes[200] = "0123456789";
    for (int i = 0; i < n; i++)
        if (send(s->fd, bytes, sizeof bytes, MSG_NOSIGNAL) < 0)
            printf("send: %s\n", strerror(errno));
}

static void run(struct session *s, const char *command)
{
    const char *value = strchr(command, ':') ? strchr(command, ':') + 1 : "";
    char bytes[64];
    int64_t begun_ns = clock_boot_ns();
    s->is_live = strcmp(command, "live") == 0;
    if (s->is_live || strcmp(command, "trace") == 0 || strcmp(command, "loss") == 0) {
        hops_trace(s->hops, &s->flow, strcmp(command, "loss") == 0);
        print_route("route", tend(s, 60, is_traced, NULL) ? hops_route(s->hops) : NULL);
    } else if (strncmp(command, "watch:", 6) == 0) {
        bool has_changed = tend(s, atof(value), is_changed, NULL);
        printf("%s %.1f\n", has_changed ? "changed" : "unchanged", (double)(clock_boot_ns() - begun_ns) / NS_PER_S);
    } else if (strncmp(command, "wait:", 5) == 0) {
        tend(s, 60, is_there, value);
    } else if (strncmp(command, "port:", 5) == 0) {
        char local[INET6_ADDRSTRLEN];
        inet_ntop(s->flow.local.ss_family,
                  s->flow.local.ss_family == AF_INET6
                      ? (void *)&((struct sockaddr_in6 *)(void *)&s->flow.local)->sin6_addr
                      : (void *)&((struct sockaddr_in *)(void *)&s->flow.local)->sin_addr,
                  local, sizeof local);
        s->flow.local = address_of(local, value);
        open_flow(s);
    } else if (strncmp(command, "touch:", 6) == 0) {
        fclose(fopen(value, "w"));
    } else if (strncmp(command, "send:", 5) == 0) {
        send_some(s, atoi(value));
    } else if (strcmp(command, "counts") == 0) {
        print_route("counts", hops_watched(s->hops, clock_boot_ns()));
    } else if (strcmp(command, "read") == 0) {
        ssize_t n = hops_read(s->hops, bytes, sizeof bytes);
        printf("read %zd\n", n);
    } else {
        exit(2);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    char why[200] = "";
    if (argc < 7)
        return 2;
    struct session s = { .flow = { .local = address_of(argv[2], argv[3]), .peer = address_of(argv[4], argv[5]) } };
    s.flow.is_tcp = strcmp(argv[1], "tcp") == 0;
    open_flow(&s);
    s.hops = hops_new(&s.flow, (uint16_t)atoi(argv[6]), true, why, sizeof why);
    if (s.hops == NULL) {
        printf("none: %s\n", why);
        return 1;
    }
    for (int i = 7; i < argc; i++)
        run(&s, argv[i]);
    hops_free(s.hops);
    close(s.fd);
    return 0;
}
