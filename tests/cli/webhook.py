"""webhook.py PORTFILE LOG ANSWERS...: an HTTP server that answers its requests with these statuses, one after the other ("slow": no answer for 10 s), and
writes one line of JSON for each."""
import http.server, json, sys, time

port_file, log, *answers = sys.argv[1:]

class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(log, "a") as out:
            out.write(json.dumps({"path": self.path, "type": self.headers["Content-Type"], "key": self.headers["X-Key"], "body": body}) + "\n")
        answer = answers.pop(0) if answers else "200"
        if answer == "slow":
            time.sleep(10)
            return
        self.send_response(int(answer))
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"body")
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
with open(port_file, "w") as out:
    out.write(str(server.server_address[1]))
server.serve_forever()
