/* serve_parameters.c - checks a client's parameters against what libiperf makes of them (iperf_api.c, get_parameters)
 * and against libiperf's limits. Refuses, but corrects nothing: libiperf reads the same bytes afterwards. */

#include "serve/serve_parameters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json_number.h"
#include "engine/engine.h"
#include "engine/peer_json.h"

#define WHY_BYTES 128
#define STREAMS_MAX 128.0
#define BLOCK_MAX 1048576.0    /* iperf.h: MAX_BLOCKSIZE, */
#define DATAGRAM_MIN 16.0      /* MIN_UDP_BLOCKSIZE, */
#define DATAGRAM_MAX 65507.0   /* MAX_UDP_BLOCKSIZE, */
#define WINDOW_MAX 536870912.0 /* MAX_TCP_BUFFER, */
#define SEGMENT_MAX 32767.0    /* MAX_MSS of 3.20; 9,216 before */
#define OMIT_MAX 600.0         /* MAX_OMIT_TIME, */
#define BURST_MAX 1000.0       /* MAX_BURST */
#define COUNT_MAX 9007199254740992.0
#define INT_MAXIMUM 2147483647.0 /* libiperf stores an int */

enum kind { NUMBER, FLAG, TEXT };

/* FLAG: libiperf checks whether some are present and takes the number of others, and the types have changed between
 * versions. */
static const struct known {
    const char *name;
    enum kind kind;
    double least, most;
    int i_errno;
} known[] = {
    { "tcp", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "udp", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "sctp", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "mptcp", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "omit", NUMBER, 0, OMIT_MAX, ENGINE_IEOMIT },
    { "server_affinity", NUMBER, -1, 4095, ENGINE_IERECVPARAMS },
    { "time", NUMBER, 0, INT_MAXIMUM, ENGINE_IEDURATION },
    { "num", NUMBER, 0, COUNT_MAX, ENGINE_IERECVPARAMS },
    { "blockcount", NUMBER, 0, COUNT_MAX, ENGINE_IERECVPARAMS },
    { "MSS", NUMBER, 0, SEGMENT_MAX, ENGINE_IEMSS },
    { "nodelay", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "parallel", NUMBER, 1, STREAMS_MAX, ENGINE_IENUMSTREAMS },
    { "reverse", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "bidirectional", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "window", NUMBER, 0, WINDOW_MAX, ENGINE_IEBUFSIZE },
    { "len", NUMBER, 1, BLOCK_MAX, ENGINE_IEBLOCKSIZE },
    { "bandwidth", NUMBER, 0, COUNT_MAX, ENGINE_IERECVPARAMS },
    { "fqrate", NUMBER, 0, COUNT_MAX, ENGINE_IERECVPARAMS },
    { "pacing_timer", NUMBER, 0, INT_MAXIMUM, ENGINE_IERECVPARAMS },
    { "burst", NUMBER, 0, BURST_MAX, ENGINE_IEBURST },
    { "TOS", NUMBER, 0, 255, ENGINE_IEBADTOS },
    { "flowlabel", NUMBER, 0, 1048575, ENGINE_IERECVPARAMS },
    { "gso", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "gso_dg_size", NUMBER, 0, DATAGRAM_MAX, ENGINE_IEUDPBLOCKSIZE },
    { "gso_bf_size", NUMBER, 0, BLOCK_MAX, ENGINE_IEUDPBLOCKSIZE },
    { "gro", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "gro_bf_size", NUMBER, 0, BLOCK_MAX, ENGINE_IEUDPBLOCKSIZE },
    { "title", TEXT, 0, 0, ENGINE_IERECVPARAMS },
    { "extra_data", TEXT, 0, 0, ENGINE_IERECVPARAMS },
    { "congestion", TEXT, 0, 0, ENGINE_IERECVPARAMS },
    { "congestion_used", TEXT, 0, 0, ENGINE_IERECVPARAMS },
    { "authtoken", TEXT, 0, 0, ENGINE_IEAUTHTEST },
    { "client_version", TEXT, 0, 0, ENGINE_IERECVPARAMS },
    { "get_server_output", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "udp_counters_64bit", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "repeating_payload", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "zerocopy", FLAG, 0, 2, ENGINE_IERECVPARAMS },
    { "dont_fragment", FLAG, 0, 1, ENGINE_IERECVPARAMS },
    { "skip_rx_copy", FLAG, 0, 1, ENGINE_IERECVPARAMS },
};

