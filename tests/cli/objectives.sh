# objectives.sh - a table of tests with gaps, unknown loss, early ends, outages and exact borders: each has the verdict that was computed by hand; exit
# statuses; misuse; what every text says first.
. tests/lib.sh
python3 tests/cli/objectives.py "$longhaul" "$work" || failures=1

# Exit statuses, and what --check excludes.
one=$work/case-0 # 1 of 1,000 packets lost
status() { "$@" >"$work/out.txt" 2>"$work/err.txt"; echo $?; }
report() { "$longhaul" report --out "$work/report" "$@"; }
is "report --check: all met" "$(status report --check --objective 'loss <= 1%' $one)" 0
is "it prints one line" "$(cat "$work/out.txt")" "HK->WUS: loss <= 1 %: met: 0.1 %; error budget: 90 % left"
is "and writes nothing" "$(ls "$work/report" 2>/dev/null)" ""
is "one missed, one that nobody can say" "$(status report --check --objective 'loss <= 0%' --objective 'delay <= 1ms' $one)" 3
is "none missed, one that nobody can say" "$(status report --check --objective 'loss <= 1%' --objective 'delay <= 1ms' $one)" 4
echo '{"start":' >"$work/broken.json"
is "all met, and a file that cannot be read" "$(status report --check --objective 'loss <= 1%' $one "$work/broken.json")" 4
is "show: missed, and a file that cannot be read" "$(status "$longhaul" show --objective 'loss <= 0%' $one "$work/broken.json")" 3
is "show: met" "$(status "$longhaul" show --check --objective 'loss <= 1%' $one)" 0
is "show: cannot say" "$(status "$longhaul" show --objective 'delay <= 1ms' $one)" 4
python3 -c 'import sys; sys.path.insert(0, "tests/cli"); import made
made.write(sys.argv[1] + "/protocols", [made.leg("HK-WUS", seconds=60), made.leg("HK-WUS", seconds=60, protocol="TCP", start=made.START + 600), made.leg("WUS-HK", seconds=60)])' "$work"
is "show: sites with a test by UDP and one by TCP" "$(status "$longhaul" show --objective 'outage <= 10s' "$work/protocols")" 0
is "each line names the protocol, where there are two" "$(cut -d: -f1 "$work/out.txt" | sort | tr '\n' ' ')" "HK->WUS TCP HK->WUS UDP WUS->HK "
is "as report does" "$(status report --check --objective 'outage <= 10s' "$work/protocols") $(cut -d: -f1 "$work/out.txt" | sort | tr '\n' ' ')" "0 HK->WUS TCP HK->WUS UDP WUS->HK "
refused() { what=$1 message=$2; shift 2; is "$what" "$(status "$@") $(cat "$work/err.txt")" "2 longhaul $message"; }
refused "report: no objective" "report: --check: no leg has an objective; --objective or --config gives them (longhaul report --help)" report --check $one
refused "show: no objective" "show: --check: there is no objective: give --objective, or --config with a topology that has some (longhaul show --help)" "$longhaul" show --check $one
refused "report: not an objective" "report: --objective 'loss' is not an objective: after 'loss' comes '<=' (longhaul report --help)" report --objective loss $one
refused "report: --check and --json" "report: --check prints objectives alone: it excludes --watch, --brief, --json and --csv (longhaul report --help)" report --check --json --objective 'loss <= 1%' $one
refused "show: --check and --csv" "show: --check prints objectives: it excludes --json, --csv, --intervals, --events, --hours (longhaul show --help)" "$longhaul" show --csv --objective 'loss <= 1%' $one
set --
while [ $# -lt 34 ]; do set -- "$@" --objective 'loss <= 1%'; done
refused "17 objectives" "report: --objective: at most 16 (longhaul report --help)" report "$@" $one

# A topology: its objectives, then those of the command line; legs without any are not named.
cat >"$work/t.json" <<EOF
{"format": 1, "sites": {"HK": {}, "WUS": {"address": "192.0.2.1", "ports": "5201-5204", "hub": true}}, "legs": "hub-and-spoke",
 "defaults": {"objectives": ["loss <= 0.1% in 99.9% of minutes"]}, "overrides": {"WUS-HK": {"objectives": []}}}
EOF
is "a topology and the command line" "$(status report --check --config "$work/t.json" --objective 'outage <= 1min' "$work/week")" 0
is "their order" "$(cut -d: -f1,2 "$work/out.txt")" "HK->WUS: loss <= 0.1 % in 99.9 % of minutes
HK->WUS: outage <= 60 s
WUS->HK: outage <= 60 s"
sed -i 's/"overrides".*/"overrides": {"HK": {"objectives": []}}}/' "$work/t.json"
refused "show: a topology whose leg has none" "show: --check: no leg has an objective; --objective or --config gives them (longhaul show --help)" "$longhaul" show --check --config "$work/t.json" $one

# Every text has them first, the missed ones before the others.
set -- --objective 'loss <= 0.1% in 99.9% of minutes' --objective 'loss <= 1%' --objective 'delay <= 1 ms' "$work/week"
is "a report" "$(status report --no-render "$@")" 0
is "its lines begin with them" "$(head -4 "$work/out.txt")" "1 of 6 objectives missed, 2 cannot be judged
WUS->HK: loss <= 0.1 % in 99.9 % of minutes: missed: 6991 of 7000 minutes (99.87 %); error budget: 1.29 times used
HK->WUS: delay p99 <= 1 ms: cannot say: nothing is known of it
WUS->HK: delay p99 <= 1 ms: cannot say: nothing is known of it"
is "summary_report.md: before what happened" "$(grep -n '^## ' "$work/report/summary_report.md" | head -1 | cut -d: -f2)" "## Objectives"
is "and its rows" "$(sed -n '/^## Objectives/,/^## [^O]/s/^| [HW][^|]*| \([^|]*\) |.*/\1:/p' "$work/report/summary_report.md" | tr -d '\n')" "missed:cannot say:cannot say:met:met:met:"
is "index.html: before the incidents" "$(grep -oE 'class=objectives|id="?incidents' "$work/report/index.html" | head -1)" "class=objectives"
is "the matrix marks the leg that misses one" "$(grep -oE '<small class=missed>[^<]*' "$work/report/index.html")" "<small class=missed>misses 1 of 3"

# --watch of a run in progress: nothing is missed because of what is to come; the same minutes of a run that ended early are missed.
half() { PYTHONPATH=tests/cli python3 -c 'import sys, objective_days as d; d.Day(300, planned=600, journal=sys.argv[2] == "journal", lost={70: 50}).write(sys.argv[1])' "$work/live" $1; }
mkdir "$work/live"
half journal
background "$longhaul" report --no-render --watch=1 --out "$work/live.out" --objective 'coverage >= 99%' --objective 'loss <= 0.1% in 90% of minutes' "$work/live" >"$work/live.txt" 2>"$work/live.err"
has() { grep -qF "$1" "$work/live.txt"; }
check "--watch: a run in progress" until_ok 30 has "1 of 2 objectives cannot be judged, the others are met"
is "nobody can say so far: 9 of 10 minutes are still possible" "$(grep 'minutes:' "$work/live.txt" | head -1)" \
    "HK->WUS: loss <= 0.1 % in 90 % of minutes: cannot say so far: 4 of 5 minutes (80 %); error budget: 0 % left"
is "none is missed" "$(grep -c missed "$work/live.txt")" 0
rm "$work"/live/*.journal
half result
check "--watch: it ended early" until_ok 30 has "HK->WUS: coverage >= 99 %: missed: 50 %"

is "report --brief" "$(report --brief "$@" | head -1)" "1 of 6 objectives missed, 2 cannot be judged"
# Of more than 12, those that were met are folded.
set --
for limit in 1 2 3 4 5 6; do set -- "$@" --objective "loss <= $limit%"; done
is "a report with many objectives" "$(status report --no-render "$@" --objective 'loss <= 0.1% in 99.9% of minutes' "$work/week")" 0
is "summary_report.md folds those that were met" "$(grep -c '^<details><summary>1[0-9] met</summary>$' "$work/report/summary_report.md")" 1
is "after the missed one" "$(sed -n '/^## Objectives/,/^<details>/p' "$work/report/summary_report.md" | grep -c '^| [HW]')" 1
# ---- many tests in one file: what is compared between tests costs no more than reading them does
cpu() { python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(round(1000 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime))' "$longhaul" show "$@" "$work/many.json"; }
python3 - "$one"/*.json "$work/many.json" <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
document["intervals"] = document["intervals"][:1]
open(sys.argv[2], "w").write((json.dumps(document) + "\n") * 10000)
END
is "10,000 tests in one file" "$("$longhaul" show "$work/many.json" 2>/dev/null | wc -l)" 10000
plain=$(cpu) objectives=$(cpu --objective 'loss <= 1%') figures=$(cpu --format benchmark)
check "10,000 tests: objectives and figures over time need about the CPU of a line each: $objectives, $figures, $plain ms" \
    test "$objectives" -lt $((3 * plain)) -a "$figures" -lt $((3 * plain))
done_testing
