"""check_result.py RESULT [CALLBACKS]: checks a result for consistency, and against what the callbacks reported. One TAP-like line each."""
import json, statistics, sys

import whole

def check(good, what):
    print(("ok - " if good else "not ok - ") + what)

name = sys.argv[1].rsplit("/", 1)[-1].split("_20")[0]
try:
    result = json.load(open(sys.argv[1]))
except (OSError, ValueError) as e:
    print(f"not ok - {name}: {e}")
    sys.exit(1)
want_n = int(sys.argv[3]) if len(sys.argv) > 3 else None
sums = [i["sum"] for i in result["intervals"]]
own = result["longhaul"]
if want_n is not None:
    fault = whole.fault(sums, want_n * own["interval_s"], own["interval_s"])
    check(not fault, f"{name}: {want_n} intervals {fault}")
end = result["end"]["sum"]
check(end["bytes"] == sum(s["bytes"] for s in sums), f"{name}: end bytes are the sum over intervals")
check(end["packets"] == sum(s["packets"] for s in sums), f"{name}: end packets are the sum over intervals")
check(abs(end["seconds"] - sums[-1]["end"]) < 1e-9, f"{name}: seconds are the last interval's end")
check(abs(end["bits_per_second"] - end["bytes"] * 8 / end["seconds"]) < 1e-6, f"{name}: rate is bytes over seconds")
check(own["source"] and own["destination"] and own["segments"][0]["cookie"] == result["start"]["cookie"], f"{name}: labels and cookie")
check(all(0 <= b["start"] - a["end"] < whole.SHORTEST * own["interval_s"] for a, b in zip(sums, sums[1:])), f"{name}: the axis has no hole")
if own["role"] == "receiver":
    check(end["lost_packets"] == sum(s["lost_packets"] for s in sums), f"{name}: losses are the sum over intervals")
if len(sys.argv) > 2 and sys.argv[2] != "-":
    rows = [json.loads(line) for line in open(sys.argv[2])]
    running = [r["running_ns"] for r in rows if "running_ns" in r][0]
    calls = [r for r in rows if "start_s" in r]
    check(len(calls) == len(sums), f"{name}: a callback for every interval ({len(calls)})")
    same = all(c["bytes"] == s["bytes"] and c["packets"] == s["packets"] and c["bits_per_second"] == s["bits_per_second"] and
               abs(c["start_s"] - s["start"]) < 1e-9 and c["seconds"] == s["seconds"] and
               c.get("lost_packets") == s.get("lost_packets") and c.get("jitter_ms") == s.get("jitter_ms")
               for c, s in zip(calls, sums))
    check(same, f"{name}: the callbacks' numbers are the file's")
    late = [(c["now_ns"] - running) / 1e9 - s["end"] for c, s in zip(calls, sums)]
    check(abs(statistics.median(late)) < 0.3, f"{name}: median callback {statistics.median(late):.4f} s after its interval's end")
