#!/usr/bin/env python3
"""server.py PORT HOW: a faulty iperf3 server for one UDP test: results (2 GB at the end), early (in the test), states (without an end),
impossible (3,750 lost of 375), negative; closed (its UDP port closes after two seconds of the test, its control connection
stays: ICMP answers the client's datagrams, port unreachable); doc-NAME (its results are WEIRD[NAME]), order-NAME (its states come in the order
ORDERS[NAME]); or an old one: short (32-bit counters, whatever the client asks for), forged (64 bits, and now and
then a datagram with a number far ahead); long-after-short, short-after-long: the first datagram is a forged one, of the other width; honest."""
import json
import os
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
from abuse import (CREATE_STREAMS, DISPLAY_RESULTS, DONE, EXCHANGE_RESULTS, GREETING, PARAM_EXCHANGE, TEST_END, TEST_RUNNING, TEST_START, receive, results,
                   send_json, stream_results)

port, how = (int(sys.argv[1]), sys.argv[2]) if __name__ == "__main__" else (0, "")

# What a results document can be instead: members of other types, values that cannot be, other documents.
WEIRD = {
    "congestion": {"congestion_used": 7}, "congestion-list": {"congestion_used": ["cubic"]}, "congestion-null": {"congestion_used": None},
    "text": {"server_output_text": {"a": 1}}, "text-null": {"server_output_text": None}, "output": {"server_output_json": 7},
    "cpu": {"cpu_util_total": "all", "cpu_util_user": [], "cpu_util_system": None}, "retransmits": {"sender_has_retransmits": {}},
    "no-streams": {"streams": None}, "number-streams": {"streams": 7}, "object-streams": {"streams": {"a": 7}}, "odd-streams": {"streams": [7, None, []]},
    "huge": {"cpu_util_total": 1e308, "streams": [{"id": 1, "bytes": 1e308, "retransmits": -1e308, "jitter": 1e308, "errors": 2**63, "packets": 2**63,
                                                  "start_time": -1e308, "end_time": 1e308}]},
    "strings": {"streams": [{"id": "1", "bytes": "1", "retransmits": "x", "jitter": [], "errors": {}, "packets": None, "start_time": "", "end_time": True}]},
    "other-id": {"streams": [{"id": -7, "bytes": 1, "retransmits": 0, "jitter": 0, "errors": 0, "packets": 1, "start_time": 0, "end_time": 3}]},
    "list": b"[]", "null": b"null", "word": b"7", "nan": b'{"cpu_util_total": NaN, "streams": []}', "empty": b"", "cut": b'{"streams": [', "deep": b"[" * 100000,
    "bytes": bytes(range(256)),
}
ORDERS = {
    "done": [DONE], "results": [EXCHANGE_RESULTS], "display": [DISPLAY_RESULTS], "running": [TEST_RUNNING], "start": [TEST_START],
    "streams-twice": [CREATE_STREAMS, CREATE_STREAMS, CREATE_STREAMS], "parameters-twice": [PARAM_EXCHANGE, PARAM_EXCHANGE],
    "start-twice": [CREATE_STREAMS, TEST_START, TEST_START, TEST_RUNNING, TEST_RUNNING], "end": [CREATE_STREAMS, TEST_START, TEST_RUNNING, TEST_END],
    "unknown": [77], "negative": [200], "error": [254] + [255] * 8, "denied": [255], "begin": [CREATE_STREAMS, TEST_START, TEST_RUNNING, DONE],
    "terminate": [11, 12],
}


def receive_json(c):
    return json.loads(receive(c, struct.unpack(">I", receive(c, 4))[0]))


def huge(c):
    c.sendall(struct.pack(">I", 2000000000))
    for _ in range(350):
        c.sendall(b'"' + b"x" * (1 << 20))


def send(data, peer, stop, counts):
    n, is_short = 0, how in ("short", "short-after-long")
    if how in ("long-after-short", "short-after-long"):  # before the server's own, one that counts in the other width
        data.sendto(bytes(8) + struct.pack(">II", *((5, 0) if how == "long-after-short" else (0, 1))) + bytes(984), peer)
    while not stop.is_set():
        n += 1
        now = time.time()
        head = struct.pack(">II", int(now), int(now % 1 * 1e6))
        data.sendto(head + struct.pack(">I" if is_short else ">Q", n) + bytes(988 if is_short else 984), peer)
        if how == "forged" and n % 50 == 0:
            data.sendto(head + struct.pack(">Q", (0x7ffffff0, 1 << 40, 20000)[n // 50 % 3]) + bytes(20), peer)
        time.sleep(0.008)
    counts.append(n)


def result(counts, n):
    lost = {"impossible": 3750, "negative": -5}.get(how, 0)
    return results(stream_results(n * 1000, counts[0] if counts else n, 3, errors=lost, omitted_errors=0, omitted_packets=0))


def serve(c, u):
    stop, counts, seen = threading.Event(), [], [0]
    receive(c, 37)
    c.sendall(bytes([PARAM_EXCHANGE]))
    asked = receive_json(c)
    if how.startswith("order-"):
        for state in ORDERS[how[6:]]:
            c.sendall(bytes([state]))
            time.sleep(0.1)
        while c.recv(10000):
            pass
        return
    c.sendall(bytes([CREATE_STREAMS]))
    _, peer = u.recvfrom(100)
    u.sendto(GREETING, peer)
    c.sendall(bytes([TEST_START, TEST_RUNNING]))
    if how == "closed":
        time.sleep(2)
        u.close()
        time.sleep(2)
        return

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
    said, weird = result(counts, counts[0] if counts else seen[0]), WEIRD.get(how[4:], {}) if how.startswith("doc-") else {}
    send_json(c, weird if isinstance(weird, bytes) else json.dumps(dict(said, **weird)))
    c.sendall(bytes([DISPLAY_RESULTS]))
    receive(c, 1)


if __name__ == "__main__":
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
