"""hostile_times.py leg HOW PORT: a pushed UDP test whose datagrams have hostile times or numbers; prints what was sent, as JSON.
hostile_times.py check FILE SENT: compares the server's record with it."""
import json, math, random, select, struct, sys, time
import abuse

SIZE, PAUSE_S = 1000, 0.001
FAR, IMPOSSIBLE = 2 ** 32 - 1, 2 ** 63

def plain(n):
    """The sender's time and number of the nth datagram, and how often it is sent."""
    us = 7_000_000 + n * 1000
    return us // 1000000, us % 1000000, n, 1

def chance(n): return random.randrange(2 ** 32), random.randrange(2 ** 32), n, 1
def backwards(n): return 2 ** 31 - n, 0, n, 1
def microseconds(n): return 7, FAR - n % 3, n, 1
def nothing(n): return 0, 0, n, 1
def swinging(n): return FAR if n % 2 else 0, FAR if n % 2 else 0, n, 1
def years(n): return (n // 500) * 10 ** 8, 0, n, 1
def twice(n): return *plain(n)[:3], 400
def jumping(n): return *plain(n)[:2], n * 90, 1
def sparse(n): return *plain(n)[:2], 700000 + n * 1000, 1 # of 1,000 one arrives: soon more than is believed at once
def late(n): return *plain(n)[:2], 400000 if n == 1 else 400000 - n, 1
def last_number(n): return *plain(n)[:2], FAR - 1 if n == 1000 else n, 1

# These count in 64 bits.
def wide(n): return plain(n)
def leaping(n): return *plain(n)[:2], n + IMPOSSIBLE * (n % 4 == 0), 1
def greatest(n): return *plain(n)[:2], min(2 ** 64 - 2700 + n, 2 ** 64 - 1), 1
def wrapping(n): return *plain(n)[:2], (2 ** 64 - 2700 + n) % 2 ** 64, 1
BELIEVED = ("greatest", "wrapping")  # after a while, since nothing else comes: the loss is unknown

def shorts(n):
    """A datagram of 0 to 15 bytes, too short for a number, after each one."""
    return *plain(n)[:3], 1, n % 16

WIDE = (wide, leaping, greatest, wrapping, shorts)

def send(how, control, data):
    kind, n, n_sent, numbers, until = globals()[how], 0, 0, set(), time.monotonic() + 3.3
    form = ">IIQ" if kind in WIDE else ">III"
    while time.monotonic() < until:
        n += 1
        seconds, us, number, times, *short = kind(n)
        datagram = struct.pack(form, seconds, us, number).ljust(SIZE, bytes(1))
        for _ in range(times):
            data.send(datagram)
        for length in short:
            data.send(datagram[:length])
        if kind == leaping and number > IMPOSSIBLE:
            continue  # counts as none
        n_sent += times
        numbers.update([number] * times)
        if select.select([control], [], [], PAUSE_S)[0]:
            raise OSError("the server speaks")
    return n_sent, numbers

def leg(how, port):
    with abuse.connect(port) as control:
        control.settimeout(6)
        control.sendall(abuse.cookie())
        abuse.wait_state(control, abuse.PARAM_EXCHANGE)
        abuse.send_json(control, json.dumps(abuse.parameters(time=4, bandwidth=0, **({"udp_counters_64bit": 1} if globals()[how] in WIDE else {}), extra_data=json.dumps({"longhaul": 1, "stem": f"{how}-Y-1M_4S_20251115_010046", "interval_s": 1}, separators=(",", ":")))))
        abuse.wait_state(control, abuse.CREATE_STREAMS)
        with abuse.open_stream(port) as data:
            abuse.wait_state(control, abuse.TEST_START)
            abuse.wait_state(control, abuse.TEST_RUNNING)
            n_sent, numbers = send(how, control, data)
            time.sleep(0.5)
            control.sendall(struct.pack("b", abuse.TEST_END))
            abuse.wait_state(control, abuse.EXCHANGE_RESULTS)
        abuse.send_json(control, json.dumps(abuse.results(abuse.stream_results(n_sent * SIZE, max(numbers), 4))))
        abuse.receive(control, struct.unpack(">I", abuse.receive(control, 4))[0])
        abuse.wait_state(control, abuse.DISPLAY_RESULTS)
        control.sendall(struct.pack("b", abuse.DONE))
    print(json.dumps({"how": how, "sent": n_sent, "distinct": len(numbers), "greatest": max(numbers)}))

def numbers_in(value):
    if isinstance(value, dict):
        for key, v in value.items():
            if key not in ("base", "shift", "step"):
                yield from numbers_in(v)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value

def check_believed(sent, rows, own):
    """libiperf's counts cannot hold such numbers."""
    delays = [v for row in own for v in numbers_in(row.get("delay_us", {}))]
    arrived, n = sum(row["sum"]["bytes"] for row in rows) // SIZE, sum(row.get("duplicates", 0) + row.get("out_of_order", 0) for row in own)
    good = (len(rows) >= 3 and delays and all(math.isfinite(v) and v >= 0 for v in delays) and 0 < arrived < sent["sent"] and 0 <= n < arrived and
            all(row["sum"].get("lost_packets") is None or abs(row["sum"]["lost_packets"]) < 2 ** 31 for row in rows))
    print(f"{'' if good else 'not '}ok - {sent['how']}: {arrived} of {sent['sent']} arrived in {len(rows)} rows")

def check_sparse(sent, rows):
    """What was not believed for two seconds counts as lost."""
    arrived, lost = sum(row["sum"]["bytes"] for row in rows) // SIZE, sum(row["sum"]["lost_packets"] for row in rows)
    good = 200 < arrived < sent["sent"] and sent["greatest"] - 1000 * 50 < lost + arrived <= sent["greatest"]
    print(f"{'' if good else 'not '}ok - {sent['how']}: {arrived} arrived, {lost} of {sent['greatest']} lost")

def check(file, sent):
    rows, wrong = json.load(open(file))["intervals"], []
    own = [row["longhaul"] for row in rows]
    def total(key): return sum(row["sum"][key] for row in rows)
    def own_total(key): return sum(row.get(key, 0) for row in own)
    def want(what, value, wanted):
        if value != wanted:
            wrong.append(f"{what}: {value} instead of {wanted}")
    how, impossible = sent["how"], sent["how"] == "last_number"  # that datagram counts as none
    if how in BELIEVED:
        return check_believed(sent, rows, own)
    if how == "sparse":
        return check_sparse(sent, rows)
    arrived, lost, duplicates = total("bytes") / SIZE, total("lost_packets"), own_total("duplicates")
    values = [v for row in own for v in numbers_in(row.get("delay_us", {}))]
    if not values or not all(math.isfinite(v) and 0 <= v <= 2 ** 33 * 1e6 for v in values):
        wrong.append(f"delays {sorted(values)[:1]} to {sorted(values)[-1:]}")
    if how != "twice":  # libiperf takes a duplicate for a lost one that came after all
        want("arrived, without duplicates", arrived - duplicates, total("packets") - lost)
    elif arrived - duplicates > sent["distinct"]:
        wrong.append(f"{duplicates} duplicates of {arrived:.0f}")
    want("a rate that is not that of the bytes", sum(row["sum"]["bits_per_second"] * row["sum"]["seconds"] for row in rows) / 8 // SIZE - arrived > 1, False)
    if arrived == sent["sent"] - impossible:  # a busy machine drops some of a flood
        want("duplicates", duplicates, sent["sent"] - sent["distinct"])
        want("out of order", own_total("out_of_order"), sent["sent"] - 1 if how == "late" else 0)
        want("lost", lost, sent["greatest"] - sent["distinct"] if how in ("jumping", "late", "leaping") else impossible)
        want("runs", own_total("loss_runs"), sent["sent"] if how == "jumping" else lost if how == "leaping" else 1 if how == "late" else impossible)
    elif how != "twice":
        wrong.append(f"{arrived:.0f} arrived")
    print(f"ok - {how}: {sent['sent']} sent" if not wrong else f"not ok - {how}: {'; '.join(wrong)} of {sent}")

if sys.argv[1] == "leg":
    leg(sys.argv[2], int(sys.argv[3]))
else:
    check(sys.argv[2], json.loads(sys.argv[3]))
