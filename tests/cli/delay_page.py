"""delay_page.py files|texts|browser WORK [LONGHAUL]: see delay_page.sh."""
import csv
import glob
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
mode, work = sys.argv[1:3]
longhaul = sys.argv[3] if len(sys.argv) > 3 else None
START, LENGTH, HOUR = 1763164800, 7200, 3600
failed = 0


def check(good, what):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + what, flush=True)


def path(name, folder="day"):
    return glob.glob("%s/%s/%s-*.json" % (work, folder, name.replace("->", "-")))[0]


def forget(source, destination):
    """The same leg, as a receiver that is not longhaul leaves it."""
    data = json.load(open(source))
    for row in data["intervals"]:
        del row["longhaul"]
    del data["longhaul"]
    os.makedirs(os.path.dirname(destination), exist_ok=True)
    json.dump(data, open(destination, "w"))


def files():
    """mixed: one direction of a pair knows its delays. old: none does."""
    for name, folders in (("HK-WUS", ("mixed", "old")), ("WUS-HK", ("old",))):
        for folder in folders:
            forget(path(name), "%s/%s/%s" % (work, folder, os.path.basename(path(name))))
    shutil.copy(path("WUS-HK"), work + "/mixed")


# ---- texts, and the data of the charts

def read(name, file="index.html"):
    return open("%s/%s.out/%s" % (work, name, file), encoding="utf-8").read()


def seen(text):
    return html.unescape(re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.S))


def table(text, name):
    """Rows of the table with that id: {leg: [texts]}."""
    found = re.search(r"<table[^>]* id=%s>(.*?)</table>" % name, text, re.S)
    rows = found.group(1).partition("<tbody>")[2].split("<tr>")[1:] if found else []
    cells = [[html.unescape(re.sub(r"<[^>]*>", "", c)).strip().replace("\u2192", "->") for c in re.split(r"<t[dh][^>]*>", row)[1:]] for row in rows]
    return {row[0]: row[1:] for row in cells}


def sums(values):
    before, out = 0, []
    for v in values:
        out.append(None if v is None else before + v)
        before = before if v is None else before + v
    return out


def rows_of(leg):
    """[start in ms on its axis, p50, p99, max in ms], as page/chart_data.js decodes them."""
    lengths, p50, end, out = sums(leg["d"]), sums(leg["qm"]), 0, []
    for i, gap in enumerate(leg["t"]):
        start = end + gap
        end = start + lengths[i]
        if p50[i] is not None:
            p99 = p50[i] + leg["qp"][i]
            out.append((start, p50[i] / 1e3, p99 / 1e3, (p99 + leg["qx"][i]) / 1e3))
    return out


def data_of(name):
    found = re.search(r"id=data>(.*?)</script>", read(name), re.S)
    return json.loads(found.group(1)) if found else None


def show(*args):
    return subprocess.run([longhaul, "show", *args], capture_output=True, text=True).stdout


def check_data():
    data = data_of("day")
    if data is None:
        print("skip - the data of delays: libjs-dygraphs is not installed")
        return
    for leg in data["legs"]:
        name = leg["label"]
        rows, n = rows_of(leg), len(leg["t"])
        hours = list(csv.DictReader(io.StringIO(show("--hours", "--csv", path(name)))))
        check(len(rows) == n and all(a <= b + 1e-9 <= c + 2e-9 for _, a, b, c in rows), "%s: each of %d rows knows its delays: p50, p99 and max in this order" % (name, n))
        for k, hour in enumerate(hours):
            part = [r for r in rows if k * HOUR <= r[0] / 1e3 < (k + 1) * HOUR]
            most, p99 = max(r[3] for r in part), max(r[2] for r in part)
            medians = sorted(r[1] for r in part)
            check(abs(most - float(hour["delay_max_ms"])) < 0.0011, "%s, hour %d: the greatest delay is the one of show --hours --csv, %s ms (%g)" % (name, k, hour["delay_max_ms"], most))
            check(p99 >= 0.98 * float(hour["delay_p99_ms"]), "... and no 99th percentile of the hour (%s) is above the greatest of its rows (%g)" % (hour["delay_p99_ms"], p99))
            check(medians[0] - 0.002 <= float(hour["delay_p50_ms"]) <= 1.02 * medians[-1] + 0.002, "... and its median (%s) is among theirs" % hour["delay_p50_ms"])
    sizes = {data["kinds"][e[1]][1]: e[8] for leg in data["legs"] for e in leg["events"] if len(e) > 8}
    check(sizes.get("route") == "+3 ms" and re.fullmatch(r"3[01]\d ms", sizes.get("silence", "")) and re.fullmatch(r"[\d.]+ ms", sizes.get("delay", "")), "marks have their size: %s" % sizes)
    ranks = [kind[2] for kind in data["kinds"]]
    check(sorted(ranks) == list(range(len(ranks))) and ranks[0] == 0, "each kind has its place in the key: %s" % ranks)
    for name, known in (("mixed", {"HK->WUS": False, "WUS->HK": True}), ("old", {"HK->WUS": False, "WUS->HK": False})):
        got = {leg["label"]: any(key in leg for key in ("qm", "qp", "qx")) for leg in data_of(name)["legs"]}
        check(got == known, "%s: only legs that know delays have them in the data: %s" % (name, got))


