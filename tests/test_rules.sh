# test_rules.sh - keeps the layout of doc/DESIGN.md true: who may include, fork, start gnuplot, print, exit, export.
. tests/lib.sh
# The sources without their comments, in $work/plain.
ls lib/*/*.[ch] cli/*.[ch] include/*.h include/longhaul/*.h >"$work/sources"
sed "s|/[^/]*$||; s|^|$work/plain/|" "$work/sources" | sort -u | xargs mkdir -p
while read -r f; do
    sed -e 's|/\*.*\*/||' -e 's|//.*||' "$f" | awk '/\/\*/{c=1} !c{print} /\*\//{c=0}' >"$work/plain/$f"
done <"$work/sources"
# outside PATTERN FILES_THAT_MAY...: the files of lib and cli that match and may not
outside() {
    pattern=$1; shift
    (cd "$work/plain" && grep -vE "/($(echo "$*" | tr ' ' '|'))\.[ch]$" "$work/sources" | xargs grep -lE "$pattern")
}
is "iperf_api.h: what runs in the engine's child" "$(outside 'iperf_api\.h' engine_accept engine_child engine_control engine_datagram engine_guard engine_arrivals engine_setup engine_signal)" ""
is "iperf_api.h: its room" "$(grep -lE '#include.*iperf_api\.h' lib/*/*.[ch] cli/*.[ch] | grep -v '^lib/engine/')" ""
is "jansson.h: the rooms that handle JSON" "$(grep -lE '#include <jansson\.h>' lib/*/*.[ch] cli/*.[ch] include/*.h include/longhaul/*.h | sed 's|/[^/]*$||' | sort -u | tr '\n' ' ')" \
    "lib/base lib/engine lib/export lib/host lib/model lib/plan lib/read lib/record lib/run lib/serve "
is "constants of units: base/units alone" "$(outside '#define +(NS|US|MS|BPS|BYTES)_PER_' units)" ""
is "a count that iperf3 has lost: model/iperf_json alone" "$(outside '#define .*2147483647' iperf_json serve_parameters)" ""
is "names of events: model/event_line alone" "$(outside '\\"event\\"|"event"' event_line journal report_json reader scan_learn reader_wrap tell_json)" ""
is "fork: engine, process, tell_command, reload, playbook" "$(outside '\b(v?fork|posix_spawnp?|popen|system)\(' engine process tell_command reload playbook)" ""
is "gnuplot's program: gnuplot alone" "$(outside '"gnuplot"' gnuplot)" ""
is "the names of files and folders, and iperf3's port, stand in leg.h and longhaul.h alone" \
    "$(outside '"24H"|"(%s)?\.(journal|json)"|"receiver[/"][^:]*(strangers|file_join)|file_join.*"receiver|= *5201\b' leg longhaul)" ""
is "cli includes no private header" "$(grep -lE '#include "' cli/*.c cli/*.h | while read -r f; do
    sed -n 's/#include "\(.*\)"/\1/p' "$f" | while read -r h; do [ -e "cli/$h" ] || echo "$f: $h"; done; done)" ""
