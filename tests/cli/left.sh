# left.sh - leftovers in a folder when a run, a server or recover begins: temporary files of a killed process are removed,
# files that only look like a journal are not touched, and new files have the mode that the umask gives.
. tests/lib.sh
stamp=$(date -u -d "@$(($(date +%s) - 60))" +%Y%m%d_%H%M%S)
stem=VA-VB-1M_1H_$stamp
sums() { (cd "$1" && find . -type f -exec cksum {} + | sort -k 3); }

# a temporary name of longhaul's that nobody holds, one that a living process holds, and others that are not longhaul's
litter() {
    mkdir -p "$1/.longhaul-00000000000000ff.tmp"
    for n in .longhaul-0123456789abcdef.tmp .longhaul-fedcba9876543210.tmp .longhaul-0123456789ABCDEF.tmp .longhaul-0123.tmp \
        longhaul-0123456789abcdef.tmp "$stem.json.tmp" .longhaul-0123456789abcdef.tmp.bak; do echo "$n" >"$1/$n"; done
    echo precious >"$work/precious"; ln -sf "$work/precious" "$1/.longhaul-1111111111111111.tmp"
    flock "$1/.longhaul-fedcba9876543210.tmp" sleep 60 & started="$started $!"
    until_ok 10 is_held "$1/.longhaul-fedcba9876543210.tmp"
}
is_held() { ! flock -n "$1" true; }
kept=".longhaul-0123.tmp .longhaul-0123456789ABCDEF.tmp .longhaul-0123456789abcdef.tmp.bak .longhaul-1111111111111111.tmp .longhaul-fedcba9876543210.tmp $stem.json.tmp longhaul-0123456789abcdef.tmp "
still() { (cd "$1" && LC_ALL=C ls -A | grep tmp | tr '\n' ' '); }

mkdir "$work/recover"
cp tests/data/left-behind.journal "$work/recover/HK-WUS-10M_24H_20251115_010046.journal"
litter "$work/recover"
"$longhaul" recover "$work/recover/HK-WUS-10M_24H_20251115_010046.journal" >/dev/null
is "recover: what a dead process left is gone, the rest is there" "$? $(still "$work/recover")" "0 $kept"
is "and a link's target is as it was" "$(cat "$work/precious")" precious

