"""tell.py LONGHAUL FOLDER ROUNDS: what run and serve tell with --on-event, through a relay that knows the truth: outages, losses, queues;
kill -9 and --resume at random moments (ROUNDS of them); programs that hang, fail, flood, fork. Prints result lines."""
import asyncio, glob, json, os, random, re, signal, subprocess, sys, threading, time
try:
    import jsonschema
except ImportError:
    jsonschema = None

longhaul, folder, n_rounds = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
schema = json.load(open("doc/events.schema.json"))
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
lines = []

# Seconds from the truth until an event ends; the machine may have other work to do. TELL_ENDS=5 asks for what an idle one reaches.
ends_s = float(os.environ.get("TELL_ENDS", 10))

def check(good, what):
    lines.append(("ok - " if good else "not ok - ") + what)

class Relay:
    """Both ways between a port and another one of this host: a test's TCP and UDP."""
    def __init__(self, to):
        self.to, self.mode = to, "pass"
        self.n_lost, self.n_data, self.first_after = 0, 0, None
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.ways = {}
    async def begin(self):
        for _ in range(50):
            server = await asyncio.start_server(self.join, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            try:
                self.udp, _ = await loop.create_datagram_endpoint(lambda: Side(self), local_addr=("127.0.0.1", self.port))
                return
            except OSError:
                server.close()
    async def join(self, reader, writer):
        await self.is_open.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.carry(reader, far_writer), self.carry(far_reader, writer))
    async def carry(self, reader, writer):
        try:
            while data := await reader.read(65536):
                await self.is_open.wait()
                writer.write(data)
        except OSError:
            pass
        writer.close()
    def set(self, mode):
        self.mode, self.first_after = mode, None
        (self.is_open.clear if mode == "outage" else self.is_open.set)()
    def send(self, transport, data, address):
        if len(data) < 100:
            transport.sendto(data, address)  # the words before a test
            return
        if self.mode == "outage":
            return
        self.n_data += 1
        if self.mode == "loss" and self.n_data % 10 == 0:
            self.n_lost += 1
            return
        self.first_after = self.first_after or time.time()
        if self.mode == "queue":  # it grows and shrinks, and overtakes nobody
            loop.call_later(0.08 * abs(time.time() % 1 - 0.5), transport.sendto, data, address)
        else:
            transport.sendto(data, address)

class Side(asyncio.DatagramProtocol):
    """Where the client's datagrams come."""
    def __init__(self, relay):
        self.relay = relay
    def connection_made(self, transport):
        self.transport = transport
    def datagram_received(self, data, address):
        way = self.relay.ways.get(address)
        if way is None:
            way = self.relay.ways[address] = []
            loop.create_task(self.open(way, address))
        if way and way[0]:
            self.relay.send(way[0], data, None)
        else:
            way.append(data) if way else way.extend([None, data])
    async def open(self, way, address):
        transport, _ = await loop.create_datagram_endpoint(lambda: Far(self, address), remote_addr=("127.0.0.1", self.relay.to))
        waiting, way[:] = way[1:], [transport]
        for data in waiting:
            self.relay.send(transport, data, None)

class Far(asyncio.DatagramProtocol):
    def __init__(self, near, address):
        self.near, self.address = near, address
    def datagram_received(self, data, _):
        self.near.relay.send(self.near.transport, data, self.address)
    def error_received(self, error):
        pass

def relay_to(port):
    async def make():
        relay = Relay(port)
        await relay.begin()
        return relay
    return asyncio.run_coroutine_threadsafe(make(), loop).result(10)

def turn(relays, mode):
    for relay in relays:
        loop.call_soon_threadsafe(relay.set, mode)
    return time.time()

PROGRAM = '#!/bin/sh\necho "$(date +%s.%N) $(cat)" >>"$EVENTS"\n'

