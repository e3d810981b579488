# installed.sh - what `make install` leaves in a DESTDIR is all that a program needs: longhaul.pc names the flags, the header is C99 and C++17
# without a warning. The example with poll(2) is built in an environment with nothing in it, linked dynamically and statically, and run: legs
# on loopback, one of them stopped by a line of its input; the static one in a root that has only /dev,
# /proc and /tmp (where libiperf makes its streams).
. tests/lib.sh
unset MAKEFLAGS MFLAGS MAKELEVEL
grep -qE -e '-fsanitize|--coverage' "$BUILD/flags" && { skip "installed: not with the objects of sanitizers or coverage"; exit 0; }
command -v pkg-config >/dev/null || { skip "installed: needs pkg-config"; exit 0; }
root=$work/root example=$PWD/tests/example/event_loop.c
is "the example has at most 80 lines" "$(awk 'END { print NR <= 80 }' "$example")" 1
make -s -o all BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr/local install >"$work/log" 2>&1
is "make install, into a DESTDIR: exit status" $? 0
pc=$root/usr/local/lib/pkgconfig

# The two forms of longhaul.pc: what the archive needs is public where it is alone, private next to a shared library.
make -n -o all HAVE_CALLBACK=1 BUILD="$BUILD" DESTDIR="$work/shared" PREFIX=/usr/local install 2>/dev/null | sed -n '/^sed .*@prefix@/,/longhaul\.pc$/p' >"$work/form"
mkdir -p "$work/shared/usr/local/lib/pkgconfig" && sh "$work/form"
# config ROOT FLAG...: pkg-config as a user of that DESTDIR calls it
config() { at=$1; shift; env -i PATH="$PATH" PKG_CONFIG_PATH="$at/usr/local/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$at" pkg-config "$@" longhaul; }
is "with a shared library: a program links that alone" "$(config "$work/shared" --libs | tr -s ' ' | sed 's/ $//')" "-L$work/shared/usr/local/lib -llonghaul"
like "with a shared library: --static adds what the archive needs" "$(config "$work/shared" --static --libs)" "-llonghaul .*-lm .*-ljansson"
# Of other packages' files it may say what it likes.
is "the installed longhaul.pc has no member without a value that pkg-config rejects" "$(config "$root" --validate >"$work/said" 2>&1; echo $?; grep longhaul "$work/said")" 0
is "its version is the header's" "$(config "$root" --modversion)" "$(sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul/base.h)"

# build NAME COMPILER FLAG...: the example from the installed files alone
build() {
    name=$1; shift
    # shellcheck disable=SC2046
    (cd "$work" && env -i PATH="$PATH" HOME="$work" "$@" -Wall -Wextra -pedantic -Werror -O1 -o "$name") >"$work/$name.log" 2>&1
    is "$name: it compiles and links" $? 0
    is "$name: without a warning of the compiler" "$(grep -E 'warning:|error' "$work/$name.log" | grep -v 'statically linked applications requires')" ""
}
flags=$(config "$root" --cflags --libs) static=$(config "$root" --static --cflags --libs)
cc=${CC:-cc}; cc=${cc##* } # without ccache
# shellcheck disable=SC2086
{
    build c99 "$cc" -std=c99 "$example" $flags
    build static "$cc" -std=c99 -static "$example" $static
    if command -v c++ >/dev/null; then build cxx17 c++ -std=c++17 -x c++ "$example" -x none $flags; else skip "cxx17: needs a C++ compiler"; fi
}

command -v iperf3 >/dev/null && [ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "installed: to run needs iperf3 and libiperf"; done_testing; }
port=$(ports 6); n=0
while [ $n -lt 6 ]; do background iperf3 -s -p $((port + n)) >/dev/null 2>&1; n=$((n + 1)); done
n=0; while [ $n -lt 6 ]; do wait_port $((port + n)) || not_ok "server $n listens"; n=$((n + 1)); done
mkdir -p "$work/bare/dev" "$work/bare/proc" "$work/bare/tmp" && cp "$work/static" "$work/bare/static"
enter=
for try in "unshare -m" "unshare -Urm"; do
    # shellcheck disable=SC2086
    [ -n "$enter" ] || ! $try mount --bind /dev "$work/bare/dev" 2>/dev/null || enter=$try
done
# played NAME SECONDS LINE COMMAND...: runs it; after SECONDS its input has LINE
played() {
    name=$1 after=$2 line=$3; shift 3
    { sleep "$after"; echo "$line"; } | (mkdir -p "$work/in-$name" && cd "$work/in-$name" && exec env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin LD_LIBRARY_PATH="$root/usr/local/lib" "$@") >"$work/$name.out" 2>&1
    echo $? >"$work/$name.status"
}
played c99 3 1 "$work/c99" HK WUS 127.0.0.1 $port $((port + 1)) 6 & first=$!
if [ -x "$work/cxx17" ]; then played cxx17 3 0 "$work/cxx17" HK WUS 127.0.0.1 $((port + 2)) $((port + 3)) 6 & second=$!; else second=; fi
if [ -n "$enter" ]; then
    # shellcheck disable=SC2086
    played static 0 x $enter sh -c 'for d in dev proc; do mount --rbind /$d "$0/$d"; done; exec chroot "$0" /static "$@"' "$work/bare" HK WUS 127.0.0.1 $((port + 4)) $((port + 5)) 3
    is "static, in a bare root: exit status" "$(cat "$work/static.status")" 0
    is "static, in a bare root: three seconds of both legs" "$(grep -c Mbps "$work/static.out")" 6
    is "static, in a bare root: two results" "$(grep -c 'is done: 24H/.*\.json' "$work/static.out")" 2
else
    skip "static, in a bare root: needs a mount namespace"
fi
for pid in $first $second; do wait $pid; done
# told NAME STOPPED OTHER
told() {
    [ -e "$work/$1.status" ] || return 0
    is "$1: exit status" "$(cat "$work/$1.status")" 0
    is "$1: the leg that was not stopped has its six seconds" "$(grep -c "^leg $3 .*Mbps" "$work/$1.out")" 6
    like "$1: and ends well" "$(cat "$work/$1.out")" "^leg $3 is done: 24H/"
    like "$1: the other is stopped" "$(cat "$work/$1.out")" "^leg $2 is stopped: 24H/"
    is "$1: and has fewer" "$(n=$(grep -c "^leg $2 .*Mbps" "$work/$1.out"); [ "$n" -ge 1 ] && [ "$n" -lt 6 ] && echo fewer)" fewer
}
told c99 1 0
told cxx17 0 1
LD_LIBRARY_PATH="$root/usr/local/lib" "$work/c99" 2>"$work/err"
is "the example, misused: exit status" $? 1
is "the example, misused: a line" "$(cat "$work/err")" "event_loop: SRC DST PEER PORT PORT SECONDS"
done_testing
