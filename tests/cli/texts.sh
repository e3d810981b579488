# texts.sh - text from outside (documents, journals, file names, arguments) has no effect in the output:
# no control character and nothing that turns the order of reading, no formula in a cell, nothing that runs in the page.
. tests/lib.sh
cat > "$work/make.py" <<'PY'
"""make.py FOLDER: results and a journal in which every text is odd, under names that are odd."""
import json, os, sys
folder = sys.argv[1]
odd = ["\x1b]0;x\x07", "\u202e", "\u2066x\u2069", "\u009b31m", "\u200f", "\u061c", "\u2028", "\r\n", "\x7f"]
signs = ["=1+1", "+1+1", "-1+1", "@x", "\t=1", "\r=1"]
def document(i, t):
    s = {"start": 0.0, "end": 1.0, "seconds": 1.0, "bytes": 1250172, "bits_per_second": 10001376.0, "packets": 902, "lost_packets": 1, "jitter_ms": 0.1}
    rows = [{"streams": [], "sum": dict(s, start=float(k), end=k + 1.0)} for k in range(60)]
    return {"title": t, "start": {"connected": [{"socket": 5, "local_host": t + "h", "remote_host": "r" + t}], "version": "iperf " + t, "cookie": t,
            "system_info": t, "timestamp": {"timesecs": 1763168446 + i}, "test_start": {"protocol": t + "UDP", "num_streams": 1, "duration": 60}},
            "intervals": rows, "end": {"sum": dict(s, lost_percent=0.1), "sender_tcp_congestion": t}, "error": "went " + t + " wrong",
            "longhaul": {"format": 1, "version": t, "source": t + "S", "destination": "D" + t, "protocol": t, "rtt_method": t,
                         "gaps": [{"start_s": 5.0, "seconds": 3.0, "cause": t, "noticed_by": t, "text": t}]}}
n = 0
for t in odd + signs:
    for ascii in (True, False):
        name = "%s%d%s.json" % (t.replace("/", ""), n, t.replace("/", ""))
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
            json.dump(document(n, t), out, ensure_ascii=ascii)
        n += 1
for raw in (b"\xff\xfe", b"\xc3", b"\xed\xa0\x80"):
    with open(os.path.join(os.fsencode(folder), b"raw" + raw + b".json"), "wb") as out:
        out.write(json.dumps(document(n, "@@")).encode().replace(b"@@", raw))
PY
cat > "$work/look.py" <<'PY'
"""look.py FILE...: what no text may have; and, of CSV, cells that a spreadsheet takes for a formula."""
import csv, io, sys
def is_refused(c, ends):
    n = ord(c)
    return (n < 32 and c not in ends) or 0x7f <= n < 0xa0 or n in (0x61c, 0x200b, 0x200e, 0x200f, 0xfeff) or 0x2028 <= n <= 0x202e or 0x2060 <= n <= 0x206f
for path in sys.argv[1:]:
    data = open(path, "rb").read()
    try:
        text = data.decode()
    except UnicodeDecodeError as e:
        print("%s: not UTF-8: %s" % (path.split("/")[-1], e)); continue
    found = sorted({"U+%04X" % ord(c) for c in text if is_refused(c, "\n\t" if path.endswith((".svg", ".html", "Makefile", ".gp")) else "\n")})
    if found:
        print("%s: %s" % (path.split("/")[-1], " ".join(found)))
    if path.endswith(".csv"):
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                try:
                    float(cell or 0)
                except ValueError:
                    if cell[:1] in "=+-@\t\r":
                        print("%s: cell %r" % (path.split("/")[-1], cell))
PY
mkdir "$work/in" "$work/said"
python3 "$work/make.py" "$work/in"
n=$(ls "$work/in" | wc -l)
(cd "$work/in" && for form in "" "--csv" "--csv --events" "--csv --hours" "--csv --intervals" "--events" "--hours" "--json" "--json --events"; do
    name=$(echo "show$form" | tr -d ' '); case $form in *csv*) name=$name.csv ;; esac
    "$longhaul" show $form -- * > "$work/said/$name" 2> "$work/said/$name.err"
done
"$longhaul" show --csv - < "$(ls | head -1)" > "$work/said/input.csv" 2>&1)
check "the files are shown (control)" test "$(grep -c . "$work/said/show--csv.csv")" -ge 16
"$longhaul" report --csv --out "$work/out" "$work/in" > "$work/said/report.csv" 2> "$work/said/report.err"
"$longhaul" report --json --no-render --out "$work/out" "$work/in" > "$work/said/report.json" 2>&1
"$longhaul" report --out "$work/out" "$work/in" > "$work/said/report" 2>&1
bad=$(printf '\033[31m\302\23331m\342\200\256\377')
for command in "run" "serve" "report" "show" "recover" "plan" "preflight" "path" "path calc"; do
    "$longhaul" $command "--$bad" > "$work/said/unknown $command" 2>&1
    is "$command, an option that is not known: exit status" "$?" 2
    "$longhaul" $command "--help=$bad" > "$work/said/value $command" 2>&1
    "$longhaul" $command "$bad" "$bad" "$bad" "$bad" > "$work/said/argument $command" 2>&1
done
for flag in -p -b -t -i -l -P -w -S -B; do "$longhaul" run $flag "$bad" A B 127.0.0.1 > "$work/said/run$flag" 2>&1; done
for flag in --charts --format --theme --size --dpi --hub --watch --config; do "$longhaul" report $flag="$bad" --no-render --out "$work/other" "$work/in" > "$work/said/report$flag" 2>&1; done
"$longhaul" "$bad" > "$work/said/command" 2>&1
"$longhaul" report --no-render --out "$work/$bad" "$work/in" > "$work/said/out" 2>&1
mkdir "$work/$bad.d"; printf '{"event":"longhaul","data":{"format":1}}\n' > "$work/$bad.d/$bad.journal"
"$longhaul" recover "$work/$bad.d" "$work/$bad.journal" "$work/none$bad" > "$work/said/recover" 2>&1
cp tests/data/left-behind.journal "$work/$bad.d/$bad.journal"
"$longhaul" recover "$work/$bad.d" > "$work/said/recovered" 2>&1
is "a journal of an odd name is recovered (control)" "$(ls "$work/$bad.d" | grep -c 'json$')" 1
is "nothing of it reaches a terminal or a table" "$(python3 "$work/look.py" "$work/said/"*)" ""
is "nor a report's file" "$(python3 "$work/look.py" $(ls -d "$work"/out/* "$work"/other/* | grep -v 'png$'))" ""
is "a cell's guard is there (control)" "$(grep -c "'=1+1\|'@x\|'-1+1\|\\./[=@+-]" "$work/said/show--csv.csv" | awk '{print ($1 > 0)}')" 1
command -v gnuplot > /dev/null && is "and every picture is drawn" "$(grep -c 'no picture\|failed' "$work/said/report")" 0

# ---- in the page: what another picture has than gnuplot draws does not come in
command -v gnuplot > /dev/null || { skip "pictures in the page: needs gnuplot"; done_testing; }
page() { grep -c '<svg' "$work/page/index.html"; }
mkdir "$work/data"; cp tests/data/reader/push.json "$work/data/HK-WUS-10M_5S_20251115_010046.json"
cp tests/data/reader/pull.json "$work/data/WUS-HK-10M_5S_20251115_010046.json"
"$longhaul" report --charts pair --out "$work/page" "$work/data" > /dev/null
is "gnuplot's picture is in the page" "$(page)" 1
"$longhaul" report --charts pair --theme dark --out "$work/page" "$work/data" > /dev/null
is "a dark one too" "$(page)" 1
done_testing
