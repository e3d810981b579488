# plan.py TOPOLOGY PLAN: a plan's JSON against what it must keep, counted anew from the legs and the topology alone.
import collections, itertools, json, math, sys

topology, plan = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
name, sites, legs = sys.argv[1].split("/")[-1], topology["sites"], plan["legs"]
n_bad = 0

def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + name + ": " + what)

def ports(text):
    parts = [part.split("-") for part in str(text).split(",")]
    return [port for part in parts for port in range(int(part[0]), int(part[-1]) + 1)]

def overlap(a, b):
    return a["start_s"] < b["start_s"] + b["duration_s"] and b["start_s"] < a["start_s"] + a["duration_s"]

def rate(text):
    return float(text[:-1]) * {"K": 1e3, "M": 1e6, "G": 1e9}[text[-1]]

hubs = [s for s in sites if sites[s].get("hub")]
if topology["legs"] == "full-mesh":
    wanted = {f"{a}-{b}" for a, b in itertools.permutations(sites, 2)}
else:
    wanted = {f"{a}-{b}" for a, b in itertools.permutations(sites, 2) if a in hubs or b in hubs}
check({leg["leg"] for leg in legs} == wanted and len(legs) == len(wanted), f"{len(wanted)} legs, each once")
check(all({leg["starter"], leg["server"]} == {leg["source"], leg["destination"]} and
          (leg["direction"] == "push") == (leg["starter"] == leg["source"]) for leg in legs), "the sender starts a pushed leg, the receiver a pulled one")
check(all(leg["peer"] == sites[leg["server"]]["address"] for leg in legs), "peers are the servers' addresses")
check(all(leg["port"] in ports(sites[leg["server"]]["ports"]) for leg in legs), "ports are the servers'")

by_port = collections.defaultdict(list)
for leg in legs:
    by_port[leg["server"], leg["port"]].append(leg)
check(not any(overlap(a, b) for there in by_port.values() for a, b in itertools.combinations(there, 2)), "no two tests on one port at one time")
at = collections.defaultdict(list)
for leg in legs:
    at[leg["source"]].append(leg)
    at[leg["destination"]].append(leg)
def most(there):
    edges = sorted([(leg["start_s"] + leg["duration_s"], -1) for leg in there] + [(leg["start_s"], 1) for leg in there])
    return max(itertools.accumulate(step for _, step in edges))
check(all(most(at[s]) <= sites[s].get("max_tests", 10 ** 9) for s in sites), "no site has more tests at a time than it carries")
check(all(len({leg["start_s"] for leg in there}) == len(there) for there in at.values()) or topology.get("stagger") == 0, "no site begins two tests at once")
ends = {r["round"]: max(leg["start_s"] + leg["duration_s"] for leg in legs if leg["round"] == r["round"]) for r in plan["rounds"]}
check(all(later["start_s"] >= ends[earlier["round"]] + 60 for earlier, later in zip(plan["rounds"], plan["rounds"][1:])),
      f"{len(plan['rounds'])} rounds, one after the other with a pause")
check(plan["seconds"] == max(ends.values()), "it ends with its last leg")
limits = {sites[s].get("max_tests") for s in sites}
if topology["legs"] == "full-mesh" and len(limits) == 1 and None not in limits:
    n, k = len(sites), limits.pop()
    check(len(plan["rounds"]) <= math.ceil(2 * (n if n % 2 else n - 1) / k), "no more rounds than the circle needs")

check(all(leg["bytes"] == leg["rate_bps"] * leg["streams"] * leg["duration_s"] / 8 for leg in legs), "bytes are rate x time / 8")
check(all(leg["bytes_per_day"] == leg["rate_bps"] * leg["streams"] * min(leg["duration_s"], 86400) / 8 for leg in legs), "and those of a day")
check(all(leg["cost"] is None or math.isclose(leg["cost"], leg["bytes"] / 1e9 * 0.05) for leg in legs), "cost is bytes / 1e9 x price")
for site in plan["sites"]:
    sent = [leg for leg in at[site["site"]] if leg["source"] == site["site"]]
    rates = [sum(leg["rate_bps"] for leg in sent if leg["round"] == r["round"]) for r in plan["rounds"]]
    limit = sites[site["site"]].get("egress_limit")
    if site["sent_bps"] != max(rates) or site["bytes"] != sum(leg["bytes"] for leg in sent) or (limit and max(rates) > rate(limit)) or \
            site["tests_started"] != sum(leg["starter"] == site["site"] for leg in legs) or \
            site["tests_served"] != sum(leg["server"] == site["site"] for leg in legs) or site["tests_at_a_time"] != most(at[site["site"]]):
        check(False, f"load of {site}")
check(True, "each site's load is the sum of its legs, within its limit")

def km(a, b):
    la, lb = math.radians(a["latitude"]), math.radians(b["latitude"])
    d = math.radians(a["longitude"] - b["longitude"])
    # Vincenty's formula for a sphere, another one than the program's
    return 6371.0088 * math.atan2(math.hypot(math.cos(lb) * math.sin(d), math.cos(la) * math.sin(lb) - math.sin(la) * math.cos(lb) * math.cos(d)),
                                  math.sin(la) * math.sin(lb) + math.cos(la) * math.cos(lb) * math.cos(d))
placed = [leg for leg in legs if "place" in sites[leg["source"]] and "place" in sites[leg["destination"]]]
check(all(abs(leg["distance_km"] - km(sites[leg["source"]]["place"], sites[leg["destination"]]["place"])) < 5 and
          math.isclose(leg["least_rtt_ms"], leg["distance_km"] / 100) for leg in placed), f"distance and least RTT of {len(placed)} legs")
spokes = [s for s in sites if s not in hubs and "place" in sites[s]]
want = {(a, b, h) for a, b in itertools.combinations(spokes, 2) for h in hubs}
check({(*d["spokes"], d["hub"]) for d in plan["detours"]} == want and all(d["by_hub_rtt_ms"] >= d["direct_rtt_ms"] - 1e-6 for d in plan["detours"]),
      f"{len(want)} detours, none shorter than the direct way")
sys.exit(n_bad > 0)
