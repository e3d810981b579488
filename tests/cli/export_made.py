"""export_made.py DIR DELAY_DAY: six legs of longhaul's own records with delays, and iperf3 documents of what an export has to get right: loss
that is taken back, a sender's own record, TCP, names that mean something in other formats, tests at the same time, gaps, an unknown start."""
import glob
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from made import START, leg, write

folder, delay_day = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
os.makedirs(folder + "/days", exist_ok=True)
subprocess.run([delay_day, folder + "/days", "900", "40"], check=True, stdout=subprocess.DEVNULL)

# Round trips of one of them: measured each minute, and one without an answer.
path = glob.glob(folder + "/days/WUS-HK*")[0]
document = json.load(open(path))
document["longhaul"].update(rtt_method="icmp", rtt=[[60.0 * i, None if i == 5 else 31.5] for i in range(15)])
json.dump(document, open(path, "w"))


def taken_back():
    """Loss of -3 in second 70: the datagrams of second 60 arrived late."""
    made = leg("AA-BB", seconds=300, lost={10: 2, 60: 5, 200: 1})
    rows = made[4]["intervals"]
    rows[70]["sum"]["lost_packets"] = -3
    made[4]["end"]["sum"]["lost_packets"] = 5
    return made


def odd():
    made = leg("OA-OB", seconds=60, lost={5: 1})
    made[4]["start"]["connected"][0].update(local_host='b c=,\\', remote_host='q"\\\n{x="1"},=é\u202e')
    made[4]["start"]["version"] = 'iperf "3\\"\n'
    return made[4]


legs = [taken_back(), leg("CC-DD", role="sender", seconds=120, end_lost=7),
        leg("EE-FF", seconds=300, protocol="TCP", role="sender", tcp={"row": {"retransmits": 2, "snd_cwnd": 100000, "rtt": 31000, "rttvar": 100, "pmtu": 1500}}),
        leg("GG-HH", seconds=600, lost={i: 902 for i in range(100, 130)}, dead=range(300, 340), cut=range(400, 420))]
write(folder, legs)
with open(folder + "/odd.json", "w") as out:
    json.dump(odd(), out)
# Two that last until midnight, and from then on: a server that looks for days has to find the last sample of the one and the first of the other.
write(folder, [leg("MM-NN", seconds=200, lost={150: 3}, start=START - START % 86400 + 86400 - 200),
               leg("MM-NN", seconds=200, lost={1: 2}, start=START - START % 86400 + 86400)])
# The same leg at the same time, twice: two tests.
other = leg("AA-BB", seconds=200, lost={3: 4}, start=START + 60)
other[4]["start"]["cookie"] = "other" + "y" * 30
write(folder, [other])
# The next day's of the same leg: its counters begin anew.
write(folder, [leg("AA-BB", seconds=100, lost={0: 50}, start=START + 86400)])
undated = leg("UU-VV", seconds=60, dated=False)
with open(folder + "/UU-VV.json", "w") as out:
    json.dump(undated[4], out)
