# hops_page.sh - routes in index.html and summary_report.md: drawings of the traces around events, and of the routes of a leg, as far as traces support them; nothing for
# records without traces; in headless Chromium: what is seen, heard and typed.
. tests/lib.sh
made() { folder=$1 name=$2 seconds=$3; shift 3; mkdir -p "$work/$folder"; python3 tests/cli/hops.py "$work/$folder" "$name" "$seconds" "$@"; }

# A day with one bad flow and one change of the route.
mkdir -p "$work/day"
python3 tests/cli/flows.py "$work/day" HK-WUS 21600 bad=5,3600,14400,0.02 >"$work/made.json"
made day WUS-HK 21600 route=7500 silent=2
# Of each kind of event.
made back A-B 7200 route=3000,3,2 silent=2
made alone A-B 7200 untraced silent=2
made longer A-B 7200 length=3000,2
made loss A-B 7200 loss=4000,4600,0.1,4
made range A-B 7200 loss=4000,4600,0.1,4 silent=4
made loop A-B 7200 loop=5000,5040,4 routers=8
made shift A-B 7200 shift=3000,3
made again A-B 14400 route=3000 route=9000
made flap A-B 7300 flap=1000,5000,120
made together A-B 7200 flows=16 route=3000,2,1
for leg in A-B B-A A-C C-A A-D D-A; do # alike, with as many traces, and without any
    made quiet $leg 7200
    made untraced $leg 7200 untraced
done
python3 tests/cli/hops_page.py files "$work" || failures=$((failures + 1))
for name in day back longer loss range loop shift again flap together quiet untraced alone many ways odd names; do
    timeout 60 "$longhaul" report --no-render --out "$work/$name.out" "$work/$name" >/dev/null 2>"$work/err"
    is "$name: a report" "$?$(cat "$work/err")" 0
    python3 tests/cli/page_static.py "$work/$name.out/index.html" >"$work/static" || { grep '^not' "$work/static"; failures=$((failures + 1)); }
done
python3 tests/cli/hops_page.py texts "$work" "$longhaul" || failures=$((failures + 1))

if has_browser "routes in a browser"; then
    mkdir "$work/look"
    python3 tests/cli/flows.py "$work/look" HK-WUS 900 bad=5,100,800,0.2 >"$work/made.json"
    made look WUS-HK 900 loop=600,640,4 route=300,3,2 silent=2 routers=9
    python3 tests/cli/hops_page.py long "$work"
    "$longhaul" report --charts pair --format svg --out "$work/look.out" "$work/look" >/dev/null 2>"$work/err"
    is "a report" "$?$(cat "$work/err")" 0
    python3 tests/cli/hops_page.py browser "$work" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
    python3 tests/cli/page_look.py "$work/look.out/index.html" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
