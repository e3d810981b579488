"""sentence_data.py - the data for tests of sentences: each set is a folder of files in which something is known, happened or is missing,
and nothing else. For each set there is another that differs from it by what a sentence needs."""
import glob
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

import hops
import made

H = 3600
N = 3 * H
OURS = {"format": 1, "version": "0.2.0"}
SIX = ("KC-WUS", "WUS-KC", "HK-WUS", "WUS-HK", "UAE-WUS", "WUS-UAE")


def sent(name, **more):
    """The sender's own file: no loss per interval."""
    more = dict(dict(seconds=N, interval=10, sent=9020, end_lost=0), **more)
    return made.leg(name, "sender", **more)


def got(name, **more):
    """The receiver's file."""
    more = dict(dict(seconds=N, interval=10, sent=9020), **more)
    return made.leg(name, "receiver", **more)


def every(step, packets=1, start=0, end=N):
    return {i: packets for i in range(start, end, step)}


def hump(i):
    """The sum of what the first i rows lose: twice as much in the middle."""
    return 0.2 * i + 0.25 * 240 * math.sqrt(math.pi) / 2 * math.erf((i - 540) / 240)


def tcp(name, role="sender", row=None, rows=None, **more):
    more = dict(dict(seconds=N, interval=10, sent=9020, protocol="TCP", target=0), **more)
    leg = made.leg(name, role, tcp={"row": row or {}, "sent": {"retransmits": 5}}, **more)
    for i, one in (rows or {}).items():
        leg[4]["intervals"][i]["sum"].update(one)
        leg[4]["intervals"][i]["streams"][0].update(one)
    return leg


def changed(leg, at, **values):
    """The leg with members of interval number `at` changed."""
    for i in at if hasattr(at, "__iter__") else (at,):
        leg[4]["intervals"][i]["sum"].update(values)
        leg[4]["intervals"][i]["streams"][0].update(values)
    return leg