# recover itself, killed while it writes: the journal is there, and the next one leaves nothing behind
mkdir "$work/killed"
python3 - tests/data/left-behind.journal "$work/killed/HK-WUS-10M_24H_20251115_010046.journal" <<'PY'
import sys
lines = open(sys.argv[1]).read().split("\n")
rows = [l for l in lines if '"event":"interval"' in l and l.endswith("}}}")] or [l for l in lines if '"event":"interval"' in l][:3]
at = lines.index(rows[0])
open(sys.argv[2], "w").write("\n".join(lines[:at]) + "\n" + "".join(r + "\n" for r in rows * 60000))
PY
"$longhaul" recover "$work/killed"/*.journal >/dev/null 2>&1 & victim=$!
is_writing() { ls -A "$work/killed" | grep -q '^\.longhaul-'; }
until_ok 20 is_writing; kill -KILL $victim; wait $victim 2>/dev/null
is "recover is killed while it writes: the journal is there, and a file on its way" "$(ls -A "$work/killed" | sed 's/[0-9a-f]\{16\}/N/' | tr '\n' ' ')" \
    ".longhaul-N.tmp HK-WUS-10M_24H_20251115_010046.journal "
"$longhaul" recover "$work/killed"/*.journal >/dev/null
is "and once more" "$? $(ls -A "$work/killed")" "0 HK-WUS-10M_24H_20251115_010046.json"

# a journal that is a link, or no journal
i=0
refused() { # WHAT FORMAT: what printf makes of it
    i=$((i + 1)); printf "$2" >"$work/text$i"
    mkdir "$work/link$i" "$work/file$i"
    cp "$work/text$i" "$work/target$i"; ln -s "$work/target$i" "$work/link$i/$stem.journal"
    cp "$work/text$i" "$work/file$i/$stem.journal"
    for way in link file; do
        "$longhaul" run VA VB 127.0.0.1 -p 1 -t 1h -b 1M --resume --dir "$work/$way$i" >/dev/null 2>"$work/err"; rc=$?
        [ $way = link ] && says=": is a link, which is not followed" || says=": not a journal of longhaul's"
        like "--resume, a $way of $1: refused in one line" "$rc $(said "$work/err")" "^1 longhaul: .*$stem\.journal$says$"
        "$longhaul" recover "$work/$way$i/$stem.journal" >/dev/null 2>"$work/err"
        is "recover, a $way of $1: refused" "$?" 1
    done
    check "and all are as they were: $1" cmp -s "$work/text$i" "$work/target$i"
    check "the file too: $1" cmp -s "$work/text$i" "$work/file$i/$stem.journal"
    check "and the link is a link: $1" test -h "$work/link$i/$stem.journal"
}
if [ -n "$("$longhaul" --version | grep 'iperf ')" ]; then
    refused "a line without an end" 'no line feed at its end'
    refused "two lines" 'two lines\nand no more'
    refused "a journal without its first line" '{"event":"interval","data":{}}\n{"half'
    refused "JSON of others" '{"a":1}\n{"b":2}'
    refused "bytes" '\000\001\002\nx'
    refused "one endless line" "$(head -c 200000 /dev/zero | tr '\0' x)"

    # a first line that broke off with its host loses nothing: the leg begins again
    for torn in '' '{"event":"lon' "$(printf '{"event":"longhaul","data":{"format":1,"vers')"; do
        mkdir -p "$work/torn"; printf %s "$torn" >"$work/torn/$stem.journal"
        "$longhaul" run VA VB 127.0.0.1 -p 1 -t 1h -b 1M --resume --dir "$work/torn" >/dev/null 2>"$work/err"
        like "--resume, a first line that broke off after ${#torn} bytes" "$? $(cat "$work/err") $(ls "$work/torn")" '^1 .*efused.* $'
    done
    if [ "$(id -u)" = 0 ]; then
        mkdir "$work/theirs"
        sed '$d' tests/data/left-behind.journal >"$work/theirs/HK-WUS-10M_24H_$stamp.journal"
        chown 65534 "$work/theirs"/*.journal
        before=$(sums "$work/theirs")
        "$longhaul" run HK WUS 127.0.0.1 -p 1 --resume --dir "$work/theirs" >/dev/null 2>"$work/err"
        like "--resume, another user's: refused" "$? $(cat "$work/err")" 'belongs to another user \(65534\)'
        is "and it is as it was" "$(sums "$work/theirs")" "$before"
        check "recover may take it" sh -c "\"$longhaul\" recover \"$work\"/theirs/*.journal >/dev/null"
    else
        skip "--resume, another user's journal: needs root"
    fi

    port=$(ports 1)
    mkdir -p "$work/in/receiver" "$work/out" "$work/metrics"
    litter "$work/in/receiver"; litter "$work/out"; litter "$work/metrics"
    ( umask 027; exec "$longhaul" serve -p $port --dir "$work/in" --metrics "$work/metrics/m.prom" 2>/dev/null ) & started="$started $!"
    wait_port $port || not_ok "it listens"
    ( umask 077; "$longhaul" run VA VB 127.0.0.1 -p $port -t 2 -b 1M --dir "$work/out" >/dev/null 2>&1 ) & runner=$!
    made() { set -- "$1"/*.journal; [ -e "$1" ]; }
    until_ok 20 made "$work/out"; until_ok 20 made "$work/in/receiver"
    is "umask 077 and 027: the journals" "$(stat -c %a "$work/out"/*.journal "$work/in/receiver"/*.journal | tr '\n' ' ')" "600 640 "
    wait $runner
    is "a run: what a dead process left is gone, the rest is there" "$(still "$work/out")" "$kept"
    is "serve: likewise" "$(still "$work/in/receiver")" "$kept"
    is "the folder of the metrics: likewise" "$(still "$work/metrics")" "$kept"
    recorded() { set -- "$work/in/receiver"/*.json; [ -e "$1" ]; }
    until_ok 20 recorded
    is "umask: the results" "$(stat -c %a "$work/out"/*.json "$work/in/receiver"/*.json | tr '\n' ' ')" "600 640 "
else
    skip "--resume: built without libiperf"
fi
done_testing
