#!/usr/bin/env python3
"""maps.py make DIR KIND | check REPORT KIND: data for maps of hours, and what the maps must show. maps.sh runs it."""
import html
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/cli")
import made  # noqa: E402

H = 3600
PAIRS = ("KC-WUS", "WUS-KC", "HK-WUS", "WUS-HK", "UAE-WUS", "WUS-UAE")


def plain(name, **more):
    return made.leg(name, "sender", 3 * H, end_lost=143, interval=10, sent=9020, target=10_000_000, **more)


def pulled(name, **more):
    return made.leg(name, "receiver", 3 * H, lost={i: 5 for i in range(0, 3 * H, 600)}, interval=10, sent=9020, **more)


DATA = {
    "plain": lambda: [plain(n) for n in PAIRS],
    "pulled": lambda: [pulled(n) for n in PAIRS],
    "both": lambda: [plain(n) for n in PAIRS[:3]] + [pulled(n) for n in PAIRS[3:]],
    "happened": lambda: [plain("KC-WUS", rate={H: 4000, 2 * H: 9020}), plain("WUS-KC", dead=range(H, H + 100)), plain("HK-WUS", cut=range(H - 50, 2 * H + 600)),
                         plain("WUS-HK", end=False, planned=5 * H)],
    "tcp": lambda: [made.leg("A-B", "sender", 3 * H, protocol="TCP", target=0, interval=10, sent=9020, rate={H: 8900, 2 * H: 9020})],
}
failures = 0


def check(what, good, got=""):
    global failures
    print("%s - %s%s" % ("ok" if good else "not ok", what, "" if good else ": %s" % (got,)))
    failures += not good


def strip_of(folder):
    page = open(folder + "/index.html", encoding="utf-8").read()
    strip = page[page.index("<table class=\"strip"):]
    strip = strip[:strip.index("</table>")]
    caption = html.unescape(re.search(r"<caption>(.*?)</caption>", strip).group(1))
    rows = {}
    for row in strip.split("<tr>")[2:]:
        name = re.search(r"class=(?:in|out)>(.*?)</a>", row).group(1).replace("&rarr;", "-").strip()
        whole = re.search(r'<td class="whole (\w+)"[^>]*>([^<]*)', row).groups()
        cells = [(m.group(1).strip('"').split(), html.unescape(m.group(2) or ""), m.group(3)) for m in
                 re.finditer(r'<td class=("[^"]*"|\w+)(?: title="([^"]*)")?>(?:(.*?)<span class=vh>)?', row) if "whole" not in m.group(1)]
        rows[name] = (whole, cells)
    scale = page[page.index("<p class=scale>"):]
    return caption, rows, scale[:scale.index("</div>")]


def check_order(folder, kind):
    page = open(folder + "/index.html", encoding="utf-8").read()
    table = page[page.index("id=summary-table"):]
    losses = [float(v) for v in re.findall(r'class="n loss l\d" data-v="([^"]*)"', table[:table.index("</table>")])]
    check("both: the table of legs begins with the gravest", len(set(losses)) > 1 and losses == sorted(losses, reverse=True), losses)


