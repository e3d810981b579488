# path_test.sh - `longhaul path` against networks whose fault is known: it is named, and nothing else is; as root and as an ordinary
# user. Each fault has a spoke of its own, and all are looked at at once.
. tests/lib.sh
. tests/netns/bed.sh
. tests/host_root.sh
bed_need "path"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "path: built without libiperf"; exit 0; }
bed_make 12 || { not_ok "bed_make"; exit 1; }
chmod 755 "$work" # an ordinary user reads there
cp "$longhaul" "$work/longhaul"; chmod 755 "$work/longhaul"
host_root "$work/root" eth0

# ---- one fault for each spoke
bed_middle_mtu spoke2 hub 1400; bed_middle_mtu hub spoke2 1400
bed_middle_mtu spoke3 hub 1400; bed_middle_mtu hub spoke3 1400; bed_router_mute spoke3; bed_router_mute_hub=1
bed_middle_mtu spoke4 hub 1400; bed_middle_mtu hub spoke4 1400; bed_router_mute spoke4
bed_block spoke4 hub 'meta l4proto { icmp, ipv6-icmp }'; bed_block hub spoke4 'meta l4proto { icmp, ipv6-icmp }'
bed_block spoke5 hub 'meta l4proto udp'; bed_block hub spoke5 'meta l4proto udp'
bed_block hub spoke6 'meta l4proto udp'
bed_block spoke7 hub 'meta l4proto tcp'; bed_block hub spoke7 'meta l4proto tcp'
bed_block spoke8 hub 'numgen random mod 1000 < 20'; bed_block hub spoke8 'numgen random mod 1000 < 20'
has_rate=1; bed_rate spoke9 5mbit || has_rate=
# spoke10: a small receive buffer; spoke11: nobody serves; spoke12: IPv6 with 1400 bytes, and the router mute
bed_middle_mtu spoke12 hub 1400; bed_middle_mtu hub spoke12 1400; bed_router_mute spoke12

i=1
while [ $i -le 12 ]; do
    [ $i -eq 11 ] || bed_start hub "$longhaul" serve -p $((5200 + i)) --dir "$work/served.$i" >"$work/serve.$i" 2>&1
    i=$((i + 1))
done
i=1
while [ $i -le 12 ]; do [ $i -eq 11 ] || bed_wait_port hub $((5200 + i)); i=$((i + 1)); done

# look USER SPOKE [FLAGS...]: in the background, into $work/USER.SPOKE
look() {
    user=$1; n=$2; shift 2
    family=4; case " $* " in *" -6 "*) family=6 ;; esac
    as=; [ "$user" = root ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"
    # shellcheck disable=SC2086
    bed_start spoke$n $as "$work/longhaul" path "$(bed_address hub $family)" -p $((5200 + n)) --root "$work/root" --json "$@" >"$work/$user.$n" 2>"$work/$user.$n.err"
    looks="$looks $!"
}
# found USER SPOKE: the rules that are not ok, and the exit status
found() {
    python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(" ".join(f["rule"] + "=" + f["level"] for f in d["findings"] if f["level"] != "ok"))' "$work/$1.$2" 2>/dev/null || cat "$work/$1.$2.err"
}
fact() { python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2], {}, d))' "$work/$1.$2" "$3"; }

round() { # USER
    looks=
    look $1 1 -b 2M; look $1 2 -b 2M; look $1 3 -b 2M; look $1 4 -b 2M; look $1 5 -b 2M; look $1 6 -b 2M; look $1 7 -b 2M
    look $1 8 -b 4M -t 4; [ -z "$has_rate" ] || look $1 9 -b 10M; look $1 11 -b 2M; look $1 12 -6 -b 2M
    # shellcheck disable=SC2086
    for id in $looks; do wait $id; done
    looks=; look $1 10 -R -b 200M -w 4K; wait $looks
    is "$1: a clean path: nothing is found" "$(found $1 1)" ""
    is "$1: its path MTU is the interface's" "$(fact $1 1 'mtu["bytes"], mtu["is_black_hole"]')" "(1500.0, False)"
    is "$1: its hops are the router and the hub" "$(fact $1 1 '[h["address"] for h in hops]')" "['$(bed_address spoke1 | sed 's/2$/1/')', '$(bed_address hub)']"
    is "$1: MTU 1400 on the way" "$(found $1 2)" "path_mtu=note fragments=note"
    is "$1: MTU 1400: its size, and who said so" "$(fact $1 2 'int(mtu["bytes"]), mtu["router"], mtu["fragments_pass"]')" "(1400, '$(bed_address spoke2 | sed 's/2$/1/')', 1.0)"
    is "$1: a PMTU black hole" "$(found $1 3)" "black_hole=problem"
    is "$1: a PMTU black hole: its size" "$(fact $1 3 'int(mtu["bytes"]), mtu["router"]')" "(1400, '')"
    is "$1: a PMTU black hole where no ICMP passes" "$(found $1 4)" "black_hole=problem"
    is "$1: the same: by segments of TCP" "$(fact $1 4 'int(mtu["bytes"]), mtu["method"]')" "(1400, 'tcp')"
    is "$1: TCP passes, UDP is dropped" "$(found $1 5)" "udp_there=problem"
    is "$1: UDP is dropped on the way back alone" "$(found $1 6)" "udp_back=problem"
    is "$1: UDP passes, TCP is dropped" "$(found $1 7)" "tcp_control=problem"
    is "$1: the same: UDP's way is known to be open" "$(fact $1 7 'tcp, udp_there')" "('filtered', 'open')"
    is "$1: 2 % loss" "$(found $1 8)" "loss_there=problem loss_back=problem"
    if [ -n "$has_rate" ]; then
        is "$1: 5 Mbit/s where 10 are planned" "$(found $1 9)" "rate_there=problem rate_back=problem"
        is "$1: 5 Mbit/s: measured as 4 to 5.2" "$(fact $1 9 'all(4e6 < f["received_bps"] < 5.2e6 for f in (there, back))')" True
    else
        skip "5 Mbit/s where 10 are planned: the kernel has no tbf"
    fi
    is "$1: a receive buffer that overflows in this host" "$(found $1 10)" "host_drops=problem"
    is "$1: nobody serves" "$(found $1 11)" "tcp_control=problem"
    is "$1: nobody serves: refused" "$(fact $1 11 'tcp, udp_there')" "('refused', 'open')"
    is "$1: a PMTU black hole of IPv6" "$(found $1 12)" "black_hole=problem"
    is "$1: a PMTU black hole of IPv6: its size" "$(fact $1 12 'int(mtu["bytes"])')" 1400
}
round root
if setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$work/longhaul" 2>/dev/null; then
    round nobody
    is "nobody: echoes are not this user's, and it is said" "$(fact nobody 1 '"ping_group_range" in rtt_icmp["why"], rtt_icmp["n_received"]')" "(True, 0)"
else
    skip "path as an ordinary user: needs another user's id"
fi
done_testing
