/* engine_say.h - sends the child's messages to its parent. For the engine_*.c that run in the child. */
#ifndef ENGINE_SAY_H
#define ENGINE_SAY_H

#include "engine/engine_wire.h"

/* Uses this descriptor from now on. Once per process; the process ends when nobody reads from it any more. */
void engine_say_begin(int fd);

/* Never blocks the traffic. */
void engine_say(enum engine_kind kind, const char *text);

/* The same for something that happened at this time (CLOCK_BOOTTIME). */
void engine_say_at(enum engine_kind kind, const char *text, int64_t boot_ns);

/* Hands copies of streams' sockets to the parent (ENGINE_SOCKETS), if that is possible at once. is_sender: nobody else
 * reads from them. */
void engine_say_sockets(const int *sockets, size_t n, bool is_sender);

/* Sends head's figures together with the text; at and is_last are filled in. */
void engine_say_message(struct engine_message head, const char *text);

/* False if a message waits, since the parent has not yet taken those before it. */
bool engine_say_is_clear(void);

/* The last message: waits until everything is sent. Later messages are dropped. */
void engine_say_exit(int number, const char *text);

/* The same without a text, when only the hello was sent before: allocates nothing, safe in a signal handler. */
void engine_say_exit_now(int number);

#endif
