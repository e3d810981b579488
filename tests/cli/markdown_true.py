#!/usr/bin/env python3
"""markdown_true.py SUMMARY.md [REPORT.json]: prints what is wrong. Every row of every table must have as many cells as its head; the numbers of incidents
and of events must run from 1 to n, each once; the sentences must agree with the figures."""
import json
import re
import sys

from people import figure

text = open(sys.argv[1], encoding="utf-8").read()
wrong, head = [], None
for line in text.split("\n"):
    cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
    head = (head or cells) if cells else None
    if cells and cells != head:
        wrong.append("cells: " + line)


def part(name):
    return text.split("\n## %s\n" % name)[1].split("\n## ")[0]


rows = re.findall(r"^\| (\d+) \| (.*?) \|", part("Incidents"), re.M)
for what, numbers in (("incidents", [int(n) for n, second in rows if not re.match(r"[\d-]+ ?[\d:]+Z|at ", second)]),
                      ("events", sorted(int(n) for n, second in rows if re.match(r"[\d-]+ ?[\d:]+Z|at ", second)))):
    if numbers != list(range(1, len(numbers) + 1)):
        wrong.append("%s: %s" % (what, numbers))


def check_sentences(report):
    legs, told = report["legs"], report["incidents"]
    own = {l["source"] + "->" + l["destination"]: l["lost_packets"] - sum(e["lost_packets"] or 0 for e in l["events"]) for l in legs}
    worst, far = max(own, key=own.get), max(legs, key=lambda l: abs(l["rate_mbps"] / 10 - 1))
    lost, inside = sum(l["lost_packets"] for l in legs), sum(x["lost_packets"] for x in told)
    wants = ["Loss: {:,.0f} of {:,.0f} packets on 6 legs".format(sum(l["lost_packets"] for l in legs), sum(l["total_packets"] for l in legs)),
             "Not observed: part of the plan on 1 of 6 legs; UAE->WUS was observed for 1 h 40 min of 2 h (83.3 %)",
             "Accounts: %d incidents have %.1f %% of the packets known to be lost ({:,.0f} of {:,.0f}), {:,.0f} were lost outside of them.".format(
                 inside, lost, lost - inside) % (len(told), min(99.9, 100 * inside / lost)),
             "Deliverability: furthest from its target is %s->%s, %s Mbps of 10 arrived" % (far["source"], far["destination"], figure(far["rate_mbps"]))]
    rate, loss = ({(l["source"], l["destination"]): l[key] for l in legs} for key in ("rate_mbps", "loss_percent"))
    for site in "HK", "KC", "UAE":
        there, back = (site, "WUS"), ("WUS", site)
        if abs(rate[there] - rate[back]) > 1e-3 * max(rate[there], rate[back]) or abs(loss[there] - loss[back]) > 0.1:
            wants.append("Symmetry: %s->WUS and back " % site)
        elif "Symmetry: %s->WUS" % site in part("Takeaways"):
            wrong.append("Symmetry of %s, which does not matter" % site)
    share = own[worst] / sum(own.values())
    if share >= 1 / 3:
        wants.append("By leg: apart from the incidents, %.0f %% of the packets known to be lost were lost on %s ({:,.0f} lost".format(own[worst]) % (100 * share, worst))
    return ["not said: " + want for want in wants if want not in part("Takeaways")]


if len(sys.argv) > 2:
    wrong += check_sentences(json.load(open(sys.argv[2])))
print("\n".join(wrong))
