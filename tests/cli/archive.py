"""archive.py LONGHAUL WORK: the index of longhaul archive, seen from outside with Python's own SQLite."""
import json
import math
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, "tests/cli")
import both_ends  # noqa: E402
import objective_days  # noqa: E402

longhaul, work = sys.argv[1:3]
failures = 0
DAY = 86400
FIRST = 1763164800  # 2025-11-15 00:00:00 UTC


def check(what, good, more=""):
    global failures
    failures += not good
    print(f"{'ok' if good else 'not ok'} - {what}" + (f": {more}" if not good and more != "" else ""), flush=True)


def same(what, got, wanted):
    check(what, got == wanted, f"got {got}, wanted {wanted}")


def folder(name):
    path = os.path.join(work, name)
    os.makedirs(path)
    return path


def archive(path, *flags, status=0):
    """What it printed; the exit status is a check of its own only where it is not as wanted."""
    done = subprocess.run([longhaul, "archive", *flags, path], capture_output=True, text=True, timeout=120)
    if done.returncode != status:
        check(f"exit status {status}", False, f"{done.returncode}: {done.stderr}")
    return done.stdout + done.stderr


def index_of(path):
    return os.path.join(path, ".longhaul", "index.sqlite")


def query(path, sql):
    with sqlite3.connect(f"file:{path if path.endswith('.sqlite') else index_of(path)}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


CELLS = ("hour", "day")


def everything(path):
    """All that the index knows, without its own numbers."""
    rows = {}
    head = "leg.source, leg.destination, leg.protocol, test.start_unix_s"
    for table in CELLS + ("event", "gap", "objective"):
        columns = ", ".join(r[1] for r in query(path, f"PRAGMA table_info({table})") if r[1] != "test")
        rows[table] = sorted(query(path, f"SELECT {head}, {columns} FROM {table} AS t JOIN test ON test.id = t.test JOIN leg ON leg.id = test.leg".replace(
            columns, ", ".join(f"t.{c}" for c in columns.split(", ")), 1)), key=repr)
    rows["test"] = sorted(query(path, f"SELECT {head}, end_unix_s, planned_s, lost, total, verdict FROM test JOIN leg ON leg.id = test.leg"), key=repr)
    rows["file"] = sorted(query(path, "SELECT path, size, is_receiver, is_gone FROM file"))
    rows["session"] = sorted(set(query(path, "SELECT cookie FROM session")))
    return rows


# ---- the figures of hours and days against those of the raw files
def quantile(values, share):
    """The value of rank ceil(share n), as of a histogram."""
    values = sorted(values)
    return values[max(math.ceil(share * len(values)), 1) - 1]


def histogram_values(text):
    """The middles of the bins of a histogram's text, each as often as it counts (lib/base/histogram.h)."""
    values, at, bin_ = [], 0, 0

    def number():
        nonlocal at
        value, shift = 0, 0
        while True:
            digit = objective_days.LETTERS.index(text[at])
            at += 1
            value |= (digit & 31) << shift
            shift += 5
            if digit < 32:
                return value

    while at < len(text):
        bin_ += number()
        for _ in range(number() + 1):
            octave, part = divmod(bin_ - 1, 32)
            values += [0.5 if bin_ == 0 else 2 ** octave * (1 + (part + 0.5) / 32)] * (number() + 1)
            bin_ += 1
    return values


def make_days(path, legs, days, seed, hours=3):
    """A test of some hours that begins at 22:30 of each day, so that each is in two days."""
    rng, made = random.Random(seed), []
    n = int(hours * 3600) // 10
    for leg in legs:
        for k in range(days):
            lost = {i: rng.randint(1, 40) for i in range(n) if rng.random() < 0.01}
            jitter = {i: rng.lognormvariate(-2, 0.7) for i in range(n)}
            silent = [(200 + k, 206 + k)] if k % 2 else []
            delay = [rng.choice((200, 250, 300, 900, 4000)) for _ in range(n)]
            day = objective_days.Day(n, step=10, planned=n * 10 + 600, lost=lost, jitter=jitter, silent=silent, start=FIRST + k * DAY + 81000,
                                     delay=lambda i, d=delay: d[i], leg=leg)
            day.write(path)
            made.append(day)
    return made


def cells_of(made, length):
    """{(leg, start of the test, start of the cell): rows} of the raw intervals, and the planned seconds in it."""
    cells, planned = {}, {}
    for day in made:
        for row in day.rows:
            at = day.start + row["sum"]["start"]
            cells.setdefault((day.leg, day.start, at // length * length), []).append((at, row))
        for second in range(day.start, day.start + day.planned, 10):
            key = (day.leg, day.start, second // length * length)
            planned[key] = planned.get(key, 0) + 10
    return cells, planned


def check_cells(path, made, table, length):
    cells, planned = cells_of(made, length)
    names = ", ".join("t." + n for n in ("n_intervals", "observed_s", "packets", "lost", "known_packets", "planned_s", "worst_lost", "worst_lost_at", "jitter_max_ms",
                                         "rate_bits", "delay_max_ms", "jitter", "delay"))
    found = {(f"{r[0]}-{r[1]}", r[2], r[3]): r[4:] for r in query(path, f"SELECT source, destination, start_unix_s, t.unix_s, {names} FROM {table} AS t JOIN test ON test.id = t.test "
                                                         "JOIN leg ON leg.id = test.leg")}
    wrong = []
    for key in set(cells) | set(planned):
        rows = cells.get(key, [])
        sums = [r["sum"] for _, r in rows]
        lost = [s["lost_packets"] for s in sums]
        worst = next((at for (at, r), n in zip(rows, lost) if n == max(lost)), None)
        jitters, delays = [s["jitter_ms"] for s in sums], [r["longhaul"].get("delay_us", {}) for _, r in rows]
        wanted = (len(rows), 10 * len(rows), sum(s["packets"] for s in sums) if rows else None, sum(lost) if rows else None, sum(s["packets"] for s in sums) if rows else None,
                  planned.get(key, 0), max(lost, default=None), worst, max(jitters, default=None), sum(8 * s["bytes"] for s in sums),
                  max((d["max"] / 1000 for d in delays if d), default=None))
        got = found.get(key, ())
        if len(got) != 13 or any(a != b if a is None or b is None else abs(a - b) > 1e-9 * max(abs(b), 1) for a, b in zip(got[:11], wanted)):
            wrong.append((key, got[:11], wanted))
            continue
        for share in (0.5, 0.95, 0.99) if rows else ():
            raw, kept = quantile(jitters, share) * 1000, quantile(histogram_values(got[11]), share)
            if abs(kept / raw - 1) > 0.016:
                wrong.append((key, f"jitter p{share}", kept, raw))
    same(f"{table}s: as many as there are in the files", len(found), len(set(cells) | set(planned)))
    check(f"{table}s: counts, sums, most and when, percentiles to 1.6 %, as in the raw files", not wrong, wrong[:2])


def check_delays(path, made):
    """Of the datagrams of a whole leg: each in a cell, none twice."""
    kept = {}
    for leg, text in query(path, "SELECT source || '-' || destination, t.delay FROM day AS t JOIN test ON test.id = t.test JOIN leg ON leg.id = test.leg"):
        kept.setdefault(leg, []).extend(histogram_values(text or ""))
    for leg in sorted(kept):
        raw = [day.delay(i) for day in made if day.leg == leg for i in range(day.n) if not day.is_in(day.silent, i) for _ in range(1000 - day.lost.get(i, 0))]
        close = all(abs(quantile(kept[leg], share) / quantile(raw, share) - 1) <= 0.016 for share in (0.5, 0.95, 0.99, 0.999))
        check(f"{leg}: delays: {len(raw)} datagrams, percentiles to 1.6 %", len(kept[leg]) == len(raw) and close, (len(kept[leg]), len(raw)))


days = folder("days")
made = make_days(days, ("HK-WUS", "WUS-HK"), 3, 1)
out = archive(days)
check("all files are read", "6 tests of 6 files read" in out, out)
check_cells(days, made, "hour", 3600)
check_cells(days, made, "day", DAY)
check_delays(days, made)
shown = {r["start_unix_s"]: r for r in json.loads(subprocess.run([longhaul, "report", "--json", "--no-render", "--no-html", "--out", os.path.join(work, "out"), days],
                                                                  capture_output=True, text=True).stdout)["legs"] if r["source"] == "HK"}
tests = query(days, "SELECT start_unix_s, lost, total, loss_percent, verdict FROM test JOIN leg ON leg.id = test.leg WHERE source = 'HK'")
same("each test's loss is that of the report", [(t[1], t[3]) for t in sorted(tests)], [(shown[s]["lost_packets"], shown[s]["loss_percent"]) for s in sorted(shown)])
events = query(days, "SELECT kind, cause, event.start_unix_s FROM event JOIN test ON test.id = event.test JOIN leg ON leg.id = test.leg WHERE source = 'HK' ORDER BY 3, 1")
same("events are those of the report", events, sorted(((e["kind"], e["cause"] or "", e["start_unix_s"]) for r in shown.values() for e in r["events"]), key=lambda e: (e[2], e[0])))

# ---- what is read again
names = sorted(n for n in os.listdir(days) if n.endswith(".json"))
before = everything(days)
check("a second run reads nothing", "0 tests of 0 files read" in archive(days))
os.chmod(os.path.join(days, names[0]), 0o600)
shutil.copy2(os.path.join(days, names[1]), os.path.join(work, "copy"))
os.replace(os.path.join(work, "copy"), os.path.join(days, names[1]))
check("another mode, or inode, with the same times and contents: nothing", "0 tests of 0 files read" in archive(days))
same("and the index is the same", everything(days), before)
make_days(days, ("HK-KC",), 1, 2)
check("a new day costs that day", "1 test of 1 file read" in archive(days))
victim = os.path.join(days, names[2])
text, state = open(victim).read(), os.stat(victim)
changed = text.replace('"lost_packets": 0,', '"lost_packets": 7,', 1)
open(victim, "w").write(changed)
os.utime(victim, ns=(state.st_atime_ns, state.st_mtime_ns))
check("a change that hides behind the same size and time is read", len(changed) == len(text) and "1 test of 1 file read" in archive(days))
same("and counts", everything(days)["test"] != before["test"] or everything(days)["hour"] != before["hour"], True)
open(victim, "w").write(text)
archive(days)
same("taken back, all is as it was", [r for r in everything(days)["hour"] if r[1] != "KC"], before["hour"])

# ---- results that were removed
gone = folder("gone")
for day in make_days(gone, ("HK-WUS",), 3, 3):
    pass
archive(gone)
before, first = everything(gone), sorted(n for n in os.listdir(gone) if n.endswith(".json"))[0]
os.rename(os.path.join(gone, first), os.path.join(work, "kept.json"))
check("a result that is gone is told", "1 no longer there, whose figures stay" in archive(gone))
after = everything(gone)
same("its figures stay", [after[t] for t in CELLS + ("event", "test")], [before[t] for t in CELLS + ("event", "test")])
same("and it is marked", [(r[0], r[3]) for r in after["file"] if r[3]], [(first, 1)])
archive(gone, "--rebuild")
same("after --rebuild, too", everything(gone)["day"], before["day"])
shutil.copy2(os.path.join(work, "kept.json"), os.path.join(gone, first))
check("it comes back: nothing is read", "0 tests of 0 files read" in archive(gone))
same("as it was", everything(gone)["file"], before["file"])
os.makedirs(os.path.join(gone, "2025"))
os.rename(os.path.join(gone, first), os.path.join(gone, "2025", first))
archive(gone)
after = everything(gone)
same("moved to another folder: each figure once", [after[t] for t in CELLS], [before[t] for t in CELLS])
same("nothing is gone", [r for r in after["file"] if r[3]], [])
subprocess.run(["gzip", os.path.join(gone, "2025", first)], check=True)
archive(gone)
after = everything(gone)
same("compressed: each figure once", ([after[t] for t in CELLS], [r for r in after["file"] if r[3]]), ([before[t] for t in CELLS], []))
os.rename(os.path.join(gone, "2025", first + ".gz"), os.path.join(gone, "other-name.json.gz"))
archive(gone)
after = everything(gone)
check("under another name: each figure once", len(after["day"]) == len(before["day"]) and sum(r[3] for r in after["file"]) == 0, (len(after["day"]), after["file"]))

# ---- a test of several files counts once, whenever they come
pair = folder("pair")
sender, receiver = both_ends.both("seen")
os.makedirs(os.path.join(pair, "receiver"))
stem = "HK-WUS-10M_60S_20251115_010046.json"
json.dump(sender, open(os.path.join(pair, stem), "w"))
archive(pair)
same("a sender's record alone knows no loss", query(pair, "SELECT total(known_packets) FROM day"), [(0.0,)])
json.dump(receiver, open(os.path.join(pair, "receiver", stem), "w"))
archive(pair)
joined = everything(pair)
same("with its receiver's record it is one test", (len(joined["test"]), query(pair, "SELECT known_packets > 0 FROM day")), (1, [(1,)]))
other = folder("pair2")
for name in ("receiver", "."):
    os.makedirs(os.path.join(other, name), exist_ok=True)
    shutil.copy2(os.path.join(pair, name, stem), os.path.join(other, name, stem))
archive(other)
same("the same when both were there at once", [everything(other)[t] for t in CELLS + ("test",)], [joined[t] for t in CELLS + ("test",)])
os.makedirs(os.path.join(pair, "copies"))
shutil.copy2(os.path.join(pair, stem), os.path.join(pair, "copies", stem))
archive(pair)
same("a copy in another folder counts once", [everything(pair)[t] for t in CELLS + ("test",)], [joined[t] for t in CELLS + ("test",)])
check("a further run reads nothing", "0 tests of 0 files read" in archive(pair))
late = folder("late")
os.makedirs(os.path.join(late, "far", "receiver"))
json.dump(receiver, open(os.path.join(late, "far", "receiver", "HK-WUS-10M_60S_20251115_010047.json"), "w"))
archive(late)
json.dump(sender, open(os.path.join(late, stem), "w"))
archive(late)
same("records with different names, the receiver's first, are found by their sessions", [everything(late)[t] for t in CELLS + ("test",)], [joined[t] for t in CELLS + ("test",)])
shutil.rmtree(os.path.join(pair, "copies"))
archive(pair)
same("and when it is gone again", [everything(pair)[t] for t in CELLS + ("test",)], [joined[t] for t in CELLS + ("test",)])
os.unlink(os.path.join(pair, "receiver", stem))
os.utime(os.path.join(pair, stem))
out = archive(pair, status=4)
same("without the receiver's record, what both have told stays", [everything(pair)[t] for t in CELLS + ("test",)], [joined[t] for t in CELLS + ("test",)])
check("and that is told", "its test was read with is no longer there" in out.replace("that its", "its"), out)

# ---- kill -9 at random moments
dead = folder("dead")
make_days(dead, ("HK-WUS", "WUS-HK", "HK-KC", "KC-HK"), 20, 4, hours=2)
whole = os.path.join(work, "whole.sqlite")
began = time.time()
archive(dead, "--index", whole)
took = time.time() - began
wanted, rng = everything(whole), random.Random(5)
kills = 0
for k in range(20):
    child = subprocess.Popen([longhaul, "archive", dead], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.random() * took * 0.6)
    child.send_signal(signal.SIGKILL)
    kills += child.wait() == -signal.SIGKILL
    if k % 5 == 4:  # what is there is whole: the figures of a test, or none
        now = everything(dead)
        check(f"after {k + 1} kills: no test is there twice, and each with all its hours",
              len(now["test"]) == len(set(now["test"])) and set(now["hour"]) <= set(wanted["hour"]) and
              {r[:4] for r in now["hour"]} == {r[:4] for r in now["test"]})
        shutil.rmtree(os.path.join(dead, ".longhaul"), ignore_errors=k == 19)
check("some of the kills found it at work", kills >= 5, kills)
for k in range(6):  # and of an index that is there, while a few files change
    victim = os.path.join(dead, sorted(n for n in os.listdir(dead) if n.endswith(".json"))[k])
    os.utime(victim)
    child = subprocess.Popen([longhaul, "archive", dead], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.random() * 0.1)
    child.send_signal(signal.SIGKILL)
    child.wait()
archive(dead)
got = everything(dead)
same("the next run: nothing lost, nothing doubled", {t: len(got[t]) for t in got}, {t: len(wanted[t]) for t in wanted})
check("every figure is that of an index that was never interrupted", all(got[t] == wanted[t] for t in got))
stopped = subprocess.Popen([longhaul, "archive", "--rebuild", dead], stdout=subprocess.PIPE, text=True)
time.sleep(took / 4)
stopped.terminate()
stopped.communicate()
archive(dead)
check("stopped by a signal: the same", all(everything(dead)[t] == wanted[t] for t in CELLS))

# ---- room: old results are compressed, and removed only when that is asked for
old = folder("old")
make_days(old, ("HK-WUS",), 3, 8)
now = objective_days.Day(60, planned=60, start=int(time.time()) - 3600, leg="HK-WUS")
now.write(old)
journal = objective_days.Day(60, planned=60, start=FIRST, leg="HK-KC", journal=True)
journal.write(old)
archive(old)
before, contents = everything(old), {n: open(os.path.join(old, n), "rb").read() for n in os.listdir(old) if not n.startswith(".")}
states = {n: os.stat(os.path.join(old, n)) for n in contents}
clash = sorted(n for n in contents if "WUS" in n)[0]
open(os.path.join(old, clash + ".zst"), "wb").write(b"my notes")
os.utime(os.path.join(old, clash + ".zst"), (1, 1))
out = archive(old, "--keep", "30d", status=4)
if "no libzstd" in out:
    print("skip - old results are compressed: built without libzstd")
else:
    check("what was done is told, a line each", len([line for line in out.splitlines() if line.startswith("compressed ")]) == 2 and "2 compressed" in out, out)
    check("a file of that name with other contents stays, and so does the result", "has other contents than" in out and open(os.path.join(old, clash + ".zst"), "rb").read() == b"my notes"
          and open(os.path.join(old, clash), "rb").read() == contents[clash], out)
    os.unlink(os.path.join(old, clash + ".zst"))
    archive(old, "--keep", "30d")
    packed = sorted(n for n in os.listdir(old) if n.endswith(".zst"))
    same("results are compressed, but for what is new and for a journal", sorted(n[:-4] for n in packed), sorted(n for n in contents if "HK-WUS" in n and str(now.start) not in n))
    unpacked = {n[:-4]: subprocess.run(["zstd", "-dc", os.path.join(old, n)], capture_output=True).stdout for n in packed} if shutil.which("zstd") else None
    if unpacked is not None:
        check("they unpack to what they were", all(unpacked[n] == contents[n] for n in unpacked))
    check("with the same mode and times", all((os.stat(os.path.join(old, n)).st_mtime_ns, os.stat(os.path.join(old, n)).st_mode) == (states[n[:-4]].st_mtime_ns, states[n[:-4]].st_mode) for n in packed))
    check("no leftovers", not [n for n in os.listdir(old) if n.endswith(".tmp")])
    check("nothing is read again", "0 tests of 0 files read" in archive(old))
    archive(old, "--rebuild")
    same("read again, the figures are the same", [everything(old)[t] for t in CELLS + ("test",)], [before[t] for t in CELLS + ("test",)])
    shutil.copy2(os.path.join(old, packed[0]), os.path.join(work, "packed.zst"))
    open(os.path.join(old, clash), "wb").write(contents[clash])
    os.utime(os.path.join(old, clash), ns=(states[clash].st_atime_ns, states[clash].st_mtime_ns))
    archive(old)
    archive(old, "--keep", "30d")
    check("an interrupted run left both: the original goes, the copy stays", not os.path.exists(os.path.join(old, clash)) and os.path.exists(os.path.join(old, clash + ".zst")))
    check("nothing is removed without being told to", "0 removed" in archive(old, "--keep", "1d"))
out = archive(old, "--drop-raw-after", "30d")
same("told to, files of old tests are removed", sorted(n for n in os.listdir(old) if not n.startswith(".") and "HK-KC" not in n), sorted(n for n in contents if str(now.start) in n))
check("each in a line", len([line for line in out.splitlines() if line.startswith("removed ")]) == 3, out)
same("their figures stay", [everything(old)[t] for t in CELLS + ("test",)], [before[t] for t in CELLS + ("test",)])
same("and are marked", sum(r[3] for r in everything(old)["file"]), 3)
for flags in (("--keep", "90"), ("--keep", "0d"), ("--keep", "-1d"), ("--drop-raw-after", "soon")):
    check(f"{' '.join(flags)}: misused", "is not 1d to 36500d" in archive(old, *flags, status=2))

# ---- files under the index's name that are not the index
bad = folder("bad")
make_days(bad, ("HK-WUS",), 1, 6)
archive(bad)
good = open(index_of(bad), "rb").read()


def refused(what, pattern, flags=(), status=1):
    bytes_before = None if not os.path.isfile(index_of(bad)) or os.path.islink(index_of(bad)) else open(index_of(bad), "rb").read()
    out = archive(bad, *flags, status=status)
    check(f"{what}: refused in one line", pattern in out and len(out.strip().splitlines()) == 1, out)
    if bytes_before is not None:
        check(f"{what}: nothing is changed", open(index_of(bad), "rb").read() == bytes_before)


def put(contents):
    for name in os.listdir(os.path.join(bad, ".longhaul")):
        os.unlink(os.path.join(bad, ".longhaul", name))
    with open(index_of(bad), "wb") as out:
        out.write(contents)


def changed_by(sql):
    put(good)
    with sqlite3.connect(index_of(bad)) as db:
        db.executescript(sql)
    db.close()


for contents, what in ((b"my notes\n", "a text"), (b"SQLite format 3\0", "the first bytes of a database"), (good[:60], "a part of a header"), (b"\0" * 4096, "zeros")):
    put(contents)
    for flags in ((), ("--rebuild",)):
        refused(what + "".join(f", {f}" for f in flags), "is not an index of longhaul's", flags)
put(b"")
with sqlite3.connect(index_of(bad)) as db:
    db.execute("CREATE TABLE mine(x)")
db.close()
refused("a database of somebody else's", "is not an index of longhaul's", ("--rebuild",))
changed_by("PRAGMA user_version = 2")
refused("an index of a newer version", "a newer longhaul has written this index", ("--rebuild",))
for sql, what in (("CREATE TRIGGER t AFTER INSERT ON test BEGIN DELETE FROM leg; END", "a trigger"), ("CREATE VIEW v AS SELECT 1", "a view"),
                  ("DROP TABLE gap", "a table is missing"), ("ALTER TABLE day ADD COLUMN more", "a column more")):
    changed_by(sql)
    refused(what, "its tables are not those of an index")
check("--rebuild sets such an index aside", "is made anew" in archive(bad, "--rebuild", status=4) and any("damaged" in n for n in os.listdir(os.path.join(bad, ".longhaul"))))
put(b"")
check("an empty file is filled", "1 test of 1 file read" in archive(bad))
rng = random.Random(7)
strange = []
for k in range(40):
    damaged = bytearray(good)
    for _ in range(rng.choice((1, 20, 500))):
        damaged[rng.randrange(100, len(damaged))] = rng.randrange(256)
    put(bytes(damaged[:rng.choice((len(good), len(good) // 2, 4096))]))
    done = subprocess.run([longhaul, "archive", bad], capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    if done.returncode not in (0, 1, 4) or (done.returncode == 1 and len(said.strip().splitlines()) != 1):
        strange.append((k, done.returncode, said))
    again = subprocess.run([longhaul, "archive", "--rebuild", bad], capture_output=True, text=True, timeout=60)
    if again.returncode not in (0, 4) or len(query(bad, "SELECT * FROM test")) != 1:
        strange.append((k, again.returncode, again.stderr))
check("40 damaged indexes: one line or an answer; --rebuild makes each good again", not strange, strange[:2])
put(b"")
os.unlink(index_of(bad))
os.symlink("/etc/hostname", index_of(bad))
refused("a link", "exists and is not a file")
os.unlink(index_of(bad))
os.mkfifo(index_of(bad))
refused("a pipe", "exists and is not a file")
os.unlink(index_of(bad))
os.makedirs(index_of(bad))
refused("a folder", "exists and is not a file")
os.rmdir(index_of(bad))
put(good)
os.mkfifo(index_of(bad) + "-journal")
refused("a pipe where SQLite keeps its journal", "exists and is not a file")
os.unlink(index_of(bad) + "-journal")
shutil.rmtree(os.path.join(bad, ".longhaul"))
elsewhere = folder("elsewhere")
os.symlink(elsewhere, os.path.join(bad, ".longhaul"))
check("a link instead of its folder: refused", "exists and is not a folder" in archive(bad, status=1) and os.listdir(elsewhere) == [])
os.unlink(os.path.join(bad, ".longhaul"))
out = archive(bad, "--index", whole, status=1)
check("the index of another folder: refused", "is the index of" in out and len(out.splitlines()) == 1, out)
holder = subprocess.Popen([sys.executable, "-c", "import fcntl, sys, time; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)",
                           whole], stdout=subprocess.PIPE, text=True)
holder.stdout.readline()
child = subprocess.Popen([longhaul, "archive", "--index", whole, dead], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
time.sleep(0.5)
check("while another process has the index, it waits", child.poll() is None)
holder.kill()
holder.wait()
check("and goes on then", " unchanged" in child.communicate(timeout=60)[0] and child.returncode == 0)
if os.geteuid() != 0:
    os.chmod(bad, 0o500)
    out = archive(bad, status=1)
    check("a folder that cannot be written: one line", "ermission denied" in out and len(out.splitlines()) == 1, out)
    os.chmod(bad, 0o700)
else:
    print("skip - a folder that cannot be written: root can write to any")
sys.exit(failures > 0)
