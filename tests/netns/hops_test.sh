# hops_test.sh - a leg over a chain of five routers: when its route moves, loses, loops, the record has within 12 s a trace from which the
# place follows; the traces took the flow's way; and the wire at the receiver is the same as without them. HOPS_ROUNDS rounds of the cases,
# HOPS_AT_ONCE at a time; HOPS_CASES: which; HOPS_WITHIN: so many seconds, 10 if nothing else keeps the processors; HOPS_FIGURES: a file for
# what was named, and when. Each case has a network of its own.
. tests/lib.sh
. tests/netns/bed.sh
. tests/netns/chain.sh
bed_need "hops"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "hops: built without libiperf"; exit 0; }
within=${HOPS_WITHIN:-12}

# ---- what the cases are made of

# serve_at HOST: longhaul serve, or with HOPS_SERVER=iperf3 an iperf3 -s
serve_at() {
    if [ "${server:-}" = iperf3 ]; then bed_start "$1" iperf3 -s >/dev/null 2>&1
    else bed_start "$1" "$longhaul" serve --dir "$work/served" 2>>"$work/serve.log"; fi
    bed_wait_port "$1" 5201
}

# leg push|pull [FLAGS]: begins a leg from client to server, and waits for its first trace; as: how, such as setpriv's
leg() {
    leg_way=$1; shift
    if [ "$leg_way" = push ]; then
        serve_at server
        run_host=client run_peer=$(chain_address server "${family:-4}")
    else
        serve_at client
        run_host=server run_peer=$(chain_address client "${family:-4}"); set -- --pull "$@"
    fi
    bed_start "$run_host" ${as:-} "$longhaul" run A B "$run_peer" -t 10m -b 3M --dir "$work/run" "$@" >"$work/run.out" 2>"$work/run.log"
    leg_pid=$!
    until_ok 10 grep -q "began" "$work/run.log"
    sleep 4 # the first trace
}
# finish_leg SECONDS: ends it that much later; the result is in $result
finish_leg() {
    sleep "$1"; kill $leg_pid; wait $leg_pid
    result=$(ls "$work"/run/*.json 2>/dev/null | head -n 1)
}
# happen: waits for a random moment of 2 s, notes it
happen() { sleep "$(python3 -c 'import random; print(random.random() * 2)')"; moment=$(date +%s.%N); }
# named WHAT CASE HOPS: the first trace that shows it ended in time, and says where; HOPS may be a pattern
named() {
    named_said=$(python3 tests/netns/hops_truth.py "$result" "$2" "$moment" 2>&1)
    named_s=${named_said%% *}
    if [ -n "${HOPS_FIGURES:-}" ]; then echo "$HOPS_CASE $named_said" >>"$HOPS_FIGURES"; fi
    case ${named_said#* } in
    $3) if python3 -c "import sys; sys.exit(not 0 <= float('$named_s') <= $within)" 2>/dev/null; then ok "$1: named after $named_s s: ${named_said#* }"
        else not_ok "$1: named after $named_said"; fi ;;
    *) not_ok "$1: $named_said, wanted $3"; sed 's/^/# /' "$work/run.log" ;;
    esac
}

# whys: of the traces in the result
whys() { python3 -c 'import json, sys
print(*(t["why"] for t in json.load(open(sys.argv[1]))["longhaul"].get("hops", [])))' "$result"; }

# ---- cases

# moved WAY ROUTE HOPS [MUTE]
moved() {
    chain_make || return 1
    [ "$2" != delayed ] || chain_wire 3 || { skip "hops: needs /dev/net/tun"; return 0; }
    [ -z "${4:-}" ] || chain_mute "$4"
    leg "$1"; happen
    chain_route "$2"
    finish_leg $within
    named "$1, another route ($2${4:+, $4 silent})" moved "$3"
    grep -q "route changed between hop" "$work/run.log" && ok "$1: and run says so" || not_ok "$1: run says so: $(cat "$work/run.log")"
}

# lossy WAY HOST PERCENT HOPS [MUTE]: it drops what it forwards, so the hop after it is the first one that loses
lossy() {
    chain_make || return 1
    [ -z "${5:-}" ] || chain_mute "$5"
    leg "$1"; happen
    chain_drop "$2" "$3"
    finish_leg $within
    if [ "$3" -lt 40 ]; then # few of 64 probes are lost: that there is a trace is what this test can ask for
        lossy_why=$(python3 -c '
import json, sys
own = json.load(open(sys.argv[1])); zero = min(r["longhaul"]["unix_us"] / 1e6 - r["sum"]["end"] for r in own["intervals"])
print(*(t["why"] for t in own["longhaul"]["hops"] if 0 <= zero + t["at_s"] + t["seconds"] - float(sys.argv[2]) <= float(sys.argv[3])))' "$result" "$moment" $within)
        like "$1, $2 drops $3 %: traced" "$lossy_why" "^loss"
        if [ -n "${HOPS_FIGURES:-}" ]; then echo "$HOPS_CASE $(python3 tests/netns/hops_truth.py "$result" loses "$moment")" >>"$HOPS_FIGURES"; fi
    else
        named "$1, $2 drops $3 %${5:+, $5 silent}" loses "$4"
    fi
}

# severed WAY: nothing passes r3, for longer than a session lasts; the traces of a server get through when the leg connects again
severed() {
    chain_make || return 1
    leg "$1"; happen
    chain_cut r3; sleep 14; chain_drop r3 0
    finish_leg 10
    named "$1, nothing passes r3" loses "3-4"
    like "$1: the end of it is traced" "$(whys)" "^start.* silence.* ended"
}

looping() {
    chain_make || return 1
    leg "$1"; happen
    chain_loop 4
    finish_leg $within
    named "$1, a loop between r3 and r4" loop "3-5"
}

# Four links between r2 and r3, by a hash of the five-tuple: all with the flow's port came by one of them.
same_way() {
    chain_make && chain_route many || return 1
    leg push --flows 4; finish_leg 3
    same_ports=$(python3 -c 'import json, sys
own = json.load(open(sys.argv[1]))
print(*sorted(c["local_port"] for c in own["start"]["connected"]))' "$result")
    for same_port in $same_ports; do
        is "port $same_port: flow and probes took one way" "$(chain_ways | awk -v p="$same_port" '$2 == p' | wc -l)" 1
    done
    is "at the start one of several flows is traced, with its own ports: the others a minute apart" "$(python3 -c 'import json, sys
own = json.load(open(sys.argv[1]))
first = own["start"]["connected"][0]
print(*((t["source_port"] - first["local_port"], t["destination_port"] - first["remote_port"])
        for t in own["longhaul"]["hops"] if t["why"] == "start"))' "$result")" "(0, 0)"
}

# wire SERVER [--no-hops]: each datagram arrives once and in order, with and without traces, while the way becomes shorter and longer
wire() {
    server=$1
    chain_make || return 1
    serve_at server
    bed_start server python3 tests/netns/capture.py l6 "$work/wire" >"$work/ready"; wire_pid=$!
    until_ok 10 grep -q ready "$work/ready"
    bed_start client "$longhaul" run A B "$(chain_address server)" -t 18 -b 3M --dir "$work/run" ${2:-} >"$work/out" 2>"$work/run.log"
    leg_pid=$!
    until_ok 10 grep -q "began" "$work/run.log"
    sleep 3; happen; chain_route shorter; sleep 3; chain_route shortest; sleep 3; chain_route longer
    wait $leg_pid
    kill $wire_pid; wait $wire_pid 2>/dev/null
    result=$(ls "$work"/run/*.json)
    is "$server${2:+, $2}: at the receiver's wire each datagram is there once, in order; iperf3 lost none" "$(python3 -c '
import json, sys
wire = [int(line.split()[3]) for line in open(sys.argv[1]) if line.startswith("in")]
end = json.load(open(sys.argv[2]))["end"]
got = end.get("sum_received", end["sum"])
print(wire == list(range(1, len(wire) + 1)), len(wire) > 3000, got.get("lost_packets"), got.get("out_of_order", 0), end["sum_sent"]["packets"] - len(wire))
' "$work/wire" "$result")" "True True 0 0 0"
    like "$server${2:+, $2}: traces are made where they are wanted" "$(whys)" "$([ -n "${2:-}" ] && echo '^$' || echo '^start.* change')"
    [ "$server" = iperf3 ] || is "$server: what its streams rejected" "$(grep -c 'datagrams dropped' "$work/serve.log")" 0
}

# by_user BY SETPRIV: a route that moves, with other privileges than root's
by_user() {
    chain_make || return 1
    chmod 755 "$work"; mkdir "$work/run"; chown 65534:65534 "$work/run" 2>/dev/null
    as="setpriv --reuid 65534 --regid 65534 --clear-groups $2"
    bed_in client $as test -x "$longhaul" 2>/dev/null || { skip "hops: another user cannot run $longhaul here"; return 1; }
    leg push; happen
    chain_route other
    finish_leg $within
    is "$1: what the record says" "$(python3 -c 'import json, sys
own = json.load(open(sys.argv[1]))["longhaul"]
print(own.get("hops_by"), *sorted({t["by"] for t in own.get("hops", [])}), [h[0] for h in own["hops"][0]["hops"]][:3] == sys.argv[2:])' \
        "$result" "$(chain_address r1)" "$(chain_address r2)" "$(chain_address r3)")" "$1 $1 True"
    named "$1, another route" moved 2-4
}
capability() {
    by_user raw "--inh-caps +net_raw --ambient-caps +net_raw --bounding-set -all,+net_raw" || return 0
    is "with CAP_NET_RAW nothing is lacking" "$(grep -c 'without CAP_NET_RAW\|not traced' "$work/run.log")" 0
}
nobody() {
    by_user errors "--bounding-set -all" || return 0
    is "an ordinary user: what is lacking is said once" "$(grep -c 'without CAP_NET_RAW' "$work/run.log")" 1
    rm -rf "$work"/run/*
    leg push --tcp; finish_leg 1
    is "a TCP leg of an ordinary user has no traces, and says why" "$(grep -c 'routes are not traced' "$work/run.log") $(python3 -c '
import json, sys
own = json.load(open(sys.argv[1]))["longhaul"]
print(own["hops_by"], len(own["hops_why"]) > 10, len(own.get("hops", [])))' "$result")" "1 None True 0"
}

# What is said of loss goes through the prober's own socket where it has the flow's port.
nobody_loss() {
    chain_make || return 1
    chmod 755 "$work"; mkdir "$work/run"; chown 65534:65534 "$work/run" 2>/dev/null
    as="setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all"
    bed_in client $as test -x "$longhaul" 2>/dev/null || { skip "hops: another user cannot run $longhaul here"; return 0; }
    leg push; happen
    chain_drop r2 40
    finish_leg 18 # one probe at a time
    like "an ordinary user hears of a loss" "$(whys)" "^start.* loss"
    is "and its traces have the distance and all hops" "$(python3 -c 'import json, sys
own = json.load(open(sys.argv[1]))["longhaul"]["hops"]
print(*sorted({(t["distance"], len(t["hops"])) for t in own if t["why"] == "loss"}))' "$result")" "(6, 5)"
}

tcp() {
    chain_make || return 1
    leg push --tcp; happen
    chain_route other
    finish_leg $within
    named "TCP, another route" moved 2-4
    is "by its protocol" "$(python3 -c 'import json, sys
print(*sorted({t["protocol"] for t in json.load(open(sys.argv[1]))["longhaul"]["hops"]}))' "$result")" TCP
}

six() { family=6; moved push other "2-[45]"; } # a router answers from where the probe came in
none() { # directly connected: there is no hop, and nothing is said
    chain_make || return 1
    serve_at r1
    bed_start client "$longhaul" run A B "$(chain_address r1)" -t 4 -b 1M --dir "$work/run" >"$work/out" 2>"$work/run.log"; wait $!
    is "a peer in the same network: no trace, no word" "$(grep -c 'hops\|route' "$work/run.log") $(grep -c '"hops' "$work"/run/*.json)" "0 0"
}

all='moved moved_pull shifted moved_silent loss_10 loss_30 loss_40 loss_pull loss_pull_30 loss_silent cut cut_pull looping same_way wire_ours wire_iperf3 wire_without
capability nobody nobody_loss tcp six none'
some='cut_pull moved_pull shifted moved_silent loss_30 loss_pull_30 looping same_way wire_ours wire_iperf3 capability nobody none'
run_case() {
    case $1 in
    moved) moved push other 2-4 ;;
    moved_pull) moved pull other 2-4 ;;
    shifted) moved push delayed 2-4 ;;
    moved_silent) moved push other 1-4 r2 ;;
    loss_10) lossy push r3 10 3-4 ;;
    loss_40) lossy push r3 40 3-4 ;;
    loss_30) lossy push r3 30 3-4 ;;
    loss_pull) lossy pull r3 40 3-4 ;;
    loss_pull_30) lossy pull r3 30 3-4 ;;
    loss_silent) lossy push r2 40 2-4 r3 ;;
    cut) severed push ;;
    cut_pull) severed pull ;;
    looping) looping push ;;
    wire_ours) wire longhaul ;;
    wire_iperf3) wire iperf3 ;;
    wire_without) wire longhaul --no-hops ;;
    same_way | capability | nobody | nobody_loss | tcp | six | none) "$1" ;;
    *) return 1 ;;
    esac
}

if [ -n "${HOPS_CASE:-}" ]; then
    run_case "$HOPS_CASE" || not_ok "$HOPS_CASE: the network"
    exit $failures
fi

cases=${HOPS_CASES:-$some}
[ "$cases" != all ] || cases=$all
# Few processors must not make the routers late: some cases at a time.
rounds=${HOPS_ROUNDS:-1} round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    # shellcheck disable=SC2016
    echo "$cases" | tr ' ' '\n' | xargs -P "${HOPS_AT_ONCE:-7}" -n 1 \
        sh -c 'HOPS_CASE=$2 exec sh "$0" >"$1-$2" 2>&1' "$0" "$work/$round"
    cat "$work/$round"-*
done
exit "$(cat "$work"/*-* | grep -c '^not ok')"
