"""check_gaps.py NAME RESULT SECONDS [CAUSE FROM TO]...: compares a result's gaps with what was done to the leg (times of day, this host's)."""
import json, sys

def check(good, what):
    global failed
    failed |= not good
    print(("ok - " if good else "not ok - ") + what)

failed = False
name, path, planned = sys.argv[1], sys.argv[2], float(sys.argv[3])
wanted = [(sys.argv[i], float(sys.argv[i + 1]), float(sys.argv[i + 2])) for i in range(4, len(sys.argv), 3)]
result = json.load(open(path))
own, rows = result["longhaul"], result["intervals"]
start = own["first_interval_unix_us"] / 1e6 - rows[0]["sum"]["end"]
gaps = own["gaps"]
check([g["cause"] for g in gaps] == [w[0] for w in wanted], f"{name}: gaps {[g['cause'] for g in gaps]}")
check(all(g.get("noticed_by") and g.get("text") for g in gaps), f"{name}: each says how it was noticed {[g.get('noticed_by') for g in gaps]}")
lost = 0.0
for gap, (cause, since, until) in zip(gaps, wanted):
    begin, end = start + gap["start_s"], start + gap["start_s"] + gap["seconds"]
    check(abs(begin - since) < 2, f"{name}: the gap begins {begin - since:+.2f} s from the fault")
    check(-2 < end - until < 5, f"{name}: traffic {end - until:+.2f} s after the healing")
    lost += end - begin
    after = [r for r in rows if r["sum"]["start"] >= gap["start_s"] + gap["seconds"] - 0.001]
    check(after and after[0]["sum"]["bytes"] > 0, f"{name}: it flows again")
    inside = [r for r in rows if gap["start_s"] <= r["sum"]["start"] < gap["start_s"] + gap["seconds"] - 0.001]
    check(all(r.get("longhaul", {}).get("confirmed") is False for r in inside), f"{name}: the {len(inside)} rows in the gap say so")
check(abs(own["coverage"] - (planned - lost) / planned) < 0.01 + 1 / planned, f"{name}: coverage {own['coverage']:.4f}")
ends = [r["sum"]["end"] for r in rows]
back = [(a, b) for a, b in zip(ends, ends[1:]) if b <= a]
check(not back and abs(ends[-1] - planned) < 1.5, f"{name}: the axis runs to {ends[-1]:.2f} s {back}")
sys.exit(failed)
