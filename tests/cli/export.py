"""export.py openmetrics FILE LONGHAUL PATH...: checks the text of an export, and its figures against longhaul show.
export.py csv|influx FILE LONGHAUL PATH...: its rows against show --intervals. export.py sqlite FILE LONGHAUL PATH...
export.py prometheus URL LONGHAUL PATH...: the same sums and counts, by queries of a server that has Prometheus's HTTP API."""
import csv
import io
import json
import math
import re
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request

PREFIX = "longhaul_leg_"
failed = False


def check(good, what):
    global failed
    failed = failed or not good
    print(("ok - " if good else "not ok - ") + what)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


def shown(longhaul, paths):
    return [json.loads(line) for line in run(longhaul, "show", "--json", *paths).splitlines()]


def intervals(longhaul, paths):
    return list(csv.DictReader(io.StringIO(run(longhaul, "show", "--intervals", *paths))))


# ---- OpenMetrics

LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)\{(%s(?:,%s)*)?\} (\S+) (-?\d+(?:\.\d+)?)$' % (LABEL, LABEL))
ENDS = {"counter": ("_total",), "gauge": ("",), "info": ("_info",), "histogram": ("_bucket", "_count", "_sum")}


def unescape(text):
    return re.sub(r'\\(.)', lambda m: {"n": "\n"}.get(m[1], m[1]), text)


def parse(path):
    """By the specification's grammar, and more strictly: {(name, labels): [(time, value)]}, {family: type}."""
    series, types, family, problems, last = {}, {}, None, [], None
    lines = open(path, encoding="utf-8", newline="").read().split("\n")
    if lines[-2:] != ["# EOF", ""]:
        problems.append("it does not end with # EOF")
    for line in lines[:-2]:
        if line.startswith("# TYPE "):
            family, kind = line.split(" ")[2:]
            if family in types:
                problems.append("twice: " + family)
            types[family] = kind
        elif line.startswith("# HELP "):
            if line.split(" ")[2] != family:
                problems.append(line)
        else:
            m = SAMPLE.match(line)
            if not m or not family or not any(m[1] == family + end for end in ENDS[types[family]]):
                problems.append(line)
                continue
            labels = tuple(sorted((k, unescape(v)) for k, v in re.findall(LABEL, m[2] or "")))
            key, at = (m[1], labels), float(m[m.lastindex])
            points = series.setdefault(key, [])
            if points and points[-1][0] >= at:
                problems.append("goes back: " + line)
            if types[family] != "histogram" and points and key != last:
                problems.append("not together: " + line)
            last = key
            points.append((at, float(m[m.lastindex - 1])))
    return series, types, problems


def increase(points):
    """As Prometheus has it, but for its extrapolation: a fall is a counter that began anew."""
    return points[0][1] + sum(b - a if b >= a else b for (_, a), (_, b) in zip(points, points[1:]))


def by_leg(series, name, fold, **labels):
    legs = {}
    for (its, own), points in series.items():
        own = dict(own)
        if its == PREFIX + name and all(own.get(k) == v for k, v in labels.items()):
            leg = (own["src"], own["dst"])
            legs[leg] = legs.get(leg, 0) + fold(points)
    return legs


def sums(tests, key):
    legs = {}
    for t in tests:
        if t[key] is not None and t["axis_start_unix_s"] is not None:
            leg = (t["source"], t["destination"])
            legs[leg] = legs.get(leg, 0) + t[key]
    return legs


