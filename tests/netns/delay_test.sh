# delay_test.sh - the delay of every datagram, silences and losses in a row, against what packet sockets at both ends of the path saw:
# queues of known length in a token bucket; datagrams that are dropped by their number. DELAY_ROUNDS=25: 100 silences instead of 12.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "delay"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "delay: built without libiperf"; exit 0; }
bed_make 2 || { not_ok "bed_make"; exit 1; }
rounds=${DELAY_ROUNDS:-3}

watch_both() { # INTO: captures at the sender and at the receiver
    mkdir -p "$work/$1"
    bed_start spoke1 python3 tests/netns/capture.py eth0 "$work/$1/sent" >"$work/$1/sent.log"; sent=$!
    bed_start hub python3 tests/netns/capture.py eth0 "$work/$1/got" >"$work/$1/got.log"; got=$!
    is_watching() { grep -q ready "$work/$1/sent.log" && grep -q ready "$work/$1/got.log"; }
    until_ok 10 is_watching "$1"
}
pull() { # INTO FLAGS...: a leg from spoke1 to the hub
    into=$1; shift
    watch_both "$into"
    bed_in hub "$longhaul" run --pull A B "$(bed_address spoke1)" -p 5201 -l 1448 "$@" --dir "$work/$into" >"$work/$into/run.log" 2>&1
    is "$into: exit status" $? 0
    sleep 0.3; bed_kill $sent TERM; bed_kill $got TERM
}

bed_start spoke1 "$longhaul" serve -p 5201-5202 --dir "$work/spoke" 2>"$work/serve.log"
bed_wait_port spoke1 5201

# ---- queues: bursts from elsewhere into the bucket before the hub, of 1, 5, 20 and 100 ms at its rate. It lets a datagram of
# each stream pass at once, so that no stream waits for the others all the time
if bed_in router tc qdisc add dev hub root tbf rate 20mbit burst 12000 limit 2000000 2>/dev/null; then
    cat >"$work/bursts.py" <<'PY'
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for ms in (1, 5, 20, 100):
    time.sleep(2.5)
    for _ in range(round((12000 + ms * 2500) / 1042)):  # 12 kB pass at once
        out.sendto(bytes(1000), (sys.argv[1], 9))
PY
    bed_start spoke2 sh -c "sleep 3; exec python3 $work/bursts.py $(bed_address hub)"
    pull queues -t 16
    bed_start spoke2 sh -c "sleep 3; exec python3 $work/bursts.py $(bed_address hub)"
    pull streams -t 16 -P 4 -b 2M
    bed_in router tc qdisc del dev hub root
    for into in queues streams; do python3 tests/netns/delay_truth.py queues "$work/$into" || failures=1; done
else
    skip "queues: needs a kernel with tbf"
fi

# ---- silences of 50, 120, 300 and 900 ms, and runs of 1, 2, 7 and 40, dropped by their numbers
python3 tests/netns/delay_truth.py plan $rounds >"$work/plan"
bed_nft forward "iifname spoke1 oifname hub udp length > 108 @th,160,32 { $(cut -d' ' -f1 "$work/plan" | paste -sd,) } drop"
pull losses -i 0.5 -t $((3 * rounds * 4 / 2 + 14))
cp "$work/plan" "$work/losses/"
python3 tests/netns/delay_truth.py losses "$work/losses" || failures=1
done_testing
