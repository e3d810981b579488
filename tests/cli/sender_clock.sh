# sender_clock.sh - a sender whose clock runs 50 ppm slow, and is set forward twice while it sends: neither a delay nor another
# route, and the steps are told. Then it is set back, and the sender waits: that is not told as another route, since the round trip is the same.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "sender's clock: built without libiperf"; exit 0; }
clockshift=$BUILD/tests/tools/clockshift.so
[ -e "$clockshift" ] || { skip "sender's clock: $clockshift is not built"; exit 0; }

set_clock() { # MONOTONIC_NS
    python3 -c 'import struct, sys; open(sys.argv[1], "r+b").write(struct.pack("=4q", 0, 0, int(sys.argv[2]), -50000))' "$work/shifts" "$1"
}
truncate -s 32 "$work/shifts"
set_clock 0
port=$(ports 1)
background env CLOCKSHIFT="$work/shifts" LD_PRELOAD="$clockshift" ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$longhaul" serve -p "$port" --dir "$work/in" 2>"$work/serve.log"
wait_port "$port" || not_ok "it listens"
"$longhaul" run --pull A B 127.0.0.1 -p "$port" -t 48 --dir "$work/out" >"$work/run.log" 2>&1 & run=$!; started="$started $run"
sleep 20; set_clock 250000000
sleep 3; set_clock 350000000
sleep 3; set_clock 50000000
wait $run
is "exit status" $? 0
"$longhaul" show --json "$work"/out/*.json >"$work/show.json"
python3 - "$work"/out/*.json "$work/show.json" <<'END'
import json, sys
rows = [row["longhaul"] for row in json.load(open(sys.argv[1]))["intervals"]]
def check(good, what): print(("ok - " if good else "not ok - ") + what)
steps = [row["delay_us"]["step"] for row in rows if "step" in row.get("delay_us", {})]
check(len(steps) == 2 and abs(steps[0] - 250000) < 5000 and abs(steps[1] - 100000) < 5000, f"both steps are told: {steps}")
shifts = [row["delay_us"]["shift"] for row in rows if "shift" in row.get("delay_us", {})]
check(len(shifts) == 1 and abs(shifts[0] - 300000) < 5000, f"the clock that is set back looks like a longer route: {shifts}")
events = [(e["kind"], e["cause"], round(e["level"])) for e in json.load(open(sys.argv[2]))["events"] if e["kind"] in ("route", "silence")]
check([e[:2] for e in events if e[0] == "route"] == [("route", "round-trip-same")], f"but the round trip is the same: {events}")
# 50 us more each second: a line that did not follow would be off by a millisecond.
p50 = sorted(row["delay_us"]["p50"] for row in rows[15:] if "p50" in row.get("delay_us", {}))
check(p50[len(p50) // 2] < 300, f"the drift is not a delay: p50 {p50[len(p50) // 2]:.0f} us, at most {p50[-1]:.0f}")
drift = (rows[19]["delay_us"]["base"] - rows[7]["delay_us"]["base"]) / 12
check(abs(drift - 50) < 25, f"the base moves by {drift:.0f} us a second")
END
done_testing
