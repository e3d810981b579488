# soak.sh - six legs at once, both directions of three spokes to a hub, under random faults for MINUTES (90): `make soak MINUTES=90
# SEED=1`. The plan of faults is the seed's (plan.py); check.py holds the results against it, and against the kernel's counters.
# What it leaves is in $BUILD/soak: results, records, the faults as they happened, the samples, what everybody said.
. tests/lib.sh
. tests/netns/bed.sh
minutes=${MINUTES:-90}
seed=${SEED:-$(date +%s)}
rate=${RATE:-10M}
log=$BUILD/soak.log
if [ -z "${SOAK_INSIDE:-}" ]; then # once more, with all that it says in the log
    export SOAK_INSIDE=1 MINUTES="$minutes" SEED="$seed"
    mkdir -p "$BUILD"; mkfifo "$work/said" || exit 1
    ( trap '' INT TERM; exec tee "$log" <"$work/said" ) & tee=$!
    sh "$0" >"$work/said" 2>&1 & soak=$!
    trap 'kill -s TERM $soak 2>/dev/null' INT TERM
    while [ -e "/proc/$soak" ]; do wait $soak; done
    wait $tee
    rm -rf "$work"
    trap - EXIT
    exec awk '/^ok - /{p++} /^not ok/{f++} END{printf "%d passed, %d failed\n", p, f; exit f > 0 || p == 0}' "$log"
fi
bed_need "soak"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "soak: built without libiperf"; exit 0; }
out=$BUILD/soak
rm -rf "$out"; mkdir -p "$out"
echo "soak: MINUTES=$minutes SEED=$seed RATE=$rate, $("$longhaul" --version)"
python3 tests/soak/plan.py "$minutes" "$seed" "$out" || exit 1
lanes=
end_early() {
    trap '' INT TERM
    echo "not ok - soak: interrupted; what there is: $out"
    exec 2>/dev/null
    for id in $lanes; do kill $id; done
    for id in $lanes; do wait $id; done
    exit 1
}
trap end_early INT TERM

now() { date +%s.%N; }
# pause SECONDS: a sleep that a signal ends
pause() { sleep "$1" & wait $!; }
# pause_until SECONDS of the plan
pause_until() { pause "$(python3 -c "import time; print(max(0, $start + $1 - time.time()))")"; }
counters() { echo "$(bed_dropped $1 hub) $(bed_dropped hub $1) $(bed_rcvbuf_errors $1) $(bed_rcvbuf_errors hub)"; }
# happened LANE KIND FROM TO AMOUNT COUNTERS_BEFORE: a line of what really was
happened() { echo "$1 $2 $3 $4 $5 $6 $(counters "$([ $1 = hub ] && echo spoke1 || echo $1)")" >>"$out/faults.$1"; }

serve() {
    bed_start hub "$longhaul" serve -p 5201-5206 --dir "$out/hub" 2>>"$out/serve.log"
    server=$!
    bed_wait_port hub 5206
}
leg() { # SPOKE [FLAG]: both directions
    n=${1#spoke}
    bed_start "$1" "$longhaul" run "S$n" HUB "$(bed_address hub)" --both -p $((5199 + 2 * n)) -t "${minutes}m" -b "$rate" --dir "$out/$1" ${2:-} >>"$out/run.$1" 2>&1
    leg=$!
}

fault_of_spoke() { # SPOKE KIND SECONDS AMOUNT
    spoke=$1; kind=$2; seconds=$3; amount=$4
    case $kind in *-from) from=hub to=$spoke ;; *) from=$spoke to=hub ;; esac
    case $kind in
    drop-*) bed_drop_random $from $to "$amount" ;;
    burst-*) bed_drop_next $from $to "$amount" ;;
    esac
    before=$(counters $spoke); since=$(now)
    case $kind in
    drop-* | burst-*) bed_arm $from $to; pause "$seconds"; bed_disarm $from $to ;;
    cut-*) bed_cut_both $spoke hub; pause "$seconds"; bed_heal $spoke hub ;;
    link-down) bed_link_down $spoke; pause "$seconds"; bed_link_up $spoke || echo "not ok - $spoke: its link does not come up" ;;
    reboot-term) kill -s TERM -- -$leg; wait $leg; pause "$seconds"; leg $spoke --resume ;;
    reboot-kill) kill -s KILL -- -$leg; wait $leg 2>/dev/null; pause "$seconds"; leg $spoke --resume ;;
    esac
    until=$(now)
    pause 3 # counters of what a sender still has under way
    happened $spoke $kind $since $until "$amount" "$before"
}
fault_of_server() { # KIND SECONDS
    before=$(counters spoke1); since=$(now)
    case $1 in
    server-kill) bed_kill $server KILL; pause "$2"; serve ;;
    server-term) bed_kill $server TERM; pause "$2"; serve ;;
    server-stop) bed_stop_process $server; pause "$2"; bed_continue $server ;;
    esac
    until=$(now)
    pause 3
    happened hub $1 $since $until 0 "$before"
}

spoke_lane() { # SPOKE
    leg $1
    while read -r at kind seconds amount <&3; do
        pause_until "$at"
        fault_of_spoke $1 $kind $seconds $amount
    done 3<"$out/plan.$1"
    wait $leg
    echo $? >"$out/status.$1"
}
hub_lane() {
    while read -r at kind seconds amount <&3; do
        pause_until "$at"
        fault_of_server $kind $seconds
    done 3<"$out/plan.hub"
    until [ -e "$out/status.spoke1" ] && [ -e "$out/status.spoke2" ] && [ -e "$out/status.spoke3" ]; do pause 0.5; done
    pause 2
    bed_kill $server TERM
}
# lane FUNCTION [ARGUMENT]: in a process of its own, which ends what it started when it is ended
lane() {
    ( trap - EXIT; bed_started=; trap 'exit 1' INT TERM; "$@" ) &
    lanes="$lanes $!"
}

bed_make 3 || { not_ok "bed_make"; exit 1; }
whole=$(bed_rcvbuf_errors hub)
python3 tests/soak/sample.py "$bed_owner" "$([ "$minutes" -lt 10 ] && echo 2 || echo 10)" "$out/samples" & sampler=$!
started="$started $sampler"
start=$(now); echo "$start" >"$out/start"
( trap - EXIT; bed_started=; trap 'exit 1' INT TERM; serve; hub_lane ) &
lanes=$!
started="$started $lanes"
bed_wait_port hub 5206 || { not_ok "serve listens"; exit 1; }
for i in 1 2 3; do lane spoke_lane spoke$i; started="$started ${lanes##* }"; done
# shellcheck disable=SC2086
for id in $lanes; do wait $id; done
kill $sampler; wait $sampler 2>/dev/null
for i in 1 2 3; do echo "spoke$i $(bed_udp spoke$i InErrors) $(bed_rcvbuf_errors spoke$i) $(bed_dropped spoke$i hub) $(bed_dropped hub spoke$i)"; done >"$out/counters"
echo "hub $(bed_udp hub InErrors) $(($(bed_rcvbuf_errors hub) - whole)) 0 0" >>"$out/counters"
bed_close
cat "$out"/faults.* >"$out/faults" 2>/dev/null || : >"$out/faults"
python3 tests/soak/check.py "$out" "$minutes"
python3 tests/soak/day.py "$longhaul" "$out/day"
exit 0
