"""plan.py MINUTES SEED DIR [ATTACK]: what will happen in a soak, for each lane (spoke1..spoke4, hub) a file DIR/plan.LANE with a line for each
fault: when (s), what, how long (s), and how much. With ATTACK there are no faults.

The time is cut into slots of a minute. In one of four the hub's server has a fault, and the spokes have none; in the others each
spoke has one of its own, or none. A fault is over, and what it broke is up again, before its slot is."""
import random, sys

minutes, seed, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
dice = random.Random(seed)
SLOT_S, FIRST_S, LAST_S = 60, 8, 25
spokes = ["spoke1", "spoke2", "spoke3", "spoke4"]
OF_ALL = ["cut-short", "cut-long", "link-down", "reboot-term", "reboot-kill", "address", "none"]
OF_UDP = ["drop-to", "drop-from", "burst-to", "burst-from"]  # the filter drops test datagrams; spoke4's legs are TCP
plan = {lane: [] for lane in spokes + ["hub"]}

def of(spoke):
    """kind, seconds, amount"""
    kind = dice.choice(OF_ALL if spoke == "spoke4" else OF_UDP + OF_ALL)
    seconds = {"cut-short": (1, 4), "cut-long": (12, 18), "link-down": (2, 4), "address": (8, 8)}.get(kind, (3, 8))
    amount = dice.randint(10, 300) if kind.startswith("drop") else dice.randint(1, 500)
    return kind, round(dice.uniform(*seconds), 1), amount

for slot in range(0 if sys.argv[4:] else minutes):
    at = lambda: slot * SLOT_S + round(dice.uniform(FIRST_S, LAST_S), 1)
    if slot % 4 == 1:
        kind = dice.choice(["server-kill", "server-term", "server-stop"])
        plan["hub"].append((at(), kind, round(dice.uniform(*((12, 18) if kind == "server-stop" else (2, 6))), 1), 0))
        continue
    for lane in spokes:
        fault = of(lane)
        if fault[0] != "none":
            plan[lane].append((at(), *fault))
for lane, faults in plan.items():
    with open(f"{folder}/plan.{lane}", "w") as out:
        out.writelines(" ".join(map(str, f)) + "\n" for f in faults)
