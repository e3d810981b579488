#!/usr/bin/env python3
"""long_lists.py KIND FILE: a record whose object "longhaul" is longer than what is read at once (16 to 32 MiB).
  journal       a journal of 20 s with 10,000 traces and 75,000 histograms of delays: its result has 38 MB of them
The others are results of 20 intervals, as no longhaul writes them:
  repeated      24 MB of delays: a list of 6 MB that comes four times, and once more with one element
  element       a trace of 40 MB among two that are good
  member        unknown members of 20 MB and of 40 MB before the members that are known
  members       20 unknown members of nearly 1 MiB each
  nested        20 MB of brackets in the list of traces
  words         an element of each list, and a member, that are not JSON
  many          more delays than are kept
  torn          ends in the middle of the traces"""
import json
import sys

import made

MB = 1 << 20
HISTOGRAM = "".join("ABAA" for _ in range(75))  # 75 bins, each a bin after the last one, with one datagram each

DELAY = '"delay_us":{"base":1,"min":1,"p50":12.5,"p95":25,"p99":31.5,"max":48}'


def trace(i):
    hops = [["198.18.%d.%d" % (hop, 1 + i % 250), 3, 3, 0.5 * hop, 0.5 * hop + 0.25, "24005/0/1/%d 16/0/1/254" % (254 - hop)] for hop in range(1, 17)]
    return {"at_s": 0.001 * i, "seconds": 0.5, "why": "change", "source_port": 40000, "destination_port": 5201, "protocol": "UDP", "by": "raw",
            "distance": 17, "hops": hops, "watch": {"from_s": 0, "hops": [[1000 + i, 1000 + i // 2] for _ in hops]}}


def histogram(i, text=HISTOGRAM):
    return [round(0.0002 * i, 4), round(0.0002 * i + 0.0002, 4), text]


def journal(path):
    lines = open("tests/data/reader/WUS-HK-10M_20S_20251115_010046.journal").read().splitlines()
    events = [{"event": "hops", "data": trace(i)} for i in range(10000)]
    events += [{"event": "delays", "data": dict(zip(("from_s", "until_s", "us"), histogram(i)))} for i in range(75000)]
    lines = [line.replace('"segment":', DELAY + ',"segment":') for line in lines]
    place = max(i for i, line in enumerate(lines) if '"interval"' in line) + 1
    with open(path, "w") as out:
        out.write("\n".join(lines[:place] + [json.dumps(e, separators=(",", ":")) for e in events] + lines[place:]) + "\n")


def lists(key, n, make):
    return '"%s":[%s]' % (key, ",".join(json.dumps(make(i), separators=(",", ":")) for i in range(n)))


def members(kind):
    """The text of the members of "longhaul", behind those that all have."""
    two = lists("hops", 2, trace)
    six = lists("delays", 6 * MB // 320, histogram)
    return {"repeated": lambda: ",".join([six] * 4 + [lists("delays", 1, histogram), two]),
            "element": lambda: '"hops":[%s,{"at_s":1,"x":"%s"},%s]' % (json.dumps(trace(0)), "x" * (40 * MB), json.dumps(trace(1))),
            "member": lambda: '"future":"%s","later":"%s",%s' % ("x" * (20 * MB), "x" * (40 * MB), two),
            "members": lambda: ",".join('"future%d":"%s"' % (i, "x" * (MB - 100)) for i in range(20)) + "," + two,
            "nested": lambda: '"hops":[%s]' % ("[" * (10 * MB) + "]" * (10 * MB)),
            "words": lambda: '"rtt":[tru,[1,5.5]],"gaps":[{"start_s":1x},{"start_s":3,"seconds":1,"cause":"network"}],'
                             '"delays":[[0,1,],[1,2,"%s"]],"future":{1},%s' % (HISTOGRAM, two),
            "many": lambda: '"delays":[%s],%s' % (",".join('[%d,%d,"AAA"]' % (i, i + 1) for i in range(MB + 2)), two),
            "torn": lambda: lists("hops", 2000, trace)}[kind]()


def result(kind, path):
    document = made.leg("HK-WUS", seconds=20)[4]
    for row in document["intervals"]:
        row["longhaul"] = json.loads("{%s}" % DELAY)
    own = '"format":1,"version":"0.3.0","source":"HK","destination":"WUS","duration_s":25,'
    text = json.dumps(document)[:-1] + ',"longhaul":{' + own + members(kind) + ',"stopped_s":20}}\n'
    with open(path, "w") as out:
        out.write(text[:len(text) - 3000] if kind == "torn" else text)


journal(sys.argv[2]) if sys.argv[1] == "journal" else result(*sys.argv[1:])
