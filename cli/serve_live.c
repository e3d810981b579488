/* serve_live.c - what a server shows while it lasts: its ports as a table, and events in lines. Keeps no record; screen
 * decides when. */

#include "serve_live.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "screen.h"
#include "status.h"
#include "status_cells.h"

struct serve_live {
    struct longhaul_server *server;
    struct screen *screen;
    size_t n_ports;
    struct longhaul_served_port *ports;
    struct table_row *rows;
    int leg_width, peer_width; /* they grow with the longest so far, and never shrink */
};

enum column { PORT, LEG, PEER, SINCE, MBPS, MEAN, LOSS, DELAY, LAST, GAPS, STATE, N_COLUMNS };

/* ---- table */

static int longer(int width, int length, int longest)
{
    int wanted = length < longest ? length : longest;
    return wanted > width ? wanted : width;
}

static void grow(struct serve_live *l, int width)
{
    char cell[TABLE_CELL_SIZE];
    int longest = width / 4 > 17 ? width / 4 : 17;
    for (size_t i = 0; i < l->n_ports; i++) {
        const struct longhaul_served_port *p = &l->ports[i];
        int n_leg = cell_leg(p->source, p->destination, TABLE_CELL_SIZE, cell);
        l->leg_width = longer(l->leg_width, *p->source ? n_leg : 0, longest);
        l->peer_width = longer(l->peer_width, (int)strlen(p->client), longest);
    }
}

/* What a client that is not longhaul tests has no name. */
static void put_leg(const struct longhaul_served_port *p, int width, char text[TABLE_CELL_SIZE])
{
    if (*p->source)
        cell_leg(p->source, p->destination, width, text);
    else
        strcpy(text, "-");
}

/* An address that is too long is cut at its beginning: its end tells hosts of one network apart. */
static void put_peer(const struct longhaul_served_port *p, int width, char text[TABLE_CELL_SIZE])
{
    const char *peer = *p->client ? p->client : "-";
    size_t n = strlen(peer);
    if ((int)n > width)
        snprintf(text, TABLE_CELL_SIZE, "~%s", peer + n - (size_t)width + 1);
    else
        snprintf(text, TABLE_CELL_SIZE, "%s", peer);
}

static void fill(const struct serve_live *l, size_t i, double now_unix_s)
{
    const struct longhaul_served_port *p = &l->ports[i];
    const struct longhaul_status *s = &p->status;
    struct table_row *row = &l->rows[i];
    bool is_idle = !p->is_testing && s->phase == LONGHAUL_PHASE_CONNECTING;
    snprintf(row->cells[PORT], TABLE_CELL_SIZE, "%u", p->port);
    put_leg(p, l->leg_width, row->cells[LEG]);
    put_peer(p, l->peer_width, row->cells[PEER]);
    cell_date(s->start_unix_s, now_unix_s, false, row->cells[SINCE]);
    cell_rate(s, row->cells[MBPS]);
    cell_mbps(s->mean_bits_per_second, row->cells[MEAN]);
    cell_loss(s, row->cells[LOSS]);
    cell_delay(s, row->cells[DELAY]);
    if (isnan(s->newest_age_s))
        strcpy(row->cells[LAST], "-");
    else
        cell_age(s->newest_age_s, row->cells[LAST]);
    if (is_idle)
        strcpy(row->cells[GAPS], "-");
    else
        cell_gaps(s, row->cells[GAPS]);
    row->word = is_idle ? "idle" : status_word(s);
    snprintf(row->cells[STATE], TABLE_CELL_SIZE, "%s", row->word);
    row->tone = is_idle ? TABLE_NEUTRAL : status_tone(s);
    row->urgency = is_idle ? 0 : 1 + status_urgency(s);
}

static void draw(FILE *out, const struct table_space *space, void *payload)
{
    struct serve_live *l = payload;
    struct timespec now;
    char clock[TABLE_CELL_SIZE];
    bool is_elsewhere = false;
    clock_gettime(CLOCK_REALTIME, &now);
    double now_unix_s = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    for (size_t i = 0; i < l->n_ports; i++)
        longhaul_server_status(l->server, i, &l->ports[i], NULL);
    grow(l, space->width);
    const struct table_column columns[N_COLUMNS] = {
        [PORT] = { "port", 5, false, 0 }, [LEG] = { "leg", l->leg_width, true, 0 },
        [PEER] = { "peer", l->peer_width, true, 5 }, [SINCE] = { "since (UTC)", CELL_DATE, false, 6 },
        [MBPS] = { "Mbps", CELL_SENT_MBPS, false, 1 }, [MEAN] = { "mean", CELL_MBPS, false, 9 },
        [LOSS] = { "loss", CELL_LOSS_ELSEWHERE, false, 2 }, [DELAY] = { "delay p99", CELL_DELAY, false, 3 },
        [LAST] = { "last row", CELL_AGE, false, 4 }, [GAPS] = { "gaps", CELL_GAPS, false, 8 },
        [STATE] = { "state", CELL_STATE, true, 7 } };
    struct table t = { .columns = columns, .n_columns = N_COLUMNS, .rows = l->rows, .n_rows = l->n_ports };
    for (size_t i = 0; i < l->n_ports; i++) {
        fill(l, i, now_unix_s);
        is_elsewhere = is_elsewhere || strcmp(l->rows[i].cells[LOSS], "at receiver") == 0;
    }
    cell_date(now_unix_s, now_unix_s, true, clock);
    table_say(t.title, space->width - 1, "%s UTC, listening on %s", clock, longhaul_server_address(l->server));
    table_count(t.title, space->width - 1, &t, NULL);
    if (is_elsewhere)
        table_say(t.note, space->width - 1, "sent: what arrives, and its loss, is known at the receiver");
    table_draw(out, &t, space);
}

