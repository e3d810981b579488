# cut.sh - a pushed leg whose path was shut for 5 s (tests/data/cut, measured in namespaces): its sender noticed nothing, its receiver's
# record shows a silence and, after it, all the losses at once. Joined, it is an outage, and the losses are where they were sent.
. tests/lib.sh
cp -r tests/data/cut "$work/cut"
"$longhaul" report --no-render "$work/cut/KC" --out "$work/alone" >/dev/null 2>"$work/err"
is "the sender's record alone: exit status" $? 0
is "the sender's record alone: no outage" "$(grep -c '^| [0-9]* | outage' "$work/alone/summary_report.md")" 0
"$longhaul" report --no-render "$work/cut/KC" "$work/cut/WUS" --out "$work/both" >/dev/null 2>"$work/err"
is "with its receiver's: exit status" $? 0
python3 - "$work" <<'END' || failures=1
import json, re, sys
work = sys.argv[1]
name = "KC-WUS-10M_30S_20261124_153837.json"
sent = [i["sum"] for i in json.load(open(f"{work}/cut/KC/{name}"))["intervals"]]
got = [i["sum"] for i in json.load(open(f"{work}/cut/WUS/receiver/{name}"))["intervals"]]
report = open(f"{work}/both/summary_report.md").read()
n_bad = 0
def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what)
silent = [i for i, s in enumerate(got) if s["bytes"] == 0]
check(len(silent) == 5 and len(got) == len(sent) == 30, f"five intervals in which nothing arrived ({silent})")
lost = sum(s["lost_packets"] for s in got)
outages = re.findall(r"^\| \d+ \| (\S+) \| KC->WUS \| outage[^|]* \| ([\d.]+) s \| ([\d,]+) \|", report, re.M)
check([round(float(s)) for _, s, _ in outages] == [5], f"one outage of 5 s ({outages})")
check(all(0.99 * lost <= int(n.replace(",", "")) <= lost for _, _, n in outages), f"with what was lost in it, but for the interval after it ({outages}, {lost})")
row = re.search(r"^\| KC->WUS \| (\d+) \| ([\d. |]+) \| receiver's record \|$", report.split("**Loss of the intervals")[1], re.M)
figures = [float(v) for v in row[2].split("|")]
check(row[1] == "30" and figures[-1] == 100 and figures[0] == 0, f"every interval has a loss of 0 to 100 % ({row[1]}, {figures})")
check("absurd_loss" not in report, "none lost more than it was sent")
total = re.search(r"^\| KC->WUS \|.*\| (\d+)/(\d+) \|", report, re.M)
check(int(total[1]) == lost and int(total[2]) == sum(s["packets"] for s in sent), f"the sum is the receiver's, over what was sent ({total[1]}/{total[2]})")
classes = re.search(r"^\| KC->WUS \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", report.split("**How losses are distributed**")[1], re.M)
n = [int(classes[i]) for i in range(1, 7)]
check(n[4:] == [5, 0] and sum(n) == 30 and n[0] >= 23, f"five intervals lost all, those next to them at most a part, the others nothing ({classes[0]})")
sys.exit(n_bad > 0)
END
done_testing
