# live.sh - the tables of run and serve while a path, or a peer, is not well: what is not known is never green, and no column moves.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "live: built without libiperf"; exit 0; }
python3 tests/cli/live.py "$longhaul" $(ports 4) "$work" || failures=1
done_testing
