"""incidents.py WORK [mirrored]: the incidents of WORK/report.json against WORK/plan, what was done: a line for each beginning and end with its time (Unix)
and the count of the packet filter, or of the receiver's host, at that moment. Each fault is told once, and nothing else is told."""
import json
import sys

work = sys.argv[1]
report = json.load(open(work + "/report.json"))
done = {}
for line in open(work + "/plan"):
    name, edge, when, count = line.split()
    done[name, edge] = float(when), int(count)
failed = False


def check(good, what):
    global failed
    failed = failed or not good
    print(("ok - " if good else "not ok - ") + what)


def fault(name, kinds, legs, scope, where, counted, *parts):
    """What is to be told. counted: the packets that it lost, as the filter counted them, or None where the filter does not see them."""
    parts = parts or (name,)
    dropped = sum(done[p, "end"][1] - done[p, "begin"][1] for p in parts)
    return {"name": name, "kinds": kinds, "legs": sorted(legs), "scope": scope, "where": where, "start": min(done[p, "begin"][0] for p in parts),
            "end": max(done[p, "end"][0] for p in parts), "lost": dropped if counted else None}


SIX = ["HK->WUS", "WUS->HK", "KC->WUS", "WUS->KC", "UAE->WUS", "WUS->UAE"]
is_mirrored = "mirrored" in sys.argv[2:]


def way(text):
    """A leg of the plan, or the opposite one where the plan is mirrored."""
    return "->".join(reversed(text.split("->"))) if is_mirrored else text


# Mirrored, the client gives a session up from which no data comes, so what that lost is not known; and a stopped client's
# own sender pauses and catches up: its leg has no outage, its host may drop what comes at once.
HELD = ["WUS->HK"] if is_mirrored else SIX  # by the stopped process
plan = [
    fault("random", ["loss"], [way("HK->WUS")], "leg", way("HK->WUS"), True),
    fault("policer", ["rate_cap"], [way("WUS->KC")], "leg", way("WUS->KC"), True),
    fault("cable", ["outage"], ["UAE->WUS", "WUS->UAE"], "pair", "UAE<->WUS", False),
    fault("killed", ["outage"], ["UAE->WUS", "WUS->UAE"], "pair", "UAE<->WUS", False),
    fault("hole", ["outage"], [way("HK->WUS")], "leg", way("HK->WUS"), not is_mirrored),
    fault("outbound", ["outage"], [way("WUS->" + s) for s in ("HK", "KC", "UAE")], "site", "WUS", False, "outbound-1", "outbound-2", "outbound-3"),
    fault("stopped", ["outage"], HELD, *(("leg", "WUS->HK") if is_mirrored else ("site", "WUS")), True),
]
plan[-1]["end"] -= 1  # its count, of the receiver's sockets, was read a second later
CAUSES = {"hole": "peer-stopped" if is_mirrored else "large-packets", "killed": "restarted"}
said = {}


def near(x, f):
    """Seconds that both have on a common leg."""
    if not set(x["legs"]) & set(f["legs"]):
        return -1e9
    return min(x["end"] or 1e18, f["end"]) - max(x["start"], f["start"])


def words(x):
    return "%s %s %s %+.1f..%s: %s" % (x["kind"], x["scope"], x["where"], x["start"] - start, "open" if x["end"] is None else "%.1f" % (x["end"] - start), x["text"])


start = min(when for when, _ in done.values()) - 15
incidents = report.get("incidents", [])
for x in incidents:
    print("# told: #%d %s (%s; %d lost)" % (x["number"], words(x), ", ".join(x["legs"]), x["lost_packets"] or 0))
# The jitter of this bed is what else its machine does. The plan has none, so it does not know what is right; only a large one is wrong.
# So it is with a moment in which nothing arrived, and nothing was lost.
left = [x for x in incidents if not (x["kind"] == "jitter" and x["level"] <= 2) and not (x["kind"] == "silence" and x["lost_packets"] == 0 and x["level"] < 300)]
for f in plan:
    # A control connection that was silent while the data passed is another thing than the outage of the other way, and may be told as such.
    candidates = sorted((x for x in left if near(x, f) > 0 and x["kind"] != "control"), key=lambda x: -near(x, f))
    if not candidates:
        check(False, "%(name)s at %(where)s is not told" % f)
        continue
    x = candidates[0]
    left.remove(x)
    said[f["name"]] = x
    off, late = x["start"] - f["start"], (x["end"] or 1e18) - f["end"]
    check(x["kind"] in f["kinds"], "%s is told as %s: %s" % (f["name"], " or ".join(f["kinds"]), x["kind"]))
    check(sorted(x["legs"]) == f["legs"], "%s: on %s: %s" % (f["name"], ", ".join(f["legs"]), ", ".join(sorted(x["legs"]))))
    # All legs of the measurement are those of the hub, too.
    is_there = (x["scope"], x["where"]) == (f["scope"], f["where"]) or len(f["legs"]) == 6 and x["scope"] == "all"
    check(is_there or f["scope"] == x["scope"] == "pair" and set(x["where"].split("<->")) == set(f["where"].split("<->")),
          "%s: %s %s: %s %s" % (f["name"], f["scope"], f["where"], x["scope"], x["where"]))
    check(abs(off) <= 2 and abs(late) <= 2, "%s: start and end within 2 s: %+.1f and %+.1f" % (f["name"], off, late))
    check(x["count"] == 1, "%s: once: %s" % (f["name"], x["count"]))
    if f["lost"] is not None:
        check(f["lost"] > 50 and x["lost_packets"] is not None and abs(x["lost_packets"] - f["lost"]) <= 8,
              "%s: lost what the filter dropped, %d: %s" % (f["name"], f["lost"], x["lost_packets"]))
events = report.get("events", [])
for name, cause in CAUSES.items():
    if name in said:
        told = {e.get("cause") for e in events if e["number"] in said[name]["events"]} | {said[name].get("cause")}
        check(cause in told or cause in said[name]["text"], "%s: its cause is %s: %s" % (name, cause, told))
if "outbound" in said:
    three = [x for x in left if x["kind"] == "control" and near(x, dict(plan[5], legs=SIX)) > 0]
    left = [x for x in left if x not in three]
    check(len(three) <= 1 and all(not set(x["legs"]) & set(plan[5]["legs"]) for x in three),
          "outbound: no data of the other way was lost: %s" % [words(x) for x in three])
check(not left, "nothing else is told: %s" % [words(x) for x in left])
outside = report.get("lost_outside")
check(isinstance(outside, int) and 0 <= outside <= (2000 if is_mirrored else 8), "lost outside of incidents: %s" % outside)
sys.exit(failed)
