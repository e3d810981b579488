"""objective_days.py - makes files of tests whose verdicts can be computed by hand: 100 packets of 1,250 bytes a second, 1 Mbit/s."""
import json
import math

START = 1763168400  # 01:00:00 UTC
PPS, BYTES = 100, 1250
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def histogram(counts):
    """The text of a histogram (lib/base/histogram.h) of {delay in us: how many}."""
    bins = {}
    for us, n in counts.items():
        octave = math.floor(math.log2(us)) if us >= 1 else 0
        at = 1 + 32 * octave + int((us / 2 ** octave - 1) * 32) if us >= 1 else 0
        bins[at] = bins.get(at, 0) + n

    def number(value):
        text = ""
        while value >= 32:
            text += LETTERS[32 + value % 32]
            value //= 32
        return text + LETTERS[value]

    text, next_bin, places = "", 0, sorted(bins)
    while places:
        run = [places.pop(0)]
        while places and places[0] == run[-1] + 1:
            run.append(places.pop(0))
        text += number(run[0] - next_bin) + number(len(run) - 1) + "".join(number(bins[b] - 1) for b in run)
        next_bin = run[-1] + 1
    return text


class Day:
    """One test. bare: without intervals. lost: {interval: packets}; silent, unknown, absent: lists of (first, end) in intervals, in which nothing arrives, nobody
    knows the loss, there is no interval; gaps: (start_s, seconds, cause); delay: us of all datagrams of interval i."""

    def __init__(self, n, step=1, planned=None, lost=None, silent=(), unknown=(), absent=(), gaps=(), role="receiver", journal=False, stopped=None,
                 start=START, jitter=None, delay=None, omitted=0, protocol="UDP", histograms=None, change=None, end=True, leg="HK-WUS", bare=False):
        self.n, self.step, self.planned, self.start = n, step, planned or n * step, start
        self.lost, self.silent, self.unknown, self.absent, self.gaps = lost or {}, silent, unknown, absent, gaps
        self.role, self.journal, self.stopped, self.jitter, self.delay = role, journal, stopped, jitter or {}, delay
        self.omitted, self.protocol, self.histograms, self.end, self.leg, self.bare = omitted, protocol, histograms, end, leg, bare
        self.rows = self.make_rows()
        if change:
            change(self.rows)

    def is_in(self, spans, i):
        return any(a <= i < b for a, b in spans)

    def row(self, i, arrived, packets, lost):
        row = {"start": i * self.step, "end": (i + 1) * self.step, "seconds": self.step, "bytes": arrived * BYTES,
               "bits_per_second": arrived * BYTES * 8 / self.step, "omitted": False, "sender": self.role == "sender"}
        if self.protocol == "UDP":
            row["packets"] = packets
            if self.role == "receiver" and not self.is_in(self.unknown, i):
                row.update(jitter_ms=self.jitter.get(i, 0.01), lost_packets=lost, lost_percent=100 * lost / packets if packets else 0)
        return row

    def own(self, i):
        us = self.delay(i) if self.delay and not self.is_in(self.silent, i) else None
        own = {"unix_us": (self.start + (i + 1) * self.step) * 1000000, "monotonic_us": (i + 1) * self.step * 1000000}
        if us is not None:
            own.update(delay_us={"base": 100, "min": us, "p50": us, "p95": us, "p99": us, "max": us, "ipdv50": 1, "ipdv99": 2, "silence": 15000},
                       loss_runs=0, longest_run=0)
        return own

    def make_rows(self):
        rows, missed = [], 0
        for i in range(self.n):
            sent = PPS * self.step
            if self.is_in(self.absent, i):
                continue
            if self.is_in(self.silent, i):
                missed += sent
                rows.append({"sum": self.row(i, 0, 0, 0), "longhaul": self.own(i)})
                continue
            lost = self.lost.get(i, 0)
            rows.append({"sum": self.row(i, sent - lost, sent + missed, lost + missed), "longhaul": self.own(i)})
            missed = 0
        return rows

    def sums(self):
        rows = [r["sum"] for r in self.rows if not r["sum"]["omitted"]]
        total = {"start": 0, "end": self.n * self.step, "seconds": sum(r["seconds"] for r in rows), "bytes": sum(r["bytes"] for r in rows), "sender": self.role == "sender"}
        total["bits_per_second"] = total["bytes"] * 8 / total["seconds"] if total["seconds"] else 0
        if self.protocol == "UDP":
            total["packets"] = sum(r["packets"] for r in rows)
        if self.role == "receiver" and self.protocol == "UDP" and not self.unknown:
            lost = sum(r["lost_packets"] for r in rows)
            total.update(lost_packets=lost, jitter_ms=0.01, lost_percent=100 * lost / total["packets"] if total["packets"] else 0)
        return {"sum": total}

    def delays(self):
        if self.histograms is not None:
            return self.histograms
        length = 10 if self.n * self.step <= 180 else 60
        parts = []
        for at in range(0, self.n * self.step if self.delay else 0, length):
            counts = {}
            for i in range(at // self.step, min((at + length) // self.step, self.n)):
                if not self.is_in(self.silent, i) and not self.is_in(self.absent, i):
                    us = self.delay(i)
                    counts[us] = counts.get(us, 0) + PPS * self.step - self.lost.get(i, 0)
            if counts:
                parts.append([at, min(at + length, self.n * self.step), histogram(counts)])
        return parts

    def write(self, folder):
        source, destination = self.leg.split("-")
        begin = {"connected": [{"local_host": "192.0.2.2", "remote_host": "192.0.2.1"}], "version": "iperf 3.12", "timestamp": {"timesecs": self.start},
                 "cookie": f"{self.leg}{self.start}".ljust(36, "x"), "test_start": {"protocol": self.protocol, "num_streams": 1, "blksize": BYTES, "duration": self.planned,
                 "omit": self.omitted, "reverse": int(self.role == "receiver"), "target_bitrate": PPS * BYTES * 8}}
        gaps = [{"start_s": a, "seconds": n, "cause": cause, "noticed_by": "a watch", "text": "as the test says"} for a, n, cause in self.gaps]
        longhaul = {"format": 1, "version": "0.1.0", "role": self.role, "source": source, "destination": destination,
                    "direction": "push" if self.role == "sender" else "pull", "protocol": self.protocol, "peer": "192.0.2.1", "rate_bps": PPS * BYTES * 8,
                    "duration_s": self.planned, "start_unix_us": self.start * 1000000,
                    "segments": [{"cookie": begin["cookie"], "first_interval": 0, "last_interval": len(self.rows) - 1}]}
        stem = f"{folder}/{self.leg}-1M_{self.planned}S_{self.start}"
        if self.journal:
            lines = [{"event": "longhaul", "data": longhaul}, {"event": "start", "data": begin}]
            events = [(r["sum"]["end"], 0, {"event": "interval", "data": r}) for r in self.rows] + [(g["start_s"] + g["seconds"], 1, {"event": "gap", "data": g}) for g in gaps]
            events += [(until, 2, {"event": "delays", "data": {"from_s": at, "until_s": until, "us": text}}) for at, until, text in self.delays()]
            lines += [event for _, _, event in sorted(events, key=lambda e: e[:2])]
            with open(stem + ".journal", "w") as out:
                out.write("".join(json.dumps(line) + "\n" for line in lines))
            return
        longhaul["gaps"] = gaps
        if self.stopped is not None:
            longhaul["stopped_s"] = self.stopped
        if self.delays():
            longhaul["delays"] = self.delays()
        with open(stem + ".json", "w") as out:
            json.dump({"start": begin, "intervals": [] if self.bare else self.rows, **({"end": self.sums()} if self.end else {}), "longhaul": longhaul}, out)
