# delay_test.sh - the delay of every datagram, silences and losses in a row, against what packet sockets at both ends of the path saw, and irtt:
# queues of known length in a token bucket; datagrams that are dropped by their number. DELAY_ROUNDS=25: 100 silences instead of 12.
# DELAY_QUIET=600: ten quiet minutes as well.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "delay"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "delay: built without libiperf"; exit 0; }
bed_make 2 || { not_ok "bed_make"; exit 1; }
rounds=${DELAY_ROUNDS:-3}

watch_both() { # INTO: captures at both ends
    mkdir -p "$work/$1"
    bed_start spoke1 python3 tests/netns/capture.py eth0 "$work/$1/spoke" >"$work/$1/spoke.log"; at_spoke=$!
    bed_start hub python3 tests/netns/capture.py eth0 "$work/$1/hub" >"$work/$1/hub.log"; at_hub=$!
    is_watching() { grep -q ready "$work/$1/spoke.log" && grep -q ready "$work/$1/hub.log"; }
    until_ok 10 is_watching "$1"
}
is_late=
# What a busy machine reads late has room.
room=; [ "$(cat /proc/sys/net/core/rmem_max)" -lt 2097152 ] || [ "$(cat /proc/sys/net/core/wmem_max)" -lt 2097152 ] || room="-w 2M"
measure() { # INTO FLAGS...: a leg between the hub and spoke1, started at the hub
    into=$1; shift
    watch_both "$into"
    # shellcheck disable=SC2086
    bed_start hub "$longhaul" run A B "$(bed_address spoke1)" -p 5201 -l 1448 $room "$@" --dir "$work/$into" >"$work/$into/run.log" 2>&1; leg=$!
    while [ -n "$is_late" ] && kill -0 $leg 2>/dev/null; do
        sleep 0.26; bed_stop_process $leg 2>/dev/null; sleep 0.04; bed_continue $leg 2>/dev/null
    done
    wait $leg
    is "$into: exit status" $? 0
    sleep 0.3; bed_kill $at_spoke TERM; bed_kill $at_hub TERM
}
truth() { # KIND NAME RESULT INTO FROM TO
    python3 tests/netns/delay_truth.py "$1" "$2" "$3" "$work/$4/$5" "$work/$4/$6" "$BUILD/tests/tools/delay_quantiles" || failures=1
}

bed_start spoke1 "$longhaul" serve -p 5201-5202 --dir "$work/spoke" 2>"$work/serve.log"
bed_wait_port spoke1 5201 && bed_wait_port spoke1 5202

# ---- queues: bursts from elsewhere into the buckets before the hub and before the spoke, of 1, 5, 20 and 100 ms at their rate. They let
# a datagram of each stream pass at once, so that no stream waits for the others all the time. Both directions at once.
bucket() { bed_in router tc qdisc add dev "$1" root tbf rate 20mbit burst 12000 limit 2000000 2>/dev/null; }
bursts() { # MS...
    bed_start spoke2 sh -c "sleep 2; exec python3 $work/bursts.py $(bed_address hub) $(bed_address spoke1) $*"
}
received() { # INTO: the spoke's record of what was sent to it while INTO ran
    is_recorded() { [ "$(ls "$work"/spoke/receiver/*.json 2>/dev/null | wc -l)" -eq 1 ]; }
    until_ok 10 is_recorded || not_ok "$1: the spoke has a record"
    mv "$work"/spoke/receiver/*.json "$work/$1/spoke.json"
}
probe() { # FROM TO: irtt measures the same queue by 200 packets a second
    bed_start "$2" irtt server -b "$(bed_address "$2"):2112" -i 1ms -l 0 >"$work/irtt-$2.log" 2>&1
    bed_start "$1" sh -c "sleep 2; exec irtt client -i 5ms -d 10.5s -l 1448 -q -o $work/irtt-to-$2.json $(bed_address "$2")" >"$work/irtt-$1.log" 2>&1
}
if bucket hub && bucket spoke1; then
    cat >"$work/bursts.py" <<'PY'
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for ms in map(int, sys.argv[3:]):
    time.sleep(2)
    for _ in range(round((12000 + ms * 2500) / 1042)):  # 12 kB pass at once
        for address in sys.argv[1:3]:
            out.sendto(bytes(1000), (address, 9))
PY
    command -v irtt >/dev/null && { probe spoke1 hub; probe hub spoke1; }
    bursts 1 5 20 100; measure one --both -t 12; received one
    bursts 1 5 20 100; measure four --both -t 12 -P 4 -b 2M; received four
    # A host that reads late: for 40 ms of each 300, and so at the end of some seconds. The arrivals are the kernel's all the same.
    bursts 20 100; is_late=yes; measure late --pull -t 10 -P 4 -b 2M; is_late=
    bed_in router tc qdisc del dev hub root
    bed_in router tc qdisc del dev spoke1 root
    for into in one four; do
        truth queues "$into, to the hub" "$work/$into"/B-A-*.json $into spoke hub
        truth queues "$into, to the spoke" "$work/$into/spoke.json" $into hub spoke
    done
    if command -v irtt >/dev/null; then
        python3 tests/netns/delay_truth.py irtt "to the hub" "$work"/one/B-A-*.json "$work/irtt-to-hub.json" "$work/one/spoke" || failures=1
        python3 tests/netns/delay_truth.py irtt "to the spoke" "$work/one/spoke.json" "$work/irtt-to-spoke1.json" "$work/one/hub" || failures=1
    else
        skip "the delays of irtt: needs irtt"
    fi
    truth queues "late" "$work"/late/A-B-*.json late spoke hub
else
    skip "queues: needs a kernel with tbf"
fi

# ---- silences of 50, 120, 300 and 900 ms, and runs of 1, 2, 7 and 40, dropped by their numbers
python3 tests/netns/delay_truth.py plan $rounds >"$work/plan"
bed_nft forward "iifname spoke1 oifname hub udp length > 108 @th,160,32 { $(cut -d' ' -f1 "$work/plan" | paste -sd,) } drop"
measure losses --pull -i 0.5 -t $((3 * rounds * 4 / 2 + 8))
truth losses "$work/plan" "$work"/losses/A-B-*.json losses spoke hub

# ---- by hand, DELAY_QUIET=600: nothing is dropped for so many seconds
if [ -n "${DELAY_QUIET:-}" ]; then
    bed_in router nft delete table inet bed_path
    : >"$work/none"
    measure quiet --pull -t "$DELAY_QUIET"
    truth losses "$work/none" "$work"/quiet/A-B-*.json quiet spoke hub
fi
done_testing
