# soak.sh - six UDP legs at once, both directions of three spokes to a hub, and two TCP legs from a fourth, under random faults for MINUTES
# (90): `make soak MINUTES=90 SEED=1`. The plan of faults is the seed's (plan.py); check.py holds the results against it, and against
# what came over the wires and what the kernel dropped (wire.py, and a packet filter that counts).
# ATTACK=yes: instead of faults, a fifth host plays every attack from the network in turn (attacker.py), and all legs stay valid and whole.
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
echo "soak: MINUTES=$minutes SEED=$seed RATE=$rate, $("$longhaul" --version | paste -s -d " ")"
attack=${ATTACK:-}
python3 tests/soak/plan.py "$minutes" "$seed" "$out" $attack || exit 1
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
# filtered SPOKE: how many of its test datagrams the filter has dropped, to the hub and from it
filtered() { echo "$(bed_dropped $1 hub) $(bed_dropped hub $1)"; }
# happened LANE KIND FROM TO AMOUNT FILTERED_BEFORE FILTERED_AFTER: a line of what really was
happened() { echo "$@" >>"$out/faults.$1"; }
# count_datagrams HOST HOOK NAME: test datagrams that pass this hook there, a counter for each port of the server's
count_datagrams() {
    {
        echo 'table ip soak {'
        for port in $ports; do echo "counter $3_$port { }"; done
        echo "chain counting { type filter hook $2 priority 300; policy accept;"
        for port in $ports; do echo "udp length > 100 udp dport $port counter name $3_$port; udp length > 100 udp sport $port counter name $3_$port;"; done
        echo '}'; echo '}'
    } | bed_in $1 nft -f -
}
# counted HOST: "NAME_PORT N" of each
counted() { bed_in $1 nft list table ip soak | awk '$1 == "counter" {name = $2} $1 == "packets" {print name, $2}'; }

serve() {
    bed_start hub "$longhaul" serve -p 5201-5208${attack:+,5217-5218} --dir "$out/hub" 2>>"$out/serve.log"
    server=$!
    bed_wait_port hub 5208
}
leg() { # SPOKE [FLAG]: both directions
    n=${1#spoke}
    bed_start "$1" "$longhaul" run "S$n" HUB "$(bed_address hub)" --both -p $((5199 + 2 * n)) -t "${minutes}m" -b "$rate" --dir "$out/$1" \
        $([ $n -ne 4 ] || echo --tcp -w 64K) ${2:-} >>"$out/run.$1" 2>&1
    leg=$!
}

move() { # SPOKE: to its other address
    bed_in $1 sh -c "case \$(ip -4 -o address show dev eth0) in *.77/24*) host=2 ;; *) host=77 ;; esac
        ip -4 address flush dev eth0; ip address add 198.18.${1#spoke}.\$host/24 dev eth0; ip route replace default via 198.18.${1#spoke}.1"
}
fault_of_spoke() { # SPOKE KIND SECONDS AMOUNT
    spoke=$1; kind=$2; seconds=$3; amount=$4
    case $kind in *-from) from=hub to=$spoke ;; *) from=$spoke to=hub ;; esac
    case $kind in
    drop-*) bed_drop_random $from $to "$amount" ;;
    burst-*) bed_drop_next $from $to "$amount" ;;
    esac
    before=$(filtered $spoke); since=$(now)
    case $kind in
    drop-* | burst-*) bed_arm $from $to; pause "$seconds"; bed_disarm $from $to ;;
    cut-*) bed_cut_both $spoke hub; pause "$seconds"; bed_heal $spoke hub ;;
    link-down) bed_link_down $spoke; pause "$seconds"; bed_link_up $spoke || echo "not ok - $spoke: its link does not come up" ;;
    reboot-term) kill -s TERM -- -$leg; wait $leg; pause "$seconds"; leg $spoke --resume ;;
    address) move $spoke; pause "$seconds" ;; # as from DHCP; the server needs this long to give the old connection up
    reboot-kill) kill -s KILL -- -$leg; wait $leg 2>/dev/null; pause "$seconds"; leg $spoke --resume ;;
    esac
    until=$(now)
    pause 3 # counters of what a sender still has under way
    happened $spoke $kind $since $until "$amount" $before $(filtered $spoke)
}
fault_of_server() { # KIND SECONDS
    since=$(now)
    case $1 in
    server-kill) bed_kill $server KILL; pause "$2"; serve ;;
    server-term) bed_kill $server TERM; pause "$2"; serve ;;
    server-stop) bed_stop_process $server; pause "$2"; bed_continue $server ;;
    esac
    happened hub $1 $since $(now) 0 0 0 0 0
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
    until [ -e "$out/status.spoke1" ] && [ -e "$out/status.spoke2" ] && [ -e "$out/status.spoke3" ] && [ -e "$out/status.spoke4" ]; do pause 0.5; done
    pause 2
    bed_kill $server TERM
}
# lane FUNCTION [ARGUMENT]: in a process of its own, which ends what it started when it is ended
lane() {
    ( trap - EXIT; bed_started=; trap 'exit 1' INT TERM; "$@" ) &
    lanes="$lanes $!"
}

bed_make $([ -n "$attack" ] && echo 5 || echo 4) || { not_ok "bed_make"; exit 1; }
ports="5201 5202 5203 5204 5205 5206"
for host in hub spoke1 spoke2 spoke3; do count_datagrams $host output sent || { not_ok "$host counts what it sends"; exit 1; }; done
count_datagrams router postrouting passed || { not_ok "the router counts what passes"; exit 1; }
python3 tests/soak/wire.py "$out/wire.json" hub=$bed_pid_hub spoke1=$bed_pid_spoke1 spoke2=$bed_pid_spoke2 spoke3=$bed_pid_spoke3 & wire=$!
started="$started $wire"
i=0; until [ -e "$out/wire.json" ]; do i=$((i + 1)); [ $i -lt 300 ] || { not_ok "the wires are watched"; exit 1; }; sleep 0.1; done
python3 tests/soak/sample.py "$bed_owner" "$([ "$minutes" -lt 10 ] && echo 2 || echo 10)" "$out/samples" & sampler=$!
started="$started $sampler"
start=$(now); echo "$start" >"$out/start"
( trap - EXIT; bed_started=; trap 'exit 1' INT TERM; serve; hub_lane ) &
lanes=$!
started="$started $lanes"
bed_wait_port hub 5208 || { not_ok "serve listens"; exit 1; }
if [ -n "$attack" ]; then
    bed_start spoke5 python3 tests/soak/attacker.py "$(bed_address hub)" 5201,5202,5203,5204,5205,5206,5207,5208 5217,5218 \
        "$(bed_address spoke1),$(bed_address spoke2),$(bed_address spoke3)" "$out/attacks" 2>"$out/attacker"
fi
for i in 1 2 3 4; do lane spoke_lane spoke$i; started="$started ${lanes##* }"; done
# shellcheck disable=SC2086
for id in $lanes; do wait $id; done
kill $sampler; wait $sampler 2>/dev/null
kill $wire; wait $wire || not_ok "what came over the wires is recorded"
for host in hub spoke1 spoke2 spoke3 router; do counted $host; done >"$out/counted"
for i in 1 2 3; do echo "spoke$i $(filtered spoke$i)"; done >"$out/filtered"
bed_close
cat "$out"/faults.* >"$out/faults" 2>/dev/null || : >"$out/faults"
python3 tests/soak/check.py "$out" "$minutes" "$longhaul"
python3 tests/soak/day.py "$longhaul" "$out/day"
exit 0
