# dashboards.sh - configs/grafana: the dashboards are what its program makes, hold to Grafana's schema, and each query has an answer: of Prometheus
# and VictoriaMetrics, filled with exported results and with live figures. The recording rules, by promtool.
. tests/lib.sh
command -v python3 >/dev/null || { skip "dashboards: needs python3"; exit 0; }
unset http_proxy HTTP_PROXY
mkdir "$work/made"
python3 configs/grafana/make "$work/made"
is "the dashboards are those that configs/grafana/make makes" "$(diff -r "$work/made" configs/grafana/dashboards)" ""
python3 tests/cli/dashboards.py schema configs/grafana/dashboards || failures=$((failures + 1))
is "make install has them" "$(make -n install BUILD="$BUILD" DESTDIR="$work/root" PREFIX=/usr 2>/dev/null | grep -oE 'examples/grafana/[a-z/-]*\.(json|yml)' | sort -u | tr '\n' ' ')" \
    "$(cd configs && find grafana -name '*.json' -o -name '*.yml' | sort | sed 's|^|examples/|' | tr '\n' ' ')"
is "the datasources have fixed uids" "$(sed -n 's/^    uid: //p' configs/grafana/provisioning/datasources/*.yml | tr '\n' ' ')" "longhaul-prometheus longhaul-victoriametrics "

command -v promtool >/dev/null && command -v prometheus >/dev/null || { skip "queries of dashboards: needs prometheus"; done_testing; }
like "recording rules: promtool check rules" "$(promtool check rules configs/prometheus/*.yml 2>&1 | tr -d '\n')" "SUCCESS.*SUCCESS"
cp configs/prometheus/longhaul.recording.yml tests/data/longhaul.recording.test.yml "$work"
is "recording rules: promtool test rules" "$(promtool test rules "$work/longhaul.recording.test.yml" 2>&1 | grep -v '^Unit Testing' | tr -d ' \n')" SUCCESS
"$longhaul" --version | grep -q 'iperf ' || { skip "queries of dashboards: built without libiperf"; done_testing; }

# Exported results, and live figures: pushed and pulled over UDP, and TCP.
python3 tests/cli/export_made.py "$work/all" "$BUILD/tests/bench/delay_day" || not_ok "fixture"
rm "$work/all/UU-VV.json"
"$longhaul" export --openmetrics "$work/all" >"$work/leg.om" || not_ok "export"
python3 tests/cli/dashboards.py metrics "$work/leg.om" >"$work/leg.prom"
is "exported: promtool check metrics" "$(promtool check metrics <"$work/leg.prom" 2>&1)" ""
port=$(ports 5)
background "$longhaul" serve -p "$port-$((port + 2))" --dir "$work/live" --metrics "$work/serve.prom" 2>"$work/serve.log"
wait_port $((port + 2)) || not_ok "it listens"
run() { # FILE PORT SRC DST FLAGS...: in the background
    name=$1 at=$2 from=$3 to=$4; shift 4
    background "$longhaul" run "$from" "$to" 127.0.0.1 -p "$at" -t 40 --dir "$work/live" --metrics "$work/$name.prom" "$@" >/dev/null 2>&1
}
run push "$port" WUS HK -b 2M
run pull $((port + 1)) HK WUS -b 2M --pull
run tcp $((port + 2)) AA BB -b 20M --tcp
# While they run: the figures of the last seconds are known only then.
known() { grep -q 'longhaul_serve_delay_seconds_bucket' "$work/serve.prom" && grep -q 'longhaul_run_delay_seconds_bucket' "$work/pull.prom" &&
    grep -q 'longhaul_run_rtt_seconds' "$work/tcp.prom" && grep -q 'state="running"} 1' "$work/push.prom"; }
until_ok 39 known || not_ok "live figures"
for name in push pull tcp serve; do cp "$work/$name.prom" "$work/$name.seen"; done
for pid in $started; do kill -TERM "$pid" 2>/dev/null; done
for pid in $started; do wait "$pid" 2>/dev/null; done
python3 tests/cli/dashboards.py live "$work/push.seen" "$work/pull.seen" "$work/tcp.seen" "$work/serve.seen" >"$work/live.om"
asked() { python3 tests/cli/dashboards.py queries "$1" configs/grafana/dashboards "$longhaul" "$work/all" "$work/all/days" || failures=$((failures + 1)); }

for om in leg live; do
    promtool tsdb create-blocks-from openmetrics "$work/$om.om" "$work/tsdb" >"$work/promtool.log" 2>&1 || not_ok "promtool makes blocks of $om: $(tail -n 1 "$work/promtool.log")"
done
printf 'global: {}\n' >"$work/prometheus.yml"
port=$(ports 1)
background prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --storage.tsdb.retention.time=100y \
    --web.listen-address="127.0.0.1:$port" >"$work/prometheus.log" 2>&1
until_ok 30 curl -sf "http://127.0.0.1:$port/-/ready" >/dev/null
asked "http://127.0.0.1:$port/"

command -v victoria-metrics >/dev/null || { skip "queries to VictoriaMetrics: not installed"; done_testing; }
port=$(ports 1)
background victoria-metrics -storageDataPath="$work/vm" -httpListenAddr="127.0.0.1:$port" -retentionPeriod=100y -search.latencyOffset=0s \
    -memory.allowedBytes=200MB >"$work/vm.log" 2>&1
until_ok 30 curl -sf "http://127.0.0.1:$port/health" >/dev/null
"$longhaul" export --to "http://127.0.0.1:$port" --state "$work/state" "$work/all" >/dev/null 2>"$work/err" || { skip "$(cat "$work/err")"; done_testing; }
grep -v '^#' "$work/live.om" | sed 's/$/000/' | curl -sf --data-binary @- "http://127.0.0.1:$port/api/v1/import/prometheus"
curl -sf "http://127.0.0.1:$port/internal/force_flush"
asked "http://127.0.0.1:$port/"
done_testing