def without(leg, *keys, half=False):
    """The leg without these members of its intervals, or of the second half of them."""
    rows = leg[4]["intervals"]
    for row in rows[len(rows) // 2 if half else 0:]:
        for one in [row["sum"]] + row["streams"]:
            for key in keys:
                one.pop(key, None)
    return leg


def kernel(leg, rows):
    """What longhaul reads of the kernel's TCP, in these intervals."""
    for i, values in rows.items():
        leg[4]["intervals"][i]["longhaul"] = {"tcp": values, "segment": 0}
    leg[4]["longhaul"] = {"format": 1}
    return leg


def ended(leg, key="sum", **values):
    leg[4]["end"].setdefault(key, {}).update(values)
    return leg


def delayed(leg, **rows):
    """What longhaul's receiver adds to each interval: a delay of some 0.1 ms, and in the intervals of rows, {number: {key: us}}, something else."""
    usual = {"base": 70000, "min": 1, "p50": 40, "p95": 120, "p99": 200, "max": 400, "ipdv50": 40, "ipdv99": 200, "silence": 12000, "silent": 900000}
    for i, row in enumerate(leg[4]["intervals"]):
        row["longhaul"] = {"segment": 0, "delay_us": dict(usual, **rows.get("rows", {}).get(i, {}))}
        row["longhaul"].update(rows.get("own", {}).get(i, {}))
    leg[4]["longhaul"] = {"format": 1}
    return leg


def same_trips(leg):
    """Round trips that do not change, one a minute."""
    leg[4]["longhaul"].update({"rtt_method": "icmp", "rtt": [[60 * k + 5, 100 + k % 3 / 10] for k in range(180)]})
    return leg


def queue(ms):
    return {"p50": 900 * ms, "p95": 1000 * ms, "p99": 1100 * ms, "max": 1200 * ms}


def busy(name, ms=30):
    """Six hours, in the third and fourth of which packets wait, now and then: no level that stands."""
    return delayed(got(name, seconds=6 * H), rows={i: dict(queue(ms), p50=50, p95=400) for i in range(720, 1440, 9)})


def with_flows(leg, troubles, whose):
    """A leg of four flows; whose(i) are the flows that have the i-th interval's losses, or the letters of troubles."""
    for i, row in enumerate(leg[4]["intervals"]):
        packets, lost, ill = row["sum"]["packets"], row["sum"]["lost_packets"], whose(i)
        texts = []
        for k in range(4):
            text = str(packets // 4 + (k < packets % 4))
            if lost and k in ill:
                share = lost // len(ill) + (ill.index(k) < lost % len(ill))
                text += "l%dr%d" % (share, share) if share else ""
            texts.append(text + (troubles.get(i, "") if k in ill else ""))
        row.setdefault("longhaul", {"segment": 0})["flows"] = " ".join(texts)
    leg[4]["longhaul"] = {"format": 1, "role": "receiver", "flows": 4}
    leg[4]["start"]["connected"] = [{"local_port": 5201, "remote_port": 20000 + k} for k in range(4)]
    return leg


def lossy_flows(whose):
    return with_flows(got("KC-WUS", interval=1, sent=902, lost={i: 4 for i in range(3000, 9000, 3)}), {}, whose)


def routes_of_flows(whose):
    rows = range(1000, 10000, 1000)
    return with_flows(delayed(got("KC-WUS", interval=1, sent=902), rows={i: {"shift": 3000 if i % 2000 else -3000, "shifted": 500000} for i in rows}),
                      {i: "b3000" if i % 2000 else "b-3000" for i in rows}, whose)


def traced(leg, *whats):
    """The leg with traces of its route, in which what hops.py calls so has happened."""
    leg[4].setdefault("longhaul", {"format": 1})["hops"] = hops.Path(whats).all_traces(N)
    leg[4]["start"]["connected"][0].update({"local_port": 5201, "remote_port": 20000})
    return leg


def lossy(name, *spans, lost=90):
    return got(name, interval=1, sent=902, lost={i: lost for start, end in spans for i in range(start, end)})


def silence(ms, ago_ms=500):
    return {"silence": 1000 * ms, "silent": 1000 * ago_ms, "silences": 1}


def gaps(n):
    return {"format": 1, "gaps": [{"start_s": 100 * k + 50, "seconds": 30, "cause": "path-silent", "noticed_by": "the watchdog", "text": ""}
                                  for k in range(n)]}


def hub(names, at=3000):
    return [got(n, lost=every(10, 500, at, at + 100) if n in names else {}) for n in SIX]


CAUSES = ("path-silent", "peer-stopped", "peer-closed", "link-down", "host-suspended", "restarted", "address-changed", "session-error")
KERNEL = {"snd_cwnd": 500000, "snd_wnd": 1000000, "rtt": 100000, "rttvar": 10, "pmtu": 1500, "retransmits": 0}

SETS = {
    # nothing is lost, nothing happens
    "one": lambda: [got("KC-WUS")],
    "pair": lambda: [got("KC-WUS"), got("WUS-KC")],
    "six": lambda: [got(n) for n in SIX],
    "sent_one": lambda: [sent("KC-WUS")],
    "sent_by_run": lambda: [sent("KC-WUS", end=False, extra=OURS)],
    "sent_by_run_end": lambda: [sent("KC-WUS", extra=OURS)],
    "got_by_run": lambda: [got("KC-WUS", extra=OURS)],
    "sent_pair": lambda: [sent("KC-WUS"), sent("WUS-KC")],
    # two directions
    "sent_143_2": lambda: [sent("KC-WUS", end_lost=143), sent("WUS-KC", end_lost=2)],
    "sent_no_end": lambda: [sent("KC-WUS", end=False), sent("WUS-KC", end=False)],
    "sent_no_end_differ": lambda: [sent("KC-WUS", end=False), sent("WUS-KC", end=False, sent=8800)],
    "sent_and_got": lambda: [sent("KC-WUS", end=False), got("WUS-KC", lost=every(600))],
    "sent_with_end_and_got": lambda: [sent("KC-WUS", end_lost=20), got("WUS-KC", lost=every(600))],
    "lossy_more_often": lambda: [got("KC-WUS", lost=every(50, 100)), got("WUS-KC", lost=every(1000))],
    "lossy_alike": lambda: [got("KC-WUS", lost=every(300, 400)), got("WUS-KC", lost=every(290))],
    "lossy_few": lambda: [got("KC-WUS", lost=every(4000, 4000)), got("WUS-KC", lost=every(3000))],
    "other_length": lambda: [got("KC-WUS", lost=every(300, 400)), got("WUS-KC", lost={i: 1 for i in range(0, N, 300)}, interval=20, sent=18040)],
    "rates_differ": lambda: [got("KC-WUS"), got("WUS-KC", sent=9000)],
    "targets_differ": lambda: [got("KC-WUS"), got("WUS-KC", sent=18040, target=20_000_000)],
    "other_days": lambda: [got("KC-WUS"), got("WUS-KC", start=made.START + 9 * 86400)],
    "nine_pairs": lambda: [got(n, sent=9020 - 20 * (i % 7)) for k in range(9) for i, n in enumerate(("S%d-WUS" % k, "WUS-S%d" % k))],
    # what was observed
    "one_short": lambda: [got("KC-WUS", planned=N + H)],
    "one_of_two_short": lambda: [got("KC-WUS", planned=N + H), got("WUS-KC")],
    "two_short": lambda: [got("KC-WUS", planned=N + H), got("WUS-KC", planned=N + 2 * H), got("HK-WUS")],
    "nearly": lambda: [got("KC-WUS", seconds=N, planned=N + 5), got("WUS-KC")],
    "no_plan": lambda: [got("KC-WUS"), _no_plan("WUS-KC")],
    "no_plan_at_all": lambda: [_no_plan("KC-WUS")],
    "cut": lambda: [got("KC-WUS", end=False, lost=every(600)), got("WUS-KC")],
    "undated": lambda: [_undated("KC-WUS")],
    "pair_no_intervals": lambda: [_without_intervals("KC-WUS"), _without_intervals("WUS-KC")],
    "empty": lambda: [_without_intervals("KC-WUS", end=False)],
    "repeated": lambda: [_repeated("KC-WUS")],
    "out_of_order": lambda: [own(got("KC-WUS"), out_of_order=5)],
    "arrived_twice": lambda: [own(got("KC-WUS"), out_of_order=0, duplicates=5)],
    "no_intervals": lambda: [_without_intervals("KC-WUS")],
    "hours_many": lambda: [got("KC-WUS", interval=3600, sent=3247200, seconds=210 * H)],
    # delivery
    "off_target": lambda: [got("KC-WUS", sent=8000), got("WUS-KC")],
    "off_target_one": lambda: [got("KC-WUS", sent=8000)],
    "off_target_gap": lambda: [got("KC-WUS", sent=8000, cut=range(2000, 4000))],
    "above_target": lambda: [got("KC-WUS", sent=9900)],
    "no_target": lambda: [got("KC-WUS", target=0)],
    # where and when the loss is
    "spread": lambda: [got(n, lost=every(600, 10)) for n in SIX],
    "one_loses": lambda: [got(n, lost=every(600, 10) if n == "HK-WUS" else {}) for n in SIX],
    "one_site_loses": lambda: [got(n, lost=every(600, 10) if "UAE" in n else {}) for n in SIX],
    "one_site_half_known": lambda: [sent(n, end=False) if n == "WUS-UAE" else got(n, lost=every(600, 10) if "UAE" in n else {}) for n in SIX],
    "one_hour": lambda: [got("KC-WUS", lost=every(600, 5, H, 2 * H - 600))],
    "two_hours": lambda: [got("KC-WUS", seconds=2340, lost=every(600, 5, 0, 1200))],
    "lost_9": lambda: [got("KC-WUS", lost={0: 5, 5000: 4}), got("WUS-KC")],
    # events
    "hub": lambda: hub(SIX),
    "hub_half": lambda: hub(("KC-WUS", "HK-WUS")),
    "hub_unmeasured": lambda: [got(n, lost=every(10, 500, 3000, 3100)) if n in ("KC-WUS", "HK-WUS") else sent(n) for n in SIX],
    "pair_event": lambda: hub(("KC-WUS", "WUS-KC")),
    "leg_event": lambda: hub(("KC-WUS",)),
    "burst": lambda: [got("KC-WUS", lost=every(10, 500, 3000, 3100))],
    "jitter_burst": lambda: [got("KC-WUS", jitter={i: 5 for i in range(3000, 3200, 10)})],
    "shift": lambda: [got("KC-WUS", rate={5000: 8000})],
    "shift_sent": lambda: [sent("KC-WUS", rate={5000: 8000})],
    "dead": lambda: [got("KC-WUS", dead=range(5000, 5100))],
    "dead_sent": lambda: [sent("KC-WUS", dead=range(5000, 5100))],
    "hour_dead": lambda: [got("KC-WUS", cut=range(2000, 8000))],
    "gaps": lambda: [got("KC-WUS", cut=[i for k in range(3) for i in range(100 * k + 50, 100 * k + 80, 10)], extra=gaps(3))],
    "gaps_no_cause": lambda: [got("KC-WUS", cut=range(50, 80), extra={"format": 1, "gaps": [{"start_s": 50, "seconds": 30}]})],
    "gap_unsaid": lambda: [got("KC-WUS", cut=range(50, 80))],
    "many_gaps": lambda: [got("KC-WUS", cut=[i for k in range(25) for i in range(100 * k + 50, 100 * k + 80, 10)], extra=gaps(25))],
    "many_events": lambda: [got("KC-WUS", seconds=6000, interval=1, sent=902,
                                lost={i: 400 + i * 37 % 200 for k in range(1, 1180) for i in (5 * k, 5 * k + 1)})],
    "many_pauses": lambda: [got("KC-WUS", seconds=4100, interval=1, sent=902, dead=[i for k in range(1010) for i in (4 * k, 4 * k + 1)])],
    "series": lambda: [got("KC-WUS", interval=1, sent=902, seconds=4000, lost={i: 200 + i * 37 % 90 for k in range(12) for i in range(200 + 300 * k, 208 + 300 * k)})],
    "cap": lambda: [got("KC-WUS", lost=every(10, 1804, 3000, 3600))],
    "slower_often": lambda: [got("KC-WUS", rate={i: n for k in range(12) for i, n in ((300 + 800 * k, 6000), (400 + 800 * k, 9020))})],
    "causes": lambda: [got("S%d-WUS" % k, cut=range(500 * k + 500, 500 * k + 560), extra={"format": 1, "gaps": [
        {"start_s": 500 * k + 500, "seconds": 60, "cause": cause, "noticed_by": "", "text": ""}]}) for k, cause in enumerate(CAUSES)],
    "busy_hours": lambda: [got("KC-WUS", lost={10 * i: round(9 * math.exp(-((i - 540) / 240) ** 2)) for i in range(N // 10)})],
    "busy_hours_slight": lambda: [got("KC-WUS", lost={10 * i: math.floor(hump(i + 1)) - math.floor(hump(i)) for i in range(N // 10)})],
    "own_drops": lambda: [got("KC-WUS", lost=every(10, 500, 3000, 3100), extra={"format": 1, "host": {"drops": {
        "udp_receive_buffer": 5000, "backlog": 0, "interface_received": 0}}})],
    "large_packets": lambda: [got("KC-WUS", interval=1, sent=902, seconds=1200, dead=range(600, 640), rate={640: 902 * 41, 641: 902}, lost={640: 902 * 40},
                                  extra={"format": 1, "rtt_method": "icmp", "rtt": [[10 * k, 100 + k % 3] for k in range(119)]})],
    "one_unknown": lambda: [got("KC-WUS", lost=every(10, 500, 3000, 3100)), sent("HK-WUS", end=False, cut=range(6000, 6100), extra={
        "format": 1, "gaps": [{"start_s": 6000, "seconds": 100, "cause": "path-silent", "noticed_by": "", "text": ""}]})],
    "many_incidents": lambda: [got("S%d-WUS" % k, seconds=600, start=made.START + 700 * k, lost={i: 2000 + i * 7 % 900 for i in range(200, 260, 10)})
                               for k in range(310)],
    "hub_and_leg": lambda: [got(n, lost={**every(10, 500, 3000, 3100), **(every(600, 10) if n == "HK-WUS" else {})}) for n in SIX],
    # what an interval does not know
    "rateless": lambda: [changed(sent("KC-WUS", target=0), range(N // 10), bits_per_second=-1)],
    "rateless_and_got": lambda: [changed(sent("KC-WUS"), range(N // 10), bits_per_second=-1), got("WUS-KC")],
    "half_known": lambda: [without(got("KC-WUS", lost=every(600)), "lost_packets", "lost_percent", half=True)],
    "jitter_only": lambda: [without(got("KC-WUS"), "lost_packets", "lost_percent")],
    "round_trips": lambda: [got("KC-WUS", extra={"format": 1, "rtt_method": "icmp", "rtt": [[60 * k, 100 + k % 3] for k in range(170)]})],
    # rates that are made of whole datagrams
    "quantum": lambda: [got("KC-WUS", interval=1, sent=902, rate={i: 902 - (i // 10) % 2 for i in range(0, N, 10)}, seconds=1200)],
    "quantum_not": lambda: [got("KC-WUS", interval=1, sent=902, rate={i: 902 - 40 * ((i // 10) % 2) for i in range(0, N, 10)}, seconds=1200)],
    # TCP
    "tcp": lambda: [tcp("KC-WUS", row=KERNEL)],
    "tcp_got": lambda: [tcp("KC-WUS", "receiver")],
    "tcp_zero_window": lambda: [kernel(tcp("KC-WUS", row=KERNEL), {7: {"zero_windows": 1}})],
    "tcp_spurious": lambda: [kernel(tcp("KC-WUS", row=dict(KERNEL, retransmits=3)), {i: {"spurious_retransmits": 1} for i in range(0, 1080)})],
    "tcp_held_by_window": lambda: [kernel(tcp("KC-WUS", row=KERNEL), {i: {"busy_s": 10, "rwnd_limited_s": 5} for i in range(1080)})],
    "tcp_held_by_buffer": lambda: [kernel(tcp("KC-WUS", row=KERNEL), {i: {"busy_s": 10, "sndbuf_limited_s": 5} for i in range(1080)})],
    "tcp_busy": lambda: [kernel(tcp("KC-WUS", row=KERNEL), {i: {"busy_s": 10, "rwnd_limited_s": 0, "sndbuf_limited_s": 0, "zero_windows": 0,
                                                               "spurious_retransmits": 0} for i in range(1080)})],
    "tcp_less_received": lambda: [ended(tcp("KC-WUS", row=KERNEL), "sum_received", bytes=N // 10 * 9020 * made.SIZE * 8 // 10)],
    "tcp_queue": lambda: [tcp("KC-WUS", row=KERNEL, rows={0: {"rtt": 20000}})],
    "tcp_both": lambda: [tcp("KC-WUS", row=KERNEL), tcp("WUS-KC", "receiver", target=100_000_000)],
    "tcp_target": lambda: [tcp("KC-WUS", row=KERNEL, target=10_000_000)],
    # what cannot be relied on
    "error": lambda: [got("KC-WUS", error="unable to receive results")],
    "not_valid": lambda: [ended(got("KC-WUS"), lost_packets=-5), got("WUS-KC", lost=every(600))],
    "bad_percent": lambda: [ended(got("KC-WUS"), lost_percent=104)],
    "more_lost_than_sent": lambda: [ended(sent("KC-WUS"), lost_packets=99999999)],
    "below_0": lambda: [ended(sent("KC-WUS"), packets=-90000)],
    "wrapped_below_0": lambda: [ended(ended(got("KC-WUS"), "sum_received", bytes=-1000), "sum", bytes=-1000)],
    "wrapped_bytes": lambda: [ended(sent("KC-WUS"), "sum_sent", bytes=(N // 10 * 9020 * made.SIZE) % 2 ** 32)],
    "wrapped_packets": lambda: [ended(got("KC-WUS", sent=9020000, target=0), packets=(N // 10 * 9020000) % 2 ** 32)],
    "int_max": lambda: [ended(sent("KC-WUS"), packets=2147483647)],
    "int_max_got": lambda: [ended(got("KC-WUS"), packets=2147483647)],
    "total_0": lambda: [ended(sent("KC-WUS"), packets=0, lost_packets=0)],
    "total_0_got": lambda: [ended(got("KC-WUS"), packets=0, lost_packets=0)],
    "sides_packets": lambda: [ended(ended(sent("KC-WUS"), "sum_sent", packets=9741600), "sum_received", packets=8000000)],
    "sides_lost": lambda: [ended(got("KC-WUS", lost=every(600)), lost_packets=500)],
    "sides_bytes": lambda: [ended(sent("KC-WUS"), "sum_received", bytes=N // 10 * 9020 * made.SIZE * 7 // 10)],
    "receiver_silent": lambda: [ended(ended(sent("KC-WUS"), "sum_received", bytes=0, packets=0, jitter_ms=0), "sum", jitter_ms=0)],
    "tcp_receiver_silent": lambda: [ended(tcp("KC-WUS", row=KERNEL), "sum_received", bytes=0)],
    "stepped": lambda: [_stepped("KC-WUS")],
    "half_run": lambda: [got("KC-WUS", planned=3 * N)],
    "overlapping": lambda: [changed(got("KC-WUS"), 50, start=485)],
    "tiny_last": lambda: [changed(got("KC-WUS"), N // 10 - 1, seconds=0.004, end=N - 9.996, bytes=1386, packets=1, bits_per_second=2772000)],
    "tiny": lambda: [changed(got("KC-WUS"), (50, 60), seconds=0.5, end=0)],
    "absurd_count": lambda: [changed(got("KC-WUS"), 50, packets=2147483647)],
    "absurd_loss": lambda: [changed(got("KC-WUS"), 50, lost_packets=-3)],
    "absurd_jitter": lambda: [changed(got("KC-WUS"), 50, jitter_ms=1e8)],
    "omit_race": lambda: [changed(got("KC-WUS"), 0, seconds=5)],
    "absurd_jitter_stepped": lambda: [changed(_stepped("KC-WUS"), 500, jitter_ms=1e8)],
    "earlier_test": lambda: [changed(got("KC-WUS"), 0, lost_packets=900000, packets=909020)],
    "wrapped_lost": lambda: [changed(got("KC-WUS"), 50, lost_packets=2 ** 32 - 6, packets=9014)],
    "sender_slow": lambda: [sent("KC-WUS", sent=8000)],
    "arrived_less": lambda: [got("KC-WUS", lost=every(10, 900))],
    # delays, which longhaul's receiver knows
    "delays": lambda: [delayed(got("KC-WUS"))],
    "delays_busy": lambda: [busy("KC-WUS"), delayed(got("WUS-KC", seconds=6 * H))],
    "delays_busy_two": lambda: [busy("KC-WUS"), busy("WUS-KC", 20)],
    "delays_quiet": lambda: [delayed(got("KC-WUS", seconds=6 * H))],
    "delays_busy_short": lambda: [delayed(got("KC-WUS"), rows={i: dict(queue(30), p50=50, p95=400) for i in range(360, 720, 9)})],
    "delays_busy_undated": lambda: [("KC-WUS", None) + delayed(got("KC-WUS", seconds=6 * H, dated=False), rows={
        i: dict(queue(30), p50=50, p95=400) for i in range(720, 1440, 9)})[2:]],
    "delays_queue": lambda: [delayed(got("KC-WUS", interval=1, sent=902, seconds=3000), rows={i: queue(20) for i in range(1000, 1300)})],
    "delays_queues": lambda: [delayed(got("KC-WUS", interval=1, sent=902, seconds=3000), rows={
        i: queue(20) for k in range(5) for i in range(500 * k + 200, 500 * k + 240)})],
    "delays_route": lambda: [delayed(got("KC-WUS"), rows={500: {"shift": 3000, "shifted": 4e6}}), delayed(got("WUS-KC"))],
    "delays_route_shorter": lambda: [delayed(got("KC-WUS"), rows={500: {"shift": -3000, "shifted": 4e6}})],
    "delays_routes_pair": lambda: [delayed(got(n), rows={500: {"shift": 3000, "shifted": 4e6}}) for n in ("KC-WUS", "WUS-KC")],
    "delays_routes_often": lambda: [delayed(got("KC-WUS"), rows={100 * k: {"shift": 3000 if k % 2 else -3000, "shifted": 4e6} for k in range(1, 10)})],
    "delays_route_back": lambda: [delayed(got("KC-WUS"), rows={300: {"shift": 3000, "shifted": 4e6}, 700: {"shift": -3000, "shifted": 4e6}})],
    "delays_route_outage": lambda: [delayed(got("KC-WUS", interval=1, sent=902, lost={i: 902 for i in range(5000, 5100)}), rows={5101: {"shift": 3000, "shifted": 1.5e6}})],
    "flows_bad": lambda: [lossy_flows(lambda i: [2])],
    "flows_alike": lambda: [lossy_flows(lambda i: [0, 1, 2, 3])],
    "flows_routes": lambda: [routes_of_flows(lambda i: [1])],
    "flows_routes_all": lambda: [routes_of_flows(lambda i: [0, 1, 2, 3])],
    "delays_clock": lambda: [same_trips(delayed(got("KC-WUS"), rows={500: {"shift": 3000, "shifted": 4e6}}))],
    "delays_clock_pair": lambda: [same_trips(delayed(got(n), rows={500: {"shift": 3000, "shifted": 4e6}})) for n in ("KC-WUS", "WUS-KC")],
    "delays_clock_often": lambda: [same_trips(delayed(got("KC-WUS"), rows={100 * k: {"shift": 3000 if k % 2 else -3000, "shifted": 4e6} for k in range(1, 10)}))],
    "delays_clock_silence": lambda: [same_trips(delayed(got("KC-WUS", interval=1, sent=902), rows={500: silence(300), 503: {"shift": 300000, "shifted": 3.5e6}}))],
    "delays_silence": lambda: [delayed(got("KC-WUS", interval=1, sent=902), rows={500: silence(300)})],
    "delays_silence_pair": lambda: [delayed(got(n, interval=1, sent=902), rows={500: silence(300)}) for n in ("KC-WUS", "WUS-KC")],
    "delays_silences": lambda: [delayed(got("KC-WUS", interval=1, sent=902, lost={i: 270 for i in range(1000, 9000, 900)}), rows={
        i: silence(300) for i in range(1000, 9000, 900)}, own={i: {"loss_runs": 1, "longest_run": 270} for i in range(1000, 9000, 900)})],
    "delays_bursts": lambda: [delayed(got("KC-WUS"), rows={i: silence(20) for i in range(0, 1080, 2)}), delayed(got("WUS-KC"))],
    "delays_bursts_lost": lambda: [delayed(got("KC-WUS", lost={10 * i: 12 for i in range(0, 1080, 2)}), rows={i: silence(20) for i in range(0, 1080, 2)})],
    "delays_bursts_few": lambda: [delayed(got("KC-WUS"), rows={i: silence(20) for i in range(0, 1080, 20)})],
    "delays_bursts_two": lambda: [delayed(got(n), rows={i: silence(20) for i in range(0, 1080, 2)}) for n in ("KC-WUS", "WUS-KC")],
    "delays_and_others": lambda: [delayed(got("KC-WUS")), got("WUS-KC"), sent("HK-WUS")],
    "delays_and_ours": lambda: [delayed(got("KC-WUS")), got("WUS-KC", extra=OURS)],
    "delays_and_tcp": lambda: [delayed(got("KC-WUS")), tcp("WUS-KC", row=KERNEL)],
    "delays_stepped": lambda: [delayed(got("KC-WUS"), rows={500: {"step": 2500000}})],
    "delays_read_late": lambda: [delayed(got("KC-WUS"), rows={500: {"read": 1500000}})],
    "delays_read_late_often": lambda: [delayed(got("KC-WUS"), rows={i: {"read": 12000} for i in range(0, 1080, 5)})],
    "delays_read_late_once": lambda: [delayed(got("KC-WUS"), rows={500: {"read": 500000}})],
    "hops_quiet": lambda: [traced(got("KC-WUS"))],
    "hops_route": lambda: [traced(got("KC-WUS"), "route=5000"), traced(got("WUS-KC"))],
    "hops_route_between": lambda: [traced(got("KC-WUS"), "route=5000,3,2")],
    "hops_route_first": lambda: [traced(got("KC-WUS"), "route=5000,1,1")],
    "hops_route_hourly": lambda: [traced(got("KC-WUS"), "route=5000,3,2", "unwatched")],
    "hops_outage_route_hourly": lambda: [traced(lossy("KC-WUS", (7175, 7180), lost=902), "route=7176,3,2", "unwatched")],
    "hops_route_silent": lambda: [traced(got("KC-WUS"), "route=5000,3,2", "silent=3", "silent=4")],
    "hops_route_undated": lambda: [("KC-WUS", None) + traced(got("KC-WUS", dated=False), "route=5000,3,2")[2:]],
    "hops_route_shift": lambda: [traced(delayed(got("KC-WUS"), rows={500: {"shift": 3000, "shifted": 7e6}}), "route=5003,3,2", "shift=5003,3")],
    "hops_shift": lambda: [traced(delayed(got("KC-WUS"), rows={500: {"shift": 3000, "shifted": 7e6}}), "shift=5003,3")],
    "hops_shorter": lambda: [traced(got("KC-WUS"), "length=5000,-1")],
    "hops_longer": lambda: [traced(got("KC-WUS"), "length=5000,1")],
    "hops_routes_pair": lambda: [traced(got(n), "route=5000,3,2") for n in ("KC-WUS", "WUS-KC")],
    "hops_routes_pair_others": lambda: [traced(got("KC-WUS"), "route=5000,3,2"), traced(got("WUS-KC"), "route=5000,1,1")],
    "hops_routes_often": lambda: [traced(got("KC-WUS"), *("route=%d,3,2" % t for t in range(1000, 10000, 1400)))],
    "hops_flap": lambda: [traced(got("KC-WUS"), "flap=1000,9000,240")],
    "hops_outage_route": lambda: [traced(lossy("KC-WUS", (5000, 5005), lost=902), "loss=5000,5005,1,0", "route=5000,3,2")],
    "hops_outage_route_undated": lambda: [("KC-WUS", None) + traced(got("KC-WUS", interval=1, sent=902, dated=False, lost={i: 902 for i in range(5000, 5005)}),
                                                                   "loss=5000,5005,1,0", "route=5000,3,2")[2:]],
    "hops_loop": lambda: [traced(lossy("KC-WUS", (5000, 5100), lost=902), "loop=5000,5100,4")],
    "hops_loop_pair": lambda: [traced(lossy(n, (5000, 5100), lost=902), "loop=5000,5100,4") for n in ("KC-WUS", "WUS-KC")],
    "hops_loop_alone": lambda: [traced(got("KC-WUS"), "loop=5000,5100,4")],
    "hops_loss": lambda: [traced(lossy("KC-WUS", (4000, 4600)), "loss=4000,4600,0.1,4")],
    "hops_loss_either": lambda: [traced(lossy("KC-WUS", (4000, 4600)), "loss=4000,4600,0.1,4", "silent=4")],
    "hops_loss_behind": lambda: [traced(lossy("KC-WUS", (4000, 4600)), "loss=4000,4600,0.1,0", "limited=5,0.5")],
    "hops_loss_untraced": lambda: [traced(lossy("KC-WUS", (4000, 4600)), "loss=4000,4600,0.1,4", "untraced")],
    "hops_loss_pair": lambda: [traced(lossy(n, (4000, 4600)), "loss=4000,4600,0.1,4") for n in ("KC-WUS", "WUS-KC")],
    "hops_loss_pair_others": lambda: [traced(lossy("KC-WUS", (4000, 4600)), "loss=4000,4600,0.1,4"), traced(lossy("WUS-KC", (4000, 4600)), "loss=4000,4600,0.1,2")],
    "hops_losses": lambda: [traced(lossy("KC-WUS", (3000, 3600), (6000, 6900)), "loss=3000,3600,0.1,4", "loss=6000,6900,0.1,4")],
    "host_dropped": lambda: [got("KC-WUS", extra={"format": 1, "host": {"drops": {"udp_receive_buffer": 50, "backlog": 0, "interface_received": 0}}})],
}


def _no_plan(name):
    leg = got(name)
    leg[4]["start"]["test_start"]["duration"] = 0
    return leg


def _undated(name):
    leg = got(name, dated=False)
    return (name, None) + leg[2:]


def own(leg, **members):
    """What longhaul adds to each interval and to the end."""
    for row in leg[4]["intervals"]:
        row["longhaul"] = dict(members, segment=0)
    leg[4]["end"]["sum"].update({key: value * len(leg[4]["intervals"]) for key, value in members.items()})
    leg[4]["longhaul"] = {"format": 1}
    return leg


def _repeated(name):
    leg = got(name)
    leg[4]["intervals"].insert(50, leg[4]["intervals"][50])
    return leg


def _without_intervals(name, end=True):
    leg = got(name, end=end)
    leg[4]["intervals"] = []
    return leg


def _stepped(name):
    leg = got(name)
    for i, row in enumerate(leg[4]["intervals"]):
        row["longhaul"] = {"unix_us": int((made.START + 10 * (i + 1) + (5 if i > 500 else 0)) * 1e6), "monotonic_us": int((1000 + 10 * (i + 1)) * 1e6), "segment": 0}
    leg[4]["longhaul"] = {"format": 1}
    return leg


def journal(folder):
    os.makedirs(folder)
    shutil.copy("tests/data/left-behind.journal", folder + "/HK-WUS-10M_24H_20251115_010046.journal")


def mesh(folder):
    sites = ["S%02d" % i for i in range(17)]
    made.write(folder, [made.leg("%s-%s" % (a, b), "receiver", 20, lost={3: 1}) for a in sites for b in sites if a != b])


def interleaved(folder):
    """Mixed lines of two tests, which nothing distinguishes."""
    os.makedirs(folder)
    one, other = got("KC-WUS", seconds=600)[4], got("KC-WUS", seconds=600)[4]
    with open(folder + "/KC-WUS-10M_600S_20251115_010046.json", "w") as out:
        for document in (one, other):
            out.write(json.dumps({"event": "start", "data": document["start"]}) + "\n")
        for rows in zip(one["intervals"], other["intervals"]):
            for row in rows:
                out.write(json.dumps({"event": "interval", "data": row}) + "\n")
        for document in (one, other):
            out.write(json.dumps({"event": "end", "data": document["end"]}) + "\n")


def both_ends(**sets):
    """Pushed legs whose control connection was silent, with the records of both ends: by its source, the set of both_ends.py that each leg is of."""
    def copy(folder):
        with tempfile.TemporaryDirectory() as work:
            subprocess.run([sys.executable, "-B", "tests/cli/both_ends.py", "make", work], check=True)
            for source, name in sets.items():
                for part in ("", "/receiver"):
                    os.makedirs(folder + part, exist_ok=True)
                    text = open("%s/%s%s/HK-WUS-10M_1M_20251115_010046.json" % (work, name, part)).read()
                    with open("%s%s/%s-WUS-10M_1M_20251115_010046.json" % (folder, part, source), "w") as out:
                        out.write(re.sub(r'("cookie": ")..', r"\g<1>" + source, text).replace('"source": "HK"', '"source": "%s"' % source))
    return copy


def got_by_serve(folder):
    made.write(folder + "/receiver", [got("KC-WUS", extra=OURS)])


def below(n):
    """A result, and n things of each kind that are found below it and left out."""
    def make_folder(folder):
        made.write(folder, [got("KC-WUS", seconds=600)])
        name = os.listdir(folder)[0]
        for i in range(n):
            for path in "/.hidden%d" % i, "/a/b/c/d/e%d" % i, "/copy%d" % i:
                os.makedirs(folder + path)
            os.symlink(".", "%s/link%d" % (folder, i))
            shutil.copy("configs/loopback.json", "%s/copy%d/sites%d.json" % (folder, i, i))
            shutil.copy("%s/%s" % (folder, name), "%s/copy%d/%s" % (folder, i, name))
            made.write("%s/old%d" % (folder, i), [got("KC-WUS", seconds=600, start=made.START - (i + 9) * 86400)])
            old = "%s/old%d/" % (folder, i)
            os.rename(old + os.listdir(old)[0], old + "KC-WUS-10M_10M_202511%02d_010046.json" % (6 - i))
    return make_folder


def case(file):
    def copy(folder):
        os.makedirs(folder)
        shutil.copy(file, folder)
    return copy


# Files of iperf3's in which a count is not what it seems.
CASES = sorted(f for f in glob.glob("tests/data/cases/*.json") if not f.endswith(".table.json"))
FOLDERS = {"journal": journal, "control": both_ends(HK="seen"), "control_and_outage": both_ends(HK="cut", KC="seen"), "mesh": mesh,
           "got_by_serve": got_by_serve, "below": below(1), "below_two": below(2),
           "interleaved": interleaved, **{"case_" + os.path.basename(f)[:-5]: case(f) for f in CASES}}


# What report is told to judge.
OBJECTIVES = {"one": ["loss <= 50%", "coverage >= 1%"], "sent_one": ["loss <= 50%", "loss <= 50% in 1% of seconds"], "sent_pair": ["loss <= 50%", "coverage >= 1%"],
              "one_loses": ["loss <= 0.001%", "coverage >= 1%"], "lossy_few": ["rate >= 1G", "delay <= 1ms"], "mesh": ["rate >= 1G"]}


def make(folder, name):
    if name in FOLDERS:
        return FOLDERS[name](folder)
    os.makedirs(folder)
    for leg in SETS[name]():
        if leg[1] is None:
            with open("%s/%s.json" % (folder, leg[0]), "w") as out:
                json.dump(leg[4], out)
        else:
            made.write(folder, [leg])
    return None
