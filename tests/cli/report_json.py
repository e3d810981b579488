#!/usr/bin/env python3
"""report_json.py REPORT.json LEGS.csv: the documented keys in their order, legs, pairs, numbered events; the CSV has the same legs."""
import csv
import json
import sys

report = json.load(open(sys.argv[1]))
assert list(report) == ["format", "longhaul", "hub", "is_in_progress", "measured", "verdict", "incidents", "lost_outside", "takeaways", "legs", "pairs", "events", "notes", "left_out"], list(report)
assert report["hub"] == "WUS" and report["is_in_progress"] is False and len(report["takeaways"]) >= 6
labels = [l["source"] + "->" + l["destination"] for l in report["legs"]]
assert labels == sorted(labels) and len(labels) == 6
assert [(p["a"], p["b"], [labels[i] for i in p["legs"]]) for p in report["pairs"]] == [
    (a, "WUS", [a + "->WUS", "WUS->" + a]) for a in ("HK", "KC", "UAE")]
assert [e["number"] for e in report["events"]] == list(range(1, len(report["events"]) + 1))
starts = [report["legs"][e["leg"]]["events"][e["event"]]["start_unix_s"] for e in report["events"]]
assert starts == sorted(starts) and len(starts) == sum(len(l["events"]) for l in report["legs"])
rows = list(csv.DictReader(open(sys.argv[2])))
assert [r["source"] + "->" + r["destination"] for r in rows] == labels
for row, leg in zip(rows, report["legs"]):
    for key in ("mean_mbps", "loss_percent", "lost_packets", "coverage", "n_intervals"):
        assert abs(float(row[key]) - leg[key]) <= 1e-12 * abs(leg[key]), key
    assert row["verdict"] == leg["verdict"]
