/* publish.h - a report's texts, and the folder that they are written into. */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "report/report.h"

/* When a text was made, and a number that nobody who wrote the data could know (the page's scripts carry it). */
enum { REPORT_MADE_SIZE = 20, REPORT_NONCE_SIZE = 32 };
struct report_stamp {
    char made[REPORT_MADE_SIZE + 4];
    char nonce[REPORT_NONCE_SIZE + 1];
};
/* Makes a text; the caller frees it. It has "Generated on: <made>" in its first 4,096 bytes, and "nonce-<nonce>" when
 * it uses that. */
typedef int report_writer(const struct longhaul_report *report, const struct report_stamp *stamp, char **text,
                          struct longhaul_error *err);
/* report_stamp.c: writes <out_dir>/<name>, unless it is there and would differ in its stamp alone (or all is to be
 * drawn again). */
int report_write_stamped(struct longhaul_report *report, const char *name, report_writer *write,
                         struct longhaul_error *err);

/* report_place.c: makes the folder, waits until no other report is being written in it, and removes what dead ones
 * left. *claim, a descriptor, is closed by the caller when all is written. */
int report_claim_place(struct longhaul_report *report, int *claim, struct longhaul_error *err);
/* LONGHAUL_EBUSY when a file that is to be written, of the charts too, is there and is not longhaul's. */
int report_check_place(const struct longhaul_report *report, struct longhaul_error *err);
/* markdown.c: summary_report.md. */
int report_write_markdown(struct longhaul_report *report, struct longhaul_error *err);
/* html.c: index.html, unless the options say no. */
int report_write_html(struct longhaul_report *report, struct longhaul_error *err);

#endif
