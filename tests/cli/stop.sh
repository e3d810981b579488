# stop.sh - a signal to the whole process group, like ^C at a terminal: the measuring process may receive it before the run does. That is the
# stop: no gap before it, and one alone, "restarted", when the leg goes on.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "stop: built without libiperf"; exit 0; }
port=$(ports 2); other=$((port + 1))
background "$longhaul" serve -p $port-$other --dir "$work/serve" 2>/dev/null
wait_port $port && wait_port $other || not_ok "it listens"
gaps() { python3 -c "import glob, json, sys; print([g['cause'] for g in json.load(open(glob.glob(sys.argv[1] + '/*.json')[0]))['longhaul']['gaps']])" "$work/$1"; }
stopped() { # NAME PORT [FLAG]: the child first, the run 0.1 s later; then on to the end
    name=$1; shift
    "$longhaul" run A B 127.0.0.1 -t 8 -b 1M -i 0.1 --dir "$work/$name" -p "$@" 2>/dev/null >&2 & run=$!
    i=0; until [ "$(cat "$work/$name"/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge 10 ] || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.1; done
    kill -TERM $(cat /proc/$run/task/*/children); sleep 0.1; kill -TERM $run
    wait $run
    is "$name: exit status" $? 143
    is "$name: no gap" "$(gaps "$name")" "[]"
    "$longhaul" run A B 127.0.0.1 -t 8 -b 1M -i 0.1 --dir "$work/$name" --resume -p "$@" 2>/dev/null >&2
    is "$name, and resumed: exit status" $? 4
    is "$name, and resumed: one gap" "$(gaps "$name")" "['restarted']"
}
stopped push $port
stopped pull $other --pull
done_testing
