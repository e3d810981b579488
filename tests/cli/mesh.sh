# mesh.sh - a mesh of many sites: 132 legs, and 2,450. The page has the matrix first and the gravest legs open, all others folded, and a search; page, Markdown and terminal stay small and
# say what they leave out.
. tests/lib.sh
${CC:-cc} -O1 -o "$work/mesh" tests/bench/mesh.c || { not_ok "mesh.c compiles"; done_testing; }
mkdir "$work/small" "$work/large"
"$work/mesh" "$work/small" 12 600 2
"$work/mesh" "$work/large" 50 3600 60
cd "$work" || exit 1
for kind in small large; do
    "$longhaul" report --no-render --out $kind.out $kind > $kind.txt 2> err
    is "$kind: a report" "$?$(cat err)" 0
    "$longhaul" report --no-render --no-html --json --out other $kind > $kind.json 2> err
done
cd - > /dev/null || exit 1
python3 -B tests/cli/mesh_static.py "$work" "$("$work/mesh" --story 50 3600 | tr '\n' ';')" || failures=$((failures + 1))

# ---- the command that the page names for a leg without charts
command=$(python3 -c 'import html, re, sys; print(html.unescape(re.search("<code class=command>(.*?)</code>", open(sys.argv[1]).read()).group(1)))' "$work/large.out/index.html")
like "the page names a command for other legs" "$command" '^longhaul report --out pair large/[A-Z]{3}-[A-Z]{3}-[^ ]*json large/[^ ]*json$'
(cd "$work" && eval "\"$longhaul\" ${command#longhaul } --no-render" > out 2> err; echo $? > status)
is "which works" "$(cat "$work/status" "$work/err")" 0
is "and has the charts of both directions" "$(ls "$work/pair" | grep -c '^direction.*gp')" 2

# ---- the terminal
is "the terminal has the gravest 20 of 2,450" "$(grep -cE '^[A-Z]{3}->[A-Z]{3}: ' "$work/large.txt")" 20
like "and says so" "$(cat "$work/large.txt")" '^The gravest 20 of 2450 legs \(--verbose or --csv prints all\):$'
is "which has all" "$(cd "$work" && "$longhaul" report --no-render --no-html --csv --out other large | wc -l)" 2451
is "and so has --verbose" "$(cd "$work" && "$longhaul" report --no-render --no-html --verbose --out other large | grep -cE '^[A-Z]{3}->[A-Z]{3}: ')" 2450
is "all legs to a site are told as that" "$(grep -cE '^[1-5]\. .*all 49 legs to MAA lost up to' "$work/large.txt")" 1
check "charts of the gravest, and of all together, not 2,450" test "$(ls "$work/large.out" | grep -c '\.gp$')" -le 44
like "the charts of all legs say which they show" "$(cat "$work/large.out/heat_loss.gp")" "title_text = 'Loss by leg and minute \(UTC\) \(60 of 2450 legs: the gravest\)'"

# ---- senders' files: nobody knows what was lost, but legs with incidents are told first
mkdir "$work/pushed"
"$work/mesh" "$work/pushed" 17 600 2
sed -i -e 's/"sender":false/"sender":true/g; s/"reverse":1/"reverse":0/; s/"lost_packets":[0-9]*,//g; s/"lost_percent":[^,]*,//g; s/"jitter_ms":[^,]*,//g' "$work/pushed"/*
"$longhaul" report --no-render --out "$work/pushed.out" "$work/pushed" > "$work/pushed.txt" 2> "$work/err"
is "272 legs of senders: a report" "$?$(cat "$work/err")" 0
like "the legs with incidents come first" "$(sed -n '/^The gravest/,$p' "$work/pushed.txt" | sed -n 2,4p | cut -c1-8 | sort | tr '\n' ' ')" '^AMS->HND ATL->BOM BOM->ATL '
like "a strip says what it does not know" "$(cat "$work/pushed.out/index.html")" 'loss by time is unknown'

# ---- in a browser
if has_browser "the page in a browser" no-charts; then
    python3 tests/cli/mesh_page.py "$work/small.out/index.html" "$work/large.out/index.html" 2> "$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
