# region.py WORK: what three sites measured against their plan: each leg once, at its starter, of its rate, begun when its round's time
# had come. Hosts began within some seconds of each other, so rounds are told apart by far less than their length.
import glob, json, os, sys

work = sys.argv[1]
plan = json.load(open(work + "/plan.json"))
n_bad = 0

def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what)

results = {}
for path in glob.glob(work + "/[ABC]/*.json"):
    document = json.load(open(path))
    own = document["longhaul"]
    results[own["source"] + "-" + own["destination"]] = (path.split("/")[-2], own, document["start"]["timestamp"]["timesecs"])
check(len(plan["rounds"]) == 3, f"three rounds are planned ({len(plan['rounds'])})")
check(sorted(results) == sorted(leg["leg"] for leg in plan["legs"]), f"six legs have a result ({sorted(results)})")
begin = {}
for leg in plan["legs"]:
    site, own, at = results[leg["leg"]]
    begin.setdefault(leg["round"], []).append(at)
    if (site, own["port"], own["rate_bps"], own["direction"]) != (leg["starter"], leg["port"], leg["rate_bps"], leg["direction"]):
        check(False, f"{leg['leg']} at {site}: {own}")
check(True, "each leg ran at its starter, on its port, at its rate")
check(all(min(begin[r + 1]) >= max(begin[r]) + 3 for r in (1, 2)), f"each round began after the one before it had ended ({begin})")
names = {os.path.basename(path).split("_20")[0] for path in glob.glob(work + "/[ABC]/receiver/*.json")}
check(names == {leg["leg"] + ("-500K_3S" if "C" in leg["leg"] else "-1M_3S") for leg in plan["legs"] if leg["direction"] == "push"}, f"servers recorded what was pushed ({sorted(names)})")
sys.exit(n_bad > 0)
