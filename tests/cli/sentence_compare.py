"""sentence_compare.py - pairs of folders for tests of the sentences of longhaul compare: in each pair one thing differs, is missing or is unknown. For each
there is another that differs from it by what a sentence needs. Short tests: 10 minutes of rows of 1 s, which make pieces of 5 s."""
import html
import json
import os
import random
import re
import subprocess

import compare
import made
import sentence_data
from sentence_data import got, sent, tcp, without

DAY, LAST_BIN, LEGS = 86400, 864, ["S%02d-WUS" % k for k in range(45)]
HOUR_ENDS = 3000  # after START: ten minutes that begin so much later are of two hours


def one(name="KC-WUS", day=0, later=0, whose=got, **more):
    start = made.START + day * DAY + later
    leg = whose(name, **dict(dict(seconds=600, interval=1, sent=902, start=start), **more))
    return leg if more.get("dated", True) else (name, None) + leg[2:]


def noise(seed, most=18, n=600):
    rng = random.Random(seed)
    return {i: rng.randint(0, most) for i in range(n)}


def noisy_jitter(seed, mean, n=600):
    rng = random.Random(seed)
    return {i: mean * rng.uniform(0.8, 1.2) for i in range(n)}


def bursts(seed):
    rng = random.Random(seed)
    return {i: 400 for i in rng.sample(range(600), 4)}


def half(day, known):
    """Of the loss one half is known."""
    leg = one(day=day)
    rows = leg[4]["intervals"]
    leg[4]["intervals"] = rows[300:] if known else rows[:300]
    without(leg, "lost_packets", "lost_percent")
    leg[4]["intervals"] = rows
    return leg


def retransmits(day, known, **more):
    row = {"rtt": 80000, "snd_cwnd": 100000, "pmtu": 1500}
    leg = tcp("KC-WUS", row=dict(row, retransmits=1) if known else row, **dict(dict(seconds=600, interval=1, sent=902, start=made.START + day * DAY), **more))
    return leg if more.get("dated", True) else ("KC-WUS", None) + leg[2:]


def empty(day):
    leg = one(day=day)
    leg[4]["intervals"] = []
    return leg


def delayed(day, mean_us, large=(), seconds=3600, silences=0.0):
    """A file with histograms of delays, which in the minutes of large are greater than the greatest that is told apart."""
    def write(folder):
        path = folder + "/KC-WUS.json"
        compare.make(path, "KC-WUS", start=made.START + day * DAY, seconds=seconds, row_s=10, delay_us=mean_us, silences=silences, seed=1 + day)
        document = json.load(open(path))
        for i in large:
            document["longhaul"]["delays"][i][2] = compare.digits(LAST_BIN) + compare.digits(0) + compare.digits(59999)
        json.dump(document, open(path, "w"))
    return write


