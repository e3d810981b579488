#!/usr/bin/env python3
"""incidents.py make DIR KIND | check KIND DATA OUT REPORT.json INCIDENTS.csv BRIEF STDOUT EVENTS.csv: small legs in which known things happen, and
what JSON, CSV, terminal, Markdown, page and charts say of them: the same incidents with the same numbers everywhere. incidents.sh runs it."""
import csv
import html
import json
import random
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/cli")
import made  # noqa: E402

N, SENT = 3600, 902
SIX = ("HK-WUS", "KC-WUS", "UAE-WUS", "WUS-HK", "WUS-KC", "WUS-UAE")
DARK = range(600, 640)
KINDS = ("outage", "loss", "rate_cap", "jitter", "rate", "control", "ended", "delay", "route", "silence")


def background(name):
    return {i: 1 for i in range(7 * SIX.index(name) + 11, N, 97) if i not in DARK}


def leg(name, lost=None, dark=True, **more):
    """A receiver's file: 40 seconds without a byte, whose packets the first row after them knows to be lost."""
    rate, all_lost = {}, {**background(name), **(lost or {})}
    if dark:
        rate = {DARK.stop: SENT * (len(DARK) + 1), DARK.stop + 1: SENT}
        all_lost[DARK.stop] = SENT * len(DARK)
    return made.leg(name, "receiver", more.pop("seconds", N), lost=all_lost, dead=DARK if dark else (), rate=rate, sent=SENT, planned=N, **more)


def steady(begin, end, packets):
    """The same in each second, as a policer does it."""
    return {i: packets + i % 3 for i in range(begin, end)}


