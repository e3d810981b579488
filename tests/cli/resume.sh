# resume.sh - what a service needs after a reboot: an interrupted day goes on, no new day begins, and days whose end has passed are closed.
. tests/lib.sh
# journal FOLDER SECONDS_AGO DURATION NAME: a journal of a run that began then, with five intervals
journal() {
    mkdir -p "$1"
    python3 - "$@" <<'PY'
import datetime, re, sys
folder, ago, name = sys.argv[1], int(sys.argv[2]), sys.argv[4]
began = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago)
text = open("tests/data/left-behind.journal").read()
us = int(began.timestamp() * 1e6)
text = re.sub(r'"start_unix_us":\d+', '"start_unix_us":%d' % us, text)
first = min(int(x) for x in re.findall(r'"unix_us":(\d+)', text))
text = re.sub(r'"unix_us":(\d+)', lambda m: '"unix_us":%d' % (us + int(m[1]) - first), text)
if len(sys.argv) > 5:  # no interval was measured
    text = text.splitlines()[0] + "\n"
open("%s/%s_%s_%s.journal" % (folder, name, sys.argv[3], began.strftime("%Y%m%d_%H%M%S")), "w").write(text)
PY
}
left() { ls "$1" | sed 's/_20.*\././' | tr '\n' ' '; }

# recover --ended: of a folder, by the end that was planned.
journal "$work/a" 90000 24H HK-WUS-10M
journal "$work/a" 40000 24H KC-WUS-10M
journal "$work/a" 40000 1H UAE-WUS-10M
"$longhaul" recover --ended "$work/a" >"$work/out" 2>"$work/err"
is "recover --ended: exit status" $? 0
is "recover --ended: what is over has a result, what is not is left alone" "$(left "$work/a")" "HK-WUS-10M_24H.damaged HK-WUS-10M_24H.json KC-WUS-10M_24H.journal UAE-WUS-10M_1H.damaged UAE-WUS-10M_1H.json "
is "recover --ended: says which" "$(wc -l <"$work/out")" 2
"$longhaul" recover "$work/a" >"$work/out"
is "recover of a folder: all that is left" "$? $(left "$work/a")" "0 HK-WUS-10M_24H.damaged HK-WUS-10M_24H.json KC-WUS-10M_24H.damaged KC-WUS-10M_24H.json UAE-WUS-10M_1H.damaged UAE-WUS-10M_1H.json "
"$longhaul" recover --ended "$work/a"
is "recover --ended: nothing to do" $? 0
"$longhaul" recover --ended "$work/nowhere/" 2>"$work/err"
is "recover --ended: no such folder" "$?" 1

[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "--resume-only: built without libiperf"; done_testing; }
port=$(ports 2)
background "$longhaul" serve -p $port-$((port + 1)) 2>"$work/serve.log" --dir "$work/received"
wait_port $port && wait_port $((port + 1)) || not_ok "it listens"
go() { "$longhaul" run HK WUS 127.0.0.1 -p $port "$@" >"$work/out" 2>"$work/err"; }

