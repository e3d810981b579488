#!/usr/bin/env python3
"""server.py PORT HOW: an iperf3 server for one UDP test, as it should not be: results (2 GB at the end), early (in the test), states (without an end),
impossible (3,750 lost of 375), negative; or an old one: short (counters of 32 bits, whatever the client asks for), forged (64 bits, and now and
then a datagram with a number far ahead); honest."""
import json
import os
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
from abuse import (CREATE_STREAMS, DISPLAY_RESULTS, EXCHANGE_RESULTS, PARAM_EXCHANGE, TEST_END, TEST_RUNNING, TEST_START, receive, send_json)

port, how = int(sys.argv[1]), sys.argv[2]


def receive_json(c):
    return json.loads(receive(c, struct.unpack(">I", receive(c, 4))[0]))


def huge(c):
    c.sendall(struct.pack(">I", 2000000000))
    for _ in range(350):
        c.sendall(b'"' + b"x" * (1 << 20))


def send(data, peer, stop, counts):
    n = 0
    while not stop.is_set():
        n += 1
        now = time.time()
        head = struct.pack(">II", int(now), int(now % 1 * 1e6))
        data.sendto(head + struct.pack(">I" if how == "short" else ">Q", n) + bytes(988 if how == "short" else 984), peer)
        if how == "forged" and n % 50 == 0:
            data.sendto(head + struct.pack(">Q", (0x7ffffff0, 1 << 40, 20000)[n // 50 % 3]) + bytes(20), peer)
        time.sleep(0.008)
    counts.append(n)


def result(counts, n):
    lost = {"impossible": 3750, "negative": -5}.get(how, 0)
    return {"cpu_util_total": 1, "cpu_util_user": 1, "cpu_util_system": 0, "sender_has_retransmits": 0, "streams": [
        {"id": 1, "bytes": n * 1000, "retransmits": -1, "jitter": 0, "errors": lost, "omitted_errors": 0, "omitted_packets": 0, "packets": counts[0] if counts else n, "start_time": 0,
         "end_time": 3}]}


def serve(c, u):
    stop, counts, seen = threading.Event(), [], [0]
    receive(c, 37)
    c.sendall(bytes([PARAM_EXCHANGE]))
    asked = receive_json(c)
    c.sendall(bytes([CREATE_STREAMS]))
    _, peer = u.recvfrom(100)
    u.sendto(struct.pack("<I", 0x39383736), peer)
    c.sendall(bytes([TEST_START, TEST_RUNNING]))

    def count():
        while True:
            seen[0] += len(u.recv(70000)) > 100
    if asked.get("reverse"):
        threading.Thread(target=send, args=(u, peer, stop, counts), daemon=True).start()
    else:
        threading.Thread(target=count, daemon=True).start()
    if how == "early":
        time.sleep(1)
        c.sendall(bytes([EXCHANGE_RESULTS]))
        huge(c)
    while how == "states":
        c.sendall(bytes([TEST_RUNNING]) * 1000)
    while receive(c, 1)[0] != TEST_END:
        pass
    stop.set()
    c.sendall(bytes([EXCHANGE_RESULTS]))
    receive_json(c)
    if how == "results":
        huge(c)
    time.sleep(0.1)
    send_json(c, json.dumps(result(counts, counts[0] if counts else seen[0])))
    c.sendall(bytes([DISPLAY_RESULTS]))
    receive(c, 1)


listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
while True:
    control = listener.accept()[0]
    control.settimeout(10)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    datagrams.bind(("127.0.0.1", port))
    try:
        serve(control, datagrams)
    except OSError:
        pass
    control.close()
    datagrams.close()
