"""live.py LONGHAUL PORT WORK: serve and run on terminals of our own, with faults. PORT is the first of four. Prints result lines."""
import json, os, re, shutil, signal, subprocess, sys

from screen import Terminal

longhaul, port, work = sys.argv[1], int(sys.argv[2]), sys.argv[3]
failed = False
UTC = r"(?:[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"


def check(what, good, detail=""):
    global failed
    failed = failed or not good
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": %r" % (detail,)), flush=True)


class Watched(Terminal):
    """Keeps the heads of the tables, and where each row's figures end: they must not move."""

    def __init__(self, *arguments, **terminal):
        super().__init__(*arguments, **terminal)
        self.heads, self.ends, self.long = set(), set(), 0

    def watch(self, seconds, until=None):
        def look(screen):
            shown = screen.shown()
            if len(shown) > 1 and re.match(r"leg|  port| port", shown[1]):
                self.heads.add(shown[1])
                self.long = max(self.long, len(shown))
                ends = [m.end() for m in re.finditer(r"\S+( \(UTC\)| row| p99)?", shown[1]) if m[0] not in ("leg", "peer", "state")]
                for row in shown[2:]:
                    if "->" in row and len(row) > 30:
                        self.ends.add(all(row[end - 1:end].strip() and row[end:end + 1].strip() == "" for end in ends))
            return bool(until and until(screen))
        return super().watch(seconds, look)


def row_of(screen, leg):
    return next((line for line in screen.shown()[2:] if leg in line.split()[:2]), "")


def tones(terminal, word):
    """The colours of the line that begins with the word since the last call, without the resets."""
    seen = set(terminal.screen.tones.pop(word, [])) - {"0", ""}
    return seen


def children(pid):
    return [int(child) for task in os.listdir("/proc/%d/task" % pid) for child in open("/proc/%d/task/%s/children" % (pid, task)).read().split()]



# ---- serve, with two legs of 60 s and a stranger's test
serve = Watched([longhaul, "serve", "-p", "%d-%d" % (port, port + 2), "-B", "127.0.0.1", "--dir", work + "/received", "--allow", "127.0.0.0/8"],
                work + "/serve.out", columns=120)
check("serve: a table of its ports, all idle", serve.watch(20, lambda s: len([x for x in s.shown() if re.match(r" *\d+ +-( +-){8} +idle$", x)]) == 3),
      serve.screen.text())
check("... below the line that says where it listens", "listening on 127.0.0.1, ports %d-%d\n" % (port, port + 2) in serve.screen.text() and
      re.match(r"[0-9:]{8} UTC, listening on 127\.0\.0\.1: 3 idle$", serve.screen.shown()[0]), serve.screen.text())
check("... and idle has no colour", not serve.screen.colours, serve.screen.colours)
legs = [subprocess.Popen([longhaul, "run", *leg, "127.0.0.1", "-p", str(port + i), "-b", "1M", "-t", "60", "--dir", work + "/sent", *flags],
                         stdout=subprocess.DEVNULL, stderr=open(work + "/run%d.err" % i, "w"))
        for i, (leg, flags) in enumerate((((("HK", "WUS")), ()), (("WUS", "HK"), ("--pull",))))]
pushed = r" *%d  HK->WUS +127\.0\.0\.1 +%s +[01]\.[0-9]{3} +[01]\.[0-9]{3} +0\.0000%% +[0-9.]+ ms +[0-9]\.[0-9] s +0  running$" % (port, UTC)
check("a leg that is pushed: port, leg, peer, since, rate, mean, loss, delay p99, last row", serve.watch(20, lambda s: re.match(pushed, row_of(s, "HK->WUS"))), serve.screen.text())
pulled = r" *%d  WUS->HK +127\.0\.0\.1 +%s +sent [01]\.[0-9]{3} +[01]\.[0-9]{3} +at receiver +- +[0-9]\.[0-9] s +0  running$" % (port + 1, UTC)
check("a leg that is pulled: what is sent", serve.watch(20, lambda s: re.match(pulled, row_of(s, "WUS->HK"))), serve.screen.text())
since = re.search(UTC, row_of(serve.screen, "HK->WUS"))
serve.screen.tones.clear()
serve.watch(2.5)
check("... since the same time in each drawing", since and since[0] in row_of(serve.screen, "HK->WUS"), serve.screen.text())
check("what arrives whole is green", tones(serve, str(port)) == {"32"}, serve.screen.text())
check("what is sent has no colour", not tones(serve, str(port + 1)), serve.screen.text())
if shutil.which("iperf3"):
    stranger = subprocess.Popen(["iperf3", "-c", "127.0.0.1", "-p", str(port + 2), "-u", "-b", "1M", "-t", "5"], stdout=subprocess.DEVNULL)
    other = r" *%d  - +127\.0\.0\.1 +%s +[01]\.[0-9]{3} +[01]\.[0-9]{3} +0\.0000%% +[0-9.]+ ms +[0-9]\.[0-9] s +0  running$" % (port + 2, UTC)
    check("an iperf3 client's test has a row, too, without a leg",
          serve.watch(10, lambda s: any(re.match(other, x) for x in s.shown())), serve.screen.text())
    stranger.wait()
    check("... which is then done", serve.watch(10, lambda s: any(re.match(r" *%d  - .* - .* done$" % (port + 2), x) for x in s.shown())), serve.screen.text())

