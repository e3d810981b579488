/* engine_hook.c - for libiperf older than 3.19, linked with --wrap=cJSON_AddItemToArray, --wrap=cJSON_AddItemToObject.
 * In JSON mode libiperf builds each interval with its own cJSON and keeps it until the end of the test. The wrappers
 * see it being built: they emit it, exact to the last bit, and free it once its last sum is there, so that memory stays
 * constant. Its first sum is not enough: a bidirectional test adds a second one to the same object. */

#include "engine/engine_hook.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/event_line.h"

typedef struct cJSON cJSON;

/* libiperf's own copy; its header is not installed. */
extern cJSON *cJSON_GetObjectItem(const cJSON *object, const char *name);
extern int cJSON_GetArraySize(const cJSON *array);
extern cJSON *cJSON_DetachItemViaPointer(cJSON *parent, cJSON *item);
extern void cJSON_Delete(cJSON *item);
extern char *cJSON_PrintUnformatted(const cJSON *item);
extern void cJSON_free(void *text);

int __real_cJSON_AddItemToArray(cJSON *array, cJSON *item);
int __real_cJSON_AddItemToObject(cJSON *object, const char *name, cJSON *item);
int __wrap_cJSON_AddItemToArray(cJSON *array, cJSON *item);
int __wrap_cJSON_AddItemToObject(cJSON *object, const char *name, cJSON *item);

/* State of the one session of this (child) process: the wrappers have no argument for it. */
static struct {
    void (*emit)(const char *text);
    cJSON *intervals; /* the document's array */
    cJSON *connected; /* one element per stream, in both directions */
    cJSON *open;      /* the interval being built, an element of intervals */
} hook;

void engine_hook_begin(void (*emit)(const char *text))
{
    memset(&hook, 0, sizeof hook);
    hook.emit = emit;
}

/* When out of memory, the event is emitted without its data: the parent counts what it cannot read. */
static void emit_event(enum event_kind kind, const cJSON *data)
{
    char *json = cJSON_PrintUnformatted(data), *text = NULL, bare[64];
    snprintf(bare, sizeof bare, EVENT_LINE("%s") "null}", event_name(kind));
    if (json == NULL || asprintf(&text, EVENT_LINE("%s") "%s}", event_name(kind), json) < 0)
        text = NULL;
    hook.emit(text ? text : bare);
    free(text);
    cJSON_free(json);
}

/* libiperf has finished an interval when it has added the last sum, and does not use it again before the end. */
static void emit_and_free_open(void)
{
    if (hook.open == NULL)
        return;
    emit_event(EVENT_INTERVAL, hook.open);
    cJSON_Delete(cJSON_DetachItemViaPointer(hook.intervals, hook.open));
    hook.open = NULL;
}

/* A test in both directions adds the streams of each half before the sum of that half: the last sum is the one at which
 * every connected stream is there. */
static bool open_is_whole(void)
{
    const cJSON *streams = cJSON_GetObjectItem(hook.open, "streams");
    return streams != NULL && hook.connected != NULL &&
           cJSON_GetArraySize(streams) >= cJSON_GetArraySize(hook.connected);
}

int __wrap_cJSON_AddItemToArray(cJSON *array, cJSON *item)
{
    if (hook.emit != NULL && array != NULL && array == hook.intervals) {
        emit_and_free_open(); /* one without its last sum */
        hook.open = item;
    }
    return __real_cJSON_AddItemToArray(array, item);
}

int __wrap_cJSON_AddItemToObject(cJSON *object, const char *name, cJSON *item)
{
    int rc = __real_cJSON_AddItemToObject(object, name, item);
    if (hook.emit == NULL)
        return rc;
    if (object != NULL && object == hook.open) {
        if (strncmp(name, "sum", 3) == 0 && open_is_whole())
            emit_and_free_open();
    } else if (strcmp(name, "intervals") == 0) {
        hook.intervals = item;
    } else if (strcmp(name, "connected") == 0) {
        hook.connected = item;
    } else if (strcmp(name, "test_start") == 0) {
        emit_event(EVENT_START, object);
    }
    return rc;
}
