/* engine_setup.c - sets up libiperf's test for a leg or a server's port, through libiperf's setters. Runs nothing. */

#include "engine/engine_setup.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <iperf_api.h>
#include <openssl/evp.h>

#include "engine/engine_accept.h"
#include "engine/engine_say.h"
#include "model/leg.h"

#define TCP_WRITE_BYTES 131072 /* iperf3's value; its library has no default */
#define TCP_WRITE_S                                                                                                    \
    0.01 /* a limited rate is written in pieces of this length of time; otherwise those of a slow rate would be
          * seconds apart */

#define DATAGRAM_MIN_BYTES 1200 /* of a size that the path decides: hardly a path has less */
#define PACE_MIN_US 1000        /* libiperf's */
#define PACE_MAX_US 10000

/* How many bytes are written at once. */
static int write_bytes(const struct longhaul_leg *leg)
{
    double due = (double)leg->rate_bps / 8 * TCP_WRITE_S;
    if (leg->datagram_bytes)
        return (int)leg->datagram_bytes;
    return due >= TCP_WRITE_BYTES ? TCP_WRITE_BYTES : due < 1 ? 1 : (int)due;
}

static void set_tcp(struct iperf_test *t, const struct longhaul_leg *leg)
{
    char congestion[sizeof leg->congestion]; /* the setter's argument is not const */
    set_protocol(t, Ptcp);
    iperf_set_test_blksize(t, write_bytes(leg));
    memcpy(congestion, leg->congestion, sizeof congestion);
    if (*congestion)
        iperf_set_test_congestion_control(t, congestion);
    iperf_set_test_mss(t, (int)leg->mss_bytes); /* 0: the path's */
}

/* Microseconds from one look at what is due to the next: a quarter of the time from a datagram to the next one, because
 * libiperf's usual 1 ms wakes a slow sender ten times for each datagram. */
static int pace_us(const struct longhaul_leg *leg)
{
    uint64_t rate = leg_stream_rate(leg);
    double bits = 8.0 * (leg->datagram_bytes ? leg->datagram_bytes : DATAGRAM_MIN_BYTES);
    double us = rate == LONGHAUL_RATE_UNLIMITED ? 0 : bits / (double)rate / 4 * 1e6;
    return us < PACE_MIN_US ? PACE_MIN_US : us > PACE_MAX_US ? PACE_MAX_US : (int)us;
}

static void set_udp(struct iperf_test *t, const struct longhaul_leg *leg)
{
    set_protocol(t, Pudp);
    iperf_set_test_blksize(t, (int)leg->datagram_bytes); /* 0: from the control connection's MSS */
    iperf_set_test_pacing_timer(t, pace_us(leg));
    iperf_set_test_udp_counters_64bit(t, 1); /* 32-bit counters have failed within a day (esnet/iperf#1534) */
}

/* What has no setter in every version of libiperf is set as iperf3 sets it, from its command line. To be called first,
 * since the defaults of iperf3 come with it. An interface's name and "--gsro" are the only words: iperf3 would end the
 * process at one that it does not know (engine_can_run()). */
static bool set_by_flags(struct iperf_test *t, const struct longhaul_leg *leg)
{
    char program[] = "iperf3", udp[] = "-u", gsro[] = "--gsro", bind_dev[] = "--bind-dev";
    char device[sizeof leg->bind_device];
    char *argv[6] = { program };
    int argc = 1;
    memcpy(device, leg->bind_device, sizeof device);
    if (leg->protocol == LONGHAUL_PROTOCOL_UDP)
        argv[argc++] = udp;
    if (leg->has_gsro)
        argv[argc++] = gsro;
    if (*device) {
        argv[argc++] = bind_dev;
        argv[argc++] = device;
    }
    optind = 0; /* the GNU C library's getopt_long() begins anew; this process is the session's own */
    return iperf_parse_arguments(t, argc, argv) == 0;
}

