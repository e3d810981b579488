#!/usr/bin/env python3
"""options.py PORT STOCK N: iperf3 with each of its client's options, against N ports of longhaul serve from PORT on and against N of `iperf3 -s` from STOCK
on: the client must print the same for both. A line for each."""
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

U, T = "-u -b 1M ", "-b 10M "
# What an ordinary user may not have stays with a stock server: all its later tests fail.
with open("/proc/sys/net/ipv4/tcp_allowed_congestion_control", encoding="ascii") as allowed:
    FIRST_CC, *_, LAST_CC = allowed.read().split() * 2
OPTIONS = [T, T + "-R", T + "--bidir", T + "-P 3", T + "-P 2 -R", T + "-w 64K", T + "-w 200K -R", T + "-M 1200", T + "-M 1200 -R", T + "-N", T + "-N -R",
           T + "-C " + FIRST_CC, T + "-C " + LAST_CC + " -R", T + "-Z", T + "-l 4K", T + "-l 100 -R", T + "-n 1M", T + "-k 10", T + "-S 0x10", T + "--dscp 10", T + "-O 1 -t 2",
           T + "-i 0.5", T + "-i 0", T + "-4", T + "-6", T + "-B 127.0.0.2", T + "--cport PORT", T + "--repeating-payload", T + "--get-server-output",
           T + "-T title", T + "--extra-data text", T + "--connect-timeout 2000", T + "--fq-rate 10M", T + "--pacing-timer 500", T + "-L 7 -6", T + "-A 0,0",
           T + "-b 10M/4", "-b 0 -t 1", T + "--rcv-timeout 2000 -R", T + "--snd-timeout 2000", T + "-V",
           U, U + "-R", U + "--bidir", U + "-P 3", U + "-P 2 -R", U + "-l 1000", U + "-l 16", U + "-l 65507", U + "-l 1000 -R", U + "--udp-counters-64bit",
           U + "--udp-counters-64bit -R", U + "-n 100K", U + "-k 50", U + "-k 50 -R", U + "-w 200K", U + "-w 200K -R", U + "-S 0x20 -R", U + "-O 1 -t 2",
           U + "-i 0.2", U + "-4", U + "-6", U + "-6 -R", U + "--get-server-output", U + "-b 1M/10", U + "--dont-fragment -l 1000", U + "-T title",
           U + "--pacing-timer 100", U + "-B 127.0.0.3", U + "--fq-rate 1M -R", "-u -t 1", U + "-l 70000", T + "-P 129", T + "-l 2M", T + "-M 99999",
           U + "-t 0.5", T + "--sctp"]
VARIES = {"start", "cookie", "accepted_connection", "connected", "connecting_to", "system_info", "version", "timestamp"}


def shape(value, depth=0):
    """Names and kinds of what a document has, without figures."""
    if isinstance(value, dict):
        return {k: shape(v, depth + 1) for k, v in value.items() if k not in ("start", "intervals", "server_output_json", "server_output_text")}
    return [shape(v) for v in value] if isinstance(value, list) else type(value).__name__.replace("float", "int")


def said(port, option, local):
    """What the client says that must not depend on who serves it."""
    flags = option.replace("PORT", str(local)).split()
    command = ["iperf3", "-c", "::1" if "-6" in flags else "127.0.0.1", "-p", str(port), "-J"] + flags
    if not {"-t", "-n", "-k"} & set(flags):
        command += ["-t", "1"]
    for _ in range(3):
        try:
            p = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return ["no end within 60 s"]
        try:
            d = json.loads(p.stdout)
        except ValueError:
            return [p.returncode, p.stderr.strip().replace(str(port), "PORT")]
        if "busy" not in d.get("error", ""):    # only a stock server's
            break
        time.sleep(0.2)
    start, end = d.get("start", {}), d.get("end", {})
    known = {k: v for k, v in start.items() if k not in VARIES}
    sides = [k for k in ("sum", "sum_sent", "sum_received", "sum_bidir_reverse") if end.get(k, {}).get("bytes", 0) > 0]
    # A client of 3.18 does not keep to the rate of bursts (-b 1M/10): what it loses at tens of Gbit/s is chance.
    lost = [end[k]["lost_packets"] for k in ("sum",) if "lost_packets" in end.get(k, {}) and end[k]["bits_per_second"] < 1e9]
    return [p.returncode, d.get("error", ""), known, len(start.get("connected", [])), shape(end), sides, lost,
            "server_output_json" in d or "server_output_text" in d] # as the server itself prints it: ours is a JSON document


def both(option):
    n = free.get()
    try:
        ours, theirs = (said(first + n, option, 29000 + 2 * n + i) for i, first in enumerate(firsts))
        for _ in range(2):                      # a busy machine loses a datagram now and then, of either
            if ours == theirs:
                break
            ours, theirs = (said(first + n, option, 29400 + 2 * n + i) for i, first in enumerate(firsts))
    finally:
        free.put(n)
    differs = [(a, b) for a, b in zip(ours, theirs) if a != b]
    return "ok - iperf3 %s" % option if not differs else "not ok - iperf3 %s: %.300s" % (option, differs)


firsts, free = [int(a) for a in sys.argv[1:3]], Queue()
for place in range(int(sys.argv[3])):
    free.put(place)
with ThreadPoolExecutor(int(sys.argv[3])) as pool:
    for line in pool.map(both, OPTIONS):
        print(line, flush=True)
