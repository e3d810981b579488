#!/usr/bin/env python3
"""same_figures.py leg HOW PORT: a pushed UDP test with losses, duplicates and reordered datagrams, the same ones each time; prints as JSON what libiperf
counts of them (iperf_udp.c: iperf_udp_recv), worked out here. HOW is narrow or wide (counters of 32, of 64 bits), two (streams).
same_figures.py check HOW EXPECTED RESULT STOCK: RESULT is longhaul serve's, STOCK that of iperf3 -s, or none."""
import json, random, select, struct, sys, time
import abuse

SIZE, SECONDS, EACH = 1000, 4, 150
FROM_S, UNTIL_S = 0.25, 0.65   # of each second: so no datagram is near the end of an interval
SWING_S = 0.1                  # every other one seems to have been sent so much earlier: the jitter, next to which a machine's own is small
LATEST_S = 0.9


class Counts:
    """A stream of libiperf's."""
    def __init__(self):
        self.greatest = self.lost = self.out_of_order = self.n = 0
        self.jitter, self.transit = 0.0, None

    def arrive(self, number, transit_s):
        self.n += 1
        if number >= self.greatest + 1:
            self.lost += number - 1 - self.greatest
            self.greatest = number
        else:
            self.out_of_order += 1
            self.lost -= self.lost > 0
        if self.transit is not None:
            self.jitter += (abs(transit_s - self.transit) - self.jitter) / 16
        self.transit = transit_s


def numbers(seed):
    """The numbers in the order in which they are sent."""
    dice, order = random.Random(seed), []
    number = 0
    while number < SECONDS * EACH:
        number += 1
        kind = dice.random()
        if kind < 0.03:
            number += dice.choice([0, 1, 6, 30])   # lost, alone or with those that follow
        elif kind < 0.10:
            order += [(number, number), (number + dice.randrange(3), number)]
        elif kind < 0.20:
            order.append((number + dice.randrange(1, 9), number))
        else:
            order.append((number, number))
    return [n for _, n in sorted(order, key=lambda pair: pair[0])]


def send(control, streams, form):
    counts, begin = [Counts() for _ in streams], time.monotonic()
    orders = [numbers(seed) for seed in range(len(streams))]
    rows, before, in_time = [], (0, 0, 0), True
    for second in range(SECONDS):
        part = [order[len(order) * second // SECONDS:len(order) * (second + 1) // SECONDS] for order in orders]
        for i in range(max(map(len, part))):
            time.sleep(max(0, begin + second + FROM_S + (UNTIL_S - FROM_S) * i / max(map(len, part)) - time.monotonic()))
            for data, count, its in zip(streams, counts, part):
                if i < len(its):
                    ahead_s = SWING_S * (i % 2)
                    now_us = int((time.monotonic() - ahead_s) * 1e6)
                    data.send(struct.pack(form, now_us // 1000000, now_us % 1000000, its[i]).ljust(SIZE, bytes(1)))
                    count.arrive(its[i], ahead_s)
        in_time = in_time and time.monotonic() < begin + second + LATEST_S
        now = tuple(sum(values) for values in zip(*((c.n * SIZE, c.greatest, c.lost) for c in counts)))
        rows.append([a - b for a, b in zip(now, before)])
        before = now
        if select.select([control], [], [], 0)[0]:
            raise OSError("the server speaks")
    time.sleep(max(0, begin + SECONDS + 0.3 - time.monotonic()))
    return {"rows": rows, "in_time": in_time, "total": before, "out_of_order": sum(c.out_of_order for c in counts),
            "jitter_ms": sum(c.jitter for c in counts) / len(counts) * 1000}


def leg(how, port):
    n_streams, is_wide = 2 if how == "two" else 1, how != "narrow"
    label = json.dumps({"longhaul": 1, "stem": f"{how}-Y-1M_4S_20251115_010046", "interval_s": 1}, separators=(",", ":"))
    with abuse.connect(port) as control:
        control.settimeout(8)
        control.sendall(abuse.cookie())
        abuse.wait_state(control, abuse.PARAM_EXCHANGE)
        abuse.send_json(control, json.dumps(abuse.parameters(time=SECONDS + 2, bandwidth=10000000, parallel=n_streams, extra_data=label,
                                                             **({"udp_counters_64bit": 1} if is_wide else {}))))
        abuse.wait_state(control, abuse.CREATE_STREAMS)
        streams = [abuse.open_stream(port) for _ in range(n_streams)]
        abuse.wait_state(control, abuse.TEST_START)
        abuse.wait_state(control, abuse.TEST_RUNNING)
        sent = send(control, streams, ">IIQ" if is_wide else ">III")
        control.sendall(struct.pack("b", abuse.TEST_END))
        abuse.wait_state(control, abuse.EXCHANGE_RESULTS)
        abuse.send_json(control, json.dumps(abuse.results(*(abuse.stream_results(sent["total"][0] // n_streams, sent["total"][1] // n_streams, SECONDS, id=1 + 2 * i)
                                                            for i in range(n_streams)))))
        abuse.receive(control, struct.unpack(">I", abuse.receive(control, 4))[0])
        abuse.wait_state(control, abuse.DISPLAY_RESULTS)
        control.sendall(struct.pack("b", abuse.DONE))
    print(json.dumps(sent))


def signed(n):
    """libiperf writes a loss below 0, of losses before that came after all, without its sign."""
    return n - 2 ** 64 if n >= 2 ** 63 else n


def figures(path):
    result = json.load(open(path))
    rows = [[signed(row["sum"][key]) for key in ("bytes", "packets", "lost_packets")] for row in result["intervals"]]
    udp = [s.get("udp", {}) for s in result["end"].get("streams", [])]
    return {"rows": rows, "total": [sum(values) for values in zip(*rows)], "jitter_ms": result["intervals"][min(SECONDS, len(rows)) - 1]["sum"]["jitter_ms"],
            "out_of_order": sum(s.get("out_of_order", 0) for s in udp)}


def check(how, expected, path, stock=None):
    wanted, seen = json.load(open(expected)), figures(path)
    def tell(good, what): print(("ok - " if good else "not ok - ") + f"{how}: {what}")
    def is_alike(a, b):
        return (list(a["total"]) == list(b["total"]) and abs(a["jitter_ms"] / b["jitter_ms"] - 1) < 0.05 and
                (not wanted["in_time"] or a["rows"][:SECONDS] == b["rows"][:SECONDS]))
    tell(is_alike(wanted, seen), f"bytes, packets and losses of each second are libiperf's own ({wanted['total']}, jitter {wanted['jitter_ms']:.1f} ms): "
                                 f"{seen['total']}, {seen['jitter_ms']:.1f} ms" + ("" if is_alike(wanted, seen) else f"; {wanted['rows']}, {seen['rows']}"))
    if stock:
        its = figures(stock)
        tell(is_alike(its, seen) and its["out_of_order"] == wanted["out_of_order"],
             f"and those of iperf3 -s ({its['total']}, jitter {its['jitter_ms']:.1f} ms, {its['out_of_order']} and {wanted['out_of_order']} out of order)")


if sys.argv[1] == "leg":
    leg(sys.argv[2], int(sys.argv[3]))
else:
    check(*sys.argv[2:])
