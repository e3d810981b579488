"""hops_page.py files|texts|long|browser WORK [LONGHAUL]: see hops_page.sh."""
import glob
import html
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
mode, work = sys.argv[1:3]
longhaul = sys.argv[3] if len(sys.argv) > 3 else None
failed = 0


def check(good, what, got=""):
    global failed
    failed += not good
    print(("ok - " + what) if good else "not ok - %s: %s" % (what, got), flush=True)


def same(what, got, wanted):
    check(got == wanted, what, "got %r, wanted %r" % (got, wanted))


def path(name, folder):
    return glob.glob("%s/%s/%s-*.json" % (work, folder, name))[0]


# ---- made records

def rewrite(source, folder, change, name="A-B"):
    """The record in `source` with its traces changed."""
    data = json.load(open(path("A-B", source)))
    change(data["longhaul"])
    os.makedirs("%s/%s" % (work, folder), exist_ok=True)
    data["longhaul"]["source"], data["longhaul"]["destination"] = name.split("-")
    json.dump(data, open("%s/%s/%s-10M_7200S_20251115_010046.json" % (work, folder, name), "w"))


def trace(at, addresses, port=20000, why="hourly", distance=None, labels=""):
    hops = [[a, 3, 3 if a else 0, 0.5 + i if a else None, 0.9 + i if a else None] + ([labels] if labels else []) for i, a in enumerate(addresses)]
    return {"at_s": at, "seconds": 1.5, "why": why, "source_port": port, "destination_port": 5201, "protocol": "UDP", "by": "raw",
            "distance": len(addresses) + 1 if distance is None else distance, "hops": hops}


LONG = ["2001:db8:1234:5678:9abc:def0:%x:%x" % (n, n * 4099) for n in range(1, 31)]


def files():
    # 1,000 traces, of which each is another route of 30 hops: far apart, so that each change is an event of its own
    rewrite("untraced", "many", lambda l: l.update(hops=[trace(i * 700, LONG[:3] + ["2001:db8:ffff::%x:%x" % (i, k) for k in range(4, 31)]) for i in range(1000)]))
    # Flows that take several routes all the time, none of which changes.
    ways = {20000: "198.18.2.1", 20001: "198.18.2.9", 20002: "198.18.2.1", 20003: "198.18.2.17"}
    rewrite("untraced", "ways", lambda l: l.update(hops=[trace(at + i, ["198.18.1.1", router, "198.18.3.1"], port)
                                                         for at in (0, 3600, 7000) for i, (port, router) in enumerate(ways.items())]))
    # Distances and hops at the ends of what can be, nobody who answers, nothing but the peer.
    odd = [trace(0.5, ["10.0.0.1"] * 30, distance=255), trace(100, [], distance=1), trace(200, [None] * 30, distance=0), trace(300, LONG, distance=31),
           trace(400, ["10.0.0.%d" % i for i in range(1, 31)], distance=2, why="change"), trace(500, ["10.0.0.1", None, "10.9.9.9"], labels="1048575/7/1/255 16/0/0/1"),
           trace(600, [None, None, "0.0.0.0", "255.255.255.255"], distance=200), trace(700, LONG[::-1]), trace(800, ["10.0.0.1", "10.0.0.2", "10.0.0.1"] * 10)]
    for entry in odd:
        for hop in entry["hops"]:
            hop[1] = 1000000
    rewrite("untraced", "odd", lambda l: l.update(hops=odd))
    # Names that are markup elsewhere, from the name of a file that says nothing else.
    data = json.load(open(path("A-B", "back")))
    for member in ("source", "destination", "peer"):
        del data["longhaul"][member]
    data["start"]["connected"] = []
    os.makedirs(work + "/names", exist_ok=True)
    json.dump(data, open(work + "/names/<b>A|x-`B`*.json", "w"))


def long():
    """In the folder of the browser: a leg with 30 hops of long addresses."""
    rewrite("untraced", "look", lambda l: l.update(hops=[trace(0.5, LONG), trace(3000, LONG[:9] + ["2001:db8:ffff:ffff:ffff:ffff:ffff:%x" % n for n in range(0xfff0, 0xfff9)] + LONG[18:],
                                                                                 why="change"), trace(3600, LONG)]), "HK-UAE")


# ---- texts

def read(name, file="index.html"):
    return open("%s/%s.out/%s" % (work, name, file), encoding="utf-8").read()


def text_of(markup):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", markup))).strip()


