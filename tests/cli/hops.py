"""hops.py DIR NAME SECONDS [WHAT...]: a made result of a leg that pulls, DIR/A-B-10M_<...>.json, with traces of its route as `longhaul run` makes them: at the
start, hourly, some seconds after a loss or a shift begins, each minute while it lasts, and when it ends; and what the watch counts. WHAT is
  routers=N            of the route (6)
  route=AT_S[,HOP,N]   from then on N routers from HOP on are others (3 from hop 4), their second address is 198.19.x.1; again: they are as before
  shift=AT_S,MS        the base changes its level
  loss=FROM,UNTIL,SHARE[,HOP]  loss of the test, and of the probes from HOP on (0: of none)
  loop=FROM,UNTIL,HOP  an outage: from HOP on two routers take turns
  silent=HOP           a router that never answers
  limited=HOP,SHARE    a router that answers only so many
  flap=FROM,UNTIL,EACH_S[,HOP]  the route is another one each other EACH_S
  length=AT_S,N        from then on N routers more, or fewer, before the peer
  flows=N              ports 20000 and so on, traced in turn; route=... concerns all of them
  moved=FLOW,AT_S,HOP  the route of one flow alone: from then on another router at HOP
  bad=FLOW,FROM,UNTIL,SHARE  a loss of one flow alone; its probes lose from hop 3 on, and those of the others from hop 5 on
  unwatched            traces only at the start, hourly, and in a loss
  untraced             no traces
  seed=N"""
import json
import random
import sys

PACKETS = 902
BEGIN = 1763168446


