#!/usr/bin/env python3
"""incident_story.py check LONGHAUL SEED...: makes up measurements of a mesh of four sites in which faults happen, and holds the incidents of
`report --json` against them: an ok or not ok line for each seed. make SEED DIR: leaves one there (truth.json has what happened). --keep DIR.

A seed draws the rows (0.1, 1 or 10 s), the rate, the background, a wrong clock for each host (up to 1 s fast or slow) and zero to five faults.
From 1000 on the backgrounds are harder."""
import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time

START = 1767229200
SITES = ("FRA", "SIN", "NYC", "SAO")
LEGS = [(a, b) for a in SITES for b in SITES if a != b]
MENU = ("outage", "loss", "cap", "jitter", "step", "series", "irregular", "twins", "seconds", "pause", "ended", "dark-end", "dark-start", "slow",
        "masked")
FORMS = {0.1: 900, 1: 7200, 10: 43200}  # length of the rows, and of the measurement


def name(leg):
    return "%s->%s" % leg


def log_uniform(rng, least, most):
    return math.exp(rng.uniform(math.log(least), math.log(most)))


class Story:
    """What a seed is: the form of the measurement and what happens in it."""
    def __init__(self, seed):
        rng = self.rng = random.Random("mesh %d" % seed)
        self.seed = seed
        self.row = rng.choices((1, 10, 0.1), (5, 2, 2))[0]
        self.length = FORMS[self.row]
        self.block = rng.choice((1448, 1200, 1386))
        self.bps = rng.choice((2e6, 1e7, 1e7, 5e7))
        self.pace = self.bps / 8 / self.block
        self.clocks = {s: rng.uniform(-1, 1) for s in SITES}
        self.begins = {leg: rng.uniform(0, 2) for leg in LEGS}
        self.background = rng.choice((0, 1e-6, 1e-5, 1e-5, 1e-4))
        self.swing, self.noon, self.jitter_noise, self.jitter_memory = 1.0, 0.0, None, 0.0
        if seed >= 1000:                              # a lossy leg, a day that swings, a jitter that wanders
            other = random.Random("harder %d" % seed)
            self.background, self.swing, self.noon = other.choice((1e-5, 1e-4, 1e-3, 5e-3)), log_uniform(other, 1, 6), other.uniform(0, 86400)
            self.jitter_noise, self.jitter_memory = other.uniform(0.1, 0.35), other.choice((0, 0.8))
        self.bad_s = rng.choice((0, 0, 0.1))          # the bad state of a Gilbert-Elliott chain, which loses a tenth
        self.good_s = self.bad_s * rng.uniform(300, 1500)
        self.unit = max(1.0, self.row) if self.row != 0.1 else 0.3   # lengths of faults are in it
        self.faults = []
        for kind in rng.sample(MENU, rng.choice((0, 1, 2, 2, 3, 3, 4, 5))):
            for _ in range(300):
                group = self.draw(kind)
                if group and not any(self.collide(a, b) for a in group for b in self.faults):
                    self.faults += group
                    break

    # ---- faults. parts: seconds since START by a right clock; math.inf: to the end
    def place(self):
        rng = self.rng
        scope = rng.choice(("leg", "leg", "pair", "site", "outbound", "inbound", "all"))
        a, b = rng.sample(SITES, 2)
        if scope == "leg":
            return scope, name((a, b)), [(a, b)]
        if scope == "pair":
            return scope, "%s<->%s" % (a, b), [(a, b), (b, a)]
        if scope == "all":
            return scope, "all", list(LEGS)
        mine = [leg for leg in LEGS if leg[0] == a and scope != "inbound" or leg[1] == a and scope != "outbound"]
        return "site", a, mine

    def fault(self, menu, kind, place, parts, p=0.0, **more):
        scope, where, legs = place
        return dict({"menu": menu, "kind": kind, "scope": scope, "where": where, "legs": legs, "parts": parts, "p": p, "lost": 0, "usual_lost": 0,
                     "part_lost": [0] * len(parts)}, **more)

    def window(self, seconds):
        begin = self.rng.uniform(0.04 * self.length, 0.93 * self.length - seconds)
        return begin, begin + seconds

    def one_leg(self):
        leg = self.rng.choice(LEGS)
        return "leg", name(leg), [leg]

    def loss_of(self, seconds, least=0.004):
        """A share that is to be seen: 150 packets at least."""
        return log_uniform(self.rng, min(0.3, max(least, 150 / (self.pace * seconds), 8 * self.background)), 0.4)

    def draw(self, menu):
        rng, u, length = self.rng, self.unit, self.length
        if menu == "outage":
            return [self.fault(menu, "outage", self.place(), [self.window(log_uniform(rng, 4, 100) * u)])]
        if menu == "loss":
            part = self.window(log_uniform(rng, 25, 900) * min(u, 3))
            return [self.fault(menu, "loss", self.place(), [part], self.loss_of(part[1] - part[0]))]
        if menu == "cap":
            part = self.window(log_uniform(rng, 60, 900) * min(u, 3))
            return [self.fault(menu, "rate_cap", self.one_leg(), [part], rng.uniform(0.1, 0.5), accept=["rate_cap", "loss"])]
        if menu == "jitter":
            lasts = rng.random() < 0.4
            part = (rng.uniform(0.3, 0.85) * length, math.inf) if lasts else self.window(rng.uniform(120, 1200) * min(u, 3))
            return [self.fault(menu, "jitter", self.one_leg(), [part], factor=log_uniform(rng, 6, 30), is_open=lasts)]
        if menu == "step":                 # small, for a quarter of the time and more
            lasts = rng.random() < 0.5
            part = (rng.uniform(0.2, 0.6) * length, math.inf) if lasts else self.window(rng.uniform(0.25, 0.4) * length)
            p = log_uniform(rng, max(2e-4, 12 * min(1e-4, self.background), 400 / (self.pace * 0.25 * length)), 4e-3)
            p = max(p, 4 * self.background)
            if self.bad_s:
                p = max(p, 5 * self.bad_s / (self.bad_s + self.good_s) * 0.1)
            return [self.fault(menu, "loss", self.one_leg(), [part], p, is_open=lasts)]
        if menu in ("series", "irregular"):
            return self.draw_series(menu)
        if menu == "twins":
            place, long, p = self.one_leg(), log_uniform(rng, 5, 20) * u, rng.uniform(0.1, 0.5)
            begins = [rng.uniform(0.1, 0.3) * length, rng.uniform(0.4, 0.55) * length, rng.uniform(0.7, 0.9) * length][:rng.randint(2, 3)]
            return [self.fault(menu, "loss", place, [(b, b + long)], p) for b in begins]
        if menu in ("seconds", "masked"):
            return self.draw_masked(menu)
        if menu == "pause":                # the sender's; it catches up, or not
            catches_up = rng.random() < 0.5
            return [self.fault(menu, "rate", self.one_leg(), [self.window(log_uniform(rng, 3, 20) * u)], catches_up=catches_up, is_optional=True)]
        if menu == "slow":                 # its sender sends less
            return [self.fault(menu, "rate", self.one_leg(), [self.window(log_uniform(rng, 60, 900) * min(u, 3))], rate=rng.uniform(0.3, 0.85))]
        if menu == "ended":
            return [self.fault(menu, "ended", rng.choice((self.one_leg, self.place))(), [(rng.uniform(0.3, 0.95) * length, math.inf)], is_open=True)]
        if menu == "dark-end":
            return [self.fault(menu, "outage", self.place(), [(length - log_uniform(rng, 6, 100) * u, math.inf)], is_open=True)]
        return [self.fault(menu, "outage", self.one_leg(), [(-1.0, log_uniform(rng, 6, 60) * u)])]  # dark-start

    def draw_series(self, menu):
        rng, u, length = self.rng, self.unit, self.length
        long, p = rng.uniform(2, 9) * u, rng.uniform(0.08, 0.5)
        period = log_uniform(rng, 6 * long + 20 * u, length / 8)
        first = rng.uniform(0.02, 0.05) * length + rng.random() * period
        if menu == "series":
            n = min(int((0.97 * length - first) / period), rng.randint(6, 40))
            begins = [first + k * period + rng.uniform(-0.01, 0.01) * period for k in range(n)]
        else:
            begins = []
            while first < 0.95 * length - long and len(begins) < 30:
                begins.append(first)
                first += long + 8 * u + log_uniform(rng, period / 8, period * 3)
        if len(begins) < 6 or p * self.pace * long < 45:
            return None
        more = {"period": (begins[-1] - begins[0]) / (len(begins) - 1)} if menu == "series" else {"may_be_several": True}
        return [self.fault(menu, "loss", self.one_leg(), [(b, b + long) for b in begins], p, **more)]

    def draw_masked(self, menu):
        """Single rows that lose most, and under "masked" a moderate loss next to them."""
        rng, length = self.rng, self.length
        place, row = self.one_leg(), max(1.0, self.row)
        begins = sorted(rng.uniform(0.05, 0.9) * length for _ in range(rng.randint(5, 8)))
        if any(b - a < 0.03 * length for a, b in zip(begins, begins[1:])):
            return None
        group = [self.fault(menu, "loss", place, [(b, b + row) for b in begins], rng.uniform(0.4, 0.8), may_be_several=True)]
        if menu == "masked":
            part = self.window(max(60.0, 8 * self.row))
            if any(part[0] - 0.03 * length < b < part[1] + 0.03 * length for b in begins):
                return None
            group.append(self.fault(menu + "/moderate", "loss", place, [part], self.loss_of(part[1] - part[0], 0.02) / 3))
            if group[1]["p"] * self.pace * (part[1] - part[0]) < 80:
                return None
        return group

    def collide(self, a, b):
        ends = [(f["parts"][0][0], min(f["parts"][-1][1], self.length)) for f in (a, b)]
        if set(a["legs"]) & set(b["legs"]):
            if len(a["parts"]) > 1 and len(b["parts"]) > 1:      # nobody could tell two series of one leg apart
                return True
            return ends[0][0] - 0.04 * self.length < ends[1][1] and ends[1][0] - 0.04 * self.length < ends[0][1]
        apart = 0.012 * self.length + 6
        edges = [sorted(t for part in f["parts"] for t in part) for f in (a, b)]
        return any(abs(x - y) < apart for x in edges[0] for y in edges[1] if math.isfinite(x) and math.isfinite(y))

    # ---- files
    def binomial(self, rng, n, p):
        if n <= 0 or p <= 0:
            return 0
        if n * p > 50:
            return min(n, max(0, round(rng.gauss(n * p, math.sqrt(n * p * (1 - p))))))
        hits, at, by = 0, 0, math.log1p(-min(p, 1 - 1e-12))
        while True:
            at += 1 + int(math.log(1 - rng.random()) / by)
            if at > n:
                return hits
            hits += 1

    def touched(self, leg, begin, rows):
        """Row -> [(fault, part, share of the row, goes on after it)]."""
        of = {}
        for f in self.faults:
            if leg not in f["legs"]:
                continue
            for k, (a, b) in enumerate(f["parts"]):
                a, b = (a - begin) / self.row, (b - begin) / self.row
                for i in range(max(0, math.floor(a)), min(rows, math.ceil(min(b, rows)))):
                    share = min(b, i + 1) - max(a, i)
                    if share > 1e-9:
                        of.setdefault(i, []).append((f, k, share, b >= i + 1))
        return of

    def write_leg(self, folder, leg):
        begin, planned = self.begins[leg], round(self.length / self.row)
        ended = next((f for f in self.faults if f["kind"] == "ended" and leg in f["legs"]), None)
        rows = round((ended["parts"][0][0] - begin) / self.row) if ended else planned
        made = Leg(self, leg, self.touched(leg, begin, rows))
        for i in range(rows):
            made.add_row(i)
        self.write_file(folder, leg, made.out, planned, made.at, made.bytes, made.lost, made.packets, bool(ended))
        return made.lost, begin + rows * self.row

    def next_loss(self, rng):
        return 1 + rng.expovariate(self.background) if self.background else math.inf

    def next_bad(self, rng, after):
        if not self.bad_s:
            return math.inf, math.inf
        begin = after + rng.expovariate(1 / self.good_s)
        return begin, begin + rng.expovariate(1 / self.bad_s)

    def write_file(self, folder, leg, out, planned, at, size, lost, packets, is_ended):
        stamp = int(START + self.begins[leg] + self.clocks[leg[1]])
        start = {"connected": [{"socket": 5, "local_host": "192.0.2.%d" % (1 + SITES.index(leg[1])), "local_port": 40000,
                                "remote_host": "192.0.2.%d" % (1 + SITES.index(leg[0])), "remote_port": 5201}],
                 "version": "iperf 3.12", "timestamp": {"timesecs": stamp},
                 "connecting_to": {"host": "192.0.2.%d" % (1 + SITES.index(leg[0])), "port": 5201},
                 "cookie": "%036d" % (self.seed * 100 + LEGS.index(leg)), "target_bitrate": self.bps,
                 "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": self.block, "omit": 0, "duration": planned * self.row, "reverse": 1,
                                "target_bitrate": self.bps}}
        total = {"start": 0, "end": at, "seconds": at, "bytes": size, "bits_per_second": size * 8 / at, "jitter_ms": 0.02, "lost_packets": lost,
                 "packets": packets, "lost_percent": 100 * lost / max(1, packets), "sender": False}
        named = "%s-%s-%dM_%dS_%s.json" % (*leg, self.bps / 1e6, planned * self.row, time.strftime("%Y%m%d_%H%M%S", time.gmtime(stamp)))
        with open(os.path.join(folder, named), "w") as file:
            file.write('{"start":%s,\n"intervals":[%s],\n"end":%s%s}\n'
                       % (json.dumps(start), ",\n".join(out), json.dumps({"streams": [], "sum": total}),
                          ',"error":"interrupt - the client has terminated"' if is_ended else ""))

    def make(self, folder):
        """Writes the files; returns the truth."""
        os.makedirs(folder, exist_ok=True)
        made = [self.write_leg(folder, leg) for leg in LEGS]
        self.data_end = START + max(end for _, end in made)
        return {"seed": self.seed, "row": self.row, "bps": self.bps, "background": self.background, "lost_packets": sum(lost for lost, _ in made),
                "data_end": self.data_end, "truths": [self.truth(f) for f in sorted(self.faults, key=lambda f: f["parts"][0][0])]}

    def truth(self, f):
        begin = max(f["parts"][0][0], min(self.begins[leg] for leg in f["legs"]))
        is_open = f.get("is_open", False)
        end = self.data_end - START if is_open else f["parts"][-1][1]
        within = 2 + max(1.0, self.row) + (2 if len(f["legs"]) > 1 else 1)
        if 0 < f["p"] < 0.02:
            within = max(within, 10)
        if f["p"] > 0:                         # an edge is not known better than until some are lost
            within = max(within, 8 / (f["p"] * self.pace))
        edge_lost = f["p"] * self.pace * self.row * 2 * len(f["legs"]) * len(f["parts"]) if self.row > 1 else 0
        return {"menu": f["menu"], "kind": f["kind"], "accept": f.get("accept", [f["kind"]]), "scope": f["scope"], "where": f["where"],
                "legs": sorted(map(name, f["legs"])), "start": START + begin, "end": None if is_open else START + end,
                "within": max(within, 0.05 * (end - begin)), "lost": f["lost"], "usual_lost": f["usual_lost"], "lost_within": 20 + edge_lost,
                "count": len(f["parts"]), "period": f.get("period"), "p": f["p"], "is_optional": f.get("is_optional", False),
                "parts": [{"start": START + a, "end": START + b, "lost": n} for (a, b), n in zip(f["parts"], f["part_lost"])]
                if f.get("may_be_several") else []}


