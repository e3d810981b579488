"""news_path.py PORT TO: a path on loopback for one UDP leg that is pulled, with an attacker on it who knows the test's cookie. Next to the
data, which pass as they are, the client gets datagrams that look like news of its server: good ones from another port, and from the server's
address such as no server of ours would send; after 1,000 of those one good trace, in three parts, until it says that it has it. At its end it
prints how many datagrams it made up, and how often the client said so."""
import json, os, random, selectors, signal, socket, sys

from tcp_relay import datagrams_at, datagrams_to, relay

port, to = map(int, sys.argv[1:3])
cookie, made, got = [], 0, 0
random.seed(7)


def trace(address="203.0.113.7", why="loss", **more):
    return json.dumps({"at_s": 0, "seconds": 1.5, "why": why, "source_port": 5201, "destination_port": 4, "protocol": "UDP", "by": "raw",
                       "distance": None, "hops": [[address, 3, 3, 0.05, 0.06]], **more}).encode()


good = trace()
pieces = [good[:50], good[50:100], good[100:]]


def whole(text, number):
    return b"P %d 0 1 5 " % number + text


def hostile(n):
    """The nth datagram: without the 16 bytes, with them and garbage, with texts that are nearly right, with traces that cannot be."""
    number = 10000 + n
    kinds = [lambda: b"H", lambda: b"", lambda: b"X", lambda: b"T loss 5", lambda: b"T " + b"x" * 1300, lambda: b"Q", lambda: b"G 5",
             lambda: b"P 1 0 1 5 ", lambda: os.urandom(300), lambda: b"P 1 63 64 5 \0", lambda: b"P 7 %d 64 5 " % (n % 64) + b"[" * 1300,
             lambda: b"P %d 0 2 5 half" % number, lambda: whole(b"[" * 1300, number), lambda: whole(trace("<script>"), number),
             lambda: whole(trace("1.2.3.4\\u0000"), number), lambda: whole(trace(why="because"), number),
             lambda: whole(trace(seconds=-1), number), lambda: whole(trace(at_s=1e300), number),
             lambda: whole(trace(hops=[[None, 3, 0, None, None]] * 40)[:1380], number), lambda: whole(b"{}", number),
             lambda: whole(b"null", number), lambda: whole(trace(hops={}), number), lambda: b"P 1 0 1 5 " + b"x" * 60000,
             lambda: b"P " + b"9" * 1000, lambda: whole(trace(distance=10**30), number)]
    text = kinds[n % len(kinds)]()
    return text if n % 37 == 0 else cookie[0] + text


front = datagrams_at(port)
stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
selector = selectors.DefaultSelector()
selector.register(front, selectors.EVENT_READ, None)
flows = {}


def attack(address, n):
    global made
    stranger.sendto(cookie[0] + whole(trace("203.0.113.66"), 5000 + n), address)
    if made < 1000:
        front.sendto(hostile(n), address)
        made += 1
    elif not got and n % 20 < 3:
        front.sendto(cookie[0] + b"P 77 %d 3 1500 " % (n % 20) + pieces[n % 20], address)
        made += 1


def end(*_):
    print(made, got, flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
relay(port, to, lambda data: cookie or cookie.append(data[:16]))
n_data = 0
while True:
    for key, _ in selector.select(0.2):
        if key.data is None:
            data, address = front.recvfrom(65536)
            if address not in flows:
                flows[address] = datagrams_to(to)
                selector.register(flows[address], selectors.EVENT_READ, address)
            if cookie and data == cookie[0] + b"G 77":
                got += 1
            else:
                try:
                    flows[address].send(data)
                except OSError:  # of an earlier one: the test is over at the other end
                    pass
        else:
            try:
                data = key.fileobj.recv(65536)
            except OSError:
                continue
            front.sendto(data, key.data)
            n_data += 1
            if n_data > 20 and cookie:  # the stream has begun
                attack(key.data, n_data)