class Path:
    def __init__(self, whats):
        self.n, self.silent, self.limited = 6, set(), {}
        self.routes, self.losses, self.loops, self.flaps, self.shifts = [], [], [], [], []
        self.lengths, self.bad, self.moved, self.watched = [], [], [], True
        self.flows, self.traced, seed = 1, True, 1
        for what in whats:
            key, _, value = what.partition("=")
            v = [float(x) for x in value.split(",")] if value else []
            if key == "routers":
                self.n = int(v[0])
            elif key == "route":
                self.routes.append((v[0], int(v[1]) if len(v) > 1 else 4, int(v[2]) if len(v) > 2 else 3))
            elif key == "shift":
                self.shifts.append(v)
            elif key == "loss":
                self.losses.append((v[0], v[1], v[2], int(v[3]) if len(v) > 3 else 0))
            elif key == "loop":
                self.loops.append((v[0], v[1], int(v[2])))
                self.losses.append((v[0], v[1], 1.0, 0))
            elif key == "silent":
                self.silent.add(int(v[0]))
            elif key == "limited":
                self.limited[int(v[0])] = v[1]
            elif key == "flap":
                self.flaps.append((v[0], v[1], v[2], int(v[3]) if len(v) > 3 else 3))
            elif key == "length":
                self.lengths.append((v[0], int(v[1])))
            elif key == "moved":
                self.moved.append((int(v[0]), v[1], int(v[2])))
            elif key == "bad":
                self.bad.append((int(v[0]), v[1], v[2], v[3]))
            elif key == "unwatched":
                self.watched = False
            elif key == "flows":
                self.flows = int(v[0])
            elif key == "seed":
                seed = int(v[0])
            elif key == "untraced":
                self.traced = False
            else:
                sys.exit("hops.py: what is %s?" % what)
        self.rng = random.Random(seed)

    def address(self, hop, at, flow=0):
        for start, until, first in self.loops:
            if start <= at < until and hop >= first:
                return "198.18.%d.1" % (first + (hop - first) % 2)
        other = sum(1 for t, first, n in self.routes if at >= t and first <= hop < first + n)
        other += sum(1 for whose, t, first in self.moved if flow == whose and at >= t and hop == first)
        for start, until, each, first in self.flaps:
            other += hop == first and start <= at < until and int((at - start) / each) % 2 == 0
        return "198.%d.%d.1" % (19 if other % 2 else 18, hop)

    def loss(self, at):
        return max([share for start, until, share, _ in self.losses if start <= at < until], default=0)

    def answers(self, hop, at, flow=0):
        for bad, start, until, share in self.bad:
            if start <= at < until and hop >= (3 if flow == bad else 5) and self.rng.random() < share:
                return False
        if any(start <= at < until for start, until, _ in self.loops):
            return hop not in self.silent
        lost = max([share for start, until, share, first in self.losses if start <= at < until and first and hop >= first], default=0)
        return hop not in self.silent and self.rng.random() >= lost and self.rng.random() < self.limited.get(hop, 1)

    def trace(self, at, why, port, each, watched):
        seconds, hops = (6.0 if each > 3 else 1.5), []
        in_loop = any(start <= at < until for start, until, _ in self.loops)
        is_down = self.loss(at) >= 1
        n = self.n + sum(more for t, more in self.lengths if at >= t)
        for hop in range(1, (20 if in_loop else n) + 1):
            answered = sum(self.answers(hop, at + seconds * k / each, port - 20000) for k in range(each))
            base = 0.1 + 0.35 * hop
            hops.append([self.address(hop, at, port - 20000) if answered else None, each, answered, round(base, 3) if answered else None,
                         round(base + 0.05 * answered, 3) if answered else None])
            if answered and hop == 2:
                hops[-1].append("24005/0/1/254")
        distance = n + 1
        if is_down:  # the peer answers nobody: as far as routers do
            distance = None
            while hops and not in_loop and hops[-1][2] == 0:
                hops.pop()
        entry = {"at_s": round(at, 3), "seconds": seconds, "why": why, "source_port": port, "destination_port": 5201, "protocol": "UDP", "by": "raw",
                 "distance": distance, "hops": hops}
        if watched is not None and at - watched > 20:
            counts = []
            for hop in range(1, len(hops) + 1):
                sent = int((at - watched) / self.n) if hop not in self.silent else 0
                counts.append([sent, sum(self.answers(hop, watched + (at - watched) * (k + 0.5) / max(sent, 1), port - 20000) for k in range(min(sent, 300)))])
                counts[-1][0] = min(sent, 300)
            entry["watch"] = {"from_s": round(watched, 3), "hops": counts}
        return entry

    def all_traces(self, seconds):
        """The list "hops" of a record."""
        routes, last = [], {}
        for at, why, each in self.times(seconds) if self.traced else []:
            for flow in range(self.flows):
                port = 20000 + flow
                routes.append(self.trace(at + 0.1 * flow, why, port, each, last.get(port)))
                last[port] = routes[-1]["at_s"] + routes[-1]["seconds"]
        return routes

    def times(self, seconds):
        """When traces are made: (at, why, probes to each hop)."""
        wanted = [(0.5, "start", 3)] + [(3600.0 * k, "hourly", 3) for k in range(1, int(seconds / 3600) + 1)]
        for start, until, share, _ in self.losses:
            each = max(3, min(10, 56 // self.n))
            why = "silence" if share >= 1 else "loss"
            k = start + 3
            while k < until + 2 and k < start + 1200:
                wanted.append((k, why, each))
                k += 60
            wanted.append((until + 4, "ended", 3))
        for _, start, until, _ in self.bad:
            wanted += [(start + 3 + 60 * k, "loss", 10) for k in range(int((until - start) / 60))]
        if not self.watched:
            return sorted(w for w in wanted if w[0] < seconds)
        wanted += [(t + 5.5, "change", 3) for t, *_ in self.routes + self.lengths + [m[1:] for m in self.moved]] + [(t + 4, "shift", 3) for t, _ in self.shifts]
        for start, until, each, _ in self.flaps:
            wanted += [(start + each * k + 5, "change", 3) for k in range(int((until - start) / each) + 1)]
        wanted = sorted(w for w in wanted if w[0] < seconds)
        return [w for i, w in enumerate(wanted) if i == 0 or w[0] - wanted[i - 1][0] > 1.5]


def main():
    folder, name, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    path = Path(sys.argv[4:])
    source, destination = name.split("-")
    routes = path.all_traces(seconds)
    start = {"connected": [{"socket": 7, "local_host": "198.18.0.2", "local_port": 5201, "remote_host": "198.18.1.2", "remote_port": 20000 + i}
                           for i in range(path.flows)],
             "version": "iperf 3.12", "timestamp": {"timesecs": BEGIN}, "cookie": "a" * 36,
             "test_start": {"protocol": "UDP", "num_streams": path.flows, "blksize": 1386, "omit": 0, "duration": seconds, "reverse": 1}}
    packets = lost_all = 0
    with open("%s/%s-10M_%dS_20251115_010046.json" % (folder, name, seconds), "w") as out:
        out.write('{"start":%s,"intervals":[' % json.dumps(start))
        for i in range(seconds):
            share = path.loss(i)
            lost = PACKETS if share >= 1 else sum(path.rng.random() < share for _ in range(PACKETS)) if share > 0 else 0
            texts = [[PACKETS // path.flows + (k < PACKETS % path.flows), 0] for k in range(path.flows)]
            for bad, start_s, until_s, share_bad in path.bad:
                if start_s <= i < until_s:
                    texts[bad][1] = sum(path.rng.random() < share_bad for _ in range(texts[bad][0]))
                    lost += texts[bad][1]
            flows = ',"flows":"%s"' % " ".join("%d%s" % (n, "l%dr%d" % (k, k) if k else "") for n, k in texts) if path.flows > 1 else ""
            got = PACKETS - lost
            shift = "".join(',"shift":%d,"shifted":%d' % (ms * 1000, 1e6 * (i + 1 - t)) for t, ms in path.shifts if i == int(t) + 3)
            delay = ',"delay_us":{"base":%d,"min":1,"p50":12.5,"p95":25,"p99":31.5,"max":48,"ipdv50":7,"ipdv99":22,"silence":2500%s}' % (i % 7, shift) if got else ""
            out.write('%s{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":%d,"bits_per_second":%d,"jitter_ms":0.01,"lost_packets":%d,"packets":%d,'
                      '"lost_percent":%.6g,"omitted":false,"sender":false},"longhaul":{"unix_us":%d,"monotonic_us":%d,"segment":0%s%s}}'
                      % ("," if i else "", i, i + 1, got * 1386, got * 1386 * 8, lost, PACKETS, 100 * lost / PACKETS, (BEGIN + i + 1) * 1000000,
                         (5000 + i) * 1000000, delay, flows))
            packets += PACKETS
            lost_all += lost
        out.write('],"end":%s,"longhaul":%s}' % (
            json.dumps({"sum": {"start": 0, "end": seconds, "seconds": seconds, "bytes": (packets - lost_all) * 1386, "bits_per_second": 1e7,
                                "jitter_ms": 0.01, "lost_packets": lost_all, "packets": packets, "lost_percent": 100 * lost_all / packets, "sender": False}}),
            json.dumps({"format": 1, "version": "0.2.0", **({"flows": path.flows} if path.flows > 1 else {}), "source": source, "destination": destination, "direction": "pull", "role": "receiver",
                        "protocol": "UDP", "peer": "198.18.1.2", "port": 5201, "rate_bps": 10000000, "duration_s": seconds, "interval_s": 1,
                        "start_unix_us": BEGIN * 1000000, "observed_s": seconds, "coverage": 1, "segments": [], "gaps": [], "hops_by": "raw", "hops": routes})))


if __name__ == "__main__":
    main()
