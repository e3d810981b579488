"""hops_peer.py ADDRESS PORT FROM_ADDRESS FROM_PORT CONTROL_PORT OUT: the peer of a flow that must not see any probe: a UDP socket connected to its other end,
one thread that waits in recv(), one that waits in select(), a control port that listens and reads what connections bring. OUT, always up to date:
"DATAGRAMS WAKES ACCEPTED READ DROPS": what recv() returned, how often select() said that it would, accepted connections, bytes read from
them, the socket's own drops. When the file OUT.send appears, it sends one datagram back."""
import os, select, socket, struct, sys, threading, time

address, port, from_address, from_port, control, out = sys.argv[1:]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
flow = socket.socket(family, socket.SOCK_DGRAM)
flow.bind((address, int(port)))
flow.connect((from_address, int(from_port)))
listener = socket.socket(family, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((address, int(control)))
listener.listen(8)
counts = {"datagrams": 0, "wakes": 0, "accepted": 0, "read": 0}

def receive():
    while True:
        try:
            flow.recv(65536)
        except OSError:
            pass
        counts["datagrams"] += 1

def watch():
    while True:
        if select.select([flow.fileno()], [], [], None)[0]:
            counts["wakes"] += 1
            time.sleep(0.01)

def read(connection):
    while True:
        try:
            data = connection.recv(65536)
        except OSError:
            return
        if not data:
            return
        counts["read"] += len(data)

def accept():
    while True:
        connection, _ = listener.accept()
        counts["accepted"] += 1
        threading.Thread(target=read, args=(connection,), daemon=True).start()

for work in (receive, watch, accept):
    threading.Thread(target=work, daemon=True).start()
while True:
    drops = struct.unpack("9I", flow.getsockopt(socket.SOL_SOCKET, 55, 36))[8]  # SO_MEMINFO, SK_MEMINFO_DROPS
    with open(out + ".new", "w") as file:
        print(*counts.values(), drops, file=file)
    os.rename(out + ".new", out)
    if os.path.exists(out + ".send"):
        os.unlink(out + ".send")
        flow.send(b"news")
    time.sleep(0.05)
