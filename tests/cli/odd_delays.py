#!/usr/bin/env python3
"""odd_delays.py make DIR: results and journals whose members of delays, silences and losses in a row have values that nothing measured.
odd_delays.py results JSON: what show --json says of them. odd_delays.py whole RESULT...: journals became results with all their rows.
odd_delays.py shared DIR: a pair whose sessions share times and cookies; odd_delays.py page FILE: what a page shows."""
import json
import math
import os
import re
import sys

N_ROWS = 70
FIRST_S = 1763168446
USUAL = {"base": 100, "min": 0, "p50": 10, "p95": 20, "p99": 30, "max": 40, "ipdv50": 5, "ipdv99": 9, "silence": 1500}
OWN = {"loss_runs": 1, "longest_run": 2, "runs": "0,2"}
MEMBERS = tuple(USUAL) + ("silent", "silences", "shift", "shifted", "step", "read")
OWN_MEMBERS = tuple(OWN) + ("reorder_extent", "reorder_late_us")
VALUES = {"nan": "NaN", "infinite": "1e999", "negative": "-1", "far-negative": "-1e300", "huge": "1e308", "ages": "1e15", "int64": "9223372036854775807",
          "uint64": "18446744073709551615", "text": '"7"', "null": "null", "list": "[1,2]", "object": '{"a":1}', "true": "true",
          "digits": "9" * 400, "formula": '"=1+1\\u001b[31m\\u202e"'}
GOOD = "hGAnf_DAnf"  # 2,000 delays
LISTS = {"number": "7", "object": "{}", "of-numbers": "[7]", "empty": "[[]]", "no-text": "[[0,10]]", "bad-letters": '[[0,10,"hG*nf"]]', "cut": '[[0,10,"hGAn"]]',
         "too-many-bins": '[[0,10,"A_bAAAAA"]]', "no-end": '[[0,10,"%s"]]' % ("_" * 500), "long": '[[0,10,"%s"]]' % ("A" * 100000), "no-number": '[["0",10,"hGAnf"]]',
         "backwards": '[[10,0,"hGAnf"]]', "ages": '[[0,1e300,"hGAnf"]]', "number-text": "[[0,10,7]]", "nested": '[[0,10,["hGAnf"]]]', "huge-count": '[[0,10,"AA__________fP"]]'}
# Each as good, and what is odd next to it: only the good one counts.
KEPT = {"more": '[[0,10,"%s","x"]]' % GOOD, "twice": '[[0,10,"%s"],[0,10,"%s"]]' % (GOOD, GOOD), "out-of-order": '[[10,20,"%s"],[0,10,"%s"]]' % (GOOD, GOOD),
        "next-to-odd": '[7,[0,10,"!"],[0,10,"%s"],[],{}]' % GOOD}


def row(i, delay=None, own=None):
    members = {**{k: json.dumps(v) for k, v in USUAL.items()}, **(delay or {})}
    others = {**{k: json.dumps(v) for k, v in OWN.items()}, **(own or {})}
    members_text = own and own.get("delay_us") or "{%s}" % ",".join('"%s":%s' % m for m in members.items())
    others["delay_us"] = members_text
    return ('{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":1250000,"bits_per_second":1e7,"jitter_ms":0.01,"lost_packets":2,"packets":902,"lost_percent":0.2,'
            '"omitted":false,"sender":false},"longhaul":{"unix_us":%d,"monotonic_us":%d,%s}}'
            % (i, i + 1, (FIRST_S + i) * 10 ** 6, i * 10 ** 6, ",".join('"%s":%s' % m for m in others.items())))


def document(rows, delays='[[0,10,"%s"]]' % GOOD):
    n = len(rows)
    return ('{"start":{"connected":[{"local_host":"192.0.2.1","remote_host":"192.0.2.2"}],"version":"iperf 3.12","timestamp":{"timesecs":%d},"test_start":'
            '{"protocol":"UDP","num_streams":1,"blksize":1386,"duration":%d,"reverse":1,"target_bitrate":10000000}},"intervals":[%s],"end":{"sum":{"seconds":%d,'
            '"bytes":%d,"bits_per_second":1e7,"jitter_ms":0.01,"lost_packets":%d,"packets":%d,"lost_percent":0.2,"sender":false}},"longhaul":{"version":"0.2.0",'
            '"role":"receiver","duration_s":%d,"rate_bps":10000000,"delays":%s}}'
            % (FIRST_S, n, ",".join(rows), n, 1250000 * n, 2 * n, 902 * n, n, delays))


