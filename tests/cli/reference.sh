# reference.sh - the script that longhaul replaces, on six generated files and without its plots: its table, observations and
# lines equal ours, as text. Where $REFERENCE names it and a python3 ($PYTHON) has numpy.
. tests/lib.sh
python=${PYTHON:-/usr/bin/python3}
[ -f "${REFERENCE:-}" ] || { skip "the reference's table: REFERENCE does not name the script"; exit 0; }
script=$(realpath "$REFERENCE")
"$python" -c 'import numpy' 2>/dev/null || { skip "the reference's table: $python has no numpy"; exit 0; }
no_plots=$PWD/tests/bench/no_plots.py
people=$PWD/tests/cli/people.py
mkdir -p "$work/24H"
seed=0
for leg in sender/HK-WUS sender/UAE-WUS sender/KC-WUS receiver/WUS-HK receiver/WUS-UAE receiver/WUS-KC; do
    seed=$((seed + 1))
    "$BUILD/tests/bench/generate" "${leg%/*}" $((3000 + 100 * seed)) "$work/24H/${leg#*/}-10M_1H_20251115_010046.json" $seed
done
cd "$work" || exit 1
"$python" "$no_plots" "$script" > theirs.out 2> theirs.err
is "the reference runs" "$?: $(cat theirs.err)" "0: "
"$longhaul" report --no-render --out ours 24H > ours.out 2>/dev/null
is "so do we" "$?" 0
# ours goes on where theirs ends
for side in diagrams/24h ours; do
    sed -e '/^Generated on: /d' -e '1{/^# .* iperf3 Summary$/d}' -e '/^## In short/,/^## Pair observations/{/^## Pair observations/!d}' \
        -e '/^The table and the pair observations /,$d' -e '/^## Takeaways/,$d' "$side/summary_report.md" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
done > both.md
check "the table has six legs" test "$(grep -c '^| [A-Z]*->[A-Z]* | 1*[0-9.]* | ' both.md)" -eq 12
n=$(($(wc -l < both.md) / 2))
head -$n both.md > theirs.md; tail -n +$((n + 1)) both.md > ours.md
if diff theirs.md ours.md; then ok "summary_report.md: table and observations are the reference's, to the last digit"
else not_ok "summary_report.md: see the difference above"; fi
# The title says the length that was measured. The rate that ours prints is what was delivered; its lines are for people, with three significant digits.
for side in theirs ours; do
    grep ' Mbps, loss ' $side.out | sed -E 's/ (mean|delivered) [0-9.]+ Mbps,//' | sort > $side.lines
done
if python3 "$people" same theirs.lines ours.lines; then ok "and the loss and jitter in the lines that it prints"
else not_ok "printed lines: see the difference above"; fi
done_testing
