# way.sh - who sends to whom: a run says it before it begins, and refuses what this host's name or addresses contradict. In a network and a
# UTS namespace of its own, in which nothing answers.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "way: built without libiperf"; exit 0; }
unshare -rnu true 2>/dev/null || { skip "way: no namespaces here"; exit 0; }
# at NAME ARGS...: longhaul run on a host of this name with the address 192.0.2.1
at() {
    name=$1; shift
    timeout 60 unshare -rnu sh -c 'hostname "$1"; shift; ip link set lo up; ip addr add 192.0.2.1/32 dev lo; ip route add 192.0.2.0/24 dev lo; exec "$@"' sh "$name" "$longhaul" run "$@" --dir "$work/24H" >"$work/out" 2>"$work/err"
    echo "$? $(said "$work/err" | head -1)"
}
like "the mistake of everybody: sent from HK as WUS->HK" "$(at HK WUS HK 192.0.2.2)" \
    '^2 longhaul run: this host is HK, so WUS->HK is received here: longhaul run WUS HK 192\.0\.2\.2 --pull; or, to send: longhaul run HK WUS 192\.0\.2\.2 \(longhaul run --help\)$'
is "... one line, and nothing was begun" "$(grep -c '' "$work/err") $(ls "$work/24H" 2>/dev/null)" "1 "
like "... in small letters, and with a domain" "$(at hk.example.net WUS HK 192.0.2.2)" '^2 .*this host is HK'
like "pulled, but this host is the source" "$(at HK HK WUS 192.0.2.2 --pull)" '^2 .*this host is HK, so HK->WUS is sent from here: longhaul run HK WUS 192\.0\.2\.2, without --pull; or, to receive: longhaul run WUS HK 192\.0\.2\.2 --pull '
like "--both from the other end" "$(at HK WUS HK 192.0.2.2 --both)" '^2 .*this host is HK: longhaul run HK WUS 192\.0\.2\.2 --both '
like "a name that says nothing: one line says who sends" "$(at vm-17 WUS HK 192.0.2.9)" '^1 this host \(vm-17\) sends to 192\.0\.2\.9; recorded as WUS->HK$'
like "... pulled" "$(at vm-17 WUS HK 192.0.2.9 --pull)" '^1 192\.0\.2\.9 sends to this host \(vm-17\); recorded as WUS->HK$'
like "... both" "$(at vm-17 WUS HK 192.0.2.9 --both)" '^1 this host \(vm-17\) sends to 192\.0\.2\.9, recorded as WUS->HK, and receives from it, recorded as HK->WUS$'
like "a name that agrees: no such line" "$(at HK HK WUS 192.0.2.9)" '^1 longhaul: HK->WUS: 192\.0\.2\.9 port 5201: '
like "both ends are here: no such line" "$(at HK WUS HK 127.0.0.1)" '^1 longhaul: WUS->HK: 127\.0\.0\.1 port 5201: Connection refused$'
like "... by this host's own address" "$(at HK WUS HK 192.0.2.1)" '^1 longhaul: WUS->HK: 192\.0\.2\.1 port 5201: Connection refused$'
like "a network without a route" "$(at HK HK WUS 203.0.113.1)" '^1 longhaul: HK->WUS: 203\.0\.113\.1 port 5201: Network is unreachable$'
# Whoever does not answer is given up within the patience for a first connection, and not twice that.
since=$(date +%s%N)
like "a host that does not answer" "$(at HK HK WUS 192.0.2.2)" '^1 longhaul: HK->WUS: 192\.0\.2\.2 port 5201: '
echo "# given up after $((($(date +%s%N) - since) / 1000000)) ms: $(said "$work/err")"
check "... is tried once, not twice" test $((($(date +%s%N) - since) / 1000000)) -lt 7500
# A topology: this host has the address of another site.
cat >"$work/t.json" <<'JSON'
{ "format": 1, "sites": { "HK": { "address": "192.0.2.2", "ports": "5201-5202" }, "WUS": { "hub": true, "address": "192.0.2.1", "ports": "5201-5202" } },
  "legs": "hub-and-spoke", "defaults": { "duration": "10s" } }
JSON
"$longhaul" plan "$work/t.json" >/dev/null 2>"$work/err" || sed 's/^/# /' "$work/err"
like "another site's address: refused, with the right command" "$(at vm-17 --config "$work/t.json" --site HK)" '^2 longhaul run: this host has 192\.0\.2\.1, the address of WUS, not of HK: longhaul run --config .*/t\.json --site WUS '
like "... with --leg alone" "$(at vm-17 --config "$work/t.json" --leg HK-WUS)" '^2 .*this host has 192\.0\.2\.1, the address of WUS, not of HK'
# Addresses that are names: this host's own is known, with and without its domain; another's, which would have to be looked up, is not.
sed 's/192\.0\.2\.1"/wus.example.net"/; s/192\.0\.2\.2"/hk.example.net"/' "$work/t.json" >"$work/names.json"
for host in wus WUS.example.net; do
    like "$host: the name of another site: refused" "$(at $host --config "$work/names.json" --site HK)" '^2 longhaul run: this host has wus\.example\.net, the address of WUS, not of HK: '
done
for host in wus.elsewhere.net wu wus2 hk vm-17 hk.example.net; do
    is "$host: not refused" "$(at $host --config "$work/names.json" --site HK | grep -c '^2 \|the address of')" 0
done
like "the peer is this host, by its name: no line about who sends" "$(at vm-17 WUS HK vm-17)" '^1 longhaul: WUS->HK: '
done_testing
