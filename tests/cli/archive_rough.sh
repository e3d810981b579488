# archive_rough.sh - the index when calls of the system fail, when somebody else holds it, and when somebody else has written it: a right figure
# or one line, and nothing is touched that is not the archive's.
. tests/lib.sh
"$longhaul" archive --index "$work/none/x" "$work" 2>"$work/said" >/dev/null
if grep -q libsqlite3 "$work/said"; then
    skip "a rough time for the index: built without libsqlite3"
    done_testing
fi
shim=$BUILD/tests/tools/failing.so
! grep -q -- -fsanitize "$BUILD/flags" || shim=
python3 tests/cli/archive_rough.py "$longhaul" "$work" "$shim" || failures=1
done_testing
