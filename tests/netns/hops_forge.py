"""hops_forge.py INTERFACE ADDRESS HOW PORT: answers probes from this UDP source port (0: any) whose time to live is 1, as a router at ADDRESS with IPv4 (the namespace's own
ICMP is muted). HOW: `labels`, with MPLS labels by RFC 4884 and 4950; `old`, with labels of a router older than RFC 4884; `twice`, two times the right answer;
`wrong`, by answers that are wrong in one thing each and none that is right; `alien`, the right answer from an address of nobody; `refused`, as a filter does. A first line "ready" when it listens."""
import os, socket, struct, sys

interface, address, how, port = sys.argv[1:]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
wire.bind((interface, 0))

def checksum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

def icmp(quoted, words=0, extension=b"", kind=11, code=0, spoil=0):
    body = struct.pack(">BBHBBH", kind, code, 0, 0, words, 0) + quoted + extension
    return body[:2] + struct.pack(">H", checksum(body) ^ spoil) + body[4:]

def send(frame, body, source=address):
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), os.getpid() & 0xFFFF, 0, 64, 1, 0, socket.inet_aton(source), frame[26:30])
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    wire.send(frame[6:12] + frame[0:6] + b"\x08\x00" + ip + body)

def changed(quoted, at, bits):
    return quoted[:at] + bytes([quoted[at] ^ bits]) + quoted[at + 1:]

labels = struct.pack(">HBBII", 12, 1, 1, 24005 << 12 | 1, 16 << 12 | 5 << 9 | 1 << 8 | 254)
extension = struct.pack(">BBH", 0x20, 0, checksum(b"\x20\0\0\0" + labels)) + labels
print("ready", flush=True)
while True:
    frame, (_, _, direction, *_) = wire.recvfrom(2048)
    packet = frame[14:]
    if direction == socket.PACKET_OUTGOING or packet[9] != 17 or packet[8] != 1 or int(port) not in (0, struct.unpack_from(">H", packet, 20)[0]):
        continue
    quoted = packet[:struct.unpack_from(">H", packet, 2)[0]]
    padded = quoted + b"\0" * (128 - len(quoted))
    if how == "labels":
        send(frame, icmp(padded, 32, extension))
    elif how == "old":
        send(frame, icmp(padded, 0, extension))
    elif how == "twice":
        send(frame, icmp(quoted))
        send(frame, icmp(quoted))
    elif how == "refused":
        send(frame, icmp(quoted, kind=3, code=13))
    elif how == "alien":
        send(frame, icmp(quoted), "203.0.113.9")
    else:
        send(frame, icmp(changed(quoted, 5, 1)))        # another id
        send(frame, icmp(changed(quoted, 4, 0x80)))
        send(frame, icmp(changed(quoted, 21, 1)))       # other ports
        send(frame, icmp(changed(quoted, 23, 1)))
        send(frame, icmp(changed(quoted, 19, 1)))       # another destination
        send(frame, icmp(changed(quoted, 9, 17 ^ 6)))   # another protocol
        send(frame, icmp(changed(quoted, 0, 0x20)))     # another version
        send(frame, icmp(quoted[:27]))                  # cut off
        send(frame, icmp(quoted, spoil=1))              # a wrong checksum
        send(frame, icmp(quoted, kind=3, code=4))       # too large
        send(frame, icmp(quoted, kind=0))               # an echo
        send(frame, b"\x0b")
        send(frame, b"")