def openmetrics(path, longhaul, paths):
    series, types, problems = parse(path)
    check(not problems, "the text is OpenMetrics, all samples of a name and of a series together, times ascending: %s" % problems[:3])
    tests = shown(longhaul, paths)
    for name, key in (("bytes_total", "intervals_bytes"), ("packets_total", "intervals_packets"), ("lost_packets_total", "intervals_lost_packets")):
        got, wanted = by_leg(series, name, increase), sums(tests, key)
        check(got == wanted and len(got) > 3, "%s of each leg is show's %s: %s" % (name, key, {k: (got.get(k), wanted.get(k)) for k in set(got) | set(wanted) if got.get(k) != wanted.get(k)}))
    check(by_leg(series, "test_lost_packets", lambda p: sum(v for _, v in p)) == sums(tests, "lost_packets"), "test_lost_packets is what show tells")
    counters = [k for k in series if k[0].endswith("_total")]
    falls = [k for k in counters for (_, a), (_, b) in zip(series[k], series[k][1:]) if b < a and b != 0]
    check(len(counters) > 30 and not falls, "%d counters never fall, but to 0: %s" % (len(counters), falls[:2]))
    sender = [t for t in tests if t["intervals_lost_packets"] is None and t["protocol"] == "UDP"]
    unknown = [(t["source"], t["destination"]) for t in sender]
    check(unknown and not set(unknown) & set(by_leg(series, "lost_packets_total", len)), "a sender's intervals have no loss: %s" % unknown)
    tcp = {(t["source"], t["destination"]) for t in tests if t["protocol"] == "TCP"}
    check(tcp and not tcp & (set(by_leg(series, "packets_total", len)) | set(by_leg(series, "jitter_seconds", len))), "TCP has no packets and no jitter")
    # Gauges, each value.
    wanted = {}
    for row in intervals(longhaul, paths):
        if row["jitter_ms"] and row["utc"]:
            wanted.setdefault(row["path"], []).append(float(row["jitter_ms"]))
    got = sorted(v for (name, _), points in series.items() if name == PREFIX + "jitter_seconds" for _, v in points)
    exact = sorted(v for values in wanted.values() for v in values)
    check(len(got) == len(exact) and all(math.isclose(a * 1e3, b, rel_tol=3e-16 * 2, abs_tol=0) for a, b in zip(got, exact)),
          "jitter_seconds: %d values, as in the intervals" % len(got))
    # Histograms.
    known = [t for t in tests if t["delay"]]
    for t in known:
        leg = {"src": t["source"], "dst": t["destination"]}
        last = {dict(labels)["le"]: points[-1][1] for (name, labels), points in series.items()
                if name == PREFIX + "delay_seconds_bucket" and all(dict(labels)[k] == v for k, v in leg.items())}
        told = {"%g" % le: n for le, n in t["delay"]["n_up_to_s"]}
        if {k: v for k, v in last.items() if k != "+Inf"} != told or last["+Inf"] != t["delay"]["n_datagrams"]:
            check(False, "the buckets of %s" % leg)
    check(len(known) == 6 and types[PREFIX + "delay_seconds"] == "histogram", "the buckets of delays are show's")
    odd = [dict(labels) for (name, labels) in series if name == PREFIX + "info" and "iperf" in dict(labels).get("iperf", "") and '"' in dict(labels)["iperf"]]
    check(len(odd) == 1 and odd[0]["iperf"].startswith('iperf "3\\"'), "a quote and a backslash in a label are escaped: %s" % odd)
    rooms = {dict(labels).get("room") for (_, labels) in series}
    check(rooms == {'a"b\\c d,=e\u00e9'}, "a label of one's own is in all samples: %s" % rooms)
    clash = sorted(dict(labels).get("test", "") for (name, labels) in series if name == PREFIX + "bytes_total" and ("src", "AA") in labels)
    check(clash == ["", "2025-11-15T01:01:46Z"], "a test during another one of its leg has a label of its own: %s" % clash)
    outage = [points for (name, labels), points in series.items() if name == PREFIX + "event_active" and ("kind", "outage") in labels and ("src", "GG") in labels]
    events = [e for t in tests if t["source"] == "GG" for e in t["events"] if e["kind"] == "outage"]
    check(outage and [(round(e["start_unix_s"], 3), 1) for e in events] + [(round(e["end_unix_s"], 3), 0) for e in events] == sorted(outage[0], key=lambda p: -p[1]),
          "an outage is 1 from its start to its end: %s" % outage)
    n_events = {}
    for t in tests:
        for e in t["events"]:
            n_events[e["kind"]] = n_events.get(e["kind"], 0) + 1
    told = {}
    for (name, labels), points in series.items():
        if name == PREFIX + "event_seconds":
            told[dict(labels)["kind"]] = told.get(dict(labels)["kind"], 0) + len(points)
    check(told == n_events, "each event has its length: %s, %s" % (told, n_events))


# ---- rows

def compare_rows(rows, wanted, columns, what):
    """Both as lists of dictionaries: the same values, in any order of tests."""
    key = lambda row: tuple((row.get(c) not in ("", None), float(row[c]) if row.get(c) not in ("", None) else 0) for c in columns)
    a, b = sorted(map(key, rows)), sorted(map(key, wanted))
    check(a == b and len(a) > 1000, "%s: %d rows with %d columns, as show --intervals has them" % (what, len(a), len(columns)))
    empty = sum(1 for row in rows for c in columns if row.get(c) in ("", None))
    check(empty > 1000, "%s: %d cells are empty, not 0" % (what, empty))


def columns_of(longhaul, paths):
    wanted = intervals(longhaul, paths)
    return wanted, [c for c in wanted[0] if c not in ("path", "test", "interval", "utc")]


def from_csv(path, longhaul, paths):
    wanted, columns = columns_of(longhaul, paths)
    rows = list(csv.DictReader(open(path, newline="")))
    check(set(columns) <= set(rows[0]), "csv: all columns of show --intervals")
    compare_rows(rows, wanted, columns, "csv")
    check({r["source"] for r in rows} >= {"AA", "HK", "EE"}, "csv: names")
    times = [r["time"] for r in rows if r["source"] == "CC"]
    check(times[0] == "2025-11-15T01:00:47.000Z" and times == sorted(times), "csv: time is the end of the interval")


