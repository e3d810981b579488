#!/usr/bin/env python3
"""axes.py make DIR KIND | check REPORT KIND: data for charts whose axes matter, and what gnuplot's scripts and data must have.
axes.sh runs it."""
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
    "slow": lambda: [made.leg("A-B", "sender", 360, protocol="TCP", target=0, planned=360,
                              tcp={"row": {"rtt": 150_000, "rttvar": 10, "snd_cwnd": 1000, "retransmits": 0}})],
}
failures = 0


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
    check("the map has cells of 10 s", re.search(r"^cells = 3[67]$", heat.script, re.M) is not None, re.findall(r"^cells.*", heat.script, re.M))
    check("a lost packet of 9,020 is at most 0.1 %, none is 0", {int(r.split()[2]) for r in heat.block("1 cells")[:-1]} == {0, 3}, heat.block("1 cells")[:5])


def check_burst(folder):
    pair = Chart(folder, "pair_HK_WUS_bandwidth")
    highs = [float(h) for h, l in zip(pair.list("panel_high"), pair.list("panel_layers")) if "under" in l]
    check("one burst does not flatten the rest: the axis ends below it", len(highs) == 2 and all(10.1 < h < 16 for h in highs), highs)
    said = [pair.block("%d beyond" % i) for i in range(1, len(pair.list("panel_layers")) + 1)]
    said = [row for rows in said for row in rows]
    check("and is marked, once, with its value", len(said) == 1 and re.search(r'^3\.3\d* ".* 100"', said[0]), said)
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
    check("an axis that does not begin at 0 says so, and has no filled area", trips and ", from " in chart.list("panel_label")[trips[0]] and
          not re.search(r"\b(under|area)\b", chart.list("panel_layers")[trips[0]]), (chart.list("panel_label"), chart.list("panel_layers")))
    pair = Chart(folder, "pair_A_B_bandwidth")
    tracks = [i for i, t in enumerate(pair.list("panel_label")) if "RTT" in t]
    check("nor has its thin panel", tracks and "from" in pair.list("panel_label")[tracks[0]] and "area" not in pair.list("panel_layers")[tracks[0]],
          (pair.list("panel_label"), pair.list("panel_layers")))


if sys.argv[1] == "make":
    made.write(sys.argv[2], DATA[sys.argv[3]]())
else:
    globals()["check_" + sys.argv[3]](sys.argv[2])
    sys.exit(failures > 0)