# before, after, options, the word at the head of the page
PAIRS = {
    # verdicts
    "alike": lambda: ([one()], [one(day=1)], [], "nothing is worse"),
    "alike_on_the_hour": lambda: ([one(later=HOUR_ENDS)], [one(day=1, later=HOUR_ENDS)], [], "nothing is worse"),
    "worse": lambda: ([one()], [one(day=1, lost=noise(1))], [], "worse"),
    "better": lambda: ([one(lost=noise(1))], [one(day=1)], [], "better"),
    "worse_and_better": lambda: ([one(jitter=noisy_jitter(1, 5))], [one(day=1, lost=noise(2), jitter=noisy_jitter(2, 1))], [], "worse"),
    "worse_on_six": lambda: ([one(n) for n in LEGS[:6]], [one(n, day=1, lost=noise(k)) for k, n in enumerate(LEGS[:6])], [], "worse"),
    "worse_on_45": lambda: ([one(n, seconds=150) for n in LEGS], [one(n, day=1, seconds=150, planned=600, lost=noise(k, n=150)) for k, n in enumerate(LEGS)], [], "worse"),
    "worse_all": lambda: ([one(jitter=noisy_jitter(1, 1))], [one(day=1, sent=850, lost=noise(3), jitter=noisy_jitter(2, 5))], [], "worse"),
    # what cannot be said
    "less_than_matters": lambda: ([one()], [one(day=1, lost=noise(1))], ["--margin", "loss=1.05", "--margin", "rate=9"], "nothing is known to be worse"),
    "varies": lambda: ([one(lost=bursts(1))], [one(day=1, lost=bursts(2))], [], "nothing is known to be worse"),
    "short": lambda: ([one(seconds=10)], [one(day=1, seconds=10)], [], "cannot say"),
    "few_of_a_long_day": lambda: ([one(seconds=DAY, interval=7200, sent=902 * 7200)], [one(day=1, seconds=DAY, interval=7200, sent=902 * 7200)], [], "cannot say"),
    "other_halves": lambda: ([half(0, True)], [half(1, False)], [], "nothing is known to be worse"),
    "same_halves": lambda: ([half(0, True)], [half(1, True)], [], "nothing is worse"),
    "targets": lambda: ([one()], [one(day=1, target=20_000_000, sent=1804)], [], "nothing is known to be worse"),
    "targets_near": lambda: ([one()], [one(day=1, target=10_000_001)], [], "nothing is known to be worse"),
    "kinds": lambda: ([one(whose=sent, end=False)], [one(day=1)], [], "cannot say"),
    "no_intervals": lambda: ([empty(0)], [empty(1)], [], "cannot say"),
    # times
    "other_times": lambda: ([one()], [one(later=DAY // 2, lost=noise(1))], [], "nothing is known to be worse"),
    "near_times": lambda: ([one()], [one(later=900, lost=noise(1))], [], "worse"),
    "undated": lambda: ([one(dated=False)], [one(dated=False)], [], "nothing is worse"),
    "undated_before": lambda: ([one(dated=False)], [("KC-WUS", None) + one()[2:]], [], "nothing is worse"),
    "long_before": lambda: ([one(seconds=3 * 3600, interval=5, sent=4510)], [one(later=DAY // 2)], [], "nothing is worse"),
    # TCP, delays
    "tcp": lambda: ([retransmits(0, True)], [retransmits(1, True)], [], "nothing is worse"),
    "tcp_totals": lambda: ([retransmits(0, False)], [retransmits(1, False)], [], "nothing is known to be worse"),
    "tcp_totals_undated": lambda: ([retransmits(0, False, dated=False)], [retransmits(0, False, dated=False)], [], "nothing is known to be worse"),
    "delays": lambda: (delayed(0, 800), delayed(1, 800), [], None),
    "delays_unbounded": lambda: (delayed(0, 800), delayed(1, 800, large=(30,)), [], None),
    "delays_before": lambda: (delayed(0, 800, seconds=600), [one(day=1)], ["--margin", "loss=50", "--margin", "jitter=50", "--margin", "rate=50"], "nothing is worse"),
    "short_delays": lambda: (delayed(0, 800, seconds=900), delayed(1, 800, seconds=900), [], None),
    # sides
    "gone": lambda: ([one(), one("WUS-KC")], [one(day=1)], [], "nothing is known to be worse"),
    "gone_two": lambda: ([one(), one("WUS-KC"), one("HK-WUS")], [one(day=1)], [], "nothing is known to be worse"),
    "new": lambda: ([one()], [one(day=1), one("WUS-KC", day=1)], [], "nothing is worse"),
    "less_observed": lambda: ([one()], [one(day=1, planned=2400)], [], "nothing is known to be worse"),
    "less_observed_before": lambda: ([one(planned=2400)], [one(day=1)], [], "nothing is worse"),
    "left_out": lambda: ([one(), one(day=1)], [one(day=1)], [], "nothing is worse"),
    "left_out_two": lambda: ([one(), one(day=1), one(day=2)], [one(day=1), one(day=2)], [], "nothing is worse"),
    "two_days": lambda: ([one(), one(day=1)], [one(day=2)], [], "nothing is worse"),
}


def write(folder, side):
    if callable(side):
        return side(folder)
    os.makedirs(folder)
    for leg in side:
        if leg[1] is None:
            json.dump(leg[4], open("%s/%s.json" % (folder, leg[0]), "w"))
        else:
            made.write(folder, [leg])
    return None


def said_of(longhaul, work, name, plain):
    """Everything that compare says of a pair, and what is wrong with it; plain(file name, text) is its text without markup."""
    before, after, options, word = PAIRS[name]()
    top, texts = "%s/compare_%s" % (work, name), []
    write(top + "/before", before)
    write(top + "/after", after)
    for form in ([], ["--verbose"], ["--json"], ["--markdown", "--html", top + "/page.html"]):
        done = subprocess.run([longhaul, "compare"] + form + options + [top + "/before", top + "/after"], capture_output=True, text=True, timeout=120)
        texts += [done.stdout, done.stderr]
        if "--json" in form and done.stdout:
            data = json.loads(done.stdout)
        if "--markdown" in form:
            texts += plain("x.md", done.stdout)
    page = open(top + "/page.html", encoding="utf-8").read() if os.path.exists(top + "/page.html") else ""
    texts += plain("page.html", page)
    wrong = []
    heads = [re.search(r"<h1>longhaul compare: ([^<]*)</h1>", page), re.search(r"### longhaul compare: (.*)", done.stdout)]
    if word and [h and h.group(1) for h in heads] != [word] * 2:
        wrong.append("%s: the head is %s, not %s" % (name, [h and h.group(1) for h in heads], word))
    return "\n".join(texts), wrong + ["%s: %s" % (name, w) for w in untrue(name, data, page)] if page else ["%s: no page: %s" % (name, texts[1])]


def seconds_of(text):
    return sum(float(n) * {"d": 86400, "h": 3600, "min": 60, "s": 1}[unit] for n, unit in re.findall(r"([\d.]+) (d|h|min|s)\b", text))


def untrue_captions(page):
    """Each caption against the numbers next to it, which compare_page.py calculates again."""
    for section in re.findall(r"<section class=compared>.*?</section>", page, re.S):
        rows = {m[0].strip(): m[1:] for m in re.findall(r"<th scope=row>([^<]*)<td class=n>([^<]*)<td class=n>([^<]*)", section)}
        hours = {share: row for share, row in rows.items() if ":" in share}
        quantity, captions = re.search(r"<h5>(\w+),", section).group(1), [html.unescape(c) for c in re.findall(r"<figcaption>(.*?)</figcaption>", section)]
        for said in [re.search(r"(Half of .*?)\.$", c).group(1) for c in captions if "Half of" in c]:
            halves, shares = [re.findall(r"(-?\d[\d.]*)(?: (?:%|ms|Mbps|an hour))?(?: before|, | after|$)", part) for part in
                              re.sub(r"99 of 100 for|nine of ten|one of ten", "", said).split(";")[-2:]] if "<" not in said else ([], [])
            share = "10 %" if "one of ten" in said else "90 %"
            if halves and tuple(halves) != rows["50 %"] or shares and "99 of" not in said and tuple(shares) != rows[share]:
                yield "%s: %s, and the numbers are %s, %s" % (quantity, said, rows["50 %"], rows[share])
        for which, *sides in [m for c in captions for m in re.findall(r"The (highest|lowest) hour: before (.*?), after ([^;]*?)(?:;|\.$)", c)]:
            for i, said in enumerate(sides):
                known = {hour: row[i] for hour, row in hours.items() if re.match(r"[\d.]+$", row[i])}
                value, hour = re.match(r"([\d.]*)", said).group(1), re.search(r"at (\d\d:00)", said)
                best = (max if which == "highest" else min)(known.values(), key=float, default=None)
                good = value == best and (known.get(hour.group(1)) == value if hour else len(known) > 1 and set(known.values()) == {value})
                if not (good if known else "unknown" in said or "<" in said):
                    yield "%s: the %s hour is said to be %s, of %s" % (quantity, which, said, known)


RAW = re.compile(r"<(?![a-zA-Z/!])[^\n]{0,20}")


def untrue(name, data, page):
    """What the page says and the files do not: lengths of time, pieces."""
    for leg in data["legs"]:
        lengths = [float("inf")] * 2
        for i, side in enumerate(PAIRS[name]()[:2]):
            its = [] if callable(side) else [test for test in side if test[1] is None or test[0] == "%s-%s" % (leg["source"], leg["destination"])]
            lengths[i] = sum(row["sum"]["seconds"] for test in its for row in test[4]["intervals"]) if its else lengths[i]
        if leg["seconds"] is not None and leg["seconds"] > min(lengths):
            yield "%g s are said to be compared, of %g and %g" % (leg["seconds"], *lengths)
        different = re.search(r"targets differ: (.*?) and ([^;]*)", leg["note"] or "")
        if different and different.group(1) == different.group(2):
            yield "targets differ, and are the same: " + different.group(0)
    yield from ("< is not escaped: " + raw for raw in RAW.findall(re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.S))[:2])
    yield from untrue_captions(page)
    for piece in re.findall(r"Pieces of ([^<]*)\.</p>", page) if name == "long_before" else ():
        sides = re.fullmatch(r"(.*) before, (.*) after", piece)
        if not sides or [seconds_of(s) for s in sides.groups()] != [10, 5]:
            yield "pieces of 10 s before and of 5 s after are called " + piece
