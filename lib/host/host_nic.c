/* host_nic.c - the interface: MTU, driver, speed, offloads, queues, and whether packets bypass the hypervisor. Asks by
 * ioctl, which answers for the network namespace (/sys need not); below another root folder it reads saved text. */

#include "host/host.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <math.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/units.h"
#include "host/kernel_file.h"

/* Drivers that hand packets directly to the cloud's hardware: SR-IOV's virtual functions, and the clouds' own
 * interfaces. */
static const char *const hardware_drivers[] = { "mlx4_core", "mlx4_en", "mlx5_core", "mlx5e",  "mana",    "ena",
                                                "gve",       "ixgbevf", "iavf",      "i40evf", "bnxt_en", "idpf" };
static const char *const tunnel_drivers[] = { "tun",   "wireguard", "ipip",    "ip6tnl", "sit",
                                              "gre",   "ip_gre",    "ip6_gre", "ip_vti", "ip_tunnel",
                                              "vxlan", "geneve",    "xfrm",    "ppp",    "tunnel" };

static bool is_among(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

#define IS_AMONG(name, list) is_among(name, list, sizeof list / sizeof list[0])

static void forget(struct host_facts *h)
{
    h->mtu_bytes = h->link_bps = NAN;
    h->tso = h->gso = h->gro = h->lro = NAN;
    h->n_rx_queues = h->n_tx_queues = h->n_rx_queues_max = h->n_tx_queues_max = h->n_rss_queues = NAN;
}

/* ---- by ioctl */

static bool ask(int fd, const char *interface, void *question)
{
    struct ifreq request = { .ifr_data = question };
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
    return ioctl(fd, SIOCETHTOOL, &request) == 0;
}

static double ask_value(int fd, const char *interface, __u32 command)
{
    struct ethtool_value value = { .cmd = command };
    return ask(fd, interface, &value) ? (double)value.data : NAN;
}

/* The first answer of the kernel says only how many words of link modes it has. */
static double ask_speed_bps(int fd, const char *interface)
{
    __u32 room[sizeof(struct ethtool_link_settings) / sizeof(__u32) + 3 * 127] = { 0 };
    struct ethtool_link_settings *link = (void *)room;
    link->cmd = ETHTOOL_GLINKSETTINGS;
    if (!ask(fd, interface, link) || link->link_mode_masks_nwords >= 0)
        return NAN;
    link->cmd = ETHTOOL_GLINKSETTINGS;
    link->link_mode_masks_nwords = (__s8)-link->link_mode_masks_nwords;
    if (!ask(fd, interface, link) || link->speed == (__u32)SPEED_UNKNOWN || link->speed == 0)
        return NAN;
    return link->speed * BPS_PER_MBPS;
}

static double at_least_one(__u32 combined, __u32 separate)
{
    return combined + separate > 0 ? (double)combined + (double)separate : NAN;
}

static void ask_queues(int fd, const char *interface, struct host_facts *h)
{
    struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
    if (ask(fd, interface, &channels)) {
        h->n_rx_queues = at_least_one(channels.combined_count, channels.rx_count);
        h->n_tx_queues = at_least_one(channels.combined_count, channels.tx_count);
        h->n_rx_queues_max = at_least_one(channels.max_combined, channels.max_rx);
        h->n_tx_queues_max = at_least_one(channels.max_combined, channels.max_tx);
    }
    /* Counts the different queues in RSS's indirection table. */
    __u32 room[sizeof(struct ethtool_rxfh_indir) / sizeof(__u32) + 1024] = { 0 };
    struct ethtool_rxfh_indir *table = (void *)room;
    table->cmd = ETHTOOL_GRXFHINDIR;
    if (!ask(fd, interface, table) || table->size == 0 || table->size > 1024)
        return;
    table->cmd = ETHTOOL_GRXFHINDIR;
    if (!ask(fd, interface, table))
        return;
    unsigned char seen[1024] = { 0 };
    h->n_rss_queues = 0;
    for (__u32 i = 0; i < table->size; i++)
        if (table->ring_index[i] < sizeof seen && !seen[table->ring_index[i]]) {
            seen[table->ring_index[i]] = 1;
            h->n_rss_queues++;
        }
}

static void ask_kind(int fd, const char *interface, struct host_facts *h)
{
    struct ifreq request = { .ifr_flags = 0 };
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
    if (ioctl(fd, SIOCGIFMTU, &request) == 0)
        h->mtu_bytes = request.ifr_mtu;
    if (ioctl(fd, SIOCGIFFLAGS, &request) == 0)
        h->is_loopback = (request.ifr_flags & IFF_LOOPBACK) != 0;
    if (ioctl(fd, SIOCGIFHWADDR, &request) == 0)
        switch (request.ifr_hwaddr.sa_family) {
        case ARPHRD_NONE: case ARPHRD_TUNNEL: case ARPHRD_TUNNEL6: case ARPHRD_IPGRE: case ARPHRD_SIT: case ARPHRD_PPP:
            h->is_tunnel = true;
            break;
        default:
            break;
        }
}

/* The virtual function below a synthetic interface is one of its lower_* links in /sys. Looks there only if /sys
 * belongs to this namespace, that is, if it knows the interface by the same number. */
static void ask_virtual_function(const char *interface, struct host_facts *h)
{
    char path[128], lower[64];
    snprintf(path, sizeof path, "/sys/class/net/%s/ifindex", interface);
    if (kernel_file_number(NULL, path) != (double)if_nametoindex(interface))
        return;
    snprintf(path, sizeof path, "/sys/class/net/%s", interface);
    kernel_file_count(NULL, path, "lower_", lower, sizeof lower);
    if (*lower == 0)
        return;
    snprintf(path, sizeof path, "/sys/class/net/%s/device/driver", lower + strlen("lower_"));
    kernel_file_link(NULL, path, h->accelerated_driver, sizeof h->accelerated_driver);
}

static void ask_all(struct host_facts *h)
{
    struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    ask_kind(fd, h->interface, h);
    if (ask(fd, h->interface, &driver))
        snprintf(h->driver, sizeof h->driver, "%.31s", driver.driver);
    h->link_bps = ask_speed_bps(fd, h->interface);
    h->tso = ask_value(fd, h->interface, ETHTOOL_GTSO);
    h->gso = ask_value(fd, h->interface, ETHTOOL_GGSO);
    h->gro = ask_value(fd, h->interface, ETHTOOL_GGRO);
    double flags = ask_value(fd, h->interface, ETHTOOL_GFLAGS);
    h->lro = isnan(flags) ? NAN : ((__u32)flags & ETH_FLAG_LRO) != 0;
    ask_queues(fd, h->interface, h);
    close(fd);
    ask_virtual_function(h->interface, h);
}

/* ---- by saved text: the output of ethtool -i, -k, -l, -x, and /sys below the root */

/* Returns what follows the colon on line n (from 0) of those that begin with name, leading blanks ignored. */
static const char *saved_value(const char *saved, const char *name, size_t n)
{
    size_t length = strlen(name);
    for (const char *line = saved; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        line += strspn(line, " \t");
        if (strncmp(line, name, length) == 0 && line[length] == ':' && n-- == 0)
            return line + length + 1 + strspn(line + length + 1, " \t");
    }
    return NULL;
}

static double saved_switch(const char *saved, const char *name)
{
    const char *value = saved_value(saved, name, 0);
    return value == NULL ? NAN : strncmp(value, "on", 2) == 0;
}

/* ethtool -l: first the maxima, then the current numbers. */
static double saved_queues(const char *saved, const char *kind, size_t n)
{
    const char *combined = saved_value(saved, "Combined", n), *separate = saved_value(saved, kind, n);
    return at_least_one(combined ? (__u32)strtoul(combined, NULL, 10) : 0,
                        separate ? (__u32)strtoul(separate, NULL, 10) : 0);
}

/* ethtool -x: a line that names the table, then lines of queues: "    0:      0     1     2 ...". */
static double saved_rss(const char *saved)
{
    const char *line = strstr(saved, "indirection table");
    unsigned char seen[1024] = { 0 };
    double n = 0;
    for (line = line ? strchr(line, '\n') : NULL; line; line = strchr(line + 1, '\n')) {
        char *end;
        strtoul(line + 1, &end, 10);
        if (end == line + 1 || *end != ':')
            break;
        for (char *p = end + 1; *p != '\n' && *p; p = end) {
            unsigned long queue = strtoul(p, &end, 10);
            if (end == p)
                break;
            if (queue < sizeof seen && !seen[queue]) {
                seen[queue] = 1;
                n++;
            }
            end += strspn(end, " \t");
        }
    }
    return n > 0 ? n : NAN;
}

static void read_saved_files(const char *root, struct host_facts *h)
{
    char path[160], lower[64];
    snprintf(path, sizeof path, "/sys/class/net/%s/mtu", h->interface);
    h->mtu_bytes = kernel_file_number(root, path);
    snprintf(path, sizeof path, "/sys/class/net/%s/speed", h->interface);
    double speed = kernel_file_number(root, path);
    h->link_bps = speed > 0 ? speed * BPS_PER_MBPS : NAN;
    snprintf(path, sizeof path, "/sys/class/net/%s/type", h->interface);
    double type = kernel_file_number(root, path);
    h->is_tunnel = type == ARPHRD_NONE || type == ARPHRD_TUNNEL || type == ARPHRD_IPGRE || type == ARPHRD_PPP;
    snprintf(path, sizeof path, "/sys/class/net/%s/device/driver", h->interface);
    kernel_file_link(root, path, h->driver, sizeof h->driver);
    snprintf(path, sizeof path, "/sys/class/net/%s", h->interface);
    kernel_file_count(root, path, "lower_", lower, sizeof lower);
    snprintf(path, sizeof path, "/sys/class/net/%s/device/driver", *lower ? lower + strlen("lower_") : "");
    if (*lower)
        kernel_file_link(root, path, h->accelerated_driver, sizeof h->accelerated_driver);
}

static void read_saved(const char *root, struct host_facts *h)
{
    char path[64];
    snprintf(path, sizeof path, "/ethtool/%s", h->interface);
    read_saved_files(root, h);
    char *saved = kernel_file_all(root, path);
    if (saved == NULL)
        return;
    const char *driver = saved_value(saved, "driver", 0);
    if (driver)
        snprintf(h->driver, sizeof h->driver, "%.*s", (int)strcspn(driver, "\n"), driver);
    h->tso = saved_switch(saved, "tcp-segmentation-offload");
    h->gso = saved_switch(saved, "generic-segmentation-offload");
    h->gro = saved_switch(saved, "generic-receive-offload");
    h->lro = saved_switch(saved, "large-receive-offload");
    h->n_rx_queues_max = saved_queues(saved, "RX", 0);
    h->n_tx_queues_max = saved_queues(saved, "TX", 0);
    h->n_rx_queues = saved_queues(saved, "RX", 1);
    h->n_tx_queues = saved_queues(saved, "TX", 1);
    h->n_rss_queues = saved_rss(saved);
    free(saved);
}

static enum host_acceleration acceleration_of(const struct host_facts *h)
{
    if (IS_AMONG(h->accelerated_driver, hardware_drivers) || IS_AMONG(h->driver, hardware_drivers))
        return HOST_ACCELERATION_HARDWARE;
    if (strcmp(h->driver, "hv_netvsc") == 0)
        return HOST_ACCELERATION_NONE;
    if (strcmp(h->driver, "virtio_net") == 0)
        return HOST_ACCELERATION_VIRTIO;
    return HOST_ACCELERATION_UNKNOWN;
}

void host_read_interface(const char *root, struct host_facts *host)
{
    forget(host);
    if (*host->interface == 0)
        return;
    if (kernel_file_is_real(root))
        ask_all(host);
    else
        read_saved(root, host);
    host->is_tunnel = host->is_tunnel || IS_AMONG(host->driver, tunnel_drivers);
    host->is_loopback = host->is_loopback || strcmp(host->interface, "lo") == 0;
    host->acceleration = acceleration_of(host);
}

const char *host_acceleration_text(enum host_acceleration acceleration)
{
    switch (acceleration) {
    case HOST_ACCELERATION_NONE: return "none";
    case HOST_ACCELERATION_VIRTIO: return "virtio";
    case HOST_ACCELERATION_HARDWARE: return "hardware";
    default: return "unknown";
    }
}
