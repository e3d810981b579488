# recover.sh - a run that is killed loses nothing but the interval in progress; its journal becomes the result.
. tests/lib.sh
cp tests/data/left-behind.journal "$work/HK-WUS-10M_24H_20251115_010046.journal"
"$longhaul" recover "$work"/*.journal >"$work/out" 2>"$work/err"
is "a journal with a torn tail: exit status" $? 0
is "a journal with a torn tail: the result is named" "$(cat "$work/out")" "$work/HK-WUS-10M_24H_20251115_010046.json"
is "a journal with a torn tail: the journal is gone" "$(ls "$work"/*.journal 2>/dev/null)" ""
python3 - "$work"/HK-WUS*.json <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
own, end = r["longhaul"], r["end"]
def check(good, what): print(("ok - " if good else "not ok - ") + what)
check(len(r["intervals"]) == 5 and own["torn_tail"] and own["damaged_lines"] == 1, "five whole intervals, the torn one and the damaged line are told of")
check([s["ending"] for s in own["segments"]] == ["the server closed the control connection", "the journal ends here"], "two segments, and why they ended")
check(own["gaps"] == [{"start_s": 3.000181, "seconds": 4.0, "cause": "the server closed the control connection"}], "the gap")
check("lost_packets" not in end["sum"] and "jitter_ms" not in end["sum"] and "sum_received" not in end, "what the receiver never told is absent")
check(end["sum"]["bytes"] == sum(i["sum"]["bytes"] for i in r["intervals"]) and end["sum"]["packets"] == 4509, "totals are sums")
check(abs(end["sum"]["seconds"] - 9.000192) < 1e-9 and abs(own["observed_s"] - 5.0) < 0.01, "seconds with the gap, observed without")
PY
"$longhaul" recover "$work/HK-WUS-10M_24H_20251115_010046.journal" 2>"$work/err"
is "once only" $? 1
printf '{"event":"longhaul","data":{"format":1}}\n' >"$work/A-B-10M_1S_20251115_010046.journal"
"$longhaul" recover "$work/A-B-10M_1S_20251115_010046.journal" 2>"$work/err"
is "a journal without an interval: exit status" $? 1
like "a journal without an interval: it says so" "$(cat "$work/err")" "no interval in it"
check "a journal without an interval: it stays" test -e "$work/A-B-10M_1S_20251115_010046.journal"
sed 's/"format":1/"format":99/' tests/data/left-behind.journal >"$work/N-B-10M_1S_20251115_010046.journal"
"$longhaul" recover "$work/N-B-10M_1S_20251115_010046.journal" 2>"$work/err"
like "a newer format is refused" "$? $(cat "$work/err")" "^1 .*format 99 is newer"
sed 's/"format":1,/"format":1e300,/' tests/data/left-behind.journal >"$work/N-C-10M_1S_20251115_010046.journal"
"$longhaul" recover "$work/N-C-10M_1S_20251115_010046.journal" 2>"$work/err"
like "a format that is no whole number" "$? $(cat "$work/err")" "^1 .*format 1e\+300 is newer"
python3 - "$work/P-Q-10M_2S_20251115_010046.journal" <<'PY'
import json, sys
def line(name, data): return json.dumps({"event": name, "data": data}, separators=(",", ":")) + "\n"
row = {"start": 0, "end": 1, "seconds": 1, "bytes": 1, "bits_per_second": 8, "jitter_ms": 0, "lost_packets": 0, "packets": -2**63}
with open(sys.argv[1], "w") as out:
    out.write(line("longhaul", {"format": 1, "source": "P", "destination": "Q", "role": "receiver", "protocol": "UDP", "duration_s": 2}))
    out.write(line("start", {}) + line("interval", {"sum": row, "longhaul": {"unix_us": 1}}))
    out.write(line("end", {"sum": row, "sum_sent": {"bytes": 1, "packets": 10**14}}))
    out.write(line("session", {"ending": "complete", "is_clean": True}))
PY
"$longhaul" recover "$work/P-Q-10M_2S_20251115_010046.journal" >/dev/null
is "a peer's absurd counts: unseen packets" "$(grep -o '"unseen_packets":-*[0-9]*' "$work"/P-Q*.json)" '"unseen_packets":9223372036854775807'
is "nothing half-written" "$(find "$work" -name '*.tmp*' | wc -l)" 0

[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "recover after kill -9: built without libiperf"; done_testing; }
command -v iperf3 >/dev/null || { skip "recover after kill -9: needs iperf3"; done_testing; }
port=$(ports 1)
background iperf3 -s -p $port >/dev/null 2>&1
wait_port $port || not_ok "server listens"
setsid "$longhaul" run A B 127.0.0.1 -p $port -t 60 -i 0.1 --dir "$work/24H" >/dev/null 2>&1 &
run=$!
rows() { cat "$work"/24H/*.journal 2>/dev/null | grep -c '"event":"interval"'; }
has_30() { [ "$(rows)" -ge 30 ]; }
until_ok 40 has_30 || not_ok "3 s of intervals of 0.1 s"
"$longhaul" recover "$work"/24H/*.journal 2>"$work/err"
like "while it runs it is refused" "$? $(cat "$work/err")" "^1 .*another process is writing it"
children=$(cat /proc/$run/task/*/children)
least=$(rows)
kill -s KILL -- -$run; wait $run
most=$(rows)
for pid in $children; do check "the child ends with its parent" gone $pid; done
"$longhaul" recover "$work"/24H/*.journal >/dev/null
is "after kill -9: exit status" $? 0
python3 tests/check_result.py "$work"/24H/*.json
n=$(python3 -c "import json,sys; print(len(json.load(open(sys.argv[1]))['intervals']))" "$work"/24H/*.json)
check "after kill -9: $n intervals, all that were written ($least before it, $most after)" test "$n" -ge "$least" -a "$n" -le "$most"
done_testing
