/* compare_words.c - what can be compared, and what may be said of a difference: names, units, margins. */

#include <math.h>

#include "report/compare.h"

static const struct {
    const char *text, *unit;
    double margin;
    int worse; /* the sign of a change for the worse */
} quantities[LONGHAUL_N_COMPARED] = { [LONGHAUL_COMPARED_RATE] = { "rate", "Mbps", 0.5, -1 },
                                      [LONGHAUL_COMPARED_LOSS] = { "loss", "%", 0.02, 1 },
                                      [LONGHAUL_COMPARED_JITTER] = { "jitter", "ms", 0.5, 1 },
                                      [LONGHAUL_COMPARED_DELAY] = { "delay", "ms", 1, 1 },
                                      [LONGHAUL_COMPARED_SILENCES] = { "silences", "an hour", 1, 1 },
                                      [LONGHAUL_COMPARED_RETRANSMITS] = { "retransmits", "%", 0.02, 1 },
                                      [LONGHAUL_COMPARED_RTT] = { "rtt", "ms", 1, 1 } };

const char *longhaul_compared_text(enum longhaul_compared quantity)
{
    return (unsigned)quantity < LONGHAUL_N_COMPARED ? quantities[quantity].text : "";
}

const char *longhaul_compared_unit(enum longhaul_compared quantity)
{
    return (unsigned)quantity < LONGHAUL_N_COMPARED ? quantities[quantity].unit : "";
}

double longhaul_compare_margin(enum longhaul_compared quantity)
{
    return (unsigned)quantity < LONGHAUL_N_COMPARED ? quantities[quantity].margin : NAN;
}

int compare_worse_sign(enum longhaul_compared quantity)
{
    return quantities[quantity].worse;
}

const char *longhaul_difference_words(enum longhaul_difference difference)
{
    static const char *const words[] = { "cannot say", "no difference that matters", "better", "worse" };
    return (unsigned)difference < sizeof words / sizeof *words ? words[difference] : "";
}

const char *longhaul_difference_text(enum longhaul_difference difference)
{
    static const char *const texts[] = { "cannot_say", "none", "better", "worse" };
    return (unsigned)difference < sizeof texts / sizeof *texts ? texts[difference] : "";
}
