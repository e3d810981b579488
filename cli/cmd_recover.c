/* cmd_recover.c - `longhaul recover`: journals that dead runs left behind, to results. */

#include "cmd.h"

#include <getopt.h>
#include <stdio.h>

static const char usage[] =
    "usage: longhaul recover JOURNAL...\n"
    "\n"
    "Turns the journal of a run that died into its result, beside it, and removes the journal. A last line that was\n"
    "being written when the run died is left out. A journal that a run still writes is refused.\n"
    "\n"
    "  --help  this\n"
    "\n"
    "Exit status: 0 done, 1 at least one could not be turned, 2 misused.\n";

int cmd_recover(int argc, char **argv)
{
    static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
    int flag, status = EXIT_DONE;
    while ((flag = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (flag != 'h')
            return EXIT_MISUSED;
        fputs(usage, stdout);
        return cmd_close_stdout(EXIT_DONE);
    }
    if (optind == argc)
        return cmd_misused("recover", "needs the journal of a run");
    for (int i = optind; i < argc; i++) {
        struct longhaul_error err = { 0 };
        char result[4096];
        if (longhaul_recover(argv[i], result, sizeof result, &err) == 0) {
            puts(result);
        } else {
            cmd_fail(&err);
            status = EXIT_FAILED;
        }
    }
    return cmd_close_stdout(status);
}
