# loss_truth.py WHAT push|pull disarmed|the-end DROPPED RCVBUF_ERRORS SENT DIR: holds the result in DIR, and the receiver's record
# where there is one, against the kernel's counters. With drops to the very end what was sent after the last datagram that
# arrived cannot be in the receiver's loss: lost + unseen is the truth. A puller stops counting some milliseconds before its
# peer stops sending (libiperf reads on and forgets): on a busy machine a few datagrams are unseen without having been dropped.
import glob, json, os, sys

what, direction, until, dropped, full, sent, folder = sys.argv[1:]
MOST_LATE = 100  # of 863 in a second
truth = int(dropped) + int(full)

def say(name, got, wanted):
    if got == wanted:
        print(f"ok - {what}: {name} ({got})")
    else:
        print(f"not ok - {what}: {name}: got {got}, wanted {wanted} ({dropped} dropped, {full} RcvbufErrors)")

def per_second(document):
    return [(i.get("sum") or i["streams"][0]).get("lost_packets") for i in document["intervals"]]

def only(pattern):
    names = glob.glob(os.path.join(folder, pattern))
    return json.load(open(names[0])) if len(names) == 1 else None

result = only("*.json")
if result is None:
    print(f"not ok - {what}: no result, or more than one: {os.listdir(folder)}")
    sys.exit()
segments = result["longhaul"]["segments"]
lost = result["end"]["sum"].get("lost_packets")
if len(segments) != 1 or lost is None:
    print(f"not ok - {what}: {len(segments)} segments, lost_packets {lost}: {json.dumps(segments)}")
    sys.exit()
unseen = segments[0].get("unseen_packets")
if until == "disarmed":
    say("lost packets are the filter's and the buffer's", lost, truth)
if unseen is None:
    print(f"not ok - {what}: the segment has no unseen_packets, wanted {truth - lost}")
else:
    late = lost + unseen - truth
    name = f"lost + unseen packets ({lost} + {unseen}) are the filter's, the buffer's and few late ones ({late})"
    print(f"{'ok' if 0 <= late <= MOST_LATE else 'not ok'} - {what}: {name}")
say("sent packets are the kernel's", segments[0].get("sent_packets"), int(sent))
say("the segment says the same", segments[0].get("lost_packets"), lost)
if direction == "pull":
    say("its seconds sum to the same", sum(per_second(result)), lost)

record = only("receiver/*.json")
if record is not None and direction == "push":
    say("the receiver's record says the same", record["end"]["sum"].get("lost_packets"), lost)
    say("the record's seconds sum to the same", sum(per_second(record)), lost)
