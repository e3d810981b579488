#!/usr/bin/env python3
"""hostile.py DIR: two results (a pair) whose hosts, versions, messages and file names have a meaning in HTML, JSON, Markdown, gnuplot."""
import json
import sys

NAMES = ("</script><script>alert(1)</script>\"'&amp;|`id`$(id)@{x}_^", "<img src=x onerror=alert(1)>\\u003c![y](http://e.example/)*b*\u2028")
for n, (source, destination) in enumerate((NAMES, NAMES[::-1])):
    rows = [{"sum": {"start": i, "end": i + 1, "seconds": 1, "bytes": 1250000, "bits_per_second": 1e7, "jitter_ms": 0.01, "packets": 902,
                     "lost_packets": 300 if 20 <= i < 25 else 0, "lost_percent": 0, "omitted": False, "sender": False}} for i in range(60)]
    with open("%s/<img src=x onerror=alert(1)>&\"'`|*%d*.json" % (sys.argv[1], n), "w") as out:
        json.dump({"start": {"connected": [{"local_host": destination, "remote_host": source}], "version": "</script><script>alert(2)</script>|`[x](y)",
                             "timestamp": {"timesecs": 1763168446}, "connecting_to": {"host": source},
                             "test_start": {"protocol": "UDP", "num_streams": 1, "blksize": 1386, "duration": 60, "reverse": 1,
                                            "target_bitrate": 10000000}},
                   "intervals": rows, "error": "</script><b onclick=alert(3)>|\n# no heading",
                   "end": {"sum": {"seconds": 60, "bytes": 75000000, "bits_per_second": 1e7, "jitter_ms": 0.01, "lost_packets": 1500,
                                   "packets": 54120, "lost_percent": 2.77, "sender": False}}}, out)
