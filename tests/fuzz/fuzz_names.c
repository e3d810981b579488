/* fuzz_names.c - any bytes as a file's name, a rate, a duration: refused, or what comes out can be written and read
 * again. */

#include <longhaul.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool is_right)
{
    if (!is_right)
        abort();
}

static bool is_code(const char *code)
{
    static const char *const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    size_t n = strlen(code);
    return n >= 1 && n <= LONGHAUL_CODE_MAX && strspn(code, allowed) == n;
}

static void try_name(const char *text)
{
    struct longhaul_file_name name, again;
    struct longhaul_error err = { 0 };
    if (longhaul_file_name_parse(text, &name, &err) != 0) {
        check(err.code == LONGHAUL_EFORMAT && err.text[0]);
        return;
    }
    check(is_code(name.source) && is_code(name.destination));
    struct longhaul_leg leg = { .peer = "x", .rate_bps = name.rate_bps, .duration_s = name.duration_s };
    char stem[LONGHAUL_STEM_MAX];
    memcpy(leg.source, name.source, sizeof leg.source);
    memcpy(leg.destination, name.destination, sizeof leg.destination);
    if (name.duration_s == 0 || name.rate_bps == 0 || longhaul_leg_stem(&leg, name.start_unix_s, stem, NULL) != 0)
        return;
    check(longhaul_file_name_parse(stem, &again, NULL) == 0);
    check(name.start_unix_s == again.start_unix_s && name.rate_bps == again.rate_bps &&
          name.duration_s == again.duration_s && strcmp(name.source, again.source) == 0 &&
          strcmp(name.destination, again.destination) == 0);
}

static void try_units(const char *text)
{
    char written[64];
    uint64_t rate, rate_again;
    uint32_t duration, duration_again;
    if (longhaul_rate_parse(text, &rate, NULL) == 0) {
        longhaul_rate_text(rate, written, sizeof written);
        check(longhaul_rate_parse(written, &rate_again, NULL) == 0 && rate == rate_again);
    }
    if (longhaul_duration_parse(text, &duration, NULL) == 0) {
        longhaul_duration_text(duration, written, sizeof written);
        check(longhaul_duration_parse(written, &duration_again, NULL) == 0 && duration == duration_again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1);
    if (size > 0)
        memcpy(text, bytes, size);
    text[size] = 0;
    try_name(text);
    try_units(text);
    free(text);
    return 0;
}
