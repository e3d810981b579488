# export_server.sh - longhaul export --to: against a server with faults (each sample is there once, whatever happened), with TLS and credentials;
# and against VictoriaMetrics, where an export is killed at random moments. EXPORT_KILLS=20: so many.
. tests/lib.sh
command -v python3 >/dev/null || { skip "export --to: needs python3"; exit 0; }
unset http_proxy HTTP_PROXY https_proxy all_proxy ALL_PROXY
python3 tests/cli/export_made.py "$work/all" "$BUILD/tests/bench/delay_day" || not_ok "fixture"
rm "$work/all/UU-VV.json"
mkdir "$work/made" && cp "$work/all"/AA-BB*.json "$work/all"/GG-HH*.json "$work/all"/MM-NN*.json "$work/made"
"$longhaul" export --to http://127.0.0.1:1 --retry 0 --state "$work/none" "$work/made" >/dev/null 2>"$work/err"; status=$?
if grep -q 'built without libcurl' "$work/err"; then skip "export --to: $(cat "$work/err")"; exit 0; fi
like "nobody listens: said in a line" "$status $(cat "$work/err")" "^1 longhaul: the server: .*(connect|refused)"
"$longhaul" export --openmetrics "$work/made" >"$work/before.om"
wanted=$(grep -vc '^#' "$work/before.om")

