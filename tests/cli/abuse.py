"""abuse.py WHAT PORT...: a hostile client of an iperf3 server, on 127.0.0.1, with its own time limit.

garbage N PORT...   N connections of random bytes, spread over the ports
scan PORT...        connects and hangs up at once, in every way; datagrams of nonsense
hold HOW N PORT     N connections that say so much and then nothing, until killed: silent, partial, cookie, length, parameters
leg PORT TEXT [FROM [break]]  a whole pushed UDP test of 1 s whose extra_data is TEXT (@FILE: what is in it); wrong types: JSON:VALUE;
                    from the address FROM (127.0.0.1); break: of 6 s, and its connections are closed at the end without a word
lie HOW PORT        says that it will send 1 Mbit/s for 2 s, and sends for 30 s: udp, tcp 40 Mbit/s; bursts: 40 Mbit/s for every other
                    0.3 s of rows of 0.15 s; minute, tcp-minute: in rows of 60 s; long: 1 Mbit/s. Prints what the server says to it: the number of its error, and a word
flood PORT          parameters of 2 GB, until the server has enough of it or 4 s; prints how many MB it took
parameters PORT     parameters that no client should send, one connection for each
"""
import json, os, random, select, socket, struct, sys, threading, time

HOST = "127.0.0.1"
PARAM_EXCHANGE, CREATE_STREAMS, TEST_START, TEST_RUNNING, TEST_END, EXCHANGE_RESULTS, DISPLAY_RESULTS, DONE = 9, 10, 1, 2, 4, 13, 14, 16
SERVER_ERROR = -2
GREETING = struct.pack("<I", 0x39383736)  # the first datagram of a UDP stream, and the answer


def connect(port, timeout=5, source=None):
    return socket.create_connection((HOST, port), timeout, (source, 0) if source else None)


def cookie():
    return bytes(random.choice(b"abcdefghijklmnopqrstuvwxyz234567") for _ in range(36)) + b"\0"


def receive(control, n):
    got = b""
    while len(got) < n:
        more = control.recv(n - len(got))
        if not more:
            raise OSError("closed")
        got += more
    return got


def wait_state(control, wanted):
    state = struct.unpack("b", receive(control, 1))[0]
    if state != wanted:
        raise OSError(f"state {state} instead of {wanted}")


def send_json(control, text):
    data = text if isinstance(text, bytes) else text.encode()
    control.sendall(struct.pack(">I", len(data)) + data)


def parameters(**more):
    return dict({"udp": True, "omit": 0, "time": 1, "num": 0, "blockcount": 0, "parallel": 1, "len": 1000, "bandwidth": 800000,
                 "pacing_timer": 1000, "client_version": "3.12"}, **more)


def open_stream(port, source=None):
    """The socket of a UDP stream that the server has answered."""
    data = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if source:
            data.bind((source, 0))
        data.connect((HOST, port))
        data.settimeout(3)
        data.send(GREETING)
        data.recv(4)
    except OSError:
        data.close()
        raise
    return data


def datagram(n, size=1000):
    now = time.time()
    return struct.pack(">III", int(now), int(now % 1 * 1e6), n & 0xffffffff) + bytes(size - 12)


def stream_results(n_bytes, packets, seconds, **more):
    return dict({"id": 1, "bytes": n_bytes, "retransmits": -1, "jitter": 0, "errors": 0, "packets": packets, "start_time": 0,
                 "end_time": seconds}, **more)


def results(*streams, **more):
    """What each end says when a test is over."""
    return dict({"cpu_util_total": 1, "cpu_util_user": 1, "cpu_util_system": 0, "sender_has_retransmits": 0, "streams": streams}, **more)


