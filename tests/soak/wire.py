"""wire.py FILE HOST=ID...: what arrived at each host of a bed and what its kernel dropped there, until it is ended by SIGTERM; then FILE
(JSON) has it. ID is a process in the host's namespace. The truth with which a soak's losses are compared, sequence number by sequence number.

Each test datagram of libiperf's has its number (64 bits: longhaul asks for that) behind eight bytes of time. A packet socket sees it as
it comes from the wire, before the buffer of its UDP socket. For each stream ("flow": the server's port, the client's address and port):
how many came, the highest number, the numbers that are missing and when that was seen, those that came late. And in time, of the
kernel's counters: the drops of each UDP socket, and RcvbufErrors and MemErrors of each host.
It is ready when FILE is there. What this program itself missed, its own buffer being full, is in "missed": with any of that the rest is worth nothing."""
import ctypes, errno, json, os, signal, socket, struct, sys, time

PORTS = range(5201, 5217)
SNAP, SO_ATTACH_FILTER, SO_RCVBUFFORCE, ETH_P_IP, SOL_PACKET, PACKET_STATISTICS = 64, 26, 33, 0x0800, 263, 6
BUFFER_BYTES = 1 << 28
DRAIN_S, SAMPLE_S = 0.01, 0.1

def attach_filter(s):
    """IPv4 without options, UDP with more than 100 bytes, not what the host itself sends: SNAP bytes of it from the IP header on."""
    B, H, RET, JEQ, JGT = 0x30, 0x28, 0x06, 0x15, 0x25
    program = [(B, 0, 0, 0xfffff004), (JEQ, 7, 0, 4),  # packet type: outgoing
               (B, 0, 0, 0), (JEQ, 0, 5, 0x45), (B, 0, 0, 9), (JEQ, 0, 3, 17),
               (H, 0, 0, 24), (JGT, 0, 1, 100), (RET, 0, 0, SNAP), (RET, 0, 0, 0)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *i) for i in program))
    s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(program), ctypes.addressof(code)))

def listen_in(pid):
    """A packet socket on eth0 of the namespace of that process."""
    with open(f"/proc/{pid}/ns/net") as ns:
        if ctypes.CDLL(None, use_errno=True).setns(ns.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    try:
        s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    except PermissionError:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    attach_filter(s)
    s.bind(("eth0", ETH_P_IP))
    s.setblocking(False)
    return s

class Flow:
    def __init__(self, host, key, now, number):
        self.host, (self.port, self.client, self.client_port) = host, key
        self.first_s, self.first = now, number
        self.highest, self.arrived, self.gaps, self.late = 0, 0, [], []

    def take(self, now, number):
        self.arrived += 1
        if number == self.highest + 1:
            self.highest = number
        elif number > self.highest:
            self.gaps.append((now, self.highest + 1, number - 1))
            self.highest = number
        else:
            self.late.append((now, number))
        self.last_s = now

class Series(dict):
    """name to [(time, value)], a pair for each change: it came about after that time, which is that of the look before"""
    def add(self, name, before, value):
        seen = self.setdefault(name, [])
        if not seen or seen[-1][1] != value:
            seen.append((before, value))

class Host:
    def __init__(self, name, pid):
        self.name, self.pid, self.socket = name, pid, listen_in(pid)
        self.flows, self.newest = [], {}
        self.sockets, self.counters = Series(), Series()
        self.missed, self.seen, self.looked_s = 0, 0, time.time()

    def drain(self, buffer, unpack=struct.Struct("!12x4s4sHH4x8xQ").unpack_from):
        now, receive = time.time(), self.socket.recv_into
        try:
            while True:
                receive(buffer)
                self.seen += 1
                source, destination, source_port, port, number = unpack(buffer)
                key = (port, source, source_port) if port in PORTS else (source_port, destination, port)
                flow = self.newest.get(key)
                if flow is None or (number < 10 and flow.highest > 1000):
                    flow = self.newest[key] = Flow(self.name, key, now, number)
                    self.flows.append(flow)
                flow.take(now, number)
        except BlockingIOError:
            pass
        except OSError as e:
            if e.errno != errno.ENETDOWN:  # said once; the socket works again when the link is up
                raise

    def read(self, what):
        with open(f"/proc/{self.pid}/net/{what}") as f:
            return f.read()

    def sample(self):
        now, before = time.time(), self.looked_s
        for line in self.read("udp").splitlines()[1:] + self.read("udp6").splitlines()[1:]:
            w = line.split()
            here, there = (int(a.rpartition(":")[2], 16) for a in w[1:3])
            if there and (here in PORTS or there in PORTS):
                port, client_port = (here, there) if here in PORTS else (there, here)
                self.sockets.add(f"{port} {client_port} {w[9]}", before, int(w[-1]))
        names, values = [line.split()[1:] for line in self.read("snmp").splitlines() if line.startswith("Udp: ")]
        for name in ("RcvbufErrors", "MemErrors"):
            self.counters.add(name, before, int(values[names.index(name)]))
        self.looked_s = now

    def count_missed(self):
        self.missed += struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]

def flow_object(flow):
    return {**vars(flow), "client": socket.inet_ntoa(flow.client)}

out, *of = sys.argv[1:]
hosts = [Host(*h.split("=")) for h in of]
is_over = []
signal.signal(signal.SIGTERM, lambda *_: is_over.append(1))
buffer, next_sample = bytearray(SNAP), 0
open(out, "w").close()  # it is there: ready
while not is_over:
    for host in hosts:
        host.drain(buffer)
    if time.monotonic() >= next_sample:
        next_sample = time.monotonic() + SAMPLE_S
        for host in hosts:
            host.sample()
    time.sleep(DRAIN_S)
for host in hosts:
    host.drain(buffer)
    host.count_missed()
    host.sample()
with open(out, "w") as f:
    json.dump({"cpu_s": time.process_time(),
               "hosts": {h.name: {"seen": h.seen, "missed": h.missed, "flows": [flow_object(x) for x in h.flows], "sockets": h.sockets,
                                  "counters": h.counters} for h in hosts}}, f)
