/* host.c - reads what this host's kernel says about its TCP, ports, CPUs and clocks. Changes no setting; judges nothing
 * (path_verdict does). */

#include "host/host.h"

#include <errno.h>
#include <ifaddrs.h>
#include <math.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/error.h"
#include "host/address.h"
#include "host/kernel_file.h"

#define DISCARD_PORT 9 /* RFC 863; nothing is sent to it */
#define LINUX_TIME_WAIT_S 60 /* TCP_TIMEWAIT_LEN, include/net/tcp.h: no setting changes it */

static void read_tcp(const char *root, struct host_facts *h)
{
    kernel_file_numbers(root, "/proc/sys/net/ipv4/tcp_rmem", h->tcp_rmem_bytes, 3);
    kernel_file_numbers(root, "/proc/sys/net/ipv4/tcp_wmem", h->tcp_wmem_bytes, 3);
    h->rmem_default_bytes = kernel_file_number(root, "/proc/sys/net/core/rmem_default");
    h->rmem_max_bytes = kernel_file_number(root, "/proc/sys/net/core/rmem_max");
    h->wmem_default_bytes = kernel_file_number(root, "/proc/sys/net/core/wmem_default");
    h->wmem_max_bytes = kernel_file_number(root, "/proc/sys/net/core/wmem_max");
    h->receive_autotuning = kernel_file_number(root, "/proc/sys/net/ipv4/tcp_moderate_rcvbuf");
    h->window_scaling = kernel_file_number(root, "/proc/sys/net/ipv4/tcp_window_scaling");
    h->sack = kernel_file_number(root, "/proc/sys/net/ipv4/tcp_sack");
    h->timestamps = kernel_file_number(root, "/proc/sys/net/ipv4/tcp_timestamps");
    kernel_file_text(root, "/proc/sys/net/ipv4/tcp_congestion_control", h->congestion_control,
                     sizeof h->congestion_control);
    h->mtu_probing = kernel_file_number(root, "/proc/sys/net/ipv4/tcp_mtu_probing");
    h->no_pmtu_discovery = kernel_file_number(root, "/proc/sys/net/ipv4/ip_no_pmtu_disc");
}

static void read_ports(const char *root, struct host_facts *h)
{
    double range[2];
    char text[512];
    kernel_file_numbers(root, "/proc/sys/net/ipv4/ip_local_port_range", range, 2);
    h->first_port = range[0];
    h->last_port = range[1];
    h->time_wait_reuse = kernel_file_number(root, "/proc/sys/net/ipv4/tcp_tw_reuse");
    h->time_wait_s = LINUX_TIME_WAIT_S;
    h->n_time_wait = NAN;
    const char *found = kernel_file_text(root, "/proc/net/sockstat", text, sizeof text) ? strstr(text, "TCP: ") : NULL;
    found = found ? strstr(found, " tw ") : NULL;
    if (found)
        h->n_time_wait = strtod(found + 4, NULL);
}

/* /proc/stat: user nice system idle iowait irq softirq steal; user includes guest time. */
static void read_cpus(const char *root, struct host_facts *h)
{
    double ticks[8], sum = 0;
    char *stat = kernel_file_all(root, "/proc/stat"), *p = stat ? strstr(stat, "cpu ") : NULL;
    size_t n = 0;
    h->steal_share = h->steal_ticks = h->cpu_ticks = h->n_cpus = NAN;
    for (p = p ? p + 4 : NULL; p && n < 8; n++) {
        char *end;
        ticks[n] = strtod(p, &end);
        if (end == p)
            break;
        sum += ticks[n];
        p = end;
    }
    if (n == 8) {
        h->steal_ticks = ticks[7];
        h->cpu_ticks = sum;
        h->steal_share = sum > 0 ? ticks[7] / sum : NAN;
    }
    if (stat)
        h->n_cpus = 0;
    for (p = stat; p && (p = strstr(p, "\ncpu")) != NULL; p += 4)
        h->n_cpus++;
    free(stat);
}

static void read_saved_clock(const char *root, struct host_facts *h)
{
    char text[256];
    const char *found = kernel_file_text(root, "/adjtimex", text, sizeof text) ? strstr(text, "synchronised ") : NULL;
    if (found)
        h->is_clock_synchronised = strtod(found + 13, NULL);
    found = found ? strstr(text, "maxerror_us ") : NULL;
    if (found)
        h->clock_error_ms = strtod(found + 12, NULL) / 1e3;
}

