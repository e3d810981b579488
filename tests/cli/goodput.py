#!/usr/bin/env python3
"""goodput.py make FOLDER | check FOLDER: a leg has one rate in every output, that which its receiver got; or the rate is called sent.

HK->WUS sends 10 Mbit/s for 115 s: 1,000 packets of 1,250 bytes a second. Its path is cut from second 50 to 60, and it pauses from 60 to 65. In the 100 s
that somebody observed 7,631 of 100,000 packets are lost: 9.2369 Mbit/s arrive. What it sent into the cut (11 Mbit/s, over the observed time) says nothing.
WUS->HK delivers 10 Mbit/s. Folders:
  joined   HK->WUS by the sender, with the receiver's record in receiver/
  got      HK->WUS by the receiver alone
  end      HK->WUS by the sender; its sessions ended well, so its end knows the loss, and it sent nothing in the gap
  sent     HK->WUS by the sender alone: nobody knows what arrived
  near     HK->WUS by the receiver, 0.05 % lost: a difference that does not matter
  opposite HK->WUS as in sent, WUS->HK likewise
check reads what the commands said of each: NAME.show, .json, .csv, .hours, .hours.csv, .report, .report.json and the folder NAME.out."""
import csv, html, json, os, re, sys

from people import figure

PACKETS, SIZE, START, TRUE = 1000, 1250, 1763168446, "9.2369"
NAME = "%s-10M_115S_20251115_010046.json"


def row(start, packets, lost, is_sender):
    arrived = packets if is_sender else packets - lost
    known = {} if is_sender else {"jitter_ms": 0.02, "lost_packets": lost, "lost_percent": 100 * lost / packets if packets else 0}
    return {"streams": [], "sum": dict({"start": start, "end": start + 1, "seconds": 1.0, "bytes": arrived * SIZE, "bits_per_second": arrived * SIZE * 8.0,
                                        "packets": packets, "omitted": False, "sender": is_sender}, **known)}


def document(source, destination, is_sender, lost, cut, knows_end=False, has_gap=True):
    """lost: packets of the whole; cut: seconds in which nothing arrives, of which a sender has intervals."""
    times = [i for i in range(115) if not (has_gap and (60 <= i < 65 or (cut is None and 50 <= i < 65)))]
    alive = [i for i in times if cut is None or i not in cut]
    of = {t: lost // len(alive) + (k < lost % len(alive)) for k, t in enumerate(alive)}
    rows = [row(t, PACKETS if is_sender or t in of else 0, of.get(t, 0), is_sender) for t in times]
    first = sum(t < 60 for t in times)
    cookie = (source + destination + "abcdefghijklmnopqrstuvwxyz0123456")[:34]
    segments = [{"cookie": cookie + "1", "first_interval": 0, "last_interval": first - 1},
                {"cookie": cookie + "2", "first_interval": first, "last_interval": len(rows) - 1}]
    gap = {"start_s": 50, "seconds": 15, "cause": "path-silent", "noticed_by": "", "text": ""}
    packets, last = sum(r["sum"]["packets"] for r in rows), 115
    end = {"start": 0, "end": last, "seconds": last, "bytes": sum(r["sum"]["bytes"] for r in rows), "packets": packets, "sender": is_sender}
    end["bits_per_second"] = 8 * end["bytes"] / last
    whole = {"sum": end}
    if not is_sender or knows_end:
        end.update(jitter_ms=0.02, lost_packets=lost, lost_percent=100 * lost / packets)
    if knows_end:
        got = dict(end, bytes=(packets - lost) * SIZE, sender=False)
        whole.update(sum_sent=dict(end), sum_received=dict(got, bits_per_second=8 * got["bytes"] / last))
    return {"start": {"version": "iperf 3.12", "cookie": cookie + "1", "timestamp": {"timesecs": START}, "connected": [],
                      "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": SIZE, "duration": 115, "reverse": 0, "target_bitrate": 10000000}},
            "intervals": rows, "end": dict(whole, streams=[]),
            "longhaul": {"format": 1, "version": "0.2.0", "source": source, "destination": destination, "direction": "push" if is_sender else "pull",
                         "duration_s": 115, "interval_s": 1.0, "segments": segments, "gaps": [gap] if has_gap else []}}


def make(folder):
    cut = range(50, 60)
    sender = document("HK", "WUS", True, 0, cut)
    receiver = document("HK", "WUS", False, 7631, cut)
    back = document("WUS", "HK", False, 0, (), has_gap=False)
    sets = {"joined": [("", "HK-WUS", sender), ("receiver/", "HK-WUS", receiver), ("", "WUS-HK", back)],
            "got": [("", "HK-WUS", receiver), ("", "WUS-HK", back)],
            "end": [("", "HK-WUS", document("HK", "WUS", True, 7631, None, knows_end=True)), ("", "WUS-HK", back)],
            "sent": [("", "HK-WUS", sender), ("", "WUS-HK", back)],
            "near": [("", "HK-WUS", document("HK", "WUS", False, 57, (), has_gap=False)), ("", "WUS-HK", back)],
            "opposite": [("", "HK-WUS", sender), ("", "WUS-HK", document("WUS", "HK", True, 0, cut))]}
    for name, files in sets.items():
        for place, leg, one in files:
            os.makedirs("%s/%s/%s" % (folder, name, place), exist_ok=True)
            with open("%s/%s/%s%s" % (folder, name, place, NAME % leg), "w") as f:
                json.dump(one, f)


failures = 0


