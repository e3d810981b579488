/* publish.h - a report's texts, and the folder for them. */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "report/report.h"

#define PUBLISH_PAGE "index.html"
#define PUBLISH_TEXT "summary_report.md"

/* The time when a text was made, and a number that nobody who wrote the data could know (the page's scripts carry
 * it). */
enum { REPORT_MADE_SIZE = 20, REPORT_NONCE_SIZE = 32 };
struct report_stamp {
    char made[REPORT_MADE_SIZE + 4];
    char nonce[REPORT_NONCE_SIZE + 1];
};
/* report_stamp.c */
int report_stamp_now(struct report_stamp *stamp, struct longhaul_error *err);
/* Makes a text; the caller frees it. Its first 4,096 bytes contain "Generated on: <made>", and "nonce-<nonce>" if it
 * uses that. */
typedef int report_writer(const struct longhaul_report *report, const struct report_stamp *stamp, char **text,
                          struct longhaul_error *err);
/* report_stamp.c: writes <out_dir>/<name>, unless the file exists and would differ only in its stamp (and redrawing was
 * not requested). */
int report_write_stamped(struct longhaul_report *report, const char *name, report_writer *write,
                         struct longhaul_error *err);

/* report_place.c: makes the folder, waits until no other report is being written there, and removes leftovers of dead
 * ones. The caller closes the descriptor *claim after writing. */
int report_claim_place(struct longhaul_report *report, int *claim, struct longhaul_error *err);
/* LONGHAUL_EBUSY if there is a file at path that longhaul did not write; LONGHAUL_EIO if it is not a file. The message
 * ends with advice. */
int report_check_file(const char *path, const char *advice, struct longhaul_error *err);
#define REPORT_FORCE ": nothing is written (--force replaces it)"
/* LONGHAUL_EBUSY if a file that is to be written, the text, the page or one of charts, exists and is not longhaul's. */
int report_check_place(const struct longhaul_report *report, const char *text, const char *page,
                       struct longhaul_error *err);
/* markdown.c: summary_report.md. */
int report_write_markdown(struct longhaul_report *report, struct longhaul_error *err);
/* html.c: index.html, unless the options say no. */
int report_write_html(struct longhaul_report *report, struct longhaul_error *err);

#endif
