/* export_note.c - tells the caller of an export what he should know. */

#include <stdarg.h>
#include <stdio.h>

#include "export/export_sink.h"

void export_note(const struct longhaul_export_options *options, const char *format, ...)
{
    char text[1024];
    va_list args;
    if (options->on_note == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    options->on_note(text, options->payload);
}
