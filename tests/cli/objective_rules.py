"""objective_rules.py LONGHAUL WORK: 100 generated hours, whose objectives the report judges from the files, and promtool from the counters that `run --metrics`
and `serve --metrics` would have shown, with the rules of `plan --rules`. Both must say the same. See objective_rules.sh."""
import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from objective_days import BYTES, PPS, Day

longhaul, work = sys.argv[1:]
N, STEP, EVERY = 360, 10, 30  # intervals of 10 s; samples every 30 s
BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
OBJECTIVES = ["loss <= 1 % in 95 % of minutes", "loss <= 1 % in 100 % of minutes", "loss <= 0.1 %", "rate >= 0.99 Mbps", "outage <= 25 s", "coverage >= 95 %",
              "rate >= 0.95 Mbps in 95 % of minutes", "delay p99 <= 10 ms in 95 % of minutes", "delay p99 <= 20 ms in 95 % of minutes", "delay p99 <= 10 ms", "delay p50 <= 10 ms",
              "loss <= 0.5 % in 50 % of hours", "jitter <= 5 ms", "jitter <= 3 ms", "jitter <= 5 ms in 95 % of minutes", "availability >= 95 %", "delay p99 <= 20 ms",
              "jitter <= 3 ms in 95 % of minutes"]
n_bad = 0


def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what)


def day_of(number):
    """Near the borders of the objectives: up to 6 bad minutes of loss and of queues, outages of 10 to 40 s, an early end, a minute in which nobody looked."""
    rng = random.Random(number)
    lost, silent, slow, absent, gaps = {}, [], set(), [], []
    n = N if rng.random() < 0.6 else 6 * rng.randint(30, 60)
    minutes = n // 6
    for m in rng.sample(range(minutes), rng.randint(0, 6)):
        for i in range(6):
            lost[6 * m + i] = rng.choice([1, 9, 10, 11, 50, 200])  # of 1,000
    for i in range(n):
        if rng.random() < 0.05:
            lost[i] = lost.get(i, 0) + 1
    for m in rng.sample(range(minutes), rng.randint(0, 6)):
        slow.update(range(6 * m, 6 * m + rng.randint(1, 6)))
    if rng.random() < 0.2:
        slow.update(range(rng.randint(0, 100), rng.randint(100, n)))
    if rng.random() < 0.3:
        first = 6 * rng.randrange(minutes) + rng.randint(0, 1)
        silent.append((first, first + rng.randint(1, 4)))
    if rng.random() < 0.3:
        m = rng.randrange(minutes)
        if not any(6 * m - 6 <= a <= 6 * m + 6 for a, _ in silent):
            absent.append((6 * m, 6 * m + 6))
            gaps.append((60 * m, 60, "suspended"))
    jitter = {i: rng.choice([0.02, 0.02, 1, 4]) for i in range(n)} if rng.random() < 0.5 else {}
    for m in rng.sample(range(minutes), rng.randint(0, 6)):
        jitter.update((i, rng.choice([2, 20])) for i in range(6 * m, 6 * m + rng.randint(1, 6)))
    if rng.random() < 0.3:
        jitter.update((i, 20) for i in range(rng.randint(0, 60)))
    return Day(n, STEP, jitter=jitter, planned=N * STEP, lost=lost, silent=silent, absent=absent, gaps=gaps, delay=lambda i: 50000 if i in slow else 300, leg=f"S{number}-HUB")


