/* takeaways_records.c - in the takeaways: legs of which only one side's record was found, and what the other side's
 * would add. It is also a remark, for those who see only the lines. */

#include "report/takeaways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"
#include "report/wording.h"

#define MOST_SITES 3 /* that are named */

/* Legs known from one side alone, and the sites of the other sides. */
struct one_side {
    size_t n, n_sites, n_unknown; /* n_unknown: their loss is unknown */
    const char **sites;
};

/* What run wrote where it sent, without a word of the receiver on its intervals. */
static bool is_senders_alone(const struct report_leg *leg)
{
    const struct longhaul_info *info = leg->info;
    return *info->longhaul_version && info->is_sender && !leg->has_receiver && strcmp(info->protocol, "TCP") != 0;
}

/* What serve wrote, in its folder; a leg that run pulled has no other record. */
static bool is_receivers_alone(const struct report_leg *leg)
{
    char *dir = file_folder(leg->info->path);
    const char *slash = dir ? strrchr(dir, '/') : NULL;
    bool is_there = dir && strcmp(slash ? slash + 1 : dir, LEG_RECEIVER_DIR) == 0;
    free(dir);
    return is_there && *leg->info->longhaul_version && !leg->info->is_sender;
}

static void add_site(struct one_side *side, const char *site)
{
    for (size_t i = 0; i < side->n_sites; i++)
        if (strcmp(side->sites[i], site) == 0)
            return;
    side->sites[side->n_sites++] = site;
}

/* The legs are sorted by source; their sites are few. */
static void find(const struct longhaul_report *report, bool of_senders, struct one_side *side)
{
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        if (!(of_senders ? is_senders_alone(leg) : is_receivers_alone(leg)))
            continue;
        side->n++;
        side->n_unknown += longhaul_analysis_loss(leg->analysis)->origin == LONGHAUL_LOSS_ORIGIN_UNKNOWN;
        add_site(side, of_senders ? leg->info->destination : leg->info->source);
    }
}

/* "WUS", "HK, KC", "HK, KC, UAE and 4 more" */
static struct wording names(const struct one_side *side)
{
    struct wording w = { "" };
    for (size_t i = 0; i < side->n_sites && i < MOST_SITES; i++)
        w = wording_say("%s%s%.40s", w.text, i > 0 ? ", " : "", side->sites[i]);
    return side->n_sites > MOST_SITES ? wording_say("%s and %zu more", w.text, side->n_sites - MOST_SITES) : w;
}

static int say_both(struct longhaul_report *report, const char *text, struct longhaul_error *err)
{
    int rc = report_takeaway(report, err, "%s", text);
    return rc ? rc : report_remark(report, text, err);
}

static int say_senders(struct longhaul_report *report, const struct one_side *side, struct longhaul_error *err)
{
    char text[400];
    snprintf(text, sizeof text,
             "Records: %zu leg%s to %s %s known from the sender's file alone; what longhaul serve wrote there (folder "
             "receiver) would add %s.",
             side->n, side->n == 1 ? "" : "s", names(side).text, side->n == 1 ? "is" : "are",
             side->n_unknown > 0 ? "the loss and the jitter" : "when packets were lost, and the jitter");
    return say_both(report, text, err);
}

static int say_receivers(struct longhaul_report *report, const struct one_side *side, struct longhaul_error *err)
{
    char text[400];
    snprintf(text, sizeof text,
             "Records: %zu leg%s from %s %s known from the receiver's record alone; what longhaul run wrote there "
             "would add what was sent, the round trips, and the packets lost after the last one that arrived.",
             side->n, side->n == 1 ? "" : "s", names(side).text, side->n == 1 ? "is" : "are");
    return say_both(report, text, err);
}

int takeaways_say_records(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = 0;
    for (int of_senders = 1; rc == 0 && of_senders >= 0; of_senders--) {
        struct one_side side = { .sites = calloc(report->n_legs + 1, sizeof *side.sites) };
        if (side.sites == NULL)
            return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
        find(report, of_senders, &side);
        if (side.n > 0)
            rc = (of_senders ? say_senders : say_receivers)(report, &side, err);
        free(side.sites);
    }
    return rc;
}
