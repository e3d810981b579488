/* fuzz_reader.c - any bytes as a file: compressed, UTF-16, torn, nested. Nothing may crash, leak, hang or read past an
 * end, and what comes out must hold together. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* An analysis of whatever was read, and its line. */
static void analyse(const struct longhaul_series *series)
{
    struct longhaul_analysis *analysis = NULL;
    struct longhaul_error err = { 0 };
    char *line = NULL;
    if (longhaul_analyse(series, NULL, &analysis, &err) != 0 || longhaul_analysis_relate(&analysis, 1, &err) != 0 ||
        longhaul_analysis_json(analysis, &line, &err) != 0 || strchr(line, '\n'))
        abort();
    longhaul_text_free(line);
    longhaul_analysis_free(analysis);
}

static void look_at(const struct longhaul_series *series)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    analyse(series);
    if (strchr(info->source, '/') || strchr(info->destination, '/') || strchr(info->error, '\n'))
        abort();
    for (int c = 0; longhaul_series_length(series) > 0 && c < LONGHAUL_N_COLUMNS; c++) {
        const double *column = longhaul_series_column(series, (enum longhaul_column)c);
        if (column && isinf(column[longhaul_series_length(series) - 1]))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series;
    struct longhaul_error err = { 0 };
    int rc = reader_open_memory(bytes, size, NULL, &reader, &err);
    if (rc == 0)
        while ((rc = longhaul_reader_next(reader, &series, &err)) > 0) {
            look_at(series);
            longhaul_series_free(series);
        }
    if (rc < 0 && (err.code != rc || err.text[0] == 0))
        abort();
    longhaul_reader_free(reader);
    return 0;
}
