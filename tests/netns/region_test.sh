# region_test.sh - a region as its operator runs it: a hub and three spokes, one topology, `serve --config` on the hub, `preflight` and
# `run --config --site` on each spoke. One spoke is cut off for 5 s; the report of all collected folders has six legs, and the outage in
# the two that it belongs to.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "region"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "region: built without libiperf"; exit 0; }
bed_make 3 || { not_ok "bed_make"; exit 1; }

# azure-wus.json with the bed's hub, and 30 s instead of a day
sed -e "s/172\.16\.0\.4/$(bed_address hub)/" -e 's/"24h"/"30s"/' configs/azure-wus.json >"$work/azure-wus.json"
is "the topology is azure-wus.json but for an address and a duration" "$(diff configs/azure-wus.json "$work/azure-wus.json" | grep -c '^>')" 2

bed_start hub "$longhaul" serve --config "$work/azure-wus.json" --site WUS --dir "$work/WUS" 2>"$work/serve.log"; server=$!
bed_wait_port hub 5201 && bed_wait_port hub 5206 || not_ok "the hub listens on its ports"

spokes="HK:spoke1 KC:spoke2 UAE:spoke3"
for s in $spokes; do
    bed_in "${s#*:}" "$longhaul" preflight --config "$work/azure-wus.json" --site "${s%:*}" >"$work/preflight-${s%:*}.log" 2>&1 &
    eval "preflight_${s%:*}=$!"
done
for s in $spokes; do
    eval "wait \$preflight_${s%:*}"
    is "preflight of ${s%:*}: exit status" $? 0
    is "preflight of ${s%:*}: both legs are open" "$(awk '$2 == "open"' "$work/preflight-${s%:*}.log" | wc -l)" 2
done

for s in $spokes; do
    bed_start "${s#*:}" "$longhaul" run --config "$work/azure-wus.json" --site "${s%:*}" --dir "$work/${s%:*}" >"$work/run-${s%:*}.log" 2>&1
    eval "run_${s%:*}=$!"
done
sleep 15
from=$(date +%s.%N); bed_cut_both hub spoke2
sleep 5
bed_heal hub spoke2; to=$(date +%s.%N)
for s in $spokes; do
    eval "wait \$run_${s%:*}"
    is "run at ${s%:*}: exit status" $? 0
    is "run at ${s%:*}: two results" "$(ls "$work/${s%:*}" | grep -c '\.json$')" 2
done
bed_kill $server TERM

"$longhaul" report "$work/HK" "$work/KC" "$work/UAE" "$work/WUS" --out "$work/out" --no-render >"$work/report.log" 2>&1
is "report of four hosts' folders: exit status" $? 0
python3 tests/netns/region.py "$work" "$from" "$to" || failures=1
done_testing
