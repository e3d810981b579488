"""check.py DIR MINUTES LONGHAUL: compares a soak's results with what was done to it: each leg ends with one result; each gap is a fault and each fault
that must leave a gap left one; what was lost is what never came over the wire and what did not fit a socket's buffer (loss.py); memory,
descriptors and CPU of longhaul's processes stay flat."""
import collections, glob, json, os, statistics, subprocess, sys

import loss

folder, minutes = sys.argv[1], int(sys.argv[2])
planned_s = minutes * 60.0
Fault = collections.namedtuple("Fault", "lane kind since until amount to_hub from_hub")

def check(good, what):
    print(("ok - " if good else "not ok - ") + what)

def read_faults():
    for line in open(f"{folder}/faults"):
        lane, kind, since, until, amount, *counts = line.split()
        before, after = counts[:2], counts[2:]
        yield Fault(lane, kind, float(since), float(until), int(amount), *(int(b) - int(a) for a, b in zip(before, after)))

faults = sorted(read_faults(), key=lambda f: f.since)
truth = loss.Truth(folder)

# Which faults leave a gap, with which cause: of the pushed leg, of the pulled one.
MUST = {"cut-long": ("path-silent", "path-silent"), "link-down": ("link-down", None), "reboot-term": ("restarted", "restarted"),
        "reboot-kill": ("restarted", "restarted"), "server-kill": ("peer-closed", "peer-closed"), "server-term": ("peer-closed", "peer-closed"),
        "address": ("address-changed", "address-changed"), "server-stop": (None, "peer-stopped")}
MUST_OF_TCP = {**MUST, "link-down": (None, None), "server-stop": ("peer-stopped", None)}  # it waits for its link, and 30 s for what comes

def rows_of(document):
    """[(end, time of day, lost, bytes, row)] of each interval"""
    return [(r["sum"]["end"], r["longhaul"]["unix_us"] / 1e6, r["sum"].get("lost_packets"), r["sum"]["bytes"], r) for r in document["intervals"]]

def check_gaps(name, own, rows, way, mine, must):
    start = own["first_interval_unix_us"] / 1e6 - rows[0][0]
    wanted = [(f, must[f.kind][way]) for f in mine if must.get(f.kind, (None, None))[way]]
    gaps, wrong = list(own["gaps"]), []
    late = []
    for fault, cause in wanted:
        found = [g for g in gaps if abs(start + g["start_s"] - fault.since) < 2]
        if not found:
            wrong.append(f"no gap for {fault.kind} at {fault.since - start:.1f} s")
            continue
        gaps.remove(found[0])
        late.append(start + found[0]["start_s"] + found[0]["seconds"] - fault.until)
        if found[0]["cause"] != cause:
            wrong.append(f"{fault.kind} at {fault.since - start:.1f} s is called {found[0]['cause']}")
    wrong += [f"a gap that no fault made: {g}" for g in gaps]
    check(not wrong, f"{name}: {len(own['gaps'])} gaps, each a fault's, and none is missing {wrong or ''}")
    if late:
        check(max(late) < 5, f"{name}: traffic again {statistics.median(late):.1f} s (median), {max(late):.1f} s (most) after the healing")

def only(pattern, among=None):
    """The one file; among these names, if they are given: an attacker's records have others."""
    names = [n for n in glob.glob(pattern) if among is None or os.path.basename(n) in among]
    check(len(names) == 1, f"one result: {[n[len(folder) + 1:] for n in names]}")
    return json.load(open(names[0])) if len(names) == 1 else None

check(truth.missed() == 0, f"the record of the wires is whole: {truth.missed()} datagrams missed")
lines = []
own_names = {os.path.basename(f) for f in glob.glob(f"{folder}/spoke[1-4]/*.json")}
for n in (1, 2, 3, 4):
    spoke, must = f"spoke{n}", MUST_OF_TCP if n == 4 else MUST
    mine = [f for f in faults if f.lane in (spoke, "hub")]
    status = int(open(f"{folder}/status.{spoke}").read())
    gap_makers = [f for f in mine if any(must.get(f.kind, ()))]
    check(status == (4 if gap_makers else 0), f"{spoke}: exit status {status}")
    check(not glob.glob(f"{folder}/{spoke}/*.journal"), f"{spoke}: no journal is left")
    for way, direction in ((0, f"S{n}-HUB"), (1, f"HUB-S{n}")):
        result = only(f"{folder}/{spoke}/{direction}-*.json")
        if result is None:
            continue
        own, rows = result["longhaul"], rows_of(result)
        back = sum(b[0] <= a[0] for a, b in zip(rows, rows[1:]))
        check(back == 0 and abs(rows[-1][0] - planned_s) < 1.5, f"{direction}: {len(rows)} intervals run to {rows[-1][0]:.2f} s of {planned_s:.0f}")
        check_gaps(direction, own, rows, way, mine, must)
        missing = sum(g["seconds"] for g in own["gaps"])
        check(abs(own["coverage"] - (1 - missing / planned_s)) < 0.01, f"{direction}: coverage {own['coverage']:.4f}, {missing:.1f} s are in gaps")
        record = only(f"{folder}/hub/receiver/{direction}-*.json", own_names) if way == 0 else result
        if record is None or n == 4:
            continue
        port = 5199 + 2 * n + way
        if way == 1:
            loss.of_host(truth, direction, spoke, own["host"], check)
        flows, line = loss.of_leg(truth, direction, "hub" if way == 0 else spoke, port, record, result, check)
        lines.append((direction, {**line, **loss.of_wire(truth, direction, spoke, way, port, flows, mine, check)}))
