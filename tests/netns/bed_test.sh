# bed_test.sh - the test bed itself: who reaches whom, what the counters say, what faults do, what is left.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "the test bed"

udp="python3 tests/netns/udp.py"
own_network() { ip -o address; ip -o link; ip route; ip -6 route; nft list ruleset; }
own_network >"$work/before" 2>&1
bed_make 3 || { not_ok "bed_make"; exit 1; }

# ---- all hosts, both families
for host in $bed_hosts; do
    bed_start $host $udp echo 7 >"$work/echo.$host" 2>&1
    until grep -q ready "$work/echo.$host"; do sleep 0.05; done
done
reached=
for from in $bed_hosts; do for to in $bed_hosts; do for family in 4 6; do
    bed_in $from $udp ask "$(bed_address $to $family)" 7 1448 && reached="${reached}y" || reached="$reached $from-$to-$family "
done; done; done
is "each host reaches each, by IPv4 and IPv6" "$reached" "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
bed_start hub python3 -m http.server 80 >/dev/null 2>&1
bed_wait_port hub 80
is "TCP has the segments of an Ethernet" "$(bed_in spoke1 $udp mss "$(bed_address hub)" 80)" 1448

# ---- counters: what was sent, less what came, is what the filter counted
# transfer FROM TO COUNT SIZE FAMILY: "sent received" in $transferred
transfer() {
    : >"$work/receive"
    bed_start "$2" $udp receive 9 >"$work/receive" 2>&1
    receiver=$!
    until grep -q ready "$work/receive"; do sleep 0.05; done
    to=$(bed_address "$2" "$5")
    transferred=$(bed_in "$1" $udp send "$to" 9 "$3" "$4")
    bed_in "$1" $udp end "$to" 9
    wait $receiver
    transferred="$transferred$(sed -n 's/^\([0-9]*\) .*/\1/p' "$work/receive")"
}
# counted WHAT FROM TO SIZE FAMILY LEAST MOST: 1000 datagrams; the filter's count is the loss, within bounds
counted() {
    before=$(bed_dropped "$2" "$3"); full=$(bed_rcvbuf_errors "$3")
    bed_arm "$2" "$3"; transfer "$2" "$3" 1000 "$4" "$5"; bed_disarm "$2" "$3"
    n=$(($(bed_dropped "$2" "$3") - before)); full=$(($(bed_rcvbuf_errors "$3") - full))
    is "$1: what is missing was counted ($n)" "$transferred" "1000 $((1000 - n - full))"
    [ $n -ge "$6" ] && [ $n -le "$7" ] || not_ok "$1: $n dropped, wanted $6 to $7"
}
for family in 4 6; do
    bed_drop_random spoke1 hub 0;    counted "IPv$family, 0 %" spoke1 hub 1448 $family 0 0
    bed_drop_random spoke1 hub 100;  counted "IPv$family, 10 %" spoke1 hub 1448 $family 50 150
    bed_drop_random hub spoke2 300;  counted "IPv$family, 30 %, from the hub" hub spoke2 1448 $family 230 370
    bed_drop_every spoke1 hub 7;     counted "IPv$family, each 7th" spoke1 hub 1448 $family 143 143
    bed_drop_next spoke1 spoke3 3;   counted "IPv$family, three single ones" spoke1 spoke3 1448 $family 3 3
done
bed_drop_random spoke1 hub 1000;     counted "all" spoke1 hub 1448 4 1000 1000
counted "small ones are no test datagrams" spoke1 hub 90 4 0 0
n=$(bed_dropped spoke1 hub)
transfer spoke1 hub 1000 1448 4
is "a rule that is not armed drops nothing" "$transferred $(bed_dropped spoke1 hub)" "1000 1000 $n"
is "the other way and other hosts are not touched" "$(bed_dropped hub spoke1) $(bed_dropped spoke2 hub)" "0 0"
is "nothing was dropped elsewhere" "$(bed_link_dropped)" 0

