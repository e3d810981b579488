#!/usr/bin/env python3
"""wrapped.py LONGHAUL FOLDER: one test as programs between iperf3 and a file wrap it, made in FOLDER, read by LONGHAUL. Of each wrapping the tests
must be those of the plain file: as many, with the same intervals, losses, totals and hosts. Prints a line of the test's protocol for each."""
import base64, json, os, random, subprocess, sys

tool, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
failed = 0

def result(good, what, seen=""):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(seen)[:300]))

def row(second, lost=0, sender=False, socket=5, packets=1000):
    s = {"start": second, "end": second + 1, "seconds": 1, "bytes": packets * 1250, "bits_per_second": packets * 10000.0, "packets": packets,
         "omitted": False, "sender": sender}
    if not sender:
        s.update(jitter_ms=0.013, lost_packets=lost, lost_percent=100.0 * lost / packets)
    return {"streams": [dict(s, socket=socket)], "sum": s}

def document(cookie="c", seconds=6, lost=3, hosts=("192.0.2.1", "192.0.2.2"), socket=5, start=1763168446, reverse=1):
    rows = [row(i, lost if i == 2 else 0, not reverse, socket) for i in range(seconds)]
    total = {"start": 0, "end": seconds, "seconds": seconds, "bytes": 1250000 * seconds, "bits_per_second": 1e7, "jitter_ms": 0.013, "lost_packets": lost,
             "packets": 1000 * seconds, "lost_percent": 100.0 * lost / (1000 * seconds), "sender": not reverse}
    return {"start": {"connected": [{"socket": socket, "local_host": hosts[0], "local_port": 40000, "remote_host": hosts[1], "remote_port": 5201}],
                      "version": "iperf 3.12", "timestamp": {"timesecs": start}, "connecting_to": {"host": hosts[1], "port": 5201},
                      "cookie": (cookie * 36)[:36], "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1250, "duration": seconds, "reverse": reverse}},
            "intervals": rows, "end": {"streams": [{"udp": dict(total, socket=socket)}], "sum": total}}

def events(d):
    yield {"event": "start", "data": d["start"]}
    for r in d["intervals"]:
        yield {"event": "interval", "data": r}
    yield {"event": "end", "data": d["end"]}

def stream(d):
    return "".join(json.dumps(e, separators=(",", ":")) + "\n" for e in events(d))

def tabs(d):
    return json.dumps(d, indent="\t", separators=(",", ":\t")) + "\n"

def show(name, content, *flags):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    run = subprocess.run([tool, "show", "--json", *flags, path], capture_output=True, timeout=60)
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr.decode(), run.returncode

KEYS = "n_intervals observed_s mean_mbps lost_packets total_packets intervals_lost_packets start_unix_s verdict".split()
def facts(tests):
    return [tuple(t[k] for k in KEYS) for t in tests]

def same(what, name, content, plain, clean=True):
    """The tests of the content are those of the plain text; with nothing to say of them when clean."""
    tests, err, status = show(name, content)
    wanted = show("plain.json", plain)[0]
    good = len(wanted) > 0 and facts(tests) == facts(wanted) and status in ((0,) if clean else (0, 4)) and (not clean or err == "")
    result(good, what, (facts(tests), facts(wanted), status, err))

def lines(text, prefix):
    """prefix: of each line, by its number."""
    return "".join(prefix(i) + line + "\n" for i, line in enumerate(text.splitlines()))

def stamp(i):
    nano = ("%09d" % (i * 7919000 % 10**9)).rstrip("0") or "0"
    return "2025-11-15T%02d:%02d:%02d.%sZ" % (9 + i // 3600, i // 60 % 60, i % 60, nano)

months = "Sep Oct Nov Dec Jan".split()
prefixes = {
    "kubectl --timestamps": lambda i: stamp(i) + " ",
    "kubectl --prefix": lambda i: "[pod/iperf-7d9f8b6c5-x2x1z/iperf3] ",
    "kubectl --prefix --timestamps": lambda i: "[pod/iperf-7d9f8b6c5-x2x1z/iperf3] " + stamp(i) + " ",
    "containerd": lambda i: stamp(i) + " stdout F ",
    "stern": lambda i: "iperf-7d9f8b6c5-x2x1z iperf3 ",
    "docker compose": lambda i: "client-1  | ",
    "docker compose in colours": lambda i: "\x1b[36mclient-1  | \x1b[0m",
    "GitHub Actions": lambda i: "2025-11-15T09:%02d:%02d.%07dZ " % (i // 60, i % 60, i * 12345 % 10**7),
    "gh run view": lambda i: "measure\tRun iperf3 -c\t2025-11-15T09:%02d:%02d.%07dZ " % (i // 60, i % 60, i * 12345 % 10**7),
    "Jenkins": lambda i: "[2025-11-15T09:%02d:%02d.%03dZ] " % (i // 60, i % 60, i % 1000),
    "ts": lambda i: "%s %02d %02d:%02d:%02d " % (months[i // 40 % 5], 1 + i % 28, i // 60 % 24, i % 60, i % 60),
    "syslog": lambda i: "%s %2d %02d:%02d:%02d hub-1 iperf3[4711]: " % (months[i // 40 % 5], 1 + i % 28, i // 60 % 24, i % 60, i % 60),
    "syslog with its priority": lambda i: "<%d>Nov %2d 09:%02d:%02d hub iperf3: " % (13 + i % 2, 1 + i % 28, i // 60 % 60, i % 60),
    "RFC 5424": lambda i: '<134>1 %s hub iperf3 4711 - [meta sequenceId="%d"] ' % (stamp(i), i),
    "journald, short-iso": lambda i: "2025-11-15T09:%02d:%02d+0000 hub iperf3[4711]: " % (i // 60 % 60, i % 60),
    "journald, short-monotonic": lambda i: "[%5d.%06d] hub iperf3[4711]: " % (i * 97, i),
    "glog": lambda i: "I1115 09:%02d:%02d.%06d   12345 iperf.go:%d] " % (i // 60 % 60, i % 60, i, 40 + i),
    "multilog": lambda i: "@4000000067%08x%08x " % (0x1234567 + i, i * 7919),
    "grep -Hn": lambda i: "logs/iperf.log:%d:" % (i + 1),
    "a message's key": lambda i: "hub iperf3 %08x-%04x: " % ((i * 2654435761) % 2**32 | 0xa0000000, i),
    "PowerShell": lambda i: "%d/%d/2025 %d:%02d:%02d %s " % (1 + i % 12, 1 + i % 28, 1 + i % 12, i % 60, i % 60, "AM" if i % 24 < 12 else "PM"),
    "PowerShell, VERBOSE": lambda i: "VERBOSE: ",
    "Windows' events": lambda i: "Information\t11/%d/2025 %d:00:00 AM\tiperf3\t1\tNone\t" % (1 + i % 28, 1 + i % 12),
    "numbers of lines": lambda i: "%6d\t" % (i + 1),
    "grep -n": lambda i: "%d:" % (i + 1),
    "a quoted mail": lambda i: "> ",
    "an address": lambda i: "10.0.0.7 - - [15/Nov/2025:09:%02d:%02d +0000] " % (i // 60 % 60, i % 60),
}
plain, two = document(), tabs(document("a")) + tabs(document("b", lost=9, start=1763255000))
for what, prefix in prefixes.items():
    same("%s: a document" % what, "w.log", lines(tabs(plain), prefix), tabs(plain))
    same("%s: lines of events" % what, "w.log", lines(stream(plain), prefix), stream(plain))
    same("%s: two tests" % what, "w.log", lines(two, prefix), two)
    same("%s: CR LF, other text around it" % what, "w.log",
         lines("Connecting to host 192.0.2.2\n" + tabs(plain) + "iperf Done.\n", prefix).replace("\n", "\r\n"), tabs(plain), clean=False)
syslog = prefixes["syslog"]
same("rsyslog, which writes tabs as #011", "w.log", lines(tabs(plain).replace("\t", "#011"), syslog), tabs(plain))
stray = tabs(plain).splitlines()
for at in (3, 9, 40, 60, len(stray) - 4):
    noisy = "\n".join(stray[:at] + ["warning: this system does not seem to support IPv6", "nohup: ignoring input"] + stray[at:]) + "\n"
    same("lines of stderr in between, line %d" % at, "w.json", noisy, tabs(plain), clean=False)
    same("with a time before each, line %d" % at, "w.log", lines(noisy, prefixes["kubectl --timestamps"]), tabs(plain), clean=False)
    mixed = lines(tabs(plain), prefixes["containerd"]).splitlines()
    mixed.insert(at, stamp(at) + " stderr F iperf3: error - unable to write")
    same("containerd's stderr, line %d" % at, "w.log", "\n".join(mixed), tabs(plain), clean=False)
result("left out" in show("w.json", noisy)[1], "what was left out in between is said")

def containerd(text, size):
    """Lines cut at size bytes, as its shim does."""
    out = []
    for i, line in enumerate(text.splitlines()):
        parts = [line[k:k + size] for k in range(0, len(line), size)] or [""]
        out += ["%s stdout %s %s" % (stamp(i), "F" if k == len(parts) - 1 else "P", p) for k, p in enumerate(parts)]
    return "\n".join(out) + "\n"

long = document("l", seconds=40)
compact = json.dumps(long) + "\n"
for size in (16384, 777, 100):
    same("containerd, lines cut at %d" % size, "w.log", containerd(compact, size), compact)
    same("containerd, events cut at %d" % size, "w.log", containerd(stream(long), size), stream(long))
two_pods = [lines(tabs(document("a")), lambda i: "a-1  | ").splitlines(), lines(tabs(document("b", lost=7)), lambda i: "bb-22 | ").splitlines()]
random.seed(3)
shuffled = []
while two_pods[0] or two_pods[1]:
    pod = random.choice([p for p in two_pods if p])
    shuffled.append(pod.pop(0))
same("two containers' documents, mixed", "w.log", "\n".join(shuffled), tabs(document("a")) + tabs(document("b", lost=7)))

# ---- strings of other JSON
def docker(text, size=16384):
    out = []
    for i, line in enumerate(text.splitlines(True)):
        out += [json.dumps({"log": line[k:k + size], "stream": "stdout", "time": stamp(i)}) for k in range(0, len(line), size)]
    return "\n".join(out) + "\n"

same("docker's json-file", "w.log", docker(tabs(plain)), tabs(plain))
same("docker's json-file, events", "w.log", docker(stream(plain)), stream(plain))
same("docker's json-file, lines cut", "w.log", docker(compact, 1000), compact)
same("docker's json-file, two tests", "w.log", docker(two), two)
with_stderr = docker(tabs(plain)).splitlines()
with_stderr.insert(9, json.dumps({"log": "iperf3: a warning\n", "stream": "stderr", "time": stamp(1)}))
same("docker's json-file, stderr in between", "w.log", "\n".join(with_stderr), tabs(plain), clean=False)
same("journalctl -o json", "w.json", "".join(json.dumps({"__CURSOR": "s=%d" % i, "_CMDLINE": "iperf3 -c x", "MESSAGE": line, "_PID": "4711"}) + "\n"
                                             for i, line in enumerate(tabs(plain).splitlines())), tabs(plain))
same("events of a cloud's log", "w.json", json.dumps({"events": [{"timestamp": i, "message": line} for i, line in enumerate(tabs(plain).splitlines())]}, indent=1), tabs(plain))
same("a log in lines of JSON with a prefix in each", "w.json", "".join(json.dumps({"log": stamp(i) + " " + line + "\n"}) + "\n" for i, line in enumerate(tabs(plain).splitlines())), tabs(plain))
def lines_of(key, more={}, end=""):
    """Lines of JSON, one for each line of the test."""
    return "".join(json.dumps(dict({key: line + end}, **more)) + "\n" for line in tabs(plain).splitlines())

for end in ("", "\n"):
    for key in ("log", "message", "msg", "event", "data", "_raw"):
        same("lines of JSON, %s%s" % (key, ", with line feeds" if end else ""), "w.json", lines_of(key, {"time": "2025-11-15"}, end), tabs(plain))
        same("lines of JSON, %s%s, a time in each" % (key, ", with line feeds" if end else ""), "w.json",
             "".join(json.dumps({key: stamp(i) + " " + line + end}) + "\n" for i, line in enumerate(tabs(plain).splitlines())), tabs(plain))
same("a key that is a value too", "w.json", lines_of("stdout", {"source": "stdout"}), tabs(plain))
tests, err, status = show("w.json", json.dumps({"event": "a line, not an event"}) + "\n")
result(tests == [] and status == 1, "a log line with the key event is not a test", (tests, err))
same("a string of a string, the whole file", "w.json", json.dumps(json.dumps(tabs(plain))), tabs(plain))
same("a string of a string of a string", "w.json", json.dumps(json.dumps(json.dumps(plain))), tabs(plain))
hexed = tabs(plain).replace('"', "\\u0022").replace("\n", "\\u000a").replace("\t", "\\u0009")
same("a string with quotes as \\u0022", "w.json", '{"stdout":"%s"}\n' % hexed, tabs(plain))
same("a string with quotes as \\u0022, the whole file", "w.json", '"%s"\n' % hexed, tabs(plain))
same("a string of lines with a time before each", "w.json", json.dumps({"rc": 0, "stdout": lines(tabs(plain), prefixes["kubectl --timestamps"])}), tabs(plain))
one = {"stdout": tabs(plain), "rc": 0, "cmd": ["iperf3", "-c", "x"], "start": "2025-11-15 01:00:46.1", "end": "2025-11-15 01:00:56.2", "changed": True}
same("a string", "w.json", json.dumps(one), tabs(plain))
same("a string, the whole file", "w.json", json.dumps(json.dumps(plain)), tabs(plain))
same("a string in a string", "w.json", json.dumps({"result": json.dumps(one)}), tabs(plain))
same("a string, indented, with escapes of UTF-16", "w.json", json.dumps(dict(one, stdout=tabs(dict(plain, title="\U0001f600 \u00e9"))), indent=4), tabs(plain))
full = dict(one, stdout_lines=tabs(plain).splitlines(), stderr="", stderr_lines=[])
tests, err, status = show("w.json", json.dumps({"plays": [{"tasks": [{"hosts": {"hub": full}}]}]}, indent=4))
result(facts(tests) == facts(show("plain.json", tabs(plain))[0]), "ansible's stdout with stdout_lines: one test", (facts(tests), err))
same("stdout_lines alone", "w.txt", "ok: [hub] => " + json.dumps({"r.stdout_lines": tabs(plain).splitlines()}, indent=4) + "\n", tabs(plain))
same("stdout_lines of two hosts", "w.txt", "".join("ok: [%s] => " % h + json.dumps({"r.stdout_lines": tabs(document(h)).splitlines()}, indent=4) + "\n" for h in "ab"),
     tabs(document("a")) + tabs(document("b")))
same("a list of results", "w.json", json.dumps({"results": [{"item": n, "stdout": json.dumps(document(n))} for n in "ab"]}, indent=2), tabs(document("a")) + tabs(document("b")))
same("lines of results", "w.json", "".join(json.dumps({"host": n, "stdout": json.dumps(document(n))}) + "\n" for n in "ab"), tabs(document("a")) + tabs(document("b")))

# ---- other encodings and parts
same("UTF-16 without a mark, little end first", "w.json", tabs(plain).encode("utf-16-le"), tabs(plain))
same("UTF-16 without a mark, big end first", "w.json", json.dumps(plain).encode("utf-16-be"), tabs(plain))
same("UTF-16 with a mark, a time before each line", "w.log", lines(tabs(plain), prefixes["PowerShell"]).encode("utf-16"), tabs(plain))
colours = "".join("\x1b[1;39m" + line + "\x1b[0m\n" for line in tabs(plain).splitlines())
same("jq's colours", "w.json", colours, tabs(plain))
for what, text in (("a list of intervals", json.dumps(plain["intervals"], indent=2)), ("intervals, one a line", "".join(json.dumps(r) + "\n" for r in plain["intervals"])),
                   ("sums, one a line", "".join(json.dumps(r["sum"]) + "\n" for r in plain["intervals"])), ("a list of sums", json.dumps([r["sum"] for r in plain["intervals"]]))):
    tests, err, status = show("bare.json", text)
    result(len(tests) == 1 and tests[0]["n_intervals"] == 6 and tests[0]["intervals_lost_packets"] == 3 and tests[0]["source"] and tests[0]["destination"], what, (tests, err))
tests, err, status = show("bare.json", 2 * "".join(json.dumps(r) + "\n" for r in plain["intervals"]))
result([t["n_intervals"] for t in tests] == [6, 6], "intervals of two tests, one a line", facts(tests))
tests, err, status = show("cut.json", tabs(plain)[:1500] + "\n" + tabs(plain)[1600:])
result(len(tests) == 1, "the rest of a document that broke off is not a separate test", (len(tests), err))

# ---- both directions under one key
def twice(d):
    text = json.dumps(d)
    for key in ("sum", "sum_sent", "sum_received"):
        text = text.replace('"%s_bidir_reverse":' % key, '"%s":' % key)
    return text
both = document("d", reverse=0)
for r in both["intervals"]:
    r["sum_bidir_reverse"] = dict(row(int(r["sum"]["start"]), 2, False, packets=500)["sum"])
both["end"]["sum_bidir_reverse"] = dict(both["end"]["sum"], sender=False, bytes=3750000, bits_per_second=5e6, packets=3000, lost_packets=12, lost_percent=0.4)
for what, make in (("a document", twice), ("events", lambda d: "".join(twice(e) + "\n" for e in events(d)))):
    tests, err, status = show("twice.json", make(both))
    result([(t["n_intervals"], t["lost_packets"], t["total_packets"]) for t in tests] == [(6, 3, 6000), (6, 12, 3000)] and
           (tests[0]["source"], tests[0]["destination"]) == (tests[1]["destination"], tests[1]["source"]) and err == "", "--bidir with the same keys, %s: two tests" % what, (facts(tests), err))

# ---- mixed events of two tests
def interleave(a, b, seed):
    random.seed(seed)
    a, b, out = stream(a).splitlines(), stream(b).splitlines(), []
    while a or b:
        out.append(random.choice([x for x in (a, b) if x]).pop(0))
    return "\n".join(out) + "\n"
a, b = document("a"), document("b", lost=30, socket=7)
for seed in range(5):
    tests, err, status = show("in.jsonl", interleave(a, b, seed))
    want = facts(show("plain.json", stream(a) + stream(b))[0])
    result(sorted(facts(tests)) == sorted(want), "two streams of events, told apart by their sockets (%d)" % seed, (facts(tests), want))
b = document("b", lost=30)
for r in b["intervals"] + [b["end"]]:
    for s in [r["sum"]] + [x.get("udp", x) for x in r["streams"]]:
        s["start"] += 0.000123 * (s["start"] > 0)
        s["end"] += 0.000123
for seed in range(5):
    tests, err, status = show("in.jsonl", stream(a).splitlines()[0] + "\n" + stream(b).splitlines()[0] + "\n" + "\n".join(stream(a).splitlines()[1:2] + stream(b).splitlines()[1:2]) + "\n" +
                              interleave({"start": {}, "intervals": a["intervals"][1:], "end": a["end"]}, {"start": {}, "intervals": b["intervals"][1:], "end": b["end"]}, seed)
                              .replace('{"event":"start","data":{}}\n', ""))
    result(len(tests) == 2 and all(t["verdict"] == "not valid" or t["n_intervals"] == 6 for t in tests), "the same socket, other times: apart, or not valid (%d)" % seed, facts(tests))
b = document("b", lost=30)
tests, err, status = show("in.jsonl", interleave(a, b, 1))
result(len(tests) == 2 and all(t["verdict"] == "not valid" for t in tests), "the same socket, the same times: not valid", facts(tests))
def in_turn(a, b):
    """A line of each in turn, a and b from hosts whose clocks differ."""
    return "".join(x + "\n" + y + "\n" for x, y in zip(stream(a).splitlines(), stream(b).splitlines()))
late = document("b", lost=30, socket=7, start=1763168446 + 9)
tests, err, status = show("in.jsonl", in_turn(a, late))
want = facts(show("plain.json", stream(a) + stream(late))[0])
result(sorted(facts(tests)) == sorted(want), "hosts whose clocks differ: told apart by their sockets", (facts(tests), want))
tests, err, status = show("in.jsonl", in_turn(a, document("b", lost=30, start=1763168446 + 9)))
result(len(tests) == 2 and all(t["verdict"] == "not valid" for t in tests), "the same socket, clocks differ: not valid", [(t["n_intervals"], t["verdict"]) for t in tests])
killed = "".join(stream(document("k")).splitlines(True)[:4])
tests, err, status = show("in.jsonl", killed + stream(document("n", start=1763170000)))
result([(t["n_intervals"], t["verdict"] == "not valid") for t in tests] == [(3, False), (6, False)], "a killed test, then another one: both as they are", facts(tests))

# ---- tests and intervals that are there more than once
def report(*files):
    out = os.path.join(folder, "out")
    run = subprocess.run([tool, "report", "--json", "--no-render", "--no-html", "--out", out, *files], capture_output=True, timeout=60)
    return json.loads(run.stdout) if run.stdout else None, run.stderr.decode(), run.returncode
def put(name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    return os.path.join(folder, name)
for n in (2, 3):
    r, err, status = report(put("again.json", n * tabs(plain)))
    result(len(r["legs"]) == 1 and status == 4 and "repeats an earlier one" in err, "a document that is there %d times: one leg, and a warning" % n, (len(r["legs"]), err))
r, err, status = report(put("x.json", tabs(plain)), put("y.json", tabs(plain)))
result(len(r["legs"]) == 1 and "x.json" in err and "y.json" in err, "the same in two files: one leg, both are named", (len(r["legs"]), err))
r, err, status = report(put("x.json", tabs(plain)), put("y.json", tabs(document(lost=4))))
result(len(r["legs"]) == 2 and status == 0, "another loss is another test", (len(r["legs"]), err))
for what, repeated in (("the last interval", plain["intervals"] + plain["intervals"][-1:]), ("one in the middle", plain["intervals"][:3] + plain["intervals"][2:]),
                       ("all of them", 2 * plain["intervals"]), ("the last, three times", plain["intervals"] + 2 * plain["intervals"][-1:])):
    tests, err, status = show("r.json", json.dumps(dict(plain, intervals=repeated)))
    t = tests[0]
    result(t["observed_s"] == 6 and t["coverage"] == 1 and t["intervals_lost_packets"] == 3 and t["n_intervals"] == len(repeated) and sum(h["n_intervals"] for h in t["hours"]) == 6 and
           any(f["rule"] == "repeated_intervals" for f in t["findings"]), "%s is there twice: counts once, the reference's figures have both" % what, t)

# ---- names
def labels(name, d):
    t = show(name, json.dumps(d))[0][0]
    return t["source"], t["destination"]
bare = dict(plain, start=dict(plain["start"], connected=[]))
del bare["start"]["connecting_to"]
for name, d, want in (("udp-test.json", plain, ("192.0.2.2", "192.0.2.1")), ("HK-WUS.json", plain, ("192.0.2.2", "192.0.2.1")),
                      ("HK-WUS-10M_24H_20251115_010046.json", plain, ("HK", "WUS")), ("HK-WUS.json", bare, ("HK", "WUS")), ("my test.json", bare, ("peer", "my_test")),
                      ("x.json", dict(plain, start=dict(bare["start"], connecting_to={"host": "wus.example.net"})), ("wus.example.net", "x")),
                      ("x.json", dict(bare, start={}), ("peer", "x"))):
    result(labels(name, d) == want, "%s: %s->%s" % ((name,) + want), labels(name, d))

# ---- totals alone
for name, d in (("end.json", dict(plain, intervals=[])), ("only_end.json", {"end": plain["end"]})):
    tests, err, status = show(name, json.dumps(d))
    t = tests[0]
    result(status in (0, 4) and (t["n_intervals"], t["lost_packets"], t["total_packets"], t["mean_mbps"], t["observed_s"], t["coverage"]) == (0, 3, 6000, None, None, None) and
           t["reported_mbps"] == 10 and t["verdict"] == "valid with notes", "%s: an end alone has its totals, and nothing else" % name, t)
r, err, status = report(put("end.json", json.dumps(dict(plain, intervals=[]))), put("x.json", tabs(document("x"))))
text = open(os.path.join(folder, "out", "summary_report.md")).read()
result(len(r["legs"]) == 2 and "| - | - | - | - | 0.050000 | 3/6000 |" in text and "nan" not in text, "in a report: a leg with dashes", text[:600])

# ---- refused
for name, content in (("empty.json", ""), ("other.json", '{"a": [1, 2, {"b": 3}]}\n'), ("text.json", "2025-11-15 a line\n2025-11-15 {another\n"), ("zero.json", "\0" * 5000),
                      ("error.json", json.dumps({"start": {}, "intervals": [], "end": {}, "error": "unable to connect to server"}))):
    tests, err, status = show(name, content)
    run = subprocess.run([tool, "report", "--no-render", "--out", os.path.join(folder, "none"), os.path.join(folder, name)], capture_output=True)
    said = run.stderr.decode()
    result(status == 1 and run.returncode == 1 and name in said and (err.strip() or "unable to connect") .split(": ")[-1] in said, "%s: report says why, as show does" % name, (err, said))
sys.exit(failed > 0)