def counters(day):
    """What the metrics show every 30 s: {name: values}."""
    rows = {r["sum"]["start"] // STEP: r["sum"] for r in day.rows}
    now = {"packets_total": 0, "lost_packets_total": 0, "bytes_total": 0, "observed_seconds_total": 0, "unavailable_seconds_total": 0, "interval_jitter_seconds_count": 0}
    within, jitters = {bound: 0 for bound in BOUNDS}, {bound: 0 for bound in BOUNDS}
    columns = {}
    for t in range(0, N * STEP + 1, STEP):
        i = t // STEP - 1
        if i in rows:
            row = rows[i]
            now["packets_total"] += row["packets"]
            now["lost_packets_total"] += row["lost_packets"]
            now["bytes_total"] += row["bytes"]
            now["observed_seconds_total"] += STEP
            now["unavailable_seconds_total"] += STEP if row["bytes"] == 0 or row["lost_packets"] / row["packets"] >= 0.01 else 0
            now["interval_jitter_seconds_count"] += 1
            for bound in BOUNDS:
                jitters[bound] += row["jitter_ms"] / 1e3 <= bound
            if not day.is_in(day.silent, i):
                for bound in BOUNDS:
                    within[bound] += PPS * STEP - day.lost.get(i, 0) if day.delay(i) / 1e6 <= bound else 0
        if t % EVERY:
            continue
        arrived = now["bytes_total"] // BYTES
        longest = max([(min(b, i + 1) - a) * STEP for a, b in day.silent if a <= i] or [0.02])
        sample = {**now, "longest_silence_seconds": longest, "remaining_seconds": N * STEP - t if day.n == N else 0 if t >= day.n * STEP else N * STEP - t,
                  "delay_seconds_count": arrived, **{f'delay_seconds_bucket le="{bound:g}"': within[bound] for bound in BOUNDS}, 'delay_seconds_bucket le="+Inf"': arrived,
                  **{f'interval_jitter_seconds_bucket le="{bound:g}"': jitters[bound] for bound in BOUNDS}}
        for name, value in sample.items():
            columns.setdefault(name, []).append(value)
    return columns


def topology_of(numbers):
    """Even legs are pulled by the hub, whose run knows them; odd ones are pushed to it, and its server knows them. Each leg has every third
    objective."""
    return {"format": 1, "sites": {"HUB": {"address": "192.0.2.1", "ports": "5201-5300"}, **{f"S{i}": {"address": f"198.51.100.{i + 1}", "ports": 5201} for i in numbers}},
            "legs": [{"leg": f"S{i}-HUB", "direction": "push" if i % 2 else "pull", "objectives": objectives_of(i)} for i in numbers],
            "defaults": {"rate": "1M", "duration": N * STEP}}


def objectives_of(number):
    return OBJECTIVES[number // 2 % 3::3]


def write_json(name, document):
    with open(f"{work}/{name}", "w") as out:
        json.dump(document, out)


def rules_of(numbers, name):
    write_json(name + ".json", topology_of(numbers))
    made = subprocess.run([longhaul, "plan", "--rules", f"{work}/{name}.json"], capture_output=True, text=True)
    with open(f"{work}/{name}.yml", "w") as out:
        out.write(made.stdout)
    checked = subprocess.run(["promtool", "check", "rules", f"{work}/{name}.yml"], capture_output=True, text=True)
    check(made.returncode == 0 and checked.returncode == 0 and "SUCCESS" in checked.stdout, f"promtool checks the rules of {len(numbers)} legs: {made.stderr}{(checked.stdout + checked.stderr)[-300:].strip()}")


def alerts(of):
    return [{"exp_labels": {"severity": "warning", "src": o["source"], "dst": "HUB", "objective": o["objective"]},
             "exp_annotations": {"summary": f"{o['source']}->HUB misses its objective: {o['objective']}"}} for o in of]


def series_of(number):
    """Those that the rules of its objectives ask for: promtool takes long for others."""
    used = " ".join(objectives_of(number))
    for name, values in counters(days[number]).items():
        if any(part in name and word not in used for part, word in (("delay_", "delay"), ("jitter_", "jitter"))):
            continue
        name, _, label = name.partition(" ")
        yield {"series": f'longhaul_{"serve" if number % 2 else "run"}_{name}{{src="S{number}",dst="HUB"{"," + label if label else ""}}}', "values": " ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in values)}


def promtool_says(numbers, rules, wanted):
    """YAML is a superset of JSON. A minute after the end, because promtool may evaluate the alerts before the windows of the same minute."""
    write_json("test.yml", {"rule_files": [rules + ".yml"], "evaluation_interval": "1m", "tests": [{"interval": f"{EVERY}s", "input_series": [s for i in numbers for s in series_of(i)],
               "alert_rule_test": [{"eval_time": f"{N * STEP // 60 + 1}m", "alertname": "LonghaulObjectiveMissed", "exp_alerts": alerts(wanted)}]}]})
    return subprocess.run(["promtool", "test", "rules", work + "/test.yml"], capture_output=True, text=True, cwd=work)


folder = work + "/days"
os.mkdir(folder)
days = [day_of(number) for number in range(100)]
for day in days:
    day.write(folder)
rules_of(range(100), "rules")
report = subprocess.run([longhaul, "report", "--json", "--no-render", "--no-html", "--out", work + "/out", "--config", work + "/rules.json", folder], capture_output=True, text=True)
judged = json.loads(report.stdout)["objectives"]
missed = [o for o in judged if o["verdict"] == "missed"]
count = {verdict: sum(o["verdict"] == verdict for o in judged) for verdict in ("met", "missed", "cannot_say")}
check(len(judged) == 100 * len(OBJECTIVES) // 3 and min(count.values()) > 20, f"the report judges {len(judged)} objectives: {count}")
for text in OBJECTIVES:
    n = sum(o["objective"] == text for o in missed)
    n_all = sum(text in objectives_of(number) for number in range(100))
    check(0 < n < n_all, f"{text}: {n} of {n_all} hours miss it")

said = promtool_says(range(100), "rules", missed)
detail = ""
if said.returncode:
    text = said.stdout + said.stderr
    exp, _, got = text.partition("got:")
    key = lambda o: f'objective="{o["objective"]}", severity="warning", src="{o["source"]}"'
    detail = f"{[key(o) for o in missed if key(o) not in got][:40]} not in the rules, {[key(o) for o in judged if o not in missed and key(o) in got][:40]} not in the report; {text[-200:]}"
check(said.returncode == 0, f"100 hours: the rules alert for the {len(missed)} objectives that the report says are missed, and for no other {detail}")

# promtool would notice one more, or one fewer.
few = range(8)
rules_of(few, "few")
of_few = [o for o in missed if int(o["source"][1:]) in few]
check(promtool_says(few, "few", of_few).returncode == 0, f"the same with the rules of 8 legs: {len(of_few)}")
for what, other in (("fewer", of_few[1:]), ("more", of_few + [o for o in judged if o["verdict"] == "met" and int(o["source"][1:]) in few][:1])):
    check(promtool_says(few, "few", other).returncode != 0, f"one alert {what} is not the same")
sys.exit(n_bad > 0)
