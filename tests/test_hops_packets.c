/* test_hops_packets.c - the parts of the prober of a flow's hops that need no network: packets, filters, answers and
 * labels. test_hops_route.c has what is made of answers, tests/netns/hops_probe_test.sh the network. */

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "host/hops_answer.h"
#include "host/hops_filter.h"
#include "host/internet_checksum.h"

#define LOCAL_PORT 40001
#define PEER_PORT 5201
#define OTHER_PORT 51234 /* SYNs to CONTROL_PORT come from it */
#define CONTROL_PORT 5200
#define WATCH_PER_MINUTE 60

static struct sockaddr_storage address(int family, const char *text, uint16_t port)
{
    struct sockaddr_storage all = { .ss_family = (sa_family_t)family };
    struct sockaddr_in *four = (void *)&all;
    struct sockaddr_in6 *six = (void *)&all;
    inet_pton(family, text, family == AF_INET6 ? (void *)&six->sin6_addr : (void *)&four->sin_addr);
    *(family == AF_INET6 ? &six->sin6_port : &four->sin_port) = htons(port);
    return all;
}

static struct hops_ends ends_of(bool is_ipv6)
{
    struct hops_ends ends;
    struct hops_flow flow = {
        .local = is_ipv6 ? address(AF_INET6, "fd00::1", LOCAL_PORT) : address(AF_INET, "192.0.2.1", LOCAL_PORT),
        .peer = is_ipv6 ? address(AF_INET6, "fd00::2", PEER_PORT) : address(AF_INET, "198.51.100.2", PEER_PORT)
    };
    hops_ends_take(&ends, &flow);
    return ends;
}

static void check_ends(void)
{
    struct hops_ends four = ends_of(false), mapped, mixed;
    struct hops_flow flow = { .local = address(AF_INET6, "::ffff:192.0.2.1", LOCAL_PORT),
                              .peer = address(AF_INET6, "::ffff:198.51.100.2", PEER_PORT) };
    CHECK(hops_ends_take(&mapped, &flow) && memcmp(&mapped, &four, sizeof four) == 0, "mapped addresses are IPv4");
    flow.peer = address(AF_INET6, "fd00::2", PEER_PORT);
    CHECK(!hops_ends_take(&mixed, &flow), "IPv4 to IPv6 is no flow");
    flow.peer = (struct sockaddr_storage){ .ss_family = AF_UNIX };
    CHECK(!hops_ends_take(&mixed, &flow), "nor is a socket of the file system");
}

/* ---- packets */

static uint16_t transport_checksum(const unsigned char *packet, size_t n, bool is_ipv6, uint8_t protocol,
                                   size_t claimed)
{
    unsigned char all[200] = { 0 };
    size_t head = is_ipv6 ? 40 : 20, size = is_ipv6 ? 32 : 8;
    memcpy(all, packet + (is_ipv6 ? 8 : 12), size);
    all[size] = protocol;
    all[size + 1] = 0;
    all[size + 2] = (unsigned char)(claimed >> 8);
    all[size + 3] = (unsigned char)claimed;
    all[size] = 0;
    all[size + 1] = protocol;
    memcpy(all + size + 4, packet + head, n - head);
    return internet_checksum(all, size + 4 + n - head);
}