# serve FAULT...: a server with these faults, at $url
serve() {
    port=$(ports 1); url=http://127.0.0.1:$port
    rm -f "$work/requests"
    background python3 tests/cli/export_server.py "$port" "$work/requests" "$@" 2>"$work/server.err"; server=$!
    wait_port "$port" || not_ok "the server listens: $(cat "$work/server.err")"
}
stop() { kill $server 2>/dev/null; wait $server 2>/dev/null; }
# has: how many samples the server has, and how many of them more than once
has() { python3 -c 'import json,sys,urllib.request
all = json.load(urllib.request.urlopen(sys.argv[1] + "/samples"))
print(sum(len(p) for p in all.values()), sum(len(v) > 1 for p in all.values() for v in p.values()))' "$url"; }
export_to() { timeout 60 "$longhaul" export --to "$url" --state "$work/state" "$@" "$work/made" >"$work/out" 2>"$work/err"; }

# What a server may do, and comes to its senses: each sample is there, and once.
for faults in "500" "503" "429" "all-500" "half" "all" "cut" "half all 500"; do
    # shellcheck disable=SC2086
    serve $faults
    rm -f "$work/state"
    export_to --retry 20
    is "$faults: exit status, samples there, samples there twice" "$? $(has)" "0 $wanted 0"
    is "$faults: each try is told" "$(grep -c '; trying again in ' "$work/err")" "$(echo $faults | wc -w)"
    export_to
    is "$faults: once more: nothing is sent" "$? $(has) $(cat "$work/out")" "0 $wanted 0 0 tests, 0 intervals, 0 samples in 0.0 MB; 6 were there already"
    rm "$work/state"
    export_to
    is "$faults: once more, and nothing is known of it here: nothing is sent twice" "$? $(has)" "0 $wanted 0"
    stop
done
is "a message of the server is no sequence for a terminal" "$(grep -c "$(printf '\033')" "$work/err")" 0

# What does not get better: it ends in time, with a line that says why. Most of the time is waited, so all at once.
n_bad=0
bad() { # FAULT PATTERN [STATUS]: started; bad_ones ends it
    n_bad=$((n_bad + 1))
    # shellcheck disable=SC2086
    serve $1
    (
        timeout 60 "$longhaul" export --to "$url" --state "$work/state.$n_bad" --retry 1 "$work/made" >"$work/out.$n_bad" 2>"$work/err.$n_bad"
        is "$1: exit status" $? "${3:-1}"
        like "$1: why" "$(tail -n 1 "$work/err.$n_bad")" "$2"
    ) >"$work/bad.$n_bad" & waiting="$waiting $!"
    servers="$servers $server"
}
bad_ones() {
    for pid in $waiting; do wait "$pid"; done
    for pid in $servers; do kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; done
    for i in $(seq $n_bad); do cat "$work/bad.$i"; done >"$work/bad"
    cat "$work/bad"
    failures=$((failures + $(grep -c '^not ok' "$work/bad")))
}
waiting='' servers=''
bad always-500 '^longhaul: the server: status 500: a fault.*of a test$'
bad always-429 '^longhaul: the server: status 429: slow down$'
bad 400 '^longhaul: the server refuses what is sent: status 400: a fault.*of a test$'
bad 413 '^longhaul: the server refuses what is sent: status 413: a fault.*of a test$'
bad always-year '^longhaul: the server: status 429: in a year$'
bad redirect '^longhaul: the server refuses what is sent: status 302: it leads elsewhere, to http://192.0.2.1:9/elsewhere, and that is not followed$'
bad redirect-file '^longhaul: the server refuses what is sent: status 307: it leads elsewhere, to file:///etc/hostname, and that is not followed$'
bad always-silent '^longhaul: the server: .*timed? ?out'
bad always-slow '^longhaul: the server: .*timed? ?out'
bad always-headers '^longhaul: the server: '
bad always-wide-header '^longhaul: the server: '
bad always-endless '' 0
bad query-endless '^longhaul: the server( does not say what it has: its answer is no lines of JSON$|: .*timed? ?out)' # 256 MB, or the time is over
bad query-garbage '^longhaul: the server does not say what it has: its answer is no lines of JSON$'
bad query-bomb '^longhaul: the server does not say what it has: its answer is no lines of JSON$'
bad query-wide '^longhaul: the server does not say what it has: its answer is no lines of JSON$'
bad liar "^longhaul: $work/made: no test could be exported\$"
bad_ones
is "a server that keeps nothing: each test is named, and the next one is tried" \
    "$(grep -cE 'the server took [0-9]+ samples and has 0 of them: its -retentionPeriod may be shorter than they are old, or they are of the future$' "$work/err.$n_bad")" 6
serve "half" no-query
rm -f "$work/state"
export_to --retry 5
like "a server that cannot be asked: it says what that means" "$? $(cat "$work/err")" "^0 .*the server cannot be asked what it has .*dedup.minScrapeInterval"
stop

# A server that was killed, and lost some of what it had taken: it gets that again, and nothing twice.
serve
rm -f "$work/state"
export_to
sed -i '/^file /d; /^test /d' "$work/state" # an export that was killed before it counted
curl -sf "$url/forget"
export_to
is "a server that lost some samples" "$? $(has)" "0 $wanted 0"
is "a server that lost some samples: the state says nothing twice" "$(sort "$work/state" | uniq -d | wc -l)" 0
# Its address is the same with "/" at its end.
url=$url/ export_to
is "the address with a slash: it is known what is there" "$? $(has) $(cat "$work/out")" "0 $wanted 0 0 tests, 0 intervals, 0 samples in 0.0 MB; 6 were there already"
stop

# A cluster of VictoriaMetrics: what changes is the URL.
serve half
rm -f "$work/state"
timeout 60 "$longhaul" export --to "$url/insert/0/prometheus/" --query-from "$url/select/0/prometheus" --state "$work/state" --retry 20 "$work/made" >"$work/out" 2>"$work/err"
is "a cluster: all samples, each once" "$? $(has)" "0 $wanted 0"
is "a cluster: samples to vminsert, questions to vmselect" "$(sed -E 's/.*"path": "([^"?]*).*/\1/; s|/internal.*||' "$work/requests" | sort -u | tr '\n' ' ')" \
    "/insert/0/prometheus/api/v1/import /select/0/prometheus /select/0/prometheus/api/v1/export /select/0/prometheus/api/v1/query "
stop

# A password is in no message, and not in the state; a server that repeats it is not repeated.
serve always-secret
printf 'someone:s3cr3t-w0rd\n' >"$work/credentials"
rm -f "$work/state"
export_to --retry 1 --credentials "$work/credentials"
is "credentials: refused" "$? $(cat "$work/err")" "1 longhaul: the server refuses what is sent: status 401"
is "credentials: they were sent" "$(grep -c "$(printf 'someone:s3cr3t-w0rd' | base64)" "$work/requests" | sed 's/^[1-9].*/yes/')" yes
is "credentials: nowhere else" "$(cat "$work/state" "$work/err" "$work/out" | grep -c -e s3cr3t -e "$(printf 'someone:s3cr3t-w0rd' | base64)")" 0
stop
serve
rm -f "$work/state"
LONGHAUL_EXPORT_CREDENTIALS='Bearer t0ken' timeout 60 "$longhaul" export --to "$url" --state "$work/state" "$work/made" >"$work/out" 2>"$work/err"
is "credentials: a token of the environment" "$? $(has) $(grep -c '"auth": "Bearer t0ken"' "$work/requests" | sed 's/^[1-9].*/yes/')" "0 $wanted 0 yes"
python3 -c 'print("someone:" + "x" * 5000)' >"$work/long"
export_to --credentials "$work/long"
is "credentials: longer than there is room for: refused, not cut" "$? $(cat "$work/err")" "1 longhaul: $work/long: its first line is too long for credentials"
"$longhaul" export --to http://someone:s3cr3t@127.0.0.1:1 "$work/made" 2>"$work/err"
is "a URL with a password: refused, and not repeated" "$? $(grep -c s3cr3t "$work/err") $(grep -c 'give it by --credentials' "$work/err")" "2 0 1"
for bad in ftp://127.0.0.1 127.0.0.1 'http://127.0.0.1/?a=1' '' 'http://'; do
    "$longhaul" export --to "$bad" "$work/made" 2>"$work/err"
    is "a URL '$bad': refused in one line" "$? $(wc -l <"$work/err")" "2 1"
done

# The state: another export has it; one of something else; its last line was torn.
python3 -c 'import fcntl,sys,time; f = open(sys.argv[1], "a"); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); time.sleep(60)' "$work/state" >"$work/locked" & locker=$!
started="$started $locker"
until_ok 10 test -s "$work/locked"
export_to
is "the state of another export" "$? $(cat "$work/err")" "1 longhaul: $work/state: another export has it"
kill $locker; wait $locker 2>/dev/null
mv "$work/state" "$work/kept"; ln -s "$work/elsewhere" "$work/state"
export_to
is "a state that is a link: refused, and nothing is made where it leads" "$? $(cat "$work/err") $(ls "$work/elsewhere" 2>/dev/null)" "1 longhaul: $work/state: Too many levels of symbolic links "
rm "$work/state"; mkfifo "$work/state"
export_to
is "a state that is a pipe" "$? $(cat "$work/err")" "1 longhaul: $work/state: Invalid argument"
rm "$work/state"
printf 'longhaul-export 1\nfile 12 34\ntest \377\376 \n' >"$work/state"
export_to
is "a damaged state" "$? $(cat "$work/err")" "1 longhaul: $work/state: line 3 is not of the state of an export"
mv "$work/kept" "$work/state"
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip "a state on a disk that cannot be read: not under a sanitizer"
else
    cp "$work/state" "$work/kept"
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        (export LD_PRELOAD="$BUILD/tests/tools/failing.so" FAILING="read:$i:EIO"; "$longhaul" export --to "$url" --state "$work/state" "$work/made" >/dev/null 2>"$work/err.read$i")
    done
    is "a state on a disk that cannot be read: told, and it stays" "$(sort -u "$work"/err.read*) $(cmp "$work/state" "$work/kept")" "longhaul: $work/state: Input/output error "
fi
head -c -9 "$work/state" >"$work/torn"; mv "$work/torn" "$work/state"
export_to
is "a state whose last line is torn" "$? $(has)" "0 $wanted 0"
echo "something else" >"$work/state"
export_to
is "a file of something else" "$? $(cat "$work/err")" "1 longhaul: $work/state: is not the state of an export"
is "a file of something else: it stays" "$(cat "$work/state")" "something else"
# A result that was exchanged for a longer one: what is new is sent, and it stays the same test.
rm "$work/state"
export_to
python3 - "$work" <<'END'
import glob, json, sys
path = glob.glob(sys.argv[1] + "/made/GG-HH*")[0]
document = json.load(open(path))
for i in range(600, 610):
    row = dict(document["intervals"][-1]["sum"], start=i, end=i + 1)
    document["intervals"].append({"streams": [row], "sum": row})
json.dump(document, open(path, "w"))
END
export_to
like "a result that grew: exit status, and what is said" "$? $(cat "$work/err")" "^4 longhaul: $work/made/GG-HH.* samples of this time and leg, .* or of this one before its result changed$"
"$longhaul" export --openmetrics "$work/made" >"$work/after.om"
is "a result that grew: samples of before and of now are there, once, and none as of another test" "$(has)" \
    "$(cat "$work/before.om" "$work/after.om" | sed -nE 's/^([^#].*) [^ ]+ ([0-9.]+)$/\1 \2/p' | sort -u | wc -l) 0"
stop

# TLS: a server that nobody vouches for is not told anything.
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=127.0.0.1 \
        -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
    serve "tls:$work/cert.pem:$work/key.pem"
    url=https://127.0.0.1:$port
    rm -f "$work/state"
    export_to --retry 5
    like "TLS: a certificate that is not known: refused at once" "$? $(wc -l <"$work/err") $(cat "$work/err")" "^1 1 longhaul: .*[Cc]ertificate"
    is "TLS: nothing was asked" "$(cat "$work/requests" 2>/dev/null)" ""
    export_to --cacert "$work/cert.pem"
    is "TLS: with --cacert" "$? $(wc -l <"$work/err")" "0 0"
    stop
else
    skip "TLS: needs openssl"
fi

# ---- VictoriaMetrics
command -v victoria-metrics >/dev/null || { skip "victoria-metrics is not installed"; done_testing; }
port=$(ports 1); url=http://127.0.0.1:$port
background victoria-metrics -storageDataPath="$work/data" -httpListenAddr="127.0.0.1:$port" -retentionPeriod=100y -search.latencyOffset=0s \
    -search.disableCache -memory.allowedBytes=200MB >"$work/vm.log" 2>&1
until_ok 30 curl -sf "$url/health" >/dev/null || not_ok "VictoriaMetrics answers: $(tail -n 1 "$work/vm.log")"
made="$work/all $work/all/days"
look() { # WHAT LABELS
    curl -sf "$url/internal/force_flush" >/dev/null
    python3 tests/cli/export.py prometheus "$url" "$longhaul" $made "$2" >"$work/look"
    if grep -q '^not ok' "$work/look"; then sed "s/^\(not \)*ok - /&$1: /" "$work/look"; failures=$((failures + 1)); else ok "$1: $(grep -c '^ok' "$work/look") sums and counts are those of show"; fi
}
"$longhaul" export --to "$url" --state "$work/vm.state" --label run=whole "$work/all" >"$work/out" 2>"$work/err"
is "VictoriaMetrics: exit status" "$? $(cat "$work/err")" "0 "
look "VictoriaMetrics" '{run="whole"}'
total=$("$longhaul" export --openmetrics "$work/all" | grep -vc '^#')
count() { curl -sfG "$url/api/v1/query" --data-urlencode "query=sum(count_over_time({__name__=~\"longhaul_leg_.*\",$1}[40h]))" --data-urlencode time=1763260000 |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["data"]["result"][0]["value"][1])'; }
is "VictoriaMetrics: all samples" "$(count 'run="whole"')" "$total"
rm "$work/vm.state"
"$longhaul" export --to "$url" --state "$work/vm.state" --label run=whole "$work/all" >"$work/out" 2>"$work/err"
is "VictoriaMetrics: again, without the state: nothing is there twice" "$? $(curl -sf "$url/internal/force_flush")$(count 'run="whole"')" "0 $total"
# kill -9 at random moments, until it ends by itself: each sample is there, once.
kills=${EXPORT_KILLS:-5}
moments=$(python3 -c "import random; print(*('%.3f' % random.uniform(0.0, 0.7) for _ in range($kills)))")
i=0
for moment in $moments; do
    i=$((i + 1))
    "$longhaul" export --to "$url" --state "$work/kill.state" --label run=killed "$work/all" >/dev/null 2>&1 & one=$!
    sleep "$moment"
    kill -KILL $one 2>/dev/null && [ $((i % 3)) = 0 ] && rm -f "$work/kill.state"
    wait $one 2>/dev/null
done
"$longhaul" export --to "$url" --state "$work/kill.state" --label run=killed "$work/all" >"$work/out" 2>"$work/err"
is "killed at $kills moments, at each third the state was lost too: exit status" "$? $(cat "$work/err")" "0 "
curl -sf "$url/internal/force_flush" >/dev/null
is "killed: all samples, each once" "$(count 'run="killed"')" "$total"
look "killed" '{run="killed"}'
done_testing
