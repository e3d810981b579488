"""compare_page.py WORK LONGHAUL: see compare_page.sh. Leaves page.html and evil.html in WORK."""
import html
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402
from compare import DAY, START, cells, check, make, run, work  # noqa: E402

LEG = ("AMS", "ICN")


def page_of(name, *sides):
    code, out, err = run("--json", "--html", name, *sides)
    text = open(os.path.join(work, name), encoding="utf-8").read() if os.path.isfile(os.path.join(work, name)) else ""
    return code, json.loads(out) if out else {}, text, err


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).replace("\u2060", "").split())


def rows_of(text, table):
    """(leg, quantity, verdict, before, after, difference) of each row."""
    body = re.search(r"id=%s>.*?<tbody>(.*?)</tbody>" % table, text, re.S)
    rows = []
    for row in body.group(1).strip().split("\n") if body else []:
        found = re.findall(r"<t[hd][^>]*>(.*?)(?=<td|$)", row, re.S)
        rows.append([plain(cell) for cell in found])
    return rows


def key(source, destination, quantity):
    return "%s\u2192%s" % (source, destination), quantity


# ---- tables

def tables():
    for side in (0, 1):
        folder = f"{work}/{'AB'[side]}/"
        start = START + 7 * side * DAY
        make(folder + "AMS-ICN.json", "AMS-ICN", start=start, row_s=60, loss=(0.001, 0.004)[side], delay_us=(800, 1500)[side], silences=0.2, seed=1 + side)
        make(folder + "AMS-LHR.json", "AMS-LHR", start=start, row_s=60, slower=(0, 0.02)[side], jitter=(2, 0.5)[side], seed=3 + side)
        make(folder + "AMS-TCP.json", "AMS-TCP", start=start, row_s=60, role="sender", tcp=((1, 80), (3, 81.5))[side], seed=5 + side)
        make(folder + "SIN-NRT.json", "SIN-NRT", start=start, row_s=60, loss=0, seed=7 + side)
        quiet = json.load(open(folder + "SIN-NRT.json"))
        for row in quiet["intervals"]:
            for its in (*row["streams"], row["sum"]):
                its["lost_packets"] = its["lost_percent"] = 0
        json.dump(quiet, open(folder + "SIN-NRT.json", "w"))
    make(work + "/A/GONE-WUS.json", "GONE-WUS", row_s=600, seed=9)
    code, data, text, _ = page_of("page.html", "A", "B")
    check(code == 3 and "<h1>longhaul compare: worse</h1>" in text, "--html writes a page, and the rest is as without it")
    figures = {key(g["source"], g["destination"], f["quantity"]): f for g in data["legs"] for f in g["figures"]}
    first, rest = rows_of(text, "summary-table"), rows_of(text, "rest-table")
    told = {(r[0], r[1].split(",")[0]): r[2] for r in first + rest}
    words = {"worse": "worse", "better": "better", "none": "no difference that matters", "cannot_say": "cannot say"}
    wrong = [k for k, f in figures.items() if not told.get(k, "").startswith(words[f["difference"]]) or (f["why"] or "") not in told[k]]
    check(len(told) == len(figures) and not wrong, f"all {len(figures)} figures of JSON with their verdicts: {wrong}")
    sizes = [(figures[(r[0], r[1].split(",")[0])]["difference"] != "worse", -abs(figures[(r[0], r[1].split(",")[0])]["effect"] / figures[(r[0], r[1].split(",")[0])]["margin"])) for r in first]
    check(len(sizes) >= 5 and sizes == sorted(sizes) and all(r[2] in ("worse", "better") for r in first), "the first table: worse, the gravest first, then better")
    values = {(r[0], r[1].split(",")[0]): [float(x.strip("<")) for x in r[3:5]] for r in first}
    check(all(abs(v[0] - figures[k]["before"]) <= 0.06 * figures[k]["margin"] and abs(v[1] - figures[k]["after"]) <= 0.06 * figures[k]["margin"] for k, v in values.items()),
          "before and after to a tenth of what matters")
    markdown = run("--markdown", "A", "B")[1].split("<details>")[0]
    order = [(r[1].strip().replace("->", "\u2192"), r[2].split(",")[0].strip()) for r in (line.split("|") for line in markdown.split("\n") if line.startswith("| ") and "Verdict" not in line)]
    check(order == [(r[0], r[1].split(",")[0]) for r in first], "Markdown has the same figures in the same order")
    check("GONE\u2192WUS" in plain(text).replace("\u2060", "") and "only before" in text, "a leg that is gone is told")
    check(text.index("AMS") < text.index("id=charts") and data["verdict"].split(";")[0].split(":")[0] == "worse", "the verdict comes first")
    drawings(text, figures)