class Leg:
    """The rows of a leg, as its receiver counts them."""
    def __init__(self, story, leg, touched):
        self.story, self.touched, self.rng = story, touched, random.Random("leg %d %s" % (story.seed, name(leg)))
        self.base, self.noise = log_uniform(self.rng, 0.012, 0.2), self.rng.uniform(0.08, 0.2)
        self.phase, self.owed, self.held, self.pending, self.wander = self.rng.random(), 0.0, 0, 0, 0.0
        self.at = self.bytes = self.lost = self.packets = 0
        self.next_loss, self.bad, self.out = story.next_loss(self.rng), story.next_bad(self.rng, 0.0), []

    def send(self, i):
        """How many the sender sends in row i."""
        pace, is_less = self.story.pace * self.story.row, False
        for f, _, share, goes_on in self.touched.get(i, ()):
            if f["kind"] == "rate":
                less, is_less = share * (1 - f.get("rate", 0)) * pace, True
                pace -= less
                self.owed += less if f.get("catches_up") else 0
        if not is_less:
            pace, self.owed = pace + self.owed, 0.0
        self.phase += pace
        sent = int(self.phase) - self.held
        self.held += sent
        return sent

    def strike(self, i, sent):
        """What the faults of row i do: packets that the sequence numbers of the row tell of, lost, arrived, jitter, whether it is dark."""
        packets, lost, arrived, scale, is_dark, rng = sent, 0, sent, self.base, False, self.rng
        for f, k, share, goes_on in self.touched.get(i, ()):
            gone = 0
            if f["kind"] == "outage":
                gone, is_dark = round(sent * share), True
                arrived = sent - gone
                if goes_on:
                    self.pending, packets = self.pending + gone, arrived
                else:
                    lost, packets, self.pending = gone + self.pending, sent + self.pending, 0
                gone = 0 if f.get("is_open") else gone     # at the end of the data no number tells of them
            elif f["kind"] == "loss":
                gone = lost = self.story.binomial(rng, sent, f["p"] * min(1, share))
                arrived = sent - gone
            elif f["kind"] == "rate_cap":
                kept = self.story.pace * self.story.row * (1 - f["p"]) + rng.uniform(-1, 1)
                arrived = max(0, min(sent, round(sent * (1 - share) + kept * share)))
                gone = lost = sent - arrived
            elif f["kind"] == "jitter" and share > 0.5:
                scale = self.base * f["factor"]
            f["lost"] += gone
            f["part_lost"][k] += gone
        return packets, lost, arrived, scale, is_dark

    def lose_usual(self, i, sent):
        story, row_end, usual = self.story, (i + 1) * self.story.row, 0
        level = 1 - (1 - 1 / story.swing) * (0.5 - 0.5 * math.cos(2 * math.pi * (row_end + story.noon) / 86400))
        while self.next_loss < self.held:
            usual += level == 1 or self.rng.random() < level
            self.next_loss += story.next_loss(self.rng)
        while self.bad[0] < row_end:
            overlap = min(self.bad[1], row_end) - max(self.bad[0], i * story.row)
            usual += story.binomial(self.rng, int(sent * overlap / story.row + self.rng.random()), 0.1)
            if self.bad[1] > row_end:
                break
            self.bad = story.next_bad(self.rng, self.bad[1])
        return usual

    def add_row(self, i):
        story = self.story
        sent = self.send(i)
        packets, lost, arrived, scale, is_dark = self.strike(i, sent)
        usual = self.lose_usual(i, sent)
        usual = 0 if is_dark else min(usual, max(0, arrived - 1))
        for f, *_ in self.touched.get(i, ()):
            f["usual_lost"] += usual
        lost, size = lost + usual, (arrived - usual) * story.block
        memory = story.jitter_memory
        self.wander = memory * self.wander + math.sqrt(1 - memory * memory) * self.rng.gauss(0, 1)
        jitter = scale * math.exp((story.jitter_noise or self.noise) * self.wander) if arrived else 0.0
        end = (i + 1 + self.rng.uniform(0, 2e-4)) * story.row
        percent = 100 * lost / packets if packets else 0
        self.out.append('{"streams":[],"sum":{"start":%.6f,"end":%.6f,"seconds":%.6f,"bytes":%d,"bits_per_second":%.3f,"jitter_ms":%.6f,'
                        '"lost_packets":%d,"packets":%d,"lost_percent":%.6g,"omitted":false,"sender":false}}'
                        % (self.at, end, end - self.at, size, size * 8 / (end - self.at), jitter, lost, packets, percent))
        self.at, self.bytes, self.lost, self.packets = end, self.bytes + size, self.lost + lost, self.packets + packets


