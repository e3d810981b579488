# tools.sh - what the scripts of this folder have in common: the version, the end of a log, apt without its output. Sourced after lib.sh.
version=$(sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul/base.h)
say_log() { tail -n "${2:-25}" "$1" | cut -c1-200 | sed "s/^/    /"; }
apt() { apt-get "$@" >"$work/apt.log" 2>&1 || { say_log "$work/apt.log"; return 1; }; }
