"""whole.py RESULT SECONDS INTERVAL: checks that every interval of one session exists. Prints "whole", or what is missing.

libiperf's timers are late on a busy machine: an interval is longer by what the next one is shorter, and of those shorter than a tenth
it says nothing. So as many may be missing as long ones have swallowed, and no more; the axis has no other hole and runs to the end."""
import json, math, sys

SHORTEST = 0.1


def fault(sums, seconds, interval_s):
    """Why these rows are not seconds of intervals; "" when they are."""
    swallowed = sum(math.ceil(s["seconds"] / interval_s - 1 - SHORTEST) for s in sums if s["seconds"] > (1 + SHORTEST) * interval_s)
    wanted = round(seconds / interval_s)
    n = sum(s["start"] < seconds - SHORTEST * interval_s for s in sums)  # the end is late, too
    if not wanted - swallowed <= n <= wanted:
        return f"{n} intervals, wanted {wanted} less at most {swallowed}"
    holes = [(a["end"], b["start"]) for a, b in zip(sums, sums[1:]) if not 0 <= b["start"] - a["end"] < SHORTEST * interval_s]
    if sums[0]["start"] != 0 or holes:
        return f"the axis begins at {sums[0]['start']} and has holes: {holes}"
    if not sums[-1]["end"] > seconds - SHORTEST * interval_s:
        return f"it ends at {sums[-1]['end']} s"
    return ""


if __name__ == "__main__":
    rows = json.load(open(sys.argv[1]))["intervals"]
    print(fault([row["sum"] for row in rows], float(sys.argv[2]), float(sys.argv[3])) or "whole")