# ---- the judge
def place_is_right(x, t):
    if sorted(x["legs"]) != t["legs"]:
        return False
    if t["scope"] == "pair":
        return x["scope"] == "pair" and set(x["where"].split("<->")) == set(t["where"].split("<->"))
    return x["scope"] == t["scope"] and x["where"] == t["where"]


def faults_of(x, t, data_end):
    """What of an incident is not as the truth has it."""
    wrong = []
    if not place_is_right(x, t):
        wrong.append("%s %s (%s)" % (x["scope"], x["where"], ",".join(x["legs"])))
    if x["kind"] not in t["accept"]:
        wrong.append("kind %s" % x["kind"])
    if abs(x["start"] - t["start"]) > t["within"]:
        wrong.append("start %+.1f s" % (x["start"] - t["start"]))
    runs_out = t["period"] and t["end"] + 1.1 * t["period"] >= data_end
    if t["end"] is None and t["kind"] in ("outage", "ended") or x["end"] is not None and t["end"] is not None:
        if abs((x["end"] or data_end) - (t["end"] or data_end)) > t["within"]:
            wrong.append("end %+.1f s" % ((x["end"] or data_end) - (t["end"] or data_end)))
    elif (x["end"] is None) != (t["end"] is None) and not runs_out and not (t["end"] and t["end"] + t["within"] > data_end):
        wrong.append("end is %s" % x["end"])
    lost, most = x["lost_packets"] or 0, t["lost"] + t["usual_lost"]
    if not t["lost"] * 0.99 - t["lost_within"] <= lost <= most * 1.01 + t["lost_within"]:
        wrong.append("lost %d, not %d to %d" % (lost, t["lost"], most))
    if abs(x["count"] - t["count"]) > (t["count"] > 1):
        wrong.append("count %s, not %d" % (x["count"], t["count"]))
    if t["period"] and (not x.get("period_s") or abs(x["period_s"] - t["period"]) > 0.02 * t["period"]):
        wrong.append("period %s, not %.1f" % (x.get("period_s"), t["period"]))
    if not t["period"] and x.get("period_s") is not None:
        wrong.append("period %s of what has none" % x["period_s"])
    return wrong