# A sender that stops: the figures get old. Then it is gone.
for child in children(legs[0].pid):
    os.kill(child, signal.SIGSTOP)
check("a sender that is stopped: what came is old, or nothing", serve.watch(15, lambda s: re.search(r"(no data|silent)$", row_of(s, "HK->WUS"))), serve.screen.text())
serve.screen.tones.clear()
serve.watch(2.5)
check("... and is not green", not {"32"} & tones(serve, str(port)), serve.screen.text())
for child in children(legs[0].pid):
    os.kill(child, signal.SIGCONT)
legs[0].kill()
legs[0].wait()
check("a sender that is killed: its leg waits, and its last row gets older",
      serve.watch(20, lambda s: re.search(r" - +[01]\.[0-9]{3} .* [2-9]\.[0-9] s +[0-9] +waiting$", row_of(s, "HK->WUS"))), serve.screen.text())
serve.size(24, 80)
serve.process.send_signal(signal.SIGWINCH)
narrow = r" *%d  HK->WUS +127\.0\.0\.1 +- +[0-9.]+%% +- +[0-9.:]+( s)?$" % port
check("80 columns: port, leg, peer, rate, loss, delay p99, last row", serve.watch(10, lambda s: re.match(narrow, row_of(s, "HK->WUS"))), serve.screen.text())
heads = len(serve.heads)
check("no column moved: one head for each width", heads == 2 and serve.ends == {True}, (serve.heads, serve.ends))
wrapped = serve.screen.wrapped
serve.watch(1.5)
check("nothing wraps", serve.screen.wrapped == wrapped)

# ---- run: the server is stopped, then gone
pull = Watched([longhaul, "run", "KC", "UAE", "127.0.0.1", "-p", str(port), "-b", "1M", "-t", "120", "--pull", "--dir", work + "/pulled"], work + "/pull.out", columns=120)
good = r"KC->UAE +0:00:[0-9]{2} +0:01:[0-9]{2} +%s +[01]\.[0-9]{3} +[01]\.[0-9]{3} +0\.0000%% +[0-9.]+ ms +0  running$" % UTC
begun = pull.watch(30, lambda s: re.match(good, row_of(s, "KC->UAE")))
if not begun:  # the port is kept for the leg that was killed
    pull.process.send_signal(signal.SIGINT)
    pull.end()
    pull = Watched([longhaul, "run", "KC", "UAE", "127.0.0.1", "-p", str(port + 2), "-b", "1M", "-t", "120", "--pull", "--dir", work + "/pulled"], work + "/pull.out", columns=120)
    begun = pull.watch(30, lambda s: re.match(good, row_of(s, "KC->UAE")))
check("120 columns: elapsed, left, end, rate, mean, loss, delay p99, gaps, state", begun, pull.screen.text())
pull.watch(2.5)
check("what is received whole is green", "32" in tones(pull, "KC->UAE"))
stopped = children(serve.process.pid)
for child in stopped:
    os.kill(child, signal.SIGSTOP)
check("a server that is stopped: no data", pull.watch(15, lambda s: re.search(r" 0\.000 .* no data$", row_of(s, "KC->UAE"))), pull.screen.text())
tones(pull, "KC->UAE")
pull.watch(2.2)
seen = tones(pull, "KC->UAE")
check("... is red, never green", "31" in seen and "32" not in seen or re.search("waiting$", row_of(pull.screen, "KC->UAE")), seen)
check("... then the leg waits, and its rate is not known", pull.watch(20, lambda s: re.search(r" - +[01]\.[0-9]{3} .* waiting$", row_of(s, "KC->UAE"))), pull.screen.text())
tones(pull, "KC->UAE")
pull.watch(2.2)
seen = tones(pull, "KC->UAE")
check("... which is neutral: bold", seen == {"1"}, seen)
check("... the title counts it", re.search(r": 1 waiting$", pull.screen.shown()[0]), pull.screen.text())
for child in stopped:
    try:
        os.kill(child, signal.SIGCONT)
    except ProcessLookupError:
        pass
