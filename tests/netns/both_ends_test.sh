# both_ends_test.sh - the hub's outbound is cut for 8 s. What is sent to the hub arrives all the time: its control connections are silent, and that
# does not count as an outage. What the hub sends is lost: an outage of that direction alone.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "both ends"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "both ends: built without libiperf"; exit 0; }
bed_make 1 || { not_ok "bed_make"; exit 1; }
bed_start hub "$longhaul" serve -p 5201 --dir "$work/hub" 2>>"$work/serve.log"
bed_start spoke1 "$longhaul" serve -p 5201-5202 --dir "$work/spoke" 2>>"$work/serve.log"
bed_wait_port hub 5201; bed_wait_port spoke1 5201; bed_wait_port spoke1 5202
bed_start hub "$longhaul" run HUB SP "$(bed_address spoke1)" -p 5201 -t 34 --dir "$work/hub" >"$work/out.log" 2>&1; out=$!
bed_start hub "$longhaul" run SP HUB "$(bed_address spoke1)" -p 5202 --pull -t 34 --dir "$work/hub" >"$work/pull.log" 2>&1; pull=$!
bed_start spoke1 "$longhaul" run SB HUB "$(bed_address hub)" -p 5201 -t 34 --dir "$work/spoke" >"$work/in.log" 2>&1; in=$!
sleep 8; bed_cut hub spoke1; sleep 8; bed_heal hub spoke1
wait $out; wait $pull; wait $in
recorded() { ls "$work"/hub/receiver/*.json "$work"/spoke/receiver/*.json >/dev/null 2>&1; }
until_ok 12 recorded
"$longhaul" show --json "$work/hub" "$work/spoke" >"$work/show.json" 2>"$work/err"
"$longhaul" report --json --no-render --no-html --out "$work/report" "$work/hub" "$work/spoke" >"$work/report.json" 2>>"$work/err"
# The last line of a run has the rate that show has of its file.
rate_of() { printf '%s\n' "$1" | grep -oE '(sent|delivered) [0-9.]+ Mbps'; }
for leg in HUB-SP SP-HUB; do
    case $leg in HUB-SP) log=out ;; *) log=pull ;; esac
    is "$leg: the run's last line and show have the same rate" "$(rate_of "$(cat "$work/$log.log")")" \
        "$(rate_of "$("$longhaul" show --no-receiver "$work/hub/$leg"-*.json)")"
done
like "a pushed leg with a gap: its rate is called sent, and is not above the target" "$(cat "$work/out.log")" ', sent (9\.[0-9]+|10(\.0[0-9]*)?) Mbps, loss unknown'
cat >"$work/check.py" <<'PY'
import json, sys
def check(good, what, got): print(("ok - " if good else "not ok - ") + what + ("" if good else ": %s" % (got,)))
shown = {(t["source"], t["destination"]): t for t in map(json.loads, open(sys.argv[1] + "/show.json"))}
told = {(t["source"], t["destination"]): t for t in json.load(open(sys.argv[1] + "/report.json"))["legs"]}
check(sorted(shown) == sorted(told) == [("HUB", "SP"), ("SB", "HUB"), ("SP", "HUB")], "three legs in show and in report", (sorted(shown), sorted(told)))
for leg in shown:
    same = [(t[leg]["coverage"], t[leg]["observed_s"], t[leg]["lost_packets"], t[leg]["rate_mbps"]) for t in (shown, told)]
    check(same[0] == same[1], "%s->%s: show and report agree" % leg, same)
def outage_s(test): return sum(e["seconds"] for e in test["events"] if e["kind"] == "outage")
def seen_s(test): return sum(g["seconds_seen"] for g in test["gaps"])
for leg in (("SB", "HUB"), ("SP", "HUB")):
    # A session that broke is followed by the next one within 4 s; nobody sends meanwhile.
    check(outage_s(shown[leg]) <= 4, "%s->%s: data arrived, so it is not an outage" % leg, shown[leg]["events"])
    check(shown[leg]["coverage"] >= 0.88, "%s->%s: the time was observed" % leg, shown[leg]["coverage"])
    check(shown[leg]["loss_percent"] < 1, "%s->%s: nothing was lost but what the host dropped" % leg, shown[leg]["loss_percent"])
into = shown["SB", "HUB"]
if into["gaps"]:
    check(seen_s(into) >= 5, "SB->HUB: the gap says for how long data were seen", into["gaps"])
else:
    print("skip - SB->HUB: the session outlived the silence of its control connection")
out = shown["HUB", "SP"]
check(6.5 <= outage_s(out) <= 12.5, "HUB->SP: an outage as long as the cut, and the way back", out["events"])
check(all(abs(e["start_s"] - 8) <= 2 for e in out["events"] if e["kind"] == "outage"), "HUB->SP: it begins with the cut", out["events"])
check(seen_s(out) <= 2, "HUB->SP: no data were seen in it", out["gaps"])
PY
python3 "$work/check.py" "$work" || failures=1
done_testing
