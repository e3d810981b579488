#!/usr/bin/env python3
"""gaps.py DIR [SECONDS [EVERY]]: results of two legs as longhaul writes them, with gaps of several lengths and causes, and round trips
during the test, every so many seconds (60), some of them unanswered. Prints what there is, as JSON."""
import json
import math
import os
import random
import sys

folder, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 86400
every = int(sys.argv[3]) if len(sys.argv) > 3 else 60
START = 1763168446
os.makedirs(folder, exist_ok=True)
# Shares of the time, and why. The last is too short for a word.
GAPS = {"WUS-HK": [(0.10, 0.16, "path-silent"), (0.25, 0.27, "peer-closed"), (0.40, 0.4005, "link-down"), (0.60, 0.75, "suspended")],
        "HK-WUS": [(0.10, 0.16, "path-silent"), (0.85, 0.90, "restarted")]}
SILENT = (0.101, 0.158)  # no answer to what measures round trips either


def row_of(leg, i, rng):
    packets = 902 if i % 8 else 901
    lost = int(rng.random() < 0.002)
    row = {"start": i, "end": i + 1, "seconds": 1, "bytes": packets * 1386, "bits_per_second": packets * 11088.0, "packets": packets,
           "omitted": False, "sender": leg == "HK-WUS"}
    if leg == "WUS-HK":
        row.update(jitter_ms=0.005 + 0.002 * rng.random(), lost_packets=lost, lost_percent=100 * lost / packets)
    return row


def round_trips(rng, share_of):
    samples = []
    for at in range(0, seconds, every):
        share = share_of(at)
        level = 151.2 + 0.4 * math.sin(2 * math.pi * share) + 0.05 * rng.random() + (4 if share > 0.8 else 0)
        samples.append([at + 0.25, None if SILENT[0] <= share < SILENT[1] else round(level, 3)])
    return samples


def write(leg):
    rng = random.Random(leg)
    source, destination = leg.split("-")
    gaps = [(math.ceil(a * seconds), math.ceil(b * seconds), cause) for a, b, cause in GAPS[leg]]
    rows = [row_of(leg, i, rng) for i in range(seconds) if not any(a <= i < b for a, b, _ in gaps)]
    is_sender, lost = leg == "HK-WUS", sum(r.get("lost_packets", 0) for r in rows)
    begin = {"connected": [{"local_host": "192.0.2.2", "remote_host": "192.0.2.1"}], "version": "iperf 3.12", "timestamp": {"timesecs": START},
             "connecting_to": {"host": "192.0.2.1"},
             "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": seconds, "reverse": int(not is_sender),
                            "target_bitrate": 10000000}}
    packets = sum(r["packets"] for r in rows)
    end = {"sum": {"start": 0, "end": seconds, "seconds": len(rows), "bytes": packets * 1386, "bits_per_second": packets * 11088 / len(rows),
                   "jitter_ms": 0.0061, "lost_packets": lost, "packets": packets, "lost_percent": 100 * lost / packets, "sender": is_sender}}
    samples = round_trips(rng, lambda at: at / seconds)
    longhaul = {"format": 1, "version": "0.1.0", "role": "sender" if is_sender else "receiver", "source": source, "destination": destination,
                "direction": "push" if is_sender else "pull", "protocol": "UDP", "peer": "192.0.2.1", "rate_bps": 10000000, "duration_s": seconds,
                "start_unix_us": START * 1000000, "rtt_method": "icmp", "rtt": samples,
                "gaps": [{"start_s": a, "seconds": b - a, "cause": cause, "noticed_by": "a watch", "text": "as the test says"} for a, b, cause in gaps]}
    name = "%s-10M_%s_20251115_010046.json" % (leg, "%dS" % seconds if seconds % 3600 else "%dH" % (seconds // 3600))
    with open(os.path.join(folder, name), "w") as out:
        json.dump({"start": begin, "intervals": [{"sum": r} for r in rows], "end": end, "longhaul": longhaul}, out)
    return {"gaps": gaps, "rtt": samples}


json.dump(dict({leg: write(leg) for leg in GAPS}, start=START, seconds=seconds), sys.stdout)