def rows_of(markup):
    """A drawing: its rows, each with its name and its cells, (class, address or name, figures, title)."""
    rows = []
    for row in markup.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]:
        cells = []
        for attributes, inside in re.findall(r"<td([^>]*)>(.*?)(?=<td|$)", row.strip(), re.S):
            kind = re.search(r"class=(\w)", attributes)
            title = re.search(r'title="([^"]*)"', attributes)
            said = re.sub(r"<span class=vh>.*?</span>", "", inside)
            cells.append((kind.group(1) if kind else "", text_of(said.partition("<small>")[0]), text_of(said.partition("<small>")[2].replace("<br>", ", ")),
                          html.unescape(title.group(1)) if title else ""))
        rows.append((text_of(re.search(r"<th scope=row>(.*?)(?=<small>|<td)", row, re.S).group(1)), cells))
    return rows


def drawings(page):
    return [(int(n), text_of(caption), rows_of(table)) for n, caption, table in
            re.findall(r"<figure class=route id=r(\d+)><figcaption>(.*?)</figcaption>(.*?)</figure>", page, re.S)]


def kinds(row):
    return "".join(cell[0] or " " for cell in row[1])


def shapes(name):
    """Of each drawing the names of its rows and the kinds of their nodes."""
    return [[(row[0], kinds(row).rstrip()) for row in rows] for _, _, rows in drawings(read(name))]


def event_rows(page):
    table = re.search(r"<table[^>]*id=event-table>(.*?)</table>", page, re.S)
    if table is None:
        return [], []
    head = [text_of(h) for h in re.findall(r"<th scope=col[^>]*>(.*?)(?=<th|</thead>)", table.group(1), re.S)]
    rows = [[text_of(c) for c in re.split(r"<td[^>]*>", row)] for row in table.group(1).partition("<tbody>")[2].split("<tr ")[1:]]
    return head, rows


def test_day():
    page, text = read("day"), read("day", "summary_report.md")
    lines = [text_of(li) for li in re.findall(r"<li>(.*?)(?=<li>|</ol>)", page.partition("<div class=first>")[2].partition("</div>")[0], re.S)]
    check(len(lines) == 2 and "2 incidents" in page.partition("</h2>")[0], "the first lines: two incidents", lines)
    check(any(re.search(r"1 of 16 flows \(source port 20005\) of HK.WUS lost .*one member of a LAG, or one ECMP path", line) for line in lines), "the bad flow, by its port", lines)
    route = [line for line in lines if re.search(r"the route of WUS.HK changed from hop 4 on \(198\.18\.4\.1 before, 198\.19\.4\.1 since\)", line)]
    check(len(route) == 1 and route[0].endswith("The route, drawn"), "the route, its first other hop and both addresses, and a link to the drawing", lines)
    (number, caption, rows), = drawings(page)
    check('<a href="#r%d">The route, drawn</a>' % number in page and page.count("id=r%d>" % number) == 1, "which is there")
    check(re.fullmatch(r"\d WUS.HK: the route changed from hop 4 on \(198\.18\.4\.1 before, 198\.19\.4\.1 since\)", caption), "it says what it shows", caption)
    same("a row for each trace, a node for each hop", [(r[0], kinds(r)) for r in rows], [("before", "sosgggp"), ("since", "soscccp"), ("later", "soscccp")])
    same("addresses before", [c[1] for c in rows[0][1]], ["198.18.1.1", "", "198.18.3.1", "198.18.4.1", "198.18.5.1", "198.18.6.1", "HK"])
    same("and since, where they are others", [c[1] for c in rows[1][1]], ["", "", "", "198.19.4.1", "198.19.5.1", "198.19.6.1", "HK"])
    same("round trips, and who did not answer", [c[2] for c in rows[0][1]], ["0.45 ms", "0 of 3", "1.15 ms", "1.5 ms", "1.85 ms", "2.2 ms", ""])
    check(rows[0][1][0][3].startswith("198.18.1.1, 0.45 to 0.6 ms, 3 of 3 probes answered"), "more in a title", rows[0][1][0][3])
    said = re.search(r"<summary>(2 routes: [^<]*)</summary>", page)
    same("the leg's routes", said and said.group(1), "2 routes: A 2 h 55 min, B 2 h 5 min")
    listed = rows_of(page[said.end():])
    same("are drawn, too", [(r[0], kinds(r)) for r in listed], [("A", "sossssp"), ("B", "soscccp")])
    head, events = event_rows(page)
    check(head[-1] == "Route" and [row[-1] for row in events] == ["\u2013", "the route changed from hop 4 on (198.18.4.1 before, 198.19.4.1 since)"], "the rows of events", events)
    check(re.search(r"\n\| 4 \| \*\*198\.18\.4\.1\*\*, 1\.5 ms \| \*\*198\.19\.4\.1\*\*, 1\.5 ms \| \*\*198\.19\.4\.1\*\*, 1\.5 ms \|\n", text)
          and re.search(r"\n\| 2 \| no answer \| no answer \| no answer \|\n", text)
          and re.search(r"\n\| 3 \| 198\.18\.3\.1, 1\.15 ms \| same, 1\.15 ms \| same, 1\.15 ms \|\n", text)
          and re.search(r"\n\| Hop \| before, (?:11-15 )?03:00:46Z \| since, (?:11-15 )?03:05:51Z \| later, (?:11-15 )?04:00:46Z \|\n", text), "summary_report.md: hop by hop",
          re.findall(r"\n\| Hop.*?\n\n", text, re.S))
    check(re.search(r"\n\| WUS->HK \| A \| 2 h 55 min \| 11-15 03:05:51Z \| \d \| 20000 \| 198\.18\.1\.1, -, 198\.18\.3\.1, 198\.19\.4\.1, 198\.19\.5\.1, 198\.19\.6\.1 \|\n", text),
          "and its routes", re.findall(r"\n\| WUS->HK \| [AB] .*", text))
    rows = [line for line in text.splitlines() if re.match(r"\| \d+ \| [^|]*Z \| (HK->WUS|WUS->HK) \|", line)]
    check(len(rows) == 2 and rows[1].endswith("| the route changed from hop 4 on (198.18.4.1 before, 198.19.4.1 since) |") and rows[0].endswith("| - |"), "and the rows of events", rows)


