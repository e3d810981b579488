"""hops_sniff.py INTERFACE: prints each UDP and TCP packet that comes in there: "VERSION PROTOCOL TTL BYTES SOURCE_PORT DESTINATION_PORT CHECKSUM CLAIMED FLAGS".
BYTES: with the IP header; CLAIMED: what UDP's length, or the TCP header's, says. A first line "ready" when it listens."""
import socket, struct, sys

sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
sniffer.bind((sys.argv[1], 0))
print("ready", flush=True)
while True:
    frame, (_, kind, direction, *_) = sniffer.recvfrom(2048)
    if direction == socket.PACKET_OUTGOING or kind not in (0x0800, 0x86DD):
        continue
    packet = frame[14:]
    if kind == 0x0800:
        version, head, protocol, ttl, size = 4, (packet[0] & 15) * 4, packet[9], packet[8], struct.unpack_from(">H", packet, 2)[0]
    else:
        version, head, protocol, ttl, size = 6, 40, packet[6], packet[7], 40 + struct.unpack_from(">H", packet, 4)[0]
    ports = struct.unpack_from(">HH", packet, head) if protocol in (6, 17) else None
    if protocol == 17:
        claimed, checksum = struct.unpack_from(">HH", packet, head + 4)
        print(version, "udp", ttl, size, *ports, f"{checksum:04x}", claimed, "-", flush=True)
    elif protocol == 6:
        offset, flags, _, checksum = struct.unpack_from(">BBHH", packet, head + 12)
        print(version, "tcp", ttl, size, *ports, f"{checksum:04x}", (offset >> 4) * 4, f"{flags:02x}", flush=True)
