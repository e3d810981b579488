/* leg_set.c - the options of a leg by their names in a topology: one table of what each may be, one wording for what is
 * refused. The command line, topologies and longhaul_leg_check() share it. */

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/plain_numbers.h"
#include "model/leg.h"

#define CONGESTION_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"
#define NAMES_OF_DSCP ", or EF, VA, LE, DF, CS0 to CS7, AF11 to AF43"
#define N_OF(array) (sizeof(array) / sizeof *(array))
#define MEMBER(member) offsetof(struct longhaul_leg, member), sizeof((struct longhaul_leg *)0)->member

/* How a number is written. */
enum form {
    WHOLE,
    BYTES, /* a final K, M or G multiplies it by a power of 1024 */
    BITS,  /* 0x begins a hexadecimal, 0 an octal number; or a name of a class of service */
    DSCP,  /* the same; the member is 4 times it */
    REAL   /* the member is a double */
};

/* Numbers. In a struct longhaul_leg 0 stands for the default of each. */
static const struct number {
    const char *key, *what, *unit;
    enum form form;
    double min, max;
    size_t at, size;
} numbers[] = {
    { "port", "a port", "", WHOLE, 1, 65535, MEMBER(port) },
    { "interval", "an interval", " seconds", REAL, LEG_INTERVAL_MIN_S, 60, MEMBER(interval_s) },
    { "datagram", "the length of a datagram or a write", " bytes", BYTES, 1, 1048576, MEMBER(datagram_bytes) },
    { "streams", "a number of streams", "", WHOLE, 1, 128, MEMBER(n_streams) },
    { "flows", "a number of flows", "", WHOLE, 1, 128, MEMBER(n_flows) },
    { "window", "a window", " bytes", BYTES, 1, 512 << 20, MEMBER(window_bytes) },
    { "mss", "a maximum segment size", " bytes", WHOLE, 88, 32767, MEMBER(mss_bytes) },
    { "tos", "a type of service", NAMES_OF_DSCP, BITS, 0, 255, MEMBER(tos) },
    { "dscp", "a differentiated services code point", NAMES_OF_DSCP, DSCP, 0, 63, MEMBER(tos) },
};

/* What UDP allows. */
static const struct number udp_datagram = {
    "datagram", "the length of a datagram", " bytes", BYTES, LEG_UDP_DATAGRAM_MIN, LEG_UDP_DATAGRAM_MAX,
    MEMBER(datagram_bytes)
};

/* Words, each with the number that it stands for. */
static const struct choice {
    const char *key, *what, *text;
    unsigned value;
    size_t at, size;
} choices[] = {
    { "family", "an address family", "4", 4, MEMBER(family) },
    { "family", "an address family", "6", 6, MEMBER(family) },
    { "protocol", "a protocol", "udp", LONGHAUL_PROTOCOL_UDP, MEMBER(protocol) },
    { "protocol", "a protocol", "tcp", LONGHAUL_PROTOCOL_TCP, MEMBER(protocol) },
    { "direction", "a direction", "push", LONGHAUL_DIRECTION_PUSH, MEMBER(direction) },
    { "direction", "a direction", "pull", LONGHAUL_DIRECTION_PULL, MEMBER(direction) },
    { "gsro", "a decision", "true", true, MEMBER(has_gsro) },
    { "gsro", "a decision", "false", false, MEMBER(has_gsro) },
    { "hops", "a decision", "true", false, MEMBER(has_no_hops) },
    { "hops", "a decision", "false", true, MEMBER(has_no_hops) },
};

/* ---- refusals */

static const struct number *number_named(const char *key)
{
    for (size_t i = 0; i < N_OF(numbers); i++)
        if (strcmp(numbers[i].key, key) == 0)
            return &numbers[i];
    return NULL;
}

static void number_refusal(const struct number *n, char *text, size_t size)
{
    snprintf(text, size, "is not %s: %.9g to %.9g%s", n->what, n->min, n->max, n->unit);
}

void leg_refusal(const char *key, char text[LEG_REFUSAL_MAX])
{
    const size_t size = LEG_REFUSAL_MAX;
    const struct number *number = number_named(key);
    const char *quantity = leg_quantity_refusal(key);
    size_t n = 0;
    if (quantity)
        snprintf(text, size, "%s", quantity);
    else if (strcmp(key, "congestion") == 0)
        snprintf(text, size, "is not the name of a congestion control: 1 to %d of a-z 0-9 _ -",
                 LONGHAUL_CONGESTION_MAX);
    else if (number)
        number_refusal(number, text, size);
    else
        snprintf(text, size, "is not an option of a leg");
    for (size_t i = 0; i < N_OF(choices); i++)
        if (strcmp(choices[i].key, key) == 0) {
            if (n == 0)
                n = (size_t)snprintf(text, size, "is not %s: %s", choices[i].what, choices[i].text);
            else
                snprintf(text + n, size - n, " or %s", choices[i].text);
        }
}

/* ---- from text */

static void store(struct longhaul_leg *leg, size_t at, size_t size, unsigned long value)
{
    char *member = (char *)leg + at;
    uint8_t byte = (uint8_t)value;
    uint16_t half = (uint16_t)value;
    uint32_t word = (uint32_t)value;
    memcpy(member, size == 1 ? (void *)&byte : size == 2 ? (void *)&half : (void *)&word, size);
}

