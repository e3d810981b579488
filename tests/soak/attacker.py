"""attacker.py HUB LEG_PORTS FREE_PORTS SPOKES LOG: every attack from the network in turn, until it is ended by SIGTERM, from a host of its
own. HUB is an address, the ports are lists with commas, SPOKES the addresses of honest hosts. LOG gets a line for each attack: when, which,
how often. It floods nothing: a few connections and some hundred small datagrams a second.

Forged datagrams have the source address of a spoke and a source port that is guessed, as a stranger who is not on the path must. None has
more than 100 bytes, so that the counters of the legs' datagrams stay the truth."""
import json, os, random, signal, socket, struct, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import abuse

hub, leg_ports, free_ports, spokes, log = sys.argv[1], *([int(p) for p in a.split(",")] for a in sys.argv[2:4]), sys.argv[4].split(","), sys.argv[5]
abuse.HOST = hub
dice = random.Random(7)
HELLOS = (0x39383736, 0x36373839, 0x12345678, 987654321)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def forge(raw, source, source_port, port, payload):
    """A UDP datagram with another's address. UDP's checksum is optional with IPv4."""
    udp = struct.pack(">HHHH", source_port, port, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton(hub))
    raw.sendto(ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:] + udp, (hub, 0))


def for_seconds(seconds, pause, one):
    n, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            one()
        except OSError:
            pass
        n += 1
        time.sleep(pause)
    return n


def hellos(seconds):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        return for_seconds(seconds, 0.02, lambda: s.sendto(struct.pack(dice.choice("<>") + "I", dice.choice(HELLOS)),
                                                           (hub, dice.choice(leg_ports + free_ports))))


def forged_numbers(seconds):
    """Numbers that no leg can have reached, and numbers of long ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        def one():
            number = dice.choice((0x7ffffff0, 0xffffffff, 1, 2 ** 40))
            payload = struct.pack(">IIQ", int(time.time()), 0, number) + bytes(20)
            for _ in range(10):
                forge(raw, dice.choice(spokes), dice.randrange(32768, 61000), dice.choice(leg_ports), payload)
        return 10 * for_seconds(seconds, 0.05, one)


def forged_hellos(seconds):
    """A reverse test whose first datagram has a spoke's address: the hub is to send to the spoke."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        def one():
            port = dice.choice(free_ports)
            with abuse.connect(port) as control:
                control.settimeout(2)
                control.sendall(abuse.cookie())
                abuse.wait_state(control, abuse.PARAM_EXCHANGE)
                abuse.send_json(control, json.dumps(abuse.parameters(reverse=True, time=2)))
                abuse.wait_state(control, abuse.CREATE_STREAMS)
                forge(raw, dice.choice(spokes), 4444, port, struct.pack("<I", 0x36373839))
                time.sleep(1)
        return for_seconds(seconds, 0.5, one)


def held(how):
    def attack(seconds):
        """Slow and silent connections to all ports at once; closed at the end."""
        connections = []
        def one():
            s = abuse.connect(dice.choice(leg_ports + free_ports))
            if how != "silent":
                s.sendall(abuse.cookie()[:20 if how == "partial" else 37])
            connections.append(s)
        n = for_seconds(seconds, 0.1, one)
        for s in connections:
            s.close()
        return n
    return attack


def names(seconds):
    """The legs' names, and new ones, on free ports."""
    def one():
        leg = dice.choice(["S1-HUB", "S2-HUB", "S3-HUB", f"X{dice.randrange(10 ** 6)}-HUB"])
        stem = f"{leg}-10M_30M_{time.strftime('%Y%m%d_%H%M', time.gmtime())}{dice.randrange(60):02d}"
        label = json.dumps({"longhaul": 1, "stem": stem, "interval_s": dice.choice([0.1, 1])})
        abuse.leg(dice.choice(free_ports), label, seconds=0.3)
    return for_seconds(seconds, 0.2, one)


def documents(seconds):
    """Parameters of every wrong kind, and of 2 GB."""
    return for_seconds(seconds, 1, lambda: (abuse.wicked(dice.choice(free_ports)), abuse.flood(dice.choice(leg_ports + free_ports))))


def garbage(seconds):
    return for_seconds(seconds, 0.5, lambda: abuse.garbage(20, *leg_ports, *free_ports))


def busy(seconds):
    """Whole clients at the ports of the legs, which are told that those are busy."""
    return for_seconds(seconds, 0.2, lambda: abuse.leg(dice.choice(leg_ports), "no label", seconds=0.3))


ATTACKS = {"hellos": hellos, "forged numbers": forged_numbers, "forged hellos": forged_hellos, "silent connections": held("silent"),
           "parts of a cookie": held("partial"), "cookies and no more": held("cookie"), "names of legs": names, "documents": documents,
           "garbage": garbage, "clients of busy ports": busy}
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
sys.stdout = open(os.devnull, "w")
while True:
    for name, attack in ATTACKS.items():
        began, count = time.time(), attack(10)
        with open(log, "a") as out:
            out.write(f"{began:.1f} {name}: {count}\n")