# ---- a buffer that is full: SIGSTOP for the receiver
bed_start hub $udp receive 10 >"$work/receive" 2>&1
receiver=$!
until grep -q ready "$work/receive"; do sleep 0.05; done
bed_stop_process $receiver
n=$(bed_rcvbuf_errors hub)
sent=$(bed_in spoke1 $udp send "$(bed_address hub)" 10 12000 1448)
n=$(($(bed_rcvbuf_errors hub) - n))
bed_continue $receiver
sleep 0.5; bed_in spoke1 $udp end "$(bed_address hub)" 10
wait $receiver
is "a stopped receiver: RcvbufErrors is what is missing ($n)" "$sent$(tail -1 "$work/receive")" "12000 $((12000 - n)) 1448"
check "a stopped receiver: some were dropped" [ $n -gt 0 ]

# ---- a cut is silent
n=$(bed_dropped spoke1 hub)
bed_cut spoke1 hub
sent=$(bed_in spoke1 $udp send "$(bed_address hub)" 7 100 1448)
is "cut: the sender is not told, the filter counts" "$sent$(($(bed_dropped spoke1 hub) - n))" "100 100"
bed_in hub $udp ask "$(bed_address spoke1)" 7 1448 && not_ok "cut: an answer came"
check "cut: the way back carried the question" [ "$(bed_udp_in spoke1)" -gt 0 ]
bed_cut_both spoke2 hub
bed_in spoke2 timeout 4 $udp mss "$(bed_address hub)" 80 2>/dev/null
is "cut: TCP hangs, it is not refused" $? 124
check "cut: what else it took is counted" [ "$(bed_cut_dropped spoke2 hub)" -gt 0 ]
check "cut: other hosts are not touched" bed_in spoke3 $udp ask "$(bed_address hub)" 7 1448
bed_heal hub spoke1; bed_heal spoke2 hub
check "healed" bed_in spoke1 $udp ask "$(bed_address hub)" 7 1448
check "healed, both ways" bed_in hub $udp ask "$(bed_address spoke2)" 7 1448

# ---- link down
bed_link_down spoke1
for family in 4 6; do
    is "link down: an IPv$family sender gets an error" "$(bed_in spoke1 $udp send "$(bed_address hub $family)" 7 10 1448)" "0 ENETUNREACH"
done
bed_link_up spoke1
is "link up: what is sent at once arrives" "$(before=$(bed_udp_in hub)
    bed_in spoke1 $udp send "$(bed_address hub)" 7 10 1448; sleep 0.2; echo $(($(bed_udp_in hub) - before)))" "10 
10"
check "link up: IPv4 is back" bed_in spoke1 $udp ask "$(bed_address hub)" 7 1448
check "link up: IPv6 is back" bed_in spoke1 $udp ask "$(bed_address hub 6)" 7 1448
check "link up: from outside, too" bed_in hub $udp ask "$(bed_address spoke1)" 7 1448

# ---- rate, delay, order: where the kernel can
if bed_rate spoke3 2mbit; then
    transfer spoke3 hub 1000 1448 4
    n=$(bed_rate_dropped spoke3)
    is "rate: what is missing was counted ($n)" "$transferred" "1000 $((1000 - n))"
    check "rate: most of 58 Mbit/s did not fit in 2" [ $n -gt 500 ]
    bed_rate spoke3 none
    transfer spoke3 hub 1000 1448 4
    is "rate none: all" "$transferred" "1000 1000"
else
    skip "rate: needs a kernel with tbf"
fi
if bed_delay spoke3 40ms; then
    bed_in spoke3 python3 -c 'import subprocess,sys,time; t=time.monotonic(); subprocess.run(sys.argv[1:]); sys.exit(time.monotonic()-t < 0.08)' \
        $udp ask "$(bed_address hub)" 7 1448 && ok "delay" || not_ok "delay"
    bed_delay spoke3 none
else
    skip "delay and order: need a kernel with netem"
fi

# ---- processes
bed_start spoke1 sh -c 'sleep 1000 & echo $!; wait' >"$work/id"
leader=$!
until [ -s "$work/id" ]; do sleep 0.05; done
bed_stop_process $leader
both_stopped() { [ "$(grep -c '^State:.T' /proc/$leader/status "/proc/$(cat "$work/id")/status" | grep -c ':1')" = 2 ]; }
until_ok 10 both_stopped
is "stopped with what it started" "$(sed -n 's/^State:.\(.\).*/\1/p' /proc/$leader/status "/proc/$(cat "$work/id")/status" | tr -d '\n')" TT
bed_kill $leader
is "killed though it was stopped" $? 137
check "killed with what it started" gone "$(cat "$work/id")"

