# path_test.sh - `longhaul path` against networks whose fault is known: it is named, and nothing else is; as root and as an ordinary
# user. Each fault has a spoke of its own, and all are looked at at once.
. tests/lib.sh
. tests/netns/bed.sh
. tests/host_root.sh
bed_need "path"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "path: built without libiperf"; exit 0; }
bed_make 14 || { not_ok "bed_make"; exit 1; }
mkdir "$work/open" && chmod 755 "$work" "$work/open" # an ordinary user reads there
cp "$longhaul" "$work/open/longhaul" && chmod 755 "$work/open/longhaul"
host_root "$work/open/root" eth0
users=root
if setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$work/open/longhaul" 2>/dev/null; then
    users="root nobody"
else
    skip "path as an ordinary user: needs another user's id"
fi

# ---- one fault for each spoke; 1 has none, at 11 nobody serves, 10 (root's) and 13 are looked at with a small receive buffer
middle() { bed_middle_mtu "$1" hub 1400; bed_middle_mtu hub "$1" 1400; }
block() { bed_block "$1" hub "$2"; bed_block hub "$1" "$2"; }
middle spoke2
middle spoke3; bed_router_mute spoke3
middle spoke4; bed_router_mute spoke4; block spoke4 'meta l4proto { icmp, icmpv6 }'
block spoke5 'meta l4proto udp'
bed_block hub spoke6 'meta l4proto udp'
block spoke7 'meta l4proto tcp'
block spoke8 'numgen inc mod 50 0'
has_rate=1; bed_rate spoke9 5mbit && bed_rate spoke14 5mbit || has_rate=
middle spoke12; bed_router_mute spoke12

# ---- who looks, with which flags; each from a port of its own
first=5200
for user in $users; do
    for n in 1 2 3 4 5 6 7 8 9 10 12; do
        # To a plain server each probe by TCP is a client that it turns away.
        if [ $n -eq 4 ] && command -v iperf3 >/dev/null; then bed_start hub iperf3 -s -p $((first + n)) >"$work/serve.$user.$n" 2>&1; continue; fi
        bed_start hub "$longhaul" serve -p $((first + n)) --dir "$work/served.$user.$n" >"$work/serve.$user.$n" 2>&1
    done
    first=$((first + 100))
done
# A server that gives up every few seconds and resets all that wait for it, as iperf3 3.18 does after its time for the first of them.
bed_start hub python3 -c 'import socket, time
while True:
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("", 5213))
        s.listen(64)
        time.sleep(6)'
bed_wait_port hub 5213
first=5200
for user in $users; do for n in 1 2 3 4 5 6 7 8 9 10 12; do bed_wait_port hub $((first + n)); done; first=$((first + 100)); done

# look USER FAULT SPOKE [FLAGS...]: in the background, into $work/USER.FAULT
look() {
    user=$1; fault=$2; from=$3; shift 3
    family=4; case " $* " in *" -6 "*) family=6 ;; esac
    as= port=$((5200 + fault)); [ "$user" = root ] || { as="setpriv --reuid 65534 --regid 65534 --clear-groups"; port=$((port + 100)); }
    # shellcheck disable=SC2086
    bed_start "$from" $as "$work/open/longhaul" path "$(bed_address hub $family)" -p $port --root "$work/open/root" --json "$@" \
        >"$work/$user.$fault" 2>"$work/$user.$fault.err"
    eval "look_${user}_$fault=$!"
}
for user in $users; do
    tbf=spoke9 small=spoke10; [ $user = root ] || { tbf=spoke14; small=spoke13; }
    for n in 1 2 3 4 5 6 7 11; do look $user $n spoke$n -b 2M; done
    look $user 8 spoke8 -b 4M -t 4
    [ -z "$has_rate" ] || look $user 9 $tbf -b 10M
    look $user 12 spoke12 -6 -b 2M
done
look root 13 spoke4 --no-flows --no-hops

# found USER FAULT: the rules that are not ok, and the exit status
found() {
    python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(" ".join(f["rule"] + "=" + f["level"] for f in d["findings"] if f["level"] != "ok"))' "$work/$1.$2" 2>/dev/null || cat "$work/$1.$2.err"
}
fact() { python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2], d))' "$work/$1.$2" "$3"; }
# finds USER FAULT STATUS RULES WHAT: waits for it, then: these rules and no others, and the exit status
finds() {
    eval "id=\$look_$1_$2"
    wait "$id"; status=$?
    is "$1: $5" "$(found "$1" "$2"), exit status $status" "$4, exit status $3"
}
router() { bed_address "$1" | sed 's/2$/1/'; }