pull.size(24, 40)
pull.process.send_signal(signal.SIGWINCH)
check("40 columns: leg, end or rate, and state, all within them",
      pull.watch(10, lambda s: s.shown() and max(map(len, s.shown())) < 40 and row_of(s, "KC->UAE")), pull.screen.text())
check("no column moved", pull.ends == {True} and len([x for x in pull.heads if len(x) > 60]) == 1, (pull.heads, pull.ends))
pull.process.send_signal(signal.SIGINT)
check("^C: the status is that of the signal", pull.end() == 130)

serve.process.send_signal(signal.SIGTERM)
# A table that was drawn while the window became narrower may have left its title: only what came after that counts.
ended, last = serve.end(), serve.screen.text().split("KC->UAE: test from")[-1]
check("serve: the table is gone at the end", ended == 143 and "last row" not in last and "UTC, listening" not in last, serve.screen.text())
check("serve: no sequence that a terminal may not know", not serve.screen.unknown, serve.screen.unknown)
for leg in legs:
    leg.terminate()
    leg.wait()

# ---- serve elsewhere: lines alone, or no colours
for name, terminal in (("TERM=dumb", {"term": "dumb"}), ("NO_COLOR", {"NO_COLOR": "1"})):
    plain = Watched([longhaul, "serve", "-p", "%d-%d" % (port, port + 1), "-B", "127.0.0.1", "--dir", work + "/plain"], work + "/plain.out", **terminal)
    begun = plain.watch(10, lambda s: "listening on" in s.text() and (name == "TERM=dumb" or s.shown()))
    plain.watch(1.5)
    check("serve, %s: %s" % (name, "lines alone" if name == "TERM=dumb" else "a table without colours"),
          begun and not plain.screen.colours and bool(plain.screen.shown()) == (name != "TERM=dumb"), plain.screen.text())
    if plain.screen.shown():
        subprocess.run([longhaul, "run", "HK", "WUS", "127.0.0.1", "-p", str(port + 1), "-b", "1M", "-t", "1", "--dir", work + "/short"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        check("... what is over is counted before what is idle", plain.watch(10, lambda s: s.shown() and s.shown()[0].endswith(": 1 done, 1 idle")), plain.screen.text())
    plain.process.send_signal(signal.SIGTERM)
    plain.end()

# ---- 98 legs that nobody answers, on a terminal of 80x24
names = ["S%02d" % i for i in range(98)]
topology = {"format": 1, "defaults": {"rate": "10K", "duration": "60s"},
            "sites": dict({"A": {"address": "127.0.0.1"}}, **{name: {"address": "127.0.1.%d" % (i + 1), "ports": port + 3} for i, name in enumerate(names)}),
            "legs": ["A-" + name for name in names]}
json.dump(topology, open(work + "/many.json", "w"))
many = Watched([longhaul, "run", "--config", work + "/many.json", "--site", "A", "--wait", "60s", "--dir", work + "/many"], work + "/many.out")
full = lambda s: len(s.shown()) == 23 and re.match(r"and 78 more: ", s.shown()[-1])
check("98 legs, 80x24: 23 lines, the last of which counts the rest", many.watch(20, full), many.screen.text())
check("... connecting first, pending later", many.watch(20, lambda s: full(s) and any(re.search(r" - +- +- +0  connecting$", x) for x in s.shown())), many.screen.text())
title = many.screen.shown()[0] if many.screen.shown() else ""
check("an end that nobody knows is not told as known", "or later" in title or " end " not in title, title)
many.watch(1.5)
check("nobody is connected: nothing has a colour", not many.screen.colours, many.screen.colours)
wrapped = many.screen.wrapped
many.size(10, 80)
many.process.send_signal(signal.SIGWINCH)
check("10 lines: 9 of them", many.watch(10, lambda s: len(s.shown()) == 9), many.screen.text())
check("one head for all drawings, and nothing wraps", len(many.heads) == 1 and many.screen.wrapped == wrapped, many.heads)
many.process.send_signal(signal.SIGTERM)
many.end()
sys.exit(failed)
