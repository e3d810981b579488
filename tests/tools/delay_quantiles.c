/* delay_quantiles.c - a program that uses the library: `delay_quantiles FILE FROM_S UNTIL_S` prints the median and the
 * 99th percentile of the delays of all datagrams in that time, in ms, and their number. */

#include <stdio.h>
#include <stdlib.h>

#include <longhaul.h>

int main(int argc, char **argv)
{
    static const double shares[] = { 0.5, 0.99 };
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader;
    struct longhaul_series *series;
    double us[2];
    if (argc < 4 || longhaul_reader_open(argv[1], NULL, &reader, &err) != 0)
        return 1;
    if (longhaul_reader_next(reader, &series, &err) != 1)
        return 1;
    unsigned long long n = longhaul_series_delays(series, atof(argv[2]), atof(argv[3]), shares, 2, us);
    printf("%.4f %.4f %llu\n", us[0] / 1000, us[1] / 1000, n);
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    return 0;
}
