#!/usr/bin/env python3
"""legs.py DIR [--seconds N] [--sites N] [--days N] [--sender]: tests of a hub and its spokes as a receiver would have written them,
with what goes wrong on long paths: independent losses, bursts, jitter at busy hours, a hub-wide second of trouble, a gap, a test that
died at a quarter of its time. --sites N: a mesh of N sites instead, short tests. The figures come from a fixed seed."""
import argparse, json, math, os, random, time

parser = argparse.ArgumentParser()
parser.add_argument("dir")
parser.add_argument("--seconds", type=int, default=86400)
parser.add_argument("--sites", type=int, default=0)
parser.add_argument("--days", type=int, default=1)
parser.add_argument("--sender", action="store_true")
args = parser.parse_args()
os.makedirs(args.dir, exist_ok=True)
BEGIN = 1763168446  # 2025-11-15 01:00:46 UTC


def write(source, destination, seconds, start, loss, jitter, died=1.0, gap=None, bursts=(), seed=0):
    r = random.Random("%s-%s-%d-%d" % (source, destination, start, seed))
    rows, lost_sum, packets_sum = [], 0, 0
    for i in range(int(seconds * died)):
        share = i / seconds
        if gap and gap[0] <= share < gap[1]:
            continue
        packets = 902 if r.random() < 0.92 else 901
        lost = 1 if r.random() < loss else 0
        j = jitter * (1 + 0.15 * r.random() + (0.8 * math.sin((share - 0.55) * math.pi / 0.2) ** 2 if 0.55 < share < 0.75 else 0))
        for at, length, rate, more in bursts:
            if at <= share < at + length:
                lost += sum(r.random() < rate for _ in range(30)) * packets // 30
                j += more * r.random()
        lost = min(lost, packets)
        row = {"start": i, "end": i + 1, "seconds": 1, "bytes": (packets - lost) * 1386,
               "bits_per_second": (packets - lost) * 11088.0, "packets": packets, "omitted": False, "sender": args.sender}
        if not args.sender:
            row.update(jitter_ms=j, lost_packets=lost, lost_percent=100 * lost / packets)
        rows.append('{"sum":%s}' % json.dumps(row))
        lost_sum, packets_sum = lost_sum + lost, packets_sum + packets
    stamp = time.strftime("%Y%m%d_%H%M%S", time.gmtime(start))
    hours = "%dH" % (seconds // 3600) if seconds % 3600 == 0 else "%dS" % seconds
    begin = {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12",
             "timestamp": {"timesecs": start}, "connecting_to": {"host": "192.0.2.2"},
             "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": seconds, "target_bitrate": 10000000,
                            "reverse": 0 if args.sender else 1}}
    end = {"sum": {"seconds": len(rows), "bits_per_second": 1e7, "jitter_ms": j, "lost_packets": lost_sum, "packets": packets_sum,
                   "lost_percent": 100.0 * lost_sum / packets_sum}}
    with open("%s/%s-%s-10M_%s_%s.json" % (args.dir, source, destination, hours, stamp), "w") as out:
        out.write('{"start":%s,"intervals":[%s],"end":%s}\n' % (json.dumps(begin), ",".join(rows), json.dumps(end)))


def hub():
    legs = [("HK", "WUS", 2e-5, 0.0051), ("KC", "WUS", 2e-4, 0.0066), ("UAE", "WUS", 0.015, 0.0106), ("WUS", "HK", 1e-3, 0.0059),
            ("WUS", "KC", 2e-3, 0.0045), ("WUS", "UAE", 5e-3, 0.0102)]
    s = max(1.0 / args.seconds, 1e-9)
    for day in range(args.days):
        for source, destination, loss, jitter in legs:
            trouble = [(0.62, 25 * s, 0.5, 4.0)]  # the hub's: all legs
            if "UAE" in (source, destination):
                trouble += [(0.31, 120 * s, 0.08, 1.0), (0.33, 2 * s, 1.0, 0)]
            if (source, destination) == ("UAE", "WUS"):
                trouble += [(0.8 + 0.01 * k, 40 * s, 0.05, 0.3) for k in range(6)] + [(0.47, 1 * s, 0.3, 0)]
            died = 0.26 if (source, destination) == ("WUS", "KC") and day == 0 else 1.0
            gap = (0.40, 0.43) if (source, destination) == ("HK", "WUS") else None
            write(source, destination, args.seconds, BEGIN + day * 86400, loss, jitter, died, gap, trouble)


def mesh():
    r = random.Random(7)
    for a in range(args.sites):
        for b in range(args.sites):
            if a != b and r.random() < 0.9:
                write("S%02d" % a, "S%02d" % b, 20, BEGIN, 10 ** r.uniform(-5, -0.5) if r.random() < 0.4 else 0, 10 ** r.uniform(-2.5, 0.5),
                      died=1.0 if r.random() < 0.95 else 0.5)


mesh() if args.sites else hub()
