# export_rough.sh - longhaul export of hostile results; on a disk that is full or may not be written, with memory that runs out, two at the same
# time, folders that cannot be read: what is there is whole, or not there, and a line says why.
case $(id -u),$IN_OWN_MOUNTS in
*,yes) ;;
0,) unshare -m true 2>/dev/null && IN_OWN_MOUNTS=yes exec unshare -m env IN_OWN_MOUNTS=yes sh "$0" ;;
*) unshare -rm true 2>/dev/null && exec unshare -rm env IN_OWN_MOUNTS=yes sh "$0" ;;
esac
. tests/lib.sh
command -v python3 >/dev/null || { skip "export, hostile: needs python3"; exit 0; }
unset http_proxy HTTP_PROXY
rough() { python3 tests/cli/export_rough.py "$@"; }

# ---- hostile results
mkdir "$work/hostile"
check "fixture" rough make "$work/hostile"
forms="csv influx openmetrics"
"$longhaul" export --sqlite "$work/none.sqlite" "$work/hostile/name-comma.json" >/dev/null 2>"$work/err"
grep -q 'built without SQLite' "$work/err" || forms="$forms sqlite"
for form in $forms; do
    if [ $form = sqlite ]; then timeout 60 "$longhaul" export --sqlite "$work/any.sqlite" "$work/hostile" >/dev/null 2>"$work/err"
    else timeout 60 "$longhaul" export --$form "$work/hostile" >"$work/any.$form" 2>"$work/err"; fi
    is "hostile results as $form: exit status, and no control character in what is said" "$? $(tr -d '\n[:print:]' <"$work/err" | wc -c)" \
        "$(case $form in csv | sqlite) echo 0 ;; *) echo 4 ;; esac) 0"
    rough check $form "$work/any.$form" || failures=$((failures + 1))
done
if command -v promtool >/dev/null; then
    mkdir "$work/near"
    cp "$work/hostile"/name-*.json "$work/hostile"/number-*-packets.json "$work/hostile"/number-*-bytes.json "$work/near"
    "$longhaul" export --openmetrics --out "$work/near.om" "$work/near" >/dev/null 2>&1
    promtool tsdb create-blocks-from openmetrics "$work/near.om" "$work/blocks" >"$work/promtool.log" 2>&1
    is "hostile names and numbers: promtool makes blocks of them" "$?$(grep -i error "$work/promtool.log")" 0
else
    skip "hostile names and numbers for promtool: not installed"
fi
has_sqlite() { [ "$forms" != "csv influx openmetrics" ]; }

# ---- a folder that cannot be read, and one that is not searched
mkdir -p "$work/tree/a/b/c/d/e" "$work/tree/closed" "$work/free"
"$BUILD/tests/bench/generate" receiver 3000 "$work/tree/AA-BB-10M_3000S_20251115_000000.json" 1
"$BUILD/tests/bench/generate" receiver 10 "$work/tree/a/b/c/d/e/AA-BB-10M_10S_20251116_000000.json" 1
ln -s / "$work/tree/link"
"$longhaul" export --csv "$work/tree" >/dev/null 2>"$work/err"
is "a folder that is too deep, and a link: told" "$? $(cat "$work/err")" "4 longhaul: $work/tree/a/b/c/d/e: deeper than 4 folders: not searched
longhaul: $work/tree/link: a link to a folder, which is not followed"
rm -r "$work/tree/a" "$work/tree/link"
chmod 700 "$work/tree/closed"; chmod 755 "$work" "$work/tree"; cp "$longhaul" "$work/free/longhaul"
if [ "$IN_OWN_MOUNTS" = yes ] && command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
    setpriv --reuid=65534 --regid=65534 --clear-groups "$work/free/longhaul" export --csv "$work/tree" >"$work/out" 2>"$work/err"
    is "a folder that cannot be read: told, and the others are exported" "$? $(cat "$work/err") $(wc -l <"$work/out")" "4 longhaul: $work/tree/closed: Permission denied 3001"
