"""reorder_path.py PORT TO DELAY_MS REORDER DUPLICATE LOSE: a path on loopback for one UDP leg. Of the datagrams of its data every
REORDER-th arrives DELAY_MS late, every DUPLICATE-th twice, every LOSE-th never (0: none). At its end it prints what it did: datagrams
passed, late, twice, lost. Both directions are treated alike."""
import heapq, selectors, signal, sys, time

from tcp_relay import datagrams_at, datagrams_to, relay

port, to, delay_ms, reorder, duplicate, lose = map(int, sys.argv[1:7])
counts = {"passed": 0, "late": 0, "twice": 0, "lost": 0}


class Path:
    def __init__(self):
        self.front = datagrams_at(port)
        self.flows, self.waiting, self.n = {}, [], 0
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.front, selectors.EVENT_READ, None)

    def send(self, data, way):
        if len(data) < 64:   # the handshake of a stream
            return way(data)
        self.n += 1
        every = lambda k: k and self.n % k == 0
        counts["passed"] += 1
        if every(lose):
            counts["lost"] += 1
        elif every(reorder):
            counts["late"] += 1
            heapq.heappush(self.waiting, (time.monotonic() + delay_ms / 1000, self.n, data, way))
        else:
            way(data)
            if every(duplicate):
                counts["twice"] += 1
                way(data)

    def forward(self):
        data, address = self.front.recvfrom(65536)
        if address not in self.flows:
            self.flows[address] = datagrams_to(to)
            self.selector.register(self.flows[address], selectors.EVENT_READ, address)
        self.send(data, self.flows[address].send)

    def run(self):
        while True:
            until = self.waiting[0][0] - time.monotonic() if self.waiting else 0.2
            for key, _ in self.selector.select(max(0, until)):
                try:
                    if key.data is None:
                        self.forward()
                    else:
                        self.send(key.fileobj.recv(65536), lambda d, a=key.data: self.front.sendto(d, a))
                except OSError:
                    pass
            while self.waiting and self.waiting[0][0] <= time.monotonic():
                _, _, data, way = heapq.heappop(self.waiting)
                try:
                    way(data)
                except OSError:
                    pass


def end(*_):
    print(counts["passed"], counts["late"], counts["twice"], counts["lost"], flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
relay(port, to)
Path().run()