/* cJSON ignores case in names. */
static const struct known *find(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

static const json_t *member(const json_t *object, const char *name)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)object, key, value)
        if (strcasecmp(key, name) == 0)
            return value;
    return NULL;
}

static double number_or_switch(const json_t *value)
{
    return json_is_boolean(value) ? json_is_true(value) : number_in(value);
}

static int refuse(int i_errno, char *why, const char *what, const char *how)
{
    snprintf(why, WHY_BYTES, "its parameters are refused: %.60s %s", what, how);
    return i_errno;
}

static int check_value(const struct known *k, const json_t *value, char *why)
{
    double number = number_or_switch(value);
    if (k->kind == TEXT)
        return json_is_string(value) ? 0 : refuse(k->i_errno, why, k->name, "is not text");
    if (isnan(number) || (k->kind == NUMBER && json_is_boolean(value)))
        return refuse(k->i_errno, why, k->name, k->kind == FLAG ? "is not true or false" : "is not a number");
    return number >= k->least && number <= k->most ? 0 : refuse(k->i_errno, why, k->name, "is out of range");
}

/* For UDP, a block is a datagram; libiperf uses the last of tcp, udp, sctp. */
static int check_block(const json_t *said, const struct serve_parameters *out, char *why)
{
    const json_t *length = member(said, "len");
    double bytes = length ? number_or_switch(length) : DATAGRAM_MIN;
    if (out->is_tcp || (bytes >= DATAGRAM_MIN && bytes <= DATAGRAM_MAX))
        return 0;
    return refuse(ENGINE_IEUDPBLOCKSIZE, why, "len", "is out of range for a datagram");
}

static int check_members(const json_t *said, char *why)
{
    const char *key;
    json_t *value;
    bool has[sizeof known / sizeof known[0]] = { false };
    json_object_foreach ((json_t *)(uintptr_t)said, key, value) {
        const struct known *k = find(key);
        if (k == NULL)
            continue;
        if (has[k - known])
            return refuse(ENGINE_IERECVPARAMS, why, k->name, "is there twice");
        has[k - known] = true;
        int rc = check_value(k, value, why);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* Accepts Base64 only in the spelling that iperf3 writes: another spelling of the same bytes would pass as another
 * token. */
static bool is_canonical(const char *token)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = strlen(token), body = strspn(token, letters), n_pad = n - body;
    if (n % 4 != 0 || n_pad > 2 || body == 0 || strspn(token + body, "=") != n_pad)
        return false;
    size_t last = (size_t)(strchr(letters, token[body - 1]) - letters);
    return n_pad == 0 || last % (n_pad == 1 ? 4 : 16) == 0;
}

static int take(const json_t *said, struct serve_parameters *out, char *why)
{
    const json_t *token = member(said, "authtoken"), *segment = member(said, "MSS");
    int rc = json_is_object(said) ? check_members(said, why)
                                  : refuse(ENGINE_IERECVPARAMS, why, "they", "are not a JSON object");
    if (rc != 0)
        return rc;
    out->is_tcp = member(said, "udp") == NULL;
    out->segment_bytes = segment ? (int)number_or_switch(segment) : 0;
    if (token && (json_string_length(token) >= sizeof out->token || !is_canonical(json_string_value(token))))
        return refuse(ENGINE_IEAUTHTEST, why, "authtoken", "is not base64 as iperf3 writes it");
    if (token)
        memcpy(out->token, json_string_value(token), json_string_length(token) + 1);
    return check_block(said, out, why);
}

int serve_parameters_check(const char *text, size_t length, struct serve_parameters *out, char why[128])
{
    json_t *said = peer_json_load(text, length);
    memset(out, 0, sizeof *out);
    int rc = said ? take(said, out, why) : refuse(ENGINE_IERECVPARAMS, why, "they", "are not JSON");
    json_decref(said);
    return rc;
}
