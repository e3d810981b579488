/* engine_say.h - what the child says to its parent. For the engine_*.c that run in the child. */
#ifndef ENGINE_SAY_H
#define ENGINE_SAY_H

#include "engine/engine_wire.h"

/* Over this descriptor, from now on. Once per process; the process ends when nobody listens there any more. */
void engine_say_begin(int fd);

/* Never blocks the traffic. */
void engine_say(enum engine_kind kind, const char *text);

/* With what is known beside the text; at and is_last are filled in. */
void engine_say_message(struct engine_message head, const char *text);

/* The last word: waits until all is sent. What is said after it is not. */
void engine_say_exit(int number, const char *text);

/* The same without a text, where nothing has been said since the hello: without memory of its own, safe in a signal
 * handler. */
void engine_say_exit_now(int number);

#endif
