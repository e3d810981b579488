# faults.py FOLDER CUT HEALED KILLED BACK: the results of the fleet: the leg that was cut off and the host that died have their gaps at
# those times (seconds since 1970), the others have none.
import glob, json, os, sys

folder, (cut, healed, killed, back) = sys.argv[1], map(float, sys.argv[2:6])
n_bad = 0

def check(good, what, seen=""):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what + ("" if good or seen == "" else f": {seen}"))

gaps = {}
for path in glob.glob(f"{folder}/*/*.json"):
    d = json.load(open(path))
    start = d["start"]["timestamp"]["timesecs"]
    leg = "-".join(os.path.basename(path).split("-")[:2])
    check(len(d["intervals"]) > 10 and "longhaul" in d, f"{leg}: a valid result")
    for gap in d["longhaul"]["gaps"]:
        gaps.setdefault(leg, []).append((start + gap["start_s"], start + gap["start_s"] + gap["seconds"], gap["cause"]))

def has(leg, begin, end):
    return any(abs(a - begin) < 6 and end - 6 < b < end + 25 for a, b, _ in gaps.get(leg, []))

for leg in ("HK-WUS", "WUS-HK"):
    check(has(leg, killed, back), f"{leg}: the gap of the host that died", (gaps.get(leg), killed, back))
check(has("WUS-KC", cut, healed), "WUS-KC: the gap of the cut", (gaps.get("WUS-KC"), cut, healed))
check(any(cut - 2 < a < healed + 2 for a, _, _ in gaps.get("KC-WUS", [])), "KC-WUS: a gap in the cut", (gaps.get("KC-WUS"), cut, healed))
check(not set(gaps) & {"UAE-WUS", "WUS-UAE", "EUS-WUS", "WUS-EUS", "KC-EUS", "EUS-KC", "HK-EUS", "EUS-HK"}, "the others have none", gaps)
sys.exit(n_bad > 0)
