#!/usr/bin/env python3
"""both_ends.py make FOLDER | check SET: pushed legs whose sender and receiver both wrote a record, and what the two together tell.

Every leg is planned for 60 s (`drift`: 6,000 s), and sends 900 packets of 1,388 bytes a second. The sender's control connection is silent from second 20
on; its session ends at second 30, a second one begins at 32. The receiver's record of the time from 20 to 30 differs:
  seen     every packet of it
  cut      nothing until the session ended
  back     nothing for 5 s, then what is sent again; the loss of the silence is in the first interval after it
  killed   every packet, until 29.4; the sender was killed and has no interval of this time
  hole     every packet; the sender lacks the intervals from 5 to 9, and its disk was full
  drift    every packet; the receiver's clock is 200 ppm slower, and it noticed the end of the session 9 s after the sender
  partly   no gap: a silence that begins and ends within intervals
  stalled  the same where the receiver itself stood still, so that one interval is 12.9 s long
  buffered it stood still for 10 s, and what waited in its buffer meanwhile is in the next interval
  split    the same, but what waited is in an interval of 11 ms by itself
  other    the same as seen, of another leg's sessions
  never    nothing, in both sessions
`check SET` reads one line of `show --json` on standard input."""
import json, os, sys

PACKETS, SIZE, START = 900, 1388, 1763168446
PARTLY = round(0.8 * PACKETS)
SILENT = ("partly", "stalled", "buffered", "split")  # a silence between two intervals, no gap
BUFFERED = 12 * PACKETS - 200 - 500
SETS = ("seen", "cut", "back", "killed", "hole", "drift", "other", "never") + SILENT


def row(start, packets, lost, is_sender, seconds=1.0):
    """packets: sent, or for the receiver as the sequence numbers tell."""
    arrived = packets if is_sender else packets - lost
    known = {} if is_sender else {"jitter_ms": 0.02, "lost_packets": lost, "lost_percent": 100 * lost / packets if packets else 0}
    return {"streams": [], "sum": dict({"start": start, "end": start + seconds, "seconds": seconds, "bytes": arrived * SIZE,
                                        "bits_per_second": arrived * SIZE * 8 / seconds, "packets": packets, "omitted": False, "sender": is_sender}, **known)}


def document(sessions, gaps, is_sender, planned, cookie):
    rows, segments = [], []
    for k, session in enumerate(sessions):
        segments.append({"cookie": cookie + str(k), "first_interval": len(rows), "last_interval": len(rows) + len(session) - 1})
        rows += session
    packets = sum(r["sum"]["packets"] for r in rows)
    last = rows[-1]["sum"]["end"]
    end = {"start": 0, "end": last, "seconds": last, "bytes": sum(r["sum"]["bytes"] for r in rows), "packets": packets, "sender": is_sender}
    end["bits_per_second"] = 8 * end["bytes"] / last
    if not is_sender:
        lost = sum(r["sum"]["lost_packets"] for r in rows)
        end.update(jitter_ms=0.02, lost_packets=lost, lost_percent=100 * lost / packets if packets else 0)
    return {"start": {"version": "iperf 3.12", "cookie": cookie + "0", "timestamp": {"timesecs": START}, "connected": [],
                      "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": SIZE, "duration": planned, "reverse": 0, "target_bitrate": 10000000}},
            "intervals": rows, "end": {"streams": [], "sum": end, "sum_sent" if is_sender else "sum_received": end},
            "longhaul": {"format": 1, "version": "0.2.0", "source": "HK", "destination": "WUS", "direction": "push", "duration_s": planned,
                         "interval_s": 1.0, "segments": segments, "gaps": gaps}}


def gap(start, seconds, cause="path-silent"):
    return {"start_s": start, "seconds": seconds, "cause": cause, "noticed_by": "keepalives of the control connection", "text": ""}


def both(name):
    """The documents of the sender and of the receiver."""
    at, planned = (20, 60) if name != "drift" else (5000, 6000)
    first, second = [[row(i, PACKETS, 0, True) for i in range(*span)] for span in ((0, at + 10), (at + 12, planned))]
    got = [row(i, PACKETS, 0, False) for i in range(0, at + 10)]
    rest = [row(i, PACKETS, 0, False) for i in range(at + 12, planned)]
    gaps, got_gaps = [gap(at, 12)], [gap(at + 10, 2, "peer-closed")]
    if name == "cut":
        got = got[:at] + [row(i, 0, 0, False) for i in range(at, at + 10)]
        got_gaps = [gap(at, 12, "peer-closed")]
    if name == "back":
        got = got[:at] + [row(i, 0, 0, False) for i in range(at, at + 5)] + [row(at + 5, 6 * PACKETS, 5 * PACKETS, False)] + got[at + 6:]
    if name == "killed":
        first = first[:at]
        gaps = [gap(at, 12, "restarted")]
        got = got[:at + 9] + [row(at + 9, int(0.4 * PACKETS), 0, False)]
    if name == "hole":
        first = first[:5] + first[10:]
        got[7] = row(7, PACKETS, 40, False)
    if name == "drift":
        for r in got:
            for key in ("start", "end", "seconds"):
                r["sum"][key] *= 1 - 2e-4
        got += [row(at + 10 + i, 0, 0, False) for i in range(9)]
    if name == "never":
        got, rest = [[row(r["sum"]["start"], 0, 0, False) for r in part] for part in (got, rest)]
        got_gaps = []
    cookie = "abcdefghijklmnopqrstuvwxyz23456" + name[:3]
    if name in SILENT:
        dark = (PACKETS - PARTLY) + 11 * PACKETS + (PACKETS - 40)
        got = [row(i, PACKETS, 0, False) for i in range(20)]
        if name == "partly":
            got += [row(20, PARTLY, 0, False)] + [row(i, 0, 0, False) for i in range(21, 32)] + [row(32, dark + 40, dark, False)]
        elif name == "stalled":
            got += [row(20, PARTLY, 0, False, 12.9), row(32.9, dark + 40, dark, False, 0.1)]
        elif name == "split":
            got += [row(20, 200, 0, False, 11.99), row(31.99, 450, 0, False, 0.011), row(32.001, 13 * PACKETS - 650, BUFFERED + 50, False, 0.999)]
        else:  # 200 before, 500 in the buffer, and those of second 32
            got += [row(20, 200, 0, False, 12.03), row(32.03, 13 * PACKETS - 200, BUFFERED, False, 0.97)]
        got += [row(i, PACKETS, 0, False) for i in range(33, planned)]
        return document([[row(i, PACKETS, 0, True) for i in range(planned)]], [], True, planned, cookie), document([got], [], False, planned, cookie)
    return document([first, second], gaps, True, planned, cookie), document([got, rest], got_gaps, False, planned,
                                                                            cookie if name != "other" else cookie[::-1])


