#!/usr/bin/env python3
"""door.py CASE PORT [ARGUMENT...]: what strangers do to a port of longhaul serve, next to an honest client; prints the outcome.

words N             N first words that are not an iperf3 client's
cookies             first messages of clients that are not iperf3: which were asked for their parameters
open SECONDS        connects every 5 ms: how many connections were refused or reset
slow, idle          four connections at a time from 127.0.0.77 that say a byte a second; that send parameters and open no stream
types               parameters of wrong types: the answers, then an honest test
steal, reflect      greetings for somebody else's stream; with the client's connection from elsewhere than its datagrams: who gets data
numbers             a pushed test into which datagrams with forged numbers come
results             results of 2 GB, states without an end: how the server answers, then an honest test
documents LABEL     results documents that no iperf3 sends, each at the end of a test of its own: how many; then an honest test
orders              states that no iperf3 client sends then, and clients that vanish in each phase: how many; then an honest test
whole LABEL         whole tests whose first word is of odd bytes: how many were served
crowd N             N connections of one address that say nothing, then an honest test from the same address
token FILE          the token in the file, twice
passwords N         N tokens that are nonsense: how many were looked at before the address was refused
"""
import json
import os
import select
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
import abuse
from abuse import (CREATE_STREAMS, DONE, EXCHANGE_RESULTS, GREETING, PARAM_EXCHANGE, SERVER_ERROR, TEST_END, TEST_RUNNING, TEST_START, connect,
                   cookie, datagram, leg, open_stream, parameters, receive, send_json, stream_results, wait_state)

from server import WEIRD

STRANGER = "127.0.0.77"


def greet(port, source="127.0.0.1", word=None, **more):
    """A control connection with its parameters sent."""
    c = connect(port, source=source)
    c.settimeout(6)
    c.sendall(word or cookie())
    wait_state(c, PARAM_EXCHANGE)
    send_json(c, json.dumps(parameters(**more)))
    return c


def running(port, **more):
    """A leg that has begun: its control connection, and its stream's socket."""
    c = greet(port, time=60, **more)
    try:
        wait_state(c, CREATE_STREAMS)
        data = open_stream(port)
        wait_state(c, TEST_START)
        wait_state(c, TEST_RUNNING)
    except OSError:
        c.close()
        raise
    return c, data


def send_all(data, n):
    for i in range(n):
        data.send(datagram(i + 1))
        time.sleep(0.02)


def answer(c):
    try:
        state = struct.unpack("b", receive(c, 1))[0]
        return (state, struct.unpack(">i", receive(c, 4))[0]) if state == SERVER_ERROR else (state,)
    except OSError:
        return ("closed",)


def honest(port, tries=20):
    for _ in range(tries):
        how = leg(port, "x")
        if how == "done":
            return how
        time.sleep(0.5)
    return how


def words(port, n):
    for word in ([b"GET / HTTP/1.1\r\nHost: example\r\nAccept: */*\r\n\r\n", b"x" * 37, b"y" * 20 + b"\0" * 17, bytes(37)] * n)[:n]:
        with connect(port, source=STRANGER) as c:
            c.settimeout(3)
            c.sendall(word)
            try:
                print(*c.recv(1) or ["closed"])
            except OSError:
                print("closed")


WORDS = (b"aZ09bY18cX27dW36eV45fU54gT63hS72iR81", b"host-1.example.1479236478.123456.7f3", b"x" * 36, b" a name, and 36 bytes of any kind! +",
         "größer.example.1479236478.123456.abcd".encode()[:36], b"\x01\x02" * 18, b" " * 36, b'"}],\\\n' * 6, b"\xff\xc3" * 18, b"\xe2\x80\xae" * 12)


def cookies(port):
    for word in WORDS:
        with connect(port) as c:
            c.settimeout(3)
            assert len(word) == 36
            c.sendall(word + b"\0")
            print(receive(c, 1)[0])


