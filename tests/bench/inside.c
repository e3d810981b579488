/* inside.c - what reading a file costs inside of one process: `inside FILE [ROUNDS]` prints the least CPU time of each
 * part, on one core, and the speed of reading from memory. Needs the library's inside. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "read/reader.h"

struct text {
    const char *path;
    char *bytes;
    size_t size;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Each returns what it has read, or 0: the first test of the file. */
static struct longhaul_series *take(struct longhaul_reader *reader)
{
    struct longhaul_series *series = NULL;
    if (reader)
        longhaul_reader_next(reader, &series, NULL);
    longhaul_reader_free(reader);
    return series;
}

static struct longhaul_series *from_memory(const struct text *text, bool no_scan)
{
    struct longhaul_reader *reader = NULL;
    reader_open_memory(text->bytes, text->size, &(struct reader_options){ .no_scan = no_scan }, &reader, NULL);
    return take(reader);
}

static struct longhaul_series *by_scan(const struct text *text)
{
    return from_memory(text, false);
}

static struct longhaul_series *by_jansson(const struct text *text)
{
    return from_memory(text, true);
}

static struct longhaul_series *from_file(const struct text *text)
{
    struct longhaul_reader *reader = NULL;
    longhaul_reader_open(text->path, NULL, &reader, NULL);
    return take(reader);
}

static double least_of_reading(struct longhaul_series *(*read_it)(const struct text *), const struct text *text,
                               int rounds)
{
    double least = 1e9;
    for (int i = 0; i < rounds; i++) {
        double start = now_s();
        struct longhaul_series *series = read_it(text);
        double took = now_s() - start;
        if (series == NULL)
            exit(1);
        least = took < least ? took : least;
        longhaul_series_free(series);
    }
    return least;
}

static double least_of_figures(const struct text *text, bool whole, int rounds)
{
    double least = 1e9;
    struct longhaul_series *series = by_scan(text);
    for (int i = 0; series && i < rounds; i++) {
        struct longhaul_summary summary;
        struct longhaul_analysis *analysis = NULL;
        double start = now_s();
        if (whole)
            longhaul_analyse(series, NULL, &analysis, NULL);
        else
            longhaul_summarise(series, &summary);
        double took = now_s() - start;
        least = took < least ? took : least;
        longhaul_analysis_free(analysis);
    }
    longhaul_series_free(series);
    return least;
}

static bool load(struct text *text)
{
    struct stat st;
    int fd = open(text->path, O_RDONLY);
    bool good = fd >= 0 && fstat(fd, &st) == 0 && (text->bytes = malloc((size_t)st.st_size)) != NULL;
    for (ssize_t n; good && text->size < (size_t)st.st_size; text->size += (size_t)n)
        if ((n = read(fd, text->bytes + text->size, (size_t)st.st_size - text->size)) <= 0)
            good = false;
    if (fd >= 0)
        close(fd);
    return good;
}

int main(int argc, char **argv)
{
    struct text text = { .path = argc > 1 ? argv[1] : "" };
    int rounds = argc > 2 ? atoi(argv[2]) : 20;
    if (rounds < 1 || !load(&text)) {
        fputs("usage: inside FILE [ROUNDS]\n", stderr);
        return 2;
    }
    double scan_s = least_of_reading(by_scan, &text, rounds), jansson_s = least_of_reading(by_jansson, &text, 1);
    double size = (double)text.size, file_s = least_of_reading(from_file, &text, rounds);
    printf("%.1f MB: by element %.0f MB/s; scanned in memory %.2f ms, %.0f MB/s; from the file %.2f ms, %.0f MB/s; "
           "the reference's figures %.2f ms; the whole analysis %.2f ms\n",
           size / 1e6, size / jansson_s / 1e6, scan_s * 1e3, size / scan_s / 1e6, file_s * 1e3, size / file_s / 1e6,
           least_of_figures(&text, false, rounds) * 1e3, least_of_figures(&text, true, rounds) * 1e3);
    free(text.bytes);
    return 0;
}