def split(line):
    """Measurement and tags, fields, time: parts between blanks without a backslash before them."""
    return re.split(r'(?<!\\) ', line)


def from_influx(path, longhaul, paths):
    wanted, columns = columns_of(longhaul, paths)
    wanted = [row for row in wanted if row["utc"]]
    rows, bad, tags = [], [], set()
    for line in open(path, encoding="utf-8"):
        parts = split(line.rstrip("\n"))
        if len(parts) != 3 or not parts[2].isdigit():
            bad.append(line)
            continue
        tags.add(parts[0])
        rows.append(dict(field.split("=") for field in parts[1].split(",")))
    check(not bad, "influx: each line has tags, fields and a time: %s" % bad[:1])
    compare_rows(rows, wanted, columns, "influx")
    check(any(t.startswith("longhaul,src=AA,dst=BB,protocol=UDP,test=2025-11-15T01:01:46Z") for t in tags), "influx: tags")


def from_sqlite(path, longhaul, paths):
    wanted, columns = columns_of(longhaul, paths)
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    check(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "sqlite: the database is sound")
    rows = [{k: "" if row[k] is None else row[k] for k in row.keys()} for row in database.execute("SELECT * FROM intervals")]
    compare_rows(rows, wanted, columns, "sqlite")
    tests = shown(longhaul, paths)
    told = sorted((r["source"], r["lost_packets"] if r["lost_packets"] is not None else -1) for r in database.execute("SELECT * FROM tests"))
    check(told == sorted((t["source"], t["lost_packets"] if t["lost_packets"] is not None else -1) for t in tests), "sqlite: the tests, with their losses")
    n = database.execute("SELECT count(*) FROM events").fetchone()[0]
    check(n == sum(len(t["events"]) for t in tests) > 0, "sqlite: %d events" % n)


# ---- servers

def ask(url, query, at):
    text = urllib.request.urlopen(url + "/api/v1/query?" + urllib.parse.urlencode({"query": query, "time": "%.3f" % at}), timeout=30).read()
    return {tuple(r["metric"].get(k) for k in ("src", "dst")): float(r["value"][1]) for r in json.loads(text)["data"]["result"]}


def prometheus(url, longhaul, paths, labels=""):
    tests = [t for t in shown(longhaul, paths) if t["axis_start_unix_s"] is not None]
    end = max(t["axis_start_unix_s"] for t in tests) + 600
    span = "[30h]"
    last = lambda name: "sum by (src, dst) (max_over_time(%s%s{test=\"\"%s}%s))" % (PREFIX, name, labels, span)
    alone = [t for t in tests if t["source"] not in ("AA", "MM")]
    for name, key in (("lost_packets_total", "intervals_lost_packets"), ("packets_total", "intervals_packets"), ("bytes_total", "intervals_bytes")):
        got, wanted = ask(url, last(name), end), sums(alone, key)
        got = {leg: v for leg, v in got.items() if leg[0] not in ("AA", "MM")}
        check(got == wanted and len(got) > 3, "%s: %s of each leg, %s" % (url.split("/")[2].split(":")[0], name, "as show has them" if got == wanted else (got, wanted)))
    # Rows: the samples of observed_seconds_total are the intervals, and the 0 at the start of each test.
    got = sum(ask(url, "sum by (src, dst) (count_over_time(%sobserved_seconds_total{src!=\"\"%s}%s))" % (PREFIX, labels, span), end).values())
    wanted = sum(t["n_intervals"] + 1 for t in tests)
    check(got == wanted, "%d samples of the intervals: none is missing, none is there twice (%d)" % (got, wanted))
    got = ask(url, "sum by (src, dst) (sum_over_time(%stest_lost_packets{src!=\"\"%s}%s))" % (PREFIX, labels, span), end)
    check(got == sums(tests, "lost_packets"), "the lost packets of all tests, as show tells them")
    got = ask(url, "histogram_quantile(0.99, sum by (src, dst, le) (max_over_time(%sdelay_seconds_bucket{src!=\"\"%s}%s)))" % (PREFIX, labels, span), end)
    wanted = {(t["source"], t["destination"]): t["delay"]["p99_of_buckets_ms"] / 1e3 for t in tests if t["delay"]}
    check(set(got) == set(wanted) and all(math.isclose(got[k], wanted[k], rel_tol=1e-9) for k in wanted) and len(got) == 6, "p99 of the buckets, as show has it: %s" % sorted(got.values()))


if __name__ == "__main__":
    mode, path, longhaul, *paths = sys.argv[1:]
    if mode == "prometheus":
        extra = [p for p in paths if p.startswith("{")]
        prometheus(path, longhaul, [p for p in paths if not p.startswith("{")], "," + extra[0][1:-1] if extra else "")
    else:
        {"openmetrics": openmetrics, "csv": from_csv, "influx": from_influx, "sqlite": from_sqlite}[mode](path, longhaul, paths)
    sys.exit(failed)
