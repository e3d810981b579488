/* chart_args.h - the flags that select charts and their look. Each returns false after a message about the misuse. */
#ifndef CHART_ARGS_H
#define CHART_ARGS_H

#include <longhaul.h>

/* "pair,heat", or "all": bits of enum longhaul_chart. */
bool chart_args_kinds(const char *command, const char *flag, const char *text, unsigned *out);
/* "png,svg": bits of enum longhaul_picture. */
bool chart_args_pictures(const char *command, const char *flag, const char *text, unsigned *out);
bool chart_args_theme(const char *command, const char *flag, const char *text, enum longhaul_theme *out);
/* "2800x1600": pixels. */
bool chart_args_size(const char *command, const char *flag, const char *text, uint32_t *width, uint32_t *height);
bool chart_args_dpi(const char *command, const char *flag, const char *text, uint32_t *out);

#endif
