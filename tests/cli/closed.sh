# closed.sh - standard input, output or error that is closed, full, or an unread pipe: one line says so if possible, the exit
# status is not 0, and nothing of it gets into a file that has the descriptor's number.
. tests/lib.sh
mkdir "$work/24H"
cp tests/data/reader/push.json "$work/24H/HK-WUS-10M_5S_20251115_010046.json"
file=$work/24H/HK-WUS-10M_5S_20251115_010046.json
while read -r command; do
    # shellcheck disable=SC2086
    "$longhaul" $command >&- 2>"$work/err"
    is "closed: $command" "$? $(cat "$work/err")" "1 longhaul: standard output: Bad file descriptor"
    # shellcheck disable=SC2086
    "$longhaul" $command >/dev/full 2>"$work/err"
    is "full: $command" "$? $(cat "$work/err")" "1 longhaul: standard output: No space left on device"
    # shellcheck disable=SC2086
    "$longhaul" $command 2>/dev/null >&- <&-
    is "all of them closed: $command" $? 1
done <<END
--help
--version
run --help
show $file
show --json $file
show --intervals $file
report --no-render --out $work/out $work/24H
report --no-render --json --out $work/out $work/24H
plan configs/azure-wus.json
path calc --rate 10G --rtt 1ms
END
"$longhaul" show - <&- >"$work/out.txt" 2>"$work/err"
is "input that is closed" "$? $(cat "$work/err")" "1 longhaul: -: Bad file descriptor"
# More than a pipe holds, and nobody reads on.
i=0; while [ $i -lt 600 ]; do i=$((i + 1)); ln "$file" "$work/24H/A$i-B$i-10M_5S_20251115_010046.json"; done
{ "$longhaul" show --json "$work"/24H/*.json 2>"$work/err"; echo $? >"$work/status"; } | head -c 1 >/dev/null
is "a reader that leaves: a death by SIGPIPE, and no word" "$(cat "$work/status") $(cat "$work/err")" "141 "

[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "run, serve with closed descriptors: built without libiperf"; done_testing; }
port=$(ports 1)
# The process itself in the background, and its three descriptors.
closed() { exec "$longhaul" "$@" <&- >&- 2>&-; }
closed serve -p $port --dir "$work/received" & server=$!
started="$started $server"
wait_port $port || not_ok "it listens"
three() { for fd in 0 1 2; do readlink "/proc/$1/fd/$fd"; done | tr '\n' ' '; }
is "serve: nothing of its own has their numbers" "$(three $server)" "/dev/null /dev/null /dev/null "
closed run A B 127.0.0.1 -p $port -t 3 -b 1M -i 0.5 --dir "$work/run" & run=$!
begun() { ls "$work"/run/*.journal >/dev/null 2>&1; }
until_ok 10 begun
is "run: nor here" "$(three $run)" "/dev/null /dev/null /dev/null "
kill -USR1 $run $server
wait $run
is "run: it could not say what it did" $? 1
has_record() { ls "$work"/received/receiver/*.json >/dev/null 2>&1; }
until_ok 10 has_record
for f in "$work"/run/*.json "$work"/received/receiver/*.json; do
    is "its record is whole: $(basename "$(dirname "$f")")" "$(python3 -c "import json, sys
r = json.load(open(sys.argv[1])); print(len(r['intervals']), r['longhaul'].get('damaged_lines', 0))" "$f")" "6 0"
done
kill -TERM $server; wait $server
is "serve: ends as ever" $? 143
done_testing
