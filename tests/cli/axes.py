#!/usr/bin/env python3
"""axes.py make DIR KIND | check REPORT KIND: data for charts whose axes matter, and what gnuplot's scripts and data must have.
axes.sh runs it."""
import json
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/cli")
import made  # noqa: E402

DATA = {
    "two": lambda: [made.leg("HK-WUS", seconds=360, target=50_000_000, sent=4510, planned=360),
                    made.leg("WUS-HK", seconds=360, lost={i: 1 for i in range(0, 360, 30)}, planned=360)],
    "burst": lambda: [made.leg("HK-WUS", seconds=360, rate={200: 9020, 202: 902}, planned=360),
                      made.leg("WUS-HK", seconds=360, jitter={i: 3 for i in (50, 51)}, planned=360)],
    "hours": lambda: [made.leg("HK-WUS", seconds=7200, planned=7200), made.leg("WUS-HK", seconds=7200, planned=7200)],
    "comb": lambda: [made.leg("HK-WUS", seconds=360, lost={i: 20 + i % 7 for i in range(60, 200)}, planned=360),
                     made.leg("WUS-HK", seconds=360, lost={i: 3 for i in range(0, 360, 30)}, planned=360)],
    "day": lambda: [made.leg("HK-WUS", seconds=86400, lost={i: 5 for i in range(20000, 40000)} | {70000: 1}, planned=86400),
                    made.leg("WUS-HK", seconds=86400, planned=86400)],
    "reach": lambda: [made.leg(name, seconds=360, lost=lost | {215: 13530}, dead=range(200, 215), rate={215: 14432, 216: 902}, planned=360) for name, lost in
                      (("HK-WUS", {i: 90 for i in range(50, 62)} | {i: 60 for i in range(100, 110)}), ("WUS-HK", {i: 90 for i in range(50, 62)}),
                       ("KC-WUS", {}), ("WUS-KC", {}), ("UAE-WUS", {}), ("WUS-UAE", {}))],
    "pushed": lambda: PUSHED,
    "tcp": lambda: [cut_off(made.leg("A-B", "sender", 360, protocol="TCP", target=0, planned=360, dead=range(150, 190),
                                     tcp={"row": {"rtt": 30_000, "rttvar": 10, "snd_cwnd": 1000, "retransmits": 0}}))],
    "delay": lambda: [delays(made.leg("HK-WUS", seconds=360, planned=360), {i: (20_000, 21_000, 26_000) for i in (200, 201)}),
                      delays(made.leg("WUS-HK", seconds=360, planned=360), {i: (100, 30_000, 40_000) for i in range(100, 200)}),
                      made.leg("KC-WUS", seconds=360, planned=360)],
    "slow": lambda: [made.leg("A-B", "sender", 360, protocol="TCP", target=0, planned=360,
                              tcp={"row": {"rtt": 150_000, "rttvar": 10, "snd_cwnd": 1000, "retransmits": 0}})],
}
failures = 0


def cut_off(leg):
    """While nothing is sent, TCP's last round trip stays in every row."""
    for i, row in enumerate(leg[4]["intervals"]):
        row["sum"]["rtt"] = row["streams"][0]["rtt"] = 30_000 + (i * 37) % 500
    return leg