static void check_packet(bool is_ipv6, bool is_tcp, enum hops_shape shape)
{
    struct hops_ends ends = ends_of(is_ipv6);
    unsigned char one[HOPS_PACKET_MAX], two[HOPS_PACKET_MAX];
    struct hops_packet packet = {
        .is_tcp = is_tcp, .shape = shape, .ttl = 7, .id = 1, .source_port = LOCAL_PORT, .destination_port = PEER_PORT
    };
    size_t head = is_ipv6 ? 40 : 20, n = hops_packet_make(one, &ends, &packet), at = head + (is_tcp ? 16 : 6);
    const char *what = is_tcp ? "TCP" : "UDP", *how = shape == HOPS_SHORT ? "short" : "plain";
    int version = is_ipv6 ? 6 : 4, n_differ = 0;
    for (unsigned id = 2; id < 65536; id += 97) {
        packet.id = (uint16_t)id;
        hops_packet_make(two, &ends, &packet);
        n_differ += memcmp(one + at, two + at, 2) != 0 || memcmp(one + head, two + head, 4) != 0;
    }
    CHECK(n_differ == 0, "IPv%d %s, %s: ports and checksum are the same for each id", version, what, how);
    CHECK(n == head + (is_tcp    ? 20u
                       : is_ipv6 ? 12u
                                 : 8u) &&
              one[is_ipv6 ? 7 : 8] == 7,
          "IPv%d %s, %s: %zu bytes, ttl", version, what, how, n);
    CHECK(memcmp(one + head, "\x9c\x41\x14\x51", 4) == 0, "IPv%d %s, %s: the flow's ports", version, what, how);
    CHECK(is_ipv6 || internet_checksum(one, 20) == 0, "IPv%d %s, %s: the header's checksum is right", version, what,
          how);
    size_t claimed = is_tcp ? 20 : (size_t)one[head + 4] << 8 | one[head + 5], has = n - head;
    CHECK(transport_checksum(one, n, is_ipv6, is_tcp ? 6 : 17, claimed) == 0, "IPv%d %s, %s: the checksum is right",
          version, what, how);
    if (is_tcp)
        claimed = (size_t)(one[head + 12] >> 4) * 4;
    CHECK(shape == HOPS_SHORT ? claimed > has : claimed == (is_tcp ? 20 : has), "IPv%d %s, %s: says %zu of %zu bytes",
          version, what, how, claimed, has);
    double bps = (double)(n * 8 * (HOPS_PROBES_MAX + WATCH_PER_MINUTE)) / 60;
    CHECK(bps <= 1000, "IPv%d %s: a trace and the watch of a minute are %.0f bit/s", version, what, bps);
}

/* ---- answers */

/* An ICMP error that quotes a probe, as a raw socket receives it. Returns its bytes. */
static size_t make_error(unsigned char *out, const struct hops_ends *ends, const struct hops_packet *packet,
                         uint8_t type, uint8_t code, size_t padding)
{
    size_t head = ends->is_ipv6 ? 0 : 20;
    memset(out, 0, head + 8);
    size_t n = hops_packet_make(out + head + 8, ends, packet), icmp = 8 + n + padding;
    memset(out + head + 8 + n, 0, padding);
    out[head] = type;
    out[head + 1] = code;
    if (!ends->is_ipv6) {
        uint16_t sum = internet_checksum(out + head, icmp);
        memcpy(out + head + 2, &sum, 2);
        out[0] = 0x45;
        out[8] = 61;
        out[9] = IPPROTO_ICMP;
        memcpy(out + 12, "\xcb\x00\x71\x01", 4);
        memcpy(out + 16, ends->local, 4);
    }
    return head + icmp;
}

static void set_checksum(unsigned char *icmp, size_t n)
{
    memset(icmp + 2, 0, 2);
    uint16_t sum = internet_checksum(icmp, n);
    memcpy(icmp + 2, &sum, 2);
}

static struct hops_packet probe(bool is_tcp)
{
    return (struct hops_packet){ .is_tcp = is_tcp,
                                 .shape = HOPS_SHORT,
                                 .ttl = 1,
                                 .id = 0xbeef,
                                 .source_port = LOCAL_PORT,
                                 .destination_port = PEER_PORT };
}

static bool take(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes, size_t n)
{
    unsigned char *copy = malloc(n ? n : 1); /* an address sanitizer sees each byte too far */
    memset(answer, 0, sizeof *answer);
    memcpy(copy, bytes, n);
    bool is_good = hops_answer_take_icmp(answer, ends, copy, n);
    free(copy);
    return is_good;
}