def near(x, t, data_end):
    if not set(x["legs"]) & set(t["legs"]):
        return -math.inf
    return min(x["end"] or data_end, t["end"] or data_end) - max(x["start"], t["start"])


def words(x):
    return "%s %s %.0f..%s" % (x["kind"], x["where"], x["start"] - START, "open" if x["end"] is None else "%.0f" % (x["end"] - START))


def judge(report, truth):
    left, reasons, data_end = list(report["incidents"]), [], truth["data_end"]
    open_truths = []

    def take(t):
        found = next((x for x in left if not faults_of(x, t, data_end)), None)
        if found:
            left.remove(found)
        return found

    for t in truth["truths"]:
        if t["is_optional"] or take(t):
            continue
        if t["parts"]:
            singles = [dict(t, count=1, **p) for p in t["parts"]]
            right = [x for s in singles for x in left if not faults_of(x, s, data_end)]
            if len({x["number"] for x in right}) == len(singles):
                left = [x for x in left if x not in right]
                continue
        open_truths.append(t)
    for t in open_truths:
        x = max(left, key=lambda x: near(x, t, data_end), default=None)
        if x is None or near(x, t, data_end) < -60:
            reasons.append("missed: %s (%s, %.4g, %d lost)" % (words(t), t["menu"], t["p"], t["lost"]))
            continue
        left.remove(x)
        reasons.append("mis-told: %s (%s, %.4g) is #%d %s: %s"
                       % (words(t), t["menu"], t["p"], x["number"], words(x), "; ".join(faults_of(x, t, data_end))))
    for t in truth["truths"]:                  # may be told, as what it is, and only once
        if t["is_optional"]:
            x = next((x for x in left if x["kind"] == t["kind"] and x["legs"] == t["legs"] and near(x, t, data_end) > -3), None)
            if x:
                left.remove(x)
    for x in left:
        again = next((t for t in truth["truths"] if near(x, t, data_end) > 0), None)
        reasons.append("%s: #%d %s, %s" % ("told again (%s)" % again["menu"] if again else "invented", x["number"], words(x), x["text"]))
    sum_lost = sum(x["lost_packets"] or 0 for x in report["incidents"]) + (report["lost_outside"] or 0)
    if sum_lost != truth["lost_packets"]:
        reasons.append("%d lost in all, not %d" % (sum_lost, truth["lost_packets"]))
    if [x["number"] for x in report["incidents"]] != list(range(1, len(report["incidents"]) + 1)):
        reasons.append("numbers are not 1, 2, ...")
    events = {e["number"] for e in report["events"]}
    if any(not x["text"].endswith(".") or "\n" in x["text"] or not set(x["events"]) <= events or not x["events"] for x in report["incidents"]):
        reasons.append("an incident without a sentence, or with events that are not there")
    return reasons


