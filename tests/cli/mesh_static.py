#!/usr/bin/env python3
"""mesh_static.py WORK STORY: the texts of two meshes' reports, WORK/small.out of 12 sites and WORK/large.out of 50: order, links, sizes."""
import json
import re
import sys

work = sys.argv[1]
failures = 0


def check(what, good, got=""):
    global failures
    failures += not good
    print("ok - " + what if good else "not ok - %s: %s" % (what, got), flush=True)


def rank(leg):
    """As the report ranks legs, from what its JSON says of them."""
    loss, down = leg["loss_percent"] or 0, leg["downtime_s"] or 0
    return (leg["verdict"] == "not valid", max(loss, 100 * down / leg["planned_s"]))


def check_page(kind, n):
    page = open("%s/%s.out/index.html" % (work, kind)).read()
    legs = json.load(open("%s/%s.json" % (work, kind)))["legs"]
    body = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    ids = re.findall(r"\bid=([\w-]+)", body)
    check("%s: the first table is the matrix" % kind, re.search(r"<table[^>]*\bid=([\w-]+)", body).group(1) == "matrix")
    check("%s: no id twice" % kind, len(ids) == len(set(ids)), len(ids) - len(set(ids)))
    lost = sorted({h for h in re.findall(r'href="#([^"]*)"', body) if h not in ids})
    check("%s: all links within the page lead somewhere" % kind, not lost, lost[:5])
    matrix = body[body.index("id=matrix"):]
    links = re.findall(r'<a href="#leg(\d+)" title="([^":]*):', matrix[:matrix.index("</table>")])
    names = {int(i): name.replace("&rarr;", "->") for i, name in links}
    check("%s: the matrix leads to each of %d legs" % (kind, n), names == {i: "%s->%s" % (l["source"], l["destination"]) for i, l in enumerate(legs)}, len(names))
    check("%s: and has the scale of losses with it" % kind, 'class=scale' in matrix[:matrix.index("class=takeaways")])
    pairs = re.findall(r'<details class=pair id=pair\d+( open)?>(.*?)</details>', body, re.S)
    order = [[int(i) for i in re.findall(r"<article id=leg(\d+) ", text)] for _, text in pairs]
    worst = [max(rank(legs[i]) for i in pair) for pair in order]
    check("%s: the pairs are in the order of their gravest leg" % kind, worst == sorted(worst, reverse=True) and len(worst) > 9, worst[:4])
    gravest = sorted(range(n), key=lambda i: (tuple(-x for x in rank(legs[i])), i))[:20]
    opened = {i for (is_open, _), pair in zip(pairs, order) if is_open for i in pair}
    check("%s: the gravest 20 are open" % kind, set(gravest) <= opened and len(opened) <= 40, sorted(set(gravest) - opened))
    check("%s: and no pair without one of them" % kind, all(bool(is_open) == bool(set(pair) & set(gravest)) for (is_open, _), pair in zip(pairs, order)))
    return page, body, gravest


check_page("small", 132)
page, body, gravest = check_page("large", 2450)
check("large: %d bytes, under 2,500,000 without pictures" % len(page), len(page) < 2500000)
rows = re.findall(r"<tr(?: id=leg\d+)?><th scope=row class=leg>.*?(?=<tr|</tbody>)", body[body.index("<section id=legs>"):body.index("<section id=percentiles>")], re.S)
check("large: the list has all 2,450 legs", len(rows) == 2450, len(rows))
each = sum(map(len, rows)) / max(len(rows), 1)
check("large: %d bytes for each leg there, under 600" % each, each < 600)
check("large: each has its strip, with a text", all("<svg class=small" in r and "<title>" in r for r in rows))
check("large: in folded parts, one for each site that sends", len(re.findall(r'<details class="fold from" id=from\d+>', body)) == 50)
check("large: it says that charts and tables are of the gravest 20", "Of 2450 legs the gravest 20 have tables and charts below" in body)
check("large: a full mesh has no hub", "hub" not in re.search(r"<h1>(.*?)</h1>", body).group(1), re.search(r"<h1>(.*?)</h1>", body).group(1))

markdown = open(work + "/large.out/summary_report.md").read()
heads = re.findall(r"^## (.*)$", markdown, re.M)
check("large: Markdown begins with what happened, the matrix, the gravest; all legs come last",
      heads[:3] == ["In short", "Loss by source and destination", "The gravest 20 legs"] and heads[-1] == "All legs", heads)
check("large: its matrix is one table of 50 rows", len(re.findall(r"^\| [A-Z]{3} \|(?: [^|]* \|| +\|){50}$", markdown, re.M)) == 50)
check("large: its table of all legs has them", len(re.findall(r"^\| [A-Z]{3}->[A-Z]{3} \|", markdown[markdown.index("## All legs"):], re.M)) == 2450)
check("large: %d bytes of Markdown, under 400,000" % len(markdown), len(markdown) < 400000)
small = open(work + "/small.out/summary_report.md").read()
check("small: of few legs the reference's table comes first", small.index("| Direction | Mean Mbps") < small.index("## In short") < small.index("## Loss by source"))

story = [line.split() for line in sys.argv[2].split(";") if line]
told = {name for i in gravest for name in [json.load(open(work + "/large.json"))["legs"][i]] for name in ["%s->%s" % (name["source"], name["destination"])]}
wanted = {"%s->%s" % (a, b) for kind, a, b, _, _ in story if a != "*" and kind in ("outage", "ended", "cap")}
check("large: the legs with outages, with a cap, that ended early are among the gravest", wanted <= told, wanted - told)
sys.exit(failures > 0)
