# charts.sh - the pictures of longhaul report: every kind, from generated and from real data, in every form and theme; every spike
# survives; labels stay labels; and failures to draw are reported.
. tests/lib.sh
case $(id -u),${IN_OWN_MOUNTS:-} in
*,yes) ;;
0,) unshare -m true 2>/dev/null && IN_OWN_MOUNTS=yes BUILD=$BUILD exec unshare -m env IN_OWN_MOUNTS=yes sh "$0" ;;
*) unshare -rm true 2>/dev/null && BUILD=$BUILD exec unshare -rm env IN_OWN_MOUNTS=yes sh "$0" ;;
esac
png() { python3 tests/cli/png.py "$@"; }
# A file of text that is well-formed XML, and has the words in it
xml() { python3 -c 'import sys, xml.etree.ElementTree as e
text = " ".join(e.parse(sys.argv[1]).getroot().itertext())
sys.exit(not all(w in text for w in sys.argv[2:]))' "$@"; }
report() { "$longhaul" report --no-html "$@" > "$work/out" 2> "$work/err"; }

# ---- options, which need no gnuplot
for bad in "--charts pears" "--charts pair," "--format pdf" "--theme pink" "--size 100x100" "--size 2800" "--size 99999x1600" "--dpi 0"; do
    # shellcheck disable=SC2086
    "$longhaul" report $bad > /dev/null 2> "$work/err"
    is "$bad is misuse, said in a line" "$?$(grep -c '' "$work/err")" 21
done
python3 tests/cli/legs.py "$work/24H" --seconds 900
report --no-render --charts pair,matrix --out "$work/some" "$work/24H"
is "--charts says which" "$(cd "$work/some" && echo *.gp)" "matrix_loss_jitter_coverage.gp pair_HK_WUS_bandwidth.gp pair_KC_WUS_bandwidth.gp pair_UAE_WUS_bandwidth.gp"
mkdir "$work/sender"
python3 tests/cli/day.py "$work/sender/A-B-10M_24H_20251115_010046.json" a b
report --no-render --out "$work/some-more" "$work/sender"
is "an unknown quantity has no chart" "$?$(cd "$work/some-more" && echo *.gp)" "0direction_A_B_bandwidth.gp heat_loss.gp hub_overview.gp matrix_loss_jitter_coverage.gp pair_A_B_bandwidth.gp"
report --no-render --charts distribution --out "$work/some-more" "$work/sender"
like "and if it was requested, a note says so" "$?$(cat "$work/err")" '^4.*no chart of kind distribution: no leg has loss or jitter for its intervals$'

mkdir "$work/large"
python3 tests/cli/mesh.py "$work/large" 17
report --no-render --out "$work/large.out" "$work/large"
is "of 272 legs the gravest 20 have charts of their own that the texts tell of" "$(find "$work/large.out" -name 'direction_*.gp' | grep -c .)" 20
like "which the texts say" "$(cat "$work/large.out/summary_report.md")" '^Of 272 legs the gravest 20 are below, and drawn: those that are not valid, then those that lost most'
report --no-render --charts direction --out "$work/large.all" "$work/large"
is "unless all are asked for" "$(find "$work/large.all" -name 'direction_*.gp' | grep -c .)" 272

if ! command -v gnuplot > /dev/null; then
    skip "pictures: gnuplot is not installed"
    done_testing
fi

# ---- every kind and form
report --out "$work/light" "$work/24H"
is "all kinds are drawn" "$?$(cat "$work/err")" 0
pair=$work/light/pair_UAE_WUS_bandwidth direction=$work/light/direction_UAE_WUS_bandwidth
check "a pair: 2800 x 1600, green, blue, and the colours of loss and jitter" png "$pair.png" 2800 1600 009e73 0072b2 d55e00 a8588a
check "six panels" png "$pair.png" 2800 1600 --panels ffffff 6
check "a resolution" png "$pair.png" 2800 1600 --dpi 200
check "a day that ended at a quarter: three of four parts are shaded" png "$work/light/pair_KC_WUS_bandwidth.png" 2800 1600 c3c8d1
check "a direction: 2400 x 1000, the band, what is beyond it, loss, jitter" png "$direction.png" 2400 1000 009e73 74c5ae d55e00 a8588a
check "three panels" png "$direction.png" 2400 1000 --panels ffffff 3
check "the hub: a panel for each leg" png "$work/light/hub_overview.png" 2800 "$(sed -n 's/^height = //p' "$work/light/hub_overview.gp")" --panels ffffff 6
check "the heat strip: classes of loss" png "$work/light/heat_loss.png" 2800 "$(sed -n 's/^height = //p' "$work/light/heat_loss.gp")" e87416 c24a08
check "distributions: a colour for each leg" png "$work/light/distribution_jitter_loss.png" 2800 1200 0072b2 e69f00 009e73 d55e00
report --out "$work/plain" --charts heat "$work/sender"
check "the heat strip of a file that does not tell when packets were lost: rates" png "$work/plain/heat_loss.png" 2800 "$(sed -n 's/^height = //p' "$work/plain/heat_loss.gp")" d5ebe6
check "its title and labels say what it shows" xml "$work/plain/heat_loss.svg" "By leg and hour (UTC): sent rate compared with the target; when packets were lost is unknown" "A->B, loss 0.00209 %" "not observed"
mkdir "$work/both"
cp "$work/sender"/* "$work/both"; python3 tests/cli/legs.py "$work/both" --seconds 900
"$longhaul" report --charts heat,hub --format png --out "$work/both.out" "$work/both" > /dev/null 2>&1
"$longhaul" report --out "$work/pages" "$work/24H" > /dev/null 2>&1
like "a chart is called by what it shows: losses" "$(grep '^\*\*' "$work/pages/summary_report.md" | tr '\n' ' ')" \
    '\*\*all legs over time\*\* \*\*loss by leg and time\*\* \*\*distribution of jitter and loss\*\* \*\*loss, jitter and coverage by source and destination\*\*'
like "rates" "$(cat "$work/plain/summary_report.md")" '^\*\*rate by leg and time\*\*$'
like "or both" "$(cat "$work/both.out/summary_report.md")" '^\*\*loss or rate by leg and time\*\*$'
is "a chart of rates alone is not called one of losses, nor the other way round" "$(cat "$work/plain/summary_report.md" "$work/plain/index.html" | grep -c 'loss by leg and time')$(grep -c 'rate by leg and time' "$work/pages/summary_report.md")" 00
like "the hub's title has losses where they are known" "$(cat "$work/both.out/hub_overview.gp")" "title_text = 'All legs at once, hub .*: rate and loss"
report --no-render --charts hub --out "$work/plain" "$work/sender"
like "and rates alone where they are not" "$(cat "$work/plain/hub_overview.gp")" "title_text = 'All legs at once, hub [A-Z]*: rate'"
like "the page's picture is named after its pair" "$(cat "$work/pages/index.html")" 'Chart of HK &lt;-&gt; WUS over time; the tables have the figures|Chart of HK .{1,12} WUS over time; the tables have the figures'
"$longhaul" report --charts heat --out "$work/unasked" "$work/24H" > /dev/null 2>&1
like "a pair whose picture was not asked for says so" "$(cat "$work/unasked/index.html")" 'No picture of this pair was requested'
"$longhaul" report --charts pair --format png --out "$work/outside" "$work/24H" > /dev/null 2>&1
like "a picture that the page cannot take in is named" "$(cat "$work/outside/index.html")" '</a>: the picture is next to this page, as pair_[A-Z_]*_bandwidth.png'
is "what was drawn is not said to be missing" "$(cat "$work/pages/index.html" "$work/outside/index.html" | grep -c 'was not drawn\|was requested')" 0
PATH=/nowhere "$longhaul" report --charts pair --out "$work/unable" "$work/24H" > /dev/null 2>&1
like "one that could not be drawn points to the notes" "$(cat "$work/unable/index.html")" 'was not drawn: see the notes'
mkdir "$work/rateless"
python3 -c 'import sys; sys.dont_write_bytecode = True; sys.path.insert(0, "tests/cli"); import sentence_data; sentence_data.make(sys.argv[1], "rateless")' "$work/rateless/24H"
report --no-render --charts heat --out "$work/rateless/out" "$work/rateless/24H"
like "a heat chart of nothing is not drawn" "$?$(cat "$work/err")" '^4.*no chart of kind heat: no leg has a loss or a rate for its intervals'
check "the matrix" png "$work/light/matrix_loss_jitter_coverage.png" 2800 "$(sed -n 's/^height = //p' "$work/light/matrix_loss_jitter_coverage.gp")" eef4fb 3a0a1c
for f in "$work"/light/*.svg; do xml "$f" || not_ok "$(basename "$f") is no XML"; done
check "each is an SVG too, with the texts in it" xml "$pair.svg" "UDP Bandwidth Over Time: UAE <-> WUS" "UAE->WUS • loss " "Loss %" UTC "01:04"
number=$(sed -n '/^# 1 numbers/,/^$/s/.* "\([0-9]*\).*/\1/p' "$pair.dat" | head -1)
check "incidents have the numbers of the text" grep -qE "^\| $number \|.*(UAE.*WUS|WUS.*UAE|\| WUS \|)" "$work/light/summary_report.md"

report --theme dark --charts pair --format png --out "$work/dark" "$work/24H"
check "dark" png "$work/dark/pair_UAE_WUS_bandwidth.png" 2800 1600 14171c 2fc9a0 56b4e9
report --theme print --charts pair --format png --out "$work/print" "$work/24H"
check "print" png "$work/print/pair_UAE_WUS_bandwidth.png" 2800 1600 007a59 004f8a
is "--format png makes no SVG" "$(find "$work/dark" -name '*.svg' | wc -l)" 0
report --charts pair,direction,hub,heat,distribution,matrix --size 1400x800 --format png --out "$work/half" "$work/24H"
for f in "$work"/half/*.png; do png "$f" 1400 800 --dpi "$(sed -n 's/^dpi = //p' "${f%png}gp")" || not_ok "$f at half size"; done
check "--size: half as large, in proportion" png "$work/half/pair_UAE_WUS_bandwidth.png" 1400 800 --panels ffffff 6
report --charts direction --dpi 100 --format png --out "$work/dpi" "$work/24H"
check "--dpi alone scales" png "$work/dpi/direction_UAE_WUS_bandwidth.png" 1200 500 --dpi 100

# ---- what longhaul and iperf3 wrote themselves
report --charts pair,direction,matrix --format png --out "$work/real" tests/data/reader
is "real results are drawn" "$(find "$work/real" -name '*.png' | grep -c .)" "$(find "$work/real" -name '*.gp' | grep -c .)"

# ---- a day: no spike is lost
mkdir "$work/day"
python3 tests/cli/day.py "$work/day/UAE-WUS-10M_24H_20251115_010046.json" a b 36000
report --charts direction,pair --format png --out "$work/spike" "$work/day"
one=$work/spike/direction_UAE_WUS_bandwidth
check "one second in a day can be seen at its hour" png "$one.png" 2400 1000 --spike 74c5ae 0.45 0.47
check "in a pair's chart too" png "$work/spike/pair_UAE_WUS_bandwidth.png" 2800 1600 --spike 009e73 0.44 0.46
# All 86,400 points as a thin line, in the same panel: it reaches as far in each column, but for the thickness of the line.
python3 -c 'import json, sys
print("\n\n# 1 line")
for v in json.load(open(sys.argv[1]))["intervals"]: print(v["sum"]["end"] / 3600, v["sum"]["bits_per_second"] / 1e6)' \
    "$work/day/UAE-WUS-10M_24H_20251115_010046.json" >> "$one.dat"
sed -e "s/^all_layers = .*/all_layers = 'line'/" -e "s/\(array panel_layers.*\)extremes/\1line/" -e "s/with lines linewidth 1.1 \* pt/with lines linewidth 1/" \
    "$one.gp" > "$work/spike/all.gp"
sed -e "s/^all_layers = .*/all_layers = 'extremes'/" "$one.gp" > "$work/spike/few.gp"
(cd "$work/spike" && export LC_ALL=C.UTF-8 && gnuplot -e "output='all.png'" all.gp && gnuplot -e "output='few.png'" few.gp) 2> "$work/err"
check "and each column reaches as far as a line through all points" png "$work/spike/few.png" 2400 1000 --reach 74c5ae "$work/spike/all.png" 009e73 4
is "data is what a picture holds, not a day" "$(grep -c . "$work/spike/pair_UAE_WUS_bandwidth.dat" | awk '{print ($1 < 6000)}')" 1

# ---- why nothing was observed, where there is room for a word
python3 tests/cli/gaps.py "$work/gaps" > "$work/gaps.json"
report --format svg --charts pair,direction,hub --out "$work/causes" "$work/gaps"
for chart in "pair_HK_WUS_bandwidth restarted path-silent suspended path-silent peer-closed" "direction_WUS_HK_bandwidth suspended path-silent peer-closed" \
    "hub_overview suspended"; do
    # shellcheck disable=SC2086
    set -- $chart; name=$work/causes/$1; shift
    check "$(basename "$name") names $*, and nothing where that would not fit" python3 tests/cli/captions.py "$name.dat" "$name.gp" "$@"
    check "its SVG too" xml "$name.svg" "$@"
done
report --format png --charts pair --size 900x500 --out "$work/causes-small" "$work/gaps"
check "nor in a small picture" python3 tests/cli/captions.py "$work/causes-small/pair_HK_WUS_bandwidth.dat" "$work/causes-small/pair_HK_WUS_bandwidth.gp" \
    restarted path-silent suspended path-silent peer-closed
like "the texts have the same word next to the event's number" "$(cat "$work/causes/summary_report.md")" '^\| [0-9]+ \| .*WUS\\?->HK \| outage \(suspended\) \|'
kinds=$(sed -n '/^# 1 events/,/^$/p' "$pair.dat" | awk '$1 != "#" && NF == 3 {print $3}' | uniq | tr '\n' ' ')
is "the graver event is drawn over what follows from it" "$kinds" "$(echo "$kinds" | tr ' ' '\n' | sort -rnu | xargs) "
foot=$(sed -n '/^# 2 band/,/^$/p' "$direction.dat" | awk 'NF == 3 && $3 < 0.02' | wc -l)
is "where nothing is lost, no loss is drawn at the foot of the axis" "$foot" 0

# ---- templates, and the folder's Makefile
cp -r gnuplot "$work/alone"
mkdir "$work/project" && mv "$work/alone" "$work/project/gnuplot"
for kind in pair direction hub heat distribution matrix trend; do
    # In the C locale gnuplot 5.4 has a word to say about a degree sign.
    (cd "$work/project" && export LC_ALL=C.UTF-8 && gnuplot gnuplot/$kind.gp && gnuplot -e "theme='dark'; format='svg'" gnuplot/$kind.gp) > "$work/err" 2>&1
    is "$kind.gp draws its sample alone" "$?$(cat "$work/err")$(head -c 4 "$work/project/${kind}_sample.png" | tail -c 3)" 0PNG
    check "as SVG too" xml "$work/project/${kind}_sample.svg"
done
is "make in the folder has nothing to do" "$(MAKEFLAGS= make -C "$work/light" 2>&1 | grep -c gnuplot)" 0
rm "$work/light/heat_loss.png"
is "but what is missing" "$(MAKEFLAGS= make -C "$work/light" 2>&1 | grep -c '^gnuplot')" 1
make -s -B -C "$work/light" CHARTS=pair_UAE_WUS_bandwidth THEME=dark FORMAT=png > "$work/err" 2>&1
check "in another theme" png "$pair.png" 2800 1600 14171c

# ---- labels
mkdir "$work/evil"
python3 - "$work/evil/noname.json" <<'EOF'
import json, sys
label = "<script>alert('x')</script>\"$HOME`touch pwned`@macro_^{2}\\'; system('touch pwned');#%s&amp;"
document = json.load(open("tests/data/reader/pull.json"))
text = json.dumps(document).replace("192.0.2.1", "EVIL")
document = json.loads(text)
def put(x):
    if isinstance(x, dict): return {k: put(v) for k, v in x.items()}
    if isinstance(x, list): return [put(v) for v in x]
    return label if x == "EVIL" else x
json.dump(put(document), open(sys.argv[1], "w"))
EOF
sed 's/"timesecs": [0-9]*/"timesecs": 1763254846/' "$work/evil/noname.json" > "$work/evil/\$(touch pwned)\`touch pwned\`';.json" # another test
(cd "$work/evil" && "$longhaul" report --out out . > out.txt 2> err.txt)
is "labels full of commands: drawn without any message" "$?$(cat "$work/evil/err.txt")" 0
is "no command is one" "$(find "$work/evil" "$PWD" -maxdepth 2 -name 'pwned*' | grep -c .)" 0
for f in "$work"/evil/out/*.svg; do xml "$f" || not_ok "$(basename "$f") is no XML"; done
is "no element out of a label" "$(cat "$work"/evil/out/*.svg | grep -c '<script')" 0
check "names of files are harmless" test "$(cd "$work/evil/out" && ls | grep -c '[^A-Za-z0-9._-]')" = 0

# ---- what cannot be drawn
mkdir "$work/bin"
stub() { printf '#!/bin/sh\n[ "$1" = --version ] && echo gnuplot 5.4 patchlevel 4 && exit\n%s\n' "$1" > "$work/bin/gnuplot"; chmod +x "$work/bin/gnuplot"; }
real=$(command -v gnuplot)
stub 'kill -9 $$'
PATH="$work/bin:$PATH" report --charts pair --out "$work/killed" "$work/24H"
like "gnuplot is killed: one line says so" "$?$(grep -c '' "$work/err"): $(cat "$work/err")" '^41: .*pair_HK_WUS_bandwidth.png and 5 more pictures: gnuplot was killed \(signal 9\)$'
is "nothing half made is left, the rest is there" "$(cd "$work/killed" && echo *.png *.svg *.tmp *.md)" "*.png *.svg *.tmp summary_report.md"
like "and the report says what is missing" "$(cat "$work/killed/summary_report.md")" 'killed \(signal 9\)'
# One script is broken: the others are drawn all the same.
stub "case \$* in *pair_KC*direction*|*pair_KC_WUS_bandwidth.gp) ;; *) exec $real \"\$@\" ;; esac
for a; do case \$a in *pair_KC_WUS_bandwidth.gp) echo 'line 7: broken' >&2; exit 1 ;; esac; done"
PATH="$work/bin:$PATH" report --charts pair --format png --out "$work/one" "$work/24H"
like "one script fails: one line says so" "$?$(cat "$work/err")" '^4longhaul: .*pair_KC_WUS_bandwidth.png: gnuplot failed \(1\): line 7: broken$'
is "the others are drawn" "$(cd "$work/one" && echo *.png)" "pair_HK_WUS_bandwidth.png pair_UAE_WUS_bandwidth.png"
stub "ulimit -f 8; trap '' XFSZ; exec $real \"\$@\""
PATH="$work/bin:$PATH" report --charts pair --format png --out "$work/full" "$work/24H"
like "a disk that is full for pictures: a line" "$?$(grep -c '' "$work/err")" '^41$'
is "no empty picture" "$(cd "$work/full" && echo *.png *.tmp)" "*.png *.tmp"
mkdir "$work/small"
if mount -t tmpfs -o size=420k small "$work/small" 2> /dev/null; then
    report --charts pair,direction --format png --out "$work/small" "$work/24H"
    like "a full disk is reported" "$?: $(cat "$work/err")" '^[14]: '
    for f in "$work"/small/*.png; do [ -e "$f" ] && ! png "$f" "$(sed -n 's/^width = //p' "${f%png}gp")" "$(sed -n 's/^height = //p' "${f%png}gp")" && not_ok "$f is not a picture"; done
    is "and nothing temporary is left" "$(find "$work/small" -name '*.tmp*' | grep -c .)" 0
    umount "$work/small"
else
    skip "a full disk: needs root, or namespaces of one's own"
fi
cat > "$work/fonts.conf" <<'EOF'
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/nonexistent</dir></fontconfig>
EOF
FONTCONFIG_FILE=$work/fonts.conf report --charts matrix --format png --out "$work/nofont" "$work/24H"
like "no font: a line, and pictures" "$?$(cat "$work/err")$(ls "$work/nofont"/*.png | grep -c .)" '^4longhaul: gnuplot finds no font: .*1$'

# ---- a mesh
python3 tests/cli/legs.py "$work/mesh" --sites 24
report --charts matrix,hub,distribution,heat --format png --out "$work/mesh-out" "$work/mesh"
is "a mesh of 24 sites" "$?$(cat "$work/err")" 0
check "its matrices below each other" png "$work/mesh-out/matrix_loss_jitter_coverage.png" "$(sed -n 's/^width = //p' "$work/mesh-out/matrix_loss_jitter_coverage.gp")" \
    "$(sed -n 's/^height = //p' "$work/mesh-out/matrix_loss_jitter_coverage.gp")" eef4fb fb9f33
done_testing
