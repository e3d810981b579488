# lib.sh - sourced by the shell tests: results, a folder for each test, free ports, processes that are ended by id.
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
longhaul=$BUILD/longhaul
# Without a locale, gnuplot complains that it cannot write a degree sign.
[ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || export LANG=C.UTF-8
failures=0
work=$(mktemp -d "${TMPDIR:-/tmp}/longhaul-test.XXXXXX") || exit 1
started=
finish() {
    for pid in $started; do kill "$pid" 2>/dev/null; done
    for pid in $started; do wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

ok() { echo "ok - $*"; }
not_ok() { echo "not ok - $*"; failures=$((failures + 1)); }
skip() { echo "skip - $*"; }
# check WHAT COMMAND...: one result line from the command's exit status.
check() { what=$1; shift; if "$@"; then ok "$what"; else not_ok "$what ($*)"; fi; }
# is WHAT GOT WANTED
is() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: got '$2', wanted '$3'"; fi; }
# like WHAT TEXT PATTERN: an extended regular expression
like() { if printf '%s\n' "$2" | grep -qE -e "$3"; then ok "$1"; else not_ok "$1: '$2' is not like '$3'"; fi; }
# background COMMAND...: started now, ended with the test; its id is in $!
background() { "$@" & started="$started $!"; }
# ports N: prints a port such that it and the next N - 1 are free for TCP and UDP
ports() { python3 tests/free_ports.py "$1"; }
# wait_port PORT: waits until somebody listens on it (at most 15 s)
wait_port() {
    hex=$(printf ':%04X' "$1"); i=0
    until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v h="$hex" '$4 == "0A" && $2 ~ h "$" {f=1} END {exit !f}'; do
        i=$((i + 1)); [ $i -lt 300 ] || return 1; sleep 0.05
    done
}
# gone PID: true if it has ended, or ends within 6 s (a zombie that nobody reaps has ended)
gone() {
    i=0
    while [ -e "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; do
        i=$((i + 1)); [ $i -lt 30 ] || return 1; sleep 0.2
    done
}
# until_ok SECONDS COMMAND...: until it succeeds; 1 if it has not within that time
until_ok() {
    deadline=$(($(date +%s) + $1)); shift
    until "$@"; do [ "$(date +%s)" -lt $deadline ] || return 1; sleep 0.1; done
}
# said FILE...: what run or serve wrote there, without the times before its lines
said() { sed -E 's/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z //' "$@"; }
# has_browser WHAT [no-charts]: true where a page with its charts can be tried in headless Chromium; else says what is skipped, and why.
has_browser() {
    without=$(python3 -c 'import sys; sys.path.insert(0, "tests/cli"); import browser; print(browser.missing() or "")')
    if [ "${2:-}" != no-charts ]; then
        [ -e /usr/share/javascript/dygraphs/dygraph.min.js ] || without=libjs-dygraphs
        command -v gnuplot >/dev/null || without=gnuplot
    fi
    [ -z "$without" ] || { skip "$1: $without is not installed"; return 1; }
}
# says PATTERN FILE
says() { grep -q -e "$1" "$2" 2>/dev/null; }
done_testing() { [ $failures -eq 0 ]; exit $?; }