def texts():
    page, text = read("day"), read("day", "summary_report.md")
    delays, silences, summary = (table(page, name) for name in ("percentile-delay", "silences", "summary-table"))
    for file in sorted(glob.glob(work + "/day/*.json")):
        leg = json.loads(show("--json", file))
        name, known = "%s->%s" % (leg["source"], leg["destination"]), leg["delay"]
        shown = [float(v.replace(",", "")) for v in delays.get(name, ["0"] * 8)]
        wanted = [known[key] for key in ("n_datagrams", "p50_ms", "p95_ms", "p99_ms", "p99_9_ms", "max_ms", "ipdv_p50_ms", "ipdv_p99_ms")]
        check(all(abs(a - b) <= 0.03 * b for a, b in zip(shown, wanted)) and len(shown) == 8, "page: the table of delays has what show has of %s: %s" % (name, shown))
        row = re.search(r"\n\| %s \| ([\d,]+) \|(.*)\|\n" % re.escape(name).replace(">", "(?:>|&gt;)"), text.partition("**Delay in queues")[2].partition("**Silences")[0])
        got = [float(v) for v in row.group(2).split("|")] if row else []
        check(len(got) == 7 and all(abs(a - b) <= 0.006 * b for a, b in zip(got, wanted[1:])), "Markdown: so has its table: %s" % got)
    check(len(delays) == 6 and len(silences) == 6 and len(summary) == 6, "a row for each leg in each table: %d, %d, %d" % (len(delays), len(silences), len(summary)))
    kc = next(row for leg, row in silences.items() if leg.startswith("KC"))
    uae = next(row for leg, row in silences.items() if leg.startswith("UAE"))
    check(kc[1:4] == ["9", "9", "31"] and 300 <= float(kc[5]) <= 330 and kc[4] == "0" and kc[6] == "\u2013" , "silences and losses in a row: %s" % kc)
    check(uae[4] == "1" and abs(float(uae[6]) - 3) < 0.1, "a route that got longer: %s" % uae)
    plain = seen(page)
    check(re.search(r"<th[^>]*>Delay p50", plain) and plain.count("<span>delay p99 <b>") == 6 and plain.count("<span>route changes <b>1</b>") == 2, "columns of the summary, and facts of the charts")
    check(len(re.findall(r'title="[^"]*; delay p99 [\d.]+ ms, max [\d.]+ ms', page)) >= 6, "cells of the map have delays")
    check(text.count(" delay p99 |") == 6, "so have the hours in Markdown")
    check("Routes: 2 changes on 2 of 6 legs whose delays are known" in plain and "Delays: unknown" not in plain, "takeaways")

    page, text = read("mixed"), read("mixed", "summary_report.md")
    check(list(table(page, "percentile-delay")) == ["WUS->HK"], "mixed: one leg has a row")
    unknown = "Delays: unknown for 1 of 2 legs: their receiver was not longhaul, or its record was not found."
    check(seen(page).count(unknown) == 1 and html.unescape(text).replace("\\", "").count(unknown) == 1, "mixed: once told that the other's are unknown")
    check(seen(page).count("<span>delay p99") == 1 and text.count(" delay p99 |") == 1, "mixed: facts and hours of the one alone")
    summary = table(page, "summary-table")
    check(sorted(len(row) for row in summary.values()) == [len(list(summary.values())[0])] * 2 and any("\u2013" in row for row in summary.values()), "mixed: a dash for what is unknown")
    page, text = read("old"), read("old", "summary_report.md")
    check(not re.search(r"delay|queue|silence", seen(page).replace("loss unknown", ""), re.I), "old: not a word of delays in the page: %s" % re.findall(r".{30}(?:delay|queue|silence).{20}", seen(page), re.I)[:3])
    check(not re.search(r"delay|queue|silence", text, re.I), "old: nor in Markdown")
    check_data()


# ---- in a browser