if os.path.exists(f"{folder}/attacks"):
    attacks = [line.split(" ", 1)[1].strip() for line in open(f"{folder}/attacks")]
    for line in attacks:
        print("attack: " + line)
    check(len(attacks) >= 10 and all(int(a.rsplit(" ", 1)[1]) > 0 for a in attacks), f"{len(attacks)} attacks were played, each of them")
    for result in sorted(glob.glob(f"{folder}/spoke[1-4]/*.json") + glob.glob(f"{folder}/hub/receiver/S[1-4]-HUB-*.json")):
        if result.rsplit(".", 2)[1].isdigit() or "/receiver/" in result and os.path.basename(result) not in own_names:
            continue  # the attacker's, under a leg's name
        shown = json.loads(subprocess.run([sys.argv[3], "show", "--json", result], capture_output=True, check=False).stdout)
        check(shown["verdict"].startswith("valid") and not [e for e in shown["events"] if e["kind"] == "outage"],
              f"{result[len(folder) + 1:]}: {shown['verdict']}, {shown['loss_percent']} % lost {shown['findings'] or ''}")
for host in ("hub", "spoke1", "spoke2", "spoke3"):
    whole, between = truth.kernel_drops(host)
    of_legs = sum(line["kernel"] for name, line in lines if name.endswith(f"-{host.replace('spoke', 'S').upper()}"))
    check(between == 0 and whole == of_legs, f"{host}: RcvbufErrors and MemErrors {whole}, of the legs' sockets {of_legs}, {between} of sockets that closed unseen")
loss.table(lines)

# ---- what the processes took
samples = [(float(w[0]), w[1] + "/" + w[2], w[3], int(w[4]), int(w[5]), float(w[6])) for w in map(str.split, open(f"{folder}/samples"))]
first = samples[0][0]
times = sorted({s[0] for s in samples})

def slope(xs, ys):
    """per hour"""
    return statistics.linear_regression(xs, ys).slope * 3600 if len(xs) > 2 else 0.0

print(f"{'what':12s} {'of':12s} {'start':>9s} {'middle':>9s} {'end':>9s} {'most':>9s} {'per hour':>9s}")
def row(what, role, xs, ys, unit):
    k = max(1, len(ys) // 10)
    parts = [statistics.median(part) for part in (ys[:k], ys[len(ys) // 2 - k // 2:][:k], ys[-k:])]
    print(f"{what:12s} {role:12s} " + " ".join(f"{v:9.{unit}f}" for v in (*parts, max(ys), slope(xs, ys))))
    return parts

for role in ("run", "run-child", "serve", "serve-child"):
    at = collections.defaultdict(lambda: [0, 0, 0])
    for t, _, r, rss_kb, n_fds, _ in samples:
        if r == role and first + 15 < t:
            at[t][0] += 1; at[t][1] += rss_kb; at[t][2] += n_fds
    xs = sorted(at)
    if len(xs) < 10:
        check(False, f"{role}: only {len(xs)} samples")
        continue
    row("processes", role, xs, [at[t][0] for t in xs], 0)
    rss = row("RSS kB each", role, xs, [at[t][1] / at[t][0] for t in xs], 0)
    fds = row("descr. each", role, xs, [at[t][2] / at[t][0] for t in xs], 1)
    check(rss[2] < rss[0] + 1024, f"{role}: RSS of a process {rss[0]:.0f} kB at the start, {rss[2]:.0f} kB at the end")
    held = 100 if role == "serve" and os.path.exists(f"{folder}/attacks") else 0  # connections of the attacker's that wait at the door
    check(fds[2] < fds[0] + 4 + held, f"{role}: descriptors of a process {fds[0]:.1f} at the start, {fds[2]:.1f} at the end")

# A session's process grows with its intervals as long as it lives (libiperf 3.12; see bench); a run's and serve's own must not.
of_process = collections.defaultdict(list)
for t, key, role, rss_kb, _, cpu_s in samples:
    of_process[role, key].append((t, rss_kb, cpu_s))
growth = {role: [] for role in ("run", "run-child", "serve", "serve-child")}
for (role, _), seen in of_process.items():
    later = [s for s in seen if s[0] > (seen[0][0] + seen[-1][0]) / 2]  # the heap has its size by then
    if later and later[-1][0] - later[0][0] > (30 if role.endswith("child") else 300):
        growth[role].append((later[-1][1] - later[0][1]) / (later[-1][0] - later[0][0]) * 1024)
for role, values in growth.items():
    limit = 1024 if role.endswith("child") else 64
    if values:
        check(statistics.median(values) < limit, f"{role}: {len(values)} processes that lived long grew by {statistics.median(values):.0f} bytes/s (median) in the second half of their lives, under {limit}")
cpu = collections.defaultdict(float)
for (role, _), seen in of_process.items():
    cpu[role] += seen[-1][2] - (seen[0][2] if seen[0][0] == first else 0)
lasted = times[-1] - times[0]
print("CPU: " + ", ".join(f"{role} {s:.1f} s ({100 * s / lasted:.2f} %)" for role, s in sorted(cpu.items())) + f", of {lasted:.0f} s")

def cpu_between(since, until):
    total = 0.0
    for seen in of_process.values():
        inside = [s for s in seen if since <= s[0] <= until]
        total += inside[-1][2] - inside[0][2] if inside else 0
    return total / (until - since)
thirds = [cpu_between(first + lasted * k / 3, first + lasted * (k + 1) / 3) for k in range(3)]
print("CPU of all processes, by thirds: " + ", ".join(f"{100 * t:.1f} %" for t in thirds))
check(thirds[2] < 1.5 * thirds[0] + 0.02, f"CPU stays flat: {100 * thirds[0]:.1f} % of a core in the first third, {100 * thirds[2]:.1f} % in the last")
kinds = collections.Counter(f.kind for f in faults)
print(f"faults: {len(faults)}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
