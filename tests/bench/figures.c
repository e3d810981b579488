/* figures.c - the reference script's figures of each file, and no more, by the library's public interface: what of a
 * report's cost is reading and plain statistics. */

#include <longhaul.h>
#include <malloc.h>
#include <stdio.h>

static int print(const char *path)
{
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series;
    int rc = longhaul_reader_open(path, NULL, &reader, &err);
    while (rc >= 0 && (rc = longhaul_reader_next(reader, &series, &err)) > 0) {
        struct longhaul_summary s;
        longhaul_summarise(series, &s);
        printf("%s: mean %.4f, median %.4f, std %.4f, min %.4f, max %.4f Mbps, %.4f packets/s, %.0f of %.0f lost, %.4f "
               "ms\n",
               path, s.mean_mbps, s.median_mbps, s.std_mbps, s.min_mbps, s.max_mbps, s.mean_pkt_rate, s.lost_packets,
               s.total_packets, s.jitter_ms);
        longhaul_series_free(series);
    }
    longhaul_reader_free(reader);
    if (rc < 0)
        fprintf(stderr, "%s\n", err.text);
    return rc;
}

int main(int argc, char **argv)
{
    int rc = 0;
    mallopt(M_MMAP_THRESHOLD, 32 << 20); /* as longhaul_reader_open() advises, and the command does */
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    for (int i = 1; i < argc; i++)
        rc |= print(argv[i]);
    return rc != 0;
}