def is_open(port, seconds):
    n = bad = 0
    end = time.time() + seconds
    while time.time() < end:
        n += 1
        try:
            with connect(port, 2, STRANGER) as c:
                c.settimeout(2)
        except OSError:
            bad += 1
        time.sleep(0.005)
    print(bad, "of", "many" if n > 100 else n)


def besiege(port, how, stop):
    while not stop.is_set():
        try:
            with connect(port, 2, STRANGER) as c:
                c.sendall(cookie())
                wait_state(c, PARAM_EXCHANGE)
                if how == "idle":
                    send_json(c, json.dumps(parameters()))
                for b in struct.pack(">I", 400) + b'{"udp":true,"x":"' + b"x" * 40:
                    if stop.is_set():
                        return
                    if how == "slow":
                        c.sendall(bytes([b]))
                    if select.select([c], [], [], 1)[0] and not c.recv(10):
                        break
        except (OSError, struct.error):
            time.sleep(0.005)


def siege(port, how):
    stop, began = threading.Event(), time.time()
    for _ in range(4):
        threading.Thread(target=besiege, args=(port, how, stop), daemon=True).start()
    time.sleep(1.5)
    began, end = time.time(), time.time() + 30
    result = ""
    while result != "done" and time.time() < end:
        result = leg(port, "x")
    stop.set()
    print(result, "in 20 s" if time.time() - began < 20 else "after %.0f s" % (time.time() - began))


def types(port):
    for more in ({"extra_data": 7}, {"extra_data": []}, {"extra_data": None}, {"title": 1}, {"congestion": {}}, {"EXTRA_DATA": 7}, {"time": "1"},
                 {"parallel": 129}, {"len": 2147483647}, {"len": -1}, {"authtoken": 7}, {"authtoken": []}):
        try:
            with greet(port, **more) as c:
                print(*answer(c))
        except OSError as e:
            print(e)
    print(honest(port))


def steal(port):
    """A greeting of somebody else's, and one of an old test's datagrams, before the client's own."""
    with greet(port, len=1000, bandwidth=800000, time=1) as c:
        wait_state(c, CREATE_STREAMS)
        thief, own = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        thief.bind((STRANGER, 0))
        own.bind(("127.0.0.1", 0))
        own.settimeout(3)
        thief.settimeout(0.3)
        for _ in range(5):
            thief.sendto(GREETING, ("127.0.0.1", port))
            own.sendto(datagram(7), ("127.0.0.1", port))
        time.sleep(0.2)
        own.connect(("127.0.0.1", port))
        own.send(GREETING)
        for _ in range(5):
            thief.sendto(GREETING, ("127.0.0.1", port))
        print("answered" if own.recv(4) else "not")
        wait_state(c, TEST_START)
        wait_state(c, TEST_RUNNING)
        try:
            print("the thief got", len(thief.recv(100)))
        except OSError:
            print("the thief got nothing")
    time.sleep(0.3)
    print(honest(port))


def reflect(port):
    """The datagrams' address is another than the connection's: a victim's."""
    got = 0
    with greet(port, STRANGER, reverse=True, len=1000, bandwidth=2000000, time=5) as c:
        wait_state(c, CREATE_STREAMS)
        victim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        victim.bind(("127.0.0.99", 0))
        victim.settimeout(0.5)
        victim.sendto(GREETING, ("127.0.0.1", port))
        end = time.time() + 2
        while time.time() < end:
            try:
                got += len(victim.recv(70000)) > 4
            except OSError:
                break
    print("data" if got else "nothing")


