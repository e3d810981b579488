# long_lists.sh - results whose object "longhaul" is longer than what is read at once: weeks of delays, thousands of traces; and files
# that use this to take memory.
. tests/lib.sh
command -v python3 >/dev/null || { skip "long lists: needs python3"; done_testing; }
made() { python3 tests/cli/long_lists.py "$1" "$2" || exit 1; }
# What show knows of a file: traces, the first and the last one's time, datagrams with a delay, source, planned seconds, observed share.
known() {
    "$longhaul" show --json "$1" 2>"$work/err" | python3 -c '
import json, sys
d = json.loads(sys.stdin.readline())
routes = d.get("routes") or []
print(len(routes), *([routes[0]["at_s"], routes[-1]["at_s"]] if routes else []), (d["delay"] or {}).get("n_datagrams"), d["source"], d["planned_s"],
      d["n_intervals"])'
}

# ---- a result with 10,000 traces and 75,000 histograms
made journal "$work/HK-WUS-10M_20S_20251115_010046.journal"
before=$(known "$work/HK-WUS-10M_20S_20251115_010046.journal")
"$longhaul" recover "$work"/*.journal >"$work/out" 2>"$work/err"; rc=$?
result=$(ls "$work"/*.json)
is "a result with 10,000 traces and weeks of delays is made" "$rc $(cat "$work/err")" "0 "
check "it is longer than what is read at once" [ "$(stat -c %s "$result")" -gt 34000000 ]
is "it has been read back, and the journal is gone" "$(ls "$work"/*.journal 2>&1 | grep -c 'No such file')" 1
is "what is known of it is what the journal knew" "$(known "$result")" "$before"
like "which is every trace, and every datagram's delay" "$before" '^10000 0.0 9.999 11250000.0 WUS 20.0 10$'

# ---- files that no longhaul writes: the rest of the file is read, in bounded memory
# hostile KIND KNOWN WARNING
hostile() {
    made "$1" "$work/$1.json"
    is "$1: what is good is known" "$(ulimit -v 400000; known "$work/$1.json")" "$2"
    if [ -n "$3" ]; then like "$1: a warning says what is not" "$(cat "$work/err")" "$3"
    else is "$1: no warning" "$(cat "$work/err")" ""; fi
    rm "$work/$1.json"
}
left_out='left out: a member of "longhaul" that is not JSON, or is too long'
hostile repeated "2 0.0 0.001 150.0 HK 25.0 20" ""
hostile element "2 0.0 0.001 0.0 HK 25.0 20" "$left_out \(1 in"
hostile member "2 0.0 0.001 0.0 HK 25.0 20" "$left_out \(2 in"
hostile members "2 0.0 0.001 0.0 HK 25.0 20" "$left_out \([45] in"
hostile nested "0 0.0 HK 25.0 20" "breaks off here, after 20 intervals"
hostile words "2 0.0 0.001 150.0 HK 25.0 20" "$left_out \(3 in"
hostile many "2 0.0 0.001 1048576.0 HK 25.0 20" 'left out: the elements of "delays" from here on, because there are too many'
hostile torn "1997 0.0 1.996 0.0 HK 25.0 20" "the document breaks off here, after 20 intervals"
done_testing