/* ---- lines */

/* What a port does, and the state of the last leg on it, if any. */
static void say_status(struct serve_live *l, const struct longhaul_server_event *event)
{
    char line[STATUS_TEXT_SIZE] = "";
    if (event->leg)
        status_line(event->leg->source, event->leg->destination, &event->leg->status, line);
    if (*event->text == 0)
        screen_line(l->screen, "port %u: no test%s%s", event->port, *line ? "; last " : "", line);
    else if (event->leg && event->leg->status.phase == LONGHAUL_PHASE_RUNNING)
        screen_line(l->screen, "port %u: %s", event->port, line);
    else
        screen_line(l->screen, "port %u: test from %s, %" PRIu64 " interval%s, %" PRId64 " bytes", event->port,
                    event->text, event->n_intervals, event->n_intervals == 1 ? "" : "s", event->bytes);
}

/* Says what happened at a port, and which leg it concerns. */
static void say(struct serve_live *l, const struct longhaul_server_event *event, const char *what, const char *why)
{
    if (event->source)
        screen_line(l->screen, "port %u: %s->%s: %s%s", event->port, event->source, event->destination, what, why);
    else
        screen_line(l->screen, "port %u: %s%s", event->port, what, why);
}

/* "ended after 240 intervals, 298754256 bytes, 9.958 Mbps, lost 860 (0.4151%), delay p99 0.35 ms". If the test broke,
 * what its client sent after the last packet that arrived is not known, and not in the loss. */
static void say_end(struct serve_live *l, const struct longhaul_server_event *event)
{
    const struct longhaul_status *test = event->test;
    char text[LOG_LINE_SIZE], figures[STATUS_TEXT_SIZE] = "";
    if (test && !isnan(test->mean_bits_per_second))
        status_sums(test, figures);
    bool has_unknown_end = *event->text && *figures && test->has_loss;
    snprintf(text, sizeof text, "ended after %" PRIu64 " interval%s, %" PRId64 " bytes%s%s%s%s", event->n_intervals,
             event->n_intervals == 1 ? "" : "s", event->bytes, figures,
             has_unknown_end ? " before the last arrival" : "", *event->text ? ": " : "", event->text);
    say(l, event, text, "");
}

void serve_live_event(struct serve_live *l, const struct longhaul_server_event *event)
{
    if (l == NULL)
        return;
    switch (event->kind) {
    case LONGHAUL_SERVER_EVENT_LISTENING: break;
    case LONGHAUL_SERVER_EVENT_STARTED: say(l, event, "test from ", event->text); break;
    case LONGHAUL_SERVER_EVENT_RECORDED: say(l, event, "recorded in ", event->text); break;
    case LONGHAUL_SERVER_EVENT_NOTE: say(l, event, event->text, ""); break;
    case LONGHAUL_SERVER_EVENT_STATUS: say_status(l, event); break;
    case LONGHAUL_SERVER_EVENT_ENDED: say_end(l, event); break;
    }
}

void serve_live_note(struct serve_live *l, const char *text)
{
    if (l)
        screen_line(l->screen, "longhaul: %s", text);
}

/* ---- whole */

struct serve_live *serve_live_new(struct longhaul_server *server)
{
    const struct screen_calls calls = { .draw = draw };
    struct serve_live *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->server = server;
    l->n_ports = longhaul_server_n_ports(server);
    l->ports = calloc(l->n_ports, sizeof *l->ports);
    l->rows = calloc(l->n_ports, sizeof *l->rows);
    l->screen = screen_new(&calls, l);
    l->leg_width = (int)strlen("SRC->DST");
    l->peer_width = (int)strlen("10.0.0.10");
    if (l->ports && l->rows && l->screen)
        return l;
    serve_live_free(l);
    return NULL;
}

void serve_live_begin(struct serve_live *l)
{
    if (l)
        screen_begin(l->screen);
}

void serve_live_resized(struct serve_live *l)
{
    if (l)
        screen_resized(l->screen);
}

void serve_live_free(struct serve_live *l)
{
    if (l == NULL)
        return;
    screen_free(l->screen);
    free(l->rows);
    free(l->ports);
    free(l);
}
