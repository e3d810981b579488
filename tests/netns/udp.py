# udp.py - the other side of the test bed's own test: plain datagrams, counted.
#   udp.py echo PORT                        answers each
#   udp.py ask ADDRESS PORT SIZE            status 0 when it is answered within 1 s
#   udp.py receive PORT                     counts until a datagram "end"; prints how many and how many bytes the first had
#   udp.py send ADDRESS PORT COUNT SIZE     numbered, 5000/s; prints how many went and the error of those that did not
#   udp.py mss ADDRESS PORT                 of a TCP connection
import errno, socket, sys, time

job, *args = sys.argv[1:]

def listener(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    s.bind(("::", int(port)))
    print("ready", flush=True)
    return s

def sender(address, port):
    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    return s, (address, int(port))

if job == "echo":
    s = listener(args[0])
    while True:
        data, peer = s.recvfrom(65535)
        s.sendto(data, peer)
elif job == "ask":
    s, peer = sender(*args[:2])
    s.settimeout(1)
    s.sendto(bytes(int(args[2])), peer)
    try:
        s.recvfrom(65535)
    except OSError:
        sys.exit(1)
elif job == "receive":
    s = listener(args[0])
    n = size = 0
    while (data := s.recv(65535)) != b"end":
        size = size or len(data)
        n += 1
    print(n, size)
elif job == "send":
    s, peer = sender(*args[:2])
    sent, error, start = 0, "", time.monotonic()
    for i in range(int(args[2])):
        try:
            s.sendto(i.to_bytes(4, "big") + bytes(int(args[3]) - 4), peer)
            sent += 1
        except OSError as e:
            error = errno.errorcode[e.errno]
        time.sleep(max(0, start + (i + 1) / 5000 - time.monotonic()))
    print(sent, error)
elif job == "end":
    s, peer = sender(*args[:2])
    s.sendto(b"end", peer)
elif job == "mss":
    s = socket.create_connection((args[0], int(args[1])))
    print(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG))
