# incidents_test.sh - a hub and three spokes under a written plan of faults; the report must tell each of them once, on the right legs, within
# 2 s, as what it was, with the packets that the packet filter dropped, and nothing else. tests/netns/incidents.py holds it against the plan.
#
#     from  for   what                                                                  where
#       15  60 s  each datagram is dropped with a chance of 2 %                         HK->WUS
#       22  40 s  a policer passes 130 of some 173 datagrams a second                   WUS->KC
#       35   6 s  the spoke's cable is drawn                                            UAE<->WUS
#       90   5 s  the spoke's run is killed with SIGKILL, and started with --resume     UAE<->WUS
#      106  12 s  packets above 1,000 bytes die, without a word                         HK->WUS
#      132   8 s  nothing that the hub sends passes                                     WUS->HK, WUS->KC, WUS->UAE
#      164  10 s  the hub's serve is stopped (SIGSTOP) and goes on                      all six
#
# The last one lasts until those that receive have given their sessions up, at least 10 s: where one has not, the sender makes up for what it
# has not sent, and nothing happened to that leg.
#
# MIRRORED=yes, by hand: the same with each direction turned round, and the spoke HK's run stopped instead of the hub's serve.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "incidents"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "incidents: built without libiperf"; exit 0; }
bed_make 3 || { not_ok "bed_make"; exit 1; }

seconds=200 rate=2M
sed -e "s/172\.16\.0\.4/$(bed_address hub)/" -e "s/\"24h\"/\"${seconds}s\"/" -e "s/\"10M\"/\"$rate\"/" configs/azure-wus.json >"$work/topology.json"

# ---- the legs
site_start() { # SITE SPOKE [--resume]
    bed_start "$2" "$longhaul" run --config "$work/topology.json" --site "$1" --dir "$work/$1" ${3:+"$3"} >>"$work/run-$1.log" 2>&1
    eval "run_$1=$!"
}
bed_start hub "$longhaul" serve --config "$work/topology.json" --site WUS --dir "$work/WUS" 2>"$work/serve.log"; server=$!
bed_wait_port hub 5201 && bed_wait_port hub 5206 || { not_ok "the hub listens"; exit 1; }
site_start HK spoke1; site_start KC spoke2; site_start UAE spoke3
measuring() { [ "$(cat "$work"/*/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge 12 ]; }
until_ok 30 measuring || { not_ok "the six legs run"; cat "$work"/*.log; exit 1; }

# ---- the plan. at SECONDS: waits for that moment of it.
zero=$(date +%s%3N)
at() {
    left_ms=$((zero + $1 * 1000 - $(date +%s%3N)))
    [ $left_ms -le 0 ] || sleep "$((left_ms / 1000)).$(printf %03d $((left_ms % 1000)))"
}
now() { date +%s.%N; }
# From where to where: of the random loss and the hole, of the policer; what is stopped, and where.
lossy="spoke1 hub" held_back="hub spoke2" stopped=$server at=hub
[ -z "${MIRRORED:-}" ] || { lossy="hub spoke1" held_back="spoke2 hub" stopped=$run_HK at=spoke1; }
one_way() { if [ -z "${MIRRORED:-}" ]; then echo "hub spoke$1"; else echo "spoke$1 hub"; fi; }
# began NAME FROM TO, ended NAME FROM TO: notes the time and what the filter has dropped from FROM to TO so far
began() { echo "$1 begin $(now) $(bed_dropped "$2" "$3")" >>"$work/plan"; }
ended() { echo "$1 end $(now) $(bed_dropped "$2" "$3")" >>"$work/plan"; }
# shellcheck disable=SC2086
random_loss() {
    at 15; bed_drop_random $lossy 20; began random $lossy; bed_arm $lossy
    at 75; bed_disarm $lossy; ended random $lossy
}
# shellcheck disable=SC2086
policer() {
    bed_prepare $held_back "limit rate over 130/second burst 5 packets"
    at 22; began policer $held_back; bed_arm $held_back
    at 62; bed_disarm $held_back; ended policer $held_back
}
cable() {
    at 35; began cable spoke3 hub; bed_link_down spoke3
    at 41; bed_link_up spoke3 || not_ok "the link came back"; ended cable spoke3 hub
}
# shellcheck disable=SC2086
hole() { # both a datagram and a segment that is that long
    at 106; bed_prepare $lossy "meta length > 1000"; began hole $lossy
    bed_arm $lossy; bed_block $lossy "meta length > 1000"
    at 118; bed_in router nft delete table inet bed_path; bed_disarm $lossy; ended hole $lossy # what counts is there all the time
}
# shellcheck disable=SC2046
outbound() {
    at 132; for k in 1 2 3; do began outbound-$k $(one_way $k); bed_cut $(one_way $k); done
    at 140; for k in 1 2 3; do bed_heal hub spoke$k; ended outbound-$k $(one_way $k); done
}
given_up() { cat "$work"/run-*.log | grep -c 'the server sends nothing'; }
have_given_up() { [ "$(given_up)" -ge "$1" ]; }
stopped() {
    at 164; had=$(given_up); echo "stopped begin $(now) $(bed_rcvbuf_errors $at)" >>"$work/plan"; bed_stop_process $stopped
    at 174; [ -n "${MIRRORED:-}" ] || until_ok 15 have_given_up $((had + 3)) || not_ok "those that receive give their sessions up"
    bed_continue $stopped; sleep 1; echo "stopped end $(now) $(bed_rcvbuf_errors $at)" >>"$work/plan"
}
: >"$work/plan"
random_loss & parts=$!
policer & parts="$parts $!"
cable & parts="$parts $!"
hole & parts="$parts $!"
outbound & parts="$parts $!"
stopped & parts="$parts $!"
# The processes that the bed ends are children of this shell.
at 90; began killed spoke3 hub; bed_kill "$run_UAE"
at 95; site_start UAE spoke3 --resume; ended killed spoke3 hub
# shellcheck disable=SC2086
wait $parts
for s in HK KC UAE; do
    eval "wait \$run_$s"; status=$?
    [ $status -eq 0 ] || [ $status -eq 4 ] || { not_ok "run at $s: exit status $status"; tail -n 20 "$work/run-$s.log"; }
done
recorded() { [ "$(ls "$work"/WUS/receiver/*.json 2>/dev/null | wc -l)" -eq 3 ]; }
until_ok 15 recorded || not_ok "the hub has a record of each of the three pushed legs"
bed_kill $server TERM

"$longhaul" report "$work/HK" "$work/KC" "$work/UAE" "$work/WUS" --out "$work/out" --no-render --no-html --json >"$work/report.json" 2>"$work/report.log"
status=$?
# 4: there are gaps that no receiver's record fills
check "report of four hosts' folders: exit status $status" test $status -eq 0 -o $status -eq 4
[ -z "${KEEP:-}" ] || cp -r "$work/." "$KEEP"
python3 tests/netns/incidents.py "$work" ${MIRRORED:+mirrored} || failures=1
done_testing