/* Reads text as a number; NAN if it is not one. */
static double parse_number(enum form form, const char *text)
{
    static const char units[] = "KMG";
    struct plain_numbers plain;
    unsigned dscp;
    char *end;
    if ((form == BITS || form == DSCP) && leg_dscp_named(text, &dscp))
        return form == BITS ? dscp << 2 : dscp;
    if (!isdigit((unsigned char)*text) && !(form == REAL && *text == '.'))
        return NAN;
    errno = 0;
    plain_numbers_begin(&plain);
    int base = form == BITS || form == DSCP ? 0 : 10;
    double value = form == REAL ? strtod(text, &end) : (double)strtoul(text, &end, base);
    plain_numbers_end(&plain);
    const char *unit = form == BYTES && *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    if (unit) {
        value = ldexp(value, 10 * (int)(unit - units + 1));
        end++;
    }
    return *end == 0 && errno == 0 && !(form == REAL && (text[1] == 'x' || text[1] == 'X')) ? value : NAN;
}

static bool set_number(struct longhaul_leg *leg, const struct number *n, const char *text)
{
    double value = parse_number(n->form, text);
    bool good = value >= n->min && value <= n->max;
    if (good && n->form == REAL)
        memcpy((char *)leg + n->at, &value, sizeof value);
    else if (good)
        store(leg, n->at, n->size, (unsigned long)value << (n->form == DSCP ? 2 : 0));
    return good;
}

static bool set_choice(struct longhaul_leg *leg, const char *key, const char *text)
{
    for (size_t i = 0; i < N_OF(choices); i++)
        if (strcmp(choices[i].key, key) == 0 && strcmp(choices[i].text, text) == 0) {
            store(leg, choices[i].at, choices[i].size, choices[i].value);
            return true;
        }
    return false;
}

static bool is_congestion(const char *name)
{
    size_t n = strnlen(name, LONGHAUL_CONGESTION_MAX + 1);
    return n > 0 && n <= LONGHAUL_CONGESTION_MAX && strspn(name, CONGESTION_CHARACTERS) == n;
}

int longhaul_leg_set(struct longhaul_leg *leg, const char *key, const char *text, struct longhaul_error *err)
{
    const struct number *number = number_named(key);
    char refusal[LEG_REFUSAL_MAX];
    bool good;
    if (strcmp(key, "rate") == 0)
        return longhaul_rate_parse(text, &leg->rate_bps, err);
    if (strcmp(key, "duration") == 0)
        return longhaul_duration_parse(text, &leg->duration_s, err);
    if (strcmp(key, "congestion") == 0) {
        if ((good = is_congestion(text)))
            snprintf(leg->congestion, sizeof leg->congestion, "%s", text);
    } else {
        good = number ? set_number(leg, number, text) : set_choice(leg, key, text);
    }
    if (good)
        return 0;
    leg_refusal(key, refusal);
    return leg_refuse(text, refusal, err);
}

/* ---- of a whole leg */

/* The number in its member; 0 for the default. */
static double value_of(const struct longhaul_leg *leg, const struct number *n)
{
    const char *member = (const char *)leg + n->at;
    double real = 0;
    uint8_t byte;
    uint16_t half;
    uint32_t word;
    if (n->form == REAL)
        memcpy(&real, member, sizeof real);
    else if (n->size == sizeof byte)
        memcpy(&byte, member, sizeof byte), real = byte;
    else if (n->size == sizeof half)
        memcpy(&half, member, sizeof half), real = half;
    else
        memcpy(&word, member, sizeof word), real = word;
    return real;
}

static int check_number(const struct longhaul_leg *leg, const struct number *n, struct longhaul_error *err)
{
    double value = n->form == DSCP ? 0 : value_of(leg, n); /* "tos" has its member */
    char refusal[LEG_REFUSAL_MAX];
    if (value == 0 || (value >= n->min && value <= n->max))
        return 0;
    number_refusal(n, refusal, sizeof refusal);
    return error_set(err, LONGHAUL_EINVAL, "%.9g %s", value, refusal);
}

int leg_check_options(const struct longhaul_leg *leg, struct longhaul_error *err)
{
    bool is_tcp = leg->protocol == LONGHAUL_PROTOCOL_TCP;
    char refusal[LEG_REFUSAL_MAX];
    int rc = 0;
    for (size_t i = 0; i < N_OF(numbers) && rc == 0; i++)
        rc = check_number(leg, &numbers[i], err);
    if (rc == 0 && leg->protocol == LONGHAUL_PROTOCOL_UDP)
        rc = check_number(leg, &udp_datagram, err);
    if (rc != 0)
        return rc;
    if (!is_tcp && leg->protocol != LONGHAUL_PROTOCOL_UDP)
        return error_set(err, LONGHAUL_EINVAL, "protocol %d: neither UDP nor TCP", (int)leg->protocol);
    if (leg->family != 0 && leg->family != 4 && leg->family != 6)
        return error_set(err, LONGHAUL_EINVAL, "%d is not an address family: 4 or 6", leg->family);
    if (leg->mss_bytes && !is_tcp)
        return error_set(err, LONGHAUL_EINVAL, "a maximum segment size of %u bytes: only for TCP; for UDP there is the "
                         "datagram's length", leg->mss_bytes);
    if (leg->has_gsro && is_tcp)
        return error_set(err, LONGHAUL_EINVAL, "gsro: only for UDP; for TCP the kernel does it by itself");
    if (leg->congestion[0] == 0)
        return 0;
    if (!is_tcp)
        return error_set(err, LONGHAUL_EINVAL, "congestion control \"%.15s\": UDP has none", leg->congestion);
    leg_refusal("congestion", refusal);
    return is_congestion(leg->congestion)
               ? 0
               : error_set(err, LONGHAUL_EINVAL, "\"%.15s\" %s", leg->congestion, refusal);
}
