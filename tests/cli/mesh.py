#!/usr/bin/env python3
"""mesh.py DIR N [SECONDS]: results of every leg between N sites; loss grows with the sites' numbers, leg S0-S1 ends early."""
import json
import sys

folder, n, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 30
for a in range(n):
    for b in range(n):
        if a == b:
            continue
        length = seconds // 2 if (a, b) == (0, 1) else seconds
        lost = [(a * b * (i % 7 == 0)) // 4 for i in range(length)]
        rows = [{"sum": {"start": i, "end": i + 1, "seconds": 1, "bytes": (902 - l) * 1386, "bits_per_second": (902 - l) * 11088, "jitter_ms": 0.01 + a / 100,
                         "packets": 902, "lost_packets": l, "lost_percent": l / 9.02, "omitted": False, "sender": False}} for i, l in enumerate(lost)]
        with open("%s/S%d-S%d-10M_%dS_20251115_010046.json" % (folder, a, b, seconds), "w") as out:
            json.dump({"start": {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12",
                                 "timestamp": {"timesecs": 1763168446}, "connecting_to": {"host": "192.0.2.2"},
                                 "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": seconds, "reverse": 1,
                                                "target_bitrate": 10000000}},
                       "intervals": rows,
                       "end": {"sum": {"seconds": length, "bytes": 0, "bits_per_second": 1e7, "jitter_ms": 0.01, "lost_packets": sum(lost),
                                       "packets": 902 * length, "lost_percent": sum(lost) / 9.02 / length, "sender": False}}}, out)
