# host.sh - the library in a program with threads, unflushed output and functions named like libiperf's.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "host: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "host: built without libiperf"; exit 0; }
host=$BUILD/tests/host/host
port=$(ports 2)
background iperf3 -s -p $port >/dev/null 2>&1
background iperf3 -s -p $((port + 1)) >/dev/null 2>&1
wait_port $port && wait_port $((port + 1)) || not_ok "servers listen"
"$host" $port $((port + 1)) "$work/24H" "$work/unflushed" >"$work/out" 2>"$work/err"
is "host: exit status" $? 0
cat "$work/err"
is "host: its output appears once" "$(cat "$work/out")" "pending text;last text"
is "host: its file's text appears once" "$(cat "$work/unflushed")" "file text;"
done_testing