def one_garbage(port, kind, rng):
    with connect(port) as s:
        if kind == 0:
            s.sendall(rng.randbytes(rng.randrange(1, 2000)))
        elif kind == 1:
            s.sendall(rng.randbytes(37))
        elif kind == 2:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        elif kind == 3:
            s.sendall(cookie()[:36] + b"\n" + rng.randbytes(40))
        else:
            s.sendall(bytes(rng.choice(b"abcdefghij234567") for _ in range(rng.randrange(1, 36))))
        if rng.random() < 0.3:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def garbage(n, *ports):
    made, refused, deadline = [0], [0], time.monotonic() + 40

    def work(port, share, seed):
        rng = random.Random(seed)
        for i in range(share):
            if time.monotonic() > deadline:
                return
            try:
                one_garbage(port, i % 5, rng)
                made[0] += 1
            except OSError:
                refused[0] += 1
                time.sleep(0.01)

    threads = [threading.Thread(target=work, args=(p, n // len(ports) // 2, p * 2 + k)) for p in ports for k in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(made[0] + refused[0], refused[0])


def scan(*ports):
    for port in ports:
        for i in range(200):
            s = socket.socket()
            s.setblocking(i % 3 == 0)
            try:
                s.connect((HOST, port))
            except OSError:
                pass
            if i % 2:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u:
            for i in range(200):
                u.sendto(os.urandom(random.randrange(0, 1400)), (HOST, port))


def hold(how, n, port):
    held = []
    for _ in range(n):
        s = connect(port)
        if how == "partial":
            s.sendall(cookie()[:20])
        elif how != "silent":
            s.sendall(cookie())
        if how in ("length", "parameters"):
            wait_state(s, PARAM_EXCHANGE)
        if how == "length":
            s.sendall(struct.pack(">I", 0x7ffffff0) + b'{"udp":true')
        if how == "parameters":
            send_json(s, json.dumps(parameters()))
            wait_state(s, CREATE_STREAMS)
        held.append(s)
    print("held", flush=True)
    time.sleep(120)


def leg(port, extra, source=None, is_broken=False, seconds=1.0):
    """How far it came: the last step that the server took part in."""
    step = "cookie"
    try:
        with connect(port, source=source) as control:
            control.settimeout(6)
            control.sendall(cookie())
            wait_state(control, PARAM_EXCHANGE)
            step = "parameters"
            send_json(control, json.dumps(parameters(extra_data=extra)))
            wait_state(control, CREATE_STREAMS)
            step, n = "streams", 0
            with open_stream(port, source) as data:
                wait_state(control, TEST_START)
                wait_state(control, TEST_RUNNING)
                step, end = "running", time.monotonic() + seconds
                while time.monotonic() < end:
                    n += 1
                    data.send(datagram(n))
                    if select.select([control], [], [], 0.01)[0]:
                        raise OSError("the server speaks")
                if is_broken:
                    return "running"
                control.sendall(struct.pack("b", TEST_END))
                wait_state(control, EXCHANGE_RESULTS)
            send_json(control, json.dumps(results(stream_results(n * 1000, n, seconds))))
            receive(control, struct.unpack(">I", receive(control, 4))[0])
            wait_state(control, DISPLAY_RESULTS)
            control.sendall(struct.pack("b", DONE))
            return "done"
    except OSError as e:
        return f"{step}: {e}"


def legs(port, extra, *how):
    """A server that has just ended a test is tried again."""
    if extra.startswith("JSON:"):
        extra = json.loads(extra[5:])
    elif extra.startswith("@"):
        extra = open(extra[1:]).read()
    for _ in range(5):
        came = leg(port, extra, how[0] if how else None, len(how) > 1, 6.0 if len(how) > 1 else 1.0)
        if came == "done" or came.startswith("running"):
            break
        time.sleep(0.3)
    print(came)


def lie(how, port):
    tcp, began = how.startswith("tcp"), cookie()
    size, rates_bps = 1000, {"udp": [40e6], "tcp": [40e6], "minute": [40e6], "tcp-minute": [40e6], "bursts": [40e6, 0], "long": [1e6]}[how]
    with connect(port) as control:
        control.settimeout(6)
        control.sendall(began)
        wait_state(control, PARAM_EXCHANGE)
        asked = parameters(bandwidth=1000000, time=2)
        if how.endswith("minute"):
            asked["extra_data"] = json.dumps({"longhaul": 1, "interval_s": 60})
        if how == "bursts":
            asked["extra_data"] = json.dumps({"longhaul": 1, "interval_s": 0.15})
        if tcp:
            del asked["udp"]
            asked["tcp"] = True
        send_json(control, json.dumps(asked))
        wait_state(control, CREATE_STREAMS)
        with connect(port, 3) if tcp else open_stream(port) as data:
            if tcp:
                data.sendall(began)
            wait_state(control, TEST_START)
            wait_state(control, TEST_RUNNING)
            begin, sent = time.monotonic(), 0
            while (now := time.monotonic() - begin) < 30:
                rate_bps = rates_bps[int(now / 0.3) % len(rates_bps)]
                due = sent + max(1, int(rate_bps / 8 / size / 100)) if rate_bps else sent
                try:
                    while sent < due:
                        sent += 1
                        data.send(datagram(sent, size))
                except (ConnectionError, TimeoutError):
                    pass  # the server has closed it: what it says is on its way
                if select.select([control], [], [], 0.01)[0]:
                    state = struct.unpack("b", receive(control, 1))[0]
                    number = struct.unpack(">I", receive(control, 4))[0] if state == SERVER_ERROR else f"state {state}"
                    return print(f"{number} after {now:.1f} s, {sent * size * 8 / 1e6:.0f} Mbit")
            print("nothing")


WICKED = [b"", b"{", b"null", b"[]", b'"text"', b"1e999", b"{" * 5000, b"[" * 100000, b"\xff\xfe\x00", b'{"udp":"yes","time":[],"parallel":{}}',
          json.dumps(parameters(parallel=-1)).encode(), json.dumps(parameters(parallel=2147483647)).encode(),
          json.dumps(parameters(len=-1)).encode(), json.dumps(parameters(len=2147483647)).encode(),
          json.dumps(parameters(time=-1, omit=2147483647)).encode(), json.dumps(parameters(window=2147483647)).encode(),
          json.dumps(parameters(title=7, extra_data=7, congestion=7, authtoken=7, cookie=7)).encode(),
          json.dumps(parameters(congestion="../../x", MSS=-5, TOS=99999, flowlabel=-1)).encode(),
          json.dumps(dict(parameters(tcp=True, parallel=128), udp=False)).encode()]


def flood(port):
    piece, n = b'{"title":"' + b"x" * (1 << 20), 0
    try:
        with connect(port) as s:
            s.sendall(cookie())
            wait_state(s, PARAM_EXCHANGE)
            s.sendall(struct.pack(">I", 2000000000))
            s.settimeout(1)
            end = time.monotonic() + 4
            while time.monotonic() < end:
                s.sendall(piece)
                n += 1
    except OSError:
        pass
    print(n)


def wicked(port):
    """Each says its parameters and leaves after what the server answers, or 0.3 s."""
    for text in WICKED:
        for _ in range(10):
            try:
                with connect(port) as s:
                    s.settimeout(2)
                    s.sendall(cookie())
                    wait_state(s, PARAM_EXCHANGE)
                    send_json(s, text)
                    s.settimeout(0.3)
                    s.recv(100)
                    break
            except TimeoutError:
                break
            except OSError:
                time.sleep(0.2)


if __name__ == "__main__":
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "garbage":
        garbage(*map(int, rest))
    elif what == "scan":
        scan(*map(int, rest))
    elif what == "hold":
        hold(rest[0], int(rest[1]), int(rest[2]))
    elif what == "leg":
        legs(int(rest[0]), *rest[1:])
    elif what == "lie":
        lie(rest[0], int(rest[1]))
    elif what == "flood":
        flood(int(rest[0]))
    elif what == "parameters":
        wicked(int(rest[0]))
