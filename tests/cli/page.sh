# page.sh - index.html: its parts, its size for six legs of a day, hostile names; and, in headless Chromium, what its readers do.
. tests/lib.sh
mkdir "$work/story" "$work/hostile" "$work/mesh" "$work/one" "$work/sent" "$work/gaps" "$work/dense"
python3 tests/cli/story.py "$work/story" 7200 > "$work/story.json"
python3 tests/cli/hostile.py "$work/hostile"
python3 tests/cli/mesh.py "$work/mesh" 11
python3 tests/cli/gaps.py "$work/gaps" 7200 > "$work/gaps.json"
python3 tests/cli/gaps.py "$work/dense" 7200 1 > "$work/dense.json"
cp tests/data/reader/push.json "$work/sent/HK-WUS-10M_5S_20251115_010046.json"
python3 tests/cli/tcp_result.py "$work/one/HK-WUS-TCP_10M_20251115_010046.json"
has_gnuplot=; command -v gnuplot > /dev/null && has_gnuplot=yes

"$longhaul" report ${has_gnuplot:+--charts pair --format svg} --out "$work/story.out" "$work/story" > "$work/out" 2> "$work/err"
like "the page is among the files" "$(cat "$work/out")" '/index\.html$'
python3 tests/cli/page_static.py "$work/story.out/index.html" || failures=$((failures + 1))
"$longhaul" report --no-render --out "$work/hostile.out" "$work/hostile" > /dev/null 2>&1
python3 tests/cli/page_static.py "$work/hostile.out/index.html" hostile || failures=$((failures + 1))
for kind in mesh one sent gaps dense; do
    "$longhaul" report --no-render --out "$work/$kind.out" "$work/$kind" > /dev/null 2> "$work/err"
    python3 tests/cli/page_static.py "$work/$kind.out/index.html" > "$work/static" || { grep '^not' "$work/static"; failures=$((failures + 1)); }
done
like "one leg alone, TCP, has its row" "$(cat "$work/one.out/index.html")" '<tr><th scope=row class=leg>'
like "at a glance: the incidents by kind, and how long legs were without data" "$(sed -n '/class=glance/s/<[^>]*>//gp' "$work/story.out/index.html" | tr -s ' ')" \
    '^Incidents: 1 outage 1 loss 1 rate cap 1 jitter 1 endedWithout data: 24 min'
like "why there was an outage is told with it" "$(cat "$work/gaps.out/index.html")" '<td>outage \(suspended\)<td'
like "a sender's record: loss by interval is not known, and it says so" "$(cat "$work/sent.out/index.html")" 'of the target; loss unknown'
like "no picture: the page says so" "$(cat "$work/one.out/index.html")" 'was not drawn'
"$longhaul" report --no-render --no-html --out "$work/nohtml" "$work/sent" > /dev/null 2>&1
is "--no-html leaves it out" "$(ls "$work/nohtml" | grep -c html)" 0
"$longhaul" report --no-render --dygraphs "$work" --out "$work/static.out" "$work/story" > /dev/null 2>&1
like "without dygraphs it is static, and says so" "$(cat "$work/static.out/index.html")" 'dygraphs .* was not found where'
is "and has no data of charts in it" "$(grep -c 'id=data' "$work/static.out/index.html")" 0

# ---- what is made of the same data is the same page
cp -p "$work/static.out/index.html" "$work/before"
sleep 1
"$longhaul" report --verbose --no-render --dygraphs "$work" --out "$work/static.out" "$work/story" > "$work/out" 2>&1
is "written again of the same data, it is left alone" "$(grep -c "^[^:]*html" "$work/out")$(cmp "$work/before" "$work/static.out/index.html")" 0
"$longhaul" report --verbose --no-render --redraw --dygraphs "$work" --out "$work/static.out" "$work/story" > "$work/out" 2>&1
is "with --redraw it is not: time and nonce are new" "$(grep -c "^[^:]*html" "$work/out")$(cmp -s "$work/before" "$work/static.out/index.html" && echo same)" 1
nonce() { sed -n "s/.*nonce-\([0-9a-f]*\)'.*/\1/p;" "$1" | head -1; }
check "a nonce is never used again" [ "$(nonce "$work/before")" != "$(nonce "$work/static.out/index.html")" ]

# ---- six legs of a day, as iperf3's receivers write them
if [ -n "$has_gnuplot" ]; then
    mkdir "$work/day"
    ${CC:-cc} -O1 -o "$work/generate" tests/bench/generate.c -lm
    for leg in HK-WUS WUS-HK KC-WUS WUS-KC UAE-WUS WUS-UAE; do
        seed=$((${seed:-0} + 1)); "$work/generate" receiver 86400 "$work/day/$leg-10M_24H_20251115_010046.json" $seed
    done
    "$longhaul" report --charts pair --format svg --out "$work/day.out" "$work/day" > /dev/null 2> "$work/err"
    size=$(wc -c < "$work/day.out/index.html")
    check "six legs of a day: $size bytes, under 3,000,000" [ "$size" -lt 3000000 ]
    rm -r "$work/day"
    is "with a picture of each pair in it" "$(grep -o '<svg role="img"' "$work/day.out/index.html" | wc -l)" 3
else
    skip "the size of a day's page: gnuplot is not installed"
fi

# ---- in a browser
if has_browser "the page in a browser"; then
    python3 tests/cli/page.py "$work/story.out/index.html" "$work/story" "$work/story.json" "$work/static.out/index.html" "$work/hostile.out/index.html" \
        "$work/mesh.out/index.html" "$work/one.out/index.html" "$work/gaps.out/index.html" "$work/gaps.json" "$work/dense.out/index.html" "$work/dense.json" \
        ${PAGE_SHOTS:-} 2> "$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
