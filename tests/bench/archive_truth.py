"""archive_truth.py FOLDER N [SEED]: compares the days of an index with the seconds of N of its results, drawn at random, of which each is read by Python's own JSON: the
worst second and when, sums, percentiles of jitter and delays. Only for results that tests/bench/seconds has made."""
import json
import math
import os
import random
import sqlite3
import subprocess
import sys

folder, n, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
DAY = 86400
LETTERS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")}


def bins_of(text, bins=None):
    """{bin: count} of a histogram's text (lib/base/histogram.h)."""
    bins, at, bin_ = {} if bins is None else bins, 0, 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            digit = LETTERS[text[at]]
            at += 1
            value |= (digit & 31) << shift
            shift += 5
            if digit < 32:
                return value

    while at < len(text):
        bin_ += number()
        for _ in range(number() + 1):
            bins[bin_] = bins.get(bin_, 0) + number() + 1
            bin_ += 1
    return bins


def quantile_of_bins(bins, share):
    wanted, so_far = max(math.ceil(share * sum(bins.values())), 1), 0
    for b in sorted(bins):
        so_far += bins[b]
        if so_far >= wanted:
            return 0.5 if b == 0 else 2 ** ((b - 1) // 32) * (1 + ((b - 1) % 32 + 0.5) / 32)
    return None


def days_of(path, start):
    """{start of the day: rows} and {start of the day: bins of delays} of one result, which began at start."""
    text = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout
    document = json.loads(text)
    rows, delays = {}, {}
    for row in document["intervals"]:
        at = start + row["sum"]["start"]
        rows.setdefault(at // DAY * DAY, []).append((at, row["sum"]))
    for from_s, _, histogram in document["longhaul"]["delays"]:
        bins_of(histogram, delays.setdefault((start + from_s) // DAY * DAY, {}))
    return rows, delays


db = sqlite3.connect(f"file:{os.path.join(folder, '.longhaul', 'index.sqlite')}?mode=ro", uri=True)
paths = db.execute("SELECT path, test.id, start_unix_s FROM file JOIN test ON test.unit = file.unit WHERE size > 0 AND path LIKE '%.zst' ORDER BY path").fetchall()
wrong, n_days, worst_error = [], 0, 0
for name, test, start in random.Random(seed).sample(paths, min(n, len(paths))):
    rows, delays = days_of(os.path.join(folder, name), start)
    for day, seconds in rows.items():
        kept = db.execute("SELECT n_intervals, t.lost, packets, worst_lost, worst_lost_at, jitter, delay FROM day AS t WHERE test = ? AND unix_s = ?", (test, day)).fetchall()
        lost = [s["lost_packets"] for _, s in seconds]
        most = max(lost)
        wanted = (len(seconds), sum(lost), sum(s["packets"] for _, s in seconds), most)
        n_days += 1
        if len(kept) != 1 or kept[0][:4] != wanted or (most > 0 and abs(kept[0][4] - seconds[lost.index(most)][0]) > 1e-6):
            wrong.append((name, day, [k[:5] for k in kept], wanted))
            continue
        if bins_of(kept[0][6]) != delays[day]:
            wrong.append((name, day, "delays"))
        jitters, bins = sorted(s["jitter_ms"] for _, s in seconds), bins_of(kept[0][5])
        for share in (0.5, 0.95, 0.99):
            raw = 1000 * jitters[max(math.ceil(share * len(jitters)), 1) - 1]
            error = abs(quantile_of_bins(bins, share) / raw - 1)
            worst_error = max(worst_error, error)
            if error > 0.016:
                wrong.append((name, day, share, raw))
print(f"{n_days} days of {min(n, len(paths))} results against their seconds: {len(wrong)} differ; percentiles within {100 * worst_error:.2f} %", *wrong[:3], sep="\n")
sys.exit(bool(wrong))
