# region.py WORK FROM TO: the report in WORK/out against what was done: spoke KC was cut off from FROM to TO (Unix time).
import datetime, re, sys

work, begun, healed = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
report = open(work + "/out/summary_report.md").read()
good = True

def check(is_good, what):
    global good
    good = good and is_good
    print(("ok - " if is_good else "not ok - ") + what)

def rows(heading, columns):
    """Cells of the table under a heading, and which of its columns has which name."""
    part = report.split(heading, 1)[1]
    table = [line for line in part.split("\n## ")[0].splitlines() if line.startswith("|")]
    names = [cell.strip() for cell in table[0].strip("|").split("|")]
    at = [names.index(column) for column in columns]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]
    return [[row[i] for i in at] for row in cells if len(row) == len(names)]

legs = [row[0] for row in rows(" iperf3 Summary\n", ["Direction"])]
wanted = ["HK->WUS", "KC->WUS", "UAE->WUS", "WUS->HK", "WUS->KC", "WUS->UAE"]
check(sorted(legs) == wanted, f"the report has the six legs ({legs})")
measured = dict(rows("## How it was measured", ["Direction", "Loss and jitter from"]))
check(all(("the receiver's record" in measured.get(leg, "")) == leg.endswith("->WUS") for leg in wanted),
      f"pushed legs have their loss from the hub's records, pulled ones from their own ({measured})")
events = re.finditer(r"^\| \d+ \| ([^|]*Z) \| (\S+) \| outage[^|]*\| ([^|]*) \|", report.split("## Incidents", 1)[1], re.M)
outages = [(e[2], e[1], e[3]) for e in events]
check(sorted(row[0] for row in outages) == ["KC->WUS", "WUS->KC"], f"an outage in the two legs of the spoke that was cut off ({outages})")
for leg, start, length in outages:
    day = datetime.datetime.fromtimestamp(begun, datetime.timezone.utc).date()
    at = datetime.datetime.strptime(start.split()[-1].rstrip("Z"), "%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    at = at.replace(year=day.year, month=day.month, day=day.day).timestamp()
    seconds = float(re.match(r"([\d.]+) s", length)[1])
    # whole intervals: up to one of 1 s on either side was partly alive, and the clock of the table is cut to a second
    check(begun - 1.5 <= at <= begun + 2 and abs(seconds - (healed - begun)) <= 2,
          f"{leg}: outage from {start} for {length}, cut at {begun % 86400:.1f} s of the day for {healed - begun:.1f} s")
verdicts = dict(rows("## Verdicts", ["Direction", "Availability %"]))
check(all((float(verdicts[leg]) < 95) == ("KC" in leg) for leg in wanted), f"availability fell on those two alone ({verdicts})")
sys.exit(0 if good else 1)
