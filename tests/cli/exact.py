#!/usr/bin/env python3
"""exact.py make FILE: a day of a receiver's intervals with losses, a burst and tiny ends, as iperf3 writes it.
exact.py check FILE LINE: compares a line of `longhaul show --json` with figures computed here, with only the standard library
and with other methods than longhaul's: exact fractions, sorting, counting. To 1e-12, counts exactly.
"""
import json
import math
import random
import sys
from fractions import Fraction

N, START, SIZE = 86400, 1763168446, 1386


def make(path):
    dice = random.Random(24)
    rows = []
    for i in range(N):
        packets = 7215 * (i + 1) // 8 - 7215 * i // 8  # 901.875 a second
        lost = dice.random() < 0.002 and dice.choice([1, 1, 1, 2, 7, 40]) or (dice.randrange(200) if 50000 <= i < 50060 else 0)
        size = (packets - lost) * SIZE
        rows.append({"start": float(i), "end": i + 1.0, "seconds": 1.0, "bytes": size, "bits_per_second": 8.0 * size,
                     "jitter_ms": dice.lognormvariate(-5.3, 0.3), "lost_packets": lost, "packets": packets, "omitted": False, "sender": False})
    rows.append({"start": float(N), "end": N + 0.002, "seconds": 0.002, "bytes": 3 * SIZE, "bits_per_second": 8 * 3 * SIZE / 0.002,
                 "jitter_ms": 0.005, "lost_packets": 0, "packets": 3, "omitted": False, "sender": False})
    packets, lost = (sum(r[k] for r in rows) for k in ("packets", "lost_packets"))
    total = {"seconds": N + 0.002, "bits_per_second": 1e7, "jitter_ms": 0.005, "lost_packets": lost, "packets": packets, "lost_percent": 100 * lost / packets}
    json.dump({"start": {"version": "iperf 3.18", "timestamp": {"timesecs": START}, "test_start": {"protocol": "UDP", "num_streams": 1,
               "blksize": SIZE, "duration": N, "reverse": 1, "target_bitrate": 10000000}},
               "intervals": [{"streams": [], "sum": r} for r in rows], "end": {"sum": total}}, open(path, "w"))


def percentiles(values):
    values = sorted(map(Fraction, values))
    out = {"n": len(values), "min": values[0], "max": values[-1]}
    for key, p in (("p1", "0.01"), ("p5", "0.05"), ("p50", "0.5"), ("p95", "0.95"), ("p99", "0.99"), ("p99_9", "0.999")):
        rank = Fraction(p) * (len(values) - 1)
        k = int(rank)
        out[key] = values[k] + (values[min(k + 1, len(values) - 1)] - values[k]) * (rank - k)
    return out


def root(fraction):
    digits = 10 ** 40
    return Fraction(math.isqrt(fraction.numerator * digits * digits // fraction.denominator), digits)


def longest_clean(rows):
    best, since = (0, None), None
    for r in rows + [{"lost_packets": 1, "start": N}]:
        if r["lost_packets"]:
            if since is not None and r["start"] - since > best[0]:
                best = (r["start"] - since, since)
            since = None
        elif since is None:
            since = r["start"]
    return best


def expected(path):
    rows = [i["sum"] for i in json.load(open(path))["intervals"]]
    whole = rows[:N]  # without the tiny last one
    rates = [Fraction(r["bits_per_second"]) / 10**6 for r in rows]
    mean = sum(rates) / len(rates)
    lossy = [r["lost_packets"] > 0 for r in whole]
    after = [b for a, b in zip(lossy, lossy[1:]) if a]
    units = [Fraction(r["bytes"], SIZE) for r in whole]
    unit_mean = sum(units) / N
    fraction = unit_mean - int(unit_mean)
    classes = {"0": 0, "1": 0, "2-10": 0, "11-100": 0, "101-1000": 0, "more": 0}
    for r in whole:
        lost = r["lost_packets"]
        classes["0" if lost == 0 else "1" if lost == 1 else "2-10" if lost <= 10 else "11-100" if lost <= 100 else "101-1000" if lost <= 1000 else "more"] += 1
    clean = longest_clean(whole)
    minutes, hours = {}, {}
    for r in rows:
        for table, length in ((minutes, 60), (hours, 3600)):
            span = table.setdefault((START + int(r["start"])) // length * length, {"rows": []})
            span["rows"].append(r)
    worst = sorted((-sum(r["lost_packets"] for r in m["rows"]), t) for t, m in minutes.items())[:10]
    return {
        "n_intervals": N + 1, "mean_mbps": mean, "std_mbps": root(sum((r - mean) ** 2 for r in rates) / len(rates)),
        "rate_mbps_percentiles": percentiles([Fraction(r["bits_per_second"]) / 10**6 for r in whole]),
        "loss_percent_percentiles": percentiles([Fraction(100 * r["lost_packets"], r["packets"]) for r in whole]),
        "jitter_ms_percentiles": percentiles([r["jitter_ms"] for r in whole]),
        "intervals_bytes": sum(r["bytes"] for r in rows), "intervals_packets": sum(r["packets"] for r in rows),
        "intervals_lost_packets": sum(r["lost_packets"] for r in rows), "coverage": 1,
        "availability": Fraction(sum(100 * r["lost_packets"] < r["packets"] for r in whole), N),
        "clean_seconds": Fraction(clean[0]), "clean_start_s": Fraction(clean[1]), "intervals_by_lost_packets": classes,
        "p_loss": Fraction(sum(lossy), N), "p_loss_after_loss": Fraction(sum(after), len(after)),
        "quantum": {"mbps": Fraction(8 * SIZE, 10**6), "mean_datagrams": unit_mean,
                    "std_mbps": Fraction(8 * SIZE, 10**6) * root(fraction * (1 - fraction)),
                    "share_within_one": Fraction(sum(abs(u - unit_mean) <= 1 for u in units), N)},
        "artefacts": {"tiny": 1, "absurd_count": 0, "absurd_loss": 0, "absurd_jitter": 0, "overlapping": 0},
        "worst_minutes": [{"start_unix_s": t, "lost_packets": -lost} for lost, t in worst],
        "hours": [{"start_unix_s": t, "n_intervals": len(h["rows"]), "lost_packets": sum(r["lost_packets"] for r in h["rows"]),
                   "mean_mbps": Fraction(8 * sum(r["bytes"] for r in h["rows"] if r["seconds"] >= 0.5)) / sum(Fraction(r["seconds"]) for r in h["rows"] if r["seconds"] >= 0.5) / 10**6}
                  for t, h in sorted(hours.items())],
        "verdict": "valid with notes",
    }


def differences(where, got, want):
    if isinstance(want, dict):
        return [d for k in want for d in differences("%s.%s" % (where, k), got.get(k), want[k])]
    if isinstance(want, list):
        if len(got) != len(want):
            return ["%s has %d, want %d" % (where, len(got), len(want))]
        return [d for i, w in enumerate(want) for d in differences("%s[%d]" % (where, i), got[i], w)]
    if isinstance(want, str) or got is None:
        return [] if got == want else ["%s is %r, want %r" % (where, got, want)]
    if isinstance(want, int):
        return [] if got == want else ["%s is %r, want %d" % (where, got, want)]
    return [] if math.isclose(got, want, rel_tol=1e-12, abs_tol=1e-15) else ["%s is %r, want %r" % (where, got, float(want))]


def main(command, path, line=None):
    if command == "make":
        make(path)
        return 0
    found = differences("", json.load(open(line)), expected(path))
    print("\n".join(found))
    return len(found) > 0


sys.exit(main(*sys.argv[1:]))
