# clock.sh - the date is set, this host or the receiver's sleeps, midnight and the new year pass, summer time begins and ends: the axis stays straight and
# the record says what happened. A leg that waits for its date follows the clock. Only longhaul's clocks are shifted (tests/tools/clockshift.c).
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "clocks: built without libiperf"; exit 0; }
shim=$BUILD/tests/tools/clockshift.so
python3 tests/cli/clock.py set "$work/trial" 86400 0 0 >/dev/null
there=$(CLOCKSHIFT=$work/trial LD_PRELOAD=$shim ASAN_OPTIONS=verify_asan_link_order=0 python3 -c 'import time; print(int(time.time()))')
[ "$((there - $(date +%s)))" -gt 86000 ] 2>/dev/null || { skip "clocks: cannot be shifted here (LD_PRELOAD)"; exit 0; }

first=$(ports 16)
background "$longhaul" serve -p $first-$((first + 15)) --dir "$work/received" >/dev/null 2>"$work/serve.log"
for i in $(seq 0 15); do wait_port $((first + i)) || not_ok "server listens on $((first + i))"; done

measuring() { grep -q '"event":"start"' "$work/$1"/*.journal 2>/dev/null; }
# leg NAME INDEX SECONDS [FLAG...]: with the clocks of $work/NAME.shift; its id in $leg
leg() {
    name=$1; at=$((first + $2)); seconds=$3; shift 3
    [ -e "$work/$name.shift" ] || shift_clocks $name 0 0
    CLOCKSHIFT=$work/$name.shift LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
        "$longhaul" run A B 127.0.0.1 -p $at -t $seconds -b 1M --dir "$work/$name" "$@" >"$work/$name.out" 2>"$work/$name.err" &
    leg=$!
    # from here on it measures: what is done to its clocks is done so long after its beginning
    until_ok 30 measuring $name
    began=$(date +%s.%N)
}
# shift_clocks NAME REALTIME_S BOOTTIME_S: when it was done, in seconds of the leg, is in $done_s
shift_clocks() { done_s=$(python3 tests/cli/clock.py set "$work/$1.shift" $2 $3 ${began:-0}); }
since_began() { python3 -c "print($(date +%s.%N) - $began)"; }
# straight WHAT NAME SECONDS [what was done]...
straight() { what=$1; name=$2; shift 2; python3 tests/cli/clock.py check "$what" "$work/$name" "$@" || failures=1; }

date_set() { # WAY INDEX
    leg set-$1 $2 16 $3
    sleep 2.5; shift_clocks set-$1 3600 0; first_s=$done_s; sleep 3; shift_clocks set-$1 -7200.5 0
    wait $leg
    is "the date is set, $1: exit status" $? 0
    straight "the date is set, $1" set-$1 16 step $first_s 3600 step $done_s -10800.5
}
# A date that is corrected by less than a tenth of a second is not a step.
date_slewed() {
    leg slewed 2 8
    for n in 1 2 3 4; do sleep 0.8; shift_clocks slewed 0.0$n 0; done
    wait $leg
    is "the date is slewed: exit status" $? 0
    straight "the date is slewed" slewed 8
}
# CLOCK_REALTIME and CLOCK_BOOTTIME go on while a host sleeps.
suspended() { # WAY INDEX FLAG
    leg suspended-$1 $2 36 $3
    sleep 4.5; shift_clocks suspended-$1 25 25
    wait $leg
    is "the host slept, $1: exit status" $? 4
    straight "the host slept, $1" suspended-$1 36 gap host-suspended $done_s 25
}
# Slept to beyond the end of the plan.
overslept() {
    leg overslept 5 8
    sleep 3.5; shift_clocks overslept 100 100
    wait $leg
    is "the host slept beyond the end: exit status" $? 4
    is "the host slept beyond the end: one gap to the end of the plan" "$(python3 -c "import glob,json,sys
own = json.load(open(glob.glob(sys.argv[1])[0]))['longhaul']
print([(g['cause'], round(g['start_s'] + g['seconds'], 3)) for g in own['gaps']], float(sys.argv[2]) - 2 < 8 * own['coverage'] < float(sys.argv[2]) + 0.3)" "$work/overslept/*.json" $done_s)" "[('host-suspended', 8.0)] True"
}
# The date is set, then longhaul is killed: the gap is as long as longhaul was away.
resumed() {
    leg resumed 6 20
    sleep 2.5; shift_clocks resumed 3600 0; step_s=$done_s; sleep 2; kill -KILL $leg; killed_s=$(since_began); wait $leg 2>/dev/null
    sleep 2; again_s=$(since_began); leg resumed 6 20 --resume
    wait $leg
    is "the date is set, then resumed: exit status" $? 4
    straight "the date is set, then resumed" resumed 20 gap restarted $killed_s "$(python3 -c "print($again_s - $killed_s)")" step $step_s 3600
}
# The date goes back while longhaul is stopped: for how long is unknown, but time does not run backwards.
resumed_back() {
    leg back 7 14
    sleep 3.5; kill -KILL $leg; wait $leg 2>/dev/null
    shift_clocks back -3600 0; leg back 7 14 --resume
    wait $leg
    is "the date goes back, then resumed: the axis does not" "$(python3 -c "import glob,json,sys
r = json.load(open(glob.glob(sys.argv[1])[0])); s = [i['sum'] for i in r['intervals']]
print(all(b['start'] >= a['end'] - 1e-6 for a, b in zip(s, s[1:])), abs(s[-1]['end'] - 14) < 1.5)" "$work/back/*.json")" "True True"
}
# A leg that waits for its date follows this host's clock. waits NAME INDEX IN_S SECONDS BY_S: it is to begin in IN_S seconds, and after
# three of them the clock is set by BY_S
waits() {
    shift_clocks $1 0 0
    due=$(($(date +%s) + $3))
    CLOCKSHIFT=$work/$1.shift LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 "$longhaul" run A B 127.0.0.1 -p $((first + $2)) \
        -t $4 -b 1M --dir "$work/$1" --at "$(date -u -d @$due +%Y-%m-%dT%H:%M:%S)" >"$work/$1.out" 2>"$work/$1.err" & leg=$!
    until_ok 20 says 'begins at' "$work/$1.err" || not_ok "$1: it says when it begins"
    sleep 3; shift_clocks $1 $5 0
    wait $leg; rc=$?
}
# begun NAME AT: its first second, by the clock as it was set
begun() {
    is "$1: exit status" $rc 0
    is "$1: it begins when the clock says so" "$(python3 -c "import glob,json,sys
own = json.load(open(glob.glob(sys.argv[1])[0]))['longhaul']
begun = own['first_interval_unix_us'] / 1e6 - 1 - float(sys.argv[2])
print(-0.3 < begun < 6 or begun)" "$work/$1/*.json" $2)" True
}
# The receiver's host sleeps: its own record says so, and for how long; the sender goes on in a new session.
served_asleep() { # WAY [FLAG]: UDP and TCP
    way=$1; shift
    shift_clocks asleep-$way 0 0
    own=$(ports 1)
    ( CLOCKSHIFT=$work/asleep-$way.shift LD_PRELOAD=$shim ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 exec "$longhaul" serve -p $own --dir "$work/asleep-$way" 2>"$work/asleep-$way.log" ) & sleeper=$!
    wait_port $own || not_ok "asleep, $way: it listens"
    "$longhaul" run A B 127.0.0.1 -p $own -t 60 -b 1M --dir "$work/awake-$way" "$@" >/dev/null 2>&1 & leg=$!
    received() { [ "$(cat "$work/asleep-$way/receiver"/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge $1 ]; }
    until_ok 30 received 4; began=0; shift_clocks asleep-$way 12 12
    until_ok 30 received 8
    kill -TERM $leg; wait $leg
    sleep 1
    kill -TERM $sleeper; wait $sleeper
    is "the receiver's host slept, $way" "$(python3 - "$work/asleep-$way/receiver" "$work/awake-$way" <<'PY'
import glob, json, sys
(received,), (sent,) = (glob.glob(folder + "/*.json") for folder in sys.argv[1:])
received, sent = json.load(open(received)), json.load(open(sent))
gaps, rows = received["longhaul"]["gaps"], [r["sum"] for r in received["intervals"]]
holes = [b["start"] - a["end"] for a, b in zip(rows, rows[1:]) if b["start"] - a["end"] > 0.1]
# The second one, until the client is back, is some tenths of a second.
print([g["cause"] for g in gaps][:1], {g["cause"] for g in gaps[1:]} <= {"peer-closed"}, 11.5 < gaps[0]["seconds"] < 15 or gaps,
      len(holes) == 1 and 11.5 < holes[0] < 20 or holes, {g["cause"] for g in sent["longhaul"]["gaps"]})
PY
)" "['host-suspended'] True True True {'peer-closed'}"
    is "the receiver's host slept, $way: serve says so" "$(grep -c 'this host slept' "$work/asleep-$way.log")" 1
}
date_put_forward() { waits forward 12 120 3 110; begun forward $due; }
date_put_back() { waits put-back 13 8 3 -10; begun put-back $due; }
date_put_past() { waits past 14 60 30 75; begun past $((due + 18)); }
date_put_beyond() {
    waits beyond 15 60 3 75
    like "the clock is set beyond the leg's time: it says so, and fails" "$rc $(tail -1 "$work/beyond.err")" '^1 20[0-9T:-]+Z longhaul: A->B: its start was [12][0-9] s ago$'
}
# across NAME INDEX ZONE START STAMP: 6 s over the moment
across() {
    python3 tests/cli/clock.py until "$work/$1.shift" "$4"
    TZ=$3; export TZ
    leg $1 $2 6
    wait $leg
    is "$1: exit status" $? 0
    straight "$1" $1 6 began $5
    like "$1: longhaul show" "$("$longhaul" show "$work/$1"/*.json)" ', 6 intervals'
}
berlin=CET-1CEST,M3.5.0,M10.5.0/3 auckland=NZST-12NZDT,M9.5.0,M4.1.0/3
running=
for scenario in "date_set push 0" "date_set pull 1 --pull" date_slewed "suspended push 3" "suspended pull 4 --pull" overslept resumed resumed_back \
    "served_asleep UDP" "served_asleep TCP --tcp" date_put_forward date_put_back date_put_past date_put_beyond \
    "across midnight 8 UTC0 2025-11-15_23:59:57 20251115_235957" "across new-year 9 $auckland 2027-12-31_23:59:57 20271231_235957" \
    "across summer-time 10 $berlin 2026-03-29_00:59:57 20260329_005957" "across winter-time 11 $berlin 2026-10-25_00:59:57 20261025_005957"; do
    set -- $scenario
    [ $1 = across ] && { day=${5%_*}; hour=${5#*_}; set -- "$1" "$2" "$3" "$4" "$day $hour" "$6"; }
    ( failures=0; started=; trap - EXIT; "$@" ) >"$work/log-$1-$2" 2>&1 &
    running="$running $!"
done
for pid in $running; do wait $pid; done
cat "$work"/log-*
grep -qE '^not ok|rror' "$work"/log-* && failures=1
done_testing
