# log.sh - the lines that run and serve write: when, where and which leg; what a stopped run says, and what the same command does next to
# the journal that it left.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "log: built without libiperf"; exit 0; }
utc='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z'
port=$(ports 3)
serve() { background "$longhaul" serve -p $port,$((port + 1))-$((port + 2)) -B 127.0.0.1 --dir "$work/received" --allow 127.0.0.0/8 2>>"$work/serve.log"; server=$!; wait_port $port || not_ok "it listens"; }
serve
run() { "$longhaul" run HK WUS 127.0.0.1 -p $port -b 1M "$@"; }
# begin FILE FLAGS...: the same in the background; a shell makes its jobs ignore SIGINT, so they are ended by SIGTERM
begin() { to=$1; shift; background "$longhaul" run HK WUS 127.0.0.1 -p $port -b 1M "$@" >/dev/null 2>"$to"; pid=$!; }
at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
run -t 2 --dir "$work/two" >"$work/out" 2>"$work/err"
is "a run: exit status" $? 0
like "its line has the time in UTC" "$(cat "$work/err")" "^$utc HK->WUS began$"
check "... which is now" test "$at" = "$(printf '%s\n%s\n' "$at" "$(cut -c1-20 "$work/err")" | sort | head -1)"
is "the result has none: it is the output" "$(grep -cE "^$utc" "$work/out")" 0
until_ok 10 says 'ended after' "$work/serve.log"
is "serve: every line has the time" "$(grep -vcE "^$utc " "$work/serve.log")" 0
is "serve says where it listens" "$(said "$work/serve.log" | head -1)" "listening on 127.0.0.1, ports $port-$((port + 2))"
is "serve names the leg in each line of a test" "$(said "$work/serve.log" | grep -cE "^port $port: HK->WUS: (test from 127.0.0.1|recorded in .*|ended after 2 intervals, .*)$")" 3
like "... and what arrived" "$(said "$work/serve.log" | tail -n 1)" "^port $port: HK->WUS: ended after 2 intervals, [0-9]+ bytes, [01]\.[0-9]{3} Mbps, lost 0 \(0\.0000%\), delay p99 [0-9.]+ ms$"
begin "$work/err" -t 40 --dir "$work/killed"
until_ok 20 ls "$work"/killed/HK-WUS-*.journal >/dev/null 2>&1; until_ok 20 grep -qs '"event":"interval"' "$work"/killed/HK-WUS-*.journal
kill -KILL $pid; wait $pid 2>/dev/null
killed_is_told() { said "$work/serve.log" | grep -q "^port $port: HK->WUS: ended after .* ([0-9.]*%).* before the last arrival: "; }
until_ok 20 killed_is_told
like "a client that was killed: how it ended, in plain words" "$(said "$work/serve.log" | tail -n 1)" "^port $port: HK->WUS: ended after [0-9]+ intervals?, [0-9]+ bytes, [01]\.[0-9]{3} Mbps, lost 0 \(0\.0000%\), delay p99 [0-9.]+ ms before the last arrival: (the client closed the connection|the client broke off)$"
command -v iperf3 >/dev/null && iperf3 -c 127.0.0.1 -p $port -t 1 >/dev/null 2>&1
command -v iperf3 >/dev/null && { until_ok 10 says "port $port: test from" "$work/serve.log"; like "... and none where the client gives none" "$(said "$work/serve.log" | tail -n 2)" "^port $port: test from 127.0.0.1$"; }
run -t 1 --dir "$work/two" --metrics "$work/none/x" 2>"$work/err"
like "a failure has the time, too" "$(cat "$work/err")" "^$utc longhaul: .*/none/x: No such file"
# systemd's journal: the numbers are those of this stderr, or of another file, or no numbers.
for way in "same 0" "other 1" "broken 1"; do
    set -- $way
    : >"$work/journal"
    numbers=$(stat -L -c %d:%i "$work/journal")
    case $1 in other) numbers=${numbers%:*}:1 ;; broken) numbers=$numbers.9 ;; esac
    JOURNAL_STREAM=$numbers run -t 1 --dir "$work/two" >/dev/null 2>>"$work/journal"
    is "JOURNAL_STREAM, $1: the time is there $2 times" "$(grep -c '' "$work/journal") $(grep -cE "^$utc" "$work/journal")" "1 $2"
