# outputs.sh - what a report replaces and what it does not: the user's own files, links, modes, damaged pictures, two reports at once,
# signals while gnuplot works, a planted gnuplot.
. tests/lib.sh
data=tests/data/reader
mkdir "$work/in"
cp $data/push.json "$work/in/HK-WUS-10M_5S_20251115_010046.json"
cp $data/pull.json "$work/in/WUS-HK-10M_5S_20251115_010046.json"
# report ARGUMENT...: one chart, of $work/in
report() { "$longhaul" report --charts hub "$@" "$work/in" > "$work/said" 2> "$work/err"; }

# ---- the user's own files
names="Makefile index.html summary_report.md hub_overview.gp hub_overview.dat hub_overview.png hub_overview.svg"
for name in $names; do
    rm -rf "$work/own"; mkdir "$work/own"
    echo "made by hand" > "$work/own/$name"
    report --no-render --out "$work/own"; status=$?
    is "$name of the user's: refused" "$status $(cat "$work/own/$name") $(cd "$work/own" && ls | wc -l)" "1 made by hand 1"
    is "in one line that names it" "$(grep -c "own/$name: .*--force" "$work/err") $(wc -l < "$work/err")" "1 1"
done
report --no-render --force --out "$work/own"
is "--force replaces it" "$? $(grep -c 'made by hand' "$work/own/hub_overview.svg")" "0 1"
mkdir "$work/no_page"; echo "made by hand" > "$work/no_page/index.html"
check "a page that is not to be written may be anybody's" report --no-render --no-html --out "$work/no_page"
report --no-render --out "$work/twice"; report --no-render --out "$work/twice"
is "a report replaces a report" "$?" 0
cp "$work/in/"*.json "$work/twice"; : > "$work/twice/Makefile"
check "and an empty file, which has nothing to lose" report --no-render --out "$work/twice"

# ---- modes and links
chmod 600 "$work/twice/summary_report.md" "$work/twice/index.html"
sed 's/"bits_per_second":[^,]*/&1/' $data/push.json > "$work/in/HK-WUS-10M_5S_20251115_010046.json"
report --no-render --redraw --out "$work/twice"
is "what is written anew keeps its mode" "$(stat -c %a "$work/twice/summary_report.md" "$work/twice/index.html" | tr '\n' ' ')" "600 600 "
echo "victim" > "$work/victim"
rm "$work/twice/index.html"; ln -s "$work/victim" "$work/twice/index.html"
report --no-render --out "$work/twice"
is "a link to the user's file is refused like the file" "$? $(cat "$work/victim")" "1 victim"
report --no-render --force --out "$work/twice"
is "and with --force replaced, not followed" "$? $(cat "$work/victim") $([ -L "$work/twice/index.html" ] && echo link)" "0 victim "
is "nothing temporary is left" "$(find "$work" -name '*.tmp*')" ""

# ---- what is read
rm -rf "$work/linked"; mkdir "$work/linked" "$work/elsewhere2"; cp "$work/in/"*.json "$work/linked"
sed 's/"version":"[^"]*"/&/' "$work/in/WUS-HK-10M_5S_20251115_010046.json" > "$work/linked/WUS-HK-10M_5S_20251116_010046.json"
"$longhaul" report --no-render --out "$work/unlinked" "$work/linked" > "$work/one" 2>&1
ln -s . "$work/linked/receiver"
"$longhaul" report --no-render --out "$work/relinked" "$work/linked" > "$work/two" 2>&1
is "a folder receiver that leads to its own folder: each file counts once" "$(grep -c ' Mbps' "$work/two")" "$(grep -c ' Mbps' "$work/one")"
rm "$work/linked/receiver"; ln -s "$work/linked" "$work/elsewhere2/receiver"
"$longhaul" report --no-render --out "$work/relinked" "$work/linked" "$work/elsewhere2" > "$work/two" 2>&1
is "one that leads to another folder that is read, too" "$(grep -c ' Mbps' "$work/two")" "$(grep -c ' Mbps' "$work/one")"
python3 - "$work/large" <<'PY'
import json, os, sys
os.mkdir(sys.argv[1])
s = {"start": 0.0, "end": 1.0, "seconds": 1.0, "bytes": 1250172, "bits_per_second": 10001376.0, "packets": 902, "lost_packets": 1, "jitter_ms": 0.1}
rows = [{"streams": [], "sum": dict(s, start=float(k), end=k + 1.0, pad="x" * 200)} for k in range(15000)]
for name in ("A-B-10M_24H_20251115_010046.json", "B-A-10M_24H_20251115_010046.json"):
    path = os.path.join(sys.argv[1], name)
    json.dump({"start": {"timestamp": {"timesecs": 1763168446}}, "intervals": rows, "end": {"sum": s}}, open(path, "w"))
    os.utime(path, (1763168446, 1763168446)); os.chmod(path, 0o600)
