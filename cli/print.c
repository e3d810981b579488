/* print.c - figures for people, as several commands print them. An unknown value is called unknown. */

#include "cmd.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void cmd_print_path(FILE *out, const char *path)
{
    while (*path) {
        size_t skip, n = longhaul_text_character(path, &skip);
        if (n > 0)
            fwrite(path, 1, n, out);
        else
            putc('?', out);
        path += skip;
    }
}

struct cmd_text cmd_safe(const char *text)
{
    struct cmd_text safe;
    size_t used = 0;
    while (*text && used + 4 < sizeof safe.text) {
        size_t skip, n = longhaul_text_character(text, &skip);
        if (n > 0)
            memcpy(safe.text + used, text, n);
        else
            safe.text[used] = '?';
        used += n > 0 ? n : 1;
        text += skip;
    }
    safe.text[used] = 0;
    return safe;
}

static void print_figure(const char *name, double value, int digits, const char *unit)
{
    if (isnan(value))
        printf("%s unknown", name);
    else
        printf("%s %.*f%s", name, digits, value, unit);
}

void cmd_print_rate(const struct longhaul_analysis *test)
{
    const struct longhaul_rate *rate = longhaul_analysis_rate(test);
    if (rate->kind == LONGHAUL_RATE_KIND_UNKNOWN)
        fputs("rate unknown", stdout);
    else
        printf("%s %.4f Mbps", longhaul_rate_kind_text(rate->kind), rate->mbps);
}

void cmd_print_leg(const struct longhaul_analysis *test)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    const struct longhaul_summary *summary = longhaul_analysis_summary(test);
    const struct longhaul_loss *loss = longhaul_analysis_loss(test);
    const struct longhaul_order *order = longhaul_analysis_order(test);
    printf("%s->%s: ", info->source, info->destination);
    cmd_print_rate(test);
    if (strcmp(info->protocol, "TCP") == 0) { /* TCP hides its losses, and retransmits */
        print_figure(", retransmits", info->end_retransmits, 0, "");
        return;
    }
    print_figure(", loss", loss->percent, 6,
                 info->has_receiver_record                        ? "% (from the receiver's record)"
                 : loss->origin == LONGHAUL_LOSS_ORIGIN_INTERVALS ? "% (from the intervals)"
                                                                  : "%");
    print_figure(", jitter", summary->jitter_ms, 4, " ms");
    if (order->out_of_order_packets > 0)
        print_figure(",", order->out_of_order_packets, 0, " packets out of order");
    if (order->duplicate_packets > 0)
        print_figure(",", order->duplicate_packets, 0, " duplicate packets");
}