class Bed:
    """A server and a run of legs through relays, with the events of each."""
    def __init__(self, name, seconds, pull=True, push=True, program=PROGRAM, serve_program=PROGRAM):
        self.name, self.seconds, self.pull, self.push = name, seconds, pull, push
        self.at = os.path.join(folder, name)
        os.makedirs(self.at)
        self.run_program, self.serve_program = self.write("run.sh", program), self.write("serve.sh", serve_program)
        self.port = int(subprocess.run([sys.executable, "tests/free_ports.py", "2"], capture_output=True, text=True).stdout)
        self.relays = [relay_to(self.port), relay_to(self.port + 1)]
        self.start_serve()
        time.sleep(0.3)
        self.runs = []
        for i, flags in enumerate((["--pull"] if pull else None, [] if push else None)):
            self.runs.append(None if flags is None else self.start_run(i, flags))
    def write(self, name, text):
        if text is None:
            return None
        path = os.path.join(self.at, name)
        with open(path, "w") as out:
            out.write(text)
        os.chmod(path, 0o755)
        return path
    def start(self, name, command, program):
        out = open(os.path.join(self.at, name + ".log"), "a")
        command += ["--on-event", program] if program else []
        return subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "EVENTS": self.at + "/" + name + ".events"})
    def start_serve(self):
        self.serve = self.start("serve", [longhaul, "serve", "-B", "127.0.0.1", "-p", f"{self.port}-{self.port + 1}", "--dir", self.at + "/in"],
                                self.serve_program)
    def start_run(self, i, more):
        command = [longhaul, "run", "A" if i else "B", "B" if i else "A", "127.0.0.1", "-p", str(self.relays[i].port), "-t", str(self.seconds), "-b", "160K",
                   "-l", "500", "--no-hops", "--dir", self.at + "/out"]
        return self.start("run%d" % i, command + more, self.run_program)
    def events(self, name):
        path = self.at + "/" + name + ".events"
        return [(float(line.split(" ", 1)[0]), json.loads(line.split(" ", 1)[1])) for line in (open(path) if os.path.exists(path) else [])]
    def log(self, name):
        return open(self.at + "/" + name + ".log").read()
    def end(self):
        for run in self.runs:
            if run:
                run.wait(timeout=90)
        time.sleep(1.5)
        self.serve.terminate()
        self.serve.wait(timeout=60)

def names(events):
    return " ".join(event["event"] for _, event in events)

def in_time(bed, name, begins, ends, truth_begin, truth_end, what):
    """One begin within 15 s of its truth, one end within 5 s."""
    events = [pair for pair in bed.events(name) if pair[1]["event"] in (begins, ends)]
    check(names(events) == f"{begins} {ends}", f"{what}: told once: {names(bed.events(name))}")
    for (at, event), truth, limit in zip(events, (truth_begin, truth_end), (15, ends_s)):
        late = at - truth
        check(0 <= late <= limit, f"{what}: {event['event']} after {late:.1f} s, of {limit}")

def faults(mode, begins, ends, seconds, total):
    bed = Bed(f"{mode}-{seconds}", total)
    time.sleep(13)
    begin = turn(bed.relays, mode)
    time.sleep(seconds)
    back = turn(bed.relays, "pass")
    bed.end()
    for name, i, what in (("run0", 0, "a pulled leg, by run"), ("serve", 1, "a pushed leg, by serve")):
        end = bed.relays[i].first_after if mode == "outage" else back
        in_time(bed, name, begins, ends, begin, end or back, f"{mode} of {seconds} s, {what}")
        # Datagrams really wait where the machine is busy.
        rest = [event for _, event in bed.events(name) if event["event"] not in (begins, ends, "queue_begins", "queue_ends")]
        check([event["event"] for event in rest] == ["over"] and rest[0]["state"] == "done", f"{mode} of {seconds} s, {what}: then it is over, once")
    for name in ("run0", "run1", "serve"):
        for _, event in bed.events(name):
            bad = jsonschema and [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(event)]
            check(not bad, f"{mode}, {name}: {event['event']} is as the schema says {bad or ''}")
    check(glob.glob(bed.at + "/*/**/*.told*", recursive=True) == [], f"{mode} of {seconds} s: when all is over no state is left")

