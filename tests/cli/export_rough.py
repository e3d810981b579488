"""export_rough.py make DIR: results that are hostile: names, times and numbers that mean something else, or nothing, in what an export writes.
export_rough.py check FORM FILE: what an export made of them is sound: openmetrics, csv, influx, sqlite.
export_rough.py whole FILE: each test in a database is whole."""
import csv
import datetime
import json
import math
import re
import sqlite3
import sys

from export import parse
from made import START, leg

NAMES = {
    "quote": 'a"b\\c\'d', "line": "a\nb\r\nc\td", "nul": "a\x00b", "bidi": "a\u202eb\u2028c", "long": "x" * 5000, "comma": "a,b=c {d} #e;f",
    "equals": "=1+2", "end": "back\\", "escape": "a\x1b[31mb\x7f\x9b", "eof": "# EOF",
}
TIMES = {"year-9999": 253402300000, "year-10000": 253402300790, "later": 10 ** 15, "never": 1e300, "zero": 0, "one": 1, "before": -10 ** 9, "text": "now",
         "list": [1], "half": START + 0.5}
# In JSON's own text: numbers that a double does not hold, or that no counter of the world has.
NUMBERS = ["1e400", "-1e400", "1e308", "-1e308", "9007199254740993", "18446744073709551617", "-1", "0.1e-400", "null", '"7"', "true", "[]", "-0.0"]


def write(folder, name, document):
    with open("%s/%s.json" % (folder, name), "w") as out:
        json.dump(document, out)


def make(folder):
    for name, text in NAMES.items():
        document = leg("AA-BB", seconds=20, lost={3: 2})[4]
        document["start"]["connected"][0].update(local_host=text, remote_host="to " + text)
        document["start"].update(version=text, cookie=name + "y" * 30)
        write(folder, "name-" + name, document)
    # No character at all: bytes that are not UTF-8.
    text = json.dumps(leg("AA-BB", seconds=20)[4]).replace("192.0.2.1", "RAW").replace("AA-BBx", "raw-cookie")
    with open(folder + "/name-raw.json", "wb") as out:
        out.write(text.encode().replace(b"RAW", b"\xff\xfe\xc3("))
    for name, start in TIMES.items():
        document = leg("TT-UU", seconds=20, lost={3: 2}, start=start)[4]
        document["start"]["connected"][0].update(local_host="T" + name, remote_host="U" + name)
        document["start"]["cookie"] = name + "z" * 30
        write(folder, "time-" + name, document)
    for i, number in enumerate(NUMBERS):
        for member in ("bytes", "packets", "lost_packets", "jitter_ms", "end", "start", "seconds"):
            document = leg("NN-MM", seconds=20, lost={3: 2})[4]
            document["start"]["connected"][0].update(local_host="N%d" % i, remote_host="M" + member.replace("_", ""))
            document["start"]["cookie"] = "%d%s" % (i, member) + "n" * 30
            document["intervals"][7]["sum"][member] = document["intervals"][8]["sum"][member] = "HERE"
            with open("%s/number-%d-%s.json" % (folder, i, member), "w") as out:
                out.write(json.dumps(document).replace('"HERE"', number))


def check(good, what):
    print(("ok - " if good else "not ok - ") + what)
    return good


def is_number(text):
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", text) is not None and math.isfinite(float(text))


def openmetrics(path):
    series, _, problems = parse(path)
    values = [v for points in series.values() for _, v in points]
    labels = [v for _, pairs in series for _, v in pairs]
    odd = [v for v in labels if re.search("[\x00-\x1f\x7f-\x9f\u202e\u2028]", v)]
    return check(not problems and not odd and len(values) > 10000 and all(map(math.isfinite, values)),
                 "openmetrics: %d samples are sound: %s %s" % (len(values), problems[:2], odd[:2]))


def from_csv(path):
    rows = list(csv.reader(open(path, newline="", encoding="utf-8")))
    head, rows = rows[0], rows[1:]
    odd = [row for row in rows if len(row) != len(head) or any(re.search("[\x00-\x1f]", c) for c in row) or row[1].startswith("=")]
    odd += [row for row in rows if not all(c == "" or is_number(c) for c in row[5:])]
    for row in rows:
        for at in (row[0], row[4]):
            if at:
                datetime.datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ")
    return check(not odd and len(rows) > 1000, "csv: %d rows are sound: %s" % (len(rows), odd[:2]))


def influx(path):
    lines, odd = open(path, encoding="utf-8", newline="").read().split("\n"), []
    for line in lines[:-1]:
        parts = re.split(r"(?<!\\) ", line)
        fields = [field.split("=") for field in parts[1].split(",")] if len(parts) == 3 else []
        if not fields or re.search("[\x00-\x1f]", line) or not all(len(f) == 2 and is_number(f[1]) for f in fields) or \
                not re.fullmatch(r"-?\d+", parts[2]) or not -2 ** 63 <= int(parts[2]) < 2 ** 63:
            odd.append(line)
        start = TIMES.get(re.search("dst=T?([^,]*)", line).group(1))
        if start is not None and not start <= int(parts[2]) / 1e9 <= start + 21:
            odd.append(line)
    return check(not odd and len(lines) > 1000 and lines[-1] == "", "influx: %d lines are sound, and at their times: %s" % (len(lines), odd[:2]))


def whole(path):
    database = sqlite3.connect(path)
    sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    tests = database.execute("SELECT n_intervals, (SELECT count(*) FROM intervals WHERE test_id = id), n_events, (SELECT count(*) FROM events WHERE test_id = id) "
                             "FROM tests").fetchall() if database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] else []
    return sound and all(a == b and c == d for a, b, c, d in tests), len(tests)


def from_sqlite(path):
    good, n = whole(path)
    return check(good and n > 50, "sqlite: %d tests, each is whole" % n)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    elif sys.argv[1] == "whole":
        sys.exit(not whole(sys.argv[2])[0])
    else:
        sys.exit(not {"openmetrics": openmetrics, "csv": from_csv, "influx": influx, "sqlite": from_sqlite}[sys.argv[2]](sys.argv[3]))