PY
"$longhaul" report --no-render --out "$work/large.out" "$work/large" > /dev/null 2>&1
is "nothing is left next to the files that are read, however large" "$(ls -A "$work/large" | tr '\n' ' ')" \
    "A-B-10M_24H_20251115_010046.json B-A-10M_24H_20251115_010046.json "
"$longhaul" show --json "$work/large/"*.json > "$work/without.json"
mkdir "$work/large/.longhaul"
for name in "$work/large/"*.json; do # as 0.1 left columns there: of its magic number, and whatever else
    { printf 'LHCOLUM\0'; head -c 100000 "$name"; } > "$work/large/.longhaul/${name##*/}.columns"
done
sum=$(sha256sum "$work/large/.longhaul/"*)
"$longhaul" show --json --no-cache "$work/large/"*.json > "$work/with.json"
check "what stands in .longhaul next to a file has no effect; --no-cache is accepted" cmp "$work/without.json" "$work/with.json"
"$longhaul" report --no-render --no-cache --out "$work/large.out2" "$work/large" > /dev/null 2>&1
is "nor on a report, which leaves it alone" "$? $(sha256sum "$work/large/.longhaul/"*)" "0 $sum"
check "the report is the same but for its time" diff -r -x index.html -I 'Generated on:' "$work/large.out" "$work/large.out2"
mkdir "$work/pipe"; mkfifo "$work/pipe/dygraph.min.js"
check "--dygraphs, a pipe: it is not waited for" timeout 30 "$longhaul" report --no-render --dygraphs "$work/pipe" --out "$work/piped" "$work/in" > /dev/null
for seconds in 1e308 -1e308 1e19 253402300800 -1; do
    mkdir -p "$work/far"; sed "s/\"timesecs\":[^,}]*/\"timesecs\":$seconds/" $data/push.json > "$work/far/HK-WUS.json"
    "$longhaul" report --no-render --out "$work/far.out" "$work/far" > /dev/null 2>&1
    is "a test that began at $seconds is reported" "$?" 0
done

# ---- a gnuplot that somebody has planted
for path in "" . relative "$work/planted"; do
    mkdir -p "$work/planted/relative" "$work/elsewhere/relative"
    printf '#!/bin/sh\ntouch "%s"\n' "$work/ran" | tee "$work/planted/gnuplot" "$work/planted/relative/gnuplot" > "$work/elsewhere/relative/gnuplot"
    cp "$work/planted/gnuplot" "$work/elsewhere/gnuplot"
    chmod 755 "$work"/planted/gnuplot "$work"/planted/relative/gnuplot "$work"/elsewhere/gnuplot "$work"/elsewhere/relative/gnuplot
    (cd "$work/elsewhere" && PATH=$path:/usr/local/bin:/usr/bin:/bin report --redraw --out "$work/planted")
    is "PATH with '$path': what stands in the report's folder does not run" "$([ -e "$work/ran" ] && echo ran)" ""
done
(cd "$work/elsewhere" && PATH="$work/elsewhere:$PATH" report --redraw --out "$work/other")
is "one in an absolute folder of PATH does (control)" "$([ -e "$work/ran" ] && echo ran)" ran

command -v gnuplot >/dev/null || { skip "pictures: needs gnuplot"; done_testing; }