def kill_round(i):
    """A pulled leg with an outage; run is killed at random moments, and resumed at once. Every second round it is the server of a pushed leg."""
    dice = random.Random(i)
    is_pull = i % 2 == 0
    bed = Bed(f"kill-{i}", 40, pull=is_pull, push=not is_pull)
    begin = time.time()
    outage, length = begin + 7, dice.uniform(12, 16)
    moments = sorted(begin + dice.uniform(2, 32) for _ in range(2))
    killed = []
    for at, what in sorted([(outage, "outage"), (outage + length, "pass")] + [(m, "kill") for m in moments]):
        time.sleep(max(0, at - time.time()))
        if what != "kill":
            turn(bed.relays, what)
            continue
        killed.append(time.time())
        if is_pull:
            bed.runs[0].kill()
            bed.runs[0].wait()
            bed.runs[0] = bed.start_run(0, ["--pull", "--resume"])
        else:
            bed.serve.kill()
            bed.serve.wait()
            bed.start_serve()
    bed.end()
    told = " ".join(name for name in names(bed.events("run0" if is_pull else "serve")).split() if name in ("down", "up", "over"))
    # One process must have seen enough of the outage. A server that begins in its middle does not know the leg yet.
    starts = [begin] + [k + 0.5 for k in killed]
    seen = [min(end, outage + length) - max(start, outage) for start, end in zip(starts, killed + [outage + length])
            if is_pull or start < outage - 4 or start == begin]
    wanted = ["down up over"] + (["over"] if max(seen, default=0) < 7 else [])
    check(told in wanted, f"round {i}, outage from 7.0 to {7 + length:.1f} s, kill -9 of {'run' if is_pull else 'serve'} at {' and '.join(f'{k - begin:.2f}' for k in killed)} s: "
          f"each told once, of {max(seen, default=0):.1f} s seen: {told}")

def trouble(name, program, says):
    """A program that is a nuisance: the record is that of a run without it."""
    bed = Bed("trouble-" + name, 12, push=False, program=program, serve_program=None)
    time.sleep(2.5)
    turn(bed.relays, "loss")
    time.sleep(7)
    turn(bed.relays, "pass")
    bed.end()
    (result,) = glob.glob(bed.at + "/out/*.json")
    data = json.load(open(result))
    lost = sum(row["sum"].get("lost_packets", 0) for row in data["intervals"])
    records[name] = (len(data["intervals"]), len(data["longhaul"]["gaps"]), lost - bed.relays[0].n_lost)
    said = [line for line in bed.log("run0").splitlines() if "--on-event: " in line and "waits for its last" not in line]
    check(len(said) == (1 if says else 0) and all(re.search(says, line) for line in said), f"a program that {name}: {said or 'nothing'} is said")
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    check(f"{bed.at}/run.sh" not in left and sleep_of(name) not in left, f"a program that {name}: nothing of it is left")
    return bed

def state_refused():
    """The file cannot be written: it is told nevertheless."""
    bed = Bed("state", 14, push=False, serve_program=None)
    os.makedirs(bed.at + "/out/B-A.told")
    time.sleep(2.5)
    turn(bed.relays, "loss")
    bed.end()
    check(names(bed.events("run0")) == "loss_begins over", f"a state that cannot be written: it is told {names(bed.events('run0'))}")
    check(bed.log("run0").count("B-A.told cannot be written: after a crash an event may be told twice") == 1, "and one line says so")

def never_begins():
    bed = Bed("never", 5, pull=False, push=False)
    run = bed.start("run2", [longhaul, "run", "A", "B", "127.0.0.1", "-p", "1", "--wait", "2", "--dir", bed.at + "/out"], bed.run_program)
    run.wait(timeout=60)
    bed.end()
    told = [(event["event"], event["state"], event["start"]) for _, event in bed.events("run2")]
    check(told == [("over", "failed", None)], f"a leg that never began: {told}")
    for _, event in bed.events("run2"):
        check(not jsonschema or jsonschema.Draft7Validator(schema).is_valid(event), "and its event is as the schema says")

