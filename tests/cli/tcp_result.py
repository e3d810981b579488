#!/usr/bin/env python3
"""tcp_result.py FILE [SECONDS]: what iperf3 writes about a TCP test in which it sends: retransmits and round trips, no packets."""
import json
import random
import sys

rng, seconds = random.Random(1), int(sys.argv[2]) if len(sys.argv) > 2 else 600
rows, total = [], 0
for i in range(seconds):
    again = rng.randint(5, 40) if seconds // 2 <= i < seconds // 2 + 20 else int(rng.random() < 0.02)
    rate = 1250000 // (2 if again > 1 else 1)
    total += again
    stream = {"socket": 5, "start": i, "end": i + 1, "seconds": 1, "bytes": rate, "bits_per_second": rate * 8, "retransmits": again,
              "snd_cwnd": 300000 // (1 + again), "snd_wnd": 3000000, "rtt": 151000 + rng.randint(0, 900) + 300 * again, "rttvar": 40, "pmtu": 1500,
              "omitted": False, "sender": True}
    rows.append({"streams": [stream], "sum": {k: stream[k] for k in ("start", "end", "seconds", "bytes", "bits_per_second", "retransmits", "omitted", "sender")}})
data = sum(r["sum"]["bytes"] for r in rows)
end = {"start": 0, "end": seconds, "seconds": seconds, "bytes": data, "bits_per_second": data * 8 / seconds}
with open(sys.argv[1], "w") as out:
    json.dump({"start": {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12",
                         "timestamp": {"timesecs": 1763168446}, "connecting_to": {"host": "192.0.2.2"},
                         "test_start": {"protocol": "TCP", "num_streams": 1, "blksize": 131072, "duration": seconds, "reverse": 0, "target_bitrate": 10000000}},
               "intervals": rows, "end": {"streams": [], "sum_sent": dict(end, retransmits=total, sender=True), "sum_received": dict(end, sender=True),
                                          "sender_tcp_congestion": "cubic"}}, out)