static void read_clock(const char *root, struct host_facts *h)
{
    struct timex kernel = { .modes = 0 };
    h->is_clock_synchronised = h->clock_error_ms = NAN;
    kernel_file_text(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource", h->clock_source,
                     sizeof h->clock_source);
    if (!kernel_file_is_real(root)) {
        read_saved_clock(root, h);
    } else if (adjtimex(&kernel) >= 0) {
        h->is_clock_synchronised = (kernel.status & STA_UNSYNC) == 0;
        h->clock_error_ms = (double)kernel.maxerror / 1e3;
    } else if (errno == EPERM && access("/run/systemd/timesync/synchronized", F_OK) == 0) {
        h->is_clock_synchronised = 1; /* a service that may not ask the kernel (ProtectClock=) */
    }
}

/* Azure sets the same chassis tag in every virtual machine. */
static void read_cloud(const char *root, struct host_facts *h)
{
    static const struct { const char *file, *begins, *cloud; } signs[] = {
        { "/sys/class/dmi/id/chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77", "azure" },
        { "/sys/class/dmi/id/sys_vendor", "Amazon EC2", "aws" },
        { "/sys/class/dmi/id/bios_vendor", "Amazon EC2", "aws" },
        { "/sys/class/dmi/id/sys_vendor", "Google", "gcp" },
        { "/sys/class/dmi/id/chassis_asset_tag", "OracleCloud", "oracle" },
    };
    char text[128];
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && *h->cloud == 0; i++)
        if (kernel_file_text(root, signs[i].file, text, sizeof text) &&
            strncmp(text, signs[i].begins, strlen(signs[i].begins)) == 0)
            snprintf(h->cloud, sizeof h->cloud, "%s", signs[i].cloud);
}

/* The local address from which the kernel would send; sends nothing. */
static bool source_towards(const char *peer, struct sockaddr_storage *source)
{
    struct sockaddr_storage to;
    socklen_t size = sizeof *source, to_size = address_parse(peer, &to);
    if (to_size == 0)
        return false;
    address_set_port(&to, DISCARD_PORT);
    int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && connect(fd, (void *)&to, to_size) == 0 &&
                getsockname(fd, (void *)source, &size) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool is_address(const struct sockaddr *a, const struct sockaddr_storage *b)
{
    if (a == NULL || a->sa_family != b->ss_family)
        return false;
    if (a->sa_family == AF_INET)
        return memcmp(&((const struct sockaddr_in *)(const void *)a)->sin_addr,
                      &((const struct sockaddr_in *)(const void *)b)->sin_addr, 4) == 0;
    return memcmp(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
                  &((const struct sockaddr_in6 *)(const void *)b)->sin6_addr, 16) == 0;
}

/* "" if the kernel knows no route, or if no interface has the address. A route to one of this host's own addresses is
 * over lo. */
static void find_interface(const char *peer, char *name, size_t size)
{
    struct sockaddr_storage source, own;
    struct ifaddrs *list = NULL;
    *name = 0;
    if (!source_towards(peer, &source) || getifaddrs(&list) != 0)
        return;
    address_parse(peer, &own);
    for (const struct ifaddrs *i = list; i; i = i->ifa_next) {
        if (is_address(i->ifa_addr, &own)) {
            snprintf(name, size, "lo");
            break;
        }
        if (*name == 0 && is_address(i->ifa_addr, &source))
            snprintf(name, size, "%s", i->ifa_name);
    }
    freeifaddrs(list);
}

int host_read(const struct host_options *options, struct host_facts *host,
                       struct longhaul_error *err)
{
    static const struct host_options none = { 0 };
    const struct host_options *o = options ? options : &none;
    struct host_facts h = { .cloud = "" };
    struct sockaddr_storage any;
    if (o->interface && (strlen(o->interface) >= sizeof h.interface || strchr(o->interface, '/')))
        return error_set(err, LONGHAUL_EINVAL, "interface \"%.40s\": not the name of one", o->interface);
    if (o->peer && address_parse(o->peer, &any) == 0)
        return error_set(err, LONGHAUL_EINVAL, "peer \"%.60s\": not a numeric address", o->peer);
    if (o->interface && *o->interface)
        snprintf(h.interface, sizeof h.interface, "%s", o->interface);
    else if (o->peer)
        find_interface(o->peer, h.interface, sizeof h.interface);
    read_cloud(o->root, &h);
    host_read_interface(o->root, &h);
    read_tcp(o->root, &h);
    read_ports(o->root, &h);
    read_cpus(o->root, &h);
    read_clock(o->root, &h);
    host_read_drops(o->root, h.interface, &h.drops);
    *host = h;
    return 0;
}
