"""delay_truth.py plan ROUNDS: the numbers to drop, as ranges for nft, each with the length of its run.
delay_truth.py queues NAME RESULT SENT GOT QUANTILES, delay_truth.py losses PLAN RESULT SENT GOT QUANTILES: compares a record with what the packet sockets
at its sender's and its receiver's interface saw (capture.py). QUANTILES: the program that reads its histograms.
delay_truth.py irtt NAME RESULT IRTT SENT: compares a record with what irtt measured at the same time."""
import json, math, re, subprocess, sys

SPACING_US = 1448 * 8 / 10
failed = False

def check(good, what):
    global failed
    failed |= not good
    print(("ok - " if good else "not ok - ") + what)

def plan(rounds):
    first = 2000
    for length in (1, 2, 7, 40):
        print(f"{first}-{first + length - 1}", length)
        first += 300 + length
    for _ in range(rounds):
        for ms in (50, 120, 300, 900):
            length = round(ms * 1000 / SPACING_US) - 1
            first += 1300 - length
            print(f"{first}-{first + length - 1}", length)
            first += length

def captured(name, way):
    """By source and target port and number: the sender's time in ns, the kernel's."""
    seen = {}
    for line in open(name):
        fields = line.split()
        if len(fields) == 6 and fields[0] == way:
            seen.setdefault((fields[1], fields[2], int(fields[3])), (int(fields[4]) * 1000, int(fields[5])))
    return seen

def of(values, share): return values[max(0, math.ceil(share * len(values)) - 1)]