static void check_right_answer(bool is_ipv6, bool is_tcp)
{
    struct hops_ends ends = ends_of(is_ipv6);
    struct hops_packet packet = probe(is_tcp);
    struct hops_answer answer;
    unsigned char bytes[600];
    char from[INET6_ADDRSTRLEN];
    size_t n = make_error(bytes, &ends, &packet, is_ipv6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED, 0, 0);
    bool is_taken = take(&answer, &ends, bytes, n);
    CHECK(is_taken && answer.kind == HOPS_EXCEEDED && answer.id == 0xbeef && answer.is_tcp == is_tcp &&
              answer.source_port == LOCAL_PORT && answer.destination_port == PEER_PORT,
          "IPv%d %s: an answer quotes its probe", is_ipv6 ? 6 : 4, is_tcp ? "TCP" : "UDP");
    hops_address_text(is_ipv6, answer.from, from);
    CHECK(is_ipv6 || strcmp(from, "203.0.113.1") == 0, "the router's address is that of the outer header: %s", from);
    size_t least = is_ipv6 ? 8 + 40 + (is_tcp ? 8 : 12) : 20 + 8 + 28;
    int n_wrong = 0;
    for (size_t cut = 0; cut < n; cut++) {
        if (!is_ipv6 && cut > 20)
            set_checksum(bytes + 20, cut - 20);
        n_wrong += take(&answer, &ends, bytes, cut) != (cut >= least);
    }
    CHECK(n_wrong == 0, "IPv%d %s: cut off anywhere, it is an answer if %zu bytes are there", is_ipv6 ? 6 : 4,
          is_tcp ? "TCP" : "UDP", least);
}

static void check_wrong_answers(bool is_ipv6)
{
    static const struct {
        const char *what;
        int four, six;
    } cases[] = {
        { "another version is quoted", 28, 8 },
        { "another destination is quoted", 28 + 19, 8 + 39 },
        { "another protocol is quoted", 28 + 9, 8 + 6 },
        { "a later fragment is quoted", 28 + 7, -1 },
        { "options are quoted", 28, -1 },
        { "the outer header has another protocol", 9, -1 },
        { "the outer header is longer than all", 0, -1 },
        { "the id is not confirmed", -1, 8 + 51 },
    };
    struct hops_ends ends = ends_of(is_ipv6);
    struct hops_packet packet = probe(false);
    struct hops_answer answer;
    unsigned char bytes[600];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int at = is_ipv6 ? cases[i].six : cases[i].four;
        if (at < 0)
            continue;
        size_t n = make_error(bytes, &ends, &packet, is_ipv6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED, 0, 0);
        bytes[at] ^= strstr(cases[i].what, "options")                  ? 3
                     : strstr(cases[i].what, "outer header is longer") ? 0x0a
                                                                       : 0x20;
        if (!is_ipv6)
            set_checksum(bytes + 20, n - 20);
        CHECK(!take(&answer, &ends, bytes, n), "IPv%d: no answer: %s", is_ipv6 ? 6 : 4, cases[i].what);
    }
    if (!is_ipv6) {
        size_t n = make_error(bytes, &ends, &packet, ICMP_TIME_EXCEEDED, 0, 0);
        bytes[n - 1] ^= 1;
        CHECK(!take(&answer, &ends, bytes, n), "IPv4: no answer: the checksum is wrong");
    }
    srand(1);
    int n_taken = 0;
    for (int round = 0; round < 100000; round++) {
        size_t n = make_error(bytes, &ends, &packet, 11, 0, (size_t)rand() % 200);
        for (int flips = rand() % 8; flips >= 0; flips--)
            bytes[(size_t)rand() % n] = (unsigned char)rand();
        n_taken += take(&answer, &ends, bytes, (size_t)rand() % (n + 1)) && answer.id != 0xbeef && is_ipv6;
    }
    CHECK(n_taken == 0, "IPv%d: 100,000 damaged messages: no crash, no other id", is_ipv6 ? 6 : 4);
}