DRAW = "document.querySelectorAll('details.pair').forEach((d) => { d.open = true; });"
READ = """const leg = document.getElementById('leg%d'), box = leg.querySelector('.plots'), r = box.getBoundingClientRect(), x = r.left + 58 + (r.width - 62) * %g;
box.dispatchEvent(new PointerEvent('pointermove', {clientX: x, clientY: r.top + 20, pointerType: 'mouse', bubbles: true}));
return leg.querySelector('.readout').innerText;"""


def draw(b, name):
    b.open("%s/%s.out/index.html" % (work, name))
    b.wait("return document.readyState === 'complete'")
    b.run(DRAW)
    for y in range(0, b.run("return document.documentElement.scrollHeight"), 600):
        b.run("scrollTo(0, arguments[0])", y)
        b.settle(0.05)
    return {leg["label"]: leg["leg"] for leg in data_of(name)["legs"]}


def browser():
    from browser import Browser
    with Browser() as b:
        legs = draw(b, "day")
        check(b.run("return document.querySelectorAll('.plot.delay canvas').length") >= 6, "a panel of delays for each leg")
        b.run("const leg = document.getElementById('leg%d'); leg.scrollIntoView(); return 1" % legs["HK->WUS"])
        b.settle(0.2)
        told = b.run(READ % (legs["HK->WUS"], (20 / 24 + 300 / 86400)))
        value = re.search(r"delay [^\n]* (\d+\.\d+) / (\d+\.\d+) / (\d+\.\d+) ms", told)
        check(value and 15 < float(value.group(1)) <= float(value.group(2)) <= float(value.group(3)) < 25, "pointed at in the queue, it says its delay: %s" % told)
        check("delay, 19" in told or "delay, 20" in told or "delay, 18" in told, "and the incident with its size")
        key = b.run("return document.getElementById('legend').innerText")
        check(all(w in key for w in ("silence", "delay p50 to p99", "its max", "route")) and key.index("silence") < key.index("route"), "the key of the charts: %s" % key)
        ink = b.run("""const c = document.querySelector('#leg%d .plot.delay canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n;""" % legs["WUS->HK"])
        check(ink > 1000, "something is drawn in it: %s" % ink)
        top = b.run("return [...document.querySelectorAll('#leg%d .plot.delay .dygraph-axis-label-y')].map((e) => Number(e.textContent))" % legs["WUS->HK"])
        check(min(top) == 0 and 20 <= max(top) <= 60, "its axis begins at 0, and the queues of 38 ms are on it: %s" % top)
        top = b.run("return [...document.querySelectorAll('#leg%d .plot.delay .dygraph-axis-label-y')].map((e) => Number(e.textContent))" % legs["UAE->WUS"])
        check(min(top) == 0 and 0.2 <= max(top) < 3, "the 3 s before another route was known do not flatten the rest: %s" % top)
        # The charts are drawn again: which numbers of incidents, on which leg's canvas?
        b.run("""window.drawn = {}; const old = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  const leg = this.canvas.closest('article');
  if (leg && /^[0-9]+\\W*$/.test(text)) (window.drawn[leg.id] ??= []).push(text);
  return old.call(this, text, ...rest);
};""")
        incidents = {i["where"]: str(i["number"]) for i in json.loads(subprocess.run([longhaul, "report", "--no-render", "--json", "--out", work + "/again", work + "/day"],
                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)["incidents"]}
        for where, most in (("WUS->HK", 1), ("KC->WUS", 9)):
            b.run("document.getElementById('leg%d').scrollIntoView()" % legs[where]) # what is not seen is drawn later
            b.settle(0.5)
            b.run("window.drawn = {}; [...document.querySelectorAll('#controls button')].find(x => x.textContent === 'All').click()")
            b.settle(0.7)
            texts = b.run("return window.drawn").get("leg%d" % legs[where], [])
            check(set(texts) == {incidents[where]} and len(texts) == most, "%s: events that follow on each other have one number, others their own: %s" % (where, texts))
        check(b.errors() == [], "no word on the console")
        legs = draw(b, "mixed")
        count = "return ['%d', '%d'].map((i) => document.querySelectorAll('#leg' + i + ' .plot.delay').length)" % (legs["HK->WUS"], legs["WUS->HK"])
        check(b.run(count) == [0, 1], "mixed: a panel for the leg that knows its delays, none for the other")
        check("delay" not in b.run(READ % (legs["HK->WUS"], 0.5)), "mixed: the other says nothing of delays")
        draw(b, "old")
        check(b.run("return document.querySelectorAll('.plot.delay').length") == 0 and "delay" not in b.run("return document.getElementById('legend').innerText"), "old: no panel, no key")
        check(b.errors() == [], "no word on the console")


{"files": files, "texts": texts, "browser": browser}[mode]()
sys.exit(failed > 0)
