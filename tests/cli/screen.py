"""screen.py - a terminal of our own for a program, and a small emulator of what it shows. For progress.py and live.py."""
import fcntl, os, pty, re, select, struct, subprocess, termios, time


class Screen:
    """What a terminal shows: text, CR, LF, CSI K, J, A, m. Lines wrap at the edge; a resize breaks nothing anew, as xterm's."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.lines, self.y, self.x = [""], 0, 0
        self.rest, self.colours, self.unknown, self.wrapped = "", set(), set(), 0
        self.tones = {}  # by the first word of the line

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
                    self.tones.setdefault(self.lines[self.y].split(" ")[0], []).append(m[1])
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

    def shown(self):
        """The lines of the last table: from its title on."""
        begin = max((i for i, line in enumerate(self.lines) if re.match(r"[0-9:]{8} UTC", line)), default=len(self.lines))
        return [line.rstrip() for line in self.lines[begin:]]


class Terminal:
    """A program whose stdin and stderr are a terminal."""

    def __init__(self, command, out, rows=24, columns=80, term="xterm", **environment):
        self.screen = Screen(rows, columns)
        self.master, slave = pty.openpty()
        self.size(rows, columns)
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        env.update(environment, TERM=term)

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        with open(out, "w") as to:
            self.process = subprocess.Popen(command, stdin=slave, stdout=to, stderr=slave, env=env, preexec_fn=own_terminal)
        os.close(slave)

    def size(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.rows, self.screen.columns = rows, columns

    def watch(self, seconds, until=None):
        """Feeds the screen until the time is over or until(screen) is true, which is returned."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if until and until(self.screen):
                return True
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    break
                self.screen.feed(data.decode())
        return bool(until and until(self.screen))

    def end(self):
        self.watch(60, lambda s: self.process.poll() is not None)
        self.watch(0.3)
        status = self.process.wait()
        os.close(self.master)
        return status
