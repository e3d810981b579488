/* flags.c - what is made of a table of flags: getopt's lists, --help, why a flag of iperf3 is refused. */

#include "flags.h"

#include <stdbool.h>
#include <string.h>

#define WIDTH 80

static int value_of(const struct flag *flag)
{
    return flag->value ? flag->value : flag->letter;
}

static int has_argument(const struct flag *flag)
{
    return flag->argument == NULL ? no_argument : *flag->argument == '[' ? optional_argument : required_argument;
}

void flags_getopt(const struct flags *flags, struct flags_getopt *out)
{
    size_t n = 0, n_letters = 0;
    memset(out, 0, sizeof *out);
    if (opterr == 0)
        out->letters[n_letters++] = ':';
    for (const struct flag *flag = flags->list; !flag_is_end(flag) && n < FLAGS_MAX; flag++) {
        if (flag->letter)
            out->letters[n_letters++] = flag->letter;
        if (flag->letter && flag->argument)
            out->letters[n_letters++] = ':';
        if (flag->name)
            out->options[n++] = (struct option){ flag->name, has_argument(flag), NULL, value_of(flag) };
    }
}

/* ---- --help */

/* Appends "-p, --port N" to a label that may have another flag already. */
static void add_label(const struct flag *flag, char *label, size_t size)
{
    size_t n = strlen(label);
    if (flag->letter)
        n += (size_t)snprintf(label + n, size - n, "%s-%c", n ? ", " : "", flag->letter);
    if (flag->name)
        n += (size_t)snprintf(label + n, size - n, "%s--%s", n ? ", " : "", flag->name);
    if (flag->argument)
        snprintf(label + n, size - n, "%s%s", *flag->argument == '[' ? "" : " ", flag->argument);
}

/* The length of the first word; what stands in quotation marks is one. */
static int word_length(const char *text)
{
    const char *end = *text == '\'' ? strchr(text + 1, '\'') : NULL;
    return (int)((end ? (size_t)(end - text) : 0) + strcspn(end ? end : text, " "));
}

/* Prints a text from a column on, in lines of at most WIDTH, broken between words. at: where the cursor is. */
static void print_text(const char *text, int at, int column, FILE *out)
{
    if (at >= column) {
        fputc('\n', out);
        at = 0;
    }
    fprintf(out, "%*s", column - at, "");
    for (at = column; *text; text += strspn(text, " ")) {
        int n = word_length(text);
        bool is_first = at == column;
        if (!is_first && at + 1 + n > WIDTH) {
            fprintf(out, "\n%*s", column, "");
            at = column;
            is_first = true;
        }
        at += fprintf(out, "%s%.*s", is_first ? "" : " ", n, text);
        text += n;
    }
    fputc('\n', out);
}

static bool has_letters(const struct flags *flags)
{
    for (const struct flag *flag = flags->list; !flag_is_end(flag); flag++)
        if (flag->letter && flag->help)
            return true;
    return false;
}

void flags_print(const struct flags *flags, FILE *out)
{
    int deep = has_letters(flags) ? 6 : 2;
    char label[128];
    fputs(flags->head, out);
    if (!flag_is_heading(flags->list))
        fputc('\n', out);
    for (const struct flag *flag = flags->list; !flag_is_end(flag); flag++) {
        if (flag_is_heading(flag)) {
            fprintf(out, "\n%s\n", flag->help);
        } else if (flag->help && strcmp(flag->help, FLAG_ALSO) != 0) {
            *label = 0;
            add_label(flag, label, sizeof label);
            for (const struct flag *also = flag + 1; also->help && strcmp(also->help, FLAG_ALSO) == 0; also++)
                add_label(also, label, sizeof label);
            print_text(flag->help, fprintf(out, "%*s%s", flag->letter ? 2 : deep, "", label), flags->column, out);
        }
    }
    fprintf(out, "\n%s", flags->foot);
}

/* ---- refusals */

/* The command has it, by another letter: longhaul path has --json, but no -J. */
static bool has_by_name(const struct flags *flags, const char *name)
{
    for (const struct flag *flag = flags->list; name && !flag_is_end(flag); flag++)
        if (flag->name && strcmp(flag->name, name) == 0)
            return true;
    return false;
}

bool flags_refusal(const struct flags *flags, int letter, const char *word, char why[FLAGS_WHY_SIZE])
{
    size_t n = strncmp(word, "--", 2) == 0 ? strcspn(word + 2, "=") : 0;
    for (const struct flag_refused *refused = flags->refused; refused && refused->why; refused++)
        if ((letter && refused->letter == letter) ||
            (!letter && n > 0 && refused->name && strlen(refused->name) == n &&
             strncmp(word + 2, refused->name, n) == 0)) {
            if (has_by_name(flags, refused->name))
                snprintf(why, FLAGS_WHY_SIZE, "longhaul %s calls it --%s", flags->command, refused->name);
            else
                snprintf(why, FLAGS_WHY_SIZE, "%s", refused->why);
            return true;
        }
    return false;
}
