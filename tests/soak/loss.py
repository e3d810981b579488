"""loss.py - what the legs of a soak say they lost, compared with the truth by sequence number. For check.py.

The rows of a receiver's session say how many packets there have been (the highest number that was read) and how many of those were lost.
wire.py knows which numbers never came to the host. So after each row, without any clock:

    lost so far = numbers up to the row's that never came + what the socket's full buffer dropped of them

The second term is what is left, and must be the kernel's: never more than it had counted for that socket by then, and at the session's
end as many, but for those behind the last row's number ("tail"), of which no receiver can know. What never came is the packet filter's:
the same number for each fault that lets the session live; where it ends the session, what was dropped last is never seen ("unseen")."""
import bisect, collections, json

SETTLE_S = 12   # after a fault: reconnecting
LIVES = ("drop-to", "drop-from", "burst-to", "burst-from", "cut-short")  # no session ends by these

class Flow:
    """One session's datagrams as they came to the receiving host."""
    def __init__(self, seen, drops):
        self.seen, self.drops = seen, drops  # of its socket: [(time after which, so far)]
        self.gaps = seen["gaps"]
        self.ends = [g[2] for g in self.gaps]
        self.before = [0]
        for _, first, last in self.gaps:
            self.before.append(self.before[-1] + last - first + 1)
        self.late = sorted(number for _, number in seen["late"])

    def missing(self, number):
        """How many up to this one never came."""
        i = bisect.bisect_right(self.ends, number)
        inside = max(0, number - self.gaps[i][1] + 1) if i < len(self.gaps) else 0
        return self.before[i] + inside - bisect.bisect_right(self.late, number)

    def came_after(self, number):
        return max(0, self.seen["highest"] - number - (self.missing(self.seen["highest"]) - self.missing(number)))

    def dropped_by(self, when):
        """What the kernel had counted for the socket, at most, at that time."""
        return max((n for t, n in self.drops if t <= when), default=0)

    def dropped(self):
        return self.drops[-1][1] if self.drops else 0

class Truth:
    def __init__(self, folder):
        self.wire = json.load(open(f"{folder}/wire.json"))["hosts"]
        self.counted = collections.Counter()
        for name, n in map(str.split, open(f"{folder}/counted")):
            self.counted[name] += int(n)  # of a port, one host sends and the router passes
        self.filtered = {w[0]: [int(n) for n in w[1:]] for w in map(str.split, open(f"{folder}/filtered"))}

    def missed(self):
        return sum(h["missed"] for h in self.wire.values())

    def flows(self, host, port):
        h = self.wire[host]
        sockets = collections.defaultdict(list)
        for name, drops in h["sockets"].items():
            sockets[tuple(map(int, name.split()[:2]))].append(drops)
        for f in h["flows"]:
            if f["port"] == port:
                of_it = [d for d in sockets[port, f["client_port"]] if d[0][0] < f["last_s"] + 1 and d[-1][0] > f["first_s"] - 60]
                yield Flow(f, of_it[0] if of_it else [])

    def kernel_drops(self, host):
        """RcvbufErrors and MemErrors of the whole host, and of them what is not seen at a socket: it closed within the sampling."""
        c = self.wire[host]["counters"]
        whole = sum(c[name][-1][1] - c[name][0][1] for name in ("RcvbufErrors", "MemErrors"))
        return whole, whole - sum(d[-1][1] for d in self.wire[host]["sockets"].values())

def sessions_of(document):
    """[(start: time of day, segment, rows)]: rows are (time of day, packets, lost)"""
    own, rows = document["longhaul"], document["intervals"]
    zero = own["first_interval_unix_us"] / 1e6 - rows[0]["sum"]["end"]
    for s in own["segments"]:
        of_it = rows[s["first_interval"]:s["last_interval"] + 1] if "first_interval" in s else []
        of_it = [(r["longhaul"]["unix_us"] / 1e6, r["sum"].get("packets", 0), r["sum"].get("lost_packets") or 0) for r in of_it]
        if of_it:
            yield zero + s["start_s"], s, of_it

Session = collections.namedtuple("Session", "packets lost socket tail wrong")

def follow(flow, rows):
    packets = lost = socket = 0
    n_late = len(flow.late)  # those may come after a row that counts them
    wrong = []
    for when, n, n_lost in rows:
        packets += n; lost += n_lost
        left = lost - flow.missing(packets)
        if not socket - n_late <= left <= max(flow.dropped_by(when), socket) + n_late:
            wrong.append(f"{when:.1f}: {lost} lost of {packets}, {flow.missing(packets)} never came, {flow.dropped_by(when)} at the socket")
        socket = left
    tail = flow.dropped() - socket
    if not 0 <= tail <= flow.came_after(packets):
        wrong.append(f"{rows[-1][0]:.1f}: at the end {flow.dropped()} dropped at the socket, {socket} of them lost, {flow.came_after(packets)} behind the last row")
    return Session(packets, lost, socket, tail, wrong)

