"""kill_nine.py LONGHAUL WORK N PORT SERVER_PORT SLOTS: legs of 0.1 s intervals, SLOTS at a time, each killed (SIGKILL, whole group) at
a random moment, then recovered: as many intervals as there were since its session's start, less at most one.

The start is not taken from longhaul: every leg speaks to its server through a relay in this program, which sees the server's
TEST_START (1) pass on the control connection. The clock is CLOCK_MONOTONIC of this program."""
import heapq, json, os, random, selectors, signal, socket, subprocess, sys, time

longhaul, work, n_wanted, first_port, first_server, n_slots = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])
seed = int(os.environ.get("SEED", 0)) or random.SystemRandom().randrange(1, 10**6)
dice = random.Random(seed)
selector = selectors.DefaultSelector()
timers, n_timers = [], 0
TEST_START, INTERVAL_S = 1, 0.1

def after(seconds, what):
    global n_timers
    n_timers += 1
    heapq.heappush(timers, (time.monotonic() + seconds, n_timers, what))

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
        self.begun = time.monotonic()
        # One in ten at any moment from the fork on, the others from the start of the test to just beyond its end.
        self.is_early = dice.random() < 0.1
        self.delay = dice.uniform(0, 0.3) if self.is_early else dice.uniform(0, self.seconds + 0.1)
        after(self.delay if self.is_early else 0.002, self.kill if self.is_early else self.wait_for_start)

    def wait_for_start(self):
        if self.start is not None:
            after(self.start + self.delay - time.monotonic(), self.kill)
        elif self.process.poll() is not None or time.monotonic() - self.begun > 20:
            self.kill()
        else:
            after(0.002, self.wait_for_start)

    def kill(self):
        self.is_over = self.process.poll() is not None
        self.before = time.monotonic()
        if not self.is_over:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.after = time.monotonic()
        self.process.wait()
        legs.append(self)
        self.slot.end()

    def n_since(self, moment):
        if self.start is None:
            return 0
        return min(int((moment - self.start) / INTERVAL_S), round(self.seconds / INTERVAL_S))

    def recover(self):
        """How many intervals there are; and what is wrong with them."""
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
        if any(a["end"] != b["start"] for a, b in zip(sums, sums[1:])):
            return len(rows), "the axis has a hole"
        left = [f for f in files if f.endswith(".journal")]
        return len(rows), f"left behind: {left}" if left or len(results) > 1 else ""

legs, n_begun = [], 0
slots = [Slot(i) for i in range(n_slots)]
for i, slot in enumerate(slots):
    after(0.13 * i, slot.begin)
began = time.monotonic()
while len(legs) < n_wanted:
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
    n, trouble = leg.recover()
    least, most = leg.n_since(leg.before) - 1, leg.n_since(leg.after)
    if least <= n <= most and not trouble:
        n_good += 1
        misses[most - n] = misses.get(most - n, 0) + 1
    else:
        since = "no start" if leg.start is None else f"{leg.before - leg.start:.4f} s after the start"
        print(f"not ok - kill -9 of {leg.dir.rsplit('/', 1)[-1]} ({leg.way}, {leg.seconds} s), {since}: {n} intervals, wanted {least} to {most} "
              f"{trouble} {leg.said} {open(leg.dir + '.err').read().strip()}")
over = sum(leg.is_over for leg in legs)
print(f"# seed {seed}: {n_started} of {len(legs)} had begun, {over} had ended by themselves; {misses[0]} times none missing, {misses[1]} times "
      f"the one in progress; {time.monotonic() - began:.0f} s")
print(f"{'ok' if n_good == n_wanted and n_started >= 0.8 * n_wanted else 'not ok'} - kill -9 at {n_wanted} random moments: after recover "
      f"nothing but the interval in progress is missing, {n_good} of {n_wanted}")
sys.exit(n_good != n_wanted)
