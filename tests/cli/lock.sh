# lock.sh - two runs with one stem exclude each other: started in the same second, resumed while it runs, recovered while it runs, resumed
# twice at once; the owner of the journal continues undisturbed.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "lock: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "lock: built without libiperf"; exit 0; }

port=$(ports 2); other=$((port + 1))
background "$longhaul" serve -p $port-$other --dir "$work/serve" 2>/dev/null
wait_port $port && wait_port $other || not_ok "it listens"
# run DIR PORT SECONDS FLAG...: in the background; what it says is in $work/DIR.PORT
run() { dir=$1; at=$2; for_s=$3; shift 3; "$longhaul" run A B 127.0.0.1 -p $at -t "$for_s" -b 1M -i 0.1 --dir "$work/$dir" "$@" >"$work/$dir.$at" 2>&1 & id=$!; }
rows() { cat "$work/$1"/*.journal 2>/dev/null | grep -c '"event":"interval"'; }
await() { i=0; until [ "$(rows "$1")" -ge "$2" ] || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.1; done; }

# Both want the name of this second: in one of these tries they are begun within it.
for try in 1 2 3 4 5; do
    python3 -c 'import time; time.sleep(1.05 - time.time() % 1)'
    run same$try $port 2; one=$id
    run same$try $other 2; two=$id
    wait $one; status_one=$?; wait $two; status_two=$?
    [ "$(ls "$work/same$try" | wc -l)" -eq 1 ] && break
done
is "two of one second: one runs, the other does not" "$(printf '%s\n' $status_one $status_two | sort | tr '\n' ' ')" "0 1 "
like "two of one second: it says why" "$(cat "$work/same$try".*)" "A-B-1M_2S_[0-9_]*\.journal: (another process is writing it|File exists)"
is "two of one second: one result" "$(ls "$work/same$try" | sed 's/.*\.//')" json

run held $port 6; holder=$id
await held 5
run held $other 6 --resume; wait $id
like "--resume while it runs: refused" "$? $(cat "$work/held.$other")" "^1 .*\.journal: another process is writing it"
"$longhaul" recover "$work"/held/*.journal >"$work/out" 2>&1
like "recover while it runs: refused" "$? $(cat "$work/out")" "^1 .*\.journal: another process is writing it"
wait $holder
is "who has it goes on: exit status" $? 0
is "who has it goes on: every interval is there" "$(python3 tests/whole.py "$work"/held/*.json 6 0.1)" whole
is "who has it goes on: one result, and nothing else" "$(ls "$work/held" | sed 's/.*\.//' | tr '\n' ' ')" "json "

# A journal that was left, and two that would go on in it.
run left $port 8; killed=$id
await left 5
kill -KILL $killed; wait $killed 2>/dev/null
run left $port 8 --resume; one=$id
run left $other 8 --resume; two=$id
wait $one; status_one=$?; wait $two; status_two=$?
is "two that resume: one goes on with a gap, the other does not" "$(printf '%s\n' $status_one $status_two | sort | tr '\n' ' ')" "1 4 "
is "two that resume: one result, and nothing else" "$(ls "$work/left" | sed 's/.*\.//' | tr '\n' ' ')" "json "
done_testing
