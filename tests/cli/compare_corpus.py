"""compare_corpus.py WORK LONGHAUL CORPUS: real files cut into halves, which are compared both ways: parts that take turns, so that trends cancel
(in the order of Thue and Morse, of 16, 32 and 64 parts), and the first half with the second one, where what differs must be a change that a rank
test of twentieths finds too."""
import json
import math
import os
import subprocess
import sys

work, longhaul, corpus = sys.argv[1:4]
LEAST = 40  # intervals and seconds of a test: two halves of 20 pieces
PARTS = 20
TURNS = (16, 32, 64)
FIELDS = {"rate": ("bits_per_second", 1), "loss": ("lost_packets", "packets"), "jitter": ("jitter_ms", 1), "retransmits": ("retransmits", "bytes"), "rtt": ("rtt", 1)}


def end_of(row):
    return row["sum"]["end"] if "sum" in row else row["streams"][0]["end"]


def read(name):
    """The document and its intervals; None for what is too short or not one JSON document."""
    try:
        document = json.load(open(os.path.join(corpus, "files", name)))
        rows = [r for r in document["intervals"] if not r["streams"][0].get("omitted")]
        if len(rows) < LEAST or end_of(rows[-1]) - rows[0]["streams"][0]["start"] < LEAST:
            return None
        return document, rows
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def parts_of(rows, n):
    return [rows[i * len(rows) // n:(i + 1) * len(rows) // n] for i in range(n)]


def taking_turns(rows, n):
    """Two sides of n parts."""
    sides = [[], []]
    for i, part in enumerate(parts_of(rows, n)):
        sides[bin(i).count("1") % 2].append(part)
    return sides


def compared(name, document, sides, what):
    for side, parts in enumerate(sides):
        os.makedirs(f"{work}/{what}{side}", exist_ok=True)
        with open(f"{work}/{what}{side}/{name}", "w") as out:
            json.dump(dict(document, intervals=[r for part in parts for r in part], end={}), out)
    done = subprocess.run([longhaul, "compare", "--json", f"{work}/{what}0/{name}", f"{work}/{what}1/{name}"], capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout) if done.returncode in (0, 3, 4) else None


def level(part, quantity):
    value, per = FIELDS[quantity]
    rows = [r["sum"] if value in r.get("sum", {}) else r["streams"][0] for r in part]
    weight = sum(r[per] if isinstance(per, str) else 1 for r in rows)
    return sum(r[value] for r in rows) / weight if weight else 0


def rank_score(parts, quantity):
    """Mann and Whitney: the normal score of the first half's ranks against those of the second one."""
    values = [level(part, quantity) for part in parts]
    first, second = values[:PARTS // 2], values[PARTS // 2:]
    u = sum((a > b) + 0.5 * (a == b) for a in first for b in second)
    n = len(first)
    return (u - n * n / 2) / math.sqrt(n * n * (2 * n + 1) / 12)


turns, ordered, figures, unsure = [0, 0], [0, 0], 0, []
for name in sorted(os.listdir(os.path.join(corpus, "files"))):
    found = read(name)
    if found is None:
        continue
    document, rows = found
    parts = parts_of(rows, PARTS)
    splits = [(turns, "turns", taking_turns(rows, n)) for n in TURNS] + [(ordered, "half", (parts[:PARTS // 2], parts[PARTS // 2:]))]
    for tally, what, (one, other) in splits:
        for sides in ((one, other), (other, one)):
            data = compared(name, document, sides, what)
            if data is None:
                continue
            tally[0] += 1
            tally[1] += data["figures"]["worse"] > 0
            figures += sum(data["figures"].values())
            for quantity in [f["quantity"] for leg in data["legs"] for f in leg["figures"] if f["difference"] == "worse"]:
                score = rank_score(parts, quantity)
                print(f"# {what}: {name[:70]}: {quantity} worse, score of the halves {score:+.1f}")
                if what == "half" and abs(score) < 1.96:
                    unsure.append((name, quantity, score))
print(f"# {figures} figures")
for good, what in ((turns[0] >= 100 and turns[1] <= 0.01 * turns[0], f"{turns[0]} comparisons of real tests whose halves take turns: {turns[1]} worse"),
                   (not unsure, f"{ordered[0]} comparisons of first and second halves: {ordered[1]} worse, and a rank test finds each {unsure}")):
    print(("ok - " if good else "not ok - ") + what)