def check(tool, seed, keep):
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(keep, str(seed)) if keep else scratch
        truth = Story(seed).make(folder + "/files")
        run = subprocess.run([tool, "report", "--json", "--no-render", "--no-html", "--out", folder + "/report", folder + "/files"],
                             capture_output=True)
        if keep:
            json.dump(truth, open(folder + "/truth.json", "w"), indent=1)
            open(folder + "/report.json", "wb").write(run.stdout)
        if run.returncode not in (0, 4):
            return truth, ["exit status %d: %s" % (run.returncode, run.stderr.decode()[-200:])]
        return truth, judge(json.loads(run.stdout), truth)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=("check", "make"))
    parser.add_argument("what", help="the program; with make a seed")
    parser.add_argument("more", nargs="+", help="seeds, 1-50 is many; with make a folder")
    parser.add_argument("--keep", metavar="DIR")
    given = parser.parse_args()
    if given.job == "make":
        json.dump(Story(int(given.what)).make(given.more[0]), open(given.more[0] + "/truth.json", "w"), indent=1)
        return 0
    seeds, failed = [], 0
    for text in given.more:
        first, _, last = text.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    for seed in seeds:
        truth, reasons = check(os.path.abspath(given.what), seed, given.keep)
        failed += bool(reasons)
        kinds = ", ".join("%s %s" % (t["menu"], t["where"]) for t in truth["truths"]) or "nothing"
        print("%sok - story %d (rows of %g s, %g Mbit/s: %s)%s" % ("not " if reasons else "", seed, truth["row"], truth["bps"] / 1e6, kinds,
                                                                  "".join("\n#   " + r for r in reasons)), flush=True)
    print("# %d of %d stories told rightly" % (len(seeds) - failed, len(seeds)))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