static bool set_client(struct iperf_test *t, const struct engine_params *params, const char *host)
{
    const struct longhaul_leg *leg = params->leg;
    iperf_set_test_role(t, 'c');
    if ((leg->has_gsro || *leg->bind_device) && !set_by_flags(t, leg))
        return false;
    if (leg->protocol == LONGHAUL_PROTOCOL_TCP)
        set_tcp(t, leg);
    else
        set_udp(t, leg);
    iperf_set_test_server_hostname(t, host);
    iperf_set_test_server_port(t, leg->port);
    iperf_set_test_duration(t, (int)params->duration_s);
    iperf_set_test_rate(t, leg->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : leg_stream_rate(leg));
    iperf_set_test_num_streams(t, (int)leg_n_streams(leg));
    iperf_set_test_bind_port(t, params->first_port);
    iperf_set_test_socket_bufsize(t, (int)leg->window_bytes);
    iperf_set_test_tos(t, leg->tos);
    iperf_set_test_reverse(t, leg->direction == LONGHAUL_DIRECTION_PULL);
    iperf_set_test_reporter_interval(t, leg->interval_s);
    iperf_set_test_stats_interval(t, leg->interval_s);
    iperf_set_test_connect_timeout(t, (int)params->connect_ms);
    if (leg->bind_address[0])
        iperf_set_test_bind_address(t, leg->bind_address);
    if (params->extra_data)
        iperf_set_test_extra_data(t, params->extra_data);
    return true;
}

/* From libiperf 3.21 on a server has no error number for a client that it does not authorize, and without one it tells
 * the client nothing. This number stands until the test starts (engine_child.c); other failures have their own. */
static void expect_authorization(void)
{
    i_errno = IEAUTHTEST;
}

/* Parameters of a wrong type crash libiperf (extra_data that is not a string: strdup(NULL)): strangers must not fill
 * the disk with core files. */
static void set_server(struct iperf_test *t, const struct engine_params *params)
{
    struct rlimit none = { 0 };
    setrlimit(RLIMIT_CORE, &none);
    iperf_set_test_role(t, 's');
    iperf_set_test_server_port(t, params->port);
    if (params->bind_address)
        iperf_set_test_bind_address(t, params->bind_address);
    if (params->door_family)
        engine_accept_begin(params->door_family, params->authorized_users ? expect_authorization : NULL);
}

/* libiperf's setters take a PEM file's bytes in base64. */
static char *base64_of_file(const char *path)
{
    char bytes[16384];
    FILE *in = fopen(path, "re");
    size_t n = in ? fread(bytes, 1, sizeof bytes, in) : 0;
    char *text = n > 0 && n < sizeof bytes ? malloc(n * 4 / 3 + 5) : NULL;
    if (in)
        fclose(in);
    if (text)
        EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes, (int)n);
    return text;
}

/* iperf3's user authentication, for either side. false if a key cannot be read. */
static bool set_authentication(struct iperf_test *t, const struct engine_params *params)
{
    const char *path = params->leg ? params->public_key : params->private_key;
    char *key = path ? base64_of_file(path) : NULL, text[512];
    if (path && key == NULL) {
        snprintf(text, sizeof text, "%s: not a key in PEM form, or not readable", path);
        engine_say_exit(-1, text);
        return false;
    }
    if (path && params->leg) {
        iperf_set_test_client_username(t, params->username);
        iperf_set_test_client_password(t, params->password);
        iperf_set_test_client_rsa_pubkey(t, key);
    } else if (path) {
        iperf_set_test_server_authorized_users(t, params->authorized_users);
        iperf_set_test_server_rsa_privkey(t, key);
        iperf_set_test_server_skew_threshold(t, 10);
    }
    free(key);
    return true;
}

struct iperf_test *engine_setup(const struct engine_params *params, const char *host)
{
    struct iperf_test *t = iperf_new_test();
    if (t == NULL || iperf_defaults(t) < 0) {
        engine_say_exit(-1, "out of memory");
        return NULL;
    }
    if (params->leg && !set_client(t, params, host)) {
        engine_say_exit(-1, iperf_strerror(i_errno));
        return NULL;
    }
    if (!params->leg)
        set_server(t, params);
    return set_authentication(t, params) ? t : NULL; /* the process ends: nothing is freed */
}
