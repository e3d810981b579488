"""delay_line.py PID_A ADDRESS_A PID_B ADDRESS_B DELAY_MS LOSS_PERMILLE COUNTS [EARLY_PERMILLE [PLAN]]: a wire between the network namespaces of two processes,
for kernels without netem. Each end is a tun device, `wire` at A and `wire<PID_A>` at B; what goes in at one end comes out at the other DELAY_MS later. Of packets
over 200 bytes from A to B each is lost with the chance given; how many came and were lost is in the file COUNTS, always up to date. Of those
from A to B EARLY_PERMILLE take half the time, and overtake others. PLAN is a file with what to do with the datagrams of a test from A to B by their numbers,
one a line: "NUMBER wire MS": from that one on, everything from A to B takes so long; "NUMBER late MS": that one takes so much longer; "NUMBER again MS...":
that one comes again for each MS, so much later than it would."""
import ctypes, fcntl, heapq, os, random, select, struct, subprocess, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 1, 0x1000, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)

def open_end(pid, name, here, there):
    with open(f"/proc/{pid}/ns/net") as ns:
        if libc.setns(ns.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {pid}")
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    for command in (f"ip address add {here} peer {there} dev {name}", f"ip link set {name} up mtu 1500 txqueuelen 10000"):
        subprocess.run(command.split(), check=True)
    return fd

pid_a, address_a, pid_b, address_b, delay_ms, permille, counts, *more = sys.argv[1:]
early_chance = float(more[0]) / 1e3 if more else 0
plan = {}
for number, what, *values in map(str.split, open(more[1]) if len(more) > 1 else []):
    plan.setdefault(int(number), []).append((what, [float(value) / 1e3 for value in values]))
ends = open_end(pid_a, "wire", address_a, address_b), open_end(pid_b, "wire" + pid_a, address_b, address_a)
delay_s, chance = float(delay_ms) / 1e3, float(permille) / 1e3
there_s, waiting, n, came, lost = delay_s, [], 0, 0, 0

def note():
    with open(counts + ".new", "w") as out:
        out.write(f"{came} {lost}\n")
    os.rename(counts + ".new", counts)

def planned(packet):
    """For each time that a packet comes out at B, how much later."""
    global there_s
    late_s, again = 0, []
    head = (packet[0] & 15) * 4
    if packet[9] == 17 and len(packet) > 200:
        for what, values in plan.get(struct.unpack_from(">Q", packet, head + 16)[0], []):
            if what == "wire":
                there_s = values[0]
            elif what == "late":
                late_s = values[0]
            else:
                again = values
    return [late_s] + [late_s + s for s in again]

try:  # a wire does not wait for a processor
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
except OSError:
    pass  # without the right to
note()
while True:
    timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    for fd in select.select(ends, [], [], timeout)[0]:
        packet = os.read(fd, 65536)
        is_data = fd == ends[0] and len(packet) > 200
        came += is_data
        if is_data and random.random() < chance:
            lost += 1
            note()
            continue
        now, is_to_b = time.monotonic(), fd == ends[0]
        if is_data and random.random() < early_chance:
            times = [-delay_s / 2]
        else:
            times = planned(packet) if is_to_b and plan else [0]
        for later_s in times:
            n += 1
            heapq.heappush(waiting, (now + (there_s if is_to_b else delay_s) + later_s, n, ends[is_to_b], packet))
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, fd, packet = heapq.heappop(waiting)
        try:
            os.write(fd, packet)
        except BlockingIOError:
            pass
