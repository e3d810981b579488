/* tell_state.c - one line: "longhaul told 1 START down loss queue=0.35 missed=1f2e3d4c,5b6a7988". */

#include "tell_state.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD "longhaul told 1 "
/* By the calendar, the start of the same leg is this different at most; that of another is as different as legs are
 * long. The date may be set while it lasts. */
#define SAME_START_S 60.0

char *tell_state_path(const char *dir, const char *source, const char *destination)
{
    char *path;
    return asprintf(&path, "%s/%s-%s.told", dir, source, destination) < 0 ? NULL : path;
}

bool tell_state_has_missed(const struct tell_state *state, uint32_t objective)
{
    for (size_t i = 0; i < state->n_missed; i++)
        if (state->missed[i] == objective)
            return true;
    return false;
}

void tell_state_add_missed(struct tell_state *state, uint32_t objective)
{
    if (state->n_missed < TELL_OBJECTIVES_MAX && !tell_state_has_missed(state, objective))
        state->missed[state->n_missed++] = objective;
}

void tell_state_text(const struct tell_state *state, double start_unix_s, char text[TELL_STATE_SIZE])
{
    int n = snprintf(text, TELL_STATE_SIZE, HEAD "%.0f", start_unix_s);
    for (int c = 0; c < TELL_N_CONDITIONS; c++) {
        if (state->is_open[c])
            n += snprintf(text + n, TELL_STATE_SIZE - (size_t)n, " %s", tell_condition_text((enum tell_condition)c));
        if (state->is_open[c] && c == TELL_QUEUE && !isnan(state->usual_ms))
            n += snprintf(text + n, TELL_STATE_SIZE - (size_t)n, "=%.6g", state->usual_ms);
    }
    for (size_t i = 0; i < state->n_missed; i++)
        n += snprintf(text + n, TELL_STATE_SIZE - (size_t)n, "%s%" PRIx32, i ? "," : " missed=", state->missed[i]);
    snprintf(text + n, TELL_STATE_SIZE - (size_t)n, "\n");
}

/* -1 if there is no file, or it cannot be read. */
static ssize_t read_file(const char *path, char text[TELL_STATE_SIZE])
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, TELL_STATE_SIZE - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    return n;
}

static void take_missed(const char *numbers, struct tell_state *state)
{
    for (char *rest; isxdigit((unsigned char)*numbers); numbers = *rest == ',' ? rest + 1 : rest)
        tell_state_add_missed(state, (uint32_t)strtoul(numbers, &rest, 16));
}

static void take_word(const char *word, struct tell_state *state)
{
    if (strncmp(word, "missed=", 7) == 0)
        take_missed(word + 7, state);
    for (int c = 0; c < TELL_N_CONDITIONS; c++) {
        const char *name = tell_condition_text((enum tell_condition)c);
        size_t n = strlen(name);
        if (strncmp(word, name, n) != 0 || (word[n] != 0 && word[n] != '='))
            continue;
        state->is_open[c] = true;
        double usual_ms = word[n] == '=' ? strtod(word + n + 1, NULL) : NAN;
        if (c == TELL_QUEUE && usual_ms >= 0 && isfinite(usual_ms))
            state->usual_ms = usual_ms;
    }
}

bool tell_state_read(const char *path, double start_unix_s, double planned_s, struct tell_state *state)
{
    char text[TELL_STATE_SIZE], *rest;
    if (read_file(path, text) <= 0 || strncmp(text, HEAD, sizeof HEAD - 1) != 0)
        return false;
    text[strcspn(text, "\n")] = 0;
    double start = strtod(text + sizeof HEAD - 1, &rest);
    if (!(fabs(start - start_unix_s) <= fmax(fmin(planned_s / 2, SAME_START_S), 2)))
        return false;
    *state = (struct tell_state){ .usual_ms = NAN };
    for (char *word = strtok_r(rest, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        take_word(word, state);
    return true;
}

bool tell_state_is_ours(const char *path)
{
    char text[TELL_STATE_SIZE];
    ssize_t n = read_file(path, text);
    return n < 0 ? errno == ENOENT : strncmp(text, HEAD, sizeof HEAD - 1) == 0;
}

bool tell_state_is(const char *path, const char *text)
{
    char there[TELL_STATE_SIZE];
    ssize_t n = read_file(path, there);
    return *text ? n > 0 && strcmp(there, text) == 0 : n < 0 && errno == ENOENT;
}
