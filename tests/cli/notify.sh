# notify.sh - what run and serve tell a service manager by sd_notify's protocol.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "notify: built without libiperf"; exit 0; }
mkdir "$work/n"
timeout 200 python3 tests/cli/notify.py "$longhaul" "$work/n" >"$work/said" 2>&1
status=$?
cat "$work/said"
is "all were tried" "$status" 0
done_testing
