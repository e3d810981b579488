"""trend.py LONGHAUL WORK: what longhaul report --since says of the files in WORK/days, against the files themselves."""
import csv
import glob
import html.parser
import io
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, "tests/cli")
import objective_days  # noqa: E402

longhaul, work = sys.argv[1:3]
failures = 0
DAY = 86400
days = os.path.join(work, "days")


def check(what, good, more=""):
    global failures
    failures += not good
    print(f"{'ok' if good else 'not ok'} - {what}" + (f": {more}" if not good and more != "" else ""), flush=True)


def same(what, got, wanted):
    check(what, got == wanted, f"got {str(got)[:600]}, wanted {str(wanted)[:600]}")


def report(*flags, status=0, out="out", folder=days):
    if "--format" not in flags:
        flags += ("--no-render",)
    done = subprocess.run([longhaul, "report", "--out", os.path.join(work, out), *flags, folder], capture_output=True, text=True, timeout=120)
    if done.returncode != status:
        check(f"report {' '.join(flags)}: exit status {status}", False, f"{done.returncode}: {done.stderr[:500]}")
    return done.stdout, done.stderr


def date(unix_s):
    return time.strftime("%Y-%m-%d", time.gmtime(unix_s))


# ---- the truth
truth = {}  # (source, destination) -> day -> rows
for path in sorted(glob.glob(days + "/*.json")):
    document = json.load(open(path))
    start = document["start"]["timestamp"]["timesecs"]
    source, destination = document["longhaul"]["source"], document["longhaul"]["destination"]
    rows = [(start + r["sum"]["start"], r["sum"]) for r in document["intervals"]]
    truth.setdefault((source, destination), {})[date(start)] = (rows, [ms for _, ms in document["longhaul"]["rtt"]])


def quantile(values, share):
    values = sorted(values)
    return values[max(math.ceil(share * len(values)), 1) - 1]


