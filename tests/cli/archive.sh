# archive.sh - the index of many days: its figures against those of the raw files, what is read again and what is not, joined
# records, interruptions, and files that are not longhaul's.
. tests/lib.sh
"$longhaul" archive --index "$work/none/x" "$work" 2>"$work/said" >/dev/null
if grep -q libsqlite3 "$work/said"; then
    like "without libsqlite3 it says what is missing" "$(cat "$work/said")" "this build has no libsqlite3"
    skip "the index: built without libsqlite3"
    done_testing
fi
python3 tests/cli/archive.py "$longhaul" "$work" || failures=1
done_testing
