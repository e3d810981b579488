/* flags_fleet.c - the flags of longhaul fleet, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, OPTION_DIR, "dir", "DIR", FLAG_FOLDERS,
      "folder of the fleet: inventory, what is collected, the report (the topology's name with .fleet)" },
    { 0, OPTION_PACKAGE, "package", "FILE", FLAG_FILES, "up: a Debian package that the hosts are to have" },
    { 0, OPTION_TREE, "tree", "DIR", FLAG_FOLDERS,
      "up: what `make install DESTDIR=DIR` made, instead of a package" },
    { 0, OPTION_AUTH, "auth", NULL, NULL, "up: make keys and a password, and let only those who have them test" },
    { 0, OPTION_NO_PREFLIGHT, "no-preflight", NULL, NULL, "up: do not test the paths before the legs begin" },
    { 0, OPTION_FORGET, "forget", "SITE", NULL,
      "up: a site that left, and whose host will not come back; may be given again" },
    { 0, OPTION_UNINSTALL, "uninstall", NULL, NULL, "down: remove the program, too; results stay" },
    { 0, OPTION_CHECK, "check", NULL, NULL, "up, down: only show what would change" },
    { 0, OPTION_LIMIT_HOSTS, "limit", "HOSTS", NULL, "only these hosts, by Ansible's patterns" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_fleet = {
    "fleet",
    "make all hosts of a topology be as it says, by Ansible",
    "usage: longhaul fleet up TOPOLOGY [flags] [-- ARGUMENT...]\n"
    "       longhaul fleet status|collect|report|down TOPOLOGY [flags] [-- ARG...]\n"
    "\n"
    "Administers the hosts of a topology by Ansible, over SSH.\n"
    "  up       installs longhaul, opens the ports, tests the paths, begins the legs;\n"
    "           of a topology that has changed, changes only what is different\n"
    "  status   shows each leg, and what is not as it should be\n"
    "  collect  copies results and journals here, also of legs that run\n"
    "  report   makes a report of what was collected\n"
    "  down     ends all legs, with their results, and closes the ports\n"
    "What follows -- is passed to ansible-playbook, such as -- --diff -v.\n"
    "Values in parentheses are defaults.\n",
    list,
    "Exit status: 0 all is as it should be, 1 failed, 2 misused, 4 a host did not\n"
    "answer, or something is not as it should be. longhaul-fleet(1) has the details.\n",
    25,
    "up status collect report down " FLAG_FILES,
    NULL,
};