QUANTILES = ("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1)

def intervals(result):
    """For each interval its row and the datagrams that libiperf counted in it, by the numbers of each stream: a datagram that came at the end of one
    interval and was read in the next one is of the next one. Nothing may have been reordered."""
    ports = {c["socket"]: (str(c["remote_port"]), str(c["local_port"])) for c in result["start"]["connected"]}
    newest = dict.fromkeys(ports, 0)
    for row in result["intervals"]:
        keys = []
        for stream in row["streams"]:
            socket, first = stream["socket"], newest[stream["socket"]] + 1
            newest[socket] += stream["packets"]
            keys += [(*ports[socket], number) for number in range(first, newest[socket] + 1)]
        yield row, keys

def at_border(result, keys):
    """The datagrams of an interval, and what they are where a thread read some after libiperf had counted and before longhaul did (threads from 3.16 on)."""
    yield keys
    if tuple(map(int, result["longhaul"]["libiperf"].split(".")[:2])) < (3, 16):
        return
    last = {k[:2]: k[2] for k in keys}
    first = {k[:2]: k[2] for k in reversed(keys)}
    for begin in (0, 1, 3):
        for end in (0, 1, 3):
            yield [(*f, number) for f in last for number in range(min(first[f] + begin, last[f]), last[f] + end + 1)]

def queues(name, result, sent, got):
    """A datagram's delay is what it took from its sender's time on, above the least: in the sender, which is known from the first capture, and then on the
    path from one capture to the other. So a second's percentiles are those of the path, or more by at most the sender's greatest delay."""
    every = [k for _, keys in intervals(result) for k in keys if k in got and k in sent]
    def least(of_key): return {f: min(of_key(k) for k in every if k[:2] == f) for f in {k[:2] for k in every}}
    def path(k): return got[k][1] - sent[k][1]
    def whole(k): return got[k][1] - sent[k][0]
    def before(k): return sent[k][1] - sent[k][0]
    least_path, least_whole, least_before = least(path), least(whole), least(before)
    n, n_good, n_wire, worst, most, own_most, n_missing, n_full = 0, 0, 0, 0, 0, 0, 0, 0
    for row, keys in list(intervals(result))[1:]:
        here = [k for k in keys if k in got and k in sent]
        if not here:
            continue  # what a session has after its last whole second
        n_missing += max(0, len(keys) - len(here) - row["sum"]["lost_packets"])
        if row["sum"]["lost_packets"] > len(keys) - len(here):
            n_full += 1  # they came, and found no room in this host's socket
            continue
        wholes = sorted((whole(k) - least_whole[k[:2]]) / 1000 for k in here)
        paths = sorted((path(k) - least_path[k[:2]]) / 1000 for k in here)
        own = max((before(k) - least_before[k[:2]]) / 1000 for k in here)
        told = row["longhaul"]["delay_us"]
        def off(value, low, high): return max(low - value, value - high, 0) / max(200, 0.02 * high)
        sets = [sorted((whole(k) - least_whole[k[:2]]) / 1000 for k in keys if k in got and k in sent) for keys in at_border(result, keys)]
        errors = [off(told[q], min(of(v, share) for v in sets), max(of(v, share) for v in sets)) for q, share in QUANTILES]
        wires = [sorted((path(k) - least_path[k[:2]]) / 1000 for k in keys if k in got and k in sent) for keys in at_border(result, keys)]
        wire = [off(told[q], min(of(v, share) for v in wires), max(of(v, share) for v in wires) + own) for q, share in QUANTILES]
        n, n_good, n_wire = n + 1, n_good + (max(errors) <= 1), n_wire + (max(wire) <= 1)
        if max(errors + wire) > 1:
            def figures(values): return ", ".join(f"{q} {of(values, share):.0f}" for q, share in QUANTILES)
            print(f"# {name}, second {row['sum']['start']:.0f}: {told}; arrivals less senders' times: {figures(wholes)}; captures: {figures(paths)}, the sender's own up to {own:.0f}")
        worst, most, own_most = max(worst, *errors), max(most, paths[-1]), max(own_most, own)
    check(n_missing == 0, f"{name}: both captures have every datagram that libiperf counted" + (f", but {n_missing}" if n_missing else ""))
    if n_full:
        print(f"skip - {name}: {n_full} seconds in which this machine's socket was full")
    check(n_good == n >= min(6, 11 - n_full), f"{name}: p50, p95, p99 and max are those of the arrivals less the senders' times, within 0.2 ms or 2 %, in {n_good} of {n} seconds (worst: {worst:.2f} of that)")
    check(n_wire == n, f"{name}: and those of the path between both captures in {n_wire} of {n} seconds (a datagram left its sender up to {own_most / 1000:.2f} ms late)")
    check(most > 60000, f"{name}: the longest queue is {most / 1000:.1f} ms")

def losses(plan, result, sent, got):
    rows = result["intervals"]
    counted = sum(row["sum"]["packets"] for row in rows)  # what came after the end is not
    n_full = sum(key[2] <= counted for key in got) - counted + sum(row["sum"]["lost_packets"] for row in rows)
    if n_full > 0:
        print(f"skip - losses: {n_full} datagrams came and found no room in this machine's socket")
        return
    made = [(*map(int, line.split()[0].split("-")), int(line.split()[1])) for line in open(plan)]
    sent, got = {key[2]: value for key, value in sent.items()}, {key[2]: value for key, value in got.items()}
    runs, last = [], None
    for row in rows:
        for run in row["longhaul"].get("runs", "").split():
            distance, length = map(int, run.split(","))
            first = (made[0][0] if made else 1) if last is None else last + distance
            last = first + length - 1
            if first not in got:  # what came, and found no room, is this host's
                runs.append((first, last, length))
    check(runs == made, f"all {len(made)} runs of lost datagrams, their places and lengths" + ("" if runs == made else f": {runs} instead of {made}"))
    told = sum(int(run.split(",")[1]) for row in rows for run in row["longhaul"].get("runs", "").split())
    check(told == sum(row["sum"]["lost_packets"] for row in rows), "all runs together are libiperf's loss")
    silences = [(row["longhaul"]["unix_us"] - row["longhaul"]["delay_us"]["silent"], row["longhaul"]["delay_us"]["silence"]) for row in rows if row["longhaul"].get("delay_us", {}).get("silences")]
    numbers = sorted(sent)
    def each_us(number): # the sender's pace up to there: one that was held up is behind the nominal one
        return (sent[number][0] - sent[numbers[0]][0]) / 1000 / (number - numbers[0])
    def gap_us(a, b): # without arrivals, less a pause of the sender
        return (got[b][1] - got[a][1]) / 1000 - max(0, (sent[b][0] - sent[a][0]) / 1000 - (b - a) * each_us(a))
    # A sender that was held up sends what it owes at once: what is lost of that leaves no silence.
    # And a row tells only its longest one.
    several = [s for s, row in zip(silences, [r for r in rows if r["longhaul"].get("delay_us", {}).get("silences")]) if row["longhaul"]["delay_us"]["silences"] > 1]
    def is_plain(first, last):
        at, gap = got[first - 1][1] / 1000, gap_us(first - 1, last + 1)
        return gap > 12 * SPACING_US and not any(us > gap and 2 * SPACING_US < abs(begin - at) < 500000 + us for begin, us in several)
    long = [r for r in made if r[2] >= 39 and is_plain(r[0], r[1])]
    n_good, worst, n_made = 0, 0, sum(length >= 39 for _, _, length in made)
    for first, last, length in long:
        begin, gap = got[first - 1][1] / 1000, gap_us(first - 1, last + 1)
        error = min((max(abs(at - begin), abs(us - gap)) for at, us in silences), default=1e9)
        n_good += error <= 2 * SPACING_US
        worst = max(worst, error)
        if error > 2 * SPACING_US:
            print(f"# {length} lost: from {begin:.0f} us, {gap:.0f} us; told: {min(silences, key=lambda s: abs(s[0] - begin), default=None)}")
    check(n_good == len(long) >= n_made / 2, f"{n_good} of {len(long)} silences are told, their start and length within two spacings (worst: {worst:.0f} us)" + (f"; {n_made - len(long)} are hidden by this machine's own" if len(long) < n_made else ""))
    order = sorted(got)
    # The machine's own: a receiver that did not run for a while. Told from 10 spacings on, by the pace that was measured: it is not exactly the nominal one.
    others = [got[a][1] / 1000 for a, b in zip(order, order[1:]) if a > numbers[0] and gap_us(a, b) > 9 * SPACING_US and not any(a < first <= b for first, _, length in made if length >= 39)]
    begins = [got[first - 1][1] / 1000 for first, _, length in made if length >= 39] + others
    false = [s for s in silences if not any(abs(s[0] - begin) <= 2 * SPACING_US for begin in begins)]
    check(not false, f"every silence that is told was one: {len(silences)} told, {len(long)} made, {len(others)} of the machine's own" + "".join(f"; {us:.0f} us at {at:.0f}" for at, us in false))

def held_back(times_ms):
    """The share of the time in which a sender that sends evenly did not send."""
    gaps = [b - a for a, b in zip(times_ms, times_ms[1:])]
    return sum(gap for gap in gaps if gap > 5 + 3 * sum(gaps) / len(gaps)) / sum(gaps)

def irtt(name, result, probes, sent):
    """For how long a packet met a queue of some length, by the share of the packets. A process reads irtt's packets, late where it is not run at once, and
    a queue's end is seen only at the next packet."""
    code = re.search(r"```python\n(.*?)```", open("doc/DELAYS.md", encoding="utf-8").read(), re.S).group(1)
    decoder, counts = {}, {}
    exec(code[:code.index("counts = {}")], decoder)
    for _, _, text in result["longhaul"]["delays"]:
        decoder["add"](counts, text)
    trips = [trip for trip in probes["round_trips"] if "send" in trip["delay"]]
    least = min(trip["delay"]["send"] for trip in trips)
    times = [trip["timestamps"]["client"]["send"]["monotonic"] for trip in trips]
    held = [held_back([time / 1e6 for time in times]), held_back(sorted(sent[k][1] / 1e6 for _, keys in intervals(result) for k in keys if k in sent))]
    if max(held) > 0.02:  # what one of them does not see, the other one does, and what comes at once makes a queue
        print(f"skip - {name}, the delays of irtt: this machine held it back for {100 * held[0]:.0f} % of the time, and longhaul's sender for {100 * held[1]:.0f} %")
        return
    seconds, each_ms = (times[-1] - times[0]) / 1e9, (times[-1] - times[0]) / 1e6 / len(times)
    pairs = []
    for ms in (2, 5, 10, 20, 40, 80):
        here = sum(n for bin, n in counts.items() if decoder["middle_us"](bin) >= ms * 1000) / sum(counts.values()) * result["longhaul"]["observed_s"]
        there = sum(trip["delay"]["send"] - least >= ms * 1e6 for trip in trips) / len(trips) * seconds
        pairs.append((ms, 1000 * here, 1000 * there))
    own_ms = 1500 * max(held) * seconds  # what a sender owes and sends at once waits for about as long as it was held back
    check(all(abs(a - b) <= 3 * each_ms + 0.15 * b + own_ms for _, a, b in pairs), f"{name}: queues of so many ms, for so long by longhaul and by irtt: " + ", ".join(f"{ms}: {a:.0f} and {b:.0f}" for ms, a, b in pairs))

if sys.argv[1] == "plan":
    plan(int(sys.argv[2]))
elif sys.argv[1] == "irtt":
    irtt(sys.argv[2], json.load(open(sys.argv[3])), json.load(open(sys.argv[4])), captured(sys.argv[5], "out"))
else:
    what, first, path, sent, got, program = sys.argv[1:]
    result = json.load(open(path))
    {"queues": queues, "losses": losses}[what](first, result, captured(sent, "out"), captured(got, "in"))
    counted = sum(row["sum"]["packets"] - row["sum"]["lost_packets"] for row in result["intervals"])
    told = subprocess.run([program, path, "0", "1e9"], capture_output=True, text=True).stdout.split()
    check(told[2:] == [str(counted)], f"the histograms have each of the {counted} datagrams" + ("" if told[2:] == [str(counted)] else f": {told}"))
sys.exit(failed)
