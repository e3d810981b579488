#!/usr/bin/env python3
"""figures.py FILE...: the reference figures of strict iperf3 documents, computed without longhaul's code.

Prints one JSON line per file, keys as `longhaul show --json` names them. --omitted first counts omitted intervals in.
--compare LINES checks such lines (in a file) against the figures instead, to 1e-9.
"""
import json
import math
import statistics
import sys


def figures(path, with_omitted):
    document = json.load(open(path, encoding="utf-8-sig"))
    rows = [i.get("sum") or i["streams"][0] for i in document["intervals"]]
    rows = [r for r in rows if with_omitted or not r.get("omitted")]
    mbps = [r["bits_per_second"] / 1e6 for r in rows]
    rates = [r["packets"] / (r["seconds"] or 1.0) for r in rows if "packets" in r]
    total = document.get("end", {}).get("sum", {})
    return {
        "n_intervals": len(rows), "mean_mbps": statistics.fmean(mbps), "median_mbps": statistics.median(mbps),
        "min_mbps": min(mbps), "max_mbps": max(mbps), "std_mbps": statistics.pstdev(mbps),
        "mean_pkt_rate": statistics.fmean(rates) if rates else None, "jitter_ms": total.get("jitter_ms"),
        "lost_packets": total.get("lost_packets"), "total_packets": total.get("packets"),
        "loss_percent": total.get("lost_percent"),
    }


def same(a, b):
    return a == b if a is None or b is None else math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def main(arguments):
    with_omitted = arguments[:1] == ["--omitted"]
    arguments = arguments[with_omitted:]
    lines = None
    if arguments[:1] == ["--compare"]:
        lines = [json.loads(line) for line in open(arguments[1])]
        arguments = arguments[2:]
    wrong = 0
    for i, path in enumerate(arguments):
        want = figures(path, with_omitted)
        if lines is None:
            print(json.dumps(want))
            continue
        for key, value in want.items():
            if not same(value, lines[i][key]):
                print("%s: %s is %r, want %r" % (path, key, lines[i][key], value))
                wrong += 1
    return wrong > 0 or (lines is not None and len(lines) != len(arguments))


sys.exit(main(sys.argv[1:]))
