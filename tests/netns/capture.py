"""capture.py INTERFACE FILE: what the kernel saw of libiperf's datagrams at an interface, until SIGTERM: one line for each, with "out" or "in", its
ports, number (64 bits), its sender's time in us, and the kernel's time in ns (SO_TIMESTAMPNS of a packet socket). Says "ready" when it looks."""
import select, signal, socket, struct, sys

SO_TIMESTAMPNS, ETH_P_IP, OUTGOING, LEAST = 35, 0x0800, 4, 100

over = []
signal.signal(signal.SIGTERM, lambda *_: over.append(1))
packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
packets.bind((sys.argv[1], 0x0003))
packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
packets.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
packets.setblocking(False)
out = open(sys.argv[2], "w")
print("ready", flush=True)
while not over:
    if not select.select([packets], [], [], 0.2)[0]:
        continue
    while True:
        try:
            data, control, _, address = packets.recvmsg(160, 64)
        except BlockingIOError:
            break
        if address[1] != ETH_P_IP or len(data) < 60 or data[9] != 17:
            continue
        head = (data[0] & 15) * 4
        source, target, length = struct.unpack(">HHH", data[head:head + 6])
        if length - 8 <= LEAST:
            continue
        seconds, us, number = struct.unpack(">IIQ", data[head + 8:head + 24])
        stamp = next((struct.unpack("qq", c[2][:16]) for c in control if c[1] == SO_TIMESTAMPNS), (0, 0))
        print("out" if address[2] == OUTGOING else "in", source, target, number, seconds * 1000000 + us, stamp[0] * 10**9 + stamp[1], file=out)
out.close()
