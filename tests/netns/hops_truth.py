"""hops_truth.py FILE CASE UNIX_S - what the traces of a result say of something that happened to its route at UNIX_S, and how soon. Prints
"SECONDS WHAT": when the first trace ended that shows it, after UNIX_S, and the hops between which it is. "never ..." if none does.

CASE  moved     a hop has another address than in the traces before
      loses     traces made for a loss (or a silence) get no answers from some hop on, and all from those before it
      loop      an address answers at two distances
"""
import json
import sys

path, case, unix_s = sys.argv[1], sys.argv[2], float(sys.argv[3])
own = json.load(open(path))
zero = min(row["longhaul"]["unix_us"] / 1e6 - row["sum"]["end"] for row in own["intervals"])
traces = [t for t in own["longhaul"].get("hops", []) if t["why"] != "watch"]
ends = [(t, zero + t["at_s"] + t["seconds"] - unix_s) for t in traces]
before = [t for t, end_s in ends if end_s < 0]
after = [(t, end_s) for t, end_s in ends if zero + t["at_s"] >= unix_s]


def moved(trace):
    known = {}
    for t in before:
        if t["source_port"] == trace["source_port"]:
            known.update({i: h[0] for i, h in enumerate(t["hops"]) if h[0]})
    differs = [i for i, h in enumerate(trace["hops"]) if h[0] and known.get(i, h[0]) != h[0]]
    if not differs:
        return None
    same = [i for i, h in enumerate(trace["hops"]) if h[0] and known.get(i) == h[0]]
    return f"{max([i for i in same if i < differs[0]], default=-1) + 1}-{min([i for i in same if i > differs[0]], default=-2) + 1}"


sums = {}


def loses(trace):
    if trace["why"] not in ("loss", "silence"):
        return None
    for i, (_, sent, answered, *_) in enumerate(trace["hops"]):
        n = sums.setdefault(i, [0, 0])
        n[0], n[1] = n[0] + sent, n[1] + answered
    deaf = {i for t in before for i, h in enumerate(t["hops"]) if h[2] == 0} | {i for i in sums if i >= len(before[-1]["hops"])}
    lossy = [i for i, (sent, answered) in sums.items() if answered < sent and i not in deaf]
    whole = [i for i, (sent, answered) in sums.items() if answered == sent and sent and i not in deaf]
    if trace["why"] == "silence" and not lossy:  # the trace ends where answers do
        lossy = [len(trace["hops"])] if len(trace["hops"]) < len(before[-1]["hops"]) else []
    if not lossy:
        return None
    return f"{max([i for i in whole if i < lossy[0]], default=-1) + 1}-{lossy[0] + 1}"


def loop(trace):
    seen = {}
    for i, h in enumerate(trace["hops"]):
        if h[0] in seen and h[0]:
            return f"{seen[h[0]] + 1}-{i + 1}"
        seen[h[0]] = i
    return None


for trace, end_s in after:
    told = {"moved": moved, "loses": loses, "loop": loop}[case](trace)
    if told:
        print(f"{end_s:.1f} {told}")
        break
else:
    print("never", " ".join(f"{t['why']}@{end_s:.1f}" for t, end_s in ends), json.dumps([[h[:3] for h in t["hops"]] for t, _ in after]))
