"""flows.py DIR NAME SECONDS [WHAT...]: a made result of a leg of 16 flows, DIR/A-B-10M_<...>.json, as `longhaul serve` writes it; WHAT is
bad=FLOW,FROM_S,UNTIL_S,LOSS (a share), queue=FLOW,FROM_S,UNTIL_S,MS, route=FLOW,AT_S, quiet (a path with the losses of all days), seed=N.
Prints what was lost by each flow."""
import json
import random
import sys

N = 16
PACKETS = 54  # a second and flow


def poisson(rng, mean):
    n, p, least = 0, rng.random(), 2.718281828459045 ** -mean
    while p > least:
        n += 1
        p *= rng.random()
    return n


def path_losses(rng, seconds):
    """Of each second, what the path loses of all flows alike: single losses, bursts, minutes of a full queue, outages."""
    shares = [0.0] * seconds
    for start in range(0, seconds, 3600):
        for _ in range(poisson(rng, 6)):  # a burst: a part of a second's packets
            shares[min(seconds - 1, start + rng.randrange(3600))] = rng.choice((0.02, 0.1, 0.4))
        if rng.random() < 0.2:  # a queue that is full for a while
            at, share = start + rng.randrange(3000), rng.choice((0.001, 0.01, 0.05))
            for i in range(at, min(seconds, at + rng.randrange(30, 600))):
                shares[i] = share
        if rng.random() < 0.1:  # an outage
            at = start + rng.randrange(3000)
            for i in range(at, min(seconds, at + rng.randrange(2, 30))):
                shares[i] = 1.0
    return shares


def lost_of(rng, share, n):
    """How many of n, and in how many runs."""
    if share <= 0:
        return 0, 0
    if share >= 1:
        return n, 1
    if share < 0.002:
        lost = poisson(rng, share * n)
        return min(lost, n), min(lost, n)
    lost = runs = 0
    before = False
    for _ in range(n):
        now = rng.random() < share
        lost += now
        runs += now and not before
        before = now
    return lost, runs


