"""export_server.py PORT LOG FAULT...: a server that takes what longhaul export sends, as VictoriaMetrics does, and has faults: one of them for
each request to /api/v1/import, then none. LOG gets a line of JSON for each request; at /samples it says what it has.
  500, 503, 400: that status, nothing taken; 429: with Retry-After: 1; all-500: takes all; half: takes half of the lines and closes; all: takes
  all and closes; cut: takes all, and its answer ends too early; silent: takes nothing and says nothing; slow: a byte each second; endless:
  takes all, and its answer has no end; redirect, redirect-file; headers: headers without an end; wide-header: one of 1 MB; year: 429 with a
  Retry-After of a year; always-X: X for ever; and for the other requests: no-query (404), query-garbage, query-endless, query-bomb (packed),
  query-wide (one line of 60 MB), liar (has nothing); secret: 401 that repeats what it was told; tls:CERT:KEY. A request to /forget makes it forget every other series."""
import gzip
import json
import socketserver
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

port, log, faults = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
samples, lock = {}, threading.Lock()  # {series: {time: [values]}}
metrics = {}  # {series: its labels}
kinds = {f for f in faults if f.startswith(("no-query", "query-", "liar", "tls:"))}
faults = [f for f in faults if f not in kinds]


def take(lines):
    with lock:
        for line in lines:
            one = json.loads(line)
            key = json.dumps(one["metric"], sort_keys=True)
            series = samples.setdefault(key, {})
            metrics[key] = one["metric"]
            assert len(one["values"]) == len(one["timestamps"]) > 0
            for at, value in zip(one["timestamps"], one["values"]):
                series.setdefault(at, []).append(value)


def chosen(match):
    """The series of a selector, as longhaul writes it: name="value" or __name__=~"prefix.*", test="" for none."""
    wanted, i, text = [], 0, match.strip()[1:-1]
    while i < len(text):
        name, _, rest = text[i:].partition("=")
        is_pattern = rest.startswith("~")
        rest = rest[1:] if is_pattern else rest
        value, end = json.JSONDecoder().raw_decode(rest)
        wanted.append((name, value, is_pattern))
        i += len(name) + 1 + is_pattern + end + 1
    for series, points in list(samples.items()):
        metric = metrics[series]
        if all(metric.get(n, "").startswith(v[:-2]) if p else metric.get(n, "") == v for n, v, p in wanted):
            yield metric, points


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer's head and body are two writes

    def log_message(self, *_):
        pass

    def say(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, what):
        with lock, open(log, "a") as out:
            out.write(json.dumps({"what": what, "path": self.path, "auth": self.headers.get("Authorization"), "encoding": self.headers.get("Content-Encoding")}) + "\n")

    def endless(self, piece):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + (b"\r\n" if piece == "body" else b""))
        try:
            while True:
                self.wfile.write(b"x" * 65536 if piece == "body" else b"X-More: " + b"y" * 1000 + b"\r\n")
        except OSError:
            self.close_connection = True

    def slow(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while True:
                self.wfile.write(b"x")
                time.sleep(1)
        except OSError:
            self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        lines = body.splitlines()
        with lock:
            fault = (faults[0] if faults[0].startswith("always-") else faults.pop(0)) if faults else ""
        fault = fault.replace("always-", "")
        self.note(fault or "taken")
        if not self.path.endswith("/api/v1/import"):
            return self.say(404)
        if fault in ("", "all", "all-500", "endless", "cut"):
            take(lines)
        if fault == "half":
            take(lines[:len(lines) // 2] + [json.dumps({k: (v if k == "metric" else v[:len(v) // 2 + 1]) for k, v in json.loads(line).items()}) for line in lines[len(lines) // 2:][:1]])
        if fault in ("all", "half"):
            self.close_connection = True
            self.connection.close()
        elif fault == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nit is")
            self.close_connection = True
        elif fault == "silent":
            time.sleep(600)
        elif fault == "slow":
            self.slow()
        elif fault == "wide-header":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-More: " + b"y" * (1 << 20) + b"\r\nContent-Length: 0\r\n\r\n")
        elif fault == "endless":
            self.endless("body")
        elif fault == "headers":
            self.endless("headers")
        elif fault == "redirect":
            self.say(302, Location="http://192.0.2.1:9/elsewhere")
        elif fault == "redirect-file":
            self.say(307, Location="file:///etc/hostname")
        elif fault == "year":
            self.say(429, b"in a year", Retry_After="31536000")
        elif fault == "429":
            self.say(429, b"slow down", Retry_After="1")
        elif fault == "secret":
            self.say(401, ("you are " + str(self.headers.get("Authorization"))).encode())
        elif fault:
            self.say(int(fault.replace("all-", "")), b"a fault\x1b[31m of a test\nand more")
        else:
            self.say(204)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/samples":
            with lock:
                return self.say(200, json.dumps(samples).encode())
        if url.path == "/forget":  # as one that was killed
            with lock:
                for series in list(samples)[::2]:
                    samples[series].clear()
            return self.say(200)
        self.note("get")
        if "no-query" in kinds:
            return self.say(404)
        if "query-garbage" in kinds:
            return self.say(200, b"<html>\x1b[31mhello</html>")
        if "query-endless" in kinds:
            return self.endless("body")
        if "query-bomb" in kinds:
            return self.say(200, gzip.compress(b"0" * (64 << 20)), Content_Encoding="gzip")
        if "query-wide" in kinds:
            return self.say(200, b'{"metric":{},"values":[' + b"1," * (30 << 20) + b'1],"timestamps":[]}\n')
        with lock:
            if "liar" in kinds:
                return self.say(200, b'{"status":"success","data":{"resultType":"vector","result":[]}}' if "query" in query else b"")
            if url.path.endswith("/api/v1/export"):
                first, last = int(float(query["start"]) * 1000), int(float(query["end"]) * 1000)  # as VictoriaMetrics does
                out = []
                for metric, points in chosen(query["match[]"]):
                    some = [(at, v) for at in sorted(points) if first <= at <= last for v in points[at]]
                    if some:
                        out.append(json.dumps({"metric": metric, "values": [v for _, v in some], "timestamps": [at for at, _ in some]}) + "\n")
                return self.say(200, "".join(out).encode())
            if url.path.endswith("/api/v1/query"):
                match = query["query"][len("sum(count_over_time("):query["query"].rindex("[")]
                span, last = int(query["query"][query["query"].rindex("[") + 1:query["query"].rindex("ms]")]), int(float(query["time"]) * 1000)
                n = sum(len(v) for _, points in chosen(match) for at, v in points.items() if last - span < at <= last)
                result = [{"metric": {}, "value": [last / 1000, str(n)]}] if n else []
                return self.say(200, json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode())
        self.say(200)


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", port), Handler)
for kind in kinds:
    if kind.startswith("tls:"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*kind.split(":")[1:])
        server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
