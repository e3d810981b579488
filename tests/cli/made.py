#!/usr/bin/env python3
"""made.py DIR DATASET: iperf3 documents that contain just what a test needs. Datasets are in sentences.py; a leg is a call of
leg(): the sender's own record (no loss per interval), or the receiver's."""
import json
import os

START = 1763168446  # 2025-11-15 01:00:46 UTC
SIZE = 1386


def leg(name, role="receiver", seconds=1200, lost=None, sent=902, dead=(), cut=(), planned=None, target=10_000_000, streams=1, end=True,
        end_lost=None, end_total=None, jitter=None, start=START, protocol="UDP", rate=None, tcp=None, error=None, extra=None, dated=True,
        end_sum=None, interval=1, wall=None):
    """A document. lost: {second: packets}, of which a sender's intervals say nothing; end_lost: what its end says instead. dead: seconds
    without a byte. cut: seconds that have no interval. rate: {second: packets}, sent then and from then on. jitter: {second: ms}."""
    is_sender, lost, rows, now, n_packets, n_lost, n_bytes = role == "sender", lost or {}, [], sent, 0, 0, 0
    source, destination = name.split("-")
    for i in range(0, seconds, interval):
        now = (rate or {}).get(i, now)
        if i in cut:
            continue
        packets = 0 if i in dead else now
        gone = 0 if i in dead else lost.get(i, 0)
        arrived = packets if is_sender else packets - gone
        row = {"start": i, "end": i + interval, "seconds": interval, "bytes": arrived * SIZE, "bits_per_second": arrived * SIZE * 8 / interval,
               "omitted": False, "sender": is_sender}
        if protocol == "UDP":
            row["packets"] = packets
            if not is_sender:
                row.update(jitter_ms=(jitter or {}).get(i, 0.01), lost_packets=gone, lost_percent=100 * gone / packets if packets else 0)
        else:
            row.update((tcp or {}).get("row", {}))
        rows.append({"streams": [dict(row, socket=5)], "sum": row})
        n_packets, n_lost, n_bytes = n_packets + packets, n_lost + gone, n_bytes + arrived * SIZE
    test = {"protocol": protocol, "num_streams": streams, "blksize": SIZE if protocol == "UDP" else 131072, "omit": 0,
            "duration": planned or seconds, "bytes": 0, "blocks": 0, "reverse": 0 if is_sender else 1, "target_bitrate": target}
    head = {"connected": [{"socket": 5, "local_host": "192.0.2.1", "local_port": 49152, "remote_host": "192.0.2.2", "remote_port": 5201}],
            "version": "iperf 3.12", "system_info": "Linux", "connecting_to": {"host": "192.0.2.2", "port": 5201}, "cookie": name + "x" * 30,
            "test_start": test}
    if dated:
        head["timestamp"] = {"time": "Sat, 15 Nov 2025 01:00:46 GMT", "timesecs": start}
    document = {"start": head, "intervals": rows}
    if end:
        total = n_packets if end_total is None else end_total
        gone = n_lost if end_lost is None else end_lost
        whole = {"start": 0, "end": seconds, "seconds": seconds, "bytes": n_bytes, "bits_per_second": 8 * n_bytes / seconds, "sender": is_sender}
        if protocol == "UDP":
            whole.update(jitter_ms=0.0106, lost_packets=gone, packets=total, lost_percent=100 * gone / total if total else 0)
        whole.update(end_sum or {})
        document["end"] = {"streams": [], "sum": whole, "sum_sent": dict(whole, sender=True), "sum_received": dict(whole, sender=False)}
        if protocol == "TCP":
            del document["end"]["sum"]
            document["end"]["sum_sent"].update((tcp or {}).get("sent", {"retransmits": 0}))
            document["end"]["sum_received"].update((tcp or {}).get("received", {}))
        elif is_sender:
            document["end"]["sum_received"].update(bytes=n_bytes - gone * SIZE)
    if error:
        document["error"] = error
    if extra:
        document["longhaul"] = extra
    return name, start, planned or seconds, target, document


def write(folder, legs):
    os.makedirs(folder, exist_ok=True)
    for name, start, seconds, target, document in legs:
        stamp = __import__("time").strftime("%Y%m%d_%H%M%S", __import__("time").gmtime(start))
        path = "%s/%s-10M_%dS_%s.json" % (folder, name, seconds, stamp)
        with open(path, "w") as out:
            json.dump(document, out)