def lossy(begin, end, packets):
    rng = random.Random(begin)
    return {i: rng.randint(packets // 3, packets * 5 // 3) for i in range(begin, end)}


def happened():
    bursts = {i: 200 + i % 5 for k in range(14) for i in range(900 + 180 * k, 908 + 180 * k)}
    return [leg("HK-WUS", bursts, jitter={i: 0.4 + i % 7 / 100 for i in range(1700, 3100)}), leg("KC-WUS", lossy(1500, 1620, 44)), leg("UAE-WUS", seconds=3000, error="interrupt - the client has terminated"),
            leg("WUS-HK", steady(2000, 2030, 270)), leg("WUS-KC", lossy(1500, 1620, 44), jitter={i: 0.5 + i % 7 / 100 for i in range(2700, 3300)}),
            leg("WUS-UAE", lossy(2500, 2560, 110))]


GAP = {"format": 1, "gaps": [{"start_s": 1000, "seconds": 60, "cause": "path-silent", "noticed_by": "the watchdog", "text": ""}]}
DATA = {
    "happened": happened,
    "quiet": lambda: [leg(n, dark=False) for n in SIX],
    "unknown": lambda: [made.leg("HK-WUS", "sender", N, cut=range(1000, 1060), end=False, extra=GAP)],
    "own": lambda: [leg("KC-WUS", lossy(1500, 1620, 44), dark=False, extra={"format": 1, "host": {"drops": {"udp_receive_buffer": 5200}}})],
    "two": lambda: [leg("KC-WUS", lossy(1500, 1620, 44), dark=False), leg("WUS-KC", dark=False)],
}
failures = 0


def check(what, good, got=""):
    global failures
    print("%s - %s%s" % ("ok" if good else "not ok", what, "" if good else ": %s" % (got,)))
    failures += not good


def plain(markdown):
    return re.sub(r"&#(\d+);", lambda m: chr(int(m.group(1))), re.sub(r"\\(.)", r"\1", markdown))


def text_of(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).replace("\u2192", "->").replace("\u2194", "<->")


def clean(text):
    """Without the characters that make an arrow's ends stick together."""
    return re.sub("[\u2060\u200b]", "", text)


# ---- JSON

def undelivered_s(report, incident):
    """Leg-seconds: downtime, what was lost as seconds of the leg's packets, and what a lower rate did not send."""
    seconds = incident["down_s"]
    for n in incident["events"]:
        event = report["events"][n - 1]
        leg = report["legs"][event["leg"]]
        whole = leg["events"][event["event"]]
        if event["kind"] not in ("outage", "ended") and event["lost_packets"]:
            seconds += event["lost_packets"] / (leg["total_packets"] / leg["observed_s"])
        if event["kind"] == "rate":
            seconds += whole["seconds"] * (1 - whole["level"] / whole["usual"])
    return seconds


def check_json(kind, report):
    told = report["incidents"]
    check("%s: the incidents are numbered from 1" % kind, [x["number"] for x in told] == list(range(1, len(told) + 1)), told)
    order = [-undelivered_s(report, x) for x in told]
    check("%s: the gravest is first, by the seconds of data that did not arrive" % kind,
          all(a <= b + 0.02 * abs(b) for a, b in zip(order, order[1:])), order)
    labels = [l["source"] + "->" + l["destination"] for l in report["legs"]]
    for x in told:
        events = [report["events"][n - 1] for n in x["events"]]
        check("%s: #%d has a known kind, and legs of the report, each with an event of it" % (kind, x["number"]),
              x["kind"] in KINDS and x["legs"] and set(x["legs"]) == {e["leg_name"] for e in events} <= set(labels), x)
        check("%s: #%d: its events say that they are its own" % (kind, x["number"]), all(e["incident"] == x["number"] for e in events), events)
        check("%s: #%d: integers are integers" % (kind, x["number"]), all(isinstance(x[k], int) or x[k] is None for k in ("number", "count", "lost_packets")), x)
        check("%s: #%d: one sentence" % (kind, x["number"]), x["text"].endswith(".") and "\n" not in x["text"], x["text"])
        lost = [e["lost_packets"] for e in events]
        check("%s: #%d: what it lost is the sum of its events" % (kind, x["number"]), x["lost_packets"] == (None if None in lost else sum(lost)), (x, lost))
    check("%s: each event has its number, leg, kind, start and end" % kind, all(
        e["number"] == i + 1 and e["leg_name"] == labels[e["leg"]] and e["kind"] in KINDS and isinstance(e["start"], (int, float)) and
        (e["end"] is None or e["end"] >= e["start"]) and e["kind"] == report["legs"][e["leg"]]["events"][e["event"]]["kind"]
        for i, e in enumerate(report["events"])), report["events"])
    lost = [l["lost_packets"] for l in report["legs"]]
    if None not in lost:
        check("%s: what incidents lost, and the rest, is what was lost" % kind, sum(x["lost_packets"] for x in told) + report["lost_outside"] == sum(lost),
              (sum(x["lost_packets"] for x in told), report["lost_outside"], lost))


def check_told(report):
    """What happened is told, each once."""
    by = {}
    for x in report["incidents"]:
        by.setdefault((x["kind"], x["where"]), []).append(x)
    t0 = made.START
    dark = by.get(("outage", "WUS")) or by.get(("outage", "all")) or [{}]
    check("the outage of the site is one incident of six legs", len(dark) == 1 and len(dark[0].get("legs", [])) == 6 and
          abs(dark[0]["start"] - t0 - 600) <= 3 and abs(dark[0]["end"] - t0 - 640) <= 3 and dark[0]["lost_packets"] >= 6 * 40 * SENT, by)
    pair = [x for (k, w), xs in by.items() for x in xs if k == "loss" and w in ("KC<->WUS", "WUS<->KC")]
    check("the loss of the pair is one incident of two legs", len(pair) == 1 and sorted(pair[0]["legs"]) == ["KC->WUS", "WUS->KC"] and
          pair[0]["scope"] == "pair", pair)
    bursts = by.get(("loss", "HK->WUS"), [{}])
    check("14 bursts are one incident, with count and period", len(bursts) == 1 and bursts[0].get("count") == 14 and abs(bursts[0]["period_s"] - 180) <= 4, bursts)
    check("without a period there is no period_s", all("period_s" not in x for x in pair), pair)
    check("what a policer does is told as that", len(by.get(("rate_cap", "WUS->HK"), [])) == 1, sorted(by))
    jitter = by.get(("jitter", "WUS->KC"), [{}])
    check("and jitter as that, which lost nothing", len(jitter) == 1 and jitter[0].get("lost_packets") == 0 and abs(jitter[0]["end"] - t0 - 3300) <= 5, jitter)
    ended = by.get(("ended", "UAE->WUS"), [{}])
    check("the record that ends early is one incident", len(ended) == 1 and abs(ended[0].get("start", 0) - t0 - 3000) <= 3, ended)


# ---- CSV, terminal

def check_csv(kind, report, path):
    rows = list(csv.DictReader(open(path, newline="")))
    told = report["incidents"]
    check("%s: --csv=incidents has a row for each" % kind, [int(r["number"]) for r in rows] == [x["number"] for x in told], rows)
    for row, x in zip(rows, told):
        same = all(row[k] == x[k] for k in ("kind", "where", "scope", "cause")) and row["legs"].split() == x["legs"] and int(row["count"]) == x["count"]
        lost = row["lost_packets"] == "" if x["lost_packets"] is None else float(row["lost_packets"]) == x["lost_packets"]
        period = row["period_s"] == "" if "period_s" not in x else abs(float(row["period_s"]) - x["period_s"]) < 1e-9
        check("%s: row %d says what JSON says" % (kind, x["number"]), same and lost and period and row["text"] == x["text"] and
              (row["end_utc"] == "") == (x["end"] is None), (row, x))


def check_events_csv(kind, report, path):
    rows = list(csv.DictReader(open(path, newline="")))
    check("%s: show --events --csv has each event" % kind, len(rows) == len(report["events"]), len(rows))
    want = sorted((e["leg_name"], e["kind"], str(e["incident"] or ""), e["end"] is None) for e in report["events"])
    got = sorted((r["leg_name"], r["kind"], r["incident"], r["end_utc"] == "") for r in rows)
    check("%s: with leg, kind, end and incident" % kind, want == got, (want, got))


def first_lines(report, rest):
    told = report["incidents"]
    lines = [report["verdict"]] + ["%d. %s" % (x["number"], x["text"]) for x in told[:5]]
    return lines + (["... and %d more: %s" % (len(told) - 5, rest)] if len(told) > 5 else [])


def check_terminal(kind, report, brief, stdout):
    lines = open(brief).read().splitlines()
    want = first_lines(report, "longhaul report --csv=incidents prints all")
    check("%s: --brief prints the verdict, and at most five incidents" % kind, lines == want, lines)
    lines, want = open(stdout).read().splitlines(), first_lines(report, "see summary_report.md")
    check("%s: report begins with the same" % kind, lines[:len(want)] == want and "->" in lines[len(want)], lines[:8])


# ---- Markdown

def table_after(text, head):
    lines = text[text.index(head):].splitlines()
    return [[c.strip() for c in line.strip().strip("|").split(" | ")] for line in lines[2:lines.index("") if "" in lines else None]]


def check_markdown(kind, report, out):
    text = plain(open(out + "/summary_report.md").read())
    told = report["incidents"]
    check("%s: the first lines stand directly after the first table" % kind, re.search(r"\|\n\n## In short\n\n\*\*", text) is not None, text[:800])
    short = text[text.index("## In short"):text.index("## Pair observations")].strip().splitlines()[2:]
    want = ["**%s**" % report["verdict"]] + ["%d. %s" % (x["number"], x["text"]) for x in told[:5]]
    want += ["... and %d more, [below](#incidents)." % (len(told) - 5)] if len(told) > 5 else []
    check("%s: they are the first lines of the terminal" % kind, [l for l in short if l] == want, short)
    if not told:
        return
    rows = table_after(text, "| # | What | Where |")
    check("%s: Markdown lists the incidents" % kind, [(int(r[0]), r[1].split(" (")[0].replace(" ", "_"), r[2]) for r in rows] ==
          [(x["number"], x["kind"], x["where"]) for x in told], rows)
    lost = ["{:,}".format(x["lost_packets"]) + (" ({:,} by its host)".format(x["host_lost"]) if x["host_lost"] else "") if x["lost_packets"] else "not sent or unknown" if x["kind"] == "outage" else
            "-" if x["lost_packets"] is None or x["kind"] == "ended" else "0" for x in told]
    check("%s: with what they lost" % kind, [r[6] for r in rows] == lost, ([r[6] for r in rows], lost))
    check("%s: and their count" % kind, [r[9].split(",")[0] for r in rows] == [str(x["count"]) for x in told], rows)
    for x in told:
        part = text[text.index("### Incident %d\n" % x["number"]):]
        events = table_after(part, "| Event |")
        check("%s: under #%d stand its events" % (kind, x["number"]), x["text"] in part and [int(r[0]) for r in events] == x["events"][:20], events)


# ---- the page

def check_page(kind, report, out):
    page = open(out + "/index.html", encoding="utf-8").read()
    told = report["incidents"]
    first = page[page.index("<div class=first>"):]
    first = first[:first.index("</div>")]
    check("%s: the page begins with the verdict" % kind, clean(text_of(re.search(r"<h2 class=said>(.*?)</h2>", first).group(1))) == report["verdict"], first)
    items = [(n, k, clean(text_of(t)).strip()) for k, n, t in re.findall(r'<li><a class="inc k-(\w+)" href="#i\d+">(\d+)</a>(.*?)(?=<li>|</ol>)', first, re.S)]
    check("%s: then come at most five incidents, in their kind's colour" % kind, items == [(str(x["number"]), x["kind"], x["text"]) for x in told[:5]], items)
    check("%s: nothing stands above them but the head" % kind, page.index("<div class=first>") < page.index("class=glance") and "<table" not in
          page[:page.index("<div class=first>")], "")
    if not told:
        check("%s: and no list" % kind, "id=incident-table" not in page and "data-incident" not in re.sub(r"<script.*?</script>", "", page, flags=re.S), "")
        return
    table = page[page.index("id=incident-table"):]
    rows = re.findall(r"<tr id=i(\d+)>(.*?)(?=<tr id=i|</tbody>)", table[:table.index("</table>")], re.S)
    check("%s: the page lists each incident, the gravest first" % kind, [int(n) for n, _ in rows] == [x["number"] for x in told], [n for n, _ in rows])
    for (_, row), x in zip(rows, told):
        leg = re.search(r'<a class="inc k-(\w+)" href="#leg(\d+)" data-incident=(\d+)>(\d+)</a>', row)
        check("%s: #%d leads to the chart of a leg of it" % (kind, x["number"]), leg and leg.group(1) == x["kind"] and int(leg.group(3)) == x["number"] and
              report["legs"][int(leg.group(2))]["source"] + "->" + report["legs"][int(leg.group(2))]["destination"] in x["legs"], row[:300])
        folded = re.search(r"<details><summary>[^<]*</summary>.*?(\d+) legs?, (\d+) events?:(.*?)</details>", row, re.S)
        numbers = [int(n) for n in re.findall(r"data-event=(\d+)", folded.group(3))] if folded else []
        check("%s: #%d has its legs and events folded under it" % (kind, x["number"]), folded and int(folded.group(1)) == len(x["legs"]) and
              int(folded.group(2)) == len(x["events"]) and numbers == x["events"][:24] and x["text"] in clean(text_of(folded.group(0))) and clean(text_of(folded.group(0))).startswith(x["where"]), row)
        value = re.findall(r'<td class=n(?: data-v="([^"]*)")?>([^<]*)', row)[1]
        is_unknown = x["lost_packets"] is None or x["kind"] == "ended"
        shown = value[0] == "" if is_unknown else float(value[0] or -1) == x["lost_packets"]
        check("%s: #%d: what it lost" % (kind, x["number"]), shown and (x["lost_packets"] or x["kind"] != "outage" or value[1] == "not sent or unknown"), value)
    data = re.search(r'<script type="application/json" id=data>(.*?)</script>', page, re.S)
    if data:
        data = json.loads(data.group(1))
        check("%s: the kinds of the charts are those of JSON" % kind, [k[1] for k in data["kinds"]] == list(KINDS), data["kinds"])
        marks = sorted((m[5], m[0], KINDS[m[1]]) for l in data["legs"] for m in l["events"])
        check("%s: the charts mark each event with its incident's number and kind" % kind,
              marks == [(e["number"], e["incident"] or 0, e["kind"]) for e in report["events"]], marks)
    bad = [n for n in re.findall(r'class="mark k-\w+">(\d+)<', page) if int(n) > len(told)]
    check("%s: the strip of hours has the numbers of incidents" % kind, not bad and 'class="mark k-' in page, bad)


def check_charts(kind, report, out):
    for i, l in enumerate(report["legs"]):
        name = "%s/direction_%s_%s_bandwidth.dat" % (out, l["source"], l["destination"])
        of = {e["incident"] for e in report["events"] if e["leg"] == i and e["incident"]}
        block = re.search(r'# 1 numbers\n(.*?)(?:\n\n\n|\Z)', open(name).read(), re.S)
        texts = re.findall(r'"([^"]*)"', block.group(1)) if block else []
        unit_s = N / float(re.search(r"^x_max = ([\d.]+)", open(name[:-3] + "gp").read(), re.M).group(1))
        places = [(float(x) * unit_s, int(re.match(r"\d+", t).group())) for x, t in re.findall(r'([\d.e+-]+) "([^"]*)"', block.group(1))] if block else []
        spans = {n: [(e["start"] - made.START, (e["end"] or 1e12) - made.START) for e in report["events"] if e["leg"] == i and e["incident"] == n] for n in of}
        check("%s: %s->%s: each number stands over an event of its incident" % (kind, l["source"], l["destination"]),
              all(any(a - 30 <= x <= b + 30 for a, b in spans[n]) for x, n in places), (places, spans))
        many = [n for n in of if len(spans[n]) == 14]
        check("%s: %s->%s: in a series over each, also while another goes on" % (kind, l["source"], l["destination"]),
              all(sum(m == n for _, m in places) >= 13 for n in many), places)
        firsts = {int(re.match(r"\d+", t).group()) for t in texts}
        texts = [re.sub(r"[^\d +-]", "", t) for t in texts]  # without the signs of their reach
        shown = sum(1 if t.isdigit() else int(t.split("-")[1]) - int(t.split("-")[0]) + 1 if "-" in t else int(t.split("+")[1]) + 1 for t in set(texts))
        check("%s: the chart of %s->%s has the numbers of its incidents" % (kind, l["source"], l["destination"]), firsts <= of and shown >= len(of) and bool(of) == bool(texts),
              (texts, of))


def same_colours():
    """The page's colours of kinds are those of the pictures."""
    theme = open("gnuplot/theme.gp").read()
    css = open("page/page.css").read()
    parts = {"dark": (theme[theme.index("theme eq 'dark'"):theme.index("theme eq 'print'")], css[css.index("prefers-color-scheme: dark"):css.index("@media (max-width")]),
             "light": (theme[theme.index("} else {\n    color_page"):], css[:css.index("@media (prefers-color-scheme: dark)")])}
    names = dict(zip(KINDS, ("outage", "loss_event", "rate_cap", "jitter_event", "rate_event", "control", "ended", "delay_event", "route", "silence")))
    for name, (gp, page) in parts.items():
        colours = {k: (re.search(r"color_%s = '(#\w+)'" % v, gp).group(1), re.search(r"--%s-bg: (#\w+);" % k, page).group(1)) for k, v in names.items()}
        check("%s: each kind has one colour in pictures and page, and another than the other kinds" % name,
              all(a == b for a, b in colours.values()) and len(set(colours.values())) == len(KINDS), colours)


if sys.argv[1] == "make":
    made.write(sys.argv[2], DATA[sys.argv[3]]())
    sys.exit()
kind, out, json_path, csv_path, brief, stdout, events_csv = sys.argv[2:]
report = json.load(open(json_path))
check_json(kind, report)
if kind == "happened":
    check_told(report)
    same_colours()
    check("more than five, so that some are only in the list", len(report["incidents"]) > 5, len(report["incidents"]))
if kind == "quiet":
    check("on a quiet day one line says so", report["incidents"] == [] and len(open(brief).read().splitlines()) == 1, open(brief).read())
    check("and no sentence is about incidents", not any("ncident" in t for t in report["takeaways"]), report["takeaways"])
if kind == "unknown":
    check("of an outage in a sender's file nobody says that it lost nothing", [x["kind"] for x in report["incidents"]] == ["outage"] and
          report["incidents"][0]["lost_packets"] is None and "0 packets" not in report["incidents"][0]["text"], report["incidents"])
    check("nor what was lost outside of it", report["lost_outside"] is None, report["lost_outside"])
    check("nothing is said of shares of the loss", not any(t.startswith("Accounts") for t in report["takeaways"]), report["takeaways"])
if kind == "own":
    one = report["incidents"][0]
    check("what the receiving host dropped is told next to what was lost", one["cause"] == "this-host" and 0.9 * one["lost_packets"] <= one["host_lost"] <= 5200 and
          "{:,}".format(one["host_lost"]) in one["text"] and "(%s by its host)" % "{:,}".format(one["host_lost"]) in open(out + "/summary_report.md").read(), one)
else:
    check("%s: that a host dropped packets is said of none" % kind, all(x["host_lost"] is None for x in report["incidents"]), report["incidents"])
check_csv(kind, report, csv_path)
check_events_csv(kind, report, events_csv)
check_terminal(kind, report, brief, stdout)
check_markdown(kind, report, out)
check_page(kind, report, out)
check_charts(kind, report, out)
sys.exit(failures > 0)
