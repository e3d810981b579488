# tell.sh - what run and serve tell with --on-event: exactly once, in time, never in the way of the measurement. TELL_ROUNDS=50 makes that
# many rounds of kill -9 and --resume instead of everything with four of them; TELL_ENDS=5 asks for the time of an idle machine.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "tell: built without libiperf"; exit 0; }
python3 -c 'import jsonschema' 2>/dev/null || skip "tell: the schema of events: needs jsonschema"
timeout 500 python3 tests/cli/tell.py "$longhaul" "$work" "${TELL_ROUNDS:-4}" >"$work/out" 2>&1
status=$?
cat "$work/out"
is "all were tried" "$status $(grep -c '^not ok' "$work/out")" "0 0"
port=$(ports 1)
for program in /nowhere/program "$work" README.md nosuchprogram ''; do
    "$longhaul" serve -B 127.0.0.1 -p "$port" --dir "$work/in" --on-event "$program" 2>"$work/err"; is "serve --on-event '$program' is misuse" $? 2
    like "in one line" "$(said "$work/err")" "^longhaul serve: --on-event: .*: is not a program that can be started \(longhaul serve --help\)$"
done
done_testing
