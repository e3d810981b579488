/* flags_recover.c - the flags of longhaul recover, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, 'e', "ended", NULL, NULL,
      "skip journals whose planned end has not come: `longhaul run --resume` can continue them" },
    { 0, 'h', "help", NULL, NULL, "print this text" },
    /* accepted, not shown */
    { 'h', 0, NULL, NULL, NULL, NULL },
    { 0 },
};

const struct flags flags_recover = {
    "recover",
    "turn the journal of a run that died into its result",
    "usage: longhaul recover [--ended] JOURNAL|DIR...\n"
    "\n"
    "Turns the journal of a run that died into its result, in the same folder, and\n"
    "removes the journal. An incomplete last line is omitted. A journal that a run is\n"
    "still writing is refused. DIR stands for the journals in it.\n",
    list,
    "Exit status: 0 done, 1 at least one journal gave no result, 2 misused.\n",
    11,
    FLAG_FILES,
    NULL,
};
