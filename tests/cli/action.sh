# action.sh - the action for forges, run as a runner runs its script: environment, files, what the log may command; hostile names; its
# limits. show --format benchmark.
. tests/lib.sh
command -v bash >/dev/null || { skip "action: needs bash"; exit 0; }
mkdir "$work/bin" && ln -s "$longhaul" "$work/bin/longhaul"
# step NAME=VALUE...: one step of a job, with these inputs; its log, summary, outputs and status
step() {
    rm -rf "$work/runner"; mkdir "$work/runner"
    : >"$work/output"; [ -n "${keep_summary:-}" ] || : >"$work/summary"
    env -i PATH="$work/bin:$PATH" HOME="$work" LANG="${LANG:-C.UTF-8}" RUNNER_TEMP="$work/runner" GITHUB_OUTPUT="$work/output" GITHUB_STEP_SUMMARY="$work/summary" \
        GITHUB_ACTION_PATH="$PWD" INPUT_CHARTS=false "$@" configs/action/run >"$work/log" 2>&1
    status=$?
    python3 tests/cli/action.py outputs "$work/output" >"$work/outputs"
}
output() { sed -n "s/^$1=//p" "$work/outputs"; }
commands() { python3 tests/cli/action.py commands "$work/log"; }
leg() { python3 -c 'import sys; sys.path.insert(0, "tests/cli"); import made; made.write(sys.argv[1], [made.leg(sys.argv[2], seconds=600, lost=eval(sys.argv[3]), start=made.START + int(sys.argv[4]))])' "$@"; }
leg "$work/good" HK-WUS "{}" 0 && leg "$work/good" WUS-HK "{}" 0
leg "$work/bad" HK-WUS "{i: 400 for i in range(100, 160)}" 86400 && leg "$work/bad" WUS-HK "{}" 86400

step INPUT_DATA="$work/good"
is "a good folder: status 0, no command to the runner" "$status $(output status) $(commands)" "0 0 "
check "... the summary has the report's table" grep -q '^| HK->WUS |' "$work/summary"
check "... without pictures, which a summary cannot have" sh -c '! grep -q "^!\[" "$1"' sh "$work/summary"
is "... the report's folder is an output, and has the page" "$(ls "$(output report)" | grep -c -e '^index.html$' -e '^summary_report.md$')" 2
like "... the verdict is the report's first line" "$(output verdict)" "^[^|]{5,}$"
is "... the summary is whole" "$(output summary)" whole
if command -v gnuplot >/dev/null; then
    step INPUT_DATA="$work/good" INPUT_CHARTS=true
    check "charts are in the report's folder" test "$(find "$(output report)" -name '*.png' | wc -l)" -gt 0
else
    skip "charts of the action: needs gnuplot"
fi

step INPUT_DATA="$work/good" INPUT_OBJECTIVES="loss <= 1% in 99% of minutes
  outage <= 30s
"
is "objectives that are met" "$status $(output objectives) $(grep -c ': met' "$work/summary")" "0 0 4"
step INPUT_DATA="$work/bad" INPUT_OBJECTIVES="loss <= 1%"
is "one that is missed fails the job" "$status $(output status) $(output objectives)" "3 3 3"
like "... and an annotation says which" "$(commands)" '^::error title=longhaul::HK->WUS: .*: missed'
check "... and so does the summary" grep -q '^    HK->WUS: .*: missed' "$work/summary"
step INPUT_DATA="$work/bad" INPUT_OBJECTIVES="loss <= 1%" INPUT_FAIL_ON=never
is "fail-on: never" "$status $(output status)" "0 3"
step INPUT_DATA="$work/good" INPUT_OBJECTIVES="los <= 1%"
is "an objective that cannot be read fails it" "$status $(commands | grep -c '^::error')" "2 1"
printf '{ "format": 1, "legs": ["HK-WUS", "WUS-HK"], "defaults": { "objectives": ["loss <= 1%%"], "direction": "push" }, "sites": { "HK": { "address": "192.0.2.1", "ports": 5201 }, "WUS": { "address": "192.0.2.2", "ports": 5201 } } }' >"$work/t.json"
step INPUT_DATA="$work/bad" INPUT_CONFIG="$work/t.json"
is "objectives of a topology" "$status $(output objectives)" "3 3"
sed 's/"loss <= 1%"//' "$work/t.json" >"$work/none.json"
step INPUT_DATA="$work/bad" INPUT_CONFIG="$work/none.json"
is "a topology whose list is empty" "$status $(output objectives)" "0 "
is "... of which nothing is said" "$(grep -c 'no leg has an objective' "$work/log")" 0
sed 's/"objectives"/"obj\\u0065ctives"/' "$work/t.json" >"$work/escaped.json"
step INPUT_DATA="$work/bad" INPUT_CONFIG="$work/escaped.json"
is "a topology that writes the key in another way" "$(grep -c '"objectives"' "$work/escaped.json") $status $(output objectives)" "0 3 3"
echo '{ "format": 1, "objectives": ' >"$work/cut.json"
step INPUT_DATA="$work/bad" INPUT_CONFIG="$work/cut.json"
is "a topology that cannot be read fails the job" "$status $(output status) $(commands | grep -c "^::error")" "1 1 1"