for user in $users; do
    finds $user 1 0 "" "a clean path: nothing is found"
    is "$user: its path MTU is the interface's" "$(fact $user 1 'mtu["bytes"], mtu["is_black_hole"]')" "(1500.0, False)"
    is "$user: its hops are the router and the hub" "$(fact $user 1 '[h["address"] for h in hops]')" "['$(router spoke1)', '$(bed_address hub)']"
    is "$user: round trips by TCP, and within a transfer" "$(fact $user 1 'rtt_tcp["n_received"] == 10 and 0 < rtt_tcp["min_ms"] and transfer["rtt_ms"] > 0')" True
    finds $user 2 0 "path_mtu=note fragments=note" "MTU 1400 on the way"
    is "$user: MTU 1400: its size, and who said so" "$(fact $user 2 'int(mtu["bytes"]), mtu["router"], mtu["fragments_pass"]')" "(1400, '$(router spoke2)', 1.0)"
    finds $user 3 3 "black_hole=problem" "a PMTU black hole"
    is "$user: a PMTU black hole: its size" "$(fact $user 3 'int(mtu["bytes"]), mtu["router"]')" "(1400, '')"
    finds $user 4 3 "black_hole=problem" "a PMTU black hole where no ICMP passes"
    is "$user: the same: by TCP segments" "$(fact $user 4 'int(mtu["bytes"]), mtu["method"]')" "(1400, 'tcp')"
    finds $user 5 3 "udp_there=problem" "TCP passes, UDP is dropped"
    hub="$(bed_address hub)"; [ $user = root ] || hub= # an ordinary user's echoes are forbidden here
    is "$user: the peer is a hop all the same, by echoes" "$(fact $user 5 '([h["address"] for h in hops] + [""])[1]')" "$hub"
    finds $user 6 3 "udp_back=problem" "UDP is dropped on the way back alone"
    finds $user 7 3 "tcp_control=problem" "UDP passes, TCP is dropped"
    is "$user: the same: UDP's way is known to be open" "$(fact $user 7 'tcp, udp_there')" "('filtered', 'open')"
    finds $user 8 3 "loss_there=problem loss_back=problem" "2 % loss"
    is "$user: 2 % loss: measured within five standard deviations" "$(fact $user 8 'all(abs(f["lost_packets"] / f["sent_packets"] - 0.02) < 5 * (0.02 * 0.98 / f["sent_packets"]) ** 0.5 for f in (there, back))')" True
    if [ -n "$has_rate" ]; then
        finds $user 9 3 "rate_there=problem rate_back=problem delay_back=note" "5 Mbit/s where 10 are planned"
        is "$user: 5 Mbit/s: measured as 4 to 5.2" "$(fact $user 9 'all(4e6 < f["received_bps"] < 5.2e6 for f in (there, back))')" True
    else
        skip "5 Mbit/s where 10 are planned: the kernel has no tbf"
    fi
    finds $user 11 3 "tcp_control=problem" "nobody serves"
    is "$user: nobody serves: refused" "$(fact $user 11 'tcp, udp_there')" "('refused', 'open')"
    finds $user 12 3 "black_hole=problem" "a PMTU black hole of IPv6"
    is "$user: a PMTU black hole of IPv6: its size" "$(fact $user 12 'int(mtu["bytes"])')" 1400
done
finds root 13 3 "black_hole=problem" "a PMTU black hole, and a server that resets connections by itself"
is "root: the same: by TCP segments" "$(fact root 13 'int(mtu["bytes"]), mtu["method"]')" "(1400, 'tcp')"
# It takes the CPUs: alone, one after the other.
for user in $users; do
    small=spoke10; [ $user = root ] || small=spoke13
    look $user 10 $small -R -b 200M -w 4K --no-hops
    finds $user 10 3 "host_drops=problem" "a receive buffer that overflows in this host"
    is "$user: the same: the network lost nothing" "$(fact $user 10 'back["lost_packets"] == back["host_lost_packets"] > 100')" True
done
case $users in *nobody*)
    is "nobody: echoes are not this user's, and it is said" "$(fact nobody 1 '"ping_group_range" in rtt_icmp["why"], rtt_icmp["n_received"]')" "(True, 0)" ;;
esac
# The peer's answers by UDP are limited: alone, so that nobody else uses them up. Echoes are not limited.
is "root: the last hop has the echoes' figures" "$(fact root 1 '[(h["n_sent"], h["loss"]) for h in hops], [hops[1][x + "_ms"] for x in ("best", "mean", "worst")] == [rtt_icmp[x + "_ms"] for x in ("min", "mean", "max")]')" "([(4, 0.0), (20, 0.0)], True)"
if [ "$users" != root ]; then
    look nobody 1 spoke1 -b 2M -c 3 --no-flows
    finds nobody 1 0 "" "without echoes: nothing is found"
    is "nobody: the router and the peer answer each probe that counts" "$(fact nobody 1 '[(h["n_sent"], h["loss"], h["best_ms"] <= h["mean_ms"] <= h["worst_ms"]) for h in hops]')" "[(4, 0.0, True), (4, 0.0, True)]"
fi
# With a group that may send echoes an ordinary user does.
if [ "$users" != root ]; then
    bed_in spoke1 sh -c 'echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range'
    look nobody 1 spoke1 -b 2M --no-mtr --no-flows
    finds nobody 1 0 "" "where everybody may send echoes: nothing is found"
    is "nobody: echoes by a datagram socket" "$(fact nobody 1 'rtt_icmp["n_received"], mtu["method"], hops_by')" "(20, 'icmp', 'udp')"
    is "nobody: --no-mtr is accepted, and the hops are the same" "$(fact nobody 1 '[h["address"] for h in hops]')" "['$(router spoke1)', '$(bed_address hub)']"
fi
done_testing
