# gsro.sh - run --gsro: with a libiperf that has it, every datagram is counted once; with an older one the leg is refused before it starts.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "gsro: built without libiperf"; exit 0; }
port=$(ports 1)
background "$longhaul" serve -p "$port" --dir "$work/far" 2>"$work/serve.log"
wait_port "$port"
"$longhaul" run A B 127.0.0.1 -p "$port" -t 3 -b 50M -l 1400 --gsro --dir "$work/near" >"$work/out" 2>&1
status=$?
version=$("$longhaul" --version | sed -n 's/^iperf \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
if [ "${version% *}" -gt 3 ] || [ "${version#* }" -ge 21 ]; then
    is "a leg with --gsro" "$status" 0
    is "its record says so" "$(grep -o '"gsro": *true' "$work"/near/*.json | tr -d ' ')" '"gsro":true'
    is "libiperf cuts datagrams in the kernel" "$(grep -o '"gso": *1' "$work"/near/*.json | head -n 1 | tr -d ' ')" '"gso":1'
    python3 - "$work" <<'END' || failures=1
import glob, json, sys
near, far = (json.load(open(glob.glob(sys.argv[1] + part)[0])) for part in ("/near/*.json", "/far/receiver/*.json"))
sent = sum(i["sum"]["packets"] for i in near["intervals"])
rows = [i["sum"] for i in far["intervals"]]
arrived, lost = sum(r["packets"] for r in rows), sum(r["lost_packets"] for r in rows)
size = sum(r["bytes"] for r in rows) / max(1, sum(r["packets"] - r["lost_packets"] for r in rows))
good = abs(sent - arrived) <= 128 and lost <= 0.02 * sent and abs(size - 1400) < 1 and sent > 0.9 * 3 * 50e6 / 8 / 1400
print(f"{'ok' if good else 'not ok'} - {sent} datagrams of 1400 bytes were sent, {arrived} are accounted for, {lost} lost, {size:.1f} bytes each")
sys.exit(not good)
END
else
    is "a libiperf without it: the leg is refused in one line, before it starts" "$status $(grep -c '.' "$work/out") $(grep -c 'gsro: libiperf [0-9.]* cannot cut and join datagrams in the kernel; 3.21 can$' "$work/out") $(ls "$work/near" 2>/dev/null | wc -l)" "1 1 1 0"
    is "... and a topology's" "$(cat >"$work/t.json" <<'END'
{ "format": 1, "legs": ["A-B"], "defaults": { "gsro": true, "direction": "push" }, "sites": { "A": {}, "B": { "address": "192.0.2.1", "ports": 5201 } } }
END
        "$longhaul" run --config "$work/t.json" --site A --dir "$work/near" 2>&1 | grep -c 'gsro: libiperf')" 1
fi
is "--gsro for TCP is refused" "$("$longhaul" run A B 127.0.0.1 --tcp --gsro 2>&1 | grep -c 'gsro: only for UDP')" 1
done_testing
