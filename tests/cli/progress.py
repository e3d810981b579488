"""progress.py LONGHAUL PORT WORK: run on a terminal of our own, seen by a small emulator of one. Prints result lines."""
import fcntl, os, pty, re, select, signal, struct, subprocess, sys, termios, time

longhaul, port, work = sys.argv[1], int(sys.argv[2]), sys.argv[3]
failed = False


def check(what, good, detail=""):
    global failed
    failed = failed or not good
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": %r" % (detail,)), flush=True)


class Screen:
    """What a terminal shows: text, CR, LF, CSI K, J, A, m. Lines wrap at the edge; a resize breaks nothing anew, as xterm's."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.lines, self.y, self.x = [""], 0, 0
        self.rest, self.colours, self.unknown, self.wrapped = "", set(), set(), 0

    def put(self, text):
        line = self.lines[self.y].ljust(self.x)
        self.lines[self.y] = line[:self.x] + text + line[self.x + len(text):]
        self.x += len(text)

    def down(self):
        self.y += 1
        if self.y == len(self.lines):
            self.lines.append("")

    def feed(self, data):
        data, self.rest = self.rest + data, ""
        while data:
            if data[0] == "\x1b":
                m = re.match(r"\x1b\[([0-9;]*)([A-Za-z])", data)
                if not m:
                    self.rest = data
                    return
                n = int(m[1] or 0) if ";" not in m[1] else 0
                if m[2] == "K":
                    self.lines[self.y] = self.lines[self.y][:self.x]
                elif m[2] == "J":
                    self.lines[self.y] = self.lines[self.y][:self.x]
                    del self.lines[self.y + 1:]
                elif m[2] == "A":
                    self.y = max(0, self.y - max(n, 1))
                elif m[2] == "m":
                    self.colours.add(m[1])
                else:
                    self.unknown.add(m[0])
                data = data[m.end():]
            elif data[0] == "\r":
                self.x, data = 0, data[1:]
            elif data[0] == "\n":
                self.down()
                data = data[1:]
            else:
                if self.x >= self.columns:
                    self.wrapped += 1
                    self.down()
                    self.x = 0
                self.put(data[0])
                data = data[1:]

    def text(self):
        return "\n".join(line.rstrip() for line in self.lines)


class Run:
    def __init__(self, name, rows=24, columns=80, term="xterm", flags=("-t", "7"), **environment):
        self.screen = Screen(rows, columns)
        self.master, slave = pty.openpty()
        self.size(rows, columns)
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        env.update(environment, TERM=term)

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [longhaul, "run", "HK", "WUS", "127.0.0.1", "-p", str(port), "--both", "-b", "1M", "--dir", work + "/" + name, *flags],
            stdin=slave, stdout=open(work + "/" + name + ".out", "w"), stderr=slave, env=env, preexec_fn=own_terminal)
        os.close(slave)

    def size(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.rows, self.screen.columns = rows, columns

    def watch(self, seconds, until=None):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and until(self.screen)):
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    return
                self.screen.feed(data.decode())

    def end(self):
        self.watch(60, lambda s: self.process.poll() is not None)
        self.watch(0.3)
        status = self.process.wait()
        os.close(self.master)
        return status


def rows_of(screen):
    return [line for line in screen.lines if re.match(r"(HK->WUS|WUS->HK) +[0-9HM]+S ", line)]


def running(screen):
    return sum(bool(re.search(r" [01]\.[0-9]{3} .* running", line)) for line in rows_of(screen)) == 2


# A table, a question, two sizes, an end.
run = Run("wide")
run.watch(20, running)
check("80 columns: a row for each leg, with rate, loss and state", running(run.screen), run.screen.text())
check("the legs' beginnings stand above it", run.screen.text().startswith(("HK->WUS began\nWUS->HK began\nleg", "WUS->HK began\nHK->WUS began\nleg")),
      run.screen.text())
run.watch(1.5)
check("it is drawn in place", len(rows_of(run.screen)) == 2 and run.screen.text().count("elapsed") == 1, run.screen.text())
check("running is green", "32" in run.screen.colours, run.screen.colours)
run.process.send_signal(signal.SIGUSR1)
run.watch(10, lambda s: " left, " in s.text() and running(s))
lines = [line for line in run.screen.lines if " left, " in line]
check("SIGUSR1: a line for each leg, above the table", len(lines) == 2 and running(run.screen), run.screen.text())
run.size(24, 20)
run.process.send_signal(signal.SIGWINCH)
run.watch(10, lambda s: len([x for x in s.lines if re.match(r"HK->WUS +running$", x.rstrip())]) == 1)
check("20 columns: leg and state are left", len([x for x in run.screen.lines if re.match(r"(HK->WUS|WUS->HK) +running$", x.rstrip())]) == 2, run.screen.text())
wrapped = run.screen.wrapped
run.watch(1.5)
check("nothing wraps", run.screen.wrapped == wrapped, run.screen.text())
check("exit status", run.end() == 0)
check("at the end the table is gone", "state" not in run.screen.text() and not [x for x in run.screen.lines if re.search(r" running *$", x) and " left, " not in x], run.screen.text())
check("no sequence that a terminal may not know", not run.screen.unknown, run.screen.unknown)

# What the environment asks for.
run = Run("plain", NO_COLOR="1", flags=("-t", "2"))
run.watch(20, running)
check("NO_COLOR: a table without colours", running(run.screen) and not run.screen.colours, run.screen.colours)
run.end()
run = Run("dumb", term="dumb", flags=("-t", "2"))
run.end()
check("TERM=dumb: lines alone", "\x1b" not in run.screen.text() and "elapsed" not in run.screen.text() and "HK->WUS began" in run.screen.text(), run.screen.text())
sys.exit(failed)
