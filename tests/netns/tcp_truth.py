"""tcp_truth.py KIND RESULT COUNTS RTT_MS: compares a TCP leg's result with what its wire did."""
import json, math, statistics, sys

kind, path, counts, wire_rtt_ms = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
failed = False

def check(good, what):
    global failed
    failed |= not good
    print(("ok - " if good else "not ok - ") + f"{kind}: {what}")

d = json.load(open(path))
came, lost = map(int, open(counts).read().split())
rows, own, end = d["intervals"], d["longhaul"], d["end"]
sums = [r["sum"] for r in rows]
seen = [r["longhaul"].get("tcp", {}) for r in rows]
total = lambda key: sum(t.get(key, 0) for t in seen)
mbps = sum(s["bytes"] for s in sums) * 8 / sums[-1]["end"] / 1e6
if kind.startswith("by_tcp"):
    known = [ms for at, ms in own["rtt"] if ms is not None]
    silent = [ms is None for at, ms in own["rtt"]]
    check(own["rtt_method"] == "tcp" and len(known) >= 4, f"{len(known)} round trips, the last by {own['rtt_method']}")
    check(known and wire_rtt_ms <= min(known) < wire_rtt_ms + 40, f"least round trip {min(known):.1f} ms over a wire of {wire_rtt_ms:.0f} ms")
    check(sum(silent) == (3 if kind == "by_tcp_later" else 0) and not any(silent[3:]), f"echoes without an answer: {silent}")
    check(own["gaps"] == [] and len(own["segments"]) == 1 and own["segments"][0]["ending"] == "complete", "the test was not disturbed")
    check(end["sum"]["lost_packets"] == 0 or kind == "by_tcp", f"lost {end['sum']['lost_packets']} of {end['sum']['packets']}")
    sys.exit(failed)
check(own["protocol"] == "TCP" and d["start"]["test_start"]["protocol"] == "TCP", "the protocol is named")
check("sum" not in end and {"sum_sent", "sum_received"} & set(end), "an end in iperf3's form for TCP")

if kind != "receiver":
    samples = [ms for at, ms in own["rtt"]]
    known = [ms for ms in samples if ms is not None]
    check(len(samples) >= 10, f"{len(samples)} round trips ({own['rtt_method']})")
    # the wire is a program of its own: on a loaded machine it is late, never early
    check(known and wire_rtt_ms <= min(known) < wire_rtt_ms + 40, f"least round trip {min(known):.1f} ms over a wire of {wire_rtt_ms:.0f} ms")
    check(all(a[0] < b[0] for a, b in zip(own["rtt"], own["rtt"][1:])), "samples in the order of time")
    host = own["host"]
    check(host["start"]["interface"] and host["end"]["drops"] and host["drops"]["udp_receive_buffer"] == 0, "the host's facts, before and after")

if kind == "lossy":
    retransmits = sum(s["retransmits"] for s in sums)
    check(retransmits == end["sum_sent"]["retransmits"] == own["segments"][0]["retransmits"], "the end's retransmits are the sum over intervals")
    # What was lost in the last round trips was not retransmitted; what was retransmitted may have arrived already.
    check(lost > 20 and lost * 0.8 - 5 <= retransmits <= lost * 3 + 20, f"{retransmits} retransmits, the wire lost {lost} of {came}")
    check(abs(total("segments") - came) < 0.15 * came, f"{total('segments'):.0f} segments, {came} packets on the wire")
    stream = rows[5]["streams"][0]
    check(stream["rtt"] >= wire_rtt_ms * 1000 and 536 <= stream["pmtu"] <= 1500 and stream["snd_cwnd"] > 0, f"cwnd {stream['snd_cwnd']}, rtt {stream['rtt']} us, pmtu {stream['pmtu']}")
    rtt_s = statistics.mean(s["streams"][0]["rtt"] for s in rows) / 1e6
    mathis = 1448 * 8 / rtt_s * math.sqrt(1.5) / math.sqrt(lost / came) / 1e6
    check(mbps < 1.5 * mathis, f"{mbps:.2f} Mbit/s, Mathis allows {mathis:.2f}")
if kind == "clamped":
    least = wire_rtt_ms / 1e3
    window = max(s["streams"][0]["snd_wnd"] for s in rows)
    check(0 < window <= 65536, f"the receiver's window is {window}")
    check(mbps * 1e6 / 8 * least <= 1.05 * window, f"{mbps:.2f} Mbit/s, a window in {wire_rtt_ms:.0f} ms is {window * 8 / least / 1e6:.2f}")
    held = total("rwnd_limited_s") + total("sndbuf_limited_s")
    check(held > 0.3 * total("busy_s") > 2, f"held back {held:.1f} s of {total('busy_s'):.1f} s busy")
if kind == "paced":
    check(abs(mbps - 4) < 0.6, f"two streams of 2 Mbit/s add up to {mbps:.2f}")
    check(all(len(r["streams"]) == 2 for r in rows), "two streams in each row")
    check(end["sum_sent"]["retransmits"] == 0 and "retransmits" not in sums[3], "a receiver's rows know no retransmits, its end the sender's")
if kind == "receiver":
    check(own["role"] == "receiver" and total("segments") > 0, f"{total('segments'):.0f} segments arrived")
    check(total("out_of_order_segments") > 0, f"{total('out_of_order_segments'):.0f} out of order after losses")
sys.exit(failed)
