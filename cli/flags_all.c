/* flags_all.c - the flags of all commands. */

#include "flags.h"

const struct flags *const flags_all[] = {
    &flags_run,     &flags_serve,   &flags_plan, &flags_fleet,  &flags_preflight, &flags_report, &flags_compare,
    &flags_archive, &flags_show,    &flags_export, &flags_recover, &flags_path,    &flags_path_calc, NULL,
};
