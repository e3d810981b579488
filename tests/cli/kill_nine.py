"""kill_nine.py LONGHAUL WORK N PORT SERVER_PORT SLOTS: legs of 0.1 s intervals, SLOTS at a time, each killed (SIGKILL, whole group) at
a random moment, then recovered: the intervals reach from its session's start to its death without a hole, less the one in progress
and at most one more.

The start is not taken from longhaul: every leg speaks to its server through a relay in this program, which sees the server's
TEST_START (1) pass on the control connection. The clock is CLOCK_MONOTONIC of this program. A process that waits for a processor ends
its interval late, and so does one that waits for the disk: how long the leg's have waited for a processor is the kernel's to say (schedstat,
steal), for the disk it is seen in samples, how late this program was is measured, and that much more may be missing, if it was after the last
interval. As much later than planned, too, may the last interval end."""
import bisect, heapq, json, os, random, selectors, signal, socket, subprocess, sys, time

longhaul, work, n_wanted, first_port, first_server, n_slots = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])
seed = int(os.environ.get("SEED", 0)) or random.SystemRandom().randrange(1, 10**6)
dice = random.Random(seed)
selector = selectors.DefaultSelector()
timers, n_timers = [], 0
TEST_START, INTERVAL_S, SAMPLE_S = 1, 0.1, 0.05
HELLO_BYTES = 4  # a stream's first datagram; a longer one of an unknown stream is left over from a dead leg, and not from a new one
SHORTEST = 0.1  # libiperf leaves out an interval that is shorter than this part of one, as after a late one
own_late_s = 0.0

def after(seconds, what):
    global n_timers
    n_timers += 1
    heapq.heappush(timers, (time.monotonic() + seconds, n_timers, what))

def text_of(path):
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(fd, 4096)
    except OSError:
        return b""
    finally:
        os.close(fd)

def threads_of(process):
    try:
        return [f"/proc/{process}/task/{thread}" for thread in os.listdir(f"/proc/{process}/task")]
    except OSError:
        return []

class Waiting:
    """How long a process, its children, this program, and the machine for its own have waited for a processor or the disk."""
    def __init__(self, process):
        self.process, self.known, self.last, self.total_s, self.samples = process, {}, {}, 0, []
        self.sample()

    def more_s(self, whose, now_s):
        more = now_s - self.known.get(whose, now_s if not self.samples else 0)
        self.known[whose] = now_s
        return more

    def sample(self):
        """The kernel counts a wait for a processor when it is over: one that lasts is seen by a thread that is ready and does not run. It
        counts no wait for the disk: a thread that sleeps without signals (D) in two samples and did not run has waited from one to the other."""
        now, lasting = time.monotonic(), 0
        threads = threads_of(self.process)
        for child in [int(word) for thread in threads for word in text_of(thread + "/children").split()]:
            threads += threads_of(child)
        for thread in threads:
            ran = text_of(thread + "/schedstat")
            if len(ran.split()) != 3:
                continue
            self.total_s += self.more_s(thread, int(ran.split()[1]) / 1e9)
            state = text_of(thread + "/stat").rpartition(b") ")[2][:1]
            before, then, since = self.last.get(thread, (None, None, now))
            if before == ran and then == state == b"D":
                self.total_s += now - since
            self.last[thread] = (ran, state, since if before == ran and state == b"R" else now)
            lasting += now - self.last[thread][2]
        steal = text_of("/proc/stat").split(b"\n", 1)[0].split()
        self.total_s += self.more_s("own", own_late_s) + self.more_s("steal", int(steal[8]) / os.sysconf("SC_CLK_TCK") if len(steal) > 8 else 0)
        self.samples.append((now, self.total_s + lasting))

    def since_s(self, moment):
        at = bisect.bisect_right(self.samples, (moment, float("inf"))) - 1
        return self.samples[-1][1] - self.samples[max(at, 0)][1]

def watch(sock, what):
    sock.setblocking(False)
    selector.register(sock, selectors.EVENT_READ, what)

class Slot:
    """One port, its relay to one server, and one leg after the other."""
    def __init__(self, i):
        self.port, self.server = first_port + i, ("127.0.0.1", first_server + i)
        self.sockets, self.streams, self.leg = [], {}, None
        self.listener = socket.create_server(("127.0.0.1", self.port))
        watch(self.listener, self.accept)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        watch(self.udp, self.from_client)

    def accept(self):
        try:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.server)
        except OSError:
            return
        for s in (client, server):
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets.append(s)
        watch(client, lambda: self.relay(client, server, False))
        watch(server, lambda: self.relay(server, client, True))

    def relay(self, source, sink, is_server):
        try:
            data = source.recv(65536)
            if data:
                if is_server and self.leg and self.leg.start is None and TEST_START in data:
                    self.leg.start = time.monotonic()
                sink.setblocking(True)
                sink.sendall(data)
                sink.setblocking(False)
                return
        except OSError:
            pass
        for s in (source, sink):
            self.drop(s)

    def drop(self, sock):
        if sock in self.sockets:
            self.sockets.remove(sock)
            selector.unregister(sock)
            sock.close()

    def from_client(self):
        try:
            data, address = self.udp.recvfrom(65536)
            if address not in self.streams:
                if len(data) > HELLO_BYTES:
                    return
                stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                stream.connect(self.server)
                self.streams[address] = stream
                self.sockets.append(stream)
                watch(stream, lambda: self.from_server(stream, address))
            self.streams[address].send(data)
        except OSError:
            pass

    def from_server(self, stream, address):
        try:
            self.udp.sendto(stream.recv(65536), address)
        except OSError:
            pass

    def begin(self):
        global n_begun
        if n_begun == n_wanted:
            return
        n_begun += 1
        self.leg = Leg(self, n_begun)

    def end(self):
        for s in list(self.sockets):
            self.drop(s)
        self.streams.clear()
        self.leg = None
        after(0.25, self.begin)