# ---- pictures
report --out "$work/out"
png="$work/out/hub_overview.png" svg="$work/out/hub_overview.svg"
sha256sum "$png" "$svg" > "$work/sums"
report --out "$work/out"
is "a whole picture is not drawn again" "$(grep -c 'hub_overview\.[ps][nv]g' "$work/said")" 0
# damaged WHAT FILE COMMAND...: the command changes the file; it is drawn again, as it was
damaged() {
    what=$1 file=$2; shift 2
    "$@" "$file"
    report --out "$work/out"
    is "$what: drawn again" "$? $(sha256sum -c "$work/sums" 2>/dev/null | grep -c OK)" "0 2"
}
cut_to() { truncate -s 300 "$1"; }
zero_tail() { size=$(stat -c %s "$1"); truncate -s 300 "$1"; truncate -s "$size" "$1"; }
all_zero() { size=$(stat -c %s "$1"); truncate -s 0 "$1"; truncate -s "$size" "$1"; }
append() { printf x >> "$1"; }
turn_byte() { python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(-600, 2); c = f.read(1); f.seek(-600, 2); f.write(bytes([c[0] ^ 1]))' "$1"; }
# the same picture but for one pixel, whole by PNG's own checksums, and its mark as it was
forge() { python3 - "$1" <<'PY'
import struct, sys, zlib
b = open(sys.argv[1], "rb").read()
at, out, data = 8, [], b""
while at < len(b):
    n, kind = struct.unpack(">I4s", b[at:at + 8])
    out.append((kind, b[at + 8:at + 8 + n])); at += 12 + n
pixels = bytearray(zlib.decompress(b"".join(d for k, d in out if k == b"IDAT")))
pixels[1000] ^= 255
first = [k for k, d in out].index(b"IDAT")
out = out[:first] + [(b"IDAT", zlib.compress(bytes(pixels)))] + [c for c in out[first:] if c[0] != b"IDAT"]
open(sys.argv[1], "wb").write(b[:8] + b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in out))
PY
}
damaged "a PNG cut to 300 bytes" "$png" cut_to
damaged "a PNG with zeros after 300 bytes" "$png" zero_tail
damaged "a PNG of zeros" "$png" all_zero
damaged "a PNG with a byte more" "$png" append
damaged "a PNG in which one bit turned" "$png" turn_byte
damaged "a PNG with another pixel" "$png" forge
damaged "an SVG cut to 300 bytes" "$svg" cut_to
damaged "an SVG with zeros after 300 bytes" "$svg" zero_tail
damaged "an SVG in which one bit turned" "$svg" turn_byte
damaged "an SVG with an element more" "$svg" sed -i 's|</svg>|<g></g>&|'
damaged "a picture that is gone" "$svg" rm
make -s -C "$work/out" -B >/dev/null 2>&1
check "pictures that the folder's Makefile drew are not somebody else's" report --out "$work/out"
is "and drawn again" "$(sha256sum -c "$work/sums" 2>/dev/null | grep -c OK)" 2

# ---- two at once
for i in 1 2 3; do
    "$longhaul" report --redraw --out "$work/both" "$work/in" > "$work/one" 2>&1 & one=$!
    "$longhaul" report --redraw --out "$work/both" "$work/in" > "$work/two" 2>&1; two_status=$?
    wait $one
    is "two reports on one folder, round $i: both are made" "$? $two_status $(grep -c 'no picture\|No such' "$work/one" "$work/two" | tr '\n' ' ')" \
        "0 0 $work/one:0 $work/two:0 "
done
is "and nothing is left" "$(find "$work/both" -name '*.tmp*')" ""

# ---- signals while gnuplot is at work
mkdir "$work/bin"
cat > "$work/bin/gnuplot" <<END
#!/bin/sh
case "\$*" in *--version*) exec $(command -v gnuplot) "\$@" ;; esac
$(command -v gnuplot) "\$@"
touch "$work/drawing"
sleep 31.4159 & wait
END
chmod 755 "$work/bin/gnuplot"
for number in 15 1 2; do
    signal=$(kill -l $number)
    rm -rf "$work/ended" "$work/drawing"
    PATH="$work/bin:$PATH" python3 -c 'import os, signal, sys
for n in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM): signal.signal(n, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$longhaul" report --out "$work/ended" "$work/in" > /dev/null 2>"$work/err" & pid=$!
    check "SIG$signal: gnuplot draws (control)" until_ok 30 test -e "$work/drawing"
    kill -s $signal $pid; wait $pid; status=$?
    is "SIG$signal ends the report, and its exit status says so" "$status" $((128 + number))
    is "SIG$signal: no temporary file is left" "$(find "$work/ended" -name '*.tmp*')" ""
    is "SIG$signal: no process is left" "$(pgrep -f 'sleep 31.4159')" ""
done
"$longhaul" report --out "$work/ended" "$work/in" >/dev/null 2>&1
is "the next report is made" "$? $(ls "$work/ended"/*.png | wc -l)" "0 7"
mkdir "$work/ended/.longhaul-00112233445566ff.tmp"; : > "$work/ended/.longhaul-00112233445566ff.tmp/0.png"; : > "$work/ended/.longhaul-ff112233445566ff.tmp"
report --out "$work/ended"
is "what a report left that was killed is gone after the next one" "$(find "$work/ended" -name '.longhaul*')" ""
done_testing
