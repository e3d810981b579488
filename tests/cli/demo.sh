# demo.sh - what `make demo` does after building, if port 5201 is in use: in a network namespace of its own.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "demo: needs iperf3"; exit 0; }
command -v gnuplot >/dev/null || { skip "demo: needs gnuplot"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "demo: built without libiperf"; exit 0; }
unshare -rn true 2>/dev/null || { skip "demo: no network namespaces here"; exit 0; }
mkdir "$work/build" && ln -s "$longhaul" "$work/build/longhaul"
unshare -rn sh -c 'ip link set lo up; iperf3 -s >/dev/null 2>&1 & server=$!; configs/demo "$1"; status=$?; kill $server; exit $status' sh "$work/build" >"$work/out" 2>"$work/err"
is "demo: exit status" "$? $(said "$work/err" | grep -v '^[HW][A-Z]*->')" "0 "
like "demo: it leaves a port that is in use alone" "$(cat "$work/out")" '^demo: HK->WUS pushed to port 5203, WUS->HK pulled from port 5204, 20 s$'
like "demo: both directions were measured" "$(grep -c ' of 20 s in ' "$work/out" "$work/err" | tr '\n' ' ')" ':2 '
is "demo: page, report and picture are named, and the address" "$(grep -cE '/(index\.html|summary_report\.md|pair_HK_WUS_bandwidth\.png)$' "$work/out")" 4
like "demo: the last line is the address of the page" "$(tail -n 1 "$work/out")" "^file://$(realpath "$work")/build/demo/diagrams/24h/index\.html$"
for f in index.html summary_report.md pair_HK_WUS_bandwidth.png; do check "demo: $f is there" test -s "$work/build/demo/diagrams/24h/$f"; done
done_testing
