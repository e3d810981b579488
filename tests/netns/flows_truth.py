"""flows_truth.py LONGHAUL SENT RECEIVED WAYS WAY: a leg's files against what the ways carried and lost."""
import glob
import json
import re
import subprocess
import sys

longhaul, sent_dir, received_dir, ways_file, ill = sys.argv[1:]


def check(good, what):
    print(("ok - " if good else "not ok - ") + what)


objects = [next(iter(o.items())) for o in json.load(open(ways_file))["nftables"]]
ports = {o["name"][-1]: set(o.get("elem", [])) for kind, o in objects if kind == "set"}
lost = next(o["packets"] for kind, o in objects if kind == "counter")
sent, received = (json.load(open(glob.glob(d + "/*.json")[0])) for d in (sent_dir, received_dir))
connected = [c["local_port"] for c in sent["start"]["connected"]]
check(connected == list(range(connected[0], connected[0] + 16)) and set().union(*ports.values()) == set(connected),
      "16 flows with 16 ports, over %d ways" % sum(1 for p in ports.values() if p))
token = re.compile(r"(\d+)((?:[a-z]-?\d+)*)$")
sums = [[0, 0] for _ in connected]
for row in received["intervals"]:
    flows = [token.match(text) for text in row["longhaul"]["flows"].split()]
    counts = [(int(m[1]), int(dict(re.findall(r"([a-z])(-?\d+)", m[2])).get("l", 0))) for m in flows]
    if [sum(c) for c in zip(*counts)] != [row["sum"]["packets"], row["sum"]["lost_packets"]]:
        check(False, "a row's flows are its sum: %s" % row)
    for total, count in zip(sums, counts):
        total[0], total[1] = total[0] + count[0], total[1] + count[1]
known = sum(s[1] for s in sums)
check(known == received["end"]["sum"]["lost_packets"] and [sum(s[0] for s in sums)] == [received["end"]["sum"]["packets"]],
      "the flows' sums are libiperf's")
# A flow's last datagram has none after it that would tell its loss.
check(lost - len(ports[ill]) <= known <= lost, "the flows lost what the way lost: %d of %d" % (known, lost))
bad = {port for port, (_, n) in zip(connected, sums) if n > 0}
check(bad == {p for p in ports[ill] if p in connected} or not lost, "who lost was on the way that loses: %s" % sorted(bad))
shown = json.loads(subprocess.run([longhaul, "show", "--json", glob.glob(received_dir + "/*.json")[0]], check=True, capture_output=True).stdout)
leg = shown["legs"][0] if "legs" in shown else shown
events = [e for e in leg["events"] if "flows" in e]
named = {p for e in events if e["kind"] in ("loss", "rate_cap") for p in e["flows"]["source_ports"]}
check(named == bad, "they are named, all of them and no other: %s" % sorted(named))