def journal(rows, delays):
    return "".join('{"event":"%s","data":%s}\n' % event for event in
                   [("longhaul", '{"format":1,"version":"0.2.0","source":"HK","destination":"WUS","role":"receiver","protocol":"UDP","duration_s":%d}' % len(rows)),
                    ("start", '{"version":"iperf 3.12","timestamp":{"timesecs":%d},"test_start":{"protocol":"UDP","num_streams":1,"duration":%d}}' % (FIRST_S, len(rows)))] +
                   [("interval", r) for r in rows] + [("delays", d) for d in delays])


def make(folder):
    def put(name, text):
        with open(os.path.join(folder, "%s-X-10M_1M_20251115_010046.json" % name), "w") as out:
            out.write(text)
    for name, value in VALUES.items():
        all_of, own = {k: value for k in MEMBERS}, {k: value for k in OWN_MEMBERS}
        put("every-" + name, document([row(i, all_of, own) for i in range(N_ROWS)]))
        put("second-" + name, document([row(i, all_of, own) if i % 2 else row(i) for i in range(N_ROWS)]))
        put("whole-" + name, document([row(i, own={"delay_us": value}) for i in range(N_ROWS)]))
        put("list-is-" + name, document([row(i) for i in range(N_ROWS)], value))
        put("from-" + name, document([row(i) for i in range(N_ROWS)], '[[%s,10,"%s"]]' % (value, GOOD)))
        for k in MEMBERS:
            put("one-%s-%s" % (k, name), document([row(i, {k: value} if i == 30 else None) for i in range(N_ROWS)]))
    for name, text in LISTS.items():
        put("bad-list-" + name, document([row(i) for i in range(N_ROWS)], text))
    for name, text in KEPT.items():
        put("kept-list-" + name, document([row(i) for i in range(N_ROWS)], text))
    put("sum-too-great", document([row(i) for i in range(N_ROWS)], "[%s]" % ",".join('[%d,%d,"AA_________P"]' % (i, i + 1) for i in range(40000))))
    put("many-runs", document([row(i, own={"runs": '"%s"' % ("1,1 " * 100000)}) for i in range(20)] + [row(i) for i in range(20, N_ROWS)]))
    os.mkdir(os.path.join(folder, "journals"))
    for name, value in VALUES.items():
        rows = [row(i, {k: value for k in MEMBERS}, {k: value for k in OWN_MEMBERS}) for i in range(N_ROWS)]
        delays = ['{"from_s":0,"until_s":10,"us":%s}' % value, '{"from_s":%s,"until_s":20,"us":"%s"}' % (value, GOOD), value]
        with open(os.path.join(folder, "journals", name + "-X-10M_1M_20251115_010046.journal"), "w") as out:
            out.write(journal(rows, delays))


def refuse(word):
    raise ValueError("%s is not JSON" % word)


