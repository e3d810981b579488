/* host_drops.c - the kernel's counters of packets that this host itself dropped, so that the network is not blamed for
 * them. */

#include "host/host.h"

#include <math.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/kernel_file.h"

/* /proc/net/snmp has pairs of lines, "Udp: names" and "Udp: values". */
static double snmp_value(const char *snmp, const char *protocol, const char *name)
{
    const char *names = snmp ? strstr(snmp, protocol) : NULL, *values = names ? strstr(names + 1, protocol) : NULL;
    if (names != snmp && names && names[-1] != '\n')
        return NAN;
    const char *line_end = names ? strchr(names, '\n') : NULL;
    size_t length = strlen(name);
    if (values == NULL || line_end == NULL || values != line_end + 1)
        return NAN;
    const char *n = names + strlen(protocol), *v = values + strlen(protocol);
    while (n < line_end) {
        n += strspn(n, " ");
        size_t width = strcspn(n, " \n");
        char *end;
        double value = strtod(v, &end);
        if (end == v || width == 0)
            return NAN;
        if (width == length && strncmp(n, name, width) == 0)
            return value;
        n += width;
        v = end;
    }
    return NAN;
}

/* /proc/net/snmp6 has "name value" lines. */
static double snmp6_value(const char *snmp6, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = snmp6; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (strncmp(line, name, length) == 0 && (line[length] == ' ' || line[length] == '\t'))
            return strtod(line + length, NULL);
    return NAN;
}

/* A kernel without IPv6 has only the first. */
static double sum_known(double a, double b)
{
    return isnan(b) ? a : isnan(a) ? b : a + b;
}

static void read_protocols(const char *root, struct longhaul_host_drops *d)
{
    char *snmp = kernel_file_all(root, "/proc/net/snmp"), *snmp6 = kernel_file_all(root, "/proc/net/snmp6");
    d->udp_received = sum_known(snmp_value(snmp, "Udp: ", "InDatagrams"), snmp6_value(snmp6, "Udp6InDatagrams"));
    d->udp_receive_buffer =
        sum_known(snmp_value(snmp, "Udp: ", "RcvbufErrors"), snmp6_value(snmp6, "Udp6RcvbufErrors"));
    d->udp_send_buffer = sum_known(snmp_value(snmp, "Udp: ", "SndbufErrors"), snmp6_value(snmp6, "Udp6SndbufErrors"));
    d->udp_checksum = sum_known(snmp_value(snmp, "Udp: ", "InCsumErrors"), snmp6_value(snmp6, "Udp6InCsumErrors"));
    d->udp_memory = sum_known(snmp_value(snmp, "Udp: ", "MemErrors"), snmp6_value(snmp6, "Udp6MemErrors"));
    d->reassembly = sum_known(snmp_value(snmp, "Ip: ", "ReasmFails"), snmp6_value(snmp6, "Ip6ReasmFails"));
    free(snmp);
    free(snmp6);
}

/* One line per socket: the last field is its drops, the second its local address and port, in hexadecimal. */
static void add_sockets(const char *root, const char *path, struct longhaul_host_drops *d)
{
    char *all = kernel_file_all(root, path), *rest = all;
    if (all == NULL)
        return;
    strsep(&rest, "\n"); /* the header line */
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line;) {
        char local[80];
        size_t n = strlen(line);
        while (n > 0 && line[n - 1] == ' ')
            line[--n] = 0;
        const char *last = strrchr(line, ' '), *colon;
        if (last == NULL || sscanf(line, " %*[0-9]: %79s", local) != 1 || (colon = strrchr(local, ':')) == NULL)
            continue;
        double drops = strtod(last, NULL);
        d->udp_sockets = sum_known(d->udp_sockets, drops);
        if (drops > 0 && !(d->udp_worst >= drops)) {
            d->udp_worst = drops;
            d->udp_worst_port = (double)strtoul(colon + 1, NULL, 16);
        }
    }
    d->udp_sockets = sum_known(d->udp_sockets, 0);
    free(all);
}

/* One line per CPU, in hexadecimal: processed, dropped, ... */
static double backlog_drops(const char *root)
{
    char *all = kernel_file_all(root, "/proc/net/softnet_stat"), *rest = all;
    double sum = all ? 0 : NAN;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line;) {
        char *end;
        strtoul(line, &end, 16);
        sum += (double)strtoul(end, NULL, 16);
    }
    free(all);
    return sum;
}

/* /proc/net/dev shows the network namespace's interfaces (/sys need not). Its lines: name: bytes packets errs drop fifo
 * frame compressed multicast, then the same for sent packets. "drop" includes missed packets. */
static void read_interface(const char *root, const char *interface, struct longhaul_host_drops *d)
{
    char *all = kernel_file_all(root, "/proc/net/dev"), wanted[IF_NAMESIZE + 3];
    double v[16];
    size_t n = 0;
    snprintf(wanted, sizeof wanted, "%s:", interface);
    char *line = all && *interface ? strstr(all, wanted) : NULL;
    while (line && line != all && line[-1] != ' ' && line[-1] != '\n')
        line = strstr(line + 1, wanted);
    for (char *p = line ? line + strlen(wanted) : NULL, *end; p && n < 16; n++, p = end) {
        v[n] = strtod(p, &end);
        if (end == p)
            break;
    }
    d->interface_received = n == 16 ? v[3] + v[4] : NAN;
    d->interface_sent = n == 16 ? v[11] + v[12] : NAN;
    free(all);
}

void host_read_drops(const char *root, const char *interface, struct longhaul_host_drops *drops)
{
    struct longhaul_host_drops d = { .udp_sockets = NAN, .udp_worst = NAN, .udp_worst_port = NAN };
    read_protocols(root, &d);
    add_sockets(root, "/proc/net/udp", &d);
    add_sockets(root, "/proc/net/udp6", &d);
    d.backlog = backlog_drops(root);
    read_interface(root, interface, &d);
    *drops = d;
}
