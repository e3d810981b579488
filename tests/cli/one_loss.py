"""one_loss.py make FOLDER | many FOLDER | check FOLDER: a leg's loss is one figure in every output.

make: three files of 120 s, each of 108,000 packets. HK-WUS: a receiver's, which lost 60 and has no end. KC-WUS: the same with an
end that says so. UAE-WUS: a sender's without an end, whose loss is unknown.
check: FOLDER holds what `show`, `show --csv`, `show --json` and `report` printed and wrote about them."""
import csv, json, os, re, sys

FILES = {"HK": "HK-WUS-10M_120S_20251115_010046.json", "KC": "KC-WUS-10M_120S_20251115_010046.json", "UAE": "UAE-WUS-10M_120S_20251115_010046.json"}
PERCENT = 100 * 60 / 108000


def row(i, is_sender):
    known = {} if is_sender else {"jitter_ms": 0.02, "lost_packets": i % 2, "lost_percent": 100 * (i % 2) / 900}
    return {"streams": [], "sum": dict({"start": i, "end": i + 1, "seconds": 1, "bytes": 1250000, "bits_per_second": 1e7, "packets": 900,
                                        "omitted": False, "sender": is_sender}, **known)}


def document(site):
    is_sender = site == "UAE"
    d = {"start": {"version": "iperf 3.12", "timestamp": {"timesecs": 1763168446}, "connected": [],
                   "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1388, "duration": 120, "reverse": int(not is_sender)}},
         "intervals": [row(i, is_sender) for i in range(120)]}
    if site == "KC":
        d["end"] = {"sum": {"start": 0, "end": 120, "seconds": 120, "bytes": 150000000, "bits_per_second": 1e7, "jitter_ms": 0.02,
                            "lost_packets": 60, "packets": 108000, "lost_percent": PERCENT, "sender": False}}
    return d


def make(folder):
    for site, name in FILES.items():
        write(folder, name, document(site))


def many(folder):
    """41 legs that lost one packet, as their intervals and ends say, and behind them, by name, one without an end that lost 60."""
    for i in range(41):
        d = document("KC")
        d["end"]["sum"].update(lost_packets=1, lost_percent=100 / 108000)
        for k, interval in enumerate(d["intervals"]):
            interval["sum"].update(lost_packets=int(k == 7), lost_percent=100 * (k == 7) / 900)
        write(folder, "A%02d-WUS-10M_120S_20251115_010046.json" % i, d)
    write(folder, "ZZ-WUS-10M_120S_20251115_010046.json", document("HK"))


def write(folder, name, d):
    with open(os.path.join(folder, name), "w") as f:
        json.dump(d, f)


def say(what, good):
    print(("ok - " if good else "not ok - ") + what)
    return good


def line_of(text, start):
    return next((l for l in text.splitlines() if start in l), "")


def check_show(read):
    tests = {t["source"]: t for t in map(json.loads, read("json").splitlines())}
    good = say("show --json: the loss and where it is from", all(
        (t["lost_packets"], t["total_packets"]) == (60, 108000) and abs(t["loss_percent"] - PERCENT) < 1e-12
        for t in (tests["HK"], tests["KC"])) and (tests["HK"]["loss_origin"], tests["KC"]["loss_origin"]) == ("intervals", "end"))
    good &= say("show --json: nobody knows the sender's", tests["UAE"]["loss_percent"] is None and tests["UAE"]["loss_origin"] == "unknown")
    rows = {r["source"]: r for r in csv.DictReader(read("csv").splitlines())}
    good &= say("show --csv: the same", all((float(rows[s]["lost_packets"]), rows[s]["loss_origin"]) == (60, o)
                                           for s, o in (("HK", "intervals"), ("KC", "end"))) and rows["UAE"]["lost_packets"] == "")
    text = read("show")
    good &= say("show: the same", "loss 0.0556 % (from the intervals)" in line_of(text, ": HK->WUS") and "loss 0.0556 %, " in line_of(text, ": KC->WUS") and
                "loss unknown" in line_of(text, ": UAE->WUS"))
    return good


def check_report(read):
    said, summary, page = read("report"), read("out/summary_report.md"), read("out/index.html")
    good = say("report's lines", "loss 0.0556 % (from the intervals)" in line_of(said, "HK->WUS") and "loss unknown" in line_of(said, "UAE->WUS"))
    observed = [l for l in summary.splitlines() if l.startswith("- HK->WUS")]
    good &= say("Markdown: the observation", observed and "loss 0.055556% (60 packets, from the intervals)" in observed[0])
    good &= say("Markdown: the first table", all("| 0.055556 | 60/108000 |" in line_of(summary, "| %s->WUS" % s) for s in ("HK", "KC")) and
                "| - | -/- |" in line_of(summary, "| UAE->WUS"))
    legs = {t["source"]: t for t in json.loads(read("report.json"))["legs"]}
    good &= say("the report's JSON", all((legs[s]["lost_packets"], legs[s]["total_packets"], legs[s]["loss_origin"]) == (60, 108000, o) and
                                        abs(legs[s]["loss_percent"] - PERCENT) < 1e-12 for s, o in (("HK", "intervals"), ("KC", "end"))) and
                legs["UAE"]["loss_percent"] is None and legs["UAE"]["loss_origin"] == "unknown")
    good &= say("nowhere is the loss of one that is known called unknown", not any(
        "loss unknown" in l for text in (said, summary) for l in text.splitlines() if "HK->WUS" in l))
    sentence = "Loss: 120 of 216,000 packets on 2 legs whose loss is known"
    good &= say("the takeaways of both texts", sentence in summary and sentence in page)
    rows = [r for r in page.split("<tr>") if "<th scope=row" in r and "HK" in r and "class=\"n loss" in r]
    good &= say("the page's table: percent and packets", bool(rows) and 'data-v="0.0555555556">0.0556' in rows[0] and 'data-v="60">60' in rows[0])
    good &= say("the page's map", len(re.findall(r'title="(?:HK|KC)[^"]*: (?:delivered [0-9.]+ Mbps, )?loss 0\.0556 %', page)) == 2)
    matrix = [f for f in os.listdir(os.path.join(sys.argv[2], "out")) if "matrix" in f and f.endswith(".dat")]
    cells = "".join(read("out/" + f) for f in matrix)
    good &= say("the matrix", cells.count('"0.056"') == 2)
    return good


def check(folder):
    def read(name):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            return f.read()
    return check_show(read) & check_report(read)


if sys.argv[1] != "check":
    {"make": make, "many": many}[sys.argv[1]](sys.argv[2])
else:
    sys.exit(not check(sys.argv[2]))
