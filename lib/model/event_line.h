/* event_line.h - the grammar of the lines that iperf3's --json-stream writes and that a journal consists of:
 * {"event":NAME,"data":DATA}. All that write or read such a line use the names from here. */
#ifndef EVENT_LINE_H
#define EVENT_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum event_kind {
    EVENT_NONE,  /* not an event: it has no name */
    EVENT_OTHER, /* a name that is not known here */
    /* iperf3's */
    EVENT_START,         /* a session began: the object "start" */
    EVENT_INTERVAL,      /* an element of "intervals"; in a journal with the object "longhaul" */
    EVENT_END,           /* a session's end */
    EVENT_ERROR,         /* a text */
    EVENT_SERVER_OUTPUT, /* the server's own document */
    /* of a libiperf older than 3.19, from the engine: the whole document without its intervals */
    EVENT_DOCUMENT,
    /* longhaul's, in a journal */
    EVENT_HEADER,      /* the first line: what was measured (record_header.h) */
    EVENT_SESSION,     /* a session is over: how it ended, and whether the end record can be believed */
    EVENT_GAP,         /* nothing was measured */
    EVENT_UNCONFIRMED, /* nobody has confirmed the rows since then ... */
    EVENT_CONFIRMED,   /* ... and now somebody has */
    EVENT_CLOCK,       /* the date was set */
    EVENT_RTT,         /* a round trip */
    EVENT_DELAYS,      /* a histogram of the delays since the last one */
    EVENT_HOPS,        /* a trace of the test's own five-tuple, or what was watched of its hops */
    EVENT_HOST,        /* what the host's kernel says, at the start and at the end */
    EVENT_LEFT_OUT,    /* rows of libiperf's that are no intervals of this record */
    EVENT_TORN,        /* a part of a last line was cut off */
    EVENT_LOST,        /* intervals that the disk did not take */
    EVENT_STOPPED,     /* the leg was ended on request before its planned end; a later start or gap: it was resumed */
    EVENT_N_KINDS
};

#define EVENT_NAME_INTERVAL "interval"
#define EVENT_NAME_HEADER "longhaul"
#define EVENT_NAME_LOST "lost"
#define EVENT_NAME_DOCUMENT "document"

/* The text before the name, before the data, and both around a name that is a literal. */
#define EVENT_HEAD "{\"event\":\""
#define EVENT_DATA "\",\"data\":"
#define EVENT_LINE(name) EVENT_HEAD name EVENT_DATA

/* name may be NULL. */
enum event_kind event_kind_of(const char *name);
/* "" for EVENT_NONE and EVENT_OTHER. */
const char *event_name(enum event_kind kind);

/* An event that was parsed: what it is, and its data (borrowed; NULL if missing). */
enum event_kind event_take(const json_t *event, json_t **data);

/* true if n bytes of text begin as longhaul and libiperf write that event: the name first, without blanks. */
bool event_begins_as(const char *text, size_t n, enum event_kind kind);

#endif