# ---- a container's processes: the owner's id is another one there, and what looks like left behind is not
background unshare --pid --fork --kill-child env LONGHAUL_BED=999999.1 sleep 1000; outer=$!
inner() { cat "/proc/$outer/task/$outer/children" 2>/dev/null; }
is_sleep() { [ "$(cat "/proc/$(inner | tr -d ' ')/comm" 2>/dev/null)" = sleep ]; }
if until_ok 10 is_sleep; then
    tests/netns/sweep
    sleep 0.3
    check "a process of another process namespace is let live" is_sleep
else
    not_ok "a process namespace of its own"
fi

# ---- what is left. Another test owns this bed; its process and its namespaces are looked at from here.
cat >"$work/other.sh" <<'END'
. tests/lib.sh
. tests/netns/bed.sh
bed_make 2 || exit 1
bed_start spoke1 sh -c 'sleep 1000 & wait'
bed_start spoke2 python3 tests/netns/udp.py echo 7 >/dev/null
bed_in spoke1 python3 tests/netns/udp.py ask "$(bed_address hub 6)" 9 100
for host in router $bed_hosts; do bed_in $host readlink /proc/self/ns/net; done >"$1.new"
echo "$work" >"$1.work"
echo "$bed_owner" >"$1.owner"
sh -c 'cut -d" " -f22 /proc/$$/stat' >"$1.time"
mv "$1.new" "$1"
case $2 in wait) sleep 1000 ;; fail) exit 1 ;; esac
END
# left FILE: how many namespaces of FILE exist. The kernel gives a number out anew as soon as it is free, to any test that makes a network
# of its own: what is in one counts if it has the bed's mark, or has no mark and was there before the bed was noted.
left() {
    for dir in /proc/[0-9]*; do
        its=$(readlink "$dir/ns/net" 2>/dev/null) && grep -Fxq "$its" "$1" || continue
        its_owner=$(tr '\0' '\n' <"$dir/environ" 2>/dev/null | sed -n 's/^LONGHAUL_BED=//p')
        its_start=$(sed 's/.*) //' "$dir/stat" 2>/dev/null | cut -d' ' -f20)
        [ "$its_owner" = "$(cat "$1.owner")" ] || { [ -z "$its_owner" ] && [ "${its_start:-0}" -le "$(cat "$1.time")" ]; } || continue
        echo "$its"
    done | sort -u | wc -l
}
unset LONGHAUL_BED
sh "$work/other.sh" "$work/first" wait & first=$!
sh "$work/other.sh" "$work/second" wait & second=$!
started="$started $first $second"
for _ in $(seq 200); do [ -e "$work/first" ] && [ -e "$work/second" ] && break; sleep 0.05; done
is "three beds at once" "$(left "$work/first") $(left "$work/second")" "4 4"
check "this one still works" bed_in spoke1 $udp ask "$(bed_address hub)" 7 1448
kill -TERM $first $(cat /proc/$first/task/$first/children); wait $first
is "ended by SIGTERM: nothing is left" "$(left "$work/first")" 0
kill -KILL $second
for _ in $(seq 50); do [ "$(left "$work/second")" != 0 ] || break; sleep 0.1; done
is "killed: nothing is left" "$(left "$work/second")" 0
# Namespaces of others: the first free numbers are those.
for _ in 1 2 3 4; do background unshare -n sleep 1000; others="${others:-} $!"; done
has_own_network() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
for pid in $others; do until_ok 10 has_own_network "$pid" || not_ok "a network of another's own"; done
is "killed: networks of others that have its numbers now are not its own" "$(left "$work/second")" 0
kill $others
rm -rf "$(cat "$work/second.work")"
sh "$work/other.sh" "$work/third" fail
is "a test that failed: nothing is left" "$(left "$work/third")" 0
check "this one is still there" bed_in spoke1 $udp ask "$(bed_address hub)" 7 1448
for host in router $bed_hosts; do bed_in $host readlink /proc/self/ns/net; done >"$work/this"
echo "$bed_owner" >"$work/this.owner"
sh -c 'cut -d" " -f22 /proc/$$/stat' >"$work/this.time"
is "it has five namespaces" "$(left "$work/this")" 5
bed_close
is "closed: nothing is left" "$(left "$work/this")" 0
own_network >"$work/after" 2>&1
is "the machine's own network is as it was" "$(diff "$work/before" "$work/after")" ""
done_testing