step INPUT_DATA="$work/good" INPUT_BASELINE="$work/good"
is "a baseline that is the same" "$(output comparison)" "$("$longhaul" compare "$work/good" "$work/good" >/dev/null 2>&1; echo $?)"
check "... is in the summary" grep -q '^## Compared with the baseline' "$work/summary"
python3 -c 'import sys; sys.path.insert(0, "tests/cli"); import made
for name, lost in ("before", {}), ("after", {i: 30 for i in range(0, 7200, 2)}):
    made.write(sys.argv[1] + "/" + name, [made.leg("HK-WUS", seconds=7200, lost=lost)])' "$work"
step INPUT_DATA="$work/after" INPUT_BASELINE="$work/before"
is "a leg that is worse fails the job" "$status $(output comparison)" "3 3"
cp "$work/good/"HK* "$work/mixed.json"; mkdir "$work/mixed"; mv "$work/mixed.json" "$work/mixed/$(basename "$work"/good/HK*)"; echo '{"start":' >"$work/mixed/WUS-HK-10M_600S_20251115_010046.json"
step INPUT_DATA="$work/mixed"
is "a file that cannot be read: a warning" "$status $(output status) $(commands | grep -c '^::warning')" "0 4 1"
step INPUT_DATA="$work/mixed" INPUT_FAIL_ON=incomplete
is "... which fails the job if wanted" "$status" 4
for wrong in INPUT_DATA=nowhere INPUT_FAIL_ON=sometimes INPUT_CONFIG=nowhere INPUT_BASELINE=nowhere; do
    step INPUT_DATA="$work/good" "$wrong"
    is "${wrong%%=*} that makes no sense: one line says so" "$status $(wc -l <"$work/log") $(commands | grep -c '^::error')" "2 1 1"
done
step INPUT_DATA="$work/none
::set-output name=x::y"
is "a name with a line feed is one line of an annotation" "$status $(wc -l <"$work/log") $(output x)" "2 1 "

mkdir -p "$work/nothing" "$work/old" && echo '# of another day' >"$work/old/summary_report.md"
step INPUT_DATA="$work/nothing" INPUT_OUT="$work/old"
is "no results, and an older report in the folder: that is not shown, nor kept" "$status [$(output report)] $(grep -c 'another day' "$work/summary") $(grep -c '^There is no report' "$work/summary")" "1 [] 0 1"