# ---- JSON: each day
data = json.loads(report("--since", "2025-01-01", "--json")[0])
same("legs and days", ({(leg["source"], leg["destination"]) for leg in data["legs"]}, data["first_day"], data["n_days"]), (set(truth), "2025-01-01", 100))
wrong = []
for leg in data["legs"]:
    for day in leg["days"]:
        rows, trips = truth[leg["source"], leg["destination"]][day["day"]]
        lost, packets = [r["lost_packets"] for _, r in rows], sum(r["packets"] for _, r in rows)
        jitters = [r["jitter_ms"] for _, r in rows]
        worst = max(lost)
        wanted = {"loss_percent": 100 * sum(lost) / packets, "lost_packets": sum(lost), "packets": packets, "observed_s": DAY, "planned_s": DAY, "coverage": 1,
                  "worst_lost_packets": worst, "worst_unix_s": rows[lost.index(worst)][0], "jitter_max_ms": max(jitters), "rtt_min_ms": min(trips),
                  "rtt_p50_ms": sorted(trips)[len(trips) // 2 - 1] / 2 + sorted(trips)[len(trips) // 2] / 2,
                  "rate_mbps": sum(r["bytes"] for _, r in rows) * 8 / DAY / 1e6}
        wrong += [(day["day"], key, day[key], value) for key, value in wanted.items() if abs(day[key] - value) > 1e-9 * max(1, abs(value))]
        wrong += [(day["day"], f"p{share}", day[f"jitter_p{share}_ms"]) for share in (50, 95, 99) if abs(day[f"jitter_p{share}_ms"] / quantile(jitters, share / 100) - 1) > 0.016]
        wrong += [(day["day"], "delay is not measured", day["delay_p99_ms"]) for _ in [0] if day["delay_p99_ms"] is not None or day["raw_data"] != "there"]
check("every day of every leg: sums, the worst interval and when, round trips exactly, percentiles to 1.6 %", not wrong, wrong[:3])
by_leg = {(leg["source"], leg["destination"]): leg for leg in data["legs"]}
for pair, leg in by_leg.items():
    every = [(at, r) for rows, _ in truth[pair].values() for at, r in rows]
    sums = {}
    for at, r in every:
        key = (int(at // DAY + 3) % 7, int(at // 3600) % 24)
        now = sums.get(key, (0, 0))
        sums[key] = (now[0] + r["lost_packets"], now[1] + r["packets"])
    season = leg["loss_percent_by_weekday_and_hour"]
    check(f"{pair[0]}->{pair[1]}: the loss of each weekday and hour", all(abs(season[d][h] - 100 * a / b) < 1e-9 for (d, h), (a, b) in sums.items()) and len(sums) == 168)
    months = {}
    for at, r in every:
        now = months.get(date(at)[:7], (0, 0))
        months[date(at)[:7]] = (now[0] + r["lost_packets"], now[1] + r["packets"])
    same(f"{pair[0]}->{pair[1]}: months", {m["month"]: m["lost_packets"] for m in leg["months"]}, {m: a for m, (a, _) in months.items()})
outages = sorted((leg[0], leg[1], at) for leg, by_day in truth.items() for rows, _ in by_day.values()
                 for (before, a), (at, b) in zip([(0, {"bytes": 1})] + rows, rows) if b["bytes"] == 0 and a["bytes"] > 0)
same("the outages of the period", sorted((*o["leg"].split("->"), o["start_unix_s"]) for o in data["outages"]), outages)
check("and how long they were", data["n_outages"] == len(outages) and abs(data["outages_s"] - 360 * len(outages)) < 5, (data["n_outages"], data["outages_s"]))
worst = sorted(((max(r["lost_packets"] for _, r in rows), f"{a}->{b}") for (a, b), by_day in truth.items() for rows, _ in by_day.values()), reverse=True)[:20]
same("the worst intervals", [w["lost_packets"] for w in data["worst_intervals"]], [lost for lost, _ in worst])

# ---- levels that changed
changes = {key: [(c["figure"], c["day"], c["change_low"] <= size <= c["change_high"]) for c in leg["changes"] for size in [0.02 if c["figure"] == "loss_percent" else 1]]
           for key, leg in by_leg.items()}
same("0.02 points of loss: one change, dated, its size within the interval", changes["HK", "WUS"], [("loss_percent", "2025-03-02", True)])
same("1 ms of round trip", changes["WUS", "HK"], [("rtt_min_ms", "2025-02-10", True)])
same("no change: none is told", changes["HK", "KC"], [])
text, said = report("--since", "2025-01-01")
check("the sentence", re.search(r"^HK->WUS: since 2025-03-02 its loss rose by 0\.0\d+ points \(95 % interval 0\.0\d+ to 0\.0\d+\), from 0\.0\d+ to 0\.0\d+ %$", text, re.M), text)
check("and the other one", re.search(r"^WUS->HK: since 2025-02-10 its least round trip rose by \S+ ms", text, re.M), text)
check("nothing on stderr, and the page last", said == "" and text.rstrip().endswith("trend.html"), said)
few = report("--since", "2025-01-01", "--until", "2025-01-11")[0]
check("few days: no level is searched for", "Changes of a level are looked for in 14 days and more" in few and "10 days: 2025-01-01 to 2025-01-10" in few, few)
quiet = report("--since", "2025-01-02", "--until", "2025-02-08")[0]
check("before both changes none is told", "No daily figure of a leg changed its level for good" in quiet, quiet)

# ---- CSV, times, objectives
table = list(csv.DictReader(io.StringIO(report("--since", "2025-02-01", "--until", "2025-03-01", "--csv")[0])))
same("CSV: a row for each leg and day of the time", (len(table), table[0]["day"], table[-1]["day"]), (3 * 28, "2025-02-01", "2025-02-28"))
same("CSV: the figures of the JSON", {(r["source"], r["destination"], r["day"]): float(r["lost_packets"]) for r in table},
     {(a, b, d["day"]): d["lost_packets"] for (a, b), leg in by_leg.items() for d in leg["days"] if d["day"][:7] == "2025-02"})
judged = json.loads(report("--since", "2025-01-01", "--json", "--objective", "loss <= 0.1% in 99% of hours", "--objective", "loss <= 0.025%")[0])
wrong = []
for leg in judged["legs"]:
    months = {}
    for day, (rows, _) in truth[leg["source"], leg["destination"]].items():
        for hour in range(24):
            part = rows[hour * 30:hour * 30 + 30]
            good = 100 * sum(r["lost_packets"] for _, r in part) <= 0.1 * sum(r["packets"] for _, r in part)
            now = months.setdefault(day[:7], [0, 0])
            now[good] += 1
    for o in leg["objectives"]:
        bad, good = months[o["month"]]
        if "hours" in o["objective"]:
            # What an outage lost is known in the interval after it: its hour may be the one before.
            wanted = "met" if good >= 0.99 * (good + bad) else "missed"
            if abs(o["windows_bad"] - bad) > 1 or (o["verdict"] != wanted and abs(good / (good + bad) - 0.99) > 0.002) or abs(o["budget_left"] - (1 - o["windows_bad"] / (0.01 * (good + bad)))) > 1e-9:
                wrong.append((leg["source"], o, bad, good))
        else:
            month = next(m for m in leg["months"] if m["month"] == o["month"])
            if o["verdict"] != ("met" if month["loss_percent"] <= 0.025 else "missed") or abs(o["budget_left"] - (1 - month["loss_percent"] / 0.025)) > 1e-9:
                wrong.append((leg["source"], o, month["loss_percent"]))
check("objectives by month: windows, verdicts, budgets", not wrong and sum(len(leg["objectives"]) for leg in judged["legs"]) == 3 * 4 * 2, wrong[:2])
text = report("--since", "2025-01-01", "--objective", "loss <= 0.025%")[0]
missed = {leg: [month["month"] for month in of["months"] if month["loss_percent"] > 0.025] for leg, of in by_leg.items()}
check("objectives in a sentence", f"\nBy leg and month, {sum(map(len, missed.values()))} of 12 objectives missed\n" in text, text)
for (a, b), months in missed.items():
    sentence = f"{a}->{b}: loss <= 0.025 %: missed in "
    wanted = "all 4 months" if len(months) == 4 else f"{months[0]} and {len(months) - 1} more of 4 months" if len(months) > 1 else months[0] if months else None
    check(f"and which months {a}->{b} missed", [line for line in text.splitlines() if line.startswith(sentence)] == ([sentence + wanted] if wanted else []), (months, text))
partly = report("--since", "2025-02-10", "--until", "2025-03-05", "--objective", "loss <= 0%")[0]
check("a month that is there in part has its days", "HK->KC: loss <= 0 %: missed in all 2 months" in partly and all(
      words in open(os.path.join(work, "out", name)).read() for name in ("trend_report.md", "trend.html") for words in ("2025-02 from 10", "2025-03 to 04")), partly)
check("a whole month has none", "2025-02 from" not in text and "2025-01 " not in open(os.path.join(work, "out", "trend.html")).read())
for since, until, words in (("2025-02-10", "2025-02-13", "2025-02-10 to 12"), ("2025-02-10", "2025-02-11", "2025-02-10"), ("2025-01-01", "2025-02-01", "2025-01")):
    check(f"from {since} until before {until}: {words}", f"\nHK->WUS: loss <= 0 %: missed in {words}\n" in report("--since", since, "--until", until, "--objective", "loss <= 0%")[0])

# ---- a topology: its objectives, then those of the command line
topology = os.path.join(work, "topology.json")
json.dump({"format": 1, "sites": {"HK": {}, "KC": {}, "WUS": {"address": "192.0.2.1", "ports": "5201-5204"}}, "legs": ["HK-WUS", "WUS-HK"],
           "defaults": {"objectives": ["loss <= 0.025%", "loss <= 0.1% in 99% of hours"]}, "overrides": {"WUS-HK": {"objectives": ["loss <= 0.5% in 90% of hours"]}}}, open(topology, "w"))
own = json.loads(report("--since", "2025-01-01", "--json", "--config", topology, "--objective", "outage <= 1min")[0])
same("each leg has its own, by month", {(leg["source"], leg["destination"]): [o["objective"] for o in leg["objectives"][::4]] for leg in own["legs"]},
     {("HK", "WUS"): ["loss <= 0.025 %", "loss <= 0.1 % in 99 % of hours", "outage <= 60 s"], ("WUS", "HK"): ["loss <= 0.5 % in 90 % of hours", "outage <= 60 s"], ("HK", "KC"): ["outage <= 60 s"]})
was = {o["month"]: o for o in by_leg["HK", "WUS"] and next(leg for leg in judged["legs"] if (leg["source"], leg["destination"]) == ("HK", "WUS"))["objectives"] if "hours" in o["objective"]}
now = {o["month"]: o for leg in own["legs"] for o in leg["objectives"] if leg["source"] == "HK" and leg["destination"] == "WUS" and "hours" in o["objective"]}
same("its windows are counted as those of the command line", now, was)
twice = json.loads(report("--since", "2025-01-01", "--json", "--config", topology, *["--objective", "loss <= 0.1% in 99% of hours", "--objective", "loss <= 0.025%"] * 2)[0])
same("one that is given twice is counted and judged once", {(leg["source"], leg["destination"]): [o["objective"] for o in leg["objectives"][::4]] for leg in twice["legs"]},
     {("HK", "WUS"): ["loss <= 0.025 %", "loss <= 0.1 % in 99 % of hours"], ("WUS", "HK"): ["loss <= 0.5 % in 90 % of hours", "loss <= 0.1 % in 99 % of hours", "loss <= 0.025 %"],
      ("HK", "KC"): ["loss <= 0.1 % in 99 % of hours", "loss <= 0.025 %"]})
same("with the same windows", {o["month"]: o for leg in twice["legs"] for o in leg["objectives"] if leg["source"] == "HK" and leg["destination"] == "WUS" and "hours" in o["objective"]}, was)
report("--since", "2025-01-01", "--json", "--config", topology, "--objective", "outage <= 1min")  # counts the topology's again
again = json.loads(report("--since", "2025-01-01", "--json", "--objective", "loss <= 0.025%")[0])
same("without it: only those of the command line", {o["objective"] for leg in again["legs"] for o in leg["objectives"]}, {"loss <= 0.025 %"})
counted = json.loads(report("--since", "2025-01-01", "--json")[0])
same("without any: those that the index counts", [[o["objective"] for o in leg["objectives"][::4]] for leg in sorted(counted["legs"], key=lambda leg: leg["source"] + leg["destination"])],
     [[], ["loss <= 0.1 % in 99 % of hours"], ["loss <= 0.5 % in 90 % of hours"]])

# ---- the page and Markdown
report("--since", "2025-01-01", "--objective", "loss <= 0.025%")
page = open(os.path.join(work, "out", "trend.html"), encoding="utf-8").read()


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "action", "data"):
                self.addresses.append(value)
            if name == "id":
                self.ids.append(value)
            if name.startswith("on"):
                self.tags.append("handler " + name)


parsed = Page()
parsed.feed(page)
check("the page fetches nothing and has no scripts", "script" not in parsed.tags and not [t for t in parsed.tags if t.startswith("handler")] and
      all(a.startswith("#") or a == "data:," for a in parsed.addresses) and "url(" not in page, [a for a in parsed.addresses if not a.startswith("#")])
same("its links lead to parts that are there", [a for a in parsed.addresses if a.startswith("#") and a[1:] not in parsed.ids], [])
check("the page: less than 5 MB, and the same again", len(page) < 5e6)
report("--since", "2025-01-01", "--objective", "loss <= 0.025%")
same("made again, it is the same file", open(os.path.join(work, "out", "trend.html"), encoding="utf-8").read() == page, True)
for leg in by_leg:
    check(f"the page has a map of {leg[0]}->{leg[1]}", re.search(rf"<figcaption>{leg[0]}→{leg[1]} ", page) or re.search(rf"<figcaption>{leg[0]}[^<]*{leg[1]} ", re.sub(r"<(?!/?figc)[^>]*>|&\w+;", "→", page)))
os.makedirs(os.path.join(work, "out", "2025-01-01"), exist_ok=True)
worst_day = date(data["worst_intervals"][0]["unix_s"])
os.makedirs(os.path.join(work, "out", worst_day), exist_ok=True)
open(os.path.join(work, "out", worst_day, "index.html"), "w").write("x")
report("--since", "2025-01-01")
check("the worst seconds link to the page of their day, where there is one", f'<a href="{worst_day}/index.html">{worst_day}</a>' in open(os.path.join(work, "out", "trend.html")).read())
os.makedirs(os.path.join(work, "diagrams", "trend", worst_day))
open(os.path.join(work, "diagrams", "trend", worst_day, "index.html"), "w").write("x")
subprocess.run([os.path.abspath(longhaul), "report", "--since", "2025-01-01", days], cwd=work, capture_output=True, timeout=120)
shutil.rmtree(os.path.join(work, "out", worst_day))
os.makedirs(os.path.join(work, worst_day))
report("--since", "2025-01-01")
check("no link to a page that is not there", f'">{worst_day}</a>' not in open(os.path.join(work, "out", "trend.html")).read())
open(os.path.join(work, worst_day, "index.html"), "w").write("x")
report("--since", "2025-01-01")
check("the page of a day next to this one's folder", f'<a href="../{worst_day}/index.html">{worst_day}</a>' in open(os.path.join(work, "out", "trend.html")).read())
check("in the default folder, too", f'<a href="{worst_day}/index.html">{worst_day}</a>' in open(os.path.join(work, "diagrams", "trend", "trend.html")).read())
markdown = open(os.path.join(work, "out", "trend_report.md"), encoding="utf-8").read()
tables = [block for block in markdown.split("\n\n") if block.startswith("|")]
check("Markdown: tables whose rows have as many cells as their heads", len(tables) >= 4 and all(len({len(re.findall(r"(?<!\\)\|", line)) for line in block.strip().splitlines()}) == 1 for block in tables))

# ---- charts: their data against the files, their pictures, the same flags as of a day
def blocks(name, out="out"):
    """The rows of each block of a chart's data, as numbers and texts."""
    parts = open(os.path.join(work, out, name + ".dat"), encoding="utf-8").read().split("# ")[2:]
    return {part.split("\n", 1)[0]: [line for line in part.split("\n")[1:] if line] for part in parts}


def is_png(name, out="out"):
    return open(os.path.join(work, out, name + ".png"), "rb").read(8) == b"\x89PNG\r\n\x1a\n"


report("--since", "2025-01-01", "--format", "png")
charts = ["trend_heat"] + [f"trend_{kind}_{a}_{b}" for a, b in truth for kind in ("days", "hours")]
same("a map of all legs; of each leg the days and the hours", sorted(os.path.basename(p)[:-4] for p in glob.glob(work + "/out/*.dat")), sorted(charts))
check("each has a picture", all(is_png(name) for name in charts))
check("Markdown shows them", all(f"]({name}.png)" in open(os.path.join(work, "out", "trend_report.md")).read() for name in charts))
for (a, b), leg in by_leg.items():
    known, rows = blocks(f"trend_days_{a}_{b}"), [[float(x) for x in row.split()] for row in blocks(f"trend_days_{a}_{b}")["2 wide"]]
    same(f"{a}->{b}: jitter p50 to p99 of each day", [[float(f"{x:.7g}") for x in row[1:]] for row in rows[::2]],
         [[float(f"{day['jitter_p50_ms']:.7g}"), float(f"{day['jitter_p99_ms']:.7g}")] for day in leg["days"]])
    for panel, figure in (("1", "loss_percent"), ("3", "rtt_min_ms"), ("4", "rate_mbps")):
        changed = [c for c in leg["changes"] if c["figure"] == figure]
        drawn = [int(row) for row in known.get(f"{panel} changes", [])]
        same(f"{a}->{b}: where the level of {figure} changed", [date(1735689600 + DAY * at) for at in drawn], [c["day"] for c in changed])
        said = " ".join(known.get(f"{panel} said", []))
        check(f"{a}->{b}: and how much", all(f"{c['day']}: +" in said for c in changed), said)
    area = [[float(x) for x in row.split()] for row in known["1 area"]]
    top = max(row[1] for row in area)
    wrong = [(i, day["loss_percent"]) for i, day in enumerate(leg["days"])
             if not any(row[0] <= i < after[0] and abs(row[1] - min(day["loss_percent"], top)) < 1e-6 for row, after in zip(area, area[1:]))]
    check(f"{a}->{b}: the loss of each day, up to the end of the axis", not wrong, wrong[:3])
cells = [row.split() for row in blocks("trend_heat")["1 cells"][:-1]]
same("the map has a row for each leg, and in each all days", {row: sum(int(c[4]) for c in cells if c[1] == row) for row in {c[1] for c in cells}}, {"1": 100, "2": 100, "3": 100})
steps = [0, 0.001, 0.01, 0.1, 1, 10]
gravest = sorted(by_leg.values(), key=lambda leg: -leg["loss_percent"])
wrong = [c for c in cells for day in range(int(c[0]), int(c[0]) + int(c[4]))
         if int(c[2]) < 7 and int(c[2]) != sum(gravest[int(c[1]) - 1]["days"][day]["loss_percent"] > step for step in steps)]
check("and in each cell the class of the day's loss", not wrong, wrong[:3])
before = os.stat(os.path.join(work, "out", "trend_heat.png")).st_mtime_ns
report("--since", "2025-01-01", "--format", "png")
check("a chart that has not changed is not drawn again", os.stat(os.path.join(work, "out", "trend_heat.png")).st_mtime_ns == before)
report("--since", "2025-01-01", "--format", "png", "--theme", "dark", "--redraw", "--charts", "heat")
check("in another theme it is", os.stat(os.path.join(work, "out", "trend_heat.png")).st_mtime_ns != before)
report("--since", "2025-01-01", "--no-render", "--charts", "direction", out="some.out")
same("only the kinds that were asked for, and only scripts and data", sorted(name for name in os.listdir(os.path.join(work, "some.out"))),
     sorted(["Makefile", "trend.html", "trend_report.md"] + [f"trend_days_{a}_{b}.{end}" for a, b in truth for end in ("gp", "dat")]))
check("Markdown shows no picture that is not there", ".png" not in open(os.path.join(work, "some.out", "trend_report.md")).read())
made = subprocess.run(["make", "-s", "FORMAT=png"], cwd=os.path.join(work, "some.out"), capture_output=True, text=True, env=dict(os.environ, MAKEFLAGS=""))
check("the folder's Makefile draws them", made.returncode == 0 and all(is_png(f"trend_days_{a}_{b}", "some.out") for a, b in truth), made.stderr[:300])
os.makedirs(os.path.join(work, "theirs"))
open(os.path.join(work, "theirs", "Makefile"), "w").write("all:\n")
check("somebody else's Makefile is not replaced, and nothing is written", "is not longhaul's" in report("--since", "2025-01-01", status=1, out="theirs")[1] and os.listdir(os.path.join(work, "theirs")) == ["Makefile"])

# ---- what is said only of data that support it
year = os.path.join(os.environ["BUILD"], "tests/bench/year")
two = os.path.join(work, "two")
os.makedirs(two)
subprocess.run([year, two, "A-B", "20", "600", "3600"], check=True)
subprocess.run([year, two, "B-A", "13", "600", "3600"], check=True)
text = report("--since", "2025-01-01", out="two.out", folder=two)[0]
check("only one leg has days enough to look for a level", all("No daily figure of 1 of 2 legs changed its level for good; the others have less than 14 days" in t
      for t in (text, open(os.path.join(work, "two.out", "trend.html")).read())), text)
check("the legend has levels only where one changed", "level, and where it changed" in open(os.path.join(work, "out", "trend_days_HK_WUS.gp")).read()
      and "level, and where it changed" not in open(os.path.join(work, "out", "trend_days_HK_KC.gp")).read())
many = os.path.join(work, "many")
os.makedirs(many)
for k in range(41):
    subprocess.run([year, many, f"A{k}-B", "30", "600", "3600", str(k), *(("15", "0.05", "0") if k < 14 else ())], check=True)
text = report("--since", "2025-01-01", out="many.out", folder=many)[0]
check("of many changes some are in sentences", len(re.findall("since 2025-01-1[567] its loss rose by", text)) == 12 and "\n2 more changes of a level are in the table of changes\n" in text, text[:1500])
missed = report("--since", "2025-01-01", "--objective", "loss <= 0%", out="many.out", folder=many)[0]
check("of many that missed an objective some are in sentences", missed.count(": loss <= 0 %: missed in 2025-01 to 30\n") == 12 and
      "\nBy leg and month, 41 of 41 objectives missed\n" in missed and "\n29 more legs and objectives that are missed are in the table of objectives\n" in missed, missed[:1500])
check("of many legs some have lines", "\nand 1 more leg, with less loss\n" in text and len(re.findall("^A\\d+->B: loss ", text, re.M)) == 40, text[-300:])
page = open(os.path.join(work, "many.out", "trend.html")).read()
for k in range(41, 51):
    subprocess.run([year, many, f"A{k}-B", "1", "600", "3600", str(k)], check=True)
report("--since", "2025-01-01", "--charts", "heat", out="maps.out", folder=many)
same("of 51 legs a second map has the last one", sorted(name for name in os.listdir(work + "/maps.out") if name.startswith("trend_heat") and name.endswith(".gp")), ["trend_heat.gp", "trend_heat_2.gp"])
check("and says so", "legs 1 to 50 of 51, by loss" in open(work + "/maps.out/trend_heat.gp").read() and "legs 51 to 51 of 51, by loss" in open(work + "/maps.out/trend_heat_2.gp").read())
check("of many legs some are drawn", "The 20 legs that lost most." in page and page.count("<figure") == 20 and len(glob.glob(work + "/many.out/trend_days_*.dat")) == 20)
one = os.path.join(work, "one")
os.makedirs(one)
row = {"seconds": 60, "bytes": 75000000, "bits_per_second": 1e7, "jitter_ms": 0.01, "lost_packets": 0, "packets": 60000, "lost_percent": 0, "omitted": False, "sender": False}
document = {"start": {"connected": [{"local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12", "timestamp": {"timesecs": 1735689600}, "cookie": "x" * 36,
                      "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1250, "omit": 0, "duration": 7200, "reverse": 1, "target_bitrate": 10000000}},
            "intervals": [{"sum": dict(row, start=60 * i, end=60 * i + 60)} for i in range(60)]}
json.dump(document, open(os.path.join(one, "HK-WUS-10M_2H_20250101_000000.json"), "w"))
text = report("--since", "2025-01-01", out="one.out", folder=one, status=4)[0]
page = open(os.path.join(work, "one.out", "trend.html")).read()
check("half of the time, nothing lost", "\n50 % of the planned time was observed\n" in text and "No outage is known" in text and "lost most in one interval" not in text, text)
check("on the page, too", all(words in page for words in ("Changes of a level are looked for in 14 days and more.", "None is known", "No objective was given", "No interval is known to have lost a packet")))
report("--since", "2025-01-01", "--objective", "rate >= 5Mbps", out="one.out", folder=one, status=4)
found = [re.search(pattern, open(os.path.join(work, "one.out", name)).read()) for name, pattern in
         (("trend_report.md", r"\| met \| rate [^|]*5 Mbps \| 2025-01-01 \| 10 Mbps, 1 h not known \| - \|"), ("trend.html", r"met</span><td>rate [^<]*5 Mbps<td class=day>2025-01-01<td>10 Mbps, 1 h not known<td class=n>&ndash;"))]
check("an objective's value is in its own unit", all(found), found)
whole = report("--since", "2025-01-01")[0]
check("of a year with losses none of this is said", not re.search("No outage is known|None is |looked for in|% of the planned time was observed|more leg|more changes|No daily figure", whole + open(os.path.join(work, "out", "trend.html")).read()), whole)
check("but the other sentences are", all(words in whole for words in ("in all; the longest was", "lost most in one interval", "The whole planned time was observed")), whole)

# ---- tests of one leg that overlap: their time counts once, their packets are all counted
double = os.path.join(work, "double")
os.makedirs(double)
HOURS = 360  # intervals of 10 s


def test(day, hour, hours, planned=None, silent=(), gap=None):
    """Of a leg, 10 s a row; silent and gap: (first, last hour) of the day."""
    def part(a, b):
        return int((a - hour) * HOURS), int((b - hour) * HOURS)
    made = objective_days.Day(hours * HOURS, step=10, planned=(planned or hours) * 3600, start=1735689600 + day * DAY + hour * 3600, silent=[part(*s) for s in silent],
                              absent=[part(*gap)] if gap else (), gaps=[((gap[0] - hour) * 3600, (gap[1] - gap[0]) * 3600, "restart")] if gap else ())
    made.write(double)
    return made


made = [[test(0, 0, 10, silent=[(8, 8.25)]), test(0, 6, 10, silent=[(8, 8.25)])],  # both are out at the same time
        [test(1, 0, 1, planned=8), test(1, 1, 8)],                                # one died, and was started again
        [test(2, 0, 10, gap=(4, 5)), test(2, 3, 3)],                              # one observed the other's gap, which is an outage of that test
        [test(3, 0, 4), test(3, 0, 2), test(3, 1, 5)],                            # three
        [test(4, 0, 2, silent=[(1, 1.5)]), test(4, 2, 2)]]                        # one after the other
wanted = [(16, 16, 900, 1), (9, 9, 0, 1), (10, 10, 3600, 1), (6, 6, 0, 1), (4, 4, 1800, 1)]
told = json.loads(report("--since", "2025-01-01", "--json", out="double.out", folder=double)[0])["legs"]
days_of = told[0]["days"]
same("hours observed and planned, seconds of outages, coverage: each time counts once", [(d["observed_s"] / 3600, d["planned_s"] / 3600, d["outage_s"], d["coverage"]) for d in days_of], wanted)
same("every packet counts", [(d["packets"], d["lost_packets"]) for d in days_of],
     [tuple(sum(r["sum"][k] for m in tests for r in m.rows) for k in ("packets", "lost_packets")) for tests in made])
month = told[0]["months"][0]
same("the month has the sum of its days", [month[k] for k in ("observed_s", "planned_s", "outage_s", "coverage")], [3600 * sum(w[0] for w in wanted), 3600 * sum(w[1] for w in wanted), 6300, 1])
told = json.loads(report("--since", "2025-01-01", "--json", "--objective", "coverage >= 100%", out="double.out", folder=double)[0])
same("outages of two tests at the same time are one, with the packets of both", [(o["start_unix_s"] - 1735689600, o["seconds"], o["lost_packets"]) for o in told["outages"]],
     [(8 * 3600, 900, 2 * 900 * 100), (2 * DAY + 4 * 3600, 3600, 0), (4 * DAY + 3600, 1800, 1800 * 100)])
same("an objective of the coverage", [(o["verdict"], o["value"]) for o in told["legs"][0]["objectives"]], [("met", 100)])

# ---- an outage that reaches into another month, or began before the time that is asked for
late = os.path.join(work, "late")
os.makedirs(late)
begin = 1735689600 + 30 * DAY + 20 * 3600  # 2025-01-31 20:00, for 8 h
objective_days.Day(2 * DAY // 10, step=10, start=1735689600 + 30 * DAY, absent=[(20 * HOURS, 28 * HOURS)], gaps=[(20 * 3600, 8 * 3600, "path-silent")]).write(late)
for flags, months in ((("2025-01-01",), ("2025-01", "2025-02")), (("2025-02-01",), ("2025-02",)), (("2025-01-01", "--until", "2025-02-01"), ("2025-01",))):
    told = json.loads(report("--since", *flags, "--json", "--objective", "availability >= 99%", "--objective", "outage <= 10s", out="late.out", folder=late)[0])
    same(f"{' '.join(flags)}: each month has its part of the silence, and is judged by the whole outage",
         [(o["month"], o["verdict"], round(o["value"], 6), o["observed_s"]) for o in told["legs"][0]["objectives"]],
         [(month, "missed", round(value, 6), DAY) for value in (100 * 20 / 24, 28800) for month in months])
    same("and the outage is told", [(o["start_unix_s"], o["seconds"]) for o in told["outages"]], [(begin, 28800)])

# ---- what is not longhaul's, what is gone, what was poisoned
mine = os.path.join(work, "mine")
os.makedirs(mine)
open(os.path.join(mine, "trend.html"), "w").write("my page")
check("a page of somebody else's is not replaced", "is not longhaul's" in report("--since", "2025-01-01", status=1, out="mine")[1] and open(os.path.join(mine, "trend.html")).read() == "my page"
      and not os.path.exists(os.path.join(mine, "trend_report.md")))
report("--since", "2025-01-01", "--force", out="mine")
check("with --force it is", "<title>longhaul" in open(os.path.join(mine, "trend.html")).read())
moved = os.path.join(work, "moved")
os.makedirs(moved)
for path in sorted(glob.glob(days + "/HK-KC*"))[:30]:
    shutil.move(path, moved)
gone = json.loads(report("--since", "2025-01-01", "--json")[0])
anew = json.loads(report("--since", "2025-01-01", "--json", "--objective", "loss <= 50% in 60% of hours")[0])
same("windows of tests whose raw data have been removed before they were asked for are not known",
     [[(o["verdict"], o["windows_unknown"]) for o in leg["objectives"] if leg["destination"] == "KC"] for leg in anew["legs"] if leg["destination"] == "KC"],
     [[("cannot_say", 24 * 30)] + [("met", 0)] * 3])
same("days whose raw data have been removed say so, and keep their figures",
     [sum(d["raw_data"] == "gone" for d in leg["days"]) for leg in gone["legs"]] + [[d["lost_packets"] for d in leg["days"]] for leg in gone["legs"]],
     [30 if leg["destination"] == "KC" else 0 for leg in data["legs"]] + [[d["lost_packets"] for d in leg["days"]] for leg in data["legs"]])
check("in a sentence, too", "The raw data of 30 of 300 days of a leg have been removed: only the index has their figures" in report("--since", "2025-01-01")[0])
with sqlite3.connect(os.path.join(days, ".longhaul", "index.sqlite")) as db:
    db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100) INSERT INTO event "
               "SELECT test.id, 'outage', '', test.start_unix_s + 1150 * i, 1000 + i / 100.0, 0, NULL, NULL, NULL, NULL FROM n, test JOIN leg ON leg.id = test.leg "
               "WHERE destination = 'KC' AND test.start_unix_s = 1735689600")
db.close()
crowded = json.loads(report("--since", "2025-01-01", "--json", "--objective", "outage <= 300s")[0])
wanted = {(*leg, at[:7]) for *leg, at in ((a, b, date(at)) for a, b, at in outages)} | {("HK", "KC", "2025-01")}
same("more outages than are listed: each month is judged by its own longest one",
     {(leg["source"], leg["destination"], o["month"]) for leg in crowded["legs"] for o in leg["objectives"] if o["verdict"] == "missed"}, wanted)
made, apart = [(1735689600 + 1150 * i, 1000 + i / 100) for i in range(1, 2101)], 0
until = 0
for start, seconds in sorted(made + [(at, 360) for a, b, at in outages if (a, b) == ("HK", "KC")]):
    apart += start >= until
    until = max(until, start + seconds)
check("the longest ones are listed, those that overlap as one", len(crowded["outages"]) == 2000 and crowded["n_outages"] == len(outages) - sum(b == "KC" for _, b, _ in outages) + apart
      and all(o["seconds"] > 1000 for o in crowded["outages"]), (crowded["n_outages"], len(outages), apart))
evil = "<script>alert(1)</script>|\x1b[31m\x9b\"'&]("
with sqlite3.connect(os.path.join(days, ".longhaul", "index.sqlite")) as db:
    db.execute("UPDATE leg SET source = ? WHERE destination = 'KC'", (evil,))
    db.execute("UPDATE event SET cause = ?", (evil,))
    db.execute("UPDATE day SET lost = 9e999, jitter = '!!' WHERE unix_s % 7 = 0")
    db.execute("UPDATE day SET rate_bits = -9e999, worst_lost = 'x', worst_lost_at = -1e300 WHERE unix_s % 5 = 0")
db.close()
text, said = report("--since", "2025-01-01", "--verbose")
page = open(os.path.join(work, "out", "trend.html"), encoding="utf-8").read()
parsed = Page()
parsed.feed(page)
check("an index with hostile texts and numbers: no script, no control character", "script" not in parsed.tags and not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page + text + said + open(os.path.join(work, "out", "trend_report.md")).read()))
json.loads(report("--since", "2025-01-01", "--json")[0])
rows = list(csv.reader(io.StringIO(report("--since", "2025-01-01", "--csv")[0])))
check("its JSON and CSV can be read", len({len(r) for r in rows}) == 1 and len(rows) == 301)

# ---- by itself, and misuse
long = os.path.join(work, "long")
os.makedirs(long)
subprocess.run([os.path.join(os.environ["BUILD"], "tests/bench/year"), long, "A-B", "33", "600", "3600"], check=True)
check("more than 31 days of one leg are reported from the index by themselves", "1 leg, 33 days: 2025-01-01 to 2025-02-02" in report(out="long.out", folder=long)[0])
check("not with --no-index", "33 days" not in report("--no-index", "--no-render", "--no-html", out="long2", folder=long)[0] and os.path.exists(os.path.join(work, "long2", "summary_report.md")))
open(os.path.join(work, "notes"), "w").write("my notes\n" * 20)
text, said = report("--index", os.path.join(work, "notes"), "--no-render", "--no-html", out="long3", folder=long)
check("by itself, but there cannot be an index: all results are read, and a line says why", "so all results are read" in said and os.path.exists(os.path.join(work, "long3", "summary_report.md")), said)
said = report("--since", "2025-01-01", "--index", os.path.join(work, "notes"), status=1, folder=long)[1]
check("asked for, it is an error", "is not an index of longhaul's" in said and len(said.splitlines()) == 1, said)
for flags, pattern in ((("--since", "yesterday"), "is not a length of time"), (("--since", "2025-13-01"), "is not a length of time"), (("--since", "30d", "--no-index"), "exclude --no-index"),
                       (("--since", "30d", "--watch"), "exclude --watch"), (("--since", "2025-01-01", long), "one folder at a time")):
    said = report(*flags, status=2)[1]
    check(f"{' '.join(flags[:3])}: {pattern}", pattern in said and len(said.splitlines()) == 1, said)
said = report("--since", "2031-01-01", status=1)[1]
check("a time without a day: one line", "the index has no day of this time" in said and len(said.splitlines()) == 1, said)
sys.exit(failures > 0)
