/* status_cells.h - the state of a leg as cells of a table, each of a width that its values do not change. */
#ifndef STATUS_CELLS_H
#define STATUS_CELLS_H

#include <longhaul.h>

#include "table.h"

/* Widths of the cells that follow. */
enum { CELL_MBPS = 7, CELL_SENT_MBPS = 12, CELL_LOSS = 9, CELL_RETRANSMITS = 10, CELL_LOSS_ELSEWHERE = 11,
       CELL_DELAY = 9, CELL_GAPS = 4, CELL_DATE = 11, CELL_CLOCK = 8, CELL_AGE = 8, CELL_STATE = 10 };

/* "HK->WUS"; a name that is too long is cut in both halves: "A_LONG~->ANOTHE~". Returns its whole length. */
int cell_leg(const char *source, const char *destination, int width, char text[TABLE_CELL_SIZE]);
/* "10.000", "1,000.0", "100,000"; "-" if unknown. */
void cell_mbps(double bits_per_second, char text[TABLE_CELL_SIZE]);
/* The same of the newest interval, "sent 10.000" where it is not what arrived. */
void cell_rate(const struct longhaul_status *status, char text[TABLE_CELL_SIZE]);
/* Loss so far: "0.0012%"; for TCP "3 retr", "12k retr"; "at receiver" where packets are sent
 * and their loss is not known here; "-" before the first of them. */
void cell_loss(const struct longhaul_status *status, char text[TABLE_CELL_SIZE]);
/* The 99th percentile of the delays in queues, "0.35 ms": of the newest interval, of all datagrams once the leg is
 * done; "-" if unknown: TCP, what this host sends. */
void cell_delay(const struct longhaul_status *status, char text[TABLE_CELL_SIZE]);
void cell_delay_of(double p99_us, char text[TABLE_CELL_SIZE]);
void cell_gaps(const struct longhaul_status *status, char text[TABLE_CELL_SIZE]);
/* "1:02:03"; "-" if unknown. Returns its length. */
int cell_clock(double seconds, char text[TABLE_CELL_SIZE]);
/* "0.4 s", "12 s", "1:02:03"; "-" if unknown. */
void cell_age(double seconds, char text[TABLE_CELL_SIZE]);
/* "02:19:30" if that is on the same day in UTC as now, else "12-01 02:19"; with_seconds: "12-01 02:19:30"; "-" if
 * unknown. */
void cell_date(double unix_s, double now_unix_s, bool with_seconds, char text[TABLE_CELL_SIZE]);

/* The state in a word: as longhaul_status_text(), but "silent" where a running leg has brought no interval for more
 * than three, and "no data" where its newest one is empty. */
const char *status_word(const struct longhaul_status *status);
/* Good only where loss and rate of what arrived are known, and are good. */
enum table_tone status_tone(const struct longhaul_status *status);
/* The more, the earlier a row deserves the room. */
unsigned status_urgency(const struct longhaul_status *status);

#endif
