"""progress.py LONGHAUL PORT WORK: run on a terminal of our own, seen by a small emulator of one. Prints result lines."""
import re, signal, sys

from screen import Terminal

longhaul, port, work = sys.argv[1], int(sys.argv[2]), sys.argv[3]
failed = False


def check(what, good, detail=""):
    global failed
    failed = failed or not good
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": %r" % (detail,)), flush=True)


class Run(Terminal):
    def __init__(self, name, flags=("-t", "7"), **terminal):
        super().__init__([longhaul, "run", "HK", "WUS", "127.0.0.1", "-p", str(port), "--both", "-b", "1M", "--dir", work + "/" + name, *flags],
                         work + "/" + name + ".out", **terminal)


def rows_of(screen):
    return [line for line in screen.lines if re.match(r"(HK->WUS|WUS->HK) +([0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}(:[0-9]{2})? ", line)]


def running(screen):
    return sum(bool(re.search(r" [01]\.[0-9]{3} .* running", line)) for line in rows_of(screen)) == 2


# A table, a question, two sizes, an end.
run = Run("wide")
run.watch(20, running)
check("80 columns: a row for each leg, with rate, loss and state", running(run.screen), run.screen.text())
check("the legs' beginnings stand above it", re.match(r"(HK->WUS began\nWUS->HK began|WUS->HK began\nHK->WUS began)\n[0-9:]{8} UTC, .*\nleg ", run.screen.text()), run.screen.text())
title = next((re.fullmatch(r"([0-9:]{8}) UTC, 0:00:0([0-9]) elapsed, 0:00:0([0-9]) left, end (?:[0-9-]{5} )?([0-9:]{8}): 2 running", x.rstrip()) for x in run.screen.lines if " UTC, " in x), None)
seconds = lambda text: sum(int(x) * y for x, y in zip(text.split(":"), (3600, 60, 1)))
check("80 columns: the time, elapsed and left, and the end in UTC", title and 6 <= int(title[2]) + int(title[3]) <= 8 and
      abs((seconds(title[4]) - seconds(title[1]) - int(title[3])) % 86400) <= 1, run.screen.text())
check("... which is the end of each leg", title and [row.split()[1] for row in rows_of(run.screen)] in ([title[4]] * 2,) or
      abs(seconds(rows_of(run.screen)[0].split()[1]) - seconds(rows_of(run.screen)[1].split()[1])) <= 1, run.screen.text())
run.watch(1.5)
check("it is drawn in place", len(rows_of(run.screen)) == 2 and run.screen.text().count("elapsed") == 1, run.screen.text())
pushed, pulled = ([x for x in rows_of(run.screen) if x.startswith(leg)][0] for leg in ("HK->WUS", "WUS->HK"))
check("a pushed leg: the rate is called sent, the loss is known at the receiver", re.search(r" sent +[01]\.[0-9]{3} +at receiver +- +0 +running", pushed), pushed)
check("... and a line says so", "sent: what arrives, and its loss, is known at the receiver" in run.screen.text(), run.screen.text())
check("a pulled leg: rate, loss so far and delay p99", re.search(r" [01]\.[0-9]{3} +0\.0000% +[0-9.]+ ms +0 +running", pulled), pulled)
check("what arrives whole is green", "32" in run.screen.tones.get("WUS->HK", ()), run.screen.tones)
check("what is only sent never is", not set(run.screen.tones.get("HK->WUS", ())) & {"32", "31"}, run.screen.tones)
run.process.send_signal(signal.SIGUSR1)
run.watch(10, lambda s: " left, sent " in s.text() and running(s))
lines = [line for line in run.screen.lines if re.match(r"(HK->WUS|WUS->HK) 0:00:0[0-9] elapsed, ", line)]
check("SIGUSR1: a line for each leg, above the table", len(lines) == 2 and running(run.screen), run.screen.text())
run.size(24, 20)
run.process.send_signal(signal.SIGWINCH)
run.watch(10, lambda s: len([x for x in s.lines if re.match(r"HK->WUS +running$", x.rstrip())]) == 1)
check("20 columns: leg and state are left", len([x for x in run.screen.lines if re.match(r"(HK->WUS|WUS->HK) +running$", x.rstrip())]) == 2, run.screen.text())
wrapped = run.screen.wrapped
run.watch(1.5)
check("nothing wraps", run.screen.wrapped == wrapped, run.screen.text())
check("exit status", run.end() == 0)
check("at the end the table is gone", "state" not in run.screen.text() and not rows_of(run.screen) and
      not [x for x in run.screen.lines if re.match(r"(HK->WUS|WUS->HK) +running *$", x)], run.screen.text())
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
