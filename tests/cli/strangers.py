"""strangers.py PORT KIND FROM [reverse] [bidirectional] [window] [slow]: a TCP test of three streams and half a second on 127.0.0.1.
When the server awaits its streams strangers connect first, from the address FROM: silent, partial (half of a cookie), wrong (another
cookie), beginning (the right cookie's first half, then nothing), closed, reset, many (300 silent ones). slow: each stream says its
cookie in two parts, 0.3 s apart, the first one last. Prints how it went: "done", the bytes that came the asked way, what the strangers
were told."""
import os, socket, struct, sys, threading, time

sys.path.insert(0, os.path.dirname(__file__))
from abuse import (CREATE_STREAMS, DISPLAY_RESULTS, DONE, EXCHANGE_RESULTS, PARAM_EXCHANGE, TEST_END, TEST_RUNNING, TEST_START, connect, cookie,
                   parameters, receive, results, send_json, stream_results, wait_state)
import json

N = 3


def strange(port, kind, host, own):
    """The strangers' connections, which stay open."""
    held = []
    for _ in range(300 if kind == "many" else 3):
        s = socket.socket()
        s.bind((host, 0))
        s.settimeout(3)
        s.connect(("127.0.0.1", port))
        if kind in ("partial", "wrong"):
            s.sendall(cookie()[:18 if kind == "partial" else 37])
        elif kind == "beginning":
            s.sendall(own[:18])
        elif kind == "reset":
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if kind in ("closed", "reset"):
            s.close()
        else:
            held.append(s)
    time.sleep(0.2)
    return held


def open_streams(port, own, n, is_slow):
    streams = [connect(port) for _ in range(n)]
    if is_slow:
        for s in streams:
            s.sendall(own[:10])
        time.sleep(0.3)
    for s in reversed(streams) if is_slow else streams:
        s.sendall(own[10:] if is_slow else own)
    return streams


def pump(stream, sending, counts, i, stop):
    stream.settimeout(0.1)
    while not stop.is_set():
        try:
            counts[i] += stream.send(bytes(10000)) if sending else len(stream.recv(10000))
        except TimeoutError:
            pass
        except OSError:
            return


def told(strangers):
    """What each stranger has heard: 255 is "busy"."""
    said = set()
    for s in strangers:
        try:
            s.settimeout(0.5)
            said.add(",".join(map(str, s.recv(10))) or "closed")
        except TimeoutError:
            said.add("nothing")
        except OSError:
            said.add("reset")
    return " ".join(sorted(said))


def main(port, kind, host, *flags):
    own, n = cookie(), N * (2 if "bidirectional" in flags else 1)
    asked = parameters(time=2, parallel=N, len=10000, bandwidth=8000000, tcp=True, **({"reverse": True} if "reverse" in flags else {}),
                       **({"bidirectional": True} if "bidirectional" in flags else {}), **({"window": 60000} if "window" in flags else {}))
    del asked["udp"]
    with connect(port) as control:
        control.settimeout(9)
        control.sendall(own)
        wait_state(control, PARAM_EXCHANGE)
        send_json(control, json.dumps(asked))
        wait_state(control, CREATE_STREAMS)
        strangers = strange(port, kind, host, own)
        streams = open_streams(port, own, n, "slow" in flags)
        wait_state(control, TEST_START)
        wait_state(control, TEST_RUNNING)
        counts, stop = [0] * n, threading.Event()
        sends = [i < N if "bidirectional" in flags else "reverse" not in flags for i in range(n)]
        threads = [threading.Thread(target=pump, args=(s, sends[i], counts, i, stop)) for i, s in enumerate(streams)]
        for t in threads:
            t.start()
        time.sleep(0.5)
        busy = told(strangers)
        control.sendall(struct.pack("b", TEST_END))
        wait_state(control, EXCHANGE_RESULTS)
        stop.set()
        for t in threads:
            t.join()
        send_json(control, json.dumps(results(*(stream_results(counts[i], 0, 0.5, id=i + 1 if i == 0 else i + 2) for i in range(n)))))
        receive(control, struct.unpack(">I", receive(control, 4))[0])
        wait_state(control, DISPLAY_RESULTS)
        control.sendall(struct.pack("b", DONE))
        return f"done, {'data on all streams' if min(counts) > 0 else counts}, strangers: {busy or 'gone'}"


if __name__ == "__main__":
    try:
        print(main(int(sys.argv[1]), *sys.argv[2:]))
    except OSError as e:
        print(f"not done: {e or type(e).__name__}")