def objectives():
    """Missed for good while it runs, by more bad seconds than it allows: told once, also when run is killed and resumed; others are not told."""
    flags = ["--pull"] + [word for text in ("loss <= 1% in 90% of seconds", "loss <= 60%", "rate >= 1kbps in 1% of seconds") for word in ("--objective", text)]
    bed = Bed("objectives", 32, pull=False, push=False, serve_program=None)
    bed.runs = [bed.start_run(0, flags)]
    time.sleep(3)
    turn(bed.relays, "loss")
    time.sleep(6)
    turn(bed.relays, "pass")
    time.sleep(7)
    before = names(bed.events("run0"))
    bed.runs[0].kill()
    bed.runs[0].wait()
    bed.runs[0] = bed.start_run(0, flags + ["--resume"])
    bed.end()
    told = [event for _, event in bed.events("run0") if event["event"] in ("objective_missed", "over")]
    check("objective_missed" in before.split(), f"an objective that can no longer be met: told while it runs: {before}")
    check([event["event"] for event in told] == ["objective_missed", "over"], f"and once: {[event['event'] for event in told]}")
    check(told[0]["objective"].startswith("loss <= 1 % in 90 % of seconds: missed: "), f"it says which, and how: {told[0]['objective']}")
    check(told[0]["text"] == "B->A misses its objective: " + told[0]["objective"], "also in words")
    for event in told:
        check(not jsonschema or jsonschema.Draft7Validator(schema).is_valid(event), f"objectives: {event['event']} is as the schema says")

def objectives_of_topology():
    """Known at the end only: of a leg that is pushed."""
    bed = Bed("topology", 6, pull=False, push=False, serve_program=None)
    bed.relays[1].set("loss")
    plan = {"format": 1, "legs": [{"leg": "HK-WUS", "port": bed.relays[1].port}],
            "defaults": {"duration": 6, "rate": "160K", "datagram": 500, "hops": False, "objectives": ["loss <= 1%", "loss <= 60%"]},
            "sites": {"WUS": {"address": "127.0.0.1", "bind": "127.0.0.1", "ports": str(bed.relays[1].port)}, "HK": {"bind": "127.0.0.1"}}}
    json.dump(plan, open(bed.at + "/plan.json", "w"))
    run = bed.start("run0", [longhaul, "run", "--config", bed.at + "/plan.json", "--site", "HK", "--dir", bed.at + "/out"], bed.run_program)
    run.wait(timeout=60)
    bed.end()
    told = [(event["event"], event["objective"]) for _, event in bed.events("run0")]
    check([name for name, _ in told] == ["objective_missed", "over"] and told[0][1].startswith("loss <= 1 %: missed: "),
          f"an objective of the topology, by the result of a pushed leg: {told} {bed.log('run0')[-200:] if not told else ''}")

def objectives_of_server():
    """Of a leg that is pushed, the receiver knows the loss while it runs: it tells what is missed, once, also when it is killed and its topology is written anew.
    The sender tells at its end what its result says, with the same key. Who only has the name of the leg changes nothing."""
    bed = Bed("site", 28, pull=False, push=False, serve_program=None)
    bed.serve.terminate()
    bed.serve.wait(timeout=60)
    wanted = ["loss <= 1% in 90% of seconds", "loss <= 2%", "loss <= 60%", "delay p99 <= 5s", "rate >= 1kbps in 1% of seconds"]
    def plan(name, ports, objectives):
        path = f"{bed.at}/{name}.json"
        json.dump({"format": 1, "legs": [{"leg": "HK-WUS", "port": ports[-1]}], "sites": {"WUS": {"address": "127.0.0.1", "bind": "127.0.0.1", "ports": ",".join(map(str, ports))}, "HK": {"address": "127.0.0.1"}},
                   "defaults": {"duration": 28, "rate": "160K", "datagram": 500, "hops": False, "objectives": objectives}}, open(path, "w"))
        return path
    def serve(objectives):
        path = plan("site", [bed.port, bed.port + 1], objectives)
        bed.serve = bed.start("serve", [longhaul, "serve", "--config", path, "--site", "WUS", "--dir", bed.at + "/in"], program)
    program = bed.write("site.sh", PROGRAM)
    serve(wanted)
    time.sleep(0.3)
    config = plan("plan", [bed.relays[1].port], wanted)
    run = bed.start("run0", [longhaul, "run", "--config", config, "--site", "HK", "--dir", bed.at + "/out"], bed.run_program)
    # On the other port, which is looked at first: not the leg, whatever its client says.
    other = bed.start("run2", [longhaul, "run", "HK", "WUS", "127.0.0.1", "-p", str(bed.port), "-t", "26", "-b", "80K", "-l", "500", "--no-hops", "--dir", bed.at + "/other"], None)
    time.sleep(2)
    turn(bed.relays, "loss")
    time.sleep(8)
    turn(bed.relays, "pass")
    time.sleep(6)
    before = [event["objective"] for _, event in bed.events("serve") if event["event"] == "objective_missed"]
    bed.serve.kill()
    bed.serve.wait()
    serve(list(reversed(wanted)))
    run.wait(timeout=90)
    other.wait(timeout=90)
    time.sleep(3)
    bed.end()
    told = {name: [event for _, event in bed.events(name) if event["event"] in ("objective_missed", "over")] for name in ("run0", "serve")}
    check(any(text.startswith("loss <= 1 % in 90 % of seconds: missed: ") for text in before), f"serve tells an objective that can no longer be met while the leg runs: {before}")
    said = sorted(event["key"].split(":", 1)[1] for event in told["serve"])
    check(said == ["loss <= 1 % in 90 % of seconds", "loss <= 2 %", "over"], f"serve tells each once, and no other, through a restart with another order: {said}")
    said = sorted(event["key"].split(":", 1)[1] for event in told["run0"])
    check(said in (["loss <= 2 %", "over"], ["over"]), f"run tells what its result says of the pushed leg: {said}")
    keys = {name: {event["key"] for event in events} for name, events in told.items()}
    check(keys["run0"] and keys["run0"] <= keys["serve"], f"the same thing has the same key, whoever tells it: {sorted(keys['run0'] - keys['serve']) or sorted(keys['run0'])}")
    check(all(event["mean_bits_per_second"] > 100000 for event in told["serve"]), "what another client says is the leg, on another port, is not taken for it")
    for name in told:
        for event in told[name]:
            check(not jsonschema or jsonschema.Draft7Validator(schema).is_valid(event), f"objectives of a server, {name}: {event['event']} is as the schema says")