# ---- drawings

def section_of(text, leg, quantity):
    part = text[text.index("id=charts"):]
    at = part.index("<h3>" + leg)
    end = part.find("</article>", at)
    found = re.search(r"<h5>%s,.*?</section>" % quantity, part[at:end], re.S)
    return found.group(0) if found else ""


def numbers_of(section, head):
    table = section[section.index("<th scope=col>" + head):]
    return {m[0]: [html.unescape(x).strip("<") for x in m[1:]] for m in re.findall(r"<th scope=row>([^<]*)<td class=n>(.*?)<td class=n>(.*?)(?=<tr|</tbody)", table[:table.index("</table>")])}


def curve(section, figure, name):
    """The places of a path: x, y."""
    path = re.findall(r"<path class=%s d=\"([^\"]*)\"" % name, section)[figure]
    x = y = 0.0
    places = []
    for letter, numbers in re.findall(r"([MHVhv])([-\d. ]+)", path):
        values = [float(v) for v in numbers.split()]
        x, y = {"M": lambda: values, "H": lambda: (values[0], y), "V": lambda: (x, values[0]), "h": lambda: (x + values[0], y), "v": lambda: (x, y + values[0])}[letter]()
        places.append((x, y))
    return places


def drawings(text, figures):
    before, after = cells(["A/AMS-ICN.json"], "loss"), cells(["B/AMS-ICN.json"], "loss")
    both = [k for k in before if k in after]
    section = section_of(text, "AMS", "loss")
    shares, hours = numbers_of(section, "Share"), numbers_of(section, "Hour")
    sides = [sorted(day[k][0] / day[k][1] for k in both) for day in (before, after)]
    wrong = [s for s, told in shares.items() for i in (0, 1)
             if abs(float(told[i]) - sides[i][max(0, -int(-float(s[:-2]) / 100 * len(both) // 1) - 1)]) > 0.0006]
    check(len(shares) == 6 and not wrong, f"the distribution is that of the 144 pieces: {wrong}")
    wrong = []
    for hour in range(24):
        for i, day in enumerate((before, after)):
            own = [day[k] for k in both if k // 6 == hour]
            if abs(float(hours["%02d:00" % hour][i]) - sum(c[0] for c in own) / sum(c[1] for c in own)) > 0.0006:
                wrong.append((hour, i))
    check(len(hours) == 24 and not wrong, f"each hour is the sum of its six pieces: {wrong}")
    for figure, name in ((0, "b"), (0, "a")):
        places = curve(section, figure, name)
        check(len(places) <= 2 * 144 + 1 and places[-1][1] == 12 and all(p[0] <= q[0] and p[1] >= q[1] for p, q in zip(places, places[1:])),
              f"the curve {name} of the distribution rises to 100 % in {len(places)} steps")
    x = [curve(section, 0, name)[-1][0] for name in "ba"]
    check(x[0] < x[1], "what is worse is further to the right")
    heights = [min(y for _, y in curve(section, 1, name)) for name in "ba"]
    check(heights[1] < heights[0], "and higher by hour")
    words = plain(section)
    best = [max(range(24), key=lambda h, i=i: float(hours["%02d:00" % h][i])) for i in (0, 1)]
    said = re.search(r"highest hour: before ([\d.]+) % at (\d\d):00, after ([\d.]+) % at (\d\d):00", words)
    check(said is not None and [float(said[1]), float(said[3])] == [float(hours["%02d:00" % best[i]][i]) for i in (0, 1)], "the words say the highest hours")
    delay = section_of(text, "AMS", "delay")
    f = figures[key("AMS", "ICN", "delay")]
    said = re.search(r"99 of 100 for at most ([\d.]*\d), ([\d.]*\d)", plain(delay))
    check(said is not None and abs(float(said[1]) - f["before"]) <= 0.06 and abs(float(said[2]) - f["after"]) <= 0.06, "delays: the words have both percentiles")
    check(text.count("<svg ") == 2 * len(figures) and text.count("role=img aria-label=") == text.count("<svg "), "two drawings of each figure, with a text")
    zero = section_of(text, "SIN", "loss")
    check(re.search(r"before 0[.0]* % in each, after 0[.0]* % in each", plain(zero)) is not None, "hours that are alike are said to be so")


# ---- others

def hostile():
    evil = ("=cmd|'/c'!A1", "x\x1b[31m<script>alert(1)</script>", "\u202e\"><img src=x onerror=alert(1)>", "A" * 400)
    for i, name in enumerate(evil):
        for side in (1, 2):
            make(f"{work}/evil{side}/{i}.json", row_s=300, start=START + side * DAY, loss=(0.001, 0.02)[side - 1], hosts=(name, "192.0.2.9"), seed=50 + side)
    code, data, text, _ = page_of("evil.html", "evil1", "evil2")
    tags = re.findall(r"<[a-z][^>]*>", text[text.index("<main"):text.rindex("</main>")])
    bad = [t for t in tags if t.startswith(("<script", "<img")) or re.search(r"\son\w+\s*=", re.sub(r"\"[^\"]*\"", "", t))]
    check(code == 3 and not bad and not re.search("[\x00-\x09\x0b-\x1f\u202e]", text), f"hostile names are text: {bad[:3]}")
    check("</ul>" in text and not re.search(r"<ul[^>]*>\s*</ul>", text), "no list without an entry, where nothing else is different")
    check(len(rows_of(text, "summary-table")) == sum(f["difference"] == "worse" for g in data["legs"] for f in g["figures"]), "each has its rows")


def many():
    """100 legs of two files each."""
    names = [f"S{i:02d}-T{i:02d}" for i in range(100)]
    for side in (0, 1):
        make(f"{work}/made{side}.json", "S00-T00", start=START + side * DAY, row_s=60, loss=0.001 + 0.003 * side, delay_us=800, silences=0.2, seed=70 + side)
        document = json.load(open(f"{work}/made{side}.json"))
        os.makedirs(f"{work}/many{side}", exist_ok=True)
        for name in names:
            document["longhaul"]["source"], document["longhaul"]["destination"] = name.split("-")
            json.dump(document, open(f"{work}/many{side}/{name}.json", "w"))
    code, data, text, _ = page_of("many.html", "many0", "many1")
    check(code == 3 and len(text) < 5e6 and text.count("<article class=leg") == 100 and text.count("<svg ") == 1000, f"100 legs, {sum(len(g['figures']) for g in data['legs'])} figures: {len(text)} bytes")
    check(text.count("<details class=pair open>") <= 20, "the 20 gravest at most are open")
    code, markdown, _ = run("--markdown", "many0", "many1")
    check(len(markdown) < 2 ** 20 and markdown.index("<details>") < 30000, f"Markdown of 100 legs: {len(markdown)} bytes, the rest folded")


def files():
    with open(work + "/mine.html", "w") as out:
        out.write("<p>not longhaul's")
    code, _, text, err = page_of("mine.html", "A", "B")
    check(code == 1 and text == "<p>not longhaul's" and "not longhaul's" in err and err.count("\n") == 1, f"a file of somebody else stays as it is: {err.strip()}")
    document = open(work + "/A/AMS-ICN.json").read()
    code, _, _, err = page_of("A/AMS-ICN.json", "A", "B")
    check(code == 1 and open(work + "/A/AMS-ICN.json").read() == document, "nor does a file that is compared become a page")
    code, _, text, _ = page_of("page.html", "B", "A")
    check(code == 3 and "<h1>longhaul compare: worse</h1>" in text, "a page of longhaul's is replaced")
    page_of("page.html", "A", "B")
    code, _, _, err = page_of("nosuch/page.html", "A", "B")
    check(code == 1 and err.count("\n") == 1 and "nosuch" in err, f"no such folder: {err.strip()}")
    code, _, _, err = page_of("A", "A", "B")
    check(code == 1 and "not a file" in err, f"a folder: {err.strip()}")


tables()
hostile()
many()
files()
sys.exit(compare.failed > 0)
