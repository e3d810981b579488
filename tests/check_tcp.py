"""check_tcp.py RESULT: checks a TCP result for consistency. One TAP-like line each."""
import json, sys

def check(good, what):
    global failed
    failed |= not good
    print(("ok - " if good else "not ok - ") + what)

failed = False
name = sys.argv[1].rsplit("/", 1)[-1].split("_20")[0]
result = json.load(open(sys.argv[1]))
rows, own, end = result["intervals"], result["longhaul"], result["end"]
sums, is_sender = [r["sum"] for r in rows], own["role"] == "sender"
sent, received = end.get("sum_sent", {}), end.get("sum_received", {})
here = sent if is_sender else received
check(own["protocol"] == "TCP" and "sum" not in end and "packets" not in sums[0], f"{name}: iperf3's form for TCP")
check(len(rows) == own["duration_s"], f"{name}: {len(rows)} intervals")
check(here.get("bytes") == sum(s["bytes"] for s in sums), f"{name}: bytes are the sum over intervals")
check("bytes" in sent and "bytes" in received and "retransmits" in sent, f"{name}: what either end counted")
check(all("socket" in s for r in rows for s in r["streams"]) and all(len(r["streams"]) == own["streams"] for r in rows), f"{name}: streams")
if is_sender:
    check(sent["retransmits"] == sum(s["retransmits"] for s in sums), f"{name}: retransmits are the sum over intervals")
    check(all(s["snd_cwnd"] > 0 and s["rtt"] > 0 and s["pmtu"] > 0 for r in rows for s in r["streams"]), f"{name}: windows and round trips")
    check(all(r["longhaul"]["tcp"]["segments"] > 0 for r in rows[:-1]), f"{name}: segments")
else:
    check("retransmits" not in sums[0] and all("out_of_order_segments" in r["longhaul"]["tcp"] for r in rows[:-1]), f"{name}: a receiver's rows")
if own["rate_bps"]:
    asked = own["rate_bps"] * own["streams"]
    check(abs(here["bits_per_second"] - asked) < 0.05 * asked, f"{name}: {here['bits_per_second'] / 1e6:.2f} Mbit/s of {asked / 1e6:.0f}")
if own["congestion"]:
    check(end.get("sender_tcp_congestion") == own["congestion"], f"{name}: {own['congestion']}")
known = [ms for at, ms in own.get("rtt", []) if ms is not None]
check(len(known) >= 1 and max(known) < 1000, f"{name}: {len(known)} round trips by {own.get('rtt_method')}")
check(own["host"]["start"]["n_cpus"] >= 1 and "drops" in own["host"], f"{name}: the host's facts")
check(own["gaps"] == [] and [s["ending"] for s in own["segments"]] == ["complete"], f"{name}: one session to its end")
sys.exit(failed)
