"""capture.py INTERFACE FILE: what the kernel saw of libiperf's datagrams at an interface, until SIGTERM: one line for each, with "out" or "in", its
ports, number (64 bits), its sender's time in us, and the kernel's time in ns (of a packet socket). Says "ready" when it looks. The kernel writes
into a ring (packet(7), TPACKET_V2), which an ordinary user may have as large as this one, but not a socket's buffer. What had no room in it is
named, and ends it with status 1."""
import mmap, select, signal, socket, struct, sys

SOL_PACKET, PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, TPACKET_V2, SO_TIMESTAMPNS = 263, 5, 6, 10, 1, 35
ETH_P_IP, OUTGOING, LEAST = 0x0800, 4, 100
FRAME, BLOCK, N_BLOCKS = 256, 1 << 16, 128  # 32,768 frames
N_FRAMES = BLOCK * N_BLOCKS // FRAME

over = []
signal.signal(signal.SIGTERM, lambda *_: over.append(1))
packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)  # nothing is seen before it is bound
packets.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
packets.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("IIII", BLOCK, N_BLOCKS, FRAME, N_FRAMES))
packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
ring = mmap.mmap(packets.fileno(), BLOCK * N_BLOCKS)
packets.bind((sys.argv[1], 0x0003))
out = open(sys.argv[2], "w")
print("ready", flush=True)


def take(at):
    """One frame: struct tpacket2_hdr, then struct sockaddr_ll, then the packet at tp_net."""
    size, net, seconds, ns = struct.unpack_from("I2xHII", ring, at + 8)
    protocol, kind = struct.unpack_from(">H6xB", ring, at + 34)
    data = ring[at + net:at + net + size]
    if protocol != ETH_P_IP or len(data) < 60 or data[9] != 17:
        return
    head = (data[0] & 15) * 4
    source, target, length = struct.unpack(">HHH", data[head:head + 6])
    if length - 8 > LEAST:
        sent_s, sent_us, number = struct.unpack(">IIQ", data[head + 8:head + 24])
        print("out" if kind == OUTGOING else "in", source, target, number, sent_s * 1000000 + sent_us, seconds * 10**9 + ns, file=out)


frame = 0
while not over:
    select.select([packets], [], [], 0.2)
    while struct.unpack_from("I", ring, frame * FRAME)[0] & 1:  # TP_STATUS_USER
        take(frame * FRAME)
        struct.pack_into("I", ring, frame * FRAME, 0)
        frame = (frame + 1) % N_FRAMES
out.close()
n_lost = struct.unpack("II", packets.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
if n_lost:
    sys.exit(f"capture.py: {n_lost} packets found no room")
