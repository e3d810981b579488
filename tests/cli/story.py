#!/usr/bin/env python3
"""story.py DIR [SECONDS]: results of six legs, as their receivers write them, in which something happens to a leg (HK->WUS loses in
bursts from 2/3 on, and its jitter rises), to a pair (KC and WUS, at 1/2), to the hub (all legs silent for 40 s at 1/4), and UAE->WUS ends at 5/6 of
its time. Prints what happened, as JSON."""
import json
import os
import random
import sys

folder, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 86400
START = 1763168446
os.makedirs(folder, exist_ok=True)
hub_s, pair_s, leg_s, end_s = seconds // 4, seconds // 2, seconds * 2 // 3, seconds * 5 // 6


def lost_at(leg, i, rng):
    if hub_s <= i < hub_s + 40:
        return 901
    if "KC" in leg and pair_s <= i < pair_s + 20:
        return 300
    if leg == "HK-WUS" and i >= leg_s and i % max(60, seconds // 48) < 8:
        return rng.randint(20, 90)
    return 1 if rng.random() < (0.002 if leg != "WUS-HK" else 0.0005) else 0


def write(leg):
    rng = random.Random(leg)
    source, destination = leg.split("-")
    length = end_s if leg == "UAE-WUS" else seconds
    jitter, packets_sum, lost_sum, bytes_sum, rows = 0.01, 0, 0, 0, []
    for i in range(length):
        packets = 902 if i % 8 else 901
        lost = lost_at(leg, i, rng)
        silent = lost == 901
        arrived = 0 if silent else packets - lost
        seen = 0 if silent else packets + (901 * 40 if i == hub_s + 40 else 0)  # sequence numbers tell of them after
        lost = 0 if silent else lost + (901 * 40 if i == hub_s + 40 else 0)
        jitter += (abs(rng.random() - 0.5) * (0.8 if leg == "HK-WUS" and i >= leg_s else 0.04) - jitter) / 16
        packets_sum, lost_sum, bytes_sum = packets_sum + seen, lost_sum + lost, bytes_sum + arrived * 1386
        rows.append('{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":%d,"bits_per_second":%d,"jitter_ms":%.6f,"lost_packets":%d,'
                    '"packets":%d,"lost_percent":%.6g,"omitted":false,"sender":false}}'
                    % (i, i + 1, arrived * 1386, arrived * 11088, jitter, lost, seen, 100 * lost / seen if seen else 0))
    start = {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12",
             "timestamp": {"timesecs": START}, "connecting_to": {"host": "192.0.2.2"},
             "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": seconds, "reverse": 1,
                            "target_bitrate": 10000000}}
    end = {"sum": {"start": 0, "end": length, "seconds": length, "bytes": bytes_sum, "bits_per_second": bytes_sum * 8 / length,
                   "jitter_ms": round(jitter, 6), "lost_packets": lost_sum, "packets": packets_sum,
                   "lost_percent": 100 * lost_sum / packets_sum, "sender": False}}
    hours = "%dS" % seconds if seconds % 3600 else "%dH" % (seconds // 3600)
    with open("%s/%s-10M_%s_20251115_010046.json" % (folder, leg, hours), "w") as out:
        out.write('{"start":%s,"intervals":[%s],"end":%s}\n' % (json.dumps(start), ",".join(rows), json.dumps(end)))


for name in ("HK-WUS", "WUS-HK", "KC-WUS", "WUS-KC", "UAE-WUS", "WUS-UAE"):
    write(name)
json.dump({"start": START, "seconds": seconds, "hub_s": hub_s, "pair_s": pair_s, "leg_s": leg_s, "end_s": end_s}, sys.stdout)
