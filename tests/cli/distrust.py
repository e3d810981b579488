#!/usr/bin/env python3
"""distrust.py make KIND FILE, or distrust.py page FILE: files with one impossible value each; and whether the live charts' data in a page
are JSON that chart_data.js can decode (times that increase, without an unexplained gap)."""
import json
import math
import re
import sys


def interval(i, **other):
    row = {"start": float(i), "end": i + 1.0, "seconds": 1.0, "bytes": 1250000, "bits_per_second": 1e7, "jitter_ms": 0.01, "lost_packets": 0,
           "packets": 902, "lost_percent": 0.0, "omitted": False, "sender": False}
    row.update(other)
    return {"sum": row}


def document(rows, duration=None, timesecs=1763168446):
    known = [row["sum"]["packets"] for row in rows]
    return {"start": {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12", "timestamp": {"timesecs": timesecs},
                      "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": duration or len(rows), "reverse": 1,
                                     "target_bitrate": 10000000}},
            "intervals": rows,
            "end": {"sum": {"seconds": len(rows), "bytes": 1250000 * len(rows), "bits_per_second": 1e7, "jitter_ms": 0.01, "lost_packets": 0,
                            "packets": sum(known), "lost_percent": 0.0, "sender": False}}}


def plain(n=40):
    return [interval(i) for i in range(n)]


def replaced(at, **other):
    rows = plain()
    rows[at] = interval(at, **other)
    return document(rows)


def said(text):
    """A message and a version that a terminal would obey: ESC, CSI, a title."""
    document_ = document(plain())
    document_["error"] = document_["start"]["version"] = text
    return document_


def half_known():
    """A tenth is lost in the second half; of the first half nobody knows."""
    rows = [interval(i, lost_packets=90, packets=900) for i in range(3600)]
    for row in rows[:1800]:
        del row["sum"]["lost_packets"], row["sum"]["lost_percent"], row["sum"]["jitter_ms"]
    return document(rows, timesecs=1763164800)


def formula():
    text = '=HYPERLINK("http://e.example/","x")'
    document_ = said(text)
    document_["start"]["test_start"]["protocol"] = text
    document_["start"]["connected"][0]["local_host"] = text
    return document_


def thirty_gaps():
    """A sender's record: in 30 s of 100 nobody knows what arrived."""
    rows = [interval(i, sender=True) for i in range(100)]
    document_ = document(rows)
    document_["longhaul"] = {"version": "0.1.0", "source": "HK", "destination": "WUS", "duration_s": 100, "rate_bps": 10000000,
                             "gaps": [{"start_s": 10 + 2 * i, "seconds": 1, "cause": "path-silent"} for i in range(30)]}
    return document_


def no_end():
    document_ = document([interval(i, lost_packets=9, packets=900) for i in range(100)])
    del document_["end"]
    return document_


def no_start():
    document_ = document(plain())
    del document_["start"]["timestamp"]
    return document_


def round_trips_of_ages():
    document_ = document(plain())
    document_["longhaul"] = {"version": "0.1.0", "source": "HK", "destination": "WUS", "duration_s": 40, "rtt_method": "icmp",
                             "rtt": [[0, 10.5], [10, 11], [1e15, 5], [1e306, 3], [20, 1e306], [30, None], [35, 12]]}
    return document_


KINDS = {
    "round_trips_of_ages": round_trips_of_ages,
    "no_start": no_start,
    "day_2": lambda: document(plain(), timesecs=1763168446 + 86400),
    "day_1": lambda: document(plain(), timesecs=1763168446),
    "thirty_gaps": thirty_gaps,
    "no_end": no_end,
    "formula": formula,
    "half_known": half_known,
    "terminal": lambda: said("\x1b[31m \x9b32m \x1b]0;owned\x07 \x7f \u00e9"),
    "plan_of_ages": lambda: document(plain(), duration=1e12),
    "plan_without_end": lambda: document(plain(), duration=1e30),
    "interval_in_ages": lambda: replaced(20, start=1e15, end=1e15 + 1),
    "interval_without_end": lambda: replaced(20, start=1e306, end=1e306),
    "interval_no_length": lambda: replaced(20, seconds=math.nan),
    "interval_no_start": lambda: replaced(20, start=math.nan),
    "interval_no_time": lambda: replaced(20, start=math.nan, end=math.nan, seconds=math.nan),
    "start_in_ages": lambda: document(plain(), timesecs=1e18),
}


def many(n, start_of, bytes_of):
    """A document of so many intervals, as text."""
    rows = ",".join('{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":%d,"bits_per_second":%d}}' % (start_of(i), start_of(i) + 1, bytes_of(i), 8 * bytes_of(i))
                    for i in range(n))
    return '{"start":{"timestamp":{"timesecs":1763168446},"test_start":{"protocol":"UDP","duration":%d}},"intervals":[%s],"end":{"sum":{"seconds":%d}}}' % (start_of(n), rows, start_of(n))


TEXTS = {
    "outage_each_hour": lambda: many(100000, lambda i: 3600 * i, lambda i: 1250000),
    "outage_each_moment": lambda: many(150000, lambda i: i, lambda i: 1250000 if i % 3 == 0 else 0),
}


def make(kind, path):
    with open(path, "w") as out:
        if kind in TEXTS:
            out.write(TEXTS[kind]())
            return
        json.dump(KINDS[kind](), out)


def refuse(word):
    raise ValueError("%s is not JSON" % word)


def page(path):
    with open(path) as text:
        data = json.loads(re.search(r"id=data>(.*?)</script>", text.read(), re.S).group(1), parse_constant=refuse)
    for leg in data["legs"]:
        end, length = 0, 0
        for step, differs in zip(leg["t"], leg["d"]):
            assert step is not None and differs is not None, "a time is not known"
            length += differs
            end += step + length
        assert 35000 <= end <= 45000, "the rows end at %s ms" % end
        assert leg["length"] < 1e12 and all(abs(v) < 1e12 for gap in leg["gaps"] for v in gap[:2]), "times that no axis has"


if sys.argv[1] == "make":
    make(*sys.argv[2:])
else:
    page(sys.argv[2])