def check(what, good, got=""):
    global failures
    failures += not good
    print("%s - %s%s" % ("ok" if good else "not ok", what, "" if good else ": got %s" % (got,)))


def plain(text):
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


def check_one(folder, name, kind, mbps):
    """kind: delivered or sent; mbps: with four decimals."""
    def read(ending):
        return open("%s/%s%s" % (folder, name, ending), encoding="utf-8").read()
    say = name + ": "
    short = figure(mbps)
    words = "%s %s Mbps" % (kind, short)
    four = "%s %s Mbps" % (kind, mbps)
    check(say + "show", "HK->WUS: %s, " % words in read(".show"), read(".show"))
    for ending in (".json", ".report.json"):
        tests = [t for line in read(ending).splitlines() for t in json.loads(line).get("legs", [json.loads(line)]) if t["source"] == "HK"]
        check(say + ending + ": rate_mbps, rate_kind", [("%.4f" % t["rate_mbps"], t["rate_kind"]) for t in tests] == [(mbps, kind)], tests[0]["rate_mbps"])
        check(say + ending + ": the hours", {("%.4f" % h["mean_mbps"], h["rate_kind"]) for h in tests[0]["hours"]} ==
              {(mbps, kind)} or name == "end", tests[0]["hours"])
    row = next(r for r in csv.DictReader(read(".csv").splitlines()) if r["source"] == "HK")
    check(say + "show --csv", ("%.4f" % float(row["rate_mbps"]), row["rate_kind"]) == (mbps, kind), row["rate_mbps"])
    if name != "end":
        hour = next(r for r in csv.DictReader(read(".hours.csv").splitlines()) if r["source"] == "HK")
        check(say + "show --hours --csv", ("%.4f" % float(hour["mean_mbps"]), hour["rate_kind"]) == (mbps, kind), hour)
        line = next(l for l in read(".hours").split("WUS->HK")[0].splitlines() if re.match(r"  2025", l))
        check(say + "show --hours", mbps in line and kind in line, line)
    check(say + "report's line", "HK->WUS: %s, " % words in read(".report"), read(".report"))
    told = short if kind == "delivered" else short + " sent"
    markdown = open("%s/%s.out/summary_report.md" % (folder, name), encoding="utf-8").read()
    own = markdown.split("## Takeaways")[1]
    check(say + "summary_report.md: its own table", re.search(r"\| HK.*WUS \| [a-z ]* \| %s \|" % told, own), own[:900])
    reference = next(l for l in markdown.splitlines() if l.startswith("| HK->WUS |"))
    check(say + "the reference's table has the reference's mean", reference.split(" | ")[1] == REFERENCE[name], reference)
    label = markdown.split("## Takeaways")[0].strip().splitlines()[-1]
    check(say + "and a label says which rate that is", "reference script" in label and ("what was sent" in label) == (name in ("joined", "end", "sent", "opposite")), label)
    page = open("%s/%s.out/index.html" % (folder, name), encoding="utf-8").read()
    summary = plain(re.search(r"<table[^>]*id=summary-table.*?</table>", page, re.S).group(0))
    check(say + "the page's summary", re.search(r"\b%s\b" % re.sub(r"^(\d+)( |$)", r"\1(\\.0)?\2", told.replace(".", r"\.")), summary), summary)
    check(say + "the page's matrix", "HK\u2192WUS: %s, loss" % four in html.unescape(page) or "HK\u2192WUS: %s, loss" % words in html.unescape(page), "no " + words)
    check(say + "the chart's facts", any("<span>%s <b>%s Mbps</b></span>" % (kind, m) in page for m in (mbps, short)), "no " + words)
    check(say + "the data of the live charts: a sender's intervals are what was sent", ('"isSent":true' in page) == (name in ("end", "sent", "opposite")))
    return markdown


REFERENCE = {"joined": "10.0000", "got": "8.3972", "end": "10.0000", "sent": "10.0000", "near": "9.9950", "opposite": "10.0000"}


def takeaway(markdown, word):
    return [l.replace("\\", "") for l in markdown.splitlines() if l.startswith("- " + word)]


def check_all(folder):
    for name in ("joined", "got", "end"):
        m = check_one(folder, name, "delivered", TRUE)
        check(name + ": Deliverability", any("%s Mbps of 10 arrived" % figure(TRUE) in l and "7.63 %% below" % () in l for l in takeaway(m, "Deliverability")),
              takeaway(m, "Deliverability"))
        said = takeaway(m, "Symmetry")
        check(name + ": Symmetry: the direction that lost is not the faster one", len(said) == 1 and "WUS->HK the higher one" in said[0], said)
    m = check_one(folder, "sent", "sent", "10.0000")
    check("sent: Deliverability is of the other leg alone", all("HK->WUS" not in l for l in takeaway(m, "Deliverability")), takeaway(m, "Deliverability"))
    check("sent: Symmetry: what was sent is not compared with what arrived", takeaway(m, "Symmetry") == [], takeaway(m, "Symmetry"))
    m = check_one(folder, "near", "delivered", "9.9950")
    check("near: Symmetry: a difference that does not matter is not a sentence", takeaway(m, "Symmetry") == [], takeaway(m, "Symmetry"))
    m = check_one(folder, "opposite", "sent", "10.0000")
    check("opposite: no Deliverability without a receiver's word", takeaway(m, "Deliverability") == [], takeaway(m, "Deliverability"))


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    check_all(sys.argv[2])
    sys.exit(failures > 0)
