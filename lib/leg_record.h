/* leg_record.h - the record of a leg that is run here: begun, or found and taken up again. */
#ifndef LEG_RECORD_H
#define LEG_RECORD_H

#include <longhaul.h>

#include "record.h"

/* A new record in dir; with resume, the newest that an interrupted run of the same leg left there, if there is one. */
int leg_record_begin(const char *dir, const struct longhaul_leg *leg, bool resume, struct record **out, struct longhaul_error *err);

/* An interrupted run of the leg left a record in dir. */
bool leg_record_is_left(const char *dir, const struct longhaul_leg *leg);

/* What the server's side needs to give its record the same name, and the same intervals: JSON, malloc'd; NULL when out of memory. */
char *leg_record_label(const struct record *record, const struct longhaul_leg *leg);

#endif
