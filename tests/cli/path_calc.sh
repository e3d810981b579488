# path_calc.sh - `longhaul path calc`: the issue's figures as printed, JSON next to text, refusals in one line.
. tests/lib.sh
# shows WHAT PATTERN FLAGS...: the output has the line
shows() { what=$1; pattern=$2; shift 2; like "$what" "$("$longhaul" path calc "$@" 2>&1)" "$pattern"; }
for row in 1:65.54:524.28 30:2.18:17.48 60:1.09:8.74 90:0.73:5.83 120:0.55:4.37; do
    IFS=: read -r rtt bytes bits <<END
$row
END
    shows "65,535 at $rtt ms: $bytes MB/s" "^window limit +$bytes MB/s " --window 65535 --rtt "${rtt}ms"
    shows "65,535 at $rtt ms: $bits Mbit/s" "^window limit +$bits Mbit/s " --window 65535 --rtt "${rtt}ms"
done
for row in 131070:34.95 262140:69.90 524280:139.81; do
    shows "${row%:*} at 30 ms: ${row#*:} Mbit/s" "^window limit +${row#*:} Mbit/s " --window "${row%:*}" --rtt 30ms
done
shows "a rate that nobody counts in Mbit/s" '^window limit +2,603 Tbit/s ' --window 65535 --scale 14 --rtt 3.3us
shows "... nor in Mbit/s, below that" '^window limit +159 Gbit/s ' --window 65535 --rtt 3.3us
shows "... and the last that is" '^window limit +87,380\.00 Mbit/s ' --window 65535 --rtt 6us
is "... and JSON is in bit/s" "$("$longhaul" path calc --json --window 65535 --rtt 3.3us | grep -c '"window_limit_bps":15887272727[0-9.]*')" 1
shows "BDP" '^bandwidth-delay product +625 MB ' --rate 10G --rtt 500ms
shows "a scale for the rate" '^smallest window scale .* 14 ' --rate 10G --rtt 0.5s
shows "scale 3" '^window, scaled +524,280 bytes ' --window 65535 --scale 3
shows "scale 14" '^window, scaled +1,073,725,440 bytes ' --window 65535 --scale 14
shows "packets per window" '^packets per window +45 ' --window 65535 --mss 1460
shows "an MSS follows from an MTU" '^packets per window +45 ' --window 65535 --mtu 1500
shows "Mathis, and its C" '^Mathis limit, C = sqrt\(3/2\) = 1\.2247 +47\.68 Mbit/s ' --mss 1460 --rtt 30ms --loss 0.01%
shows "Mathis with a C of one's own" '^Mathis limit, C as given +38\.93 Mbit/s ' --mss 1460 --rtt 30ms --loss 0.01% --mathis-c 1
shows "least RTT" '^least RTT +41\.48 ms ' --distance 4148km
shows "great circle" '^great circle +5,570 km ' --from 40.7128,-74.0060 --to 51.5074,-0.1278
shows "a datagram's packet" '^IP packet +1,414 bytes ' --mtu 1500 --datagram 1386
shows "fits 1,500" '^packets at this MTU +1 ' --mtu 1500 --datagram 1386
shows "is two where Azure fragments" '^packets where Azure fragments, at 1,400 +2 ' --mtu 1500 --datagram 1386
shows "2,000 bytes: framing of two frames" '^Ethernet framing +36 bytes ' --mtu 1500 --packet 2000
shows "a day's packets" '^packets a day +77,922,078 ' --rate 10M --datagram 1386
shows "connections" '^new connections a second .* 125\.00 /s ' --ports 30000 --time-wait 240s
is "JSON has the same figures" "$("$longhaul" path calc --json --window 65535 --rtt 1ms | python3 -c '
import json, sys
d = json.load(sys.stdin); print(d["window_limit_bps"], d["window_limit_bytes_per_s"], d["autotuning_normal_bytes"])')" "524280000.0 65535000.0 16776960.0"
# refused STATUS TEXT FLAGS...
refused() {
    text=$1; shift
    "$longhaul" path calc "$@" >"$work/out" 2>"$work/err"
    is "refused, status 2: $*" "$? $(wc -l <"$work/err") $(wc -c <"$work/out")" "2 1 0"
    like "refused, named: $*" "$(cat "$work/err")" "$text"
}
refused "--rtt '30': not like 30ms" --rtt 30
refused "--loss '0.01': not like 0.01%" --loss 0.01
refused "--rtt '0x10ms'" --rtt 0x10ms
refused "--loss '101%'" --loss 101%
refused 'nothing follows' --rtt 30ms
refused 'nothing follows'
refused "--from 'x': a place" --from x
refused "latitude 91: from -90 to 90" --from 91,0 --to 0,0
refused "'12': values must follow flags" 12
refused 'unlimited' --rate 0 --rtt 30ms
refused '^longhaul path calc: -b: "x" is not a rate: ' -b x
refused '^longhaul path calc: -t: "soon" is not a duration: ' -t soon
refused '16 bits' --window 65536 --scale 1
"$longhaul" path calc --help >"$work/out"; is "--help" "$? $(head -1 "$work/out")" "0 usage: longhaul path calc VALUES [--json]"
"$longhaul" path calc --distance 1km >/dev/full 2>"$work/err"; is "a full disk is a failure" $? 1
done_testing