def test_kinds():
    same("a route that comes back to the old one", shapes("back"), [[("before", "soggssp"), ("since", "soccssp"), ("later", "soccssp")]])
    longer, = shapes("longer")
    check(len(longer[1][1]) == len(longer[0][1]) + 2 and longer[1][1].endswith("p"), "a longer one: the peer is farther", longer)
    loss, = drawings(read("loss"))
    same("the first hop that loses", [(r[0], kinds(r)) for r in loss[2]], [("before", "ssssssp"), ("during", "ssslssp"), ("after", "ssssssp")])
    check(any(re.search(r"ms, \d of \d", c[2]) for c in loss[2][1][1][3:6]) and not any(" of " in c[2] for c in loss[2][1][1][:3]), "with the probes that were answered", loss[2][1])
    same("one of two, of which one is silent", [kinds(r) for r in drawings(read("range"))[0][2]], ["sssossp", "sssolsp", "sssossp"])
    loop = drawings(read("loop"))[0]
    same("a loop", kinds(loop[2][0]), "ssssssssp".replace("ssssssss", "sssssggg"))
    check(kinds(loop[2][1]).startswith("sssrrrr") and len(kinds(loop[2][1])) == 9 and loop[2][1][1][-1][2].endswith("\u2026 to hop 20"), "as long as the route, with what it goes on to", loop[2][1])
    check(any("loop" in line and "**198.18.4.1**, loop" in line for line in read("loop", "summary_report.md").splitlines()), "in Markdown, too")
    head, events = event_rows(read("shift"))
    check(shapes("shift") == [] and head[-1] == "Route" and [row[-1] for row in events] == ["the same"], "a shift on the same route: no drawing, but it is said", (shapes("shift"), events))
    again = shapes("again")
    same("there and back: two drawings", again, [[("before", "sssgggp"), ("since", "sssccc" + "p"), ("later", "ssscccp")], [("before", "sssgggp"), ("since", "ssscccp"), ("later", "ssscccp")]])
    check("<summary>2 routes: A 1 h 40 min, B 1 h 20 min</summary>" in read("again"), "of two routes, each with its time", re.findall(r"<summary>\d+ routes[^<]*", read("again")))
    same("a route that goes to and fro: one drawing", len(shapes("flap")), 1)
    same("before, during and after it", [r[0] for r in drawings(read("flap"))[0][2]], ["before", "during", "after"])
    page = read("together")
    check(len(drawings(page)) == 1 and "A-&gt;B, flow from port 20000:" in page.replace("&rarr;", "-&gt;"), "of 16 flows that change together one is drawn, and named", [d[1] for d in drawings(page)])
    check("By the source port" not in page and "20000, 20001, 20002" in read("together", "summary_report.md"), "all took both routes")


def test_ways():
    page = read("ways")
    check("<summary>3 routes: A " in page and drawings(page) == [], "flows that take several routes: no event, but a list")
    same("which took which", text_of(re.search(r"<p class=hint>(By the source port.*?)</p>", page).group(1)), "By the source port of the flow: A 20000, 20002; B 20001; C 20003")
    check("Route" not in event_rows(page)[0], "no column of events without one that traces tell of")


