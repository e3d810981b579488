#!/usr/bin/env python3
"""day.py FILE HOST_FROM HOST_TO [SPIKE]: an iperf3 document of a day, 86,400 intervals; in second SPIKE nearly twice as much arrived."""
import json
import sys

path, source, destination = sys.argv[1:4]
spike = int(sys.argv[4]) if len(sys.argv) > 4 else -1
with open(path, "w") as out:
    out.write('{"start":%s,"intervals":[' % json.dumps({
        "connected": [{"local_host": source, "remote_host": destination}], "version": "iperf 3.12",
        "timestamp": {"timesecs": 1763168446}, "connecting_to": {"host": destination},
        "test_start": {"protocol": "UDP", "blksize": 1386, "duration": 86400, "target_bitrate": 10000000}}))
    for i in range(86400):
        packets = 1700 if i == spike else 902 if i % 8 else 901
        out.write('%s{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":%d,"bits_per_second":%d,"packets":%d,"omitted":false,"sender":true}}'
                  % ("," if i else "", i, i + 1, packets * 1386, packets * 11088, packets))
    out.write('],"end":{"sum":{"seconds":86400,"bits_per_second":1e7,"jitter_ms":0.0106,"lost_packets":1632,'
              '"packets":77922078,"lost_percent":0.0020944}}}\n')