def check_page(folder, kind):
    caption, rows, scale = strip_of(folder)
    classes = {c[0][0] for _, cells in rows.values() for c in cells}
    check("%s: no cell is blank while something is known" % kind, "lu" not in classes, classes)
    if kind == "plain":
        check("plain: the caption says that rates are shown, and that losses are of the whole test",
              "sent rate compared with the target" in caption and "do not tell when packets were lost" in caption and "Loss %" in caption, caption)
        check("plain: each cell has its rate", classes == {"q0"}, classes)
        check("plain: the loss of the whole leg is next to it", all(w == ("l2", "0.00147") for w, _ in rows.values()), [w for w, _ in rows.values()])
        check("plain: a cell says what was sent, and that the loss is unknown",
              all(re.search(r": sent 10\.0014 Mbps, 100 % of the target; loss unknown", c[1]) for _, cells in rows.values() for c in cells), rows)
        check("plain: the legend has rates", "rate in % of the target" in scale)
    if kind == "pulled":
        check("pulled: the caption is of losses", "loss. A column that stands out" in caption and "rate" not in caption, caption)
        check("pulled: each cell has its loss", classes == {"l0", "l1", "l2"}, classes)
        check("pulled: the legend has no rates", "rate in %" not in scale)
    if kind == "both":
        check_order(folder, kind)
        check("both: the caption says both", "loss; where a file does not tell when packets were lost, the sent rate" in caption, caption)
        check("both: rates where the loss is unknown, losses where it is known",
              all({c[0][0][0] for c in cells} == ({"q"} if i < 3 else {"l"})
                  for i, (_, cells) in enumerate(rows[n] for n in PAIRS)), rows)
    if kind == "happened":
        check("happened: a lower rate is a darker cell, with the number of its incident",
              [c[0][0] for c in rows["KC-WUS"][1]][3:8] == ["q4", "q4", "q4", "q4", "q2"] and any("k-rate" in (c[2] or "") and "; incident " in c[1] for c in rows["KC-WUS"][1]), rows["KC-WUS"])
        check("happened: what was not sent has its mark", any("k-rate" in (c[2] or "") for c in rows["WUS-KC"][1]), rows["WUS-KC"])
        check("happened: an outage has its mark", any("k-outage" in (c[2] or "") and "outage " in c[1] for c in rows["HK-WUS"][1]), rows["HK-WUS"])
        check("happened: an hour without an interval is not observed", any(c[0] == ["gap"] and "not observed" in c[1] for c in rows["HK-WUS"][1]), rows["HK-WUS"])
        check("happened: an unknown loss of the whole leg is a dash", rows["WUS-HK"][0] == ("lu", "&ndash;"), rows["WUS-HK"][0])
    if kind == "tcp":
        check("tcp: without a target the rate is compared with the median", "sent rate compared with the leg's median" in caption and "of the median" in
              " ".join(c[1] for _, cells in rows.values() for c in cells), caption)


def check_markdown(folder, kind):
    text = open(folder + "/summary_report.md").read()
    hours = text[text.index("\n## Each 15 minutes\n"):text.index("\n## Validity notes")]
    head = "the rate is compared with the target instead" in hours
    check("%s: Markdown's hours say when they compare rates" % kind, head == (kind != "pulled"), hours[:300])
    check("%s: they have a column of loss only for legs that know it" % kind, ("loss % |" in hours) == (kind in ("pulled", "both")), hours[:300])
    if kind in ("plain", "both"):
        check("%s: and the loss of the whole test of the others" % kind, "Loss of the whole test: " in hours and "KC->WUS 0.00147 %" in hours, hours[:300])
    if kind in ("tcp", "pulled"):
        check("%s: no loss of a whole test where none is known, or hours have it" % kind, "Loss of the whole test" not in hours, hours[:300])
    if kind == "happened":
        check("happened: the outage is in its hour", "| 10 min 46 s |" in hours, hours)


def check_heat(folder, kind):
    data = open(folder + "/heat_loss.dat").read()
    script = open(folder + "/heat_loss.gp").read()
    cells = data[data.index("# 1 cells") + 1:].split("\n\n\n")[0].splitlines()[1:-1]
    classes = {int(c.split()[2]) for c in cells}
    wanted = {"plain": all(c >= 8 for c in classes), "pulled": all(0 <= c < 8 for c in classes), "both": min(classes) < 8 <= max(classes)}
    check("%s: the heat chart has a class for each cell" % kind, -1 not in classes and wanted.get(kind, True), classes)
    title = re.search(r"title_text = '(.*)'", script).group(1)
    words = {"plain": "sent rate compared with the target; when packets were lost is unknown", "pulled": "Loss by leg and 15 minutes", "both": "loss; where it is unknown"}
    check("%s: its title says what it shows" % kind, words.get(kind, "") in title, title)
    check("%s: its labels have the loss of the whole test where hours do not" % kind, ("loss 0.00147 %" in script) == (kind in ("plain", "both")), kind)


if sys.argv[1] == "make":
    made.write(sys.argv[2], DATA[sys.argv[3]]())
else:
    for part in (check_page, check_markdown, check_heat):
        part(sys.argv[2], sys.argv[3])
    sys.exit(failures > 0)