def numbers(port, label):
    """Some seconds of a leg; the forged ones are not its numbers."""
    forged = (0x7ffffff0, 0xffffffff, 5000, 100000, 0x7ffffff1, 0x7ffffff2, 2000000000)
    c, data = running(port, extra_data=label)
    with c, data:
        began, n = time.time(), 0
        while time.time() - began < 4.5:    # three intervals have ended by then, on a busy machine too
            n += 1
            data.send(datagram(n))
            if n % 25 == 0:
                data.send(datagram(forged[n // 25 % len(forged)], 36))
            if select.select([c], [], [], 0.01)[0]:
                print("the server says", *answer(c))
                return
        print("done", "many" if n > 150 else n)


def results(port):
    for how in ("results", "states"):
        c, data = running(port)
        with c, data:
            try:
                if how == "states":
                    while True:
                        c.sendall(bytes([TEST_START]) * 1000)
                c.sendall(bytes([TEST_END]))
                wait_state(c, EXCHANGE_RESULTS)
                c.sendall(struct.pack(">I", 2000000000))
                while True:
                    c.sendall(b'"' + b"x" * (1 << 20))
            except OSError:
                print(how, "ended")
        time.sleep(0.3)
    print(honest(port))


def again(what, *arguments, **more):
    """A server that has just ended a test is tried again."""
    for _ in range(20):
        try:
            return what(*arguments, **more)
        except OSError:
            time.sleep(0.3)
    raise OSError("not served")


def documents(port, label):
    n = 0
    for how, weird in WEIRD.items():
        c, data = again(running, port, extra_data=label % n)
        with c, data:
            send_all(data, 60)
            c.sendall(bytes([TEST_END]))
            wait_state(c, EXCHANGE_RESULTS)
            send_json(c, weird if isinstance(weird, bytes) else json.dumps(dict(abuse.results(stream_results(60000, 60, 1.2)), **weird)))
            try:
                while c.recv(10000):
                    c.sendall(bytes([DONE]))
            except OSError:
                pass
        n += 1
    print(n, honest(port))


def orders(port):
    """Each session in its turn: what it says, after which it hangs up (by a reset when it says "reset")."""
    n = 0
    before = ([TEST_END], [DONE], [TEST_RUNNING], [EXCHANGE_RESULTS], [CREATE_STREAMS], [PARAM_EXCHANGE], [11, 12], [77], [255], [254], "reset", [])
    after = ([DONE], [TEST_RUNNING, TEST_START], [CREATE_STREAMS], [EXCHANGE_RESULTS], [TEST_END, TEST_END], [TEST_END, DONE], [12], [77], [255],
             [TEST_END], "reset", [])
    for begin, ways in ((greet, before), (running, after)):
        for way in ways:
            c = again(begin, port)
            c, data = c if begin is running else (c, c)
            with c, data:
                if way == "reset":
                    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                elif way:
                    c.sendall(bytes(way))
                    time.sleep(0.3)
            n += 1
    print(n, honest(port))


def whole(port, label):
    n = 0
    for word in WORDS:
        c, data = again(running, port, word=word + b"\0", extra_data=label % n)
        with c, data:
            send_all(data, 60)
        n += 1
    print(n, honest(port))


def crowd(port, n):
    silent = []
    for _ in range(int(n)):
        silent.append(connect(port))
    began = time.time()
    how = honest(port)
    print(how, "at once" if time.time() - began < 8 else "after %.0f s" % (time.time() - began))


def token(port, path):
    text = open(path).read()
    for _ in range(2):
        with greet(port, "127.0.0.3", authtoken=text) as c:
            print(*answer(c))
        time.sleep(0.3)


def passwords(port, n):
    looked_at = 0
    for i in range(n):
        try:
            with greet(port, STRANGER, authtoken="QUJD" * (80 + i % 5)) as c:
                looked_at += answer(c)[0] == SERVER_ERROR
        except OSError:
            print("refused after some" if 4 < looked_at < 20 else "refused after %d" % looked_at)
            return
    print("all looked at")


if __name__ == "__main__":
    case, port, rest = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    if case in ("words", "passwords"):
        globals()[case](port, int(rest[0]))
    elif case == "open":
        is_open(port, float(rest[0]))
    elif case in ("slow", "idle"):
        siege(port, case)
    else:
        globals()[case](port, *rest)
