"""delay_line.py PID_A ADDRESS_A PID_B ADDRESS_B DELAY_MS LOSS_PERMILLE COUNTS [EARLY_PERMILLE]: a wire between the network namespaces of two processes,
for kernels without netem. Each end is a tun device, `wire` at A and `wire<PID_A>` at B; what goes in at one end comes out at the other DELAY_MS later. Of packets
over 200 bytes from A to B each is lost with the chance given; how many came and were lost is in the file COUNTS, always up to date. Of those
from A to B EARLY_PERMILLE take half the time, and overtake others."""
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

pid_a, address_a, pid_b, address_b, delay_ms, permille, counts, *early = sys.argv[1:]
early_chance = float(early[0]) / 1e3 if early else 0
ends = open_end(pid_a, "wire", address_a, address_b), open_end(pid_b, "wire" + pid_a, address_b, address_a)
delay_s, chance = float(delay_ms) / 1e3, float(permille) / 1e3
waiting, n, came, lost = [], 0, 0, 0

def note():
    with open(counts + ".new", "w") as out:
        out.write(f"{came} {lost}\n")
    os.rename(counts + ".new", counts)

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
        n += 1
        heapq.heappush(waiting, (time.monotonic() + (delay_s / 2 if is_data and random.random() < early_chance else delay_s), n, ends[1] if fd == ends[0] else ends[0], packet))
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, fd, packet = heapq.heappop(waiting)
        try:
            os.write(fd, packet)
        except BlockingIOError:
            pass
