# faults_test.sh - what the network, the peer and the host do to a leg: each ends with one result, the right gaps for the right reasons,
# and traffic soon after the healing. All at once, each on a spoke and a port of its own.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "faults"
command -v iperf3 >/dev/null || { skip "faults: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "faults: built without libiperf"; exit 0; }

now() { date +%s.%N; }
# serve WHOSE PORT: the server of one scenario, in the hub; its id in $server
serve() {
    case $1 in
    longhaul) bed_start hub "$longhaul" serve -p "$2" --dir "$work/hub-$2" 2>>"$work/serve-$2.log" ;;
    iperf3) bed_start hub iperf3 -s -p "$2" >/dev/null 2>&1 ;;
    esac
    server=$!
    bed_wait_port hub "$2" || not_ok "$1 serves on $2"
}
# leg SPOKE PORT SECONDS WAY [FLAG...]: WAY is push, pull, tcp-push, tcp-pull; in the background; its id in $leg, its folder $work/<port>
leg() {
    spoke=$1; port=$2; seconds=$3; way=${4#tcp-}; rate=2M
    # buffers that are full within a second: a stall shows as rows without a byte
    case $4 in tcp-*) shift 4; set -- --tcp -w 64K "$@"; rate=10M ;; *) shift 4 ;; esac
    [ "$way" = pull ] && set -- --pull "$@"
    bed_start "$spoke" "$longhaul" run A B "$(bed_address hub)" -p "$port" -t "$seconds" -b $rate --dir "$work/$port" "$@" >>"$work/run-$port.log" 2>&1
    leg=$!
}
# ended NAME PORT STATUS: waits for $leg; its exit status; one result and nothing else
ended() {
    wait $leg
    is "$1: exit status" $? "$3"
    is "$1: one result, and nothing else" "$(ls "$work/$2" | sed 's/.*\.//' | tr '\n' ' ')" "json "
}
# gaps NAME PORT SECONDS [CAUSE FROM TO]...: compared with the result; FROM and TO are times of day
gaps() {
    name=$1; shift; port=$1; shift
    python3 tests/netns/check_gaps.py "$name" "$work/$port"/*.json "$@" || failures=1
}

silent_cut() { # WAY SPOKE PORT SERVER: to iperf3 from another address than the first
    serve "$4" "$3"
    set -- "$@" 198.18.${2#spoke}.9
    bed_in "$2" ip address add "$5/24" dev eth0
    if [ "$4" = iperf3 ]; then leg "$2" "$3" 32 "$1" -B "$5"; else leg "$2" "$3" 32 "$1"; fi
    sleep 6; bed_cut_both "$2" hub; from=$(now)
    sleep 12; bed_heal "$2" hub; to=$(now)
    ended "silent cut, $1, $4" "$3" 4
    gaps "silent cut, $1, $4" "$3" 32 path-silent "$from" "$to"
    [ "$4" = iperf3 ] || like "silent cut, $1: serve says so in plain words" "$(said "$work/serve-$3.log" | grep ': ended after ' | head -1)" \
        ": [A-Z]+->[A-Z]+: ended after [0-9]+ intervals, [0-9]+ bytes, .*: the client's host does not answer$"
}
link_down() { # WAY SPOKE PORT
    serve longhaul "$3"
    leg "$2" "$3" 20 "$1"
    sleep 6; from=$(now); bed_link_down "$2"
    sleep 3; bed_link_up "$2"; to=$(now)
    if [ "${1#tcp-}" != "$1" ]; then # nothing is lost: TCP waits, and sends again
        ended "link down, $1" "$3" 0
        gaps "link down, $1" "$3" 20
        like "link down, $1: rows without a byte" "$(python3 -c "import json,sys; print(sum(r['sum']['bytes'] == 0 for r in json.load(open(sys.argv[1]))['intervals']))" "$work/$3"/*.json)" '^[2-7]$'
    elif [ "$1" = push ]; then
        ended "link down, push" "$3" 4
        gaps "link down, push" "$3" 20 link-down "$from" "$to"
    else # the sender goes on, and its sequence numbers tell what was lost: no second is unknown
        ended "link down, pull" "$3" 0
        gaps "link down, pull" "$3" 20
        is "link down, pull: its seconds are loss" "$(python3 -c "import json,sys
lost_s, down_s = json.load(open(sys.argv[1]))['end']['sum']['lost_percent'] * 0.2, float(sys.argv[3]) - float(sys.argv[2])
print(abs(lost_s - down_s) < 2 or (lost_s, down_s))" "$work/$3"/*.json "$from" "$to")" True
    fi
}
killed() { # WAY SPOKE PORT
    serve longhaul "$3"
    leg "$2" "$3" 20 "$1"
    sleep 6; from=$(now); bed_kill $server
    sleep 3; serve longhaul "$3"; to=$(now)
    ended "server killed and restarted, $1" "$3" 4
    gaps "server killed and restarted, $1" "$3" 20 peer-closed "$from" "$to"
}
connects() { bed_in "$1" awk '$1 == "Tcp:" && $6 + 0 == $6 {print $6}' /proc/net/snmp; } # SPOKE: how many it has begun
busy() { # WAY SPOKE PORT: killed, and when it is back somebody else has it for 10 s. The leg is held until he has.
    serve iperf3 "$3"
    leg "$2" "$3" 30 "$1"
    sleep 6; from=$(now); bed_kill $server
    until_ok 10 says 'waits to connect' "$work/run-$3.log"
    bed_stop_process $leg
    serve iperf3 "$3"
    bed_start hub iperf3 -c 127.0.0.1 -p "$3" -u -b 100K -t 10 --forceflush >"$work/other-$3.log" 2>&1; other=$!
    until_ok 10 says ' sec ' "$work/other-$3.log"
    knocks=$(connects "$2"); bed_continue $leg
    wait $other; to=$(now)
    knocks=$(($(connects "$2") - knocks))
    # The server may be busy with the leg's own session, which ends at any moment: pauses of up to 3 s would make 6 in these 9 s.
    check "server busy, $1: $knocks knocks meanwhile" test $knocks -ge 8
    ended "server busy, $1" "$3" 4
    gaps "server busy, $1" "$3" 30 peer-closed "$from" "$to"
}
received() { ls "$work/hub-$1"/receiver/*.json >/dev/null 2>&1; } # PORT: its server has made the record
stopped() { # WAY SPOKE PORT: SIGSTOP for 20 s
    serve longhaul "$3"
    leg "$2" "$3" 40 "$1"
    sleep 6; from=$(now); bed_stop_process $server
    sleep 20; bed_continue $server; to=$(now)
    if [ "$1" = pull ] || [ "$1" = tcp-push ]; then
        ended "server stopped, $1" "$3" 4
        gaps "server stopped, $1" "$3" 40 peer-stopped "$from" "$to"
    else # its kernel goes on answering: only the receiver knows
        ended "server stopped, push" "$3" 0
        gaps "server stopped, push" "$3" 40
        until_ok 20 received "$3"
        like "server stopped, push: loss in the receiver's record" "$(python3 -c "import json,sys; print(json.load(open(sys.argv[1]))['end']['sum']['lost_percent'])" "$work/hub-$3"/receiver/*.json)" '^[2-5][0-9]\.'
    fi
}
readdressed() { # WAY SPOKE PORT: another address in mid-run, as from DHCP. The server has to give the old connection up first, in 8 s
    serve longhaul "$3"
    leg "$2" "$3" 24 "$1"
    sleep 6; from=$(now)
    net=198.18.${2#spoke}
    bed_in "$2" sh -c "ip address del $net.2/24 dev eth0; ip address add $net.77/24 dev eth0; ip route replace default via $net.1"
    to=$(python3 -c "print($from + 8)")
    ended "address changed, $1" "$3" 4
    gaps "address changed, $1" "$3" 24 address-changed "$from" "$to"
}
rebooted() { # WAY SPOKE PORT SIGNAL
    serve longhaul "$3"
    leg "$2" "$3" 24 "$1"
    sleep 6; from=$(now); kill -s "$4" -- -$leg; wait $leg
    sleep 4; to=$(now)
    leg "$2" "$3" 24 "$1" --resume
    ended "spoke rebooted ($4), $1" "$3" 4
    gaps "spoke rebooted ($4), $1" "$3" 24 restarted "$from" "$to"
}
stopped_in_cut() { # WAY SPOKE PORT: SIGTERM while the path is silent, and before that is noticed; then the leg goes on
    serve longhaul "$3"
    leg "$2" "$3" 32 "$1"
    sleep 6; bed_cut_both "$2" hub; cut=$(now)
    sleep 5; stop=$(now); kill -TERM $leg; wait $leg
    bed_heal "$2" hub; to=$(now)
    leg "$2" "$3" 32 "$1" --resume
    ended "stopped in a silent cut, $1" "$3" 4
    gaps "stopped in a silent cut, $1" "$3" 32 path-silent "$cut" "$stop" restarted "$stop" "$to"
}

bed_make 29 || { not_ok "bed_make"; exit 1; }
i=0
each() { # SCENARIO WAY [ARGUMENT]: 0.2 s after the one before, so that the faults do not come all at once
    i=$((i + 1)); sleep 0.2
    eval "log_$i=$work/log-$i"
    ( failures=0; trap - EXIT; "$1" "$2" spoke$i $((5200 + i)) "$3" ) >"$work/log-$i" 2>&1 &
    scenarios="$scenarios $!"
}
for way in push pull; do
    each silent_cut $way longhaul
    each silent_cut $way iperf3
    each link_down $way
    each killed $way
    each busy $way
    each stopped $way
    each rebooted $way TERM
    each rebooted $way KILL
    each readdressed $way
    each stopped_in_cut $way
done
for way in tcp-push tcp-pull; do
    each silent_cut $way longhaul
    each link_down $way
    each killed $way
    each rebooted $way KILL
done
each stopped tcp-push
for pid in $scenarios; do wait $pid; done
cat "$work"/log-*
grep -q '^not ok' "$work"/log-* && { failures=1; tail -n 20 "$work"/run-*.log "$work"/serve-*.log; }
done_testing