def delays(leg, odd):
    """Adds p50, p99 and the greatest delay in us to each second: 40, 200 and 300, or those of odd; and a histogram of the test: half of the
    datagrams in the bin from 64 to 66 us, as many from 1,024 to 1,056 us."""
    for i, row in enumerate(leg[4]["intervals"]):
        p50, p99, most = odd.get(i, (40, 200, 300))
        row["longhaul"] = {"segment": 0, "delay_us": {"base": 0, "min": 0, "p50": p50, "p95": p99, "p99": p99, "max": most}}
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number = lambda n: (digits[n] if n < 32 else digits[n % 32 + 32] + number(n // 32))
    text = number(1 + 6 * 32) + number(0) + number(1000 - 1) + number(4 * 32 - 1) + number(0) + number(1000 - 1)
    leg[4]["longhaul"] = dict(SESSION, direction="pull", source=leg[0].split("-")[0], destination=leg[0].split("-")[1], delays=[[0, 360, text]],
                              segments=[{"cookie": leg[0] + 30 * "x", "first_interval": 0, "last_interval": 359}])
    return leg


# A leg that is pushed: what it sent (10 Mbps all the time, in rows of the sender), and what arrived: nothing from second 100 to 130.
SESSION = {"format": 1, "version": "0.2.0", "source": "HK", "destination": "WUS", "direction": "push", "duration_s": 360, "interval_s": 1.0, "gaps": [],
           "segments": [{"cookie": "HK-WUS" + 30 * "x", "first_interval": 0, "last_interval": 359}]}
PUSHED = [made.leg("HK-WUS", "sender", 360, planned=360, extra=SESSION),
          made.leg("HK-WUS", seconds=360, planned=360, lost={i: 902 for i in range(100, 130)}, extra=dict(SESSION, direction="pull"))]


def write_pushed(folder):
    made.write(folder, PUSHED[:1])
    made.write(folder + "/receiver", PUSHED[1:])


def check(what, good, got=""):
    global failures
    print("%s - %s%s" % ("ok" if good else "not ok", what, "" if good else ": %s" % (got,)))
    failures += not good


class Chart:
    def __init__(self, folder, name):
        self.script = open("%s/%s.gp" % (folder, name), encoding="utf-8").read()
        self.data = open("%s/%s.dat" % (folder, name), encoding="utf-8").read()

    def list(self, name):
        text = re.search(r"array %s\[\d+\] = \[(.*)\]" % name, self.script)
        if text:
            return [a or b for a, b in re.findall(r"'([^']*)'|([^\s,]+)", text.group(1))]
        return [m.strip().strip("'\"") for m in re.findall(r"^%s\[\d+\] = (.*)$" % name, self.script, re.M)]

    def block(self, name):
        part = re.search(r"^# %s\n(.*?)(?:\n\n\n|\Z)" % name, self.data, re.M | re.S)
        return part.group(1).splitlines() if part else []


def marks(text):
    return re.search(r"^x2_tics = [\"'](.*)$", text, re.M).group(1)


def check_two(folder):
    pair, hub, heat = Chart(folder, "pair_HK_WUS_bandwidth"), Chart(folder, "hub_overview"), Chart(folder, "heat_loss")
    for name, chart in (("pair", pair), ("hub", hub)):
        rates = [i for i, layers in enumerate(chart.list("panel_layers")) if "under" in layers]
        lows, highs = {float(chart.list("panel_low")[i]) for i in rates}, {float(chart.list("panel_high")[i]) for i in rates}
        check("%s: legs of 50 and 10 Mbps share one axis, from 0" % name, len(rates) == 2 and lows == {0} and len(highs) == 1 and min(highs) > 50, (lows, highs))
    check("a line of the target of each leg", sorted(float(r.split()[1]) for i in range(1, 9) for r in pair.block("%d target" % i)) == [10, 10, 50, 50],
          pair.list("panel_layers"))
    labels = pair.list("panel_label")
    check("labels name the cells that are drawn: seconds", any("per s" in t for t in labels) and any("p95/s" in t for t in labels) and not any("min" in t for t in labels), labels)
    check("marks nearer than a minute have seconds", re.search(r"01:01:30", marks(pair.script)) is not None, marks(pair.script))
    shares = Chart(folder, "distribution_jitter_loss")
    check("a distribution of what is known: jitter and loss", re.search(r"^sides = 'jitter loss'$", shares.script, re.M) and not shares.block("3 curves"))
    check("the map has cells of 10 s", re.search(r"^cells = 3[67]$", heat.script, re.M) is not None, re.findall(r"^cells.*", heat.script, re.M))
    check("a lost packet of 9,020 is at most 0.1 %, none is 0", {int(r.split()[2]) for r in heat.block("1 cells")[:-1]} == {0, 3}, heat.block("1 cells")[:5])


def check_burst(folder):
    pair = Chart(folder, "pair_HK_WUS_bandwidth")
    highs = [float(h) for h, l in zip(pair.list("panel_high"), pair.list("panel_layers")) if "under" in l]
    check("one burst does not flatten the rest: the axis ends below it", len(highs) == 2 and all(10.1 < h < 16 for h in highs), highs)
    said = [pair.block("%d beyond" % i) for i in range(1, len(pair.list("panel_layers")) + 1)]
    said = [row for rows in said for row in rows]
    check("and is marked, once, next to it, with its value", len(said) == 1 and re.search(r'^3\.4\d* ".* 100"', said[0]), said)
    leg = Chart(folder, "direction_WUS_HK_bandwidth")
    jitter = [i for i, t in enumerate(leg.list("panel_label")) if "Jitter" in t][0]
    check("jitter likewise: from 0 to above the usual", float(leg.list("panel_low")[jitter]) == 0 and float(leg.list("panel_high")[jitter]) < 0.1, leg.list("panel_high"))
    check("with a mark of 3 ms", any(" 3\"" in row for row in leg.block("%d beyond" % (jitter + 1))), leg.block("%d beyond" % (jitter + 1)))


def check_hours(folder):
    pair = Chart(folder, "pair_HK_WUS_bandwidth")
    labels = pair.list("panel_label")
    check("labels name the cells that are drawn: minutes", any("per min." in t for t in labels) and not any(t.endswith("per s") for t in labels), labels)
    check("marks further than a minute have no seconds", not re.search(r"\d\d:\d\d:\d\d", marks(pair.script)), marks(pair.script))


def check_slow(folder):
    chart = Chart(folder, "direction_A_B_bandwidth")
    trips = [i for i, t in enumerate(chart.list("panel_label")) if "RTT" in t]
    check("an axis that does not begin at 0 says so, and has no filled area", trips and "|from 1" in chart.list("panel_label")[trips[0]] and
          not re.search(r"\b(under|area)\b", chart.list("panel_layers")[trips[0]]), (chart.list("panel_label"), chart.list("panel_layers")))
    pair = Chart(folder, "pair_A_B_bandwidth")
    tracks = [i for i, t in enumerate(pair.list("panel_label")) if "RTT" in t]
    check("nor has its thin panel", tracks and "from" in pair.list("panel_label")[tracks[0]] and "area" not in pair.list("panel_layers")[tracks[0]],
          (pair.list("panel_label"), pair.list("panel_layers")))


def outline(rows):
    """The areas of a layer of bars: lists of (x, y)."""
    areas = [[]]
    for row in rows:
        if row.strip():
            areas[-1].append(tuple(float(v) for v in row.split()[:2]))
        elif areas[-1]:
            areas.append([])
    return [a for a in areas if a]


def panel_of(chart, label):
    return [i + 1 for i, text in enumerate(chart.list("panel_label")) if text.startswith(label)]


def check_comb(folder):
    pair, hub, leg = Chart(folder, "pair_HK_WUS_bandwidth"), Chart(folder, "hub_overview"), Chart(folder, "direction_HK_WUS_bandwidth")
    for name, chart, i, layer in (("pair", pair, panel_of(pair, "Loss")[0], "bars"), ("hub", hub, 1, "rug"), ("direction", leg, panel_of(leg, "Loss")[0], "bars")):
        areas = outline(chart.block("%d %s" % (i, layer)))
        wide = [a for a in areas if a[-1][0] - a[0][0] > 1]
        check("%s: bars of seconds that follow each other are one area, without seams" % name, len(wide) == 1 and abs(wide[0][-1][0] - wide[0][0][0] - 140 / 60) < 0.05,
              [(a[0], a[-1]) for a in areas[:4]])
        xs = [x for x, _ in wide[0]] if wide else []
        check("%s: their outline goes forward only, and has their heights" % name, xs == sorted(xs) and len({y for _, y in wide[0]}) > 4, wide[:1])
    apart = outline(pair.block("%d bars" % panel_of(pair, "Loss")[1]))
    check("pair: bars of seconds that do not are apart, as wide as a second", len(apart) == 12 and all(abs(a[-1][0] - a[0][0] - 1 / 60) < 0.002 for a in apart), apart[:2])


def check_day(folder):
    pair = Chart(folder, "pair_HK_WUS_bandwidth")
    areas = outline(pair.block("%d bars" % panel_of(pair, "Loss")[0]))
    number = lambda name: float(re.search(r"^%s = (.*)$" % name, pair.script, re.M).group(1))
    point = number("x_max") * number("dpi") / 72 / (number("width") - number("left") - number("right"))
    check("day: minutes of loss are one area; one packet in a day is another", len(areas) == 2 and 5.5 < areas[0][-1][0] - areas[0][0][0] < 5.7, [(a[0], a[-1]) for a in areas])
    check("day: which is at least 0.7 points wide", all(a[-1][0] - a[0][0] > 0.69 * point for a in areas), (areas[-1], point))


def check_reach(folder):
    pair, hub = Chart(folder, "pair_HK_WUS_bandwidth"), Chart(folder, "hub_overview")
    rows = [re.match(r'(\S+) "([^"]*)" (\S+) (\S+) (\d+)', row) for row in pair.block("1 numbers")]
    said = [(m.group(2), int(m.group(5)), float(m.group(1))) for m in rows if m]
    check("reach: a number has the sign of its incident's reach: none for a leg, one for a pair, one for a site", len(said) == 3 and
          [re.sub(r"\d+", "", t) for t, _, _ in said] == ["\u2194", "", "\u2731"], said)
    check("reach: and the colour of its kind: losses, then an outage", [k for _, k, _ in said] == [2, 2, 1], said)
    kinds = {int(row.split()[2]) for row in pair.block("1 events")}
    check("reach: bands have the same kinds", {1, 2} <= kinds, kinds)
    legend = [t for name in (pair, hub) for t in name.list("legend_text")]
    check("reach: the legend has the signs and the kinds that occur", {"\u2194 of a pair", "\u2731 of a site", "outage", "loss"} <= set(pair.list("legend_text")), legend)
    tabs = sorted((float(m.group(3)), float(m.group(4))) for m in rows if m)
    high = float(re.search(r"^x_max = (.*)$", pair.script, re.M).group(1))
    check("reach: tabs do not touch, and lie within the axis", all(0 <= a < b <= high for a, b in tabs) and all(b[1] <= n[0] for b, n in zip(tabs, tabs[1:])), tabs)
    check("reach: where numbers are between the rows, no marks are", "set xtics scale '.(label_is_left && i < panels ? '0'" in hub.script
          and re.search(r"^label_is_left = 1$", hub.script, re.M) is not None)
    titles = [t for t in pair.list("panel_title") if t]
    check("reach: titles have three significant digits", len(titles) == 2 and all(re.search(r"loss [1-9]\.\d{1,2} % .* jitter 0\.0106 ms", t) for t in titles), titles)


def check_pushed(folder):
    pair = Chart(folder, "pair_HK_WUS_bandwidth")
    rows = [tuple(float(v) for v in r.split()) for r in pair.block("1 line") if r.strip()]
    arrived = [y for x, y in rows if 102 / 60 < x < 129 / 60]
    check("pushed: the rate is what arrived: nothing through 100 % loss", len(arrived) > 20 and max(arrived) == 0 and max(y for _, y in rows) > 9.9, arrived[:4])
    sent = [tuple(float(v) for v in r.split()) for r in pair.block("1 sent") if r.strip() and "NaN" not in r]
    check("pushed: what was sent is a line of its own, all the time", len(sent) > 300 and min(y for _, y in sent) > 9.9 and sent[-1][0] - sent[0][0] > 5.9, sent[:3])
    order = re.search(r"^all_layers = '(.*)'$", pair.script, re.M).group(1).split()
    check("pushed: faint, below the rate, the target above it", order.index("sent") < order.index("line") < order.index("target")
          and "color_sent" in pair.script and "sent" in pair.list("legend_color"), order)
    check("pushed: a thin line of the target", [r.split()[1] for r in pair.block("1 target")] == ["10", "10"], pair.block("1 target"))
    page = open(folder + "/index.html", encoding="utf-8").read()
    data = json.loads(re.search(r"id=data>(.*?)</script>", page, re.S).group(1)) if "id=data" in page else None
    if data is None:
        print("skip - pushed: the page has no charts without dygraphs")
        return
    leg = data["legs"][0]
    total = lambda name: [sum(leg[name][:i + 1]) * leg["rateUnit"] / 1e6 for i in range(len(leg[name]))]
    check("pushed: the page's charts have both, row by row", "sr" in leg and min(total("sr")) > 9.9 and min(total("md")) == 0, list(leg))


def check_tcp(folder):
    chart = Chart(folder, "direction_A_B_bandwidth")
    i = panel_of(chart, "RTT")[0]
    lines = outline(chart.block("%d line" % i))
    check("tcp: the round trip that TCP keeps is not joined across an outage", len(lines) == 2 and abs(lines[0][-1][0] - 2.5) < 0.02 and abs(lines[1][0][0] - 190 / 60) < 0.02,
          [(a[0], a[-1]) for a in lines])


def check_delay(folder):
    pair, leg = Chart(folder, "pair_HK_WUS_bandwidth"), Chart(folder, "direction_WUS_HK_bandwidth")
    tracks = panel_of(pair, "Delay ms")
    check("delay: a track for each leg that knows it", len(tracks) == 2 and all(pair.list("panel_layers")[i - 1] in ("under extremes band", "beyond under extremes band")
          for i in tracks), pair.list("panel_layers"))
    lows, highs = ([float(pair.list("panel_" + end)[i - 1]) for i in tracks] for end in ("low", "high"))
    check("delay: from 0; a burst of two seconds is beyond the end, a queue of 100 s is not", lows == [0, 0] and highs[0] < 1 and 40 < highs[1] < 60, (lows, highs))
    said = [pair.block("%d beyond" % i) for i in tracks]
    check("delay: marked with its value, next to it", len(said[0]) == 1 and re.search(r'^3\.4\d* ".* 26"', said[0][0]) and not said[1], said)
    at = lambda chart, layer, i, minute: min((tuple(float(v) for v in row.split()) for row in chart.block("%d %s" % (i, layer))), key=lambda row: abs(row[0] - minute))
    near = lambda a, b: abs(a - b) < 0.02 * b + 0.7  # half a line's width
    i = panel_of(leg, "Delay (ms)")[0]
    _, low, high = at(leg, "band", i, 150.5 / 60)
    check("delay: a second's band is from its p50 to its p99", near(low, 0.1) and near(high, 30), (low, high))
    _, low, high = at(leg, "extremes", i, 150.5 / 60)
    check("delay: and up to its greatest", near(low, 0.1) and near(high, 40), (low, high))
    xs = [float(row.split()[0]) for row in leg.block("%d band" % i)]
    columns = int(re.search(r"^width = (\d+)", leg.script, re.M).group(1)) - sum(int(re.search(r"^%s = (\d+)" % s, leg.script, re.M).group(1)) for s in ("left", "right"))
    check("delay: each pixel column of a short test has a band, as wide as the seconds together", len(xs) == columns and xs == sorted(xs), (len(xs), columns))
    legend = pair.list("legend_text")
    check("delay: the legend has both bands", {"delay p50-p99", "greatest delay"} <= set(legend), legend)
    check("delay: titles have its p99", all("delay p99 1.04 ms" in t for t in pair.list("panel_title") if t), pair.list("panel_title"))
    other = Chart(folder, "direction_KC_WUS_bandwidth")
    check("delay: nothing of it for a leg without delays", not panel_of(other, "Delay") and not any("delay" in t for t in other.list("legend_text") + other.list("panel_title")),
          (other.list("panel_label"), other.list("legend_text")))
    shares = Chart(folder, "distribution_jitter_loss")
    curves = [tuple(float(v) for v in row.split()) for row in shares.block("3 curves") if row.strip()]
    share = lambda leg, ms: max((row for row in curves if row[2] == leg and row[0] <= ms), default=(0, 0, 0))[1]
    names = shares.list("leg_label")
    check("delay: the distribution has a curve of each leg that knows it", re.search(r"^sides = 'jitter loss delay'$", shares.script, re.M) and
          {names[int(row[2]) - 1] for row in curves} == {"HK->WUS", "WUS->HK"}, (names, {row[2] for row in curves}))
    check("delay: of its datagrams: none below 60 us, half below 70, all below 1.1 ms",
          [share(curves[0][2], ms) for ms in (0.06, 0.07, 1.0, 1.1)] == [0, 0.5, 0.5, 1], [share(curves[0][2], ms) for ms in (0.06, 0.07, 1.0, 1.1)])


# ---- texts: how much room they take, by the sizes that the theme has and the widths of DejaVu Sans, for which the pictures ask

def wide(text, points):
    of = lambda c: 0.3 if c in "ijl.,:;'I|" else 0.41 if c in " -/frtJ()" else 0.97 if c in "mM%W" else 0.64
    return max(sum(of(c) for c in line) for line in text.split("|")) * points


def check_room(folder):
    """No text of a chart over time reaches into another: labels of panels, marks of axes, the legend, tabs."""
    import glob
    import os
    bad, n = [], 0
    for path in sorted(glob.glob(folder + "/pair_*.gp") + glob.glob(folder + "/direction_*.gp") + glob.glob(folder + "/hub_*.gp")):
        name = os.path.basename(path)[:-3]
        chart = Chart(folder, name)
        number = lambda v: float(re.search(r"^%s = (.*)$" % v, chart.script, re.M).group(1))
        pt = number("dpi") / 72
        left, width, right, unit = number("left") / pt, number("width") / pt, number("right") / pt, number("unit") / pt
        points_of_x = (width - left - right) / number("x_max")
        is_left = re.search(r"^label_is_left = 1$", chart.script, re.M) is not None
        for i, label in enumerate(chart.list("panel_label")):
            weight, tics = float(chart.list("panel_weight")[i]), re.findall(r"'([^']*)' ", re.search(r"array panel_tics.*", chart.script).group(0).split('", "')[i])
            room = left - 6 - max([wide(t, 8 if is_left or weight < 0.5 else 9) for t in tics], default=0)
            n += 1
            if (is_left or weight < 0.5) and 4 + wide(label, 8) > room:
                bad.append((name, "label reaches into marks", label, tics))
            if not is_left and weight >= 0.5:
                size = 8 if wide(label, 9.5) > weight * unit else 9.5
                if wide(label, size) > weight * unit + 11 or 8 + label.count("|") * 12 + 6 > room:
                    bad.append((name, "label reaches beyond its panel", label, round(weight * unit)))
            if label.count("|") * 9 + 9 > weight * unit + 11 and (is_left or weight < 0.5):
                bad.append((name, "label is higher than its panel", label))
            tabs = sorted((float(m.group(3)), float(m.group(4))) for m in (re.match(r'(\S+) "([^"]*)" (\S+) (\S+) \d+', r) for r in chart.block("%d numbers" % (i + 1))) if m)
            if any(b[1] > c[0] for b, c in zip(tabs, tabs[1:])) or any(a < 0 or b > number("x_max") for a, b in tabs):
                bad.append((name, "tabs touch", tabs))
        for axis, size in (("x_tics", 9), ("x2_tics", 9)):
            found = re.search(r"^%s = (['\"])(.*)\1$" % axis, chart.script, re.M)
            marks_ = [(float(at) * points_of_x, wide(t, size)) for t, at in re.findall(r"'([^']*)' ([\d.eE+-]+)", found.group(2) if found else "")]
            n += len(marks_)
            bad += [(name, axis, "marks touch", a, b) for a, b in zip(marks_, marks_[1:]) if b[0] - a[0] < (a[1] + b[1]) / 2 + 2]
        legend = [t for t in chart.list("legend_text") if t]
        if left + sum(22 + len(t) * 8 * 0.54 for t in legend) > width:
            bad.append((name, "legend is too long", legend))
        if wide(re.search(r"^x_label = '(.*)'$", chart.script, re.M).group(1), 8) > width - left - right:
            bad.append((name, "label of time is too long"))
    check("%s: texts of charts have room: %d" % (os.path.basename(folder), n), n > 4 and not bad, bad[:4])


if sys.argv[1] == "make" and sys.argv[3] == "pushed":
    write_pushed(sys.argv[2])
elif sys.argv[1] == "make":
    made.write(sys.argv[2], DATA[sys.argv[3]]())
else:
    globals()["check_" + sys.argv[3]](sys.argv[2])
    check_room(sys.argv[2])
    sys.exit(failures > 0)