def of_leg(truth, name, host, port, document, sender, check):
    """Rows of the receiver's document against wire and socket. The sender's says of a session that both ends finished how many of its
    packets no row knows of. Returns the flows and a line of the table."""
    flows, wrong, n_rows = list(truth.flows(host, port)), [], 0
    unseen = {s["cookie"]: s["unseen_packets"] for s in sender["longhaul"]["segments"] if "unseen_packets" in s}
    without = list(flows)
    total = collections.Counter()
    for start, segment, rows in sessions_of(document):
        near = min(without, key=lambda f: abs(f.seen["first_s"] - start), default=None)
        if near is None or abs(near.seen["first_s"] - start) > 3:
            if sum(r[1] for r in rows):
                wrong.append(f"a session at {start:.1f} that nothing came for")
            continue
        without.remove(near)
        s = follow(near, rows)
        n_rows += len(rows)
        wrong += s.wrong
        total.update(packets=s.packets, lost=s.lost, socket=s.socket, tail=s.tail, never=near.missing(s.packets),
                     unrecorded=near.came_after(s.packets), kernel=near.dropped(), late=len(near.late))
        behind = near.came_after(s.packets)
        if behind > unseen.get(segment["cookie"], behind):
            wrong.append(f"the session at {start:.1f}: {behind} came behind its last row, and it says {unseen[segment['cookie']]}")
    for f in without:
        total["unrecorded"] += f.seen["arrived"]
        if f.seen["last_s"] - f.seen["first_s"] > 2.5:
            wrong.append(f"no session has the {f.seen['arrived']} packets that came from {f.seen['first_s']:.1f} on")
    left = total["lost"] - total["never"] - total["socket"]
    check(not wrong and left == 0, f"{name}: after each of {n_rows} rows the lost ones are those that never came and those that the socket dropped: "
          f"{total['lost']} = {total['never']} + {total['socket']}, of {total['kernel']} the kernel counts there {wrong[:5] or ''}")
    total["arrived"] = sum(f.seen["arrived"] for f in flows)
    return flows, total

def of_host(truth, name, host, facts, check):
    """What a result itself says that its host dropped. Nobody counts while a run that was killed is away, or the time before its kill."""
    whole, its = truth.kernel_drops(host)[0], facts["drops"]["udp_receive_buffer"] + facts["drops"]["udp_memory"]
    is_partial = facts.get("drops_are_partial", False)
    check(its <= whole if is_partial else its == whole, f"{name}: its result says that {its:.0f} datagrams found a full buffer, the kernel {whole}"
          + (", and a part of the run was killed" if is_partial else ""))

def of_wire(truth, name, spoke, way, port, flows, faults, check):
    """The gaps in the numbers against what the filter dropped, fault by fault."""
    gaps = [(t, last - first + 1) for f in flows for t, first, last in f.gaps]
    gaps += [(t, -1) for f in flows for t, _ in f.seen["late"]]  # what a neighbour's address was awaited for comes behind newer ones
    wrong, unseen, exact, in_fault = [], 0, 0, 0
    for f in faults:
        of_it = sum(n for t, n in gaps if f.since <= t < f.until + SETTLE_S)
        in_fault += of_it
        by_filter = (f.to_hub, f.from_hub)[way]
        if f.kind in LIVES:
            exact += by_filter > 0
            if of_it != by_filter:
                wrong.append(f"{f.kind} at {f.since:.0f}: the filter dropped {by_filter}, {of_it} never came")
        elif f.kind == "link-down":
            pass  # no filter: the whole run's count, below
        elif of_it > by_filter:
            wrong.append(f"{f.kind} at {f.since:.0f}: the filter dropped {by_filter}, {of_it} never came")
        else:
            unseen += by_filter - of_it
    stray = sum(n for _, n in gaps) - in_fault
    check(not wrong and stray == 0, f"{name}: {exact} faults dropped packets of a session that lived, and these and no others never came; {stray} were lost outside all faults {wrong[:5] or ''}")
    on_link = sum(n for t, n in gaps for f in faults if f.kind == "link-down" and f.since <= t < f.until + SETTLE_S)
    sent, passed, by_filter = truth.counted[f"sent_{port}"], truth.counted[f"passed_{port}"], truth.filtered[spoke][way]
    arrived = sum(f.seen["arrived"] for f in flows)
    lost_on_links = sent - by_filter - arrived
    # To an address that the spoke has no more the server sends until it gives up: the router has no way for that, and nobody sees it.
    may_be_unseen = way == 1 and any(f.kind == "address" for f in faults)
    check(lost_on_links == on_link or (may_be_unseen and lost_on_links > on_link), f"{name}: of {sent} sent {by_filter} were dropped by the filter, "
          f"{arrived} arrived, and {lost_on_links} lacked a link: {on_link} never came while it was down" + (", the rest was for an address that is gone" if may_be_unseen else ""))
    return {"sent": sent, "filter": by_filter, "first link": sent - by_filter - passed, "last link": passed - arrived, "unseen": unseen}

COLUMNS = ["sent", "filter", "first link", "last link", "arrived", "packets", "lost", "never", "socket", "kernel", "tail", "unseen", "unrecorded", "late"]

def table(lines):
    print("loss of each leg, in packets: " + "sent by the host, dropped by the filter, lost on the sender's and on the receiver's link, arrived; "
          "the rows' packets and lost; of these never came, dropped at the socket; the kernel's count of that, and the part behind the last row; "
          "dropped by the filter at a session's end; arrived, and no row of a session has them; out of order")
    print(f"{'leg':8s}" + "".join(f"{c:>11s}" for c in COLUMNS))
    for name, line in lines:
        print(f"{name:8s}" + "".join(f"{line.get(c, 0):11d}" for c in COLUMNS))
