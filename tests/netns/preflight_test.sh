# preflight_test.sh - each way in which a leg's path can be shut is told from the others, against longhaul serve and iperf3 -s.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "preflight"
command -v iperf3 >/dev/null || { skip "preflight: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "preflight: built without libiperf"; exit 0; }
bed_make 3 || { not_ok "bed_make"; exit 1; }

# Ports 5201 and 5202 are those of the spoke; 5203 and 5204 of the other one. The hub's name is nobody's in the second file.
cat >"$work/t.json" <<END
{ "format": 1, "legs": "hub-and-spoke", "defaults": { "duration": "20s" }, "sites": {
  "WUS": { "address": "$(bed_address hub)", "ports": "5201-5204", "hub": true }, "HK": {}, "KC": {} } }
END
sed "s/$(bed_address hub)/no-such-host.invalid/" "$work/t.json" >"$work/unresolved.json"

# preflight WHAT STATUS VERDICT_OF_HK-WUS VERDICT_OF_WUS-HK
preflight() {
    bed_in spoke1 "$longhaul" preflight --config "${config:-$work/t.json}" --site HK >"$work/out" 2>"$work/err"
    is "$1: exit status" $? "$2"
    like "$1: HK->WUS" "$(grep '^HK->WUS ' "$work/out")" "^HK->WUS +$3 "
    like "$1: WUS->HK" "$(grep '^WUS->HK ' "$work/out")" "^WUS->HK +$4 "
    is "$1: nothing else is said" "$(cat "$work/err")$(grep -vE '^(HK->WUS|WUS->HK) ' "$work/out")" ""
}
shut() { bed_in router nft add rule inet bed forward "$@"; }
open_all() { bed_in router nft -f - <<'END'
flush chain inet bed forward
add rule inet bed forward iifname . oifname vmap @cut
add rule inet bed forward iifname . oifname vmap @armed
END
}

here=$(bed_address spoke1)
preflight "nobody serves" 1 "tcp refused" "tcp refused"
config=$work/unresolved.json preflight "a name that nobody has" 1 unresolved unresolved

bed_start hub "$longhaul" serve --config "$work/t.json" --site WUS --dir "$work/hub" 2>"$work/serve.log"; server=$!
bed_wait_port hub 5201 && bed_wait_port hub 5204 || not_ok "the hub listens"
servers=longhaul
while :; do
    preflight "$servers: all is open" 0 open open
    shut ip saddr "$here" udp dport 5201 drop
    shut ip daddr "$here" udp sport 5202 drop
    preflight "$servers: UDP shut there, and back" 1 "udp blocked there" "udp blocked back"
    open_all
    shut ip saddr "$here" tcp dport 5201 drop
    preflight "$servers: TCP of one leg filtered" 4 "tcp filtered" open
    open_all
    shut ip saddr "$here" udp dport 5201 reject
    bed_drop_random hub spoke1 1000; bed_arm hub spoke1
    preflight "$servers: UDP rejected; datagrams of full size do not come back" 1 "udp blocked there" "udp blocked back"
    like "$servers: and why" "$(grep '^WUS->HK' "$work/out")" "check the path MTU"
    bed_disarm hub spoke1; open_all
    bed_start spoke2 "$longhaul" run KC WUS "$(bed_address hub)" -p 5202 -t 20 --dir "$work/busy-$servers" >"$work/busy.log" 2>&1; busy=$!
    i=0; until grep -q began "$work/busy.log" || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.1; done
    preflight "$servers: one port has a test" 4 open busy
    bed_kill $busy TERM >/dev/null
    [ $servers = longhaul ] || break
    bed_kill $server TERM
    servers=iperf3
    for port in 5201 5202; do bed_start hub iperf3 -s -p $port >/dev/null 2>&1; done
    bed_wait_port hub 5201 && bed_wait_port hub 5202 || not_ok "the hub listens"
done
bed_in spoke1 "$longhaul" preflight --config "$work/t.json" --leg HK-WUS -t 1 --json >"$work/out"
is "--leg, --json: exit status" $? 0
is "--json: what it says" "$(python3 -c "
import json, sys
d = json.load(open(sys.argv[1])); leg, = d['legs']
print(leg['source'], leg['destination'], leg['port'], leg['verdict'], leg['open'], leg['there_packets'] > 50, leg['back_lost_packets'])" "$work/out")" \
    "HK WUS 5201 open True True 0"
is "no record of it is left" "$(find "$work/hub/receiver" -type f ! -name "KC-*" 2>/dev/null | wc -l)" 0
done_testing
