# abroad.sh - a program in a locale with a decimal comma uses the library: the files have points, the program keeps its comma.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "abroad: built without libiperf"; exit 0; }
localedef -i de_DE -f UTF-8 "$work/de_DE.UTF-8" >/dev/null 2>&1 || { skip "abroad: needs a German locale (localedef, locales)"; exit 0; }
port=$(ports 1); mkdir "$work/in"
background "$longhaul" serve -p $port --dir "$work/received" 2>/dev/null
wait_port $port || not_ok "it listens"
echo leak:argz_add_sep >"$work/known" # the C library's newlocale() does not free what it makes of LOCPATH
is "a TCP leg, and its report" "$(LSAN_OPTIONS=suppressions=$work/known:print_suppressions=0 LOCPATH="$work" LC_ALL=de_DE.UTF-8 "$BUILD/tests/tools/abroad" $port "$work/in" 2>&1)" "done 1,5"
python3 - "$work/in" <<'PY'
import glob, json, re, sys
def check(good, what): print(("ok - " if good else "not ok - ") + what)
r = json.load(open(glob.glob(sys.argv[1] + "/run/*.json")[0]))
rows = r["intervals"]
check(5 <= len(rows) <= 8 and "damaged_lines" not in r["longhaul"], f"{len(rows)} intervals, none damaged")
check(r["start"]["test_start"]["target_bitrate"] == 1500000, "a rate with a point is read")
check(any("." in str(i["longhaul"].get("tcp", {}).get("min_rtt_ms", "")) for i in rows), "what the kernel knew of its streams")
metrics = [line.split()[-1] for line in open(sys.argv[1] + "/metrics.prom") if line[0] != "#"]
check(metrics and all(re.fullmatch(r"-?[0-9.e+-]+", m) for m in metrics) and any("." in m for m in metrics), f"{len(metrics)} metrics are numbers")
data = [f for f in glob.glob(sys.argv[1] + "/report/*.dat")]
check(data and not any(re.search(r"\d,\d", open(f).read()) for f in data), f"{len(data)} files of charts' data have points")
page = open(sys.argv[1] + "/report/index.html").read()
check(not re.search(r'(?:x|y|width|height|d|points)="[^"]*\d,\d', page), "so have the page's drawings")
PY
[ $? -eq 0 ] || failures=1
done_testing