def main():
    folder, name, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    bad, queue, route, seed, is_quiet = [], [], [], 1, False
    for what in sys.argv[4:]:
        key, _, value = what.partition("=")
        numbers = [float(v) for v in value.split(",")] if value else []
        if key == "bad":
            bad.append(numbers)
        elif key == "queue":
            queue.append(numbers)
        elif key == "route":
            route.append(numbers)
        elif key == "seed":
            seed = int(numbers[0])
        else:
            is_quiet = True
    rng = random.Random(seed)
    shares = path_losses(rng, seconds) if is_quiet else [0.0] * seconds
    begin = 1763168446
    source, destination = name.split("-")
    head = {"connected": [{"socket": 7 + i, "local_host": "198.18.0.2", "local_port": 5201, "remote_host": "198.18.1.2", "remote_port": 20000 + i}
                          for i in range(N)],
            "version": "iperf 3.12", "timestamp": {"time": "Sat, 15 Nov 2025 01:00:46 GMT", "timesecs": begin},
            "accepted_connection": {"host": "198.18.1.2", "port": 40000}, "cookie": "a" * 36, "target_bitrate": 625000,
            "test_start": {"protocol": "UDP", "num_streams": N, "blksize": 1448, "omit": 0, "duration": seconds, "bytes": 0, "blocks": 0,
                           "reverse": 0, "tos": 0, "target_bitrate": 625000}}
    totals = [[0, 0] for _ in range(N)]
    well = [([str(PACKETS + (i + k) % 3 - 1) for k in range(N)], sum(PACKETS + (i + k) % 3 - 1 for k in range(N))) for i in range(3)]
    n_well = [0] * 3  # rows in which nothing is lost
    behind = [0] * N  # what an outage took: the next datagram's number tells
    with open("%s/%s-10M_%dS_20251115_010046.json" % (folder, name, seconds), "w") as out:
        out.write('{"start":%s,"intervals":[' % json.dumps(head))
        for i in range(seconds):
            texts, all_packets, all_lost, all_runs, shifted = [], 0, 0, 0, ""
            single = rng.randrange(N) if is_quiet and rng.random() < 2e-6 * N * PACKETS else -1
            is_well = not shares[i] and single < 0 and not any(behind) and not any(b[1] <= i < b[2] for b in bad + queue) and not any(
                int(r[1]) == i for r in route)
            if is_well:
                texts, all_packets = well[i % 3]
                n_well[i % 3] += 1
            for k in range(0 if is_well else N):
                n, text = PACKETS + (i + k) % 3 - 1, ""
                share = shares[i] if shares[i] else 0
                for b in bad:
                    if k == b[0] and b[1] <= i < b[2]:
                        share = max(share, b[3])
                if share >= 1 and i + 1 < seconds:
                    behind[k] += n
                    n = 0
                lost, runs = lost_of(rng, share, n) if k != single else (1, 1)
                if n and behind[k]:
                    lost, runs, n, behind[k] = lost + behind[k], runs + 1, n + behind[k], 0
                if lost:
                    text += "l%dr%dg%d" % (lost, runs, max(1, lost // runs))
                for q in queue:
                    if k == q[0] and q[1] <= i < q[2]:
                        text += "p%dm%d" % (q[3] * 1000, q[3] * 1100)
                for r in route:
                    if k == r[0] and i == int(r[1]):
                        text += "b3000"
                        shifted = ',"shift":3000,"shifted":500000'
                texts.append(str(n) + text)
                all_packets, all_lost, all_runs = all_packets + n, all_lost + lost, all_runs + runs
                totals[k][0] += n
                totals[k][1] += lost
            got = all_packets - all_lost
            losses = ',"loss_runs":%d,"longest_run":%d' % (all_runs, max(1, all_lost // all_runs)) if all_runs else ""
            delay = ',"delay_us":{"base":%d,"min":1,"p50":12.5,"p95":25,"p99":31.5,"max":48,"ipdv50":7,"ipdv99":22,"silence":25000%s}' % (i % 7, shifted) \
                if got else ""
            out.write('%s{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":%d,"bits_per_second":%d,"jitter_ms":0.01,"lost_packets":%d,"packets":%d,'
                      '"lost_percent":%.9g,"omitted":false,"sender":false},"longhaul":{"unix_us":%d,"monotonic_us":%d,"segment":0,"out_of_order":0,'
                      '"duplicates":0%s%s,"flows":"%s"}}' % ("," if i else "", i, i + 1, got * 1448, got * 1448 * 8, all_lost, all_packets,
                                                             100 * all_lost / max(1, all_packets), (begin + i + 1) * 1000000, (5000 + i) * 1000000, delay, losses,
                                                             " ".join(texts)))
        for k in range(N):
            totals[k][0] += sum(n_well[i] * (PACKETS + (i + k) % 3 - 1) for i in range(3))
        packets, lost = sum(t[0] for t in totals), sum(t[1] for t in totals)
        out.write('],"end":%s,"longhaul":%s}' % (
            json.dumps({"sum": {"start": 0, "end": seconds, "seconds": seconds, "bytes": (packets - lost) * 1448, "bits_per_second": 1e7,
                                "jitter_ms": 0.01, "lost_packets": lost, "packets": packets, "lost_percent": 100 * lost / packets, "sender": False}}),
            json.dumps({"format": 1, "version": "0.2.0", "source": source, "destination": destination, "direction": "push", "role": "receiver",
                        "protocol": "UDP", "peer": "198.18.1.2", "port": 5201, "rate_bps": 10000000, "duration_s": seconds, "interval_s": 1,
                        "flows": N, "start_unix_us": begin * 1000000, "observed_s": seconds, "coverage": 1, "segments": [], "gaps": []})))
    print(json.dumps(totals))


main()