done
python3 - "$longhaul" $port "$work/two" <<'PY' || failures=1
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execv(sys.argv[1], [sys.argv[1], "run", "HK", "WUS", "127.0.0.1", "-p", sys.argv[2], "-b", "1M", "-t", "1", "--dir", sys.argv[3]])
said = b""
try:
    while chunk := os.read(fd, 4096):
        said += chunk
except OSError:
    pass
os.waitpid(pid, 0)
good = said.startswith(b"HK->WUS began\r\n")
print(("ok" if good else "not ok") + " - a terminal: no time" + ("" if good else ": %r" % said))
sys.exit(not good)
PY

# A run is stopped, and the server away for a while.
measured() { grep -qs '"event":"interval"' "$1"/HK-WUS-*.journal; }
begin "$work/err" -t 40 --dir "$work/it's here"
until_ok 20 measured "$work/it's here"
kill $server; wait $server 2>/dev/null; sleep 3; serve
until_ok 20 says 'resumed after' "$work/err"
like "a leg that the server left goes on" "$(said "$work/err")" '^HK->WUS resumed after ([2-9](\.[0-9])?|1[0-9]) s$'
kill $pid; wait $pid
is "stopped: exit status" $? 143
like "the last line says how to go on" "$(tail -n 1 "$work/err")" "^$utc longhaul: to continue: .*/longhaul run --resume .*'"
tail -n 1 "$work/err" | sed 's/.*to continue: //' >"$work/command"
before=$(cd "$work/it's here" && cksum *)
run -t 40 --dir "$work/it's here" >"$work/out" 2>"$work/err"
is "the same again: misused" "$? $(grep -c '' "$work/err")" "2 1"
like "... and asks for --resume or --new" "$(cat "$work/err")" "^$utc longhaul run: HK->WUS: .*it's here/HK-WUS-1M_40S_[0-9_]*\.journal is an open record, planned until $utc: --resume .* --new .*\(longhaul run --help\)$"
is "... and changed nothing" "$(cd "$work/it's here" && cksum *)" "$before"
run -t 1 --resume --new >/dev/null 2>"$work/err"; is "--resume and --new exclude each other" $? 2
run -t 2 --dir "$work/it's here" >/dev/null 2>"$work/err"; is "another length is another leg" $? 0
"$longhaul" run HK WUS 127.0.0.1 -p $port -b 1M -t 40 --both --dir "$work/it's here" >/dev/null 2>"$work/err"
is "one leg of two has such a journal: misused" "$? $(grep -c 'HK->WUS: .*open record' "$work/err")" "2 1"
begin "$work/new.err" -t 40 --new --dir "$work/it's here"
both() { [ "$(ls "$work/it's here"/HK-WUS-1M_40S_*.journal | wc -l)" = 2 ]; }
until_ok 20 both; until_ok 10 says began "$work/new.err"; sleep 1; kill $pid; wait $pid
is "--new: another record, the open one as it was" "$(cd "$work/it's here" && cksum $(printf '%s\n' "$before" | cut -d' ' -f3-))" "$before"
is "... and how to go on is without --new" "$(grep -c 'to continue: .*--new' "$work/new.err")" 0

# The command as it was printed, in a shell.
begin "$work/err" -t 8 --dir "$work/a b"
until_ok 20 measured "$work/a b"; kill $pid; wait $pid
sh -c "$(tail -n 1 "$work/err" | sed 's/.*to continue: //')" >"$work/out" 2>"$work/err"
is "the printed command continues the leg to its end" "$? $(grep -c ' of 8 s in .*1 gap' "$work/out") $(ls "$work/a b" | sed 's/.*\.//')" "4 1 json"
like "... and says that it resumed" "$(said "$work/err")" '^HK->WUS resumed after [0-9.]+ s$'

# A journal whose end has passed does not stop a new day; one whose last seconds run does not either.
mkdir "$work/old"; cp tests/data/left-behind.journal "$work/old/HK-WUS-1M_2S_20251115_010046.journal"
run -t 2 --dir "$work/old" >"$work/out" 2>"$work/err"
is "a journal whose end has passed: a new record" "$? $(ls "$work"/old/*.json | wc -l)" "0 1"
like "... and a line says so" "$(cat "$work/err")" "^20[0-9T:-]+Z longhaul: .*/HK-WUS-1M_2S_20251115_010046\.journal is of an earlier run, whose end has passed: longhaul recover"
done_testing
