/* leg_args.c - the flags that say what a leg is: each sets an option of the leg, which the library parses. */

#include "leg_args.h"

#include <string.h>

#include "cmd.h"
#include "flags.h"

/* key: the option's name in a topology; value: what a flag without an argument sets. */
static const struct leg_flag {
    int letter;
    const char *name, *key, *value;
} flags[] = {
    { 'p', "-p", "port", NULL },         { 'b', "-b", "rate", NULL },          { 't', "-t", "duration", NULL },
    { 'i', "-i", "interval", NULL },     { 'l', "-l", "datagram", NULL },      { 'P', "-P", "streams", NULL },
    { LEG_ARGS_FLOWS, "--flows", "flows", NULL }, { LEG_ARGS_NO_HOPS, "--no-hops", "hops", "false" },
    { 'w', "-w", "window", NULL },       { 'S', "-S", "tos", NULL },           { 'C', "-C", "congestion", NULL },
    { 'R', "-R", "direction", "pull" },  { '4', "-4", "family", "4" },         { '6', "-6", "family", "6" },
    { 'u', "-u", "protocol", "udp" },    { LEG_ARGS_TCP, "--tcp", "protocol", "tcp" },
    { 'M', "-M", "mss", NULL },          { LEG_ARGS_DSCP, "--dscp", "dscp", NULL },
    { LEG_ARGS_GSRO, "--gsro", "gsro", "true" },
    { 'B', "-B", NULL, NULL }, { LEG_ARGS_DEVICE, "--bind-dev", NULL, NULL }, /* of this host */
};

static const struct leg_flag *find(int letter)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (flags[i].letter == letter)
            return &flags[i];
    return NULL;
}

const char *leg_args_name(int letter)
{
    const struct leg_flag *flag = find(letter);
    return flag ? flag->name : NULL;
}

bool leg_args_text(const char *command, const char *what, const char *value, char *to, size_t size)
{
    if (strlen(value) >= size) {
        cmd_misused(command, "%s '%.40s...': too long", what, value);
        return false;
    }
    strcpy(to, value);
    return true;
}

bool leg_args_take(const char *command, int letter, const char *value, struct longhaul_leg *leg)
{
    const struct leg_flag *flag = find(letter);
    struct longhaul_error err = { 0 };
    if (letter == LEG_ARGS_DEVICE)
        return leg_args_text(command, flag->name, value, leg->bind_device, sizeof leg->bind_device);
    if (flag->key == NULL)
        return leg_args_text(command, flag->name, value, leg->bind_address, sizeof leg->bind_address);
    if (longhaul_leg_set(leg, flag->key, flag->value ? flag->value : value, &err) == 0)
        return true;
    cmd_misused(command, "%s: %s", flag->name, err.text);
    return false;
}
