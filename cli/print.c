/* print.c - figures for people, as several commands print them. What is not known is said to be unknown. */

#include "cmd.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void print_figure(const char *name, double value, int digits, const char *unit)
{
    if (isnan(value))
        printf("%s unknown", name);
    else
        printf("%s %.*f%s", name, digits, value, unit);
}

void cmd_print_leg(const struct longhaul_info *info, const struct longhaul_summary *summary)
{
    printf("%s->%s: ", info->source, info->destination);
    print_figure("mean", summary->mean_mbps, 4, " Mbps");
    if (strcmp(info->protocol, "TCP") == 0) { /* it hides its losses, and sends again */
        print_figure(", retransmits", info->end_retransmits, 0, "");
        return;
    }
    print_figure(", loss", summary->loss_percent, 6, "%");
    print_figure(", jitter", summary->jitter_ms, 4, " ms");
}
