/* engine_hook.h - intervals out of a libiperf that has no callback (older than 3.19). For engine_child.c alone. */
#ifndef ENGINE_HOOK_H
#define ENGINE_HOOK_H

/* From now on each finished interval, and the start record, is given to emit as one --json-stream event. text lives for
 * the call only. Once per process. */
void engine_hook_begin(void (*emit)(const char *text));

#endif
