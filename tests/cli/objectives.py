"""objectives.py LONGHAUL WORK: a table of tests and objectives with verdicts that were computed by hand. See objectives.sh."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from objective_days import Day, START

longhaul, work = sys.argv[1:]
n_bad = 0


def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what)


def every(n, first, end, lost):
    return {i: lost for i in range(first, end)} if n else {}


def minute(*minutes, step=1, lost=10):
    """Loss of 10 % in these minutes."""
    return {i: lost * step for m in minutes for i in range(m * 60 // step, (m + 1) * 60 // step)}


def omit(rows):
    for row in rows[:10]:
        row["sum"]["omitted"] = True
    for row in rows[10:]:
        for key in ("start", "end"):
            row["sum"][key] -= 10


def reorder(rows):
    """Two packets of second 5 come in second 6: counted as lost, then taken back."""
    rows[5]["sum"].update(lost_packets=2, bytes=98 * 1250)
    rows[6]["sum"].update(lost_packets=-2, bytes=102 * 1250)
    for row in rows:
        row["longhaul"]["unix_us"] += 1


def repeat(rows):
    rows.insert(6, json.loads(json.dumps(rows[5])))


def tiny(rows):
    rows.append({"sum": dict(rows[-1]["sum"], start=100, end=100.01, seconds=0.01, packets=1, lost_packets=1, bytes=0, bits_per_second=0)})


def jitter_of_a_step(rows):
    rows[0]["sum"]["jitter_ms"] = 1e8


def stretch(rows):
    """Intervals that are 0.1 s late, as after a busy second: no hole."""
    for row in rows[50:]:
        row["sum"]["start"] += 0.1
        row["sum"]["end"] += 0.1


MINUTES = "loss <= 0.1% in 99.9% of minutes"
EARLY, LATE = 1763168446, 1763168430  # 01:00:46, 01:00:30
# What it is; the tests of the leg; the objective; the verdict; what its text says.
CASES = [
    # exact borders
    ("1 of 1,000 packets is 0.1 %", Day(10, lost={3: 1}), "loss <= 0.1%", "met", "met: 0.1 %"),
    ("1 of 1,000 packets is over 0.0999 %", Day(10, lost={3: 1}), "loss <= 0.0999%", "missed", None),
    ("2 of 1,000 packets", Day(10, lost={3: 1, 7: 1}), "loss <= 0.1%", "missed", "missed: 0.2 %"),
    ("1,001 of 1,000,000 packets are over 0.1 %, and the text shows it", Day(10000, lost={3: 100, **{i: 1 for i in range(5000, 5901)}}), "loss <= 0.1%", "missed", "missed: 0.1001 %"),
    ("999 of 1,000 minutes are 99.9 %", Day(6000, 10, lost=minute(500, step=10)), MINUTES, "met", "met: 999 of 1000 minutes (99.9 %)"),
    ("998 of 1,000 minutes", Day(6000, 10, lost=minute(500, 501, step=10)), MINUTES, "missed", "998 of 1000"),
    ("a minute of exactly 0.1 %", Day(600, lost={i: 1 for i in range(0, 60, 10)}), "loss <= 0.1% in 100% of minutes", "met", "10 of 10"),
    ("1 s in 1,000", Day(1000, lost={5: 1}), "loss <= 0.1% in 99.9% of seconds", "met", "999 of 1000"),
    ("2 s in 1,000", Day(1000, lost={5: 1, 9: 1}), "loss <= 0.1% in 99.9% of seconds", "missed", "998 of 1000"),
    ("99 of 100 s are 0.99 Mbit/s of 1", Day(100, lost={i: 1 for i in range(100)}), "rate >= 0.99Mbps", "met", "met: 0.99 Mbps"),
    ("and below 0.991", Day(100, lost={i: 1 for i in range(100)}), "rate >= 991kbps", "missed", None),
    ("an outage of 20 s is no longer than 20 s", Day(100, silent=[(30, 50)]), "outage <= 20s", "met", "met: 20 s"),
    ("and longer than 19.9 s", Day(100, silent=[(30, 50)]), "outage <= 19.9s", "missed", None),
    ("99 of 100 s available", Day(100, lost={7: 2}), "availability >= 99%", "met", "met: 99 %"),
    ("98 of 100 s available", Day(100, lost={7: 2, 8: 2}), "availability >= 99%", "missed", "missed: 98 %"),
    ("99 of 100 s observed", Day(99, planned=100), "coverage >= 99%", "met", "met: 99 %"),
    ("98 of 100 s observed", Day(98, planned=100), "coverage >= 99%", "missed", "missed: 98 %"),
    # gaps
    ("one bad minute, and one in which nobody looked", Day(6000, 10, lost=minute(500, step=10), absent=[(0, 6)], gaps=[(0, 60, "suspended")]), MINUTES, "cannot_say",
     "998 of 999 minutes (99.8999 %), 1 not known"),
    ("two bad minutes, and one in which nobody looked", Day(6000, 10, lost=minute(500, 501, step=10), absent=[(0, 6)], gaps=[(0, 60, "suspended")]), MINUTES, "missed", "1 not known"),
    ("no bad minute, and one in which nobody looked", Day(6000, 10, absent=[(0, 6)], gaps=[(0, 60, "suspended")]), MINUTES, "met", "999 of 999"),
    ("half a minute without an observation can tip it", Day(600, absent=[(90, 120)], gaps=[(90, 30, "suspended")]), MINUTES, "cannot_say", "9 of 9 minutes (100 %), 1 not known"),
    ("but not when all of it could be lost", Day(600, absent=[(90, 120)], gaps=[(90, 30, "suspended")]), "loss <= 50% in 100% of minutes", "met", "10 of 10"),
    ("nor when the rest of the minute is bad enough", Day(600, lost=minute(1, lost=50), absent=[(119, 120)], gaps=[(119, 1, "suspended")]), "loss <= 1% in 90% of minutes", "met", "9 of 10"),
    ("and this one misses 95 %", Day(600, lost=minute(1, lost=50), absent=[(119, 120)], gaps=[(119, 1, "suspended")]), "loss <= 1% in 95% of minutes", "missed", "9 of 10"),
    ("no gap, but intervals that are missing", Day(600, absent=[(90, 120)]), MINUTES, "cannot_say", "1 not known"),
    ("intervals that are 0.1 s late are not a hole", Day(600, planned=600.1, change=stretch), "loss <= 0% in 100% of minutes", "met", "10 of 10"),
    ("a gap of 10 s of 100 can be all of the loss", Day(100, absent=[(40, 50)], gaps=[(40, 10, "suspended")]), "loss <= 9.9%", "cannot_say", "0 %, 10 s not known"),
    ("and no more than 10 %", Day(100, absent=[(40, 50)], gaps=[(40, 10, "suspended")]), "loss <= 10%", "met", None),
    ("the rate in a gap is between 0 and the target", Day(100, absent=[(40, 50)], gaps=[(40, 10, "suspended")]), "rate >= 0.9Mbps", "met", None),
    ("so it can be below 0.95 Mbit/s", Day(100, absent=[(40, 50)], gaps=[(40, 10, "suspended")]), "rate >= 0.95Mbps", "cannot_say", "1 Mbps, 10 s not known"),
    ("not over the target", Day(100, lost=every(1, 0, 40, 50), absent=[(40, 50)], gaps=[(40, 10, "suspended")]), "rate >= 0.81Mbps", "missed", None),
    ("half a minute of a window at the target", Day(600, absent=[(90, 120)], gaps=[(90, 30, "suspended")]), "rate >= 0.5Mbps in 100% of minutes", "met", "10 of 10"),
    ("or at nothing", Day(600, absent=[(90, 120)], gaps=[(90, 30, "suspended")]), "rate >= 0.51Mbps in 100% of minutes", "cannot_say", "1 not known"),
    # outages next to gaps
    ("a gap of 20 s can be an outage", Day(100, absent=[(40, 60)], gaps=[(40, 20, "suspended")]), "outage <= 10s", "cannot_say", "0 s, 20 s not known"),
    ("of no more than 20 s", Day(100, absent=[(40, 60)], gaps=[(40, 20, "suspended")]), "outage <= 20s", "met", None),
    ("an outage of 8 s, and a gap of 5 s right after it", Day(100, silent=[(32, 40)], absent=[(40, 45)], gaps=[(40, 5, "suspended")]), "outage <= 10s", "cannot_say", None),
    ("can be 13 s, no more", Day(100, silent=[(32, 40)], absent=[(40, 45)], gaps=[(40, 5, "suspended")]), "outage <= 13s", "met", None),
    ("is surely longer than 7 s", Day(100, silent=[(32, 40)], absent=[(40, 45)], gaps=[(40, 5, "suspended")]), "outage <= 7s", "missed", None),
    ("a gap in which the path was silent is an outage", Day(100, absent=[(40, 60)], gaps=[(40, 20, "path-silent")]), "outage <= 10s", "missed", "missed: 20 s"),
    ("with the silence before it", Day(100, silent=[(32, 40)], absent=[(40, 45)], gaps=[(40, 5, "path-silent")]), "outage <= 12s", "missed", "missed: 13 s"),
    ("an outage and a gap that are apart", Day(100, silent=[(20, 28)], absent=[(40, 48)], gaps=[(40, 8, "suspended")]), "outage <= 10s", "met", None),
    ("a second in a gap may be available or not", Day(100, absent=[(40, 41)], gaps=[(40, 1, "suspended")]), "availability >= 99.5%", "cannot_say", None),
    ("at worst 99 % are", Day(100, absent=[(40, 41)], gaps=[(40, 1, "suspended")]), "availability >= 99%", "met", None),
    ("2 s of a silent path are not", Day(100, absent=[(40, 42)], gaps=[(40, 2, "path-silent")]), "availability >= 99%", "missed", "missed: 98 %"),
    # where an outage lost its packets
    ("a share of nearly all is not shown as all", Day(10000, lost={5: 50}), "availability >= 90%", "met", "99.99 %"),
    ("an outage over three minutes makes only the dark one bad", Day(600, silent=[(50, 130)]), "loss <= 50% in 90% of minutes", "met", "9 of 10"),
    ("at its edges it lost 10 s of a minute", Day(600, silent=[(50, 130)]), "loss <= 16% in 80% of minutes", "missed", "7 of 10"),
    ("an outage until the end of the data lost all", Day(600, silent=[(540, 600)]), "loss <= 50% in 95% of minutes", "missed", "9 of 10"),
    # unknown loss
    ("a sender alone does not know its loss", Day(600, role="sender"), MINUTES, "cannot_say", "nothing is known of the minutes"),
    ("nor over the whole test", Day(600, role="sender"), "loss <= 50%", "cannot_say", "nothing is known of it"),
    ("nor what was delivered", Day(600, role="sender"), "rate >= 0.1Mbps", "cannot_say", "nothing is known of it"),
    ("nor outages", Day(600, role="sender"), "outage <= 10s", "cannot_say", "nothing is known of it"),
    ("but one of its own sessions", Day(600, role="sender", absent=[(40, 60)], gaps=[(40, 20, "path-silent")]), "outage <= 10s", "missed", "20 s"),
    ("and what it covered", Day(600, role="sender"), "coverage >= 100%", "met", None),
    ("loss that is unknown for 1 of 10 minutes", Day(600, unknown=[(60, 120)]), "loss <= 9.9%", "cannot_say", "0 %, 1 min not known"),
    ("is at most 10 %", Day(600, unknown=[(60, 120)]), "loss <= 10%", "met", None),
    ("TCP has no loss", Day(100, protocol="TCP"), "loss <= 50%", "cannot_say", "nothing is known of it"),
    ("but a rate", Day(100, protocol="TCP"), "rate >= 1Mbps", "met", None),
    ("the totals of the end alone", Day(100, lost={5: 10}, bare=True), "loss <= 0.1%", "met", "met: 0.1 %"),
    ("they know no outages", Day(100, bare=True), "outage <= 10s", "cannot_say", "nothing is known of it"),
    ("nor minutes", Day(600, bare=True), MINUTES, "cannot_say", "nothing is known of the minutes"),
    ("nor what was observed", Day(100, bare=True), "availability >= 1%", "cannot_say", "nothing is known of it"),
    ("nor jitter", Day(100, bare=True), "jitter <= 1ms", "cannot_say", "nothing is known of it"),
    # short, stopped, cut, in progress
    ("90 of 100 s: the rest can be lost", Day(90, planned=100), "loss <= 9%", "cannot_say", "0 %, 10 s not known"),
    ("and no more", Day(90, planned=100), "loss <= 10%", "met", None),
    ("90 of 100 s with 50 % loss", Day(90, planned=100, lost=every(1, 0, 90, 50)), "loss <= 44%", "missed", "50 %"),
    ("a file without an end", Day(90, planned=100, end=False), "loss <= 9%", "cannot_say", None),
    ("stopped on request: what follows was not wanted", Day(50, planned=100, stopped=50), "loss <= 0.1%", "met", "met: 0 %"),
    ("but it covers half of the plan", Day(50, planned=100, stopped=50), "coverage >= 51%", "missed", "50 %"),
    ("and minutes until then", Day(300, planned=6000, stopped=300), MINUTES, "met", "5 of 5"),
    ("in progress: nothing is missed because of what is to come", Day(50, planned=100, journal=True), "coverage >= 99%", "met", "met so far: 100 %"),
    ("no loss so far", Day(50, planned=1000, journal=True), "loss <= 0%", "met", "met so far: 0 %"),
    ("one bad minute of ten so far: 999 of 1,000 is still possible", Day(600, planned=60000, journal=True, lost=minute(4)), MINUTES, "cannot_say", "cannot say so far: 9 of 10"),
    ("two are one too many", Day(600, planned=60000, journal=True, lost=minute(4, 5)), MINUTES, "missed", "missed: 8 of 10"),
    ("20 % lost in the first 10 of 1,000 s are at least 0.2 % of all", Day(10, planned=1000, journal=True, lost=every(1, 0, 10, 20)), "loss <= 0.19%", "missed", "20 %"),
    ("and may be less than 1 %", Day(10, planned=1000, journal=True, lost=every(1, 0, 10, 20)), "loss <= 1%", "cannot_say", None),
    ("an outage in progress is as long as it is", Day(100, planned=1000, journal=True, silent=[(80, 100)]), "outage <= 10s", "missed", "20 s"),
    ("no outage so far", Day(100, planned=1000, journal=True), "outage <= 10s", "met", "met so far: 0 s"),
    ("the minute in progress does not count yet", Day(90, planned=600, journal=True, lost={i: 50 for i in range(60, 90)}), "loss <= 1% in 100% of minutes", "met", "1 of 1"),
    ("a run in progress that waits for its next session", Day(100, planned=1000, journal=True, gaps=[(100, 20, "suspended")]), "outage <= 10s", "cannot_say", None),
    # windows and tests that do not fit
    ("14 s of a minute at the start do not count", Day(600, start=EARLY, lost={i: 50 for i in range(14)}), MINUTES, "met", "10 of 10"),
    ("46 s at the end do", Day(600, start=EARLY, lost={i: 50 for i in range(580, 600)}), MINUTES, "missed", "9 of 10"),
    ("half a minute counts at both ends", Day(600, start=LATE, lost={i: 50 for i in range(30)}), "loss <= 1% in 90% of minutes", "met", "10 of 11"),
    ("intervals of 10 s do not know seconds", Day(100, 10), "loss <= 1% in 50% of seconds", "cannot_say", "nothing is known of the seconds"),
    ("intervals of a minute know minutes", Day(100, 60, lost={7: 60}), "loss <= 0.1% in 99% of minutes", "met", "99 of 100"),
    ("20 s are too short for minutes", Day(20), MINUTES, "cannot_say", "too short for minutes"),
    ("hours", Day(1080, 10, lost=minute(70, step=10)), "loss <= 0.1% in 66% of hours", "met", "2 of 3"),
    # artefacts and omitted intervals
    ("omitted intervals do not count", Day(110, planned=100, omitted=10, lost=every(1, 0, 10, 50), change=omit), "loss <= 0%", "met", None),
    ("packets that came late were not lost", Day(100, change=reorder), "loss <= 0% in 100% of seconds", "met", None),
    ("an interval that is there twice counts once", Day(100, lost={5: 1}, change=repeat), "loss <= 0.01% in 99% of seconds", "met", "99 of 100"),
    ("a last interval of 10 ms does not count", Day(100, change=tiny, end=False), "loss <= 0% in 100% of seconds", "met", "100 of 100"),
    ("the first jitter after a clock step does not count", Day(100, change=jitter_of_a_step), "jitter <= 1ms", "met", None),
    ("jitter is the 95th percentile: 4 of 100 s do not matter", Day(100, jitter={i: 5 for i in range(4)}), "jitter <= 1ms", "met", None),
    ("6 do", Day(100, jitter={i: 5 for i in range(6)}), "jitter <= 1ms", "missed", "5 ms"),
    ("nobody knows it in 6 of 100 s", Day(100, unknown=[(0, 6)]), "jitter <= 1ms", "cannot_say", "6 s not known"),
    # delays
    ("delays of 2 ms in 1 of 100 s", Day(600, delay=lambda i: 2000 if i % 100 == 0 else 300), "delay p99 <= 1ms", "met", "0.3"),
    ("in 2 of 100 s", Day(600, delay=lambda i: 2000 if i % 50 == 0 else 300), "delay p99 <= 1ms", "missed", None),
    ("half of them", Day(600, delay=lambda i: 2000 if i % 2 else 300), "delay p50 <= 3ms", "met", None),
    ("a minute of queues", Day(600, delay=lambda i: 50000 if 60 <= i < 120 else 300), "delay p99 <= 20ms in 90% of minutes", "met", "9 of 10"),
    ("is over 95 %", Day(600, delay=lambda i: 50000 if 60 <= i < 120 else 300), "delay <= 20ms in 95% of minutes", "missed", "9 of 10"),
    ("a minute of queues that does not begin with a minute of the histograms", Day(600, start=LATE, delay=lambda i: 50000 if 30 <= i < 90 else 300), "delay <= 20ms in 90% of minutes", "met", "10 of 11"),
    ("a second without an arrival has no delay", Day(600, delay=lambda i: 300, silent=[(30, 40)]), "delay <= 20ms in 100% of seconds", "met", "590 of 590"),
    ("nobody knows delays without a receiver of longhaul", Day(600), "delay <= 20ms", "cannot_say", "nothing is known of it"),
    ("histograms that are missing", Day(600, delay=lambda i: 300, histograms=[[0, 60, "hGA-F"]]), "delay <= 20ms", "cannot_say", "9 min not known"),
    # several days
    ("two days with a bad minute each", [Day(3000, 10, lost=minute(5, step=10)), Day(3000, 10, start=START + 86400, lost=minute(5, step=10))], MINUTES, "missed", "998 of 1000"),
    ("two days with one", [Day(3000, 10, lost=minute(5, step=10)), Day(3000, 10, start=START + 86400)], MINUTES, "met", "999 of 1000"),
    ("a day that ended early", [Day(3000, 10), Day(300, 10, planned=30000, start=START + 86400)], "loss <= 0.1% in 50% of minutes", "met", "550 of 550 minutes (100 %), 450 not known"),
    ("and may have tipped it", [Day(3000, 10), Day(300, 10, planned=30000, start=START + 86400)], "loss <= 0.1% in 56% of minutes", "cannot_say", None),
    ("loss of two days", [Day(100, lost={1: 10}), Day(100, start=START + 86400)], "loss <= 0.05%", "met", "0.05 %"),
    ("the longest outage of two days", [Day(100, silent=[(10, 15)]), Day(100, start=START + 86400, silent=[(10, 25)])], "outage <= 14s", "missed", "15 s"),
]
STATUS = {"met": 0, "missed": 3, "cannot_say": 4}


def judged(folder, objective, *more):
    run = subprocess.run([longhaul, "report", "--json", "--no-render", "--no-html", "--out", work + "/out", "--objective", objective, *more, folder], capture_output=True, text=True)
    return json.loads(run.stdout) if run.stdout.startswith("{") else {"objectives": [{"verdict": run.stderr}]}


def one(n, case):
    what, days, objective, verdict, text = case
    folder = f"{work}/case-{n}"
    os.mkdir(folder)
    for day in days if isinstance(days, list) else [days]:
        day.write(folder)
    run = subprocess.run([longhaul, "report", "--check", "--objective", objective, "--out", work + "/out", folder], capture_output=True, text=True)
    # Faults of a file are said, and make a status of 4 of what is met.
    wanted = {STATUS[verdict], 4} if verdict == "met" and run.stderr else {STATUS[verdict]}
    words = verdict.replace("_", " ")
    good = run.returncode in wanted and f": {words}" in run.stdout and (text is None or text in run.stdout)
    check(good, f"{what}: {objective}: {words}" + ("" if good else f": got {run.returncode} {run.stdout!r} {run.stderr!r}, wanted {text!r}"))


def by_month(n, case):
    """The same tests as days of an index: report --since says the same, or, where the index knows less, that nobody can say."""
    what, _, objective, verdict, _ = case
    run = subprocess.run([longhaul, "report", "--since", "2000-01-01", "--json", "--no-html", "--no-render", "--out", work + "/trend", "--objective", objective, f"{work}/case-{n}"],
                         capture_output=True, text=True)
    if "without libsqlite3" in run.stderr:
        return
    found = [o for leg in json.loads(run.stdout)["legs"] for o in leg["objectives"]]
    wanted = "cannot_say" if what in LESS_KNOWN else verdict
    so_far = re.search(": [a-z ]* so far: ", found[0]["text"]) is not None if found else None
    in_progress = wanted != "missed" and any(name.endswith(".journal") for name in os.listdir(f"{work}/case-{n}"))
    check([o["verdict"] for o in found] == [wanted] and so_far == in_progress, f"by month: {what}: {objective}: {wanted}{' so far' if in_progress else ''}: {[o['text'] for o in found]}")


LESS_KNOWN = ("not over the target", "an outage and a gap that are apart", "the totals of the end alone")
for n, case in enumerate(CASES):
    one(n, case)
    by_month(n, case)
check(len(CASES) >= 40, f"{len(CASES)} cases")

# ---- a pushed leg whose receiver's record is there: as if it had been pulled
joined = work + "/joined"
os.makedirs(joined + "/receiver")
Day(600, role="sender").write(joined)
Day(600, lost=minute(4), silent=[(300, 320)]).write(joined + "/receiver")
for objective, verdict in (("loss <= 0.1% in 90% of minutes", "missed"), ("loss <= 0.1% in 80% of minutes", "met"), ("loss <= 5%", "met"), ("loss <= 4%", "missed"),
                           ("outage <= 19s", "missed"), ("outage <= 21s", "met"), ("rate >= 0.95Mbps", "met"), ("rate >= 0.96Mbps", "missed"),
                           ("rate >= 0.95Mbps in 80% of minutes", "met"), ("availability >= 86%", "met"), ("availability >= 87%", "missed")):
    found = judged(joined, objective)["objectives"]
    check(len(found) == 1 and found[0]["verdict"] == verdict, f"joined: {objective}: {verdict}: {[o.get('text', o['verdict']) for o in found]}")

# ---- a day by UDP and one by TCP between the same sites are two legs.
both = work + "/both"
os.mkdir(both)
Day(600, start=START, lost={3: 100}).write(both)
Day(600, start=START + 86400, protocol="TCP").write(both)
Day(600, start=START + 2 * 86400).write(both)
found = judged(both, "loss <= 1%")["objectives"]
check([(o["protocol"], o["tests"], o["verdict"]) for o in found] == [("UDP", 2, "met"), ("TCP", 1, "cannot_say")], f"UDP and TCP are judged apart: {[o['text'] for o in found]}")
check(len(judged(both, "loss <= 1%", "--objective", "loss <= 1.0 %")["objectives"]) == 2, "one that is given twice is judged once")
wanted = ["HK->WUS UDP", "HK->WUS TCP"]
run = subprocess.run([longhaul, "report", "--check", "--objective", "loss <= 1%", both], capture_output=True, text=True)
check([line.split(":")[0] for line in run.stdout.splitlines()] == wanted, f"and told apart in lines: {run.stdout}")
subprocess.run([longhaul, "report", "--no-render", "--out", work + "/two", "--objective", "loss <= 1%", both], capture_output=True)
for file, begin, end in (("summary_report.md", "## Objectives", "\n## "), ("index.html", "<div class=objectives", "</table>")):
    text = re.split(end, open(f"{work}/two/{file}", encoding="utf-8").read().partition(begin)[2])[0]
    rows = re.findall(r"HK\S*WUS (?:UDP|TCP)", re.sub(r"\\(.)", r"\1", text))
    check([row[-3:] for row in rows] == ["TCP", "UDP"], f"and in {file}: {rows}")

# ---- the budget of a week: 7 days of 1,000 minutes, of which 0.1 % may be bad: 7.
week = work + "/week"
os.mkdir(week)
for day in range(7):
    for leg, bad in (("HK-WUS", {0: [5], 3: [7, 8], 6: [1]}), ("WUS-HK", {2: list(range(9))})):
        Day(1000, 60, start=START + 86400 * day, lost=minute(*bad.get(day, []), step=60), leg=leg).write(week)
found = judged(week, MINUTES, "--objective", "loss <= 0.1%", "--objective", "outage <= 1min")["objectives"]
check([(o["source"], o["objective"].split(" ")[0], o["tests"]) for o in found] == [(s, q, 7) for s in ("HK", "WUS") for q in ("loss", "loss", "outage")],
      "a week: one result for each leg and objective")
hk, wus = found[0], found[3]
check((hk["verdict"], hk["good"], hk["bad"], hk["unknown"]) == ("met", 6996, 4, 0) and abs(hk["budget_left"] - 3 / 7) < 1e-9, f"4 of 7 bad minutes are used: {hk['text']}, {hk['budget_left']}")
check((wus["verdict"], wus["bad"]) == ("missed", 9) and abs(wus["budget_left"] + 2 / 7) < 1e-9, f"9 of 7: {wus['text']}, {wus['budget_left']}")
check(abs(found[1]["budget_left"] - (1 - 4 * 10 / 7000 / 0.1)) < 1e-9 and found[2]["budget_left"] is None, f"the budget of loss: {found[1]['budget_left']}; an outage has none")
run = subprocess.run([longhaul, "show", "--objective", MINUTES, week], capture_output=True, text=True)
check(run.stdout.count("\n") == 14 and run.returncode == 3, f"show judges each file: {run.returncode}")

# ---- a run in progress has the windows of its plan in its budget
half = work + "/half"
os.mkdir(half)
Day(600, planned=60000, journal=True, lost=minute(4)).write(half)
found = judged(half, "loss <= 0.1% in 99% of minutes")["objectives"][0]
check((found["bad"], found["to_come"], found["to_come_s"]) == (1, 990, 59400) and abs(found["budget_left"] - 0.9) < 1e-9, f"1 of 10 bad minutes: {found['budget_left']}")
sys.exit(n_bad > 0)
