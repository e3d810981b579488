"""clock.py set FILE REALTIME_S BOOTTIME_S SINCE: what tests/tools/clockshift.c reads; prints how long after SINCE (Unix time) that was. clock.py until FILE "YYYY-mm-dd HH:MM:SS": CLOCK_REALTIME is
that (UTC) now. clock.py check NAME FOLDER SECONDS [gap CAUSE AT LENGTH | step AT SECONDS | began STAMP]...: compares a result's axis with
what was done to the clocks."""
import calendar, glob, json, struct, sys, time

def check(good, what):
    global failed
    failed |= not good
    print(("ok - " if good else "not ok - ") + what)

failed = False
command, *args = sys.argv[1:]
if command in ("set", "until"):
    if command == "set":
        shifts = [int(float(a) * 1e9) for a in args[1:3]]
    else:
        shifts = [calendar.timegm(time.strptime(args[1], "%Y-%m-%d %H:%M:%S")) * 10**9 - time.time_ns(), 0]
    try:
        out = open(args[0], "r+b")
    except FileNotFoundError:
        out = open(args[0], "wb")
    out.write(struct.pack("qq", *shifts))
    out.flush()
    if command == "set":
        print(time.time() - float(args[3]))
    sys.exit(0)

name, folder, planned = args[0], args[1], float(args[2])
gaps, steps, stamp, rest = [], [], None, args[3:]
while rest:
    if rest[0] == "gap":
        gaps.append((rest[1], float(rest[2]), float(rest[3])))
        rest = rest[4:]
    elif rest[0] == "step":
        steps.append((float(rest[1]), float(rest[2])))
        rest = rest[3:]
    else:
        stamp, rest = rest[1], rest[2:]
path, = glob.glob(folder + "/*.json")
result = json.load(open(path))
own, rows = result["longhaul"], result["intervals"]
sums = [r["sum"] for r in rows]
def seconds_of(stamp):
    return calendar.timegm(time.strptime(stamp, "%Y%m%d_%H%M%S"))
# Set, then begun: on a busy machine a second or two later.
check(stamp is None or 0 <= seconds_of(path[-len("20251115_010046.json"):-5]) - seconds_of(stamp) <= 2, f"{name}: the name says when it began, in UTC ({path.rsplit('_', 2)[1]})")
check([g["cause"] for g in own["gaps"]] == [g[0] for g in gaps], f"{name}: gaps {[g['cause'] for g in own['gaps']]}")
for got, (cause, at, length) in zip(own["gaps"], gaps):
    # from the end of an interval before it to a connection after it
    check(-2 < got["start_s"] - at < 0.5 and -1 < got["seconds"] - length < 4, f"{name}: the gap is at {got['start_s']:.2f} s and {got['seconds']:.2f} s long")
said = own["clock"]["steps"]
check(len(said) == len(steps) and all(-0.5 < s["at_s"] - at < 2.5 and abs(s["step_s"] - by) < 0.1 for s, (at, by) in zip(said, steps)),
      f"{name}: steps of the date {[(round(s['at_s'], 1), round(s['step_s'], 2)) for s in said]}")
holes = [(a["end"], b["start"]) for a, b in zip(sums, sums[1:]) if not 0 <= b["start"] - a["end"] < 0.1]
check(len(holes) == len(gaps), f"{name}: the axis is straight but for the gaps {holes}")
# Clocks go wrong by 25 s and more; what a busy machine is late by is less.
check(all(abs(s["seconds"] - 1) < 0.9 for s in sums[:-1] if s["end"] not in [h[0] for h in holes]), f"{name}: every second is one")
check(abs(sums[-1]["end"] - planned) < 1.5, f"{name}: it runs to {sums[-1]['end']:.2f} s")
wall = [r["longhaul"]["unix_us"] / 1e6 - r["sum"]["end"] for r in rows]
bends = [round(b - a, 1) for a, b in zip(wall, wall[1:]) if abs(b - a) > 2]
check(len(bends) == len(steps) and all(abs(b - by) < 2 for b, (_, by) in zip(bends, steps)), f"{name}: the rows' time of day goes with the axis {bends}")
sys.exit(failed)
