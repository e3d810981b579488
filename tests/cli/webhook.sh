# webhook.sh - the program for --on-event that is installed: what it posts, when it tries again, what it says when it fails.
. tests/lib.sh
hook=configs/on-event/webhook.sh
command -v curl >/dev/null || { skip "webhook: needs curl"; exit 0; }
event='{"version":1,"event":"down","source":"HK","destination":"WUS","text":"HK->WUS went down"}'
# post NAME ANSWERS...: its status is in $status, how often it was asked in $times
post() {
    name=$1; shift; rm -f "$work/port"
    background python3 tests/cli/webhook.py "$work/port" "$work/$name.log" "$@"
    until_ok 15 test -s "$work/port"
    printf '%s\n' "$event" | LONGHAUL_WEBHOOK_URL="http://127.0.0.1:$(cat "$work/port")/a/b?c=d" LONGHAUL_WEBHOOK_HEADER='X-Key: s3cret' timeout 40 $hook >"$work/out" 2>"$work/err"
    status=$?; times=$(cat "$work/$name.log" 2>/dev/null | wc -l)
}
post plain 200
is "an event is posted once, and nothing is printed" "$status $times $(cat "$work/out" "$work/err")" "0 1 "
is "with its address, its type and its header" "$(python3 -c 'import json,sys; d=json.loads(open(sys.argv[1]).readline()); print(d["path"], d["type"], d["key"])' "$work/plain.log")" \
    "/a/b?c=d application/json s3cret"
is "and as it was" "$(python3 -c 'import json,sys; print(json.loads(open(sys.argv[1]).readline())["body"], end="")' "$work/plain.log")" "$event"
post busy 503 503 200
is "it is tried three times" "$status $times" "0 3"
post never 503 503 503 503
is "and no more" "$status $times" "22 3"
like "the error says why" "$(cat "$work/err")" "^curl: .* 503$"
post wrong 404
is "an answer that stays is not tried again" "$status $times" "22 1"
before=$(date +%s)
post slow slow slow slow slow
is "a receiver that does not answer is given up" "$status" 28
check "before --on-event gives up ($(($(date +%s) - before)) s of 30)" [ $(($(date +%s) - before)) -lt 29 ]
for url in '' ftp://x 'http://x/"' 'http://x/\' "http://x/
url = http://y/"; do
    printf '%s\n' "$event" | LONGHAUL_WEBHOOK_URL=$url $hook 2>"$work/err"; is "an address '$url' is refused" $? 2
    like "in one line" "$(cat "$work/err")" '^LONGHAUL_WEBHOOK_URL .* (not set|not an http or https address|line feeds)$'
done
# A whole leg: the units and people start it so.
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "webhook: a leg: built without libiperf"; done_testing; }
rm -f "$work/port"; background python3 tests/cli/webhook.py "$work/port" "$work/leg.log"
until_ok 15 test -s "$work/port"
port=$(ports 1)
background "$longhaul" serve -B 127.0.0.1 -p "$port" --dir "$work/in" 2>"$work/serve.log"
wait_port "$port"
LONGHAUL_WEBHOOK_URL="http://127.0.0.1:$(cat "$work/port")/" timeout 60 "$longhaul" run A B 127.0.0.1 -p "$port" -t 2 -b 1M --no-hops --dir "$work/r" --on-event $hook >"$work/run.out" 2>"$work/run.err"
is "a leg with it" $? 0
is "its end is posted" "$(python3 -c 'import json,sys; print(*[json.loads(json.loads(l)["body"])["text"] for l in open(sys.argv[1])])' "$work/leg.log")" "A->B is over: done"
is "nothing is said about it" "$(grep -c on-event "$work/run.err")" 0
done_testing
