# limits.sh - which clients longhaul serve accepts and what they may ask for: --allow, --max-rate, --max-duration; a port that is busy; SIGHUP.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "limits: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "limits: built without libiperf"; exit 0; }

first=$(ports 3); limited=$((first + 1)); open=$((first + 2))
background "$longhaul" serve -p $first --dir "$work/allow" --allow 127.0.0.2 --allow 127.9.0.0/16 --allow ::1 2>"$work/allow.log"
background "$longhaul" serve -p $limited --dir "$work/limit" --max-rate 5M --max-duration 4s 2>"$work/limit.log"
background "$longhaul" serve -p $open --dir "$work/open" 2>"$work/open.log"; server=$!
wait_port $first && wait_port $limited && wait_port $open || not_ok "all listen"
# ours PORT DIR FLAG...
ours() { port=$1; dir=$2; shift 2; "$longhaul" run A B 127.0.0.1 -p $port --dir "$work/$dir" "$@" >"$work/out" 2>"$work/err"; }
# stock PORT FLAG...: iperf3; one that comes in the moment between two tests tries again
stock() {
    port=$1; shift
    for _ in 1 2 3 4 5; do
        iperf3 -c 127.0.0.1 -p $port "$@" >"$work/stock" 2>&1 && return 0
        grep -qE 'Connection re|closed|busy|cookie' "$work/stock" || return 1
        sleep 0.3
    done
    return 1
}

# ---- who
ours $first in -t 1 -b 1M -B 127.0.0.2
is "--allow ADDRESS: it is served" $? 0
ours $first out -t 1 -b 1M
like "--allow: another is not" "$? $(tail -n 1 "$work/err")" "^1 "
is "--allow: another leaves no file" "$(ls "$work/out" 2>/dev/null | grep -c A-B)" 0
ours $first net -t 1 -b 1M -B 127.9.3.4
is "--allow NETWORK: it is served" $? 0
ours $first neighbour -t 1 -b 1M -B 127.10.0.1
is "--allow NETWORK: a neighbouring address is not" $? 1
stock $first -u -t 1
is "--allow: a stock client from elsewhere is not" $? 1
stock $first -u -b 1M -t 1 -B 127.0.0.2
is "--allow: a stock client from there is" $? 0
is "--allow: three tests came about" "$(grep -c 'test from' "$work/allow.log")" 3
"$longhaul" serve -p $(ports 1) --allow 10.0.0.0/33 2>"$work/err"
like "--allow: no network: misused" "$? $(cat "$work/err")" '^2 .*10\.0\.0\.0/33'

# ---- what
ours $limited slow -t 2 -b 5M
is "--max-rate: as much is served" $? 0
ours $limited fast -t 2 -b 6M
like "--max-rate: more is refused" "$? $(tail -n 1 "$work/err")" "^1 .*more bit/s than it allows"
ours $limited many -t 2 -b 3M -P 2
like "--max-rate: more by its streams is refused" "$? $(tail -n 1 "$work/err")" "^1 .*more bit/s than it allows"
ours $limited pulled -t 2 -b 6M --pull
is "--max-rate: more is refused, pulled" $? 1
ours $limited endless -t 2 -b 0
is "--max-rate: unlimited is refused" $? 1
ours $limited long -t 5 -b 1M
like "--max-duration: longer is refused" "$? $(tail -n 1 "$work/err")" "^1 .*longer than it allows"
is "what was refused leaves no file" "$(find "$work/fast" "$work/many" "$work/pulled" "$work/endless" "$work/long" -name 'A-B*' 2>/dev/null | wc -l)" 0
stock $limited -u -b 6M -t 2
like "--max-rate: a stock client that asks for more is told" "$? $(tail -n 1 "$work/stock")" "^1 .*total required bandwidth is larger"
# Its words are the client's: libiperf 3.18 has others.
stock $limited -u -b 1M -t 6
like "--max-duration: a stock client that asks for longer is told" "$? $(tail -n 1 "$work/stock")" "^1 .*duration (too long|valid values)"
stock $limited -u -b 1M -n 10M
like "--max-duration: a stock client that asks for bytes is told" "$? $(tail -n 1 "$work/stock")" "^1 .*duration (too long|valid values)"
stock $limited -u -b 1M -t 3 -O 2
like "--max-duration: what it wants omitted counts" "$? $(tail -n 1 "$work/stock")" "^1 .*duration (too long|valid values)"
stock $limited -u -b 1M -t 1
is "after all that, an honest one is served" $? 0
is "the refusals are in the log" "$(grep -c 'refused: asks for' "$work/limit.log")" 9

