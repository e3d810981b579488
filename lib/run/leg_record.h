/* leg_record.h - the record of a leg that runs here: a new one, or one that is found and continued. */
#ifndef LEG_RECORD_H
#define LEG_RECORD_H

#include <longhaul.h>

#include "record/record.h"

enum leg_record_way {
    LEG_RECORD_NEW,
    LEG_RECORD_RESUME, /* the newest record that an interrupted run of the same leg left there; else a new one */
    LEG_RECORD_RESUME_ONLY /* the same, but no new one */
};

/* Begins or continues the leg's record in dir; *out is NULL if no record can be resumed and no new one is wanted. */
int leg_record_begin(const char *dir, const struct longhaul_leg *leg, enum leg_record_way way, struct record **out,
                     struct longhaul_error *err);

/* The newest result of the leg in dir that began at that time or later, malloc'd; NULL if none exists. */
char *leg_record_result_since(const char *dir, const struct longhaul_leg *leg, int64_t unix_s);

/* True if an interrupted run of the leg left a record in dir. */
bool leg_record_is_left(const char *dir, const struct longhaul_leg *leg);

/* The local port of the first of its flows, which stays for the whole record; 0 for any: it has one flow, or the record
 * knows none. */
uint16_t leg_record_first_port(const struct record *record, const struct longhaul_leg *leg);

/* What the server needs to give its record the same name and the same intervals: JSON, malloc'd; NULL when out of
 * memory. */
char *leg_record_label(const struct record *record, const struct longhaul_leg *leg);

#endif