def sleep_of(name):
    return f"sleep 7{sum(name.encode()):04d}{os.getpid()}"

jobs = [(faults, "outage", "down", "up", 7, 31), (faults, "outage", "down", "up", 13, 40), (faults, "loss", "loss_begins", "loss_ends", 9, 31),
        (faults, "queue", "queue_begins", "queue_ends", 9, 31), (state_refused,), (never_begins,), (objectives,), (objectives_of_topology,), (objectives_of_server,),
        (trouble, "works", PROGRAM, ""), (trouble, "is not there", None, ""), (trouble, "closes its input", "#!/bin/sh\nexec 0<&-\nexit 0\n", ""),
        (trouble, "fails", "#!/bin/sh\necho not today >&2\nexit 7\n", "run.sh ended with status 7: not today; its later failures are not told$"),
        (trouble, "is killed", "#!/bin/sh\nkill -SEGV $$\n", "run.sh was ended by signal 11; its later failures"),
        (trouble, "cannot be executed", "#!/nowhere/sh\n", "run.sh ended with status 127: No such file or directory; its later"),
        (trouble, "floods", "#!/bin/sh\n(timeout 5 yes; timeout 5 yes >&2)\nexit 0\n", ""),
        (trouble, "forks", f"#!/bin/sh\nfor i in 1 2 3 4 5; do {sleep_of('forks')} & done\nexit 0\n", ""),
        (trouble, "hangs", f"#!/bin/sh\n{sleep_of('hangs')}\n", "run.sh has not ended within 30 s and is killed; its later failures")]
records = {}

def do(job):
    try:
        job[0](*job[1:])
    except Exception as error:
        check(False, f"{job[0].__name__} {job[1:3]}: {error!r}")

def do_all(some):
    threads = [threading.Thread(target=do, args=(job,)) for job in some]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()

if n_rounds <= 6:
    do_all(jobs + [(kill_round, i) for i in range(n_rounds)])
else:
    for first in range(0, n_rounds, 10):
        do_all([(kill_round, i) for i in range(first, min(first + 10, n_rounds))])
for name, record in records.items():
    plain = records.get("is not there")
    check(record[:2] == (12, 0), f"a program that {name}: 12 rows, no gap: {record[:2]}")
    if plain and plain[2] == 0:
        check(record[2] == 0, f"a program that {name}: it lost what the relay did not let pass, as without a program: {record[2]}")
    else:
        lines.append(f"skip - a program that {name}: the losses: this machine is too busy, without a program they differ too: {plain}")
print("\n".join(lines))
sys.exit(any(line.startswith("not ok") for line in lines))
