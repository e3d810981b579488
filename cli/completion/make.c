/* make.c - prints the completion of a shell, out of the tables of flags (cli/flags_*.c): usage: make bash|zsh|fish PARTS.
 * PARTS is a file of that shell with the functions that complete; what is made from the tables stands in place of its
 * line "@flags@". Runs on the machine that builds, whichever the program is for. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "flags.h"

static bool is_shown(const struct flag *flag)
{
    return !flag_is_heading(flag) && flag->help;
}

static bool is_optional(const struct flag *flag)
{
    return flag->argument && *flag->argument == '[';
}

/* A text in single quotes: each of `escaped` gets a backslash; how a quote is written differs. A text of --help ends at
 * its first semicolon. */
static void print_quoted(const char *text, const char *escaped, const char *quote)
{
    for (; *text && *text != ';'; text++) {
        if (*text == '\'') {
            fputs(quote, stdout);
            continue;
        }
        if (strchr(escaped, *text))
            putchar('\\');
        putchar(*text);
    }
}

static const char *help_of(const struct flag *flag)
{
    while (strcmp(flag->help, FLAG_ALSO) == 0)
        flag--;
    return flag->help;
}

/* ---- bash: a function that sets `commands`; for a command `flags` and `operands`; for its flag `kind` */

static void bash_flag(const struct flags *flags, const struct flag *flag)
{
    printf("    ");
    if (flag->letter)
        printf("'%s -%c'%s", flags->command, flag->letter, flag->name ? " | " : "");
    if (flag->name)
        printf("'%s --%s'", flags->command, flag->name);
    printf(") kind='%s%s' ;;\n", is_optional(flag) ? "=" : "", flag->words ? flag->words : "@nothing");
}

static void bash_command(const struct flags *flags)
{
    printf("    '%s') operands='%s' flags='", flags->command, flags->operands ? flags->operands : "@nothing");
    for (const struct flag *flag = flags->list; !flag_is_end(flag); flag++) {
        if (is_shown(flag) && flag->name)
            printf("--%s ", flag->name);
        if (is_shown(flag) && is_optional(flag))
            printf("--%s= ", flag->name);
        if (is_shown(flag) && flag->letter)
            printf("-%c ", flag->letter);
    }
    printf("' ;;\n");
}

static void make_bash(void)
{
    printf("    commands='");
    for (const struct flags *const *f = flags_all; *f; f++)
        if (!strchr((*f)->command, ' '))
            printf("%s ", (*f)->command);
    printf("'\n    case $1 in\n");
    for (const struct flags *const *f = flags_all; *f; f++)
        bash_command(*f);
    printf("    esac\n    case \"$1 $2\" in\n");
    for (const struct flags *const *f = flags_all; *f; f++)
        for (const struct flag *flag = (*f)->list; !flag_is_end(flag); flag++)
            if (is_shown(flag) && flag->argument)
                bash_flag(*f, flag);
    printf("    esac\n");
}

/* ---- zsh: the specifications of _arguments */

static void zsh_action(const char *argument, const char *words)
{
    printf(":%s:", argument);
    if (words == NULL)
        printf(" ");
    else if (*words == '@')
        printf("_longhaul_%s", words + 1);
    else
        printf("(%s)", words);
}

static void zsh_flag(const struct flag *flag)
{
    const char *other = flag->argument ? is_optional(flag) ? "=-" : "=" : "";
    printf("            ");
    if (flag->letter && flag->name)
        printf("{-%c%s,--%s%s}", flag->letter, flag->argument ? "+" : "", flag->name, other);
    else if (flag->name)
        printf("--%s%s", flag->name, other);
    else
        printf("-%c%s", flag->letter, flag->argument ? "+" : "");
    printf("'[");
    print_quoted(help_of(flag), "[]:\\", "'\\''");
    putchar(']');
    if (flag->argument)
        zsh_action(is_optional(flag) ? ":value" : flag->argument, flag->words);
    printf("' \\\n");
}

static void make_zsh(void)
{
    printf("    commands=(\n");
    for (const struct flags *const *f = flags_all; *f; f++)
        if (!strchr((*f)->command, ' '))
            printf("        '%s:%s'\n", (*f)->command, (*f)->what);
    printf("    )\n    case $1 in\n");
    for (const struct flags *const *f = flags_all; *f; f++) {
        printf("    '%s')\n        _arguments -s -S \\\n", (*f)->command);
        for (const struct flag *flag = (*f)->list; !flag_is_end(flag); flag++)
            if (is_shown(flag))
                zsh_flag(flag);
        printf("            '*");
        zsh_action("operand", (*f)->operands);
        printf("'\n        ;;\n");
    }
    printf("    esac\n");
}

/* ---- fish: a line for each flag */

static void fish_words(const char *words)
{
    if (words == NULL)
        return;
    if (*words == '@')
        printf(" -a '(__longhaul_%s)'", words + 1);
    else
        printf(" -a '%s'", words);
}

static void fish_flag(const struct flags *flags, const struct flag *flag)
{
    printf("complete -c longhaul -n '__longhaul_is %s'", flags->command);
    if (flag->letter)
        printf(" -s %c", flag->letter);
    if (flag->name)
        printf(" -l %s", flag->name);
    if (flag->argument && !is_optional(flag)) {
        printf(flag->words && strcmp(flag->words, FLAG_FILES) == 0 ? " -r -F" : " -x");
        if (flag->words && strcmp(flag->words, FLAG_FILES) != 0)
            fish_words(flag->words);
    }
    printf(" -d '");
    print_quoted(help_of(flag), "\\", "\\'");
    printf("'\n");
}

static void make_fish(void)
{
    for (const struct flags *const *f = flags_all; *f; f++)
        if (!strchr((*f)->command, ' '))
            printf("complete -c longhaul -n __longhaul_is_first -a %s -d '%s'\n", (*f)->command, (*f)->what);
    for (const struct flags *const *f = flags_all; *f; f++) {
        const char *operands = (*f)->operands;
        for (const struct flag *flag = (*f)->list; !flag_is_end(flag); flag++)
            if (is_shown(flag))
                fish_flag(*f, flag);
        if (operands) {
            printf("complete -c longhaul -n '__longhaul_is %s'", (*f)->command);
            if (strcmp(operands, FLAG_FILES) == 0)
                printf(" -F");
            else
                fish_words(operands);
            putchar('\n');
        }
    }
}

int main(int argc, char **argv)
{
    char line[1024];
    FILE *parts = argc == 3 ? fopen(argv[2], "r") : NULL;
    if (parts == NULL) {
        fprintf(stderr, "make: %s\n", argc == 3 ? strerror(errno) : "usage: make bash|zsh|fish PARTS");
        return 1;
    }
    while (fgets(line, sizeof line, parts))
        if (strcmp(line, "@flags@\n") != 0)
            fputs(line, stdout);
        else if (*argv[1] == 'b')
            make_bash();
        else if (*argv[1] == 'z')
            make_zsh();
        else
            make_fish();
    fclose(parts);
    return fflush(stdout) != 0 || ferror(stdout);
}
