# loss_truth_test.sh - the loss that a result tells of is what the packet filter dropped and what did not fit the receiver's
# buffer, to the packet: pushed and pulled, against longhaul serve and iperf3 -s, IPv4 and IPv6.
#
# Each session is between two spokes of its own (client 2k-1, server 2k), so that RcvbufErrors is its own, too. Six at once.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "loss truth"
command -v iperf3 >/dev/null || { skip "loss truth: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "loss truth: built without libiperf"; exit 0; }

seconds=${LOSS_TRUTH_SECONDS:-8}
serve_dir=y
"$longhaul" serve --help | grep -q -- --dir || { serve_dir=; skip "loss truth of the receiver's record: this serve writes none"; }
bed_make 12 || { not_ok "bed_make"; exit 1; }

# n_intervals DIR: as many as its run has written so far
n_intervals() { cat "$1"/*.journal 2>/dev/null | grep -c '"event":"interval"'; }
# await DIR N: until there are N intervals, or its run is over
await() {
    tries=0
    until [ "$(n_intervals "$1")" -ge "$2" ] || ! [ -e "/proc/$client" ]; do
        tries=$((tries + 1)); [ $tries -lt $((seconds * 10 + 200)) ] || return 1; sleep 0.1
    done
}

# session PAIR SERVER DIRECTION FAMILY UNTIL RULE...: the rule (random 100, every 50, next 3) is armed after the first interval;
# UNTIL is `disarmed` (before the last interval begins) or `the-end`. The rule `stop 2` drops some, and the receiver does not read
# for 2 s: its socket's buffer overflows.
session() {
    near=spoke$(($1 * 2 - 1)); far=spoke$(($1 * 2)); server=$2; direction=$3; family=$4; until=$5; rule=$6; amount=$7
    what="$server, $direction, IPv$family, $rule $amount, drops until $until"
    dir=$work/$1.$server.$direction.$until; mkdir -p "$dir"
    if [ "$direction" = push ]; then from=$near to=$far; else from=$far to=$near; fi
    case $server in
    longhaul) bed_start $far "$longhaul" serve -p 5201 ${serve_dir:+--dir "$dir"} >"$dir/server.log" 2>&1 ;;
    iperf3) bed_start $far iperf3 -s -p 5201 >"$dir/server.log" 2>&1 ;;
    esac
    server_id=$!
    bed_wait_port $far 5201 || { not_ok "$what: the server does not listen"; return; }
    case $rule in stop) bed_drop_random $from $to 30 ;; *) bed_drop_"$rule" $from $to "$amount" ;; esac
    dropped=$(bed_dropped $from $to); full=$(bed_rcvbuf_errors $to); sent=$(bed_udp_out $from)
    pull=; [ "$direction" = push ] || pull=--pull
    # The kernel would count datagrams of news and probes, too; that these disturb nothing is hops_test's subject.
    bed_start $near "$longhaul" run "N$1" "F$1" "$(bed_address $far "$family")" --no-hops -t "$seconds" -i 1 $pull --dir "$dir" >"$dir/run.log" 2>&1
    client=$!
    await "$dir" 1; bed_arm $from $to
    if [ "$rule" = stop ]; then
        receiver=$server_id; [ "$direction" = push ] || receiver=$client
        bed_stop_process $receiver; sleep "$amount"; bed_continue $receiver
    fi
    if [ "$until" = disarmed ]; then await "$dir" $((seconds - 2)); bed_disarm $from $to; fi
    wait $client; status=$?
    bed_disarm $from $to
    dropped=$(($(bed_dropped $from $to) - dropped)); full=$(($(bed_rcvbuf_errors $to) - full))
    bed_kill $server_id TERM
    sent=$(($(bed_udp_out $from) - sent - 1)) # one is of the exchange at the start
    [ $status -eq 0 ] || { not_ok "$what: exit status $status: $(cat "$dir/run.log")"; return; }
    [ $dropped -gt 0 ] || [ "$amount" = 0 ] || not_ok "$what: the rule dropped nothing"
    [ "$rule" != stop ] || [ $full -gt 100 ] || not_ok "$what: the buffer did not overflow ($full RcvbufErrors)"
    python3 tests/netns/loss_truth.py "$what" "$direction" "$until" $dropped $full $sent "$dir"
}

# All at once; the results in their order.
round() { # SERVER DIRECTION UNTIL "RULE AMOUNT"...
    of="$1 $2"; until=$3; shift 3
    pair=0; ids=
    for rule; do
        pair=$((pair + 1))
        # shellcheck disable=SC2086
        session $pair $of $((pair % 2 * 2 + 4)) $until $rule >"$work/out.$pair" 2>&1 &
        ids="$ids $!"
    done
    # shellcheck disable=SC2086
    wait $ids
    pair=0
    for rule; do
        pair=$((pair + 1))
        cat "$work/out.$pair"
        failures=$((failures + $(grep -c '^not ok' "$work/out.$pair")))
        grep -qE '^(ok|not ok)' "$work/out.$pair" || not_ok "$of $until $rule: no result"
    done
}

round longhaul push disarmed "random 0"  "random 10" "random 100" "random 300" "next 1" "stop 2"
round longhaul pull disarmed "random 0"  "random 10" "random 100" "random 300" "next 1" "stop 2"
round iperf3   push disarmed "random 3"  "random 50" "random 200" "every 50"   "next 3" "stop 1"
round iperf3   pull disarmed "random 3"  "random 50" "random 200" "every 50"   "next 3" "stop 1"
round longhaul pull the-end    "random 10" "random 300" "random 900" "random 1000" "every 2"
round longhaul push the-end    "random 10" "random 300" "random 900" "random 1000" "every 2"
is "nothing was dropped elsewhere" "$(bed_link_dropped)" 0
done_testing