else
    skip "a folder that cannot be read: needs root and setpriv"
fi

# ---- two at the same time
if has_sqlite; then
    "$longhaul" export --sqlite "$work/two.sqlite" "$work/tree" >/dev/null 2>"$work/one.err" & one=$!
    "$longhaul" export --sqlite "$work/two.sqlite" "$work/tree" >/dev/null 2>"$work/two.err"; two=$?
    wait $one
    is "two exports to a database at the same time: both end well, and the test is there once" \
        "$? $two $(cat "$work/one.err" "$work/two.err")$(python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("SELECT count(*), (SELECT count(*) FROM intervals) FROM tests").fetchone())' "$work/two.sqlite")" "0 0 1 3000"
fi

# ---- a journal of SQLite's that somebody else has put next to the database
if has_sqlite; then
    "$longhaul" export --sqlite "$work/planted.sqlite" "$work/hostile/name-comma.json" >/dev/null 2>&1
    ln -s planted.sqlite "$work/linked.sqlite"
    cp "$work/planted.sqlite" "$work/alone.sqlite"
    for name in planted linked; do
        echo mine >"$work/victim"
        python3 tests/cli/planted_journal.py "$work/planted.sqlite" "$work/victim"
        "$longhaul" export --sqlite "$work/$name.sqlite" "$work/hostile/name-comma.json" >"$work/out" 2>"$work/err"
        is "a journal that names a file of somebody else's ($name): that stays" "$? $(cat "$work/err" "$work/out" "$work/victim")" "0 1 test, 20 intervals
mine"
        check "and the database is whole ($name)" rough whole "$work/planted.sqlite"
    done
    python3 tests/cli/planted_journal.py "$work/alone.sqlite" "$work/victim"
    python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("SELECT * FROM tests").fetchall()' "$work/alone.sqlite"
    check "(SQLite alone removes it)" [ ! -e "$work/victim" ]
    rm -f "$work/planted.sqlite-journal"
    mkfifo "$work/planted.sqlite-journal"
    timeout 20 "$longhaul" export --sqlite "$work/planted.sqlite" "$work/hostile/name-comma.json" >/dev/null 2>"$work/err"
    is "a pipe in the place of the journal: one line, and nobody waits for it" "$? $(cat "$work/err")" "1 longhaul: $work/planted.sqlite: unable to open database file"
fi

