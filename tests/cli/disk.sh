# disk.sh - a disk that is full, or a file that may not grow, in mid-run: measuring continues, rows kept in memory are written when
# there is space again, rows that could not be written are counted, and nothing is half-written. As root also on a small disk of its own.
case $(id -u),$IN_OWN_MOUNTS in
*,yes) ;;
0,) unshare -m true 2>/dev/null && IN_OWN_MOUNTS=yes exec unshare -m env IN_OWN_MOUNTS=yes sh "$0" ;;
*) unshare -rm true 2>/dev/null && exec unshare -rm env IN_OWN_MOUNTS=yes sh "$0" ;;
esac
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "full disk: built without libiperf"; exit 0; }
for tool in iperf3 prlimit python3; do command -v $tool >/dev/null || { skip "full disk: needs $tool"; exit 0; }; done

first=$(ports 9)
background "$longhaul" serve -p $first-$((first + 8)) --dir "$work/received" >/dev/null 2>"$work/serve.log"
for i in 0 1 2 3 4 5 6 7 8; do wait_port $((first + i)) || not_ok "server listens on $((first + i))"; done

# leg NAME INDEX SECONDS FOLDER [FLAG...]: in the background; its id in $leg
leg() {
    name=$1; at=$((first + $2)); seconds=$3; folder=$4; shift 4
    "$longhaul" run A B 127.0.0.1 -p $at -t $seconds -i 0.1 -b 1M --dir "$folder" "$@" >"$work/$name.out" 2>"$work/$name.err" &
    leg=$!; started="$started $leg"
}
# rows WHAT FOLDER SECONDS LEAST_LOST MOST_LOST: the one result has SECONDS in intervals of 0.1 s, of which so many are told to be lost
rows() {
    python3 - "$@" <<'PY'
import glob, json, sys
sys.path.insert(0, "tests")
import whole
what, folder, seconds, least, most = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
def check(good, said): print(("ok - " if good else "not ok - ") + f"{what}: {said}")
found = glob.glob(folder + "/*.json")
check(len(found) == 1, f"one result {found if len(found) != 1 else ''}")
r = json.load(open(found[0]))
sums, lost = [i["sum"] for i in r["intervals"]], r["longhaul"].get("lost_intervals", 0)
check(least <= lost <= most, f"{lost} intervals are told to be lost, of {least} to {most}")
there_s = sum(s["seconds"] for s in sums)
if lost == 0:
    fault = whole.fault(sums, seconds, 0.1)
    check(not fault, f"every interval is there {fault}")
else: # on a busy machine an interval is longer
    check(0.5 * (seconds - there_s) / 0.1 - 1 <= lost <= (seconds - there_s) / 0.1 + 1, f"{there_s:.2f} s of intervals and {lost} lost are {seconds} s")
check(abs(r["longhaul"]["observed_s"] - there_s) < 0.15, f"observed: {r['longhaul']['observed_s']:.2f} s")
PY
    [ $? -eq 0 ] || not_ok "$1: the result"
}
# measured FOLDER N: until its journal has so many intervals
has_rows() { [ "$(cat "$1"/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge "$2" ]; }
measured() { until_ok 60 has_rows "$@"; }
# left WHAT FOLDER ENDINGS: what is in the folder
left() { is "$1: files" "$(ls "$2" | sed 's/.*\.//' | sort | tr '\n' ' ')" "$3"; }
# received WHAT STEM-FOLDER: the receiver saw the leg to its end: measuring went on
received() {
    python3 - "$work/received/receiver/$(ls "$2" | sed -n 's/\(.*\)\.journal$/\1/p;s/\(.*\)\.json$/\1/p' | head -1).json" "$1" "$3" <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
seconds = r["end"]["sum"]["seconds"]
print(("ok" if abs(seconds - float(sys.argv[3])) < 0.5 else "not ok") + f" - {sys.argv[2]}: measuring went on, the receiver has {seconds:.1f} s")
PY
}
limit() { prlimit --pid $1 --fsize=$2; }
size() { stat -c %s "$1"/*.journal; }

# ---- a file that may not grow (RLIMIT_FSIZE); all at once
limit_back() {
    leg back 0 6 "$work/back"
    measured "$work/back" 20; limit $leg $(($(size "$work/back") + 700)):; sleep 2; limit $leg unlimited:
    wait $leg
    is "limit in mid-run, then none: exit status" $? 0
    like "limit in mid-run, then none: it is reported" "$(said "$work/back.err")" '^longhaul: .*\.journal: File too large$'
    left "limit in mid-run, then none" "$work/back" "json "
    rows "limit in mid-run, then none" "$work/back" 6 0 0
    received "limit in mid-run, then none" "$work/back" 6
}
limit_stays() {
    leg stays 1 5 "$work/stays"
    measured "$work/stays" 20; limit $leg $(($(size "$work/stays") + 700)):
    wait $leg
    is "limit in mid-run: exit status" $? 1
    like "limit in mid-run: the reason" "$(said "$work/stays.err")" '^longhaul: .*: File too large$'
    left "limit in mid-run" "$work/stays" "journal "
    received "limit in mid-run" "$work/stays" 5
    "$longhaul" recover "$work"/stays/*.journal >/dev/null 2>"$work/stays.recover"
    is "limit in mid-run: recover" "$? $(cat "$work/stays.recover")" "0 "
    left "limit in mid-run, recovered" "$work/stays" "json "
    rows "limit in mid-run, recovered" "$work/stays" 5 15 32
}
# Many streams make long rows: more than what is kept in memory.
limit_long() {
    leg long 2 36 "$work/long" -P 128 -b 8K -l 100
    measured "$work/long" 20; limit $leg $(($(size "$work/long") + 700)):; sleep 30; limit $leg unlimited:
    wait $leg
    is "limit for longer than rows can be kept: exit status" $? 4
    left "limit for longer than rows can be kept" "$work/long" "json "
    rows "limit for longer than rows can be kept" "$work/long" 36 1 290
}
# Killed while rows are kept: they are gone, and the journal says so; a resumed leg goes on counting.
limit_killed() {
    leg killed 3 10 "$work/killed"
    measured "$work/killed" 20; limit $leg $(($(size "$work/killed") + 700)):; from=$(date +%s%N); sleep 2
    kill -KILL $leg; wait $leg 2>/dev/null; away=$(($(date +%s%N) - from))
    leg resumed 3 10 "$work/killed" --resume
    wait $leg
    is "limit, then kill -9, then resumed: exit status" $? 4
    left "limit, then kill -9, then resumed" "$work/killed" "json "
    lost=$(python3 -c "import glob,json,sys; print(json.load(open(glob.glob(sys.argv[1])[0]))['longhaul'].get('lost_intervals', 0))" "$work/killed/*.json")
    check "limit, then kill -9, then resumed: the rows that were kept are told to be lost ($lost, of $((away / 100000000)))" \
        test "$lost" -ge 10 -a "$lost" -le $((away / 100000000 + 2))
}
# ---- a disk of 1 MB, as root
small_disk() { # NAME [KiB]
    mkdir -p "$work/disk-$1" && mount -t tmpfs -o size=${2:-1024}k small "$work/disk-$1"
}
fill() { dd if=/dev/zero of="$1/filler" bs=4096 conv=notrunc,fsync >/dev/null 2>&1; }
disk_back() {
    small_disk back; dir=$work/disk-back
    leg disk-back 5 6 "$dir/24H"
    measured "$dir/24H" 20; fill "$dir"; sleep 2; rm "$dir/filler"
    wait $leg
    is "full disk, then space: exit status" $? 0
    like "full disk, then space: it is reported" "$(said "$work/disk-back.err")" '^longhaul: .*\.journal: No space left on device$'
    left "full disk, then space" "$dir/24H" "json "
    rows "full disk, then space" "$dir/24H" 6 0 0
    received "full disk, then space" "$dir/24H" 6
}
disk_stays() {
    small_disk stays; dir=$work/disk-stays
    leg disk-stays 6 5 "$dir/24H"
    measured "$dir/24H" 20; fill "$dir"
    wait $leg
    is "full disk: exit status" $? 1
    like "full disk: the reason" "$(said "$work/disk-stays.err")" '^longhaul: .*: No space left on device$'
    left "full disk" "$dir/24H" "journal "
    received "full disk" "$dir/24H" 5
    "$longhaul" recover "$dir"/24H/*.journal >/dev/null 2>"$work/disk-stays.recover"
    like "full disk: recover has no space either" "$? $(cat "$work/disk-stays.recover")" '^1 longhaul: .*\.json: No space left on device$'
    left "full disk, recover without space" "$dir/24H" "journal "
    rm "$dir/filler"
    "$longhaul" recover "$dir"/24H/*.journal >/dev/null 2>"$work/disk-stays.recover"
    is "full disk, space made: recover" "$? $(cat "$work/disk-stays.recover")" "0 "
    rows "full disk, recovered" "$dir/24H" 5 12 32
}
# The journal fits and the result does not: it is not there, its journal is.
disk_result() {
    small_disk result 48; dir=$work/disk-result
    dd if=/dev/zero of="$dir/filler" bs=4096 count=4 2>/dev/null
    leg disk-result 4 5 "$dir/24H"
    wait $leg
    is "no space for the result: exit status" $? 1
    like "no space for the result: the reason" "$(said "$work/disk-result.err")" '^longhaul: .*\.json: No space left on device$'
    left "no space for the result" "$dir/24H" "journal "
    rm "$dir/filler"
    ( ulimit -f 20; "$longhaul" recover "$dir"/24H/*.journal >/dev/null 2>"$work/disk-result.recover" )
    like "a limit for recover: exit status and reason" "$? $(cat "$work/disk-result.recover")" '^1 longhaul: .*\.json: File too large$'
    left "a limit for recover" "$dir/24H" "journal "
    mv "$dir/24H" "$work/result-away"
    "$longhaul" recover "$work"/result-away/*.journal >/dev/null
    is "space for recover: exit status" $? 0
    rows "space for recover" "$work/result-away" 5 0 0
}
# One that is full at the beginning is a refusal at once.
disk_at_start() {
    small_disk start 64; dir=$work/disk-start
    mkdir "$dir/24H"; fill "$dir"
    leg disk-start 7 5 "$dir/24H"
    wait $leg
    is "full disk at the start: exit status" $? 1
    like "full disk at the start: the reason" "$(said "$work/disk-start.err")" '^longhaul: .*: No space left on device$'
    left "full disk at the start" "$dir/24H" ""
}
# The same for the receiver's record.
disk_receiver() {
    small_disk receiver; dir=$work/disk-receiver
    at=$(ports 1)
    background "$longhaul" serve -p $at --dir "$dir/24H" >/dev/null 2>"$work/receiver.log"; serve=$!
    wait_port $at
    "$longhaul" run A B 127.0.0.1 -p $at -t 6 -i 0.1 -b 1M --dir "$work/sender" >/dev/null 2>&1 & leg=$!
    measured "$dir/24H/receiver" 20; fill "$dir"; sleep 2; rm "$dir/filler"
    wait $leg
    is "the receiver's disk is full for a while: the sender's exit status" $? 0
    recorded() { ls "$dir"/24H/receiver/*.json >/dev/null 2>&1; }
    until_ok 20 recorded
    kill -TERM $serve; wait $serve
    left "the receiver's disk is full for a while" "$dir/24H/receiver" "json "
    rows "the receiver's disk is full for a while" "$dir/24H/receiver" 6 0 0
}
read_only() {
    small_disk read-only; dir=$work/disk-read-only
    mkdir "$dir/24H"; mount -o remount,ro none "$dir"
    leg read-only 8 5 "$dir/24H"
    wait $leg
    like "a folder that is read-only: exit status and reason" "$? $(said "$work/read-only.err")" '^1 longhaul: .*: Read-only file system$'
    leg read-only 8 5 "$dir/other"
    wait $leg
    like "a folder that cannot be made: exit status and reason" "$? $(said "$work/read-only.err")" '^1 longhaul: .*folder .*/other: Read-only file system$'
}

scenarios="limit_back limit_stays limit_long limit_killed"
if [ "$IN_OWN_MOUNTS" = yes ] && small_disk trial 2>/dev/null; then
    scenarios="$scenarios disk_back disk_stays disk_result disk_at_start disk_receiver read_only"
else
    skip "a small disk: needs root"
fi
running=
for scenario in $scenarios; do
    ( failures=0; started=; trap - EXIT; $scenario ) >"$work/log-$scenario" 2>&1 &
    running="$running $!"
done
for pid in $running; do wait $pid; done
cat "$work"/log-*
grep -q '^not ok' "$work"/log-* && failures=1
is "nothing says Success" "$(grep -l Success "$work"/*.err "$work"/*.recover "$work"/*.log)" ""
is "nothing half-written" "$(find "$work" -name '*.tmp*')" ""
for mounted in "$work"/disk-*; do umount "$mounted" 2>/dev/null; done
done_testing
