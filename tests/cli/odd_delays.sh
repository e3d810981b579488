# odd_delays.sh - files whose members of delays, silences, losses in a row and histograms have other types, or values that nothing measured:
# each figure is one that can be, or unknown, and what is good next to them counts; in time and memory that the files' sizes bound.
. tests/lib.sh
limit_s=60
! grep -q -- -fsanitize "$BUILD/flags" || limit_s=250

mkdir "$work/in"
python3 tests/cli/odd_delays.py make "$work/in"
mv "$work/in/journals" "$work/journals"
find "$work/in" -name '*.json' | sort >"$work/files"
xargs timeout $limit_s "$longhaul" show --json <"$work/files" >"$work/out.json" 2>"$work/err"
status=$?
check "show --json: exit status $status" [ $status = 0 -o $status = 4 -o $status = 123 ]
python3 tests/cli/odd_delays.py results "$work/out.json" || not_ok "odd_delays.py results"
xargs timeout $limit_s "$longhaul" show --csv <"$work/files" >"$work/out.csv" 2>/dev/null
is "show --csv: a line for each" "$(wc -l <"$work/out.csv")" "$(($(wc -l <"$work/files") + 1))"
is "show --csv: nothing that is not a number" "$(grep -ciE '(^|,)-?(inf|nan)(,|$)' "$work/out.csv")" 0
for name in every-huge second-huge every-far-negative second-digits; do
    "$longhaul" show --intervals "$work/in/$name-X-10M_1M_20251115_010046.json" >"$work/out.csv" 2>/dev/null
    is "show --intervals, $name: its rows" "$(wc -l <"$work/out.csv")" 71
    is "show --intervals, $name: each value can be one" "$(cut -d, -f6- "$work/out.csv" | grep -ciE '(^|,)-?(inf|nan|[0-9.]+e\+?[0-9]{2,})(,|$)')" 0
done

mkdir "$work/few"
for name in every second; do
    for kind in far-negative huge ages uint64 formula; do cp "$work/in/$name-$kind-X-10M_1M_20251115_010046.json" "$work/few"; done
done
for member in p99 max shift silence silences step; do cp "$work/in/one-$member-huge-X-10M_1M_20251115_010046.json" "$work/few"; done
timeout $limit_s "$longhaul" report --no-render --out "$work/report" "$work/few" >"$work/out" 2>"$work/err"
status=$?
check "report: exit status $status" [ $status = 0 -o $status = 4 ]
if [ -e /usr/share/javascript/dygraphs/dygraph.min.js ]; then
    python3 tests/cli/odd_delays.py page "$work/report/index.html" || not_ok "odd_delays.py page"
else
    skip "odd delays: the page: libjs-dygraphs is not installed"
fi
is "summary_report.md has no figure that cannot be one" "$(grep -coE '[0-9]{17,}|(^|[^a-z])-?(inf|nan)([^a-z]|$)' "$work/report/summary_report.md")" 0
is "the pictures' data have none" "$(cat "$work"/report/*.dat | grep -cE '[0-9]{17,}|e\+?[1-9][0-9]{2}')" 0

for journal in "$work"/journals/*.journal; do
    cp "$journal" "$work/before"
    timeout 20 "$longhaul" recover "$journal" >"$work/out" 2>&1 && continue
    name=$(basename "$journal" -X-10M_1M_20251115_010046.journal)
    like "recover of what is not JSON is refused: $name" "$name $(wc -l <"$work/out") $(cmp "$journal" "$work/before" 2>&1)" '^(nan|infinite|digits) 1 $'
done
python3 tests/cli/odd_delays.py whole "$work"/journals/*.json || not_ok "odd_delays.py whole"
xargs timeout $limit_s "$longhaul" show --json >"$work/out.json" 2>/dev/null <<END
$(ls "$work"/journals/*.json)
END
check "they are shown" python3 -c 'import json, sys; sys.exit(len([json.loads(l) for l in open(sys.argv[1])]) != 12)' "$work/out.json"

# ---- a pair whose sessions share their time or their cookie: each histogram counts once
python3 tests/cli/odd_delays.py shared "$work/shared"
for kind in times cookies; do
    if grep -q -- -fsanitize "$BUILD/flags"; then
        timeout $limit_s "$longhaul" report --no-render --out "$work/$kind.out" "$work/shared/$kind" >"$work/out" 2>&1
    else
        (ulimit -v 400000; timeout $limit_s "$longhaul" report --no-render --out "$work/$kind.out" "$work/shared/$kind") >"$work/out" 2>&1
    fi
    status=$?
    check "sessions that share $kind: a report is made in 400 MB: $status" [ $status = 0 -o $status = 4 ]
    like "and it has the pair" "$(cat "$work/out")" 'HK->WUS: delivered.*delay p99 1\.04 ms'
done
done_testing
