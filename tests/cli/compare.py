"""compare.py WORK LONGHAUL: see compare.sh. Days with known differences are made here; the figures are calculated again from
`longhaul show --intervals` and the histograms of delays, the intervals by batches and by a bootstrap of blocks."""
import csv
import glob
import io
import json
import math
import os
import random
import shutil
import subprocess
import sys

work, longhaul = sys.argv[1:3]
START, DAY, SIZE = 1763164800, 86400, 1250  # 2025-11-15 00:00:00 UTC
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
failed = 0


def check(good, what):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + what, flush=True)


# ---- files

def edge(b):
    return 0 if b == 0 else 2.0 ** ((b - 1) // 32) * (1 + (b - 1) % 32 / 32)


def digits(n):
    text = ""
    while True:
        n, low = n >> 5, n & 31
        text += LETTERS[low | (32 if n else 0)]
        if n == 0:
            return text


def histogram(mean_us, n, rng):
    """Exponential delays: the bins' counts as text."""
    counts, above, b = [], 1.0, 0
    while above > 1e-4:
        more = math.exp(-edge(b + 1) / mean_us)
        counts.append(max(1, int(n * (above - more) + rng.random())))
        above, b = more, b + 1
    return digits(0) + digits(len(counts) - 1) + "".join(digits(c - 1) for c in counts)


def busy(t):
    """1 at 20:00, 0 at night."""
    return math.exp(-(((t % DAY) / 3600 - 20) / 3) ** 2 / 2)


def make(path, leg="HK-WUS", start=START, seconds=DAY, row_s=30, loss=0.001, slower=0.0, jitter=0.5, delay_us=None, silences=0.0, target=10e6, seed=1,
         role="receiver", tcp=None, hosts=("192.0.2.1", "192.0.2.2"), is_journal=False):
    """loss: share; slower: share of the rate; delay_us: mean in a queue at night, six times that when busy; silences: an hour; tcp: (retransmits per 1000, rtt in ms)."""
    rng, rows, source_destination = random.Random(seed), [], leg.split("-")
    rate = target * (1 - slower) / 8 / SIZE
    for t in range(0, seconds, row_s):
        n = int(rate * (t + row_s)) - int(rate * t)
        lost = max(0, min(n, int(rng.gauss(n * loss * (1 + 2 * busy(start + t)), math.sqrt(n * loss) + 0.3) + 0.5)))
        row = {"socket": 5, "start": t, "end": t + row_s, "seconds": row_s, "omitted": False, "sender": role == "sender"}
        if tcp:
            again = sum(rng.random() < 0.5 for _ in range(int(2 * n * tcp[0] / 1000)))
            row.update(bytes=n * SIZE, retransmits=again, snd_cwnd=100000, rtt=int(1000 * (tcp[1] + rng.random())), rttvar=500, pmtu=1500)
        elif role == "sender":
            row.update(bytes=n * SIZE, packets=n)
        else:
            row.update(bytes=(n - lost) * SIZE, packets=n, lost_packets=lost, lost_percent=100 * lost / n, jitter_ms=jitter * (0.5 + rng.random()))
        row["bits_per_second"] = row["bytes"] * 8 / row_s
        member = {"streams": [row], "sum": {k: v for k, v in row.items() if k != "socket"}}
        if delay_us and role == "receiver":
            member["longhaul"] = {"segment": 0, "delay_us": {"base": 0, "min": 0, "p50": delay_us, "p99": 5 * delay_us, "max": 9 * delay_us,
                                                             "silences": int(rng.random() < silences * row_s / 3600)}}
        rows.append(member)
    test = {"protocol": "TCP" if tcp else "UDP", "num_streams": 1, "blksize": SIZE, "omit": 0, "duration": seconds, "bytes": 0, "blocks": 0,
            "reverse": int(role != "sender"), "tos": 0, "target_bitrate": int(target)}
    head = {"connected": [{"socket": 5, "local_host": hosts[0], "local_port": 49152, "remote_host": hosts[1], "remote_port": 5201}], "version": "iperf 3.12",
            "timestamp": {"timesecs": start}, "cookie": "c%036d" % seed, "tcp_mss_default": 1448, "target_bitrate": int(target), "test_start": test}
    own = {"format": 1, "version": "0.2.0", "source": source_destination[0], "destination": source_destination[-1], "role": role, "protocol": test["protocol"]}
    if delay_us and role == "receiver":
        own["delays"] = []
        for t in range(0, seconds, 60):
            own["delays"].append([t, t + 60, histogram(delay_us * (1 + 5 * busy(start + t)) * math.exp(0.05 * rng.gauss(0, 1)), rate * 60, rng)])
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        if is_journal:
            for event, data in [("start", head)] + [("interval", r) for r in rows]:
                out.write(json.dumps({"event": event, "data": data}) + "\n")
        else:
            document = {"start": head, "intervals": rows, "end": {"streams": []}}
            if hosts[0] == "192.0.2.1":
                document["longhaul"] = own
            json.dump(document, out)


def run(*args):
    done = subprocess.run([longhaul, "compare", *args], cwd=work, capture_output=True, text=True, errors="surrogateescape", timeout=100)
    return done.returncode, done.stdout, done.stderr


def compared(*args):
    code, out, err = run("--json", *args)
    data = json.loads(out) if out else {"legs": [], "error": err}
    return code, data, {(g["source"] + "-" + g["destination"], f["quantity"]): f for g in data["legs"] for f in g["figures"]}


# ---- the same, calculated here

def intervals(path):
    done = subprocess.run([longhaul, "show", "--intervals", path], cwd=work, capture_output=True, text=True, check=True)
    return [{k: float(v) if v else None for k, v in r.items() if k not in ("path", "utc")} for r in csv.DictReader(io.StringIO(done.stdout))]


def start_of(path):
    return json.load(open(os.path.join(work, path)))["start"]["timestamp"]["timesecs"]


def cells(paths, quantity):
    """{cell of the day: [sum, weight]}"""
    out = {}
    for path in paths:
        first, medians = start_of(path), {}
        for r in intervals(path):
            middle = quantity in ("silences", "retransmits", "rtt")
            at = int((first + (r["start_s"] + r["end_s"]) / 2 if middle else first + r["start_s"]) % DAY // 600)
            length = r["end_s"] - r["start_s"]
            pair = {"rate": lambda: (r["bits_per_second"] * r["seconds"] / 1e6, r["seconds"]), "loss": lambda: (100 * r["lost_packets"], r["packets"]),
                    "jitter": lambda: (0, r["seconds"]), "silences": lambda: (r["silences"], length / 3600),
                    "retransmits": lambda: (100 * 1448 * r["retransmits"], r["bytes"]), "rtt": lambda: (r["rtt_ms"] * length, length)}[quantity]()
            cell = out.setdefault(at, [0, 0])
            cell[0] += pair[0]
            cell[1] += pair[1]
            medians.setdefault(at, []).append((r["jitter_ms"], r["seconds"]))
        if quantity == "jitter":
            for at, values in medians.items():
                values.sort()
                n = len(values)
                out[at][0] += (values[(n - 1) // 2][0] + values[n // 2][0]) / 2 * sum(seconds for _, seconds in values)
    return out


def numbers(text):
    value = shift = 0
    for letter in text:
        digit = LETTERS.index(letter)
        value, shift = value | (digit & 31) << shift, shift + 5
        if digit < 32:
            yield value
            value = shift = 0


def delays(path):
    """{cell: {bin: count}}"""
    document, out = json.load(open(os.path.join(work, path))), {}
    for begin, end, text in document["longhaul"]["delays"]:
        counts, parts, b = out.setdefault(int((document["start"]["timestamp"]["timesecs"] + (begin + end) / 2) % DAY // 600), {}), numbers(text), 0
        for skipped in parts:
            b += skipped
            for _ in range(next(parts) + 1):
                counts[b] = counts.get(b, 0) + next(parts) + 1
                b += 1
    return out


def percentile(day, keys, share=0.99):
    total = {}
    for key in keys:
        for b, n in day[key].items():
            total[b] = total.get(b, 0) + n
    wanted, so_far = share * sum(total.values()), 0
    for b in sorted(total):
        if so_far + total[b] >= wanted:
            return (edge(b) + (wanted - so_far) / total[b] * (edge(b + 1) - edge(b))) / 1000
        so_far += total[b]


def student(error, degrees):
    def tail(t, steps=400):
        c = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
        return c / steps * sum((1 if i == steps else 2 - (i + 1) % 2 * 2 + 2) * (1 + (t * steps / i) ** 2 / degrees) ** (-(degrees + 1) / 2) * t * (steps / i) ** 2
                               for i in range(1, steps + 1)) / 3
    low, high = 0.0, 1000.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > error else (low, middle)
    return high


def batches(before, after, error):
    """Effect and half width."""
    keys = sorted(k for k in before if k in after and before[k][1] > 0 and after[k][1] > 0)
    side = [[sum(d[k][i] for k in keys) for i in (0, 1)] for d in (before, after)]
    ratios = [s / w for s, w in side]
    parts = [(after[k][0] - ratios[1] * after[k][1]) / side[1][1] - (before[k][0] - ratios[0] * before[k][1]) / side[0][1] for k in keys]
    width = 0
    for length in (1, 2, 3, 6, 12):
        n = len(parts) // length
        if n < 10:
            continue
        sums = [sum(parts[b * len(parts) // n:(b + 1) * len(parts) // n]) for b in range(n)]
        mean = sum(parts) / n
        squares, fourths = sum((s - mean) ** 2 for s in sums), sum((s - mean) ** 4 for s in sums)
        if squares > 0:
            width = max(width, student(error, max(1, min(n - 1, 3 * squares ** 2 / fourths - 2))) * math.sqrt(squares * n / (n - 1)))
    return ratios[1] - ratios[0], width


def bootstrap(before, after, statistic, n=150, block=6, near_by=0):
    """The deviation of the effect over days made of blocks of pairs, drawn at random: of the whole day, or within so many pieces of their place."""
    keys, rng, effects = sorted(set(before) & set(after)), random.Random(7), []
    for _ in range(n):
        drawn = []
        while len(drawn) < len(keys):
            first = (len(drawn) + rng.randint(-near_by, near_by)) if near_by else rng.randrange(len(keys))
            drawn += [keys[(first + i) % len(keys)] for i in range(block)]
        effects.append(statistic(after, drawn) - statistic(before, drawn))
    mean = sum(effects) / n
    return math.sqrt(sum((e - mean) ** 2 for e in effects) / (n - 1))


def ratio(day, keys):
    return sum(day[k][0] for k in keys) / sum(day[k][1] for k in keys)


def near(a, b, relative=1e-9):
    return abs(a - b) <= relative * max(abs(a), abs(b), 1e-6)


# ---- two days with known differences

def known():
    make(work + "/A/HK-WUS.json", "HK-WUS", delay_us=800, silences=0.2, seed=1)
    make(work + "/B/HK-WUS.json", "HK-WUS", start=START + 7 * DAY, delay_us=800, silences=0.2, loss=0.0015, seed=2)
    make(work + "/A/WUS-HK.json", "WUS-HK", delay_us=800, silences=0.2, seed=3)
    make(work + "/B/WUS-HK.json", "WUS-HK", start=START + 7 * DAY, delay_us=960, slower=0.01, silences=4, jitter=2, seed=4)
    make(work + "/A/HK-TCP.json", "HK-TCP", role="sender", tcp=(1, 80), seed=5)
    make(work + "/B/HK-TCP.json", "HK-TCP", start=START + 7 * DAY, role="sender", tcp=(3, 85), seed=6)
    code, data, figures = compared("A", "B")
    worse = {k for k, f in figures.items() if f["difference"] == "worse"}
    wanted = {("HK-WUS", "loss")} | {("WUS-HK", q) for q in ("rate", "jitter", "delay", "silences")} | {("HK-TCP", q) for q in ("retransmits", "rtt")}
    check(code == 3 and worse == wanted, f"exit status 3, and what was made worse is worse: {sorted(worse ^ wanted)}")
    check(all(f["difference"] == "none" for k, f in figures.items() if k not in wanted), "everything else shows no difference that matters")
    n = len(figures)
    check(n == 13 and near(data["error_of_each"], 0.01 / n, 1e-12), f"the error is divided by {n} figures")
    check_figures(figures, data["error_of_each"])
    check(run("--json", "A", "B") == run("--json", "A", "B") and run("A", "B")[1] == run("A", "B")[1], "the same output in every run")
    code, _, back = compared("B", "A")
    better = {k for k, f in back.items() if f["difference"] == "better"}
    check(code == 0 and better == wanted and all(near(back[k]["effect"], -figures[k]["effect"]) for k in back), "the other way round: better, exit status 0")
    check(compared("A", "A")[0] == 0, "a folder with itself: exit status 0")
    code, out, _ = run("A", "B")
    check(out.startswith("worse: ") and "loss of HK->WUS +0.0" in out and "24 h of the same times of day" in out, "the text begins with what is worse")
    code, out, _ = run("--csv", "A", "B")
    rows = {(r["source"] + "-" + r["destination"], r["quantity"]): r for r in csv.DictReader(io.StringIO(out))}
    check(code == 3 and all(float(rows[k][c]) == f[c] for k, f in figures.items() for c in ("before", "after", "effect", "low", "margin") if f[c] is not None)
          and all(r["matched_by_time_of_day"] == "1" and float(r["cell_s"]) == 600 for r in rows.values()), "CSV has the figures of JSON")
    code, out, _ = run("--margin", "loss=5", "--margin", "rate=10", "--margin", "jitter=50", "--margin", "delay=90", "--margin", "silences=90", "--margin", "retransmits=5",
                       "--margin", "rtt=50", "A", "B")
    check(code == 0 and out.startswith("no difference that matters in all 13 figures"), "with great margins nothing matters")


def check_figures(figures, error):
    for (leg, quantity), f in sorted(figures.items()):
        paths = ["A/%s.json" % leg], ["B/%s.json" % leg]
        if quantity == "delay":
            before, after = delays(paths[0][0]), delays(paths[1][0])
            effect, width, deviation = percentile(after, after) - percentile(before, before), None, bootstrap(before, after, percentile, 30, near_by=6)
        else:
            before, after = cells(paths[0], quantity), cells(paths[1], quantity)
            effect, width = batches(before, after, error)
            deviation = bootstrap(before, after, ratio)
        what = f"{leg}, {quantity}: {f['effect']:.6f} ({f['low']:.6f} to {f['high']:.6f})"
        check(near(f["effect"], effect), what + f", {effect:.6f} calculated here")
        if width is not None:
            check(abs(f["high"] - f["effect"] - width) <= 1e-6 * max(width, 1e-6) and abs(f["effect"] - f["low"] - width) <= 1e-6 * max(width, 1e-6), what + f": half of it {width:.6f} by batches here")
        sure = student(error, 143) * deviation
        least = 0.4 if quantity == "delay" else 0.7  # blocks from other hours vary more than a pair of days does
        check(least * sure - 1e-9 <= (f["high"] - f["low"]) / 2 <= 2.5 * sure + 1e-9, what + f": half of it {sure:.6f} by blocks drawn at random")


# ---- times, several days

def times():
    make(work + "/late/HK-WUS.json", start=START + 3 * DAY + 5 * 3600 + 17, loss=0.0015, seed=11)
    _, data, figures = compared("A/HK-WUS.json", "late")
    f = figures[("HK-WUS", "loss")]
    check(data["legs"][0]["matched_by_time_of_day"] and f["cells"] == 144 and near(f["effect"], batches(cells(["A/HK-WUS.json"], "loss"), cells(["late/HK-WUS.json"], "loss"), 0.01)[0]),
          "a day that starts five hours later: the same times of day are matched")
    make(work + "/night/HK-WUS.json", seconds=6 * 3600, start=START + DAY, loss=0.001, seed=12)
    make(work + "/noon/HK-WUS.json", seconds=6 * 3600, start=START + DAY + 12 * 3600, loss=0.01, seed=13)
    code, data, figures = compared("night", "noon")
    leg = data["legs"][0]
    check(code == 0 and not leg["matched_by_time_of_day"] and leg["other_times_of_day"] and figures[("HK-WUS", "loss")]["why"] == "other times of day", "night and noon: a difference of loss is not judged")
    code, data, figures = compared("A/HK-WUS.json", "noon")
    check(code == 3 and data["legs"][0]["matched_by_time_of_day"] and data["legs"][0]["seconds"] == 6 * 3600, "six hours with a day: those six hours of it")
    for name, begin, loss, seed in (("run1", 0, 0.001, 14), ("run2", 900, 0.01, 15)):
        make(f"{work}/{name}/HK-WUS.json", seconds=600, row_s=1, start=START + begin, loss=loss, seed=seed)
    code, data, figures = compared("run1", "run2")
    check(code == 3 and not data["legs"][0]["matched_by_time_of_day"] and figures[("HK-WUS", "loss")]["difference"] == "worse", "ten minutes and the next ten: compared as a whole")
    make(work + "/short/HK-WUS.json", seconds=10, row_s=1, start=START, loss=0.01, seed=16)
    code, _, figures = compared("run1", "short")
    check(code == 4 and "too few" in figures[("HK-WUS", "loss")]["why"] and figures[("HK-WUS", "loss")]["low"] is None, "ten seconds: too few pieces, exit status 4")
    for i, loss in enumerate((0.0005, 0.0015, 0.0008, 0.0012, 0.0006, 0.0014, 0.0010)):
        make(f"{work}/week/HK-WUS-{i}.json", start=START + i * DAY, row_s=60, loss=loss, seed=20 + i)
    make(work + "/new/HK-WUS.json", start=START + 7 * DAY, row_s=60, loss=0.0014, seed=30)
    make(work + "/bad/HK-WUS.json", start=START + 7 * DAY, row_s=60, loss=0.006, seed=31)
    _, _, one = compared("week/HK-WUS-4.json", "new")
    code, data, all_days = compared("--baseline", "week", "new")
    check(one[("HK-WUS", "loss")]["difference"] == "worse" and all_days[("HK-WUS", "loss")]["difference"] == "cannot_say" and data["legs"][0]["tests_before"] == 7,
          "a day that is worse than one day is not when the days of a week differ as much")
    check(compared("--baseline", "week", "bad")[2][("HK-WUS", "loss")]["difference"] == "worse", "a day that is worse than a week is")
    shutil.copy(work + "/bad/HK-WUS.json", work + "/week/HK-WUS-bad.json")
    code, data, _ = compared("--baseline", "week", "bad")
    check(code == 3 and data["legs"][0]["tests_before"] == 7 and "left out" in data["legs"][0]["note"], "a baseline that has the day itself: the day does not count in it")


# ---- what is unknown or different

def unknown():
    make(work + "/old/HK-WUS.json", seed=40)
    _, data, figures = compared("old", "A/HK-WUS.json")
    check({q for _, q in figures} == {"rate", "loss", "jitter"}, "an older file without delays: the quantities that both know")
    make(work + "/sent1/HK-WUS.json", role="sender", seed=41)
    make(work + "/sent2/HK-WUS.json", role="sender", start=START + DAY, slower=0.02, seed=42)
    code, _, figures = compared("sent1", "sent2")
    check(code == 3 and {q for _, q in figures} == {"rate"} and figures[("HK-WUS", "rate")]["difference"] == "worse", "senders' files: the rate alone, as sent")
    code, _, figures = compared("sent1", "old")
    check(code == 4 and "kind of rate" in figures[("HK-WUS", "rate")]["why"] and figures[("HK-WUS", "rate")]["difference"] == "cannot_say", "what was sent is not compared with what arrived")
    make(work + "/fast/HK-WUS.json", target=20e6, start=START + DAY, seed=43)
    code, data, figures = compared("old", "fast")
    check(figures[("HK-WUS", "rate")]["why"] == "the targets differ" and "10 Mbps and 20 Mbps" in data["legs"][0]["note"] and figures[("HK-WUS", "loss")]["difference"] == "none",
          "targets that differ: no verdict on the rate, but on the rest")
    make(work + "/open/HK-WUS-10M_24H_20251116_000000.journal", seconds=8 * 3600, start=START + DAY, loss=0.003, seed=44, is_journal=True)
    code, data, figures = compared("old", "open")
    loss = [f for (_, q), f in figures.items() if q == "loss"]
    check(code == 3 and len(loss) == 1 and loss[0]["difference"] == "worse" and data["legs"][0]["seconds"] == 8 * 3600, "a run in progress: what it has so far")
    make(work + "/part/HK-WUS.json", seconds=6 * 3600, start=START + DAY, seed=45)
    document = json.load(open(work + "/part/HK-WUS.json"))
    document["start"]["test_start"]["duration"] = DAY
    json.dump(document, open(work + "/part/HK-WUS.json", "w"))
    code, data, _ = compared("old", "part")
    check(code == 4 and data["legs"][0]["coverage_after"] == 0.25 and not data["is_complete"] and "25 %" in data["legs"][0]["note"], "a quarter of the planned day: exit status 4, and a note")
    code, data, _ = compared("A", "old")
    check(code == 4 and "only before" in data["verdict"] and len(data["legs"]) == 3, "legs that are gone: exit status 4")
    code, data, _ = compared("old", "A")
    check(code == 0 and "only after" in data["verdict"], "new legs: exit status 0")


# ---- labels, misuse

def hostile():
    for name, evil in (("a", "=cmd|'/c'!A1"), ("b", "x\x1b[31m|**b**\n# h <script>alert(1)</script>"), ("c", "\u202e](http://x) `c` <img src=x>"), ("d", "A" * 4000)):
        for side, loss in ((1, 0.001), (2, 0.02)):
            make(f"{work}/evil{side}/{name}.json", row_s=60, start=START + side * DAY, loss=loss, hosts=(evil, "192.0.2.9"), seed=50 + side)
    for form in ([], ["--verbose"], ["--json"], ["--csv"], ["--markdown"]):
        code, out, err = run(*form, "evil1", "evil2")
        bad = [c for c in out + err if (ord(c) < 32 and c != "\n") or c in "\x7f\u202e"]
        check(code == 3 and not bad, f"{form or 'text'}: no control character of a hostile name{bad[:3]}{err[:100]}")
        if form == ["--markdown"]:
            check("<script" not in out and "<img" not in out and "\n# h" not in out and "](http" not in out and "**b**" not in out, "Markdown: names are text")
            tables = [line for line in out.split("\n") if line.startswith("|")]
            check(tables and all(line.replace("\\|", "").count("|") == 7 for line in tables), "Markdown: a row has six cells, whatever its name is")
        if form == ["--csv"]:
            check(all(not cell.startswith(("=", "+", "@")) for row in csv.reader(io.StringIO(out)) for cell in row), "CSV: no cell is a formula")


def misuse():
    for args, code in (([], 2), (["A"], 2), (["A", "B", "old"], 2), (["--margin", "loss", "A", "B"], 2), (["--margin", "loss=-1", "A", "B"], 2), (["--margin", "speed=1", "A", "B"], 2),
                       (["--error", "0.9", "A", "B"], 2), (["--json", "--csv", "A", "B"], 2), (["--baseline", "A"], 2), (["--nosuch", "A", "B"], 2), (["--help"], 0),
                       (["A", "nosuch"], 1), (["run1/HK-WUS.json", "A/HK-TCP.json"], 1)):
        got, _, err = run(*args)
        check(got == code and (code == 0) == (err == "") and err.count("\n") == (code != 0), f"exit status {code}: compare {' '.join(args)}: {err.strip()}")
    shutil.copytree(work + "/A", work + "/torn")
    with open(work + "/torn/KC-WUS.json", "w") as out:
        out.write('{"start":{"connected')
    code, out, err = run("A", "torn")
    check(code == 4 and "no difference that matters" in out and "KC-WUS.json" in err, "a file that cannot be read: exit status 4, and its name")


if __name__ == "__main__":
    known()
    times()
    unknown()
    hostile()
    misuse()
    sys.exit(failed > 0)