# ---- clients that do not do what they say; each on its own port, at the same time
at=$(ports 6)
background "$longhaul" serve -p $at-$((at + 5)) --dir "$work/lies" --max-rate 5M --max-duration 4s 2>"$work/lies.log"
wait_port $((at + 5))
lie() { timeout 60 python3 tests/cli/abuse.py lie $1 $2 >"$work/lie.$1" 2>&1; }
lie udp $at & liars=$!
lie tcp $((at + 1)) & liars="$liars $!"
lie bursts $((at + 2)) & liars="$liars $!"
lie long $((at + 3)) & liars="$liars $!"
lie minute $((at + 4)) & liars="$liars $!"
lie tcp-minute $((at + 5)) & liars="$liars $!"
for pid in $liars; do wait $pid; done
for how in udp tcp bursts minute tcp-minute; do
    like "--max-rate: one that asks for 1 Mbit/s and sends 40 ($how) is told, and ended" "$(tail -n 1 "$work/lie.$how")" '^27 after [0-9.]+ s, [0-9.]+ Mbit$'
done
like "--max-duration: one that asks for 2 s and goes on is told, and ended" "$(tail -n 1 "$work/lie.long")" '^5 after [0-9.]+ s, [0-9.]+ Mbit$'
for port in $(seq $at $((at + 5))); do
    stock $port -u -b 1M -t 1
    is "after a lie, an honest one is served" $? 0
done
is "the lies are in the log" "$(grep -c 'refused: sends faster than' "$work/lies.log") $(grep -c 'refused: takes longer' "$work/lies.log")" "5 1"

# ---- an interval that is longer than a server's patience: data come, only no row
at=$(ports 4)
background "$longhaul" serve -p $at-$((at + 3)) --dir "$work/patience" --idle 2 2>"$work/patience.log"
wait_port $((at + 3))
set -- "" --pull --tcp "--tcp --pull"
running= port=$at
for way; do
    "$longhaul" run A B 127.0.0.1 -p $port $way -b 1M -i 6 -t 7 --dir "$work/patient$port" >/dev/null 2>"$work/patient$port.err" & running="$running $!"
    port=$((port + 1))
done
for pid in $running; do
    wait $pid
    is "rows of 6 s, a server that waits for data for 2 s: exit status" $? 0
done
is "nobody was given up" "$(grep -c 'given up' "$work/patience.log")" 0

# ---- a port that somebody else listens on: waited for as long as the children of a killed server may need to go
at=$(ports 2)
background python3 -c 'import socket, sys, time; s = socket.create_server(("127.0.0.1", int(sys.argv[1]))); time.sleep(60)' $at
wait_port $at
timeout 30 "$longhaul" serve -p $at -B 127.0.0.1 2>"$work/err"
is "a port that is taken" "$? $(said "$work/err" | tail -n 1)" "1 longhaul: port $at: Address already in use"
at=$((at + 1))
python3 - $at "$longhaul" serve -p $at -B 127.0.0.1 2>"$work/err" <<'END'
import socket, subprocess, sys, time
port = int(sys.argv[1])
holder = socket.create_server(("127.0.0.1", port))
late = subprocess.Popen(sys.argv[2:])
time.sleep(0.3)
holder.close()
while late.poll() is None:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        break
    except OSError:
        time.sleep(0.02)
late.terminate()
sys.exit(late.wait())
END
is "a port that becomes free" $? 143

# ---- a busy port
"$longhaul" run A B 127.0.0.1 -p $open -t 6 -b 1M --dir "$work/holds" >/dev/null 2>&1 & holder=$!
until_ok 10 says 'test from' "$work/open.log"
ours $open busy -t 1 -b 1M
like "a busy port: says so" "$? $(tail -n 1 "$work/err")" "^1 .*busy"
# ---- SIGHUP, while a test runs
kill -HUP $server
wait $holder
is "a busy port: who has it keeps it, and SIGHUP does no harm" $? 0
is "SIGHUP: serve is there" "$(gone $server || echo there)" there
ours $open after -t 1 -b 1M
is "SIGHUP: and serves the next" $? 0
done_testing
