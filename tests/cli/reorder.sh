# reorder.sh - a path that reorders, and one that delivers twice, loses nothing: each row is kept, and what came late or twice is counted as
# the path itself counted it, in all outputs.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "reordering: built without libiperf"; exit 0; }
first=$(ports 6); server=$first

# path NUMBER ARGUMENT...: a path to the server at a port of its own; what it did is in $work/path.NUMBER when it has ended
path() { n=$1; shift; python3 tests/cli/reorder_path.py $((first + n)) $server "$@" >"$work/path.$n" & eval "path_$n=\$!"; started="$started $!"; wait_port $((first + n)); }
# leg NUMBER FLAG...: over that path, in the background
leg() { n=$1; shift; "$longhaul" run RA RB 127.0.0.1 -p $((first + n)) -t 5 -b 2M -l 500 --dir "$work/leg.$n" "$@" >"$work/out.$n" 2>"$work/err.$n" & eval "leg_$n=\$!"; started="$started $!"; }
# done_leg NUMBER: waits for it, and ends its path
done_leg() { eval "wait \$leg_$1"; status=$?; eval "kill \$path_$1; wait \$path_$1"; cat "$work/err.$1" >&2; return $status; }
# told FILE: rows, lost, out of order, duplicates, how many outages and bursts, verdict
cat >"$work/told.py" <<'PY'
import json, subprocess, sys
tool, path = sys.argv[1:3]
r = json.load(open(path))
s = json.loads(subprocess.run([tool, "show", "--json", path], stdout=subprocess.PIPE, text=True).stdout)
rows, own = r["intervals"], [i["longhaul"] for i in r["intervals"]]
sums = [sum(i["sum"]["lost_packets"] for i in rows), sum(o.get("out_of_order", 0) for o in own), sum(o.get("duplicates", 0) for o in own)]
end = r["end"]["sum"]
assert sums == [end["lost_packets"], end["out_of_order"], end["duplicates"]], (sums, end)
assert [s["lost_packets"], s["out_of_order_packets"], s["duplicate_packets"]] == sums, s
bursts = [e for e in s["events"] if e["kind"] in ("outage", "loss")]
print(sum(i["sum"]["seconds"] > 0.5 for i in rows), *sums, len(bursts), r["longhaul"].get("left_out_rows", 0))
PY
# near WHAT GOT WANTED: the same words, but a number may be smaller by 2: a datagram that the path still has when the session ends is the
# newest there is, and in no row
near() {
    if python3 -c 'import sys; g, w = [[int(x) for x in a.split()] for a in sys.argv[1:]]; sys.exit(len(g) != len(w) or any(not 0 <= b - a <= 2 for a, b in zip(g, w)))' "$2" "$3"
    then ok "$1"; else not_ok "$1: got '$2', wanted '$3'"; fi
}
told() { python3 "$work/told.py" "$longhaul" "$1"; }

background "$longhaul" serve -p $server,$((first + 5)) --dir "$work/serve" 2>/dev/null
wait_port $server; wait_port $((first + 5))
path 1 12 19 0 0
leg 1 --pull
done_leg 1; is "a path that reorders, pulled: exit status" $? 0
read -r passed late twice lost <"$work/path.1"
seen=$(told "$work"/leg.1/*.json)
near "a path that reorders, pulled: rows, lost, out of order, duplicates, outages and bursts" "$seen" "5 0 $late 0 0 0"
set -- $seen; out=$3
check "it did reorder" test "$out" -gt 100
like "run says it" "$(cat "$work/out.1")" "loss 0\.000000% \(0/[0-9]+\).*, $out packets out of order"
like "show says it" "$("$longhaul" show "$work"/leg.1/*.json)" ", $out packets out of order, 5 intervals, valid"
is "--csv has it" "$("$longhaul" show --csv "$work"/leg.1/*.json | awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i} NR == 2 {print $at["out_of_order_packets"], $at["duplicate_packets"]}')" "$out 0"
is "--intervals has it" "$("$longhaul" show --intervals "$work"/leg.1/*.json | awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i} NR > 1 {n += $at["out_of_order_packets"]} END {print n}')" "$out"
"$longhaul" report "$work/leg.1" --out "$work/report" >/dev/null 2>&1
like "the report has it" "$(cat "$work/report/summary_report.md")" "RA->RB.* \| $out \| [0-9.]+ \| 0 \|"
like "its page has it" "$(grep -o 'Out of order.*' "$work/report/index.html" | head -1)" "Duplicates"

path 2 12 19 0 0
leg 2
done_leg 2; is "pushed: exit status" $? 0
read -r passed late twice lost <"$work/path.2"
near "pushed, the receiver's record" "$(told "$work"/serve/receiver/*.json)" "5 0 $late 0 0 0"

server=$((first + 5))
path 3 12 0 17 0; path 4 12 19 23 97
leg 3 --pull
done_leg 3; is "a path that delivers twice: exit status" $? 0
read -r passed late twice lost <"$work/path.3"
near "a path that delivers twice: nothing out of order, and nothing lost" "$(told "$work"/leg.3/*.json)" "5 0 0 $twice 0 0"
leg 4 --pull
done_leg 4; is "a path that does everything: exit status" $? 0
read -r passed late twice lost <"$work/path.4"
set -- $(told "$work"/leg.4/*.json)
near "a path that does everything: rows, out of order, duplicates" "$1 $3 $4 $6" "5 $late $twice 0"
done_testing
