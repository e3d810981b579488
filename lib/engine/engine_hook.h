/* engine_hook.h - gets intervals from a libiperf without a callback (older than 3.19). For engine_child.c alone. */
#ifndef ENGINE_HOOK_H
#define ENGINE_HOOK_H

/* From now on each finished interval, and the start record, is passed to emit as one --json-stream event. text is valid
 * only during the call. Once per process. */
void engine_hook_begin(void (*emit)(const char *text));

#endif
