/* trend_draw.h - the drawings of the page of many days: maps of days and hours, and daily figures as lines. */
#ifndef TREND_DRAW_H
#define TREND_DRAW_H

#include <stdio.h>

#include "archive/trend.h"

/* One row: a leg's days by their loss. */
void draw_calendar(FILE *out, const struct longhaul_trend *trend, const struct trend_leg *leg);
/* 24 rows: its hours. */
void draw_hours(FILE *out, const struct longhaul_trend *trend, const struct trend_leg *leg);
/* Weekdays by hours, over all weeks. */
void draw_week(FILE *out, const struct trend_leg *leg);
/* The names of the months, as wide as their days. */
void draw_months(FILE *out, const struct longhaul_trend *trend);

/* A daily figure, or its percentiles: lines on one axis from 0, or from the least value if they vary little; with gaps
 * where it is unknown, and a mark where its level changed. Nothing if no value is known. */
void draw_lines(FILE *out, const struct longhaul_trend *trend, const struct trend_leg *leg, const char *title,
                enum trend_quantity quantity);

#endif