# ---- a full disk, and one that may not be written
cp "$work/hostile"/name-comma.json "$work/tree/small.json" # a database with something in it
if [ "$IN_OWN_MOUNTS" = yes ] && mkdir "$work/small" && mount -t tmpfs -o size=300k none "$work/small" 2>/dev/null; then
    for form in csv influx openmetrics; do
        "$longhaul" export --$form --out "$work/small/out" "$work/tree" >"$work/out" 2>"$work/err"
        is "a full disk: $form: exit status, lines, files" "$? $(wc -l <"$work/err") $(ls -A "$work/small")" "1 1 "
        like "a full disk: $form: why" "$(cat "$work/err")" "^longhaul: .*: No space left on device$"
    done
    if has_sqlite; then
        "$longhaul" export --sqlite "$work/small/db" "$work/tree/small.json" >/dev/null 2>&1
        "$longhaul" export --sqlite "$work/small/db" "$work/tree" >"$work/out" 2>"$work/err"
        is "a full disk: sqlite" "$? $(cat "$work/err")" "1 longhaul: $work/small/db: database or disk is full"
        check "a full disk: sqlite: what is there is whole" rough whole "$work/small/db"
        mount -o remount,size=30m none "$work/small"
        "$longhaul" export --sqlite "$work/small/db" "$work/tree" >"$work/out" 2>"$work/err"
        is "a full disk: sqlite: when there is room again" "$? $(cat "$work/err" "$work/out")" "0 2 tests, 3020 intervals"
    fi
    port=$(ports 1)
    background python3 tests/cli/export_server.py "$port" "$work/requests" 2>"$work/server.err"; server=$!
    wait_port "$port" || not_ok "the server listens: $(cat "$work/server.err")"
    samples() { python3 -c 'import json, sys, urllib.request
all = json.load(urllib.request.urlopen(sys.argv[1] + "/samples"))
print(sum(len(p) for p in all.values()), sum(len(v) > 1 for p in all.values() for v in p.values()))' "http://127.0.0.1:$port"; }
    to() { timeout 60 "$longhaul" export --to "http://127.0.0.1:$port" --retry 0 --state "$work/small/state" "$work/tree" >"$work/out" 2>"$work/err"; }
    to; is "the server's part of the fixture" "$?" "$(case $(cat "$work/err") in *'built without'*) echo 1 ;; *) echo 0 ;; esac)"
    if ! grep -q 'built without' "$work/err"; then
        wanted=$("$longhaul" export --openmetrics "$work/tree" | grep -vc '^#')
        is "the state: all samples" "$(samples)" "$wanted 0"
        mount -o remount,ro none "$work/small"
        to; is "a state on a disk that may not be written" "$? $(cat "$work/err")" "1 longhaul: $work/small/state: Read-only file system"
        mount -o remount,rw none "$work/small"
        rm -f "$work/small"/*
        mount -o remount,size=64k none "$work/small"
        head -c 65536 /dev/zero >"$work/small/filler"
        to; is "a state on a full disk" "$? $(cat "$work/err")" "1 longhaul: $work/small/state: No space left on device"
        rm "$work/small/filler"
        to; is "a state on a disk with room again: nothing is there twice" "$? $(samples)" "0 $wanted 0"
    fi
    kill $server; wait $server 2>/dev/null
    umount "$work/small"
else
    skip "a full disk: cannot mount one"
fi

# ---- no memory, at any call: a line says so, and what is there is whole; a file that cannot be read for lack of it is skipped
shim=$BUILD/tests/tools/failing.so
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip "no memory: not under a sanitizer"
else
    export_it() { # FILE
        [ $form = sqlite ] && set -- --sqlite "$1" || set -- --$form --out "$1"
        "$longhaul" export "$@" "$work/tree/small.json" "$work/hostile/name-equals.json"
    }
    same() { if [ $form = sqlite ]; then python3 -c 'import sqlite3, sys; sys.exit(len({tuple(sqlite3.connect(p).iterdump()) for p in sys.argv[1:]}) != 1)' "$1" "$reference"; else cmp -s "$1" "$reference"; fi; }
    for form in $forms; do
        reference=$work/whole.$form
        export_it "$reference" >/dev/null 2>&1
        (export LD_PRELOAD="$shim" FAILING_COUNTS="$work/counts"; export_it "$work/counted") >/dev/null 2>&1
        odd='' failed=0
        for kind in malloc large; do
            n=$(sed -n "s/^$kind //p" "$work/counts") i=1
            while [ "$i" -le "$n" ]; do
                rm -f "$work/part"
                (export LD_PRELOAD="$shim" FAILING="$kind:$i"; export_it "$work/part") >/dev/null 2>"$work/err"; status=$?
                case $status in 0) same "$work/part" || odd="$odd $kind:$i:differs" ;; 1 | 4)
                    failed=$((failed + 1))
                    grep -qi memory "$work/err" || odd="$odd $kind:$i:$(cat "$work/err")" ;;
                *) odd="$odd $kind:$i:$status" ;; esac
                if [ $form = sqlite ]; then [ ! -e "$work/part" ] || rough whole "$work/part" || odd="$odd $kind:$i:part"
                else [ $status != 1 ] || [ ! -e "$work/part" ] || odd="$odd $kind:$i:there"; fi
                i=$((i + 1 + n / 60))
            done
        done
        is "no memory at one of many calls, $form: what is odd" "$odd" ""
        check "no memory, $form: $failed of them are noticed" test "$failed" -gt 0
        is "no memory, $form: no draft is left" "$(find "$work" -maxdepth 1 -name '.*' ! -name '.' | wc -l)" 0
    done
fi
done_testing
