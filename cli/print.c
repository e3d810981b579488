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

void cmd_print_json(FILE *out, const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
}

void cmd_print_figure(double value, const char *unit)
{
    char text[LONGHAUL_PEOPLE_SIZE];
    longhaul_figure_text(value, text, sizeof text);
    printf("%s%s", isnan(value) ? "unknown" : text, isnan(value) ? "" : unit);
}

void cmd_print_seconds(const char *before, double seconds)
{
    char text[LONGHAUL_PEOPLE_SIZE];
    longhaul_seconds_text(seconds, text, sizeof text);
    printf("%s%s", before, text);
}

void cmd_print_stop(const struct longhaul_info *info)
{
    if (isnan(info->stopped_s))
        return;
    cmd_print_seconds(", stopped on request after ", info->stopped_s);
    if (!isnan(info->planned_s))
        cmd_print_seconds(" of ", info->planned_s);
}

void cmd_print_rate(const struct longhaul_analysis *test)
{
    const struct longhaul_rate *rate = longhaul_analysis_rate(test);
    printf("%s ", rate->kind == LONGHAUL_RATE_KIND_UNKNOWN ? "rate" : longhaul_rate_kind_text(rate->kind));
    cmd_print_figure(rate->kind == LONGHAUL_RATE_KIND_UNKNOWN ? NAN : rate->mbps, " Mbps");
}

void cmd_print_delay(const struct longhaul_analysis *test)
{
    const struct longhaul_delays *delays = longhaul_analysis_delays(test);
    if (delays->n_intervals == 0)
        return;
    fputs(", delay p99 ", stdout);
    cmd_print_figure(delays->p99_ms, " ms");
}

void cmd_print_leg(const struct longhaul_analysis *test)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    const struct longhaul_loss *loss = longhaul_analysis_loss(test);
    const struct longhaul_order *order = longhaul_analysis_order(test);
    printf("%s->%s: ", info->source, info->destination);
    cmd_print_rate(test);
    if (strcmp(info->protocol, "TCP") == 0) { /* TCP hides its losses, and retransmits */
        printf(isnan(info->end_retransmits) ? ", retransmits unknown" : ", retransmits %.0f", info->end_retransmits);
        return;
    }
    fputs(", loss ", stdout);
    cmd_print_figure(loss->percent, info->has_receiver_record                        ? " % (from the receiver's record)"
                                    : loss->origin == LONGHAUL_LOSS_ORIGIN_INTERVALS ? " % (from the intervals)"
                                                                                     : " %");
    fputs(", jitter ", stdout);
    cmd_print_figure(longhaul_analysis_summary(test)->jitter_ms, " ms");
    cmd_print_delay(test);
    if (order->out_of_order_packets > 0)
        printf(", %.0f packets out of order", order->out_of_order_packets);
    if (order->duplicate_packets > 0)
        printf(", %.0f duplicate packets", order->duplicate_packets);
}
