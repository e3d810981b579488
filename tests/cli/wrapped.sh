# wrapped.sh - what programs between iperf3 and a file add around a test (logs, containers, strings of other JSON), tests and intervals that are
# repeated, mixed events of two tests, names, totals alone: each against the plain file, by wrapped.py.
. tests/lib.sh
python3 tests/cli/wrapped.py "$longhaul" "$work" || failures=1
done_testing
