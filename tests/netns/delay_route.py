"""delay_route.py plan: what delay_line.py is to do. delay_route.py check PLAN RESULT SENT GOT: compares a record with what packet sockets at both ends saw."""
import json, sys

failed = False

def check(good, what):
    global failed
    failed |= not good
    print(("ok - " if good else "not ok - ") + what)

def plan():
    print("6500 wire 7")
    print("12000 wire 5")
    number = 15500
    # Late by so much, which is some 0.86 datagrams a ms; or again, so much later: at once, after others, three times, after more than a second.
    for what in ("late 3", "late 7", "late 30", "late 90", "late 250", "again 0", "again 3", "again 0 5 40", "again 1500"):
        print(number, what)
        number += 600
    print(number, "late 4")  # both
    print(number, "again 20")
    number += 600
    for i in range(20):  # in a row, each later than the next one
        print(number + i, "late", 60 - 3 * i)

def captured(name, way):
    """Of each datagram its number, its sender's time and the kernel's, in us, as they came."""
    fields = (line.split() for line in open(name))
    return [(int(f[3]), int(f[4]), int(f[5]) / 1000) for f in fields if len(f) == 6 and f[0] == way]

def order(got):
    """By RFC 4737, 4.2 and 4.3: of each late datagram when it came, its extent, and by how many us it was late. A datagram that comes again is neither."""
    seen, twice, newest, late = [], [], 0, []
    numbers = set()
    for number, _, us in got:
        if number in numbers:
            twice.append(us)
            continue
        numbers.add(number)
        if number < newest:
            first = next(i for i, (other, _) in enumerate(seen) if other > number)
            late.append((us, len(seen) - first, us - seen[first][1]))
        newest = max(newest, number)
        seen.append((number, us))
    return late, twice

def level(got, first, last):
    """The least transit of the numbers first to last."""
    return min(us - sent for number, sent, us in got if first <= number < last)

def held_back(got, first, last):
    """The share of these that took 5 ms more than the least."""
    transits = [us - sent for number, sent, us in got if first <= number < last]
    return sum(transit > min(transits) + 5000 for transit in transits) / len(transits)

def shifts(rows, got):
    changes = (6500, 2000), (12000, -2000)
    held = max(held_back(got, at + 10, at + 4000) for at, _ in changes)
    if held > 0.01:  # as a queue does
        print(f"skip - two changes of the route: this machine held {100 * held:.0f} % of the datagrams back after one of them")
        return
    told = [(row["longhaul"]["unix_us"], row["longhaul"]["delay_us"]["shift"], row["longhaul"]["delay_us"]["shifted"]) for row in rows if "shift" in row["longhaul"].get("delay_us", {})]
    check(len(told) == 2, f"two changes of the route are told: {[(round(us), round(ago)) for _, us, ago in told]}")
    for (at, nominal), (told_at, size, ago) in zip(changes, told):
        began = next(us for number, _, us in got if number >= at)
        made = level(got, at + 100, at + 4000) - level(got, at - 4000, at - 100)
        check(abs(size - made) <= 100 and abs(size - nominal) <= 200, f"{nominal / 1000:+.0f} ms: by {size:.0f} us, and {made:.0f} us between both captures")
        check(told_at - began <= 5e6, f"{nominal / 1000:+.0f} ms: told after {(told_at - began) / 1e6:.2f} s")
        check(abs(told_at - ago - began) <= 0.1e6, f"{nominal / 1000:+.0f} ms: its time is {(told_at - ago - began) / 1e3:+.0f} ms off")

def main(result, got):
    rows = result["intervals"]
    late, twice = order(got)
    shifts(rows, got)
    counted = sum(row["sum"]["packets"] for row in rows)  # what came after the end is not
    n_dropped = len({number for number, _, _ in got if number <= counted}) - counted + sum(row["sum"]["lost_packets"] for row in rows)
    if n_dropped > 0:
        print(f"skip - order: {n_dropped} datagrams came and found no room in this machine's socket")
        return
    # What comes at the end of an interval and is read in the next one is of the next: each side is put together in the order of its times.
    told = [(row["longhaul"]["reorder_extent"], row["longhaul"]["reorder_late_us"]) for row in rows if row["longhaul"].get("reorder_extent")]
    made = []  # what came within 0.4 s is of one second
    for us, extent, late_us in late:
        if made and us - made[-1][0] < 400000:
            made[-1] = (made[-1][0], max(made[-1][1], extent), max(made[-1][2], late_us))
        else:
            made.append((us, extent, late_us))
    n_exact = sum(a == extent for (a, _), (_, extent, _) in zip(told, made))
    worst = max((abs(b - late_us) for (_, b), (_, _, late_us) in zip(told, made)), default=1e9)
    check(len(told) == len(made) >= 7 and n_exact == len(made), f"the extent of reordering: {[a for a, _ in told]}, made: {[extent for _, extent, _ in made]}")
    check(worst <= 100, f"late by {[round(b / 1000, 2) for _, b in told]} ms, made: {[round(c / 1000, 2) for _, _, c in made]} (worst: {worst:.0f} us off)")
    n_late, n_twice = (sum(row["longhaul"][name] for row in rows) for name in ("out_of_order", "duplicates"))
    check(n_late == len(late) and n_late > 20, f"{n_late} came late, {len(late)} at the packet socket")
    check(n_twice == len(twice) and n_twice >= 7, f"{n_twice} came again, {len(twice)} at the packet socket")

if sys.argv[1] == "plan":
    plan()
else:
    main(json.load(open(sys.argv[3])), captured(sys.argv[5], "in"))
sys.exit(failed)