def test_many():
    page, text = read("many"), read("many", "summary_report.md")
    shown = drawings(page)
    check(2 <= len(shown) <= 24 and "has all traces" in page, "1,000 changes: few drawings, and where the others are", len(shown))
    check(re.search(r"<details class=fold id=routes><summary>", page) or len(shown) <= 3, "folded where they are many")
    check("<summary>24 and more routes: A " in page, "few routes in the leg's list", re.findall(r"<summary>[^<]*routes:[^<]*", page))
    check(len(re.findall(r"\n\| A->B \| [A-X] \|", text)) == 6 and len(text) < 400000 and len(page) < 1200000, "and few bytes", (len(text), len(page)))
    odd = read("odd")
    check(len(drawings(odd)) >= 1 and all(len(r[1]) == len(rows[0][1]) <= 31 for _, _, rows in drawings(odd) for r in rows), "odd traces: all rows are as wide", [[len(r[1]) for r in rows] for _, _, rows in drawings(odd)])
    check("MPLS 1048575/7/1/255 16/0/0/1" in odd, "labels stand in titles")
    check(not re.search(r"\bnan\b|\binf\b", re.sub(r"<script.*?</script>|<style.*?</style>", "", odd, flags=re.S)), "no text has a nan or an inf in it")
    names = read("names")
    check(len(drawings(names)) == 1 and "<b>A" not in names and "_b_A_x" in drawings(names)[0][1], "names of sites are no markup", [d[1] for d in drawings(names)])
    check(re.search(r"Event 1, peer->\\_b_A_x", read("names", "summary_report.md")), "nor in Markdown")


def test_none():
    traced, plain = read("quiet"), read("untraced")
    check(not re.search(r"<figure class=route|<details class=ways|id=routes", traced), "traces that show nothing: nothing is drawn")
    check(abs(len(traced) - len(plain)) < 2000, "and the page stays as small", (len(traced), len(plain)))
    check("Route |" not in read("quiet", "summary_report.md").partition("## How it was measured")[0], "nor in Markdown")
    growth = len(read("back")) - len(read("alone"))
    check(1000 < growth < 15000, "one leg with a drawing, its event and its routes, and the same leg without: some kB more", growth)
    report = json.loads(subprocess.run([longhaul, "report", "--json", "--no-render", "--out", work + "/json.out", work + "/day"], capture_output=True, text=True, check=True).stdout)
    legs = {leg["destination"]: leg for leg in report["legs"]}
    events = [e for e in legs["HK"]["events"] if "hops" in e]
    check(len(events) == 1 and events[0]["hops"]["sign"] == "differs" and len(legs["HK"]["routes"]) >= 7 and "routes" not in legs["WUS"], "the report's JSON has the traces of each leg, and the events' hops",
          [e["hops"] for e in events])


def browser():
    from browser import Browser
    with Browser() as b:
        b.open("%s/look.out/index.html" % work)
        b.wait("return document.readyState === 'complete'")
        link = b.run("const a = document.querySelector('.first a[href^=\"#r\"]'); a.click(); return a.getAttribute('href').slice(1)")
        b.settle(0.5)
        check(b.run("const r = document.getElementById(arguments[0]).getBoundingClientRect(); return r.height > 50 && r.top >= 0 && r.top < innerHeight", link), "the link of a first line leads to the drawing, and opens it", link)
        nodes = b.run("const found = {}; for (const td of document.querySelectorAll('.hops td[class]')) { const s = getComputedStyle(td, '::after');"
                      "found[td.className] = [s.borderRadius, s.transform !== 'none', s.clipPath !== 'none', s.borderTopWidth, s.borderRightColor === s.borderTopColor].join(); } return found")
        check(set(nodes) == set("socgrp") | ({"l"} & set(nodes)) and len(set(nodes.values())) == len(nodes), "each kind of node has a shape of its own, not only a colour", nodes)
        b.media("print")
        b.size(754, 1000)
        b.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        b.settle(0.3)
        over = b.run("return [...document.querySelectorAll('.hops')].filter((t) => t.getBoundingClientRect().right > innerWidth + 1).length")
        same("on paper a route of 30 hops is as wide as the sheet", over, 0)
        n = b.run("return document.querySelectorAll('.hops').length")
        check(n >= 3, "of several drawings", n)


if mode == "texts":
    for test in (test_day, test_kinds, test_ways, test_many, test_none):
        test()
else:
    {"files": files, "long": long, "browser": browser}[mode]()
sys.exit(failed > 0)
