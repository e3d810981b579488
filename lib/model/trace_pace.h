/* trace_pace.h - how often the route of a leg is traced: who records knows it, and who reads. */
#ifndef TRACE_PACE_H
#define TRACE_PACE_H

#define TRACE_EVERY_S 60.0                 /* on average, at most; the first few come faster */
#define TRACE_LATEST_S (1.5 * TRACE_EVERY_S) /* after something asked for it, a trace begins */

#endif