class Leg:
    """One run and its death."""
    def __init__(self, slot, number):
        self.slot, self.start, self.killed, self.is_over = slot, None, None, False
        self.seconds = dice.choice((2, 3, 4))
        self.dir = f"{work}/{number}"
        self.way = dice.choice(("push", "pull"))
        command = [longhaul, "run", "A", "B", "127.0.0.1", "-p", str(slot.port), "-t", str(self.seconds), "-i", str(INTERVAL_S), "-b", "400K",
                   "-l", "1000", "--dir", self.dir] + (["--pull"] if self.way == "pull" else [])
        self.process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(f"{work}/{number}.err", "w"))
        self.begun, self.waiting = time.monotonic(), Waiting(self.process.pid)
        self.sample()
        # One in ten at any moment from the fork on, the others from the start of the test to just beyond its end.
        self.is_early = dice.random() < 0.1
        self.delay = dice.uniform(0, 0.3) if self.is_early else dice.uniform(0, self.seconds + 0.1)
        after(self.delay if self.is_early else 0.002, self.kill if self.is_early else self.wait_for_start)

    def sample(self):
        if self.killed is None:
            self.waiting.sample()
            after(SAMPLE_S, self.sample)

    def wait_for_start(self):
        if self.start is not None:
            after(self.start + self.delay - time.monotonic(), self.kill)
        elif self.process.poll() is not None or time.monotonic() - self.begun > 20:
            self.kill()
        else:
            after(0.002, self.wait_for_start)

    def kill(self):
        self.is_over = self.process.poll() is not None
        self.sample()
        self.killed = self.before = time.monotonic()
        if not self.is_over:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.after = time.monotonic()
        self.process.wait()
        legs.append(self)
        self.slot.end()

    def missing(self, end_s):
        """How many intervals are missing that were over at its death, when the last of them ended at end_s; less than 0: too many."""
        if self.start is None:
            return 0 if end_s == 0 else -1
        if end_s > min(self.after - self.start, self.seconds + INTERVAL_S + self.waiting.since_s(self.start)):
            return -1
        missing_s = min(self.before - self.start, self.seconds) - end_s - self.waiting.since_s(self.start + end_s)
        return max(int(missing_s / INTERVAL_S), 0)

    def recover(self):
        """Where its last interval ends; and what is wrong with them."""
        journals = [f"{self.dir}/{f}" for f in (os.listdir(self.dir) if os.path.isdir(self.dir) else []) if f.endswith(".journal")]
        self.said = ""
        if journals:
            done = subprocess.run([longhaul, "recover", *journals], capture_output=True, text=True)
            self.said = done.stderr.strip()
            if done.returncode != 0:
                return 0, "" if "no interval in it" in self.said or "not a journal" in self.said else self.said
        files = os.listdir(self.dir) if os.path.isdir(self.dir) else []
        results = [f for f in files if f.endswith(".json")]
        if not results:
            return 0, ""
        rows = json.load(open(f"{self.dir}/{results[0]}"))["intervals"]
        sums = [r["sum"] for r in rows]
        holes = [(a["end"], b["start"]) for a, b in zip(sums, sums[1:]) if not 0 <= b["start"] - a["end"] < SHORTEST * INTERVAL_S]
        if sums[0]["start"] != 0 or holes:
            return sums[-1]["end"], f"the axis has holes: {sums[0]['start']}, {holes}"
        left = [f for f in files if f.endswith(".journal")]
        return sums[-1]["end"], f"left behind: {left}" if left or len(results) > 1 else ""

legs, n_begun = [], 0
slots = [Slot(i) for i in range(n_slots)]
for i, slot in enumerate(slots):
    after(0.13 * i, slot.begin)
began = time.monotonic()
while len(legs) < n_wanted:
    if timers:
        own_late_s += max(0, time.monotonic() - timers[0][0])
    while timers and timers[0][0] <= time.monotonic():
        heapq.heappop(timers)[2]()
    for key, _ in selector.select(max(0, timers[0][0] - time.monotonic()) if timers else 0.05):
        try:
            if key.fileobj.fileno() >= 0:
                key.data()
        except KeyError:
            pass
n_good, misses = 0, {0: 0, 1: 0}
n_started = sum(leg.start is not None for leg in legs)
for leg in legs:
    end_s, trouble = leg.recover()
    missing = leg.missing(end_s)
    if 0 <= missing <= 1 and not trouble:
        n_good += 1
        misses[missing] += 1
    else:
        since = "no start" if leg.start is None else f"{leg.before - leg.start:.4f} s after the start"
        late = "" if leg.start is None else f", {leg.waiting.since_s(leg.start + end_s):.4f} s of that waiting"
        print(f"not ok - kill -9 of {leg.dir.rsplit('/', 1)[-1]} ({leg.way}, {leg.seconds} s), {since}: intervals to {end_s:.4f} s{late} "
              f"{trouble} {leg.said} {open(leg.dir + '.err').read().strip()}")
over = sum(leg.is_over for leg in legs)
print(f"# seed {seed}: {n_started} of {len(legs)} had begun, {over} had ended by themselves; {misses[0]} times none missing but the one in "
      f"progress, {misses[1]} times one more; {time.monotonic() - began:.0f} s")
print(f"{'ok' if n_good == n_wanted and n_started >= 0.8 * n_wanted else 'not ok'} - kill -9 at {n_wanted} random moments: after recover "
      f"nothing but the interval in progress is missing, {n_good} of {n_wanted}")
sys.exit(n_good != n_wanted)