is "lib never prints" "$(for f in lib/*/*.c; do grep -qE '\b(printf|puts|putchar|perror)\(|\b(stdout|stderr)\b' "$f" && basename "$f"; done | tr '\n' ' ')" "engine_child.c "
is "lib prints nowhere but to forget the host's buffers" "$(grep -E '\b(stdout|stderr)\b' lib/engine/engine_child.c | grep -vcE '__fpurge|^ *\* |/\*')" 0
is "lib never exits" "$(for f in lib/*/*.c; do grep -E '\b(exit|abort)\(' "$f" | grep -qvE '_exit\(|atexit\(|at_exit\(|/\*|^ \*' && basename "$f"; done)" ""
is "no line of C over 120 columns, as .clang-format says" "$(awk 'length > 120 { print FILENAME ":" FNR }' lib/*/*.[ch] cli/*.[ch] include/*.h include/longhaul/*.h tests/*.[ch] tests/*/*.[ch])" ""
is "no file of lib over 500 lines" "$(wc -l lib/*/*.[ch] | awk '$2 != "total" && $1 > 500 { print $2 }')" ""
# Plain English: the phrases of tests/forbidden-phrases are nowhere in the tree, not even over a line break.
# forbidden FILE...: where they are
forbidden() {
    awk -v phrases="$(grep -v '^#' tests/forbidden-phrases | paste -s -d '|' -)" 'FNR == 1 { last = "" }
        { line = $0; gsub(/^[ \t]*(\/\/|\*|#|\.\\")*[ \t]*/, "", line); both = last " " line " "
          if (match(both, phrases) && RSTART + RLENGTH > length(last) + 1)
              print FILENAME ":" FNR ": " substr(both, RSTART, RLENGTH)
          last = line }' "$@"
}
texts=$({ git ls-files 2>/dev/null || find . -type f | sed 's|^\./||'; } | grep -vE '^build/|^(LICENSE|debian/copyright)$' |
    grep -vE '^tests/(fuzz/.*/|data/[^s]|data/.*/|forbidden-phrases)|\.(png|svg|gz)$')
# shellcheck disable=SC2086
is "plain English: none of the phrases of tests/forbidden-phrases" "$(forbidden $texts)" ""
printf '/* The value is\n * %s. */\n' none >"$work/riddle.c"
is "a phrase over a line break is found" "$(forbidden "$work/riddle.c")" "$work/riddle.c:2: is n""one."
is "no files of leftovers" "$(ls lib lib/* cli | grep -E '^(util|common|misc|helpers?)\.')" ""
exports=$(nm -g --defined-only "$BUILD/liblonghaul.a" | awk 'NF == 3 {print $3}')
is "every export begins with longhaul_" "$(echo "$exports" | grep -v '^longhaul_')" ""
declared=$(sed -n 's/.*\b\(longhaul_[a-z0-9_]*\)(.*/\1/p' include/longhaul/*.h | grep -vE '_cb$' | sort -u)
is "every declared function is exported, and the other way round" "$(echo "$declared" | tr '\n' ' ')" "$(echo "$exports" | grep -E '^longhaul_' | sort -u | tr '\n' ' ')"
cat cli/*.[ch] tests/example/*.c tests/tools/*.c tests/host/*.c tests/test_api.c | tr -cs 'A-Za-z0-9_' '\n' | sort -u >"$work/used"
is "every declared function is used by a command, the example, or a test as a program of its own" \
    "$(echo "$declared" | grep -vxFf "$work/used")" ""
# 1040, and what administers a fleet, the live state and the loop of a server, routes, objectives, and archives.
is "longhaul.h: at most 1600 lines in all its parts" "$(cat include/longhaul.h include/longhaul/*.h | awk 'END { if (NR > 1600) print NR }')" ""
# Names, by a copy without comments, one declaration a line.
cat include/longhaul/*.h | python3 -c '
import re, sys
text = re.sub(r"/\*.*?\*/", " ", sys.stdin.read(), flags=re.S)
tags = set(re.findall(r"\b(?:struct|enum) (longhaul_\w+) \{", text)) | set(re.findall(r"\bstruct (longhaul_\w+);", text))
for name in sorted(tags & set(re.findall(r"\b(longhaul_\w+)\(", text))):
    print("a tag and a function of one name:", name)
for tag, body in re.findall(r"\benum (longhaul_\w+) \{(.*?)\}", text, re.S):
    begin = re.sub("_(KIND|VERDICT)$", "", tag.upper()) + "_" if tag != "longhaul_verdict" else "LONGHAUL_VERDICT_"
    for name in re.findall(r"\b(LONGHAUL_\w+)\b(?= *[,=]|\s*$)", body):
        if not name.startswith(begin) and not (tag == "longhaul_code" and re.match("LONGHAUL_(OK$|E)", name)):
            print("an enumerator without its type:", name)
for flags in re.findall(r"\bbool (\w+(?:, \w+)*);", text):
    for name in flags.split(", "):
        if not re.match("(is|has|wants)_", name):
            print("a flag that asks no question:", name)
for member in re.findall(r"\(\*(\w+)\)\(", text):
    print("a callback without a type:", member)
' >"$work/names"
is "longhaul.h: tags, enumerators, flags, callbacks have the names that its conventions promise" "$(cat "$work/names")" ""
version=$(sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul/base.h)
is "the soname carries the minor version, $version" \
    "$(MAKEFLAGS='' make -n -B HAVE_CALLBACK=1 BUILD="$work/none" "$work/none/liblonghaul.so" 2>/dev/null | grep -o 'soname,[^ ]*')" "soname,liblonghaul.so.${version%.*}"
# However they are ordered, `make tests` runs each test, and none twice.
is "make tests runs each test once" "$(MAKEFLAGS='' make -n BUILD="$work/none" tests 2>/dev/null | sed -n "s|.*tests/run $work/none/\(tests/[^ ]*\)\.log .*|\1|p" | sort)" \
    "$({ ls tests/test_*.c tests/test_*.sh tests/cli/*.sh tests/netns/*_test.sh; ls tests/fuzz/fuzz_*.c | sed 's|/fuzz_|/replay_|'; } | sed 's|\.[^.]*$||' | sort)"
# The umbrella, and each of its parts, needs nothing before it.
for h in longhaul.h $(cd include && echo longhaul/*.h); do
    printf '#include <%s>\n' "$h" >"$work/alone.c"
    for std in c99 c11; do
        check "$h alone, as $std" ${CC:-cc} -std=$std -Wall -Wextra -pedantic -Werror -Iinclude -fsyntax-only "$work/alone.c"
    done
    if command -v c++ >/dev/null; then
        cp "$work/alone.c" "$work/alone.cc"
        for std in c++11 c++17; do
            check "$h alone, as $std" c++ -std=$std -Wall -Wextra -pedantic -Werror -Iinclude -fsyntax-only "$work/alone.cc"
        done
    else
        skip "$h as C++: needs a C++ compiler"
    fi
done
is "each file of C opens with what it is" \
    "$(awk 'FNR == 1 { name = FILENAME; sub(/.*\//, "", name); if (index($0, "/* " name " - ") != 1) print FILENAME }' lib/*/*.c cli/*.c)" ""
is "each command and the library have a man page" "$(for p in longhaul.1 longhaul-run.1 longhaul-serve.1 longhaul-report.1 longhaul-show.1 longhaul-recover.1 longhaul-archive.1 longhaul-plan.1 longhaul-preflight.1 longhaul-path.1 longhaul-topology.5 longhaul.3; do [ -s man/$p ] || echo $p; done)" ""
# lib/ROOMS: who may use whom, by includes and by symbols; a copy that allows one room less must be reported, or nothing was checked.
if command -v python3 >/dev/null; then
    python3 tests/rooms.py lib/ROOMS lib "$BUILD/lib" >"$work/rooms"
    echo "# $(head -1 "$work/rooms")"
    is "rooms: no include and no call goes where lib/ROOMS does not let it, no circle" "$(tail -n +2 "$work/rooms")" ""
    sed -E '/^publish /s/ read / /; s/^(run .*) record /\1 /' lib/ROOMS >"$work/fewer"
    python3 tests/rooms.py "$work/fewer" lib "$BUILD/lib" >"$work/rooms"
    check "rooms: an include that is not granted is told" grep -q '^run/.* -> record/.* (includes)$' "$work/rooms"
    check "rooms: a call that is not granted is told" grep -q '^publish/.* -> read/.* (longhaul_' "$work/rooms"
else
    skip "rooms: needs python3"
fi
done_testing