# ---- figures over time
step INPUT_DATA="$work/good" INPUT_BENCHMARK="$work/figures"
is "figures over time: what show prints, both ways" "$status $(for form in benchmark:smaller benchmark-bigger:bigger; do "$longhaul" show --format ${form%:*} "$work/good" | cmp - "$work/figures/${form#*:}.json" && echo same; done | tr '\n' ' ')" "0 same same "
step INPUT_DATA="$work/mixed" INPUT_BENCHMARK="$work/figures"
is "... of a folder with a file that cannot be read: incomplete, and the others' figures" "$status $(output status) $(grep -c '"HK->WUS ' "$work/figures/smaller.json")" "0 4 3"
step INPUT_DATA="$work/nothing" INPUT_BENCHMARK="$work/figures"
is "... of nothing: failed, and the files of another run are gone" "$status [$(ls "$work/figures")]" "1 []"
: >"$work/a file"
step INPUT_DATA="$work/good" INPUT_BENCHMARK="$work/a file/below"
is "... into a folder that cannot be made: failed, in one annotation that says why" "$status $(output status) $(commands | grep -c '^::error title=longhaul::.*a file')" "1 1 1"

# ---- names from strangers
python3 tests/cli/action.py hostile "$work/hostile"
step INPUT_DATA="$work/hostile" INPUT_OBJECTIVES="loss <= 1%" INPUT_BASELINE="$work/hostile" INPUT_BENCHMARK="$work/bench"
is "hostile names: no command of theirs reaches the runner" "$(commands | grep -vE '^::(warning|error|notice) title=longhaul::')" ""
is "... nor an output" "$(cut -d= -f1 "$work/outputs" | sort | tr '\n' ' ')" "comparison objectives report status summary verdict "
is "... no tag is in the summary but in code" "$(grep -v '^    ' "$work/summary" | sed 's/`[^`]*`//g' | grep -nE '<(img|b|script|/td)' )" ""
is "... no link" "$(grep -v '^    ' "$work/summary" | sed 's/`[^`]*`//g' | grep -cE '(^|[^\\])\[a\]\(javascript')" 0
is "... figures over time are JSON" "$(python3 -c 'import json, sys; print(all(set(e) == {"name", "unit", "value"} and "\n" not in e["name"] for f in ("smaller", "bigger") for e in json.load(open(sys.argv[1] + "/" + f + ".json"))))' "$work/bench")" True

# ---- a hundred legs, and a summary that has no room
python3 tests/cli/action.py hundred "$work/hundred"
step INPUT_DATA="$work/hundred"
is "100 legs: the summary has them all" "$status $(grep -cE '^\| S[0-9]+->S[0-9]+ \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9]+/[0-9]+ \|' "$work/summary")" "0 100"
size=$(wc -c <"$work/summary")
check "... within 1 MiB ($size bytes)" test "$size" -le 1048576
head -c $((1048576 - 20000)) /dev/zero | tr '\0' '\n' >"$work/summary"
keep_summary=yes step INPUT_DATA="$work/hundred"
keep_summary=
is "a summary that is almost full: it is cut, and says so" "$status $(output summary) $(grep -c '^\*\*Cut:\*\* [0-9]* of [0-9]* lines' "$work/summary") $(commands | grep -c '^::notice')" "0 cut 1 1"
check "... at the end of a line, within 1 MiB ($(wc -c <"$work/summary") bytes)" test "$(wc -c <"$work/summary")" -le 1048576 -a "$(tail -c 1 "$work/summary" | wc -l)" = 1
check "... what stands there is the beginning of the report" grep -q '^| S00->S01 |' "$work/summary"

# ---- show --format benchmark
is "benchmark: names are those of legs, and the same each week" "$("$longhaul" show --format benchmark "$work/good" | grep -o '"name": "[^"]*"' | tr '\n' ' ')" \
    '"name": "HK->WUS loss" "name": "HK->WUS jitter" "name": "HK->WUS outages" "name": "WUS->HK loss" "name": "WUS->HK jitter" "name": "WUS->HK outages" '
is "benchmark-bigger: rate and coverage" "$("$longhaul" show --format benchmark-bigger "$work/good" | python3 -c 'import json, sys; print([(e["name"], e["unit"], float(round(e["value"], 1))) for e in json.load(sys.stdin)][:2])')" "[('HK->WUS rate', 'Mbps', 10.0), ('HK->WUS coverage', '%', 100.0)]"
is "a second test of a leg has a name of its own" "$("$longhaul" show --format benchmark "$work/good" "$work/bad" | grep -c '"HK->WUS loss #2"')" 1
is "the loss is that of show" "$("$longhaul" show --format benchmark "$work/bad" | sed -n 's/.*"HK->WUS loss", "unit": "%", "value": \([0-9.]*\)}.*/\1/p' | cut -c1-6)" "$("$longhaul" show --json "$work/bad"/HK* | python3 -c 'import json, sys; print(str(json.load(sys.stdin)["loss_percent"])[:6])')"
mkdir "$work/empty"
is "no test: an empty array" "$("$longhaul" show --format benchmark "$work/empty" 2>/dev/null | tr -d '\n')" "[]"
is "--format json is --json" "$("$longhaul" show --format json "$work/good")" "$("$longhaul" show --json "$work/good")"
for wrong in "--format xml" "--format benchmark --json" "--format benchmark --events" "--format benchmark --csv"; do
    is "show $wrong is refused in a line" "$("$longhaul" show $wrong "$work/good" 2>&1 | wc -l) $("$longhaul" show $wrong "$work/good" >/dev/null 2>&1; echo $?)" "1 2"
done

# ---- what a forge reads
if python3 -c 'import yaml' 2>/dev/null; then
    python3 tests/cli/action.py check || failures=1
else
    skip "action.yml and the workflows: needs python3-yaml"
fi
check "the scripts are programs" test -x configs/action/run -a -x configs/action/install
is "install: none, and longhaul is not there: an error" "$(env -i PATH=/nowhere INPUT_INSTALL=none /bin/sh configs/action/install | head -n 1)" "::error::longhaul is not installed, and the input install says not to install it"
is "install: auto, and it is there: nothing to do" "$(env -i PATH="$work/bin:$PATH" INPUT_INSTALL=auto /bin/sh configs/action/install; echo $?)" 0
done_testing
