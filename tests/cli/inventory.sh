# inventory.sh - plan --ansible and plan --prometheus-sd: every host with its variables, odd names, what changes and what stays when the
# topology changes; ansible-inventory reads it, where it is installed.
. tests/lib.sh
python3 tests/cli/inventory.py "$longhaul" "$work" || failures=1
done_testing
