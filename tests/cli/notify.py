"""notify.py LONGHAUL FOLDER: what run and serve tell a service manager: READY, STATUS, WATCHDOG, STOPPING, at a socket of this test's own, by path
and abstract. Prints result lines."""
import os, signal, socket, subprocess, sys, threading, time

longhaul, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
n_bad = 0

def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what, flush=True)

class Manager:
    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.name = "@" + address[1:] if address[0] == "\0" else address
        self.heard = []
        threading.Thread(target=self.listen, daemon=True).start()
    def listen(self):
        while True:
            text = self.socket.recv(4096).decode()
            self.heard.append((time.time(), text))
    def texts(self):
        return [text for _, text in self.heard]
    def start(self, name, *command, **more):
        out = open(os.path.join(folder, name + ".log"), "w")
        return subprocess.Popen([longhaul, *command], stdout=out, stderr=out, env={**os.environ, "NOTIFY_SOCKET": self.name, **more})

def wait_for(what, seconds=20):
    end = time.time() + seconds
    while time.time() < end and not what():
        time.sleep(0.05)
    return what()

port = subprocess.run([sys.executable, "tests/free_ports.py", "1"], capture_output=True, text=True).stdout.strip()
by_path, abstract = Manager(folder + "/notify"), Manager("\0longhaul-test-%d" % os.getpid())
serve = by_path.start("serve", "serve", "-B", "127.0.0.1", "-p", port, "--dir", folder + "/in", WATCHDOG_USEC="2000000")
check(wait_for(lambda: by_path.texts()[:1] == ["READY=1"]), f"serve is ready, and says that first: {by_path.texts()[:3]}")
listening = any(line.split()[1].endswith(":%04X" % int(port)) and line.split()[3] == "0A" for line in open("/proc/net/tcp").readlines()[1:])
check(listening, "its port is open then")
run = abstract.start("run", "run", "A", "B", "127.0.0.1", "-p", port, "-t", "13", "-b", "1M", "--no-hops", "--dir", folder + "/out", WATCHDOG_USEC="4000000")
run.wait(timeout=60)
told = abstract.texts()
check(told[:1] == ["READY=1"] and told.count("READY=1") == 1, f"run is ready, once: {told[:3]}")
check(told[-1] == "STOPPING=1" and told.count("STOPPING=1") == 1, f"the last word is that it stops: {told[-2:]}")
check("STATUS=1 leg, 1 running" in told, f"its state: {[text for text in told if text.startswith('STATUS')]}")
beats = [at for at, text in abstract.heard if text == "WATCHDOG=1"]
check(len(beats) >= 5 and max(b - a for a, b in zip(beats, beats[1:])) < 4, f"with a watchdog of 4 s it is heard of in time: {len(beats)} times in 13 s")
check(wait_for(lambda: "STATUS=1 leg, 1 done" in by_path.texts(), 15), "the server's state, too")

before = len([text for text in by_path.texts() if text == "WATCHDOG=1"])
serve.send_signal(signal.SIGSTOP)
time.sleep(3)
check(len([text for text in by_path.texts() if text == "WATCHDOG=1"]) <= before + 1, "a server that is stopped is not heard of")
serve.send_signal(signal.SIGCONT)
check(wait_for(lambda: len([text for text in by_path.texts() if text == "WATCHDOG=1"]) > before + 1), "when it goes on, it is, at once")
serve.terminate()
check(serve.wait(timeout=30) == 143 and wait_for(lambda: by_path.texts()[-1] == "STOPPING=1", 2), "and says that it stops")

other = Manager(folder + "/other")
check(other.start("own", "run", "A", "B", "127.0.0.1", "-p", "1", "--dir", folder + "/own", WATCHDOG_USEC="1000000", WATCHDOG_PID="1").wait(timeout=60) == 1,
      "a run that fails")
check("READY=1" in other.texts() and "WATCHDOG=1" not in other.texts(), f"the watchdog of another process is not told: {other.texts()}")
for name, value in (("nothing listens", folder + "/nobody"), ("it is too long", "/" + "x" * 200), ("it is not an address", "nonsense"), ("it is empty", "")):
    status = subprocess.run([longhaul, "run", "A", "B", "127.0.0.1", "-p", "1", "--dir", folder + "/own"], capture_output=True, text=True,
                            env={**os.environ, "NOTIFY_SOCKET": value}, timeout=60)
    check(status.returncode == 1 and "NOTIFY" not in status.stderr, f"a socket where {name} changes nothing")
sys.exit(n_bad > 0)
