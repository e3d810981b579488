# test_builds.sh - gcc and clang build everything without a warning; without libiperf the analyzing half still stands.
. tests/lib.sh
unset MAKEFLAGS MFLAGS MAKELEVEL
[ -z "$(grep -- -fsanitize "$BUILD/flags")" ] || { skip "builds: not again under the sanitizers"; exit 0; }
# gcc finds some of its warnings while it optimizes; clang has all of them before.
for cc in gcc clang; do
    case $cc in gcc) optimized=-O2 ;; *) optimized=-O0 ;; esac
    if command -v $cc >/dev/null; then
        make -j2 BUILD="$work/$cc" CC=$cc CFLAGS="$optimized -Werror" all >"$work/log" 2>&1
        is "$cc -Werror builds the whole" $? 0
        grep -E 'warning|error:' "$work/log"
        make -j2 BUILD="$work/$cc" CC=$cc CFLAGS="$optimized -Werror" test-programs >"$work/log" 2>&1
        is "$cc -Werror builds the tests" $? 0
        grep -E 'warning|error:' "$work/log"
    else
        skip "$cc builds: not installed"
    fi
done

# ---- what make says: a short line for each file, the commands with V=1, nothing with -s; on all cores where -j does not say how many.
without() { make BUILD="$work/without" IPERF=no CURL=no SQLITE=no CFLAGS=-O0 "$@" 2>&1; }
without >"$work/log"
is "without libiperf: it builds" $? 0
like "without libiperf: it says what is omitted" "$(cat "$work/log")" "libiperf is not installed.*'run' and 'serve' are left out"
is "a line for each file" "$(grep -c '^  CC     \(lib/[a-z]*\|cli\)/[a-z_0-9]*\.c$' "$work/log")" "$(find "$work/without/lib" "$work/without/cli" -name '*.o' ! -name inside.o ! -name longhaul.o | wc -l)"
is "and no other lines except the note" "$(grep -vcE '^  (CC|LD|AR|COPY|GEN) +[^ ]+$' "$work/log")" 1
rm "$work/without/lib/base/error.o"
like "V=1: the whole command" "$(without -n V=1)" "$(printf '^[a-z]+ .*-Wall .*-c lib/base/error\.c -o ')"
is "-s: nothing" "$(without -s | grep -v '^note: ')" ""
for job in demo check; do
    like "make $job builds on all cores" "$(make -n BUILD="$work/without" $job | grep -v '^  ')" "make .*-j$(nproc) all"
    is "make -j1 $job does not" "$(make -n -j1 BUILD="$work/without" $job | grep -cE "make .*-j$(nproc) all")" 0
done
mkdir "$work/sources" && cp -r Makefile include lib gnuplot page "$work/sources"
like "the library alone, without the tests, as make check-abi builds it" "$(make -n -C "$work/sources" BUILD="$work/alone" "$work/alone/lib/inside.o" 2>&1)" 'lib/base/error\.c'
without=$work/without/longhaul
is "without libiperf: no library of its is needed" "$(ldd "$without" | grep -cE 'iperf|sctp|ssl|crypto')" 0
like "without libiperf: --version says so" "$("$without" --version)" "without libiperf"
"$without" run HK WUS 127.0.0.1 --dir "$work/24H" 2>"$work/err"
is "without libiperf: run fails" $? 1
like "without libiperf: and says why" "$(cat "$work/err")" "built without libiperf"
"$without" serve 2>"$work/err"
is "without libiperf: serve fails" $? 1
like "without libiperf: and says why" "$(cat "$work/err")" "built without libiperf"
mkdir "$work/24H" && cp tests/data/left-behind.journal "$work/24H/HK-WUS-10M_4S_20251115_010046.journal"
like "without libsqlite3: archive says why it fails" "$("$without" archive "$work/24H" 2>&1)" "this build has no libsqlite3"
is "without libsqlite3: the library is not needed" "$(ldd "$without" | grep -c sqlite)" 0
"$without" recover "$work"/24H/*.journal >/dev/null
is "without libiperf: recover works" $? 0
"$without" show "$work"/24H/*.json >"$work/out"
is "without libiperf: show works" $? 0
"$without" export --csv "$work/24H" >"$work/out"
is "without libcurl: export --csv works" $? 0
"$without" export --to http://127.0.0.1:1 "$work/24H" 2>"$work/err"
is "without libcurl: export --to says what is missing" "$? $(cat "$work/err")" "1 longhaul: export: this longhaul was built without libcurl (libcurl4-openssl-dev)"
"$without" report "$work/24H" --out "$work/diagrams" --no-render >/dev/null
is "without libiperf: report works" $? 0
done_testing