def numbers_in(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for v in value:
            yield from numbers_in(v)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def tell(good, what):
    print(("ok - " if good else "not ok - ") + what)


def is_possible(d):
    return all(math.isfinite(v) and abs(v) < 1e16 for v in numbers_in(d)) and all(v >= 0 for k, v in d.items() if v is not None and k not in ("shift_ms", "max_at_s", "n_up_to_s")) and all(n >= 0 for n in numbers_in(d.get("n_up_to_s")))


def results(path):
    said = [json.loads(line, parse_constant=refuse) for line in open(path)]
    delays = {os.path.basename(s["path"]).split("-X-")[0]: s.get("delay") for s in said}
    odd = [name for name, d in delays.items() if d and not is_possible(d)]
    tell(len(said) > 250 and not odd, "%d results: each figure can be one %s" % (len(said), odd[:5]))
    count = {name: d["n_datagrams"] if d else None for name, d in delays.items()}
    tell(all(count[n] == 0 for n in count if n.startswith("bad-list-")), "no delays from what is not a histogram: %s" % [n for n in count if n.startswith("bad-list-") and count[n]])
    tell(all(count[n] == 2000 for n in count if n.startswith("kept-list-")), "what is odd does not take the good one with it: %s" % [(n, count[n]) for n in count if n.startswith("kept-list-") and count[n] != 2000])
    tell(count["sum-too-great"] <= 2 ** 50 and delays["sum-too-great"]["p50_ms"] < 0.01, "counts of 2^49 in 40,000 histograms: %s" % count["sum-too-great"])
    tell(delays["many-runs"]["loss_runs"] == N_ROWS, "a row that lists 100,000 runs")
    no = [n for n in VALUES if n not in ("int64", "uint64", "ages") and any(delays["second-" + n][k] is None for k in ("p50_ms", "p99_ms", "longest_run", "ipdv_p50_ms"))]
    tell(not no, "the other rows' figures are known %s" % no)
    wrong = [(n, k) for n in ("negative", "huge", "far-negative", "text", "null", "list", "digits") for k in ("shift", "step", "silences")
             if (n, k) not in (("negative", "shift"), ("negative", "step")) and delays["one-%s-%s" % (k, n)]["n_" + k.rstrip("s") + "s"] != 0]
    tell(not wrong, "what is not a number, or no such number, is no event %s" % wrong)


def whole(paths):
    for path in paths:
        result = json.load(open(path), parse_constant=refuse)
        if len(result["intervals"]) != N_ROWS:
            tell(False, "%s: %d rows" % (os.path.basename(path), len(result["intervals"])))
    tell(len(paths) == len(VALUES) - 3, "%d journals became results, with all their rows" % len(paths))


def shared(folder):
    """Each of 600 sessions of the receiver's has all its time, 20,000 histograms; those of the sender's share one cookie, too."""
    def own(role, segments, **more):
        return {"version": "0.2.0", "source": "HK", "destination": "WUS", "role": role, "duration_s": 100000, "rate_bps": 10000000, "segments": segments, **more}

    def result(role, rows, segments, **more):
        return {"start": {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12", "timestamp": {"timesecs": FIRST_S},
                          "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": 100000, "reverse": 0, "target_bitrate": 10000000}},
                "intervals": rows, "end": {"sum": {"seconds": 100000, "bytes": 1, "bits_per_second": 1e7, "lost_packets": 0, "packets": 9, "sender": role == "sender"}},
                "longhaul": own(role, segments, **more)}

    def interval(start, end, is_sender):
        r = {"sum": {"start": start, "end": end, "seconds": end - start, "bytes": 1250000, "bits_per_second": 1e7, "packets": 902, "sender": is_sender},
             "longhaul": {"unix_us": (FIRST_S + start) * 10 ** 6, "monotonic_us": start * 10 ** 6}}
        if not is_sender:
            r["sum"].update(jitter_ms=0.01, lost_packets=0)
            r["longhaul"]["delay_us"] = {k: USUAL[k] for k in ("base", "min", "p50", "p95", "p99", "max")}
        return r

    n, name = 600, "HK-WUS-10M_1H_20251115_010046.json"
    for kind in ("times", "cookies"):
        cookie = lambda i: "c%034d" % (i if kind == "times" else 0)
        received = [r for i in range(n) for r in (interval(0, 1, False), interval(1, 100000, False))]
        sent = [interval(i, i + 1, True) for i in range(2 * n)]
        segments = [[{"cookie": cookie(i), "first_interval": 2 * i, "last_interval": 2 * i + 1, "start_s": a, "end_s": b, "ending": "complete"} for i, a, b in spans]
                    for spans in ([(i, 0, 100000) for i in range(n)], [(i, 2 * i, 2 * i + 2) for i in range(n)])]
        os.makedirs(os.path.join(folder, kind, "receiver"))
        with open(os.path.join(folder, kind, "receiver", name), "w") as out:
            json.dump(result("receiver", received, segments[0], delays=[[i * 5, i * 5 + 5, GOOD] for i in range(20000)]), out)
        with open(os.path.join(folder, kind, name), "w") as out:
            json.dump(result("sender", sent, segments[1]), out)


def page(path):
    text = open(path).read()
    data = json.loads(re.search(r"id=data>(.*?)</script>", text, re.S).group(1), parse_constant=refuse)
    tell(all(math.isfinite(v) for v in numbers_in(data)), "the live charts' data are JSON, and finite")
    shown = re.sub(r"<(script|style).*?</\1>|<meta[^>]*>|id=[^ >]*", "", text, flags=re.S)
    far = re.findall(r"(?<![\w.])-?(?:\d{17,}|\d[\d.]*e\+?(?:1[6-9]|[2-9]\d|\d{3}))", shown)
    tell(not far, "the page has no figure that cannot be one %s" % far[:3])
    tell("\x1b" not in text and "\u202e" not in text, "the page has no control characters")


{"make": make, "results": results, "shared": shared, "page": page, "whole": lambda *paths: whole(paths)}[sys.argv[1]](*sys.argv[2:])
