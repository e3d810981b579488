"""delay_truth.py plan ROUNDS: the numbers to drop, as ranges for nft, each with the length of its run.
delay_truth.py queues|losses DIR: compares a record with what both ends' packet sockets saw (capture.py: DIR/sent, DIR/got)."""
import glob, json, math, sys

SPACING_US = 1448 * 8 / 10
def check(good, what): print(("ok - " if good else "not ok - ") + what)

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
    """By local and remote port and number: the sender's time in ns, the kernel's."""
    seen = {}
    for line in open(name):
        fields = line.split()
        if len(fields) == 6 and fields[0] == way and fields[1] == "5201":
            seen.setdefault((fields[1], fields[2], int(fields[3])), (int(fields[4]) * 1000, int(fields[5])))
    return seen

def of(values, share): return values[max(0, math.ceil(share * len(values)) - 1)]

def near(told, wanted): return abs(told - wanted) <= max(200, 0.02 * wanted)

def queues(rows, sent, got):
    """A datagram's queue: its time from one capture to the other. The sender's own delay, from its time to the first capture, is part of what is told: it
    counts where it is small."""
    flows = {key[:2] for key in got}
    least = {f: min(got[k][1] - sent[k][1] for k in got if k[:2] == f and k in sent) for f in flows}
    start = {f: min(got[k][1] - sent[k][0] for k in got if k[:2] == f and k in sent) for f in flows}
    n_good, n_wire, worst, most, seconds = 0, 0, 0, 0, 0
    for row in rows[1:]:
        end = row["longhaul"]["unix_us"] * 1000
        begin = end - row["sum"]["seconds"] * 1e9
        here = [k for k in got if begin <= got[k][1] < end and k in sent]
        whole = sorted((got[k][1] - sent[k][0] - start[k[:2]]) / 1000 for k in here)
        wire = sorted((got[k][1] - sent[k][1] - least[k[:2]]) / 1000 for k in here)
        told = row["longhaul"]["delay_us"]
        seconds += 1
        n_wire += near(told["p99"], of(wire, 0.99)) and near(told["max"], wire[-1])
        errors = [abs(told[name] - value) / max(200, 0.02 * value) for name, value in (("p50", of(whole, 0.5)), ("p95", of(whole, 0.95)), ("p99", of(whole, 0.99)), ("max", whole[-1]))]
        n_good += max(errors) <= 1
        if max(errors) > 1:
            print(f"# second {row['sum']['start']:.0f}: {told}; arrivals less senders' times: p50 {of(whole, 0.5):.0f}, p95 {of(whole, 0.95):.0f}, p99 {of(whole, 0.99):.0f}, max {whole[-1]:.0f}; captures: p99 {of(wire, 0.99):.0f}, max {wire[-1]:.0f}")
        worst, most = max(worst, *errors), max(most, wire[-1])
    # A host that is busy reads a second's last datagrams in the next one.
    check(n_good >= seconds - 2, f"{len(flows)} streams: p50, p95, p99 and max are those of the arrivals less the senders' times, within 0.2 ms or 2 %, in {n_good} of {seconds} seconds (worst: {worst:.2f} of that)")
    check(n_wire >= seconds - 2, f"p99 and max are those of the path between both captures in {n_wire} of {seconds} seconds")
    check(most > 90000, f"the longest queue is {most / 1000:.1f} ms")

def losses(folder, rows, sent, got):
    made = [(*map(int, line.split()[0].split("-")), int(line.split()[1])) for line in open(folder + "/plan")]
    sent, got = {key[2]: value for key, value in sent.items()}, {key[2]: value for key, value in got.items()}
    runs, last = [], None
    for row in rows:
        for run in row["longhaul"].get("runs", "").split():
            distance, length = map(int, run.split(","))
            first = made[0][0] if last is None else last + distance
            last = first + length - 1
            if first not in got:  # what came, and found no room, is this host's
                runs.append((first, last, length))
    check(runs == made, f"all {len(made)} runs of lost datagrams, their places and lengths" + ("" if runs == made else f": {runs} instead of {made}"))
    told = sum(int(run.split(",")[1]) for row in rows for run in row["longhaul"].get("runs", "").split())
    check(told == sum(row["sum"]["lost_packets"] for row in rows), "all runs together are libiperf's loss")
    silences = [(row["longhaul"]["unix_us"] - row["longhaul"]["delay_us"]["silent"], row["longhaul"]["delay_us"]["silence"]) for row in rows if row["longhaul"].get("delay_us", {}).get("silences")]
    long, n_good, worst = [r for r in made if r[2] >= 39], 0, 0
    for first, last, length in long:
        begin, end = got[first - 1][1] / 1000, got[last + 1][1] / 1000
        pause = max(0, (sent[last + 1][0] - sent[first - 1][0]) / 1000 - (length + 1) * SPACING_US)  # the sender's own
        error = min((max(abs(at - begin), abs(us - (end - begin - pause))) for at, us in silences), default=1e9)
        n_good += error <= 2 * SPACING_US
        worst = max(worst, error)
        if error > 2 * SPACING_US:
            print(f"# {length} lost: from {begin:.0f} us, {end - begin:.0f} us, of which {pause:.0f} the sender's; told: {min(silences, key=lambda s: abs(s[0] - begin), default=None)}")
    check(n_good == len(long), f"{n_good} of {len(long)} silences are told, their start and length within two spacings (worst: {worst:.0f} us)")
    order = sorted(got)
    def gap_us(a, b): return (got[b][1] - got[a][1]) / 1000 - max(0, (sent[b][0] - sent[a][0]) / 1000 - (b - a) * SPACING_US)
    # The machine's own: a receiver that did not run for a while. Told from 10 spacings on, by the pace that was measured: it is not exactly the nominal one.
    others = [got[a][1] / 1000 for a, b in zip(order, order[1:]) if gap_us(a, b) > 9 * SPACING_US and not any(a < first <= b for first, _, _ in long)]
    begins = [got[first - 1][1] / 1000 for first, _, _ in long] + others
    false = [s for s in silences if not any(abs(s[0] - begin) <= 2 * SPACING_US for begin in begins)]
    check(not false, f"every silence that is told was one: {len(silences)} told, {len(long)} made, {len(others)} of the machine's own" + "".join(f"; {us:.0f} us at {at:.0f}" for at, us in false))

if sys.argv[1] == "plan":
    plan(int(sys.argv[2]))
else:
    folder = sys.argv[2]
    rows = json.load(open(glob.glob(folder + "/*.json")[0]))["intervals"]
    ends = captured(folder + "/sent", "out"), captured(folder + "/got", "in")
    queues(rows, *ends) if sys.argv[1] == "queues" else losses(folder, rows, *ends)
