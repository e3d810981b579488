"""hops_peer.py ADDRESS PORT FROM_ADDRESS FROM_PORT CONTROL_PORT OUT: the peer of a flow that must not see any probe: a UDP socket connected to its other end,
one thread that waits in recv(), one that waits in select() on a second descriptor of the socket, a control port that listens. OUT, always up to date:
"DATAGRAMS WAKES ACCEPTED DROPS": what recv() returned, how often select() said that it would, what accept() returned, and the socket's own drops."""
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
counts = {"datagrams": 0, "wakes": 0, "accepted": 0}

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

def accept():
    while True:
        listener.accept()
        counts["accepted"] += 1

for work in (receive, watch, accept):
    threading.Thread(target=work, daemon=True).start()
while True:
    drops = struct.unpack("9I", flow.getsockopt(socket.SOL_SOCKET, 55, 36))[8]  # SO_MEMINFO, SK_MEMINFO_DROPS
    with open(out + ".new", "w") as file:
        print(counts["datagrams"], counts["wakes"], counts["accepted"], drops, file=file)
    os.rename(out + ".new", out)
    time.sleep(0.05)
