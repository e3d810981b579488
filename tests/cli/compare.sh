# compare.sh - longhaul compare: days with known differences, calculated again by another program; times of day, several days, what is
# unknown, hostile names, exit statuses.
. tests/lib.sh
python3 tests/cli/compare.py "$work" "$longhaul" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
done_testing