def make(folder):
    for name in SETS:
        sent, got = both(name)
        os.makedirs("%s/%s/receiver" % (folder, name))
        for path, one in (("", sent), ("receiver/", got)):
            with open("%s/%s/%sHK-WUS-10M_1M_20251115_010046.json" % (folder, name, path), "w") as f:
                json.dump(one, f)


failures = 0


def check(what, got, wanted, within=0.0):
    global failures
    good = got == wanted if within == 0 or got is None else abs(got - wanted) <= within
    failures += not good
    print("%s - %s%s" % ("ok" if good else "not ok", what, "" if good else ": got %s, wanted %s" % (got, wanted)))


def outages(test):
    return [(round(e["start_s"], 1), round(e["seconds"], 1), e["cause"]) for e in test["events"] if e["kind"] == "outage"]


def check_set(name, test):
    say = name + ": "
    if name in SILENT:
        dark = 13 * PACKETS - PARTLY - 40 if name in ("partly", "stalled") else BUFFERED + 50 * (name == "split")
        told = [(e["kind"], round(e["start_s"], 1), round(e["start_s"] + e["seconds"], 1), e["lost_packets"]) for e in test["events"]]
        check(say + "one outage, with all that was lost", told, [("outage", *{"buffered": (20.8, 32.0), "split": (20.2, 31.5)}.get(name, (20.8, 33.0)), dark)])
        check(say + "packets lost", test["lost_packets"], dark)
        return
    at, planned = (20, 60) if name != "drift" else (5000, 6000)
    check(say + "the gap keeps its start, length and cause", (test["gaps"][0]["start_s"], test["gaps"][0]["seconds"], test["gaps"][0]["cause"]),
          (at, 12, "restarted" if name == "killed" else "path-silent"))
    check(say + "the receiver's record is said to be in it", test["has_receiver_record"], name != "other")
    seen = {"seen": 10, "cut": 0, "back": 5, "killed": 9.4, "hole": 10, "drift": 10, "other": 0, "never": 0}[name]
    check(say + "seconds of the gap in which data were seen", test["gaps"][0]["seconds_seen"], seen, 0.5)
    unseen = {"seen": 2, "cut": 12, "back": 2, "killed": 2.6, "hole": 2, "drift": 2, "other": 12, "never": 12}[name]
    check(say + "coverage", test["coverage"] * planned, planned - unseen, 0.6)
    check(say + "observed time", test["observed_s"], planned - unseen, 0.6)
    wanted = {"cut": [(20, 12, "path-silent")], "back": [(20, 5, "")], "other": [(20, 12, "path-silent")],
              "never": [(0, 60, "path-silent")]}.get(name, [])
    got = outages(test)
    silent = [(e["start_s"], e["seconds"]) for e in test["events"] if e["kind"] == "control"]
    check(say + "where the receiver saw data, only the control connection was silent", silent, [] if name in ("cut", "other", "never") else [(at, 12)])
    check(say + "outages: only where no data is known to have arrived", len(got) == len(wanted) and all(
        abs(g[0] - w[0]) < 0.6 and abs(g[1] - w[1]) < 0.6 and g[2] == w[2] for g, w in zip(got, wanted)) or got, True)
    lost = {"back": 5 * PACKETS, "hole": 40, "other": None, "never": None}.get(name, 0)
    check(say + "packets lost", test["lost_packets"], lost)
    if name == "never":
        check(say + "nothing was delivered, and what was lost is unknown",
              (test["rate_mbps"], test["rate_kind"], test["loss_percent_percentiles"]["n"]), (0, "delivered", 0))
    if name == "killed":
        check(say + "the packets that only the receiver knows are counted as sent", test["total_packets"], PACKETS * 57 + 360)
        check(say + "intervals: the sender's and what only the receiver has", test["n_intervals"], 58)
        check(say + "an interval that ended with its session has no rate", test["intervals_by_lost_packets"]["0"], 57)
    if name == "hole":
        check(say + "a lost packet is counted in the interval that only the receiver has", test["intervals_by_lost_packets"]["11-100"], 1)
        check(say + "intervals: none is missing", test["n_intervals"], 58)
    if name == "drift":
        check(say + "no interval of the sender is without the receiver's", test["loss_percent_percentiles"]["n"], 5998)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        check_set(sys.argv[2], json.loads(sys.stdin.readline()))
        sys.exit(failures > 0)