go -t 24h --resume-only --dir "$work/none"
is "--resume-only, no journal: exit status" "$? $(cat "$work/out" "$work/err")" "0 "
is "--resume-only, no journal: nothing is begun" "$(ls "$work/none" 2>/dev/null)" ""
journal "$work/over" 90000 24H HK-WUS-10M
go -t 24h --resume-only --dir "$work/over"
is "--resume-only, its day is over: exit status" $? 4
is "--resume-only, its day is over: its result; a line that could not be read stays" "$(left "$work/over")" "HK-WUS-10M_24H.damaged HK-WUS-10M_24H.json "
is "--resume-only: the line that broke off is reported" "$(grep -c '"torn_tail":true' "$work/over"/*.json)" 1
journal "$work/paused" 90000 24H HK-WUS-10M
python3 - "$work/paused"/*.journal <<'PY'
import sys
whole = open(sys.argv[1]).read().rpartition("\n")[0]
gap = '{"event":"gap","data":{"start_s":9.000192,"seconds":50.5,"cause":"peer-closed","noticed_by":"x","text":"stopped in a pause"}}'
open(sys.argv[1], "w").write(whole + "\n" + gap + "\n")
PY
go -t 24h --resume-only --dir "$work/paused"
is "--resume-only, stopped in a gap: the next one begins where that ends" "$(python3 -c "
import json, sys
gaps = json.load(open(sys.argv[1]))['longhaul']['gaps'][-2:]
print([(g['cause'], round(g['start_s'], 2), round(g['start_s'] + g['seconds'])) for g in gaps])" "$work/paused"/*.json)" \
    "[('peer-closed', 9.0, 60), ('restarted', 59.5, 86400)]"
journal "$work/empty" 90000 24H HK-WUS-10M without
go -t 24h --resume-only --dir "$work/empty"
is "--resume-only, a day that is over and had not begun to measure: no trace" "$? $(left "$work/empty")" "0 "
journal "$work/fresh" 90000 2S HK-WUS-10M without
go -t 2 --resume --dir "$work/fresh"
is "--resume, the same: a new one, under its own name" "$? $(left "$work/fresh") $(find "$work/fresh" -name "*_$(date -u +%Y%m%d)_*" | wc -l)" "0 HK-WUS-10M_2S.json  1"
# The host died as the journal was made: nothing in it, or a part of its first line.
mkdir "$work/header"
name=HK-WUS-10M_2S_$(date -u +%Y%m%d_%H%M%S)
: >"$work/header/$name.journal"
go -t 2 --resume-only --dir "$work/header"
is "--resume-only, a journal without a line: no trace" "$? $(left "$work/header")" "0 "
printf '{"event":"longhaul","data":{"form' >"$work/header/$name.journal"
go -t 2 --resume --dir "$work/header"
is "--resume, a journal without a whole line: a new one" "$? $(left "$work/header")" "0 HK-WUS-10M_2S.json "
# Its day is as long as it may take until run has found it, on a slow machine too.
journal "$work/there" 0 10S HK-WUS-10M without
name=$(ls "$work/there" | sed 's/[.]journal//')
: >"$work/received/receiver/$name.journal"
go -t 10 --resume --dir "$work/there"
is "serve, the same: its record" "$? $(ls "$work/received/receiver/" | grep "$name")" "0 $name.json"
# Who began it is not in the name.
journal "$work/pull" 0 30S HK-WUS-10M
go -t 30 --resume --pull --dir "$work/pull"
like "--resume, pulled what was pushed: refused" "$? $(cat "$work/err")" "^1 .*HK-WUS-10M_30S_[0-9_]*.journal: its leg did not begin as a pull"
is "--resume, pulled what was pushed: the journal stays" "$(left "$work/pull")" "HK-WUS-10M_30S.journal "

mkdir "$work/blank"; : >"$work/blank/HK-WUS-10M_24H_$(date -u +%Y%m%d_%H%M%S).journal"
go -t 24h --resume-only --dir "$work/blank"
is "--resume-only, a journal that a power cut left without a byte: no trace" "$? $(left "$work/blank")$(cat "$work/err")" "0 "
: >"$work/blank/HK-WUS-10M_2S_20251115_010046.journal"
go -t 2 --resume --dir "$work/blank"
is "--resume, the same: a new one" "$? $(left "$work/blank")" "0 HK-WUS-10M_2S.json "
journal "$work/renamed" 100 24H HK-WUS-10M
for f in "$work"/renamed/*; do mv "$f" "$(dirname "$f")/A-B${f##*HK-WUS}"; done
"$longhaul" run A B 127.0.0.1 -p $port --resume --dir "$work/renamed" >"$work/out" 2>"$work/err"
like "--resume, a journal of another leg: refused" "$? $(said "$work/err")" '^1 longhaul: A->B: .*/A-B-10M_24H_[0-9_]*\.journal: is a journal of HK->WUS$'
is "--resume, a journal of another leg: it is left alone" "$(grep -c '"event":"interval".*}$' "$work"/renamed/*.journal) $(left "$work/renamed")" "5 A-B-10M_24H.journal "

# Both directions, and only one of them was interrupted.
"$longhaul" run HK WUS 127.0.0.1 -p $port --both -t 12 -b 1M --dir "$work/one" >/dev/null 2>&1 & pid=$!
both_measure() { [ "$(grep -l '"event":"interval"' "$work"/one/*.journal 2>/dev/null | wc -l)" = 2 ]; }
until_ok 30 both_measure
kill -KILL $pid; wait $pid 2>/dev/null
rm "$work/one"/WUS-HK-*
"$longhaul" run HK WUS 127.0.0.1 -p $port --both -t 12 -b 1M --dir "$work/one" --resume-only --metrics "$work/one.prom" >"$work/out" 2>"$work/err"
is "--resume-only, one of two: exit status" $? 4
is "--resume-only, one of two: the other is not begun" "$(left "$work/one")" "HK-WUS-1M_12S.json "
is "--resume-only, one of two: one is reported" "$(grep -c '^HK->WUS: .* of 12 s .* 1 gap' "$work/out") $(wc -l <"$work/out")" "1 2"
done_testing
