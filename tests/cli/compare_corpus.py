"""compare_corpus.py WORK LONGHAUL CORPUS: real files cut into two halves, which are compared: nothing of them is to be called worse but what
changed within the test. Prints each figure that is worse, and a test line."""
import json
import os
import subprocess
import sys

work, longhaul, corpus = sys.argv[1:4]
LEAST_S = 40  # of a test: two halves of 20 pieces


def end_of(row):
    return row["sum"]["end"] if "sum" in row else row["streams"][0]["end"]


def halves(name):
    """Two folders with half of a file each; False for one that is too short, or not one JSON document."""
    try:
        document = json.load(open(os.path.join(corpus, "files", name)))
        rows = document["intervals"]
        middle = (rows[0]["streams"][0]["start"] + end_of(rows[-1])) / 2
        if len(rows) < LEAST_S or end_of(rows[-1]) < LEAST_S:
            return False
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    parts = [[r for r in rows if (end_of(r) <= middle) == (side == 0)] for side in (0, 1)]
    for side, part in enumerate(parts):
        os.makedirs(f"{work}/half{side}", exist_ok=True)
        half = dict(document, intervals=part, end={})
        json.dump(half, open(f"{work}/half{side}/{name}", "w"))
    return True


names = sorted(n for n in os.listdir(os.path.join(corpus, "files")) if n.endswith(".json") and halves(n))
compared = worse = better = figures = 0
for name in names:
    done = subprocess.run([longhaul, "compare", "--json", f"{work}/half0/{name}", f"{work}/half1/{name}"], capture_output=True, text=True, timeout=60)
    if done.returncode == 1:
        continue
    data = json.loads(done.stdout)
    compared += 1
    figures += sum(data["figures"].values())
    worse += data["figures"]["worse"] > 0
    better += data["figures"]["better"] > 0
    if data["figures"]["worse"] + data["figures"]["better"]:
        print(f"# {name}: {data['verdict']}")
print(f"# {len(names)} files, {compared} compared, {figures} figures: worse in {worse}, better in {better}")
