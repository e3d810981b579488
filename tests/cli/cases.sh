# cases.sh - files that iperf3 writes in the field and that were once misread, each with the right values, and next to each a similar file
# that is correct: tests/data/cases has the files and the tables, tests/cli/cases.py says how a table is read.
. tests/lib.sh
python3 tests/cli/cases.py "$longhaul" tests/data/cases/*.table.json || failures=1
done_testing
