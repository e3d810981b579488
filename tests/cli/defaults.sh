# defaults.sh - `longhaul run SRC DST PEER` without flags is the article's test, as libiperf itself says: in a network namespace
# where port 5201 is free.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "defaults: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "defaults: built without libiperf"; exit 0; }
unshare -rn true 2>/dev/null || { skip "defaults: no network namespaces here"; exit 0; }
cat >"$work/inside" <<SH
. tests/lib.sh
trap - EXIT; rmdir "\$work"
ip link set lo up
iperf3 -s >/dev/null 2>&1 & server=\$!
cd "$work"
wait_port 5201
"$longhaul" run HK WUS 127.0.0.1 >out 2>err & run=\$!
has_two() { [ "\$(cat 24H/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge 2 ]; }
until_ok 30 has_two
ls 24H >during
kill -TERM \$run; wait \$run; echo \$? >status
kill \$server
SH
unshare -rn sh "$work/inside"
is "exit status after SIGTERM" "$(cat "$work/status")" 143
like "a journal while it runs" "$(cat "$work/during")" '^HK-WUS-10M_24H_[0-9]{8}_[0-9]{6}\.journal$'
like "the result's name" "$(ls "$work/24H")" '^HK-WUS-10M_24H_[0-9]{8}_[0-9]{6}\.json$'
python3 - "$work"/24H/*.json <<'PY'
import json, sys
result = json.load(open(sys.argv[1]))
start, built = result["start"], result["start"]["test_start"]
def check(good, what): print(("ok - " if good else "not ok - ") + what)
for key, want in dict(protocol="UDP", num_streams=1, omit=0, duration=86400, bytes=0, blocks=0, reverse=0, tos=0).items():
    check(built[key] == want, f"session: {key} is {built[key]}")
check(start.get("target_bitrate", built.get("target_bitrate")) == 10000000, "session: 10 Mbit/s")
check(start["connecting_to"] == {"host": "127.0.0.1", "port": 5201}, "session: port 5201")
check(all(abs(i["sum"]["seconds"] - 1) < 0.1 for i in result["intervals"][:2]) and len(result["intervals"]) >= 2, "session: intervals of 1 s")
check(result["longhaul"]["direction"] == "push" and result["intervals"][0]["sum"]["sender"], "session: push")
PY
done_testing
