/* longhaul.h - the whole public interface of liblonghaul: includes its parts, each of which also works alone.
 *
 * The two halves of the library meet only in files. Measuring (leg, run, serve, topology, path) drives libiperf and
 * writes results; reading (read, analysis, report) understands them.
 * Errors. Functions return 0 or a negative code of enum longhaul_code; iterators return 1, then 0 at the end, or a
 * negative code. The message goes to the caller's struct longhaul_error, which may be NULL. Zero it before first use; a
 * later error never replaces the first. A function that fails leaves *out untouched.
 * Ownership. A const pointer that is returned is borrowed from the first argument. **out belongs to the caller, who
 * frees it with longhaul_NOUN_free(), and a text with longhaul_text_free(); both accept NULL. Free nothing of the
 * library with free(), nor anything of your own with its functions: the two may use different allocators. The library
 * keeps no pointer of the caller's after a function returns, unless the comment says "borrows".
 * Threads. Different objects can be used by different threads at once; one object must not be, except where a function
 * says "from any thread". The library keeps no global state, never prints, never exits, and installs no signal handler.
 * Sessions of libiperf run in forked children, which the library waits for itself: see longhaul(3).
 * Values. The unit is in the name. What was not measured is NAN, never 0. A struct of options that is all zero means
 * "the defaults". In fixed-size arrays of char a text ends with 0. An enumerator carries the name of its type; only the
 * codes of errors are LONGHAUL_OK and LONGHAUL_E*. The argument of a callback is valid during the call only.
 * Texts. The name of an enumerator ("rate cap") is a static string. A ..._json() function makes one object, on one
 * line except for a plan and a preflight; the command's manual page lists the keys.
 * ABI. Before 1.0 there is no stable one: a new minor version may change any struct. The shared library's name says so
 * (liblonghaul.so.0.MINOR), so no program runs with a library of another minor version than it was compiled with. */
#ifndef LONGHAUL_H
#define LONGHAUL_H
#include <longhaul/path.h>    /* with base, delay, leg, run, topology, objective */
#include <longhaul/compare.h> /* with read, flow, hop, analysis, incident, report */
#include <longhaul/archive.h>
#include <longhaul/export.h>
#include <longhaul/serve.h>
#include <longhaul/fleet.h>
#endif
