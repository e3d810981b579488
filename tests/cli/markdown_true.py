#!/usr/bin/env python3
"""markdown_true.py SUMMARY.md [REPORT.json]: prints what is wrong. Every row of every table must have as many cells as its head; event numbers must run
from 1 to n, each once; the sentences must agree with the figures."""
import json
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
wrong, head = [], None
for line in text.split("\n"):
    cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
    head = (head or cells) if cells else None
    if cells and cells != head:
        wrong.append("cells: " + line)


def part(name):
    return text.split("\n## %s\n" % name)[1].split("\n## ")[0]


numbers = sorted(int(n) for name in ("Outages", "Events") for n in re.findall(r"^\| (\d+) \|", part(name), re.M))
if numbers != list(range(1, len(numbers) + 1)):
    wrong.append("numbers: %s" % numbers)


def check_sentences(legs):
    hub = [sum(e["lost_packets"] for e in l["events"] if e["scope"] == "hub" and e["kind"] != "rate shift") for l in legs]
    own = {l["source"] + "->" + l["destination"]: l["lost_packets"] - h for l, h in zip(legs, hub)}
    worst, far = max(own, key=own.get), max(legs, key=lambda l: abs(l["rate_mbps"] / 10 - 1))
    scopes = [e["scope"] for l in legs for e in l["events"]]
    wants = ["Loss: {:,.0f} of {:,.0f} packets on 6 legs".format(sum(l["lost_packets"] for l in legs), sum(l["total_packets"] for l in legs)),
             "Not observed: part of the plan on 1 of 6 legs; UAE->WUS was observed for 1 h 40 min of 2 h (83.3 %)",
             "Events on most pairs of a hub: %d of %d;" % (scopes.count("hub"), len(scopes)),
             "Events in both directions of a pair: %d of %d;" % (scopes.count("pair"), len(scopes)),
             "Events in one direction, the opposite quiet: %d of %d;" % (scopes.count("leg"), len(scopes)),
             "Deliverability: furthest from its target is %s->%s, %.4f Mbps of 10 arrived" % (far["source"], far["destination"], far["rate_mbps"])]
    rate, loss = ({(l["source"], l["destination"]): l[key] for l in legs} for key in ("rate_mbps", "loss_percent"))
    for site in "HK", "KC", "UAE":
        there, back = (site, "WUS"), ("WUS", site)
        if abs(rate[there] - rate[back]) > 1e-3 * max(rate[there], rate[back]) or abs(loss[there] - loss[back]) > 0.1:
            wants.append("Symmetry: %s->WUS and back " % site)
        elif "Symmetry: %s->WUS" % site in part("Takeaways"):
            wrong.append("Symmetry of %s, which does not matter" % site)
    share = own[worst] / sum(own.values())
    if share >= 1 / 3:
        wants.append("By leg: apart from what hit a whole hub, %.0f %% of the packets known to be lost were lost on %s ({:,.0f} lost".format(own[worst]) % (100 * share, worst))
    return ["not said: " + want for want in wants if want not in part("Takeaways")]


if len(sys.argv) > 2:
    wrong += check_sentences(json.load(open(sys.argv[2]))["legs"])
print("\n".join(wrong))
