# keep_free.sh - longhaul serve on a small disk that fills up: tests of strangers are served, but no longer recorded; the site's own legs are.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "--keep-free: built without libiperf"; exit 0; }
small=$work/small
mkdir "$small"
unshare -rm mount -t tmpfs -o size=16m tmpfs "$small" 2>/dev/null || { skip "--keep-free: no mount namespaces here"; exit 0; }

first=$(ports 2)
cat >"$work/t.json" <<TXT
{ "format": 1, "legs": "hub-and-spoke", "defaults": { "duration": "1h" },
  "sites": { "WUS": { "address": "127.0.0.9", "ports": "$first-$((first + 1))", "hub": true }, "HK": { "address": "127.0.0.5" } } }
TXT
port=$("$longhaul" plan --json "$work/t.json" | python3 -c "import json,sys
print(next(l['port'] for l in json.load(sys.stdin)['legs'] if l['leg'] == 'HK-WUS'))")
# The disk of 16 MB is the server's alone; from outside it is behind the server's root.
background unshare -rm sh -c 'mount -t tmpfs -o size=16m tmpfs "$1" && shift && exec "$@"' sh "$small" \
    "$longhaul" serve --config "$work/t.json" --site WUS --dir "$small/in" --keep-free 50 2>"$work/serve.log"
server=$!
wait_port $port || not_ok "it listens"
disk=/proc/$server/root$small
fill() { head -c 12000000 /dev/zero >"$disk/fill"; }
# test_of NAME FROM: a whole test, whose label is a leg's name
test_of() { timeout 30 python3 tests/cli/abuse.py leg $port '{"longhaul":1,"stem":"'"$1"'-10M_1H_20251115_010046","interval_s":0.2}' "$2"; }
recorded() { (cd "$disk" && find . -name "$1-*.json"); }
refusals() { grep -c 'not recorded: [0-9.]* % of the disk is free (--keep-free)' "$work/serve.log"; }

fill
is "a disk of which 25 % are free, and no folder yet: a stranger is served" "$(test_of A-B 127.0.0.77)" done
until_ok 10 says 'not recorded' "$work/serve.log"
like "... and not recorded, which the log says" "$(cat "$work/serve.log")" 'not recorded: 2[0-9]\.[0-9] % of the disk is free \(--keep-free\)'
is "... there is no file" "$(recorded A-B)" ""
is "an own leg is served" "$(test_of HK-WUS 127.0.0.5)" done
check "... and recorded" until_ok 10 [ -s "$disk/in/receiver/HK-WUS-10M_1H_20251115_010046.json" ]
rm "$disk/fill"
is "room again: a stranger is served" "$(test_of C-D 127.0.0.77)" done
check "... and recorded" until_ok 10 [ -s "$disk/in/receiver/strangers/C-D-10M_1H_20251115_010046.json" ]
is "the log says it once" "$(refusals)" 1

# a disk that fills up while a stranger's test is recorded: free space is looked at every 10 s
"$longhaul" run E F 127.0.0.1 -p $port -B 127.0.0.77 -t 14 -b 1M --dir "$work/run" >/dev/null 2>"$work/run.err" & run=$!
started="$started $run"
is_begun() { ls "$disk"/in/receiver/strangers/E-F-*.journal 2>/dev/null | grep -q .; }
until_ok 10 is_begun || not_ok "its record begins"
fill
wait $run
is "the disk fills up in a stranger's test: it is served to its end" $? 0
is "... which the log says" "$(refusals)" 2
like "... its record has the rows until then" "$(python3 -c '
import json, sys
record = json.load(open(sys.argv[1]))
print(len(record["intervals"]))' "$disk/$(recorded E-F)")" '^([5-9]|1[0-3])$'
done_testing