static void check_kinds(void)
{
    static const struct {
        bool is_ipv6, is_answer;
        uint8_t type, code;
        enum hops_answer_kind kind;
        const char *what;
    } cases[] = {
        { false, true, ICMP_TIME_EXCEEDED, 0, HOPS_EXCEEDED, "time exceeded" },
        { false, false, ICMP_TIME_EXCEEDED, 1, HOPS_EXCEEDED, "a fragment that waited too long" },
        { false, true, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, HOPS_UNREACHABLE, "no route" },
        { false, true, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, HOPS_UNREACHABLE, "no host" },
        { false, true, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, HOPS_REFUSED, "a closed port" },
        { false, true, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, HOPS_REFUSED, "a filter" },
        { false, false, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, HOPS_REFUSED, "too large" },
        { false, false, ICMP_ECHOREPLY, 0, HOPS_REFUSED, "an echo" },
        { false, false, ICMP_REDIRECT, 1, HOPS_REFUSED, "a redirect" },
        { true, true, ICMP6_TIME_EXCEEDED, 0, HOPS_EXCEEDED, "time exceeded" },
        { true, true, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOROUTE, HOPS_UNREACHABLE, "no route" },
        { true, true, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, HOPS_REFUSED, "a filter" },
        { true, true, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT, HOPS_REFUSED, "a closed port" },
        { true, false, ICMP6_PACKET_TOO_BIG, 0, HOPS_REFUSED, "too large" },
        { true, false, ICMP6_ECHO_REPLY, 0, HOPS_REFUSED, "an echo" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum hops_answer_kind kind = cases[i].kind;
        bool is_answer = hops_answer_kind_of(cases[i].is_ipv6, cases[i].type, cases[i].code, &kind);
        CHECK(is_answer == cases[i].is_answer && kind == cases[i].kind, "ICMP%s: %s", cases[i].is_ipv6 ? "v6" : "",
              cases[i].what);
    }
    struct hops_ends ends = ends_of(false);
    struct hops_packet packet = probe(false);
    struct hops_answer answer;
    unsigned char bytes[600];
    size_t n = make_error(bytes, &ends, &packet, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
    memcpy(bytes + 12, ends.peer, 4);
    CHECK(take(&answer, &ends, bytes, n) && answer.kind == HOPS_REACHED, "a closed port of the peer is the peer");
}

/* A segment that answers a SYN: flags and what is acknowledged. */
static bool take_segment(struct hops_answer *answer, const char *from, uint8_t flags, uint32_t acknowledged, size_t n)
{
    struct hops_ends ends = ends_of(false);
    unsigned char bytes[40] = { 0x45, [8] = 59, [9] = IPPROTO_TCP };
    uint32_t ack = htonl(acknowledged);
    uint16_t ports[2] = { htons(CONTROL_PORT), htons(OTHER_PORT) };
    inet_pton(AF_INET, from, bytes + 12);
    memcpy(bytes + 20, ports, 4);
    memcpy(bytes + 28, &ack, 4);
    bytes[32] = 0x50;
    bytes[33] = flags;
    memset(answer, 0, sizeof *answer);
    return hops_answer_take_tcp(answer, &ends, bytes, n);
}

static void check_segments(void)
{
    struct hops_answer answer;
    uint32_t right = hops_sequence(0x1234) + 1;
    CHECK(take_segment(&answer, "198.51.100.2", 0x12, right, 40) && answer.kind == HOPS_REACHED &&
              answer.id == 0x1234 && answer.source_port == OTHER_PORT && answer.destination_port == CONTROL_PORT &&
              answer.ttl == 59,
          "a SYN-ACK of the peer answers a SYN");
    CHECK(take_segment(&answer, "198.51.100.2", 0x14, right, 40), "and so does a RST");
    CHECK(!take_segment(&answer, "198.51.100.3", 0x12, right, 40), "not from elsewhere");
    CHECK(!take_segment(&answer, "198.51.100.2", 0x12, right + 1, 40), "not of another sequence number");
    CHECK(!take_segment(&answer, "198.51.100.2", 0x10, right, 40), "not a mere ACK");
    CHECK(!take_segment(&answer, "198.51.100.2", 0x02, right, 40), "not a SYN");
    CHECK(!take_segment(&answer, "198.51.100.2", 0x12, right, 39), "not cut off");
}

/* ---- labels */

#define ENTRY(label, tc, s, ttl)                                                                                       \
    (unsigned char)((label) >> 12), (unsigned char)((label) >> 4),                                                     \
        (unsigned char)(((label) << 4 & 0xf0) | (tc) << 1 | (s)), (ttl)

static void check_extension(const char *what, const unsigned char *bytes, size_t n, bool wants_checksum,
                            const char *wanted)
{
    unsigned char *copy = malloc(n);
    char text[HOPS_LABELS_SIZE];
    memcpy(copy, bytes, n);
    if (wants_checksum && n >= 4)
        set_checksum(copy, n);
    hops_labels_read(copy, n, text);
    free(copy);
    CHECK(strcmp(text, wanted) == 0, "labels: %s: '%s'", what, text);
}

static void check_labels(void)
{
    const unsigned char two[] = { 0x20, 0, 0, 0, 0, 12, 1, 1, ENTRY(24005u, 0u, 0u, 1), ENTRY(16u, 5u, 1u, 254) };
    const unsigned char other[] = { 0x20, 0, 0, 0, 0, 8, 2, 1, 1, 2, 3, 4, 0, 8, 1, 1, ENTRY(1048575u, 7u, 1u, 255) };
    const unsigned char version[] = { 0x10, 0, 0, 0, 0, 8, 1, 1, ENTRY(17u, 0u, 1u, 1) };
    const unsigned char nothing[] = { 0x20, 0, 0, 0, 0, 0, 1, 1, ENTRY(17u, 0u, 1u, 1) };
    const unsigned char beyond[] = { 0x20, 0, 0, 0, 0, 12, 1, 1, ENTRY(17u, 0u, 1u, 1) };
    const unsigned char odd[] = { 0x20, 0, 0, 0, 0, 10, 1, 1, ENTRY(17u, 0u, 1u, 1), 9, 9 };
    const unsigned char wrong[] = { 0x20, 0, 1, 1, 0, 8, 1, 1, ENTRY(17u, 0u, 1u, 1) };
    unsigned char many[4 + 4 + 10 * 4] = { 0x20, 0, 0, 0, 0, 44, 1, 1 };
    for (size_t i = 8; i < sizeof many; i += 4)
        memcpy(many + i, (const unsigned char[]){ ENTRY(1048575u, 7u, 1u, 255) }, 4);
    check_extension("two", two, sizeof two, true, "24005/0/0/1 16/5/1/254");
    check_extension("after another object", other, sizeof other, true, "1048575/7/1/255");
    check_extension("without a checksum", two, sizeof two, false, "24005/0/0/1 16/5/1/254");
    check_extension("a wrong checksum", wrong, sizeof wrong, false, "");
    check_extension("another version", version, sizeof version, true, "");
    check_extension("an object of no length", nothing, sizeof nothing, true, "");
    check_extension("an object longer than all", beyond, sizeof beyond, true, "");
    check_extension("an entry that is cut off", odd, sizeof odd, true, "17/0/1/1");
    check_extension("more than there is room for", many, sizeof many, true,
                    "1048575/7/1/255 1048575/7/1/255 1048575/7/1/255 1048575/7/1/255");
    check_extension("only a header", two, 4, true, "");
    check_extension("less than a header", two, 3, false, "");
}

static void check_labels_of_icmp(void)
{
    static const struct {
        bool is_ipv6, has_checksum;
        uint8_t length;
        size_t quoted;
        bool is_found;
        const char *what;
    } cases[] = {
        { false, true, 32, 128, true, "RFC 4884" },
        { false, true, 33, 132, true, "more quoted than the least" },
        { false, true, 0, 128, true, "without a length, but a checksum" },
        { false, false, 0, 128, false, "neither length nor checksum" },
        { false, true, 7, 28, false, "a length below 128 bytes" },
        { false, true, 255, 128, false, "a length beyond the message" },
        { true, true, 16, 128, true, "in 64-bit words" },
        { true, true, 0, 128, true, "without a length, but a checksum" },
    };
    unsigned char extension[] = { 0x20, 0, 0, 0, 0, 8, 1, 1, ENTRY(24005u, 0u, 1u, 254) };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hops_ends ends = ends_of(cases[i].is_ipv6);
        struct hops_packet packet = probe(false);
        struct hops_answer answer;
        unsigned char bytes[600];
        size_t head = cases[i].is_ipv6 ? 0 : 20, own = cases[i].is_ipv6 ? 52 : 28;
        size_t padding = cases[i].quoted > own ? cases[i].quoted - own : 0;
        size_t n =
            make_error(bytes, &ends, &packet, cases[i].is_ipv6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED, 0, padding);
        memset(extension + 2, 0, 2);
        if (cases[i].has_checksum)
            set_checksum(extension, sizeof extension);
        memcpy(bytes + n, extension, sizeof extension);
        n += sizeof extension;
        bytes[head + (cases[i].is_ipv6 ? 4 : 5)] = cases[i].length;
        if (!cases[i].is_ipv6)
            set_checksum(bytes + 20, n - 20);
        bool is_taken = take(&answer, &ends, bytes, n);
        CHECK(is_taken && strcmp(answer.labels, cases[i].is_found ? "24005/0/1/254" : "") == 0,
              "labels in ICMP%s: %s: '%s'", cases[i].is_ipv6 ? "v6" : "", cases[i].what, answer.labels);
    }
}

/* ---- filters, by a socket of another kind: they see its bytes as a raw socket's */

static bool passes(const struct sock_filter *program, size_t n_steps, const unsigned char *bytes, size_t n)
{
    int pair[2];
    char got[700];
    struct sock_fprog filter = { .len = (unsigned short)n_steps, .filter = (struct sock_filter *)program };
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0 ||
        setsockopt(pair[1], SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0)
        return false;
    (void)!send(pair[0], bytes, n, 0);
    bool has_passed = recv(pair[1], got, sizeof got, MSG_DONTWAIT) == (ssize_t)n;
    close(pair[0]);
    close(pair[1]);
    return has_passed;
}

static void check_icmp_filter(bool is_ipv6, bool is_tcp)
{
    struct hops_ends ends = ends_of(is_ipv6);
    struct sock_filter program[HOPS_FILTER_MAX];
    size_t n_steps = hops_filter_icmp(program, &ends, OTHER_PORT, CONTROL_PORT);
    unsigned char bytes[600];
    struct hops_packet packet = probe(is_tcp);
    uint8_t exceeded = is_ipv6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED;
    int version = is_ipv6 ? 6 : 4;
    size_t n = make_error(bytes, &ends, &packet, exceeded, 0, 0);
    CHECK(passes(program, n_steps, bytes, n), "filter, IPv%d: an error about the flow passes", version);
    n = make_error(bytes, &ends, &packet, is_ipv6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH, 0, 0);
    CHECK(passes(program, n_steps, bytes, n), "filter, IPv%d: also unreachable", version);
    n = make_error(bytes, &ends, &packet, is_ipv6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY, 0, 0);
    CHECK(!passes(program, n_steps, bytes, n), "filter, IPv%d: an echo does not", version);
    packet.source_port = OTHER_PORT;
    n = make_error(bytes, &ends, &packet, exceeded, 0, 0);
    CHECK(!passes(program, n_steps, bytes, n), "filter, IPv%d: another port does not", version);
    packet.destination_port = CONTROL_PORT;
    n = make_error(bytes, &ends, &packet, exceeded, 0, 0);
    CHECK(passes(program, n_steps, bytes, n), "filter, IPv%d: the SYNs that measure the distance do", version);
    CHECK(!passes(program, n_steps, bytes, is_ipv6 ? 8 + 40 + 3 : 20 + 8 + 20 + 3),
          "filter, IPv%d: cut off, it does not", version);
    bytes[is_ipv6 ? 8 + 39 : 28 + 19] ^= 1;
    CHECK(!passes(program, n_steps, bytes, n), "filter, IPv%d: another destination does not", version);
}

static void check_tcp_filter(void)
{
    struct sock_filter program[HOPS_FILTER_MAX];
    unsigned char segment[60] = { 0x46, [24] = CONTROL_PORT >> 8, CONTROL_PORT & 255, OTHER_PORT >> 8,
                                  OTHER_PORT & 255 };
    size_t n_steps = hops_filter_tcp(program, false, CONTROL_PORT, OTHER_PORT);
    CHECK(passes(program, n_steps, segment, sizeof segment), "filter: a segment after a header with options passes");
    segment[27] ^= 1;
    CHECK(!passes(program, n_steps, segment, sizeof segment), "filter: to another port it does not");
    segment[27] ^= 1;
    n_steps = hops_filter_tcp(program, true, CONTROL_PORT, OTHER_PORT);
    CHECK(passes(program, n_steps, segment + 24, 20) && !passes(program, n_steps, segment, 60),
          "filter: IPv6 has no header");
}

int main(void)
{
    check_ends();
    for (int i = 0; i < 8; i++)
        check_packet(i & 1, i & 2, i & 4 ? HOPS_SHORT : HOPS_PLAIN);
    for (int i = 0; i < 4; i++) {
        check_right_answer(i & 1, i & 2);
        check_icmp_filter(i & 1, i & 2);
    }
    check_wrong_answers(false);
    check_wrong_answers(true);
    check_kinds();
    check_segments();
    check_labels();
    check_labels_of_icmp();
    check_tcp_filter();
    return CHECK_DONE();
}
