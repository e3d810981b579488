#!/bin/sh
# reference.sh PATH/process_24h.py 24H-DIR: runs the script that longhaul replaces, unchanged, on a folder of results, and
# compares its table, its observations and its lines with ours, as text. Needs a python3 (or what $PYTHON names) with
# matplotlib and numpy; not part of `make check`. Prints the seconds of CPU that each took, charts included.
[ $# -eq 2 ] && [ -f "$1" ] && [ -d "$2" ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
python=${PYTHON:-python3}
script=$(realpath "$1"); data=$(realpath "$2"); longhaul=$(realpath "${LONGHAUL:-${BUILD:-build}/longhaul}") || exit 1
"$python" -c "import matplotlib, numpy" || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/longhaul-reference.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/theirs" "$work/ours"
ln -s "$data" "$work/theirs/24H"
ln -s "$data" "$work/ours/24H"

# The reference reads *.json alone and counts omitted intervals.
seconds() { "$python" - "$@" <<'EOF'
import resource, subprocess, sys
with open("out", "w") as out:
    status = subprocess.call(sys.argv[1:], stdout=out)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%-14s %6.2f s CPU, %4d MB" % (sys.argv[1].split("/")[-1], used.ru_utime + used.ru_stime, used.ru_maxrss // 1024))
sys.exit(status not in (0, 4))
EOF
}
(cd "$work/theirs" && seconds "$python" "$script") || exit 1
(cd "$work/ours" && seconds "$longhaul" report --omitted 24H/*.json) || exit 1

failed=0
for side in theirs ours; do
    # ours goes on where theirs ends
    sed -e '/^Generated on: /d' -e '/^## In short/,/^## Pair observations/{/^## Pair observations/!d}' \
        -e '/^## Takeaways/,$d' "$work/$side/diagrams/24h/summary_report.md" |
        sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$work/$side.md"
    grep ' Mbps, loss ' "$work/$side/out" | sort > "$work/$side.lines"
done
cmp -s "$work/theirs.md" "$work/ours.md" && echo "summary_report.md: the same" || { diff "$work/theirs.md" "$work/ours.md"; failed=1; }
cmp -s "$work/theirs.lines" "$work/ours.lines" && echo "printed lines: the same" || { diff "$work/theirs.lines" "$work/ours.lines"; failed=1; }
exit $failed
