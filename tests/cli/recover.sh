# recover.sh - a killed run loses only the interval in progress; its journal becomes the result.
. tests/lib.sh
cp tests/data/left-behind.journal "$work/HK-WUS-10M_24H_20251115_010046.journal"
"$longhaul" recover "$work"/*.journal >"$work/out" 2>"$work/err"
is "a journal with a torn tail: exit status" $? 0
is "a journal with a torn tail: the result is named" "$(cat "$work/out")" "$work/HK-WUS-10M_24H_20251115_010046.json"
is "a journal with a torn tail: the journal is gone" "$(ls "$work"/*.journal 2>/dev/null)" ""
is "its damaged line is in no result: it is kept, under a name that no report reads" "$(cmp tests/data/left-behind.journal "$work"/*.journal.damaged && echo same)" same
like "and that is said" "$(cat "$work/err")" "journal.damaged: part of the journal is unreadable"
python3 - "$work"/HK-WUS*.json <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
own, end = r["longhaul"], r["end"]
def check(good, what): print(("ok - " if good else "not ok - ") + what)
check(len(r["intervals"]) == 5 and own["torn_tail"] and own["damaged_lines"] == 1, "five whole intervals, the torn one and the damaged line are reported")
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
like "a format that is not a whole number" "$? $(cat "$work/err")" "^1 .*format 1e\+300 is newer"
python3 - "$work/P-Q-10M_2S_20251115_010046.journal" <<'PY'
import json, sys
def line(name, data): return json.dumps({"event": name, "data": data}, separators=(",", ":")) + "\n"
row = {"start": 0, "end": 1, "seconds": 1, "bytes": 1, "bits_per_second": 8, "jitter_ms": 0, "lost_packets": 0, "packets": 8 * 10**18}
with open(sys.argv[1], "w") as out:
    out.write(line("longhaul", {"format": 1, "source": "P", "destination": "Q", "role": "receiver", "protocol": "UDP", "duration_s": 2}))
    out.write(line("start", {}) + 2 * line("interval", {"sum": row, "longhaul": {"unix_us": 1}}))
    out.write(line("end", {"sum": row, "sum_sent": {"bytes": 1, "packets": 10**14}}))
    out.write(line("session", {"ending": "complete", "is_clean": True}))
PY
"$longhaul" recover "$work/P-Q-10M_2S_20251115_010046.journal" >/dev/null
is "a peer's absurd counts: unseen packets" "$(grep -o '"unseen_packets":-*[0-9]*' "$work"/P-Q*.json)" '"unseen_packets":-9223272036854775807'

# ---- what has been through an editor, or another system, loses nothing
cat > "$work/shape.py" <<'PY'
"""shape.py HOW JOURNAL: the journal of five rows, in another legal shape, or almost legal."""
import json, sys
how, path = sys.argv[1:]
def line(name, data, **more): return json.dumps(dict({"event": name, "data": data}, **more), separators=(",", ":"))
lines = [line("longhaul", {"format": 1, "source": "P", "destination": "Q", "role": "sender", "protocol": "UDP", "duration_s": 5}), line("start", {})]
rows = []
for i in range(5):
    rows.append({"sum": {"start": float(i), "end": i + 1.0, "seconds": 1.0, "bytes": 1250172 + i, "bits_per_second": 10001376.0, "packets": 902},
                 "longhaul": {"unix_us": (1763168446 + i) * 1000000}})
lines += [line("interval", r) for r in rows]
end = {"cr-lf": "\r\n", "blanks": "  \n", "empty lines": "\n\n", "cr alone": "\r"}.get(how, "\n")
if how == "members more": lines[2:] = [line("interval", r, note={"by": 1}) for r in rows]
if how == "members turned": lines = [json.dumps(dict(reversed(list(json.loads(l).items())))) for l in lines]
if how == "key twice": lines[2:] = [l.replace('"bytes":', '"bytes":1,"bytes":') for l in lines[2:]]
if how == "escaped keys": lines = [l.replace('"data"', '"d\\u0061ta"') for l in lines]
if how == "numbers": lines[2:] = [l.replace('000000}', '.0e6}') for l in lines[2:]]
if how == "large number": lines[3] = lines[3].replace('"packets":902', '"packets":902,"far":' + "9" * 30)
if how == "larger number": lines[3] = lines[3].replace('"packets":902', '"packets":902,"far":1e999')
if how == "two in a line": lines[3:5] = [lines[3] + lines[4]]
if how == "zeros before": lines[3] = "\0" * 5000 + lines[3]
if how == "long line": lines.insert(4, "x" * (17 << 20))
text = end.join(lines) + ("" if how == "no last end" else end)
with open(path, "w", newline="") as out: out.write(text)
PY
cat > "$work/look.py" <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
print([i["sum"]["bytes"] - 1250172 for i in r["intervals"]], r["longhaul"]["first_interval_unix_us"], r["longhaul"].get("damaged_lines", 0), r["end"]["sum"]["packets"])
PY
for how in plain cr-lf blanks "empty lines" "cr alone" "members more" "members turned" "key twice" "escaped keys" numbers "large number" "two in a line" "no last end" "zeros before" "long line"; do
    journal="$work/P-Q-10M_5S_20251115_010046.journal"; rm -f "$work"/P-Q-10M_5S*
    python3 "$work/shape.py" "$how" "$journal"
    "$longhaul" recover "$journal" >/dev/null 2>"$work/err"; status=$?
    case $how in "zeros before" | "long line") damaged=1 aside=$journal.damaged ;; *) damaged=0 aside= ;; esac
    is "$how: all rows, their time, and the journal is gone" "$status $(python3 "$work/look.py" "${journal%.journal}.json") $(ls "$journal"* 2>/dev/null)" \
        "0 [0, 1, 2, 3, 4] 1763168446000000 $damaged 4510 $aside"
done
rm -f "$work"/P-Q-10M_5S*
python3 "$work/shape.py" "larger number" "$journal"; cp "$journal" "$work/before"
"$longhaul" recover "$journal" 2>"$work/err"
like "a number that is too large is refused, never 0" "$? $(cat "$work/err")" "^1 .*line 4 cannot be read .*: the journal stays"
is "and the journal is as it was" "$(cmp "$journal" "$work/before" && ls "$work"/P-Q-10M_5S*)" "$journal"
python3 "$work/shape.py" plain "$journal"
"$longhaul" recover "$journal" >/dev/null; cp "${journal%.journal}.json" "$work/whole"
python3 "$work/shape.py" plain "$journal"; sed -i '$d' "$journal"
"$longhaul" recover "$journal" 2>"$work/err"
like "a result that has more than the journal is not given up for it" "$? $(cat "$work/err")" "^1 .*has 5 intervals, and the journal 4: both stay"
is "both stay" "$(cmp "${journal%.journal}.json" "$work/whole" && ls "$journal")" "$journal"
python3 "$work/shape.py" blanks "$journal"; echo junk >> "$journal"; echo "an older one" > "$journal.damaged"
"$longhaul" recover "$journal" >/dev/null 2>"$work/err"
is "a damaged journal does not take the place of another one" "$? $(cat "$journal.damaged") $(ls "$journal")" "1 an older one $journal"
long=$(printf '%0242d' 0 | tr 0 n).journal; mkdir "$work/long"; cp "$journal" "$work/long/nnnnn$long"
is "a name of 255 bytes" "$(printf %s "nnnnn$long" | wc -c)" 255
sed -i '$d' "$work/long/nnnnn$long"
"$longhaul" recover "$work/long/nnnnn$long" >/dev/null
is "is recovered too" "$? $(ls "$work/long" | wc -l)" "0 1"
rm -f "$work"/P-Q-10M_5S*
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
