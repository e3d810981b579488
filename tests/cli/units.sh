# units.sh - how longhaul is deployed: systemd's installed units, crontab lines as cron runs them, alerts on the metrics.
. tests/lib.sh
units=$work/prefix/lib/systemd/system
# As it was built: with another name for the folder make would build anew, under the other tests.
build=${BUILD#"$PWD"/}
make -s BUILD="$build" install PREFIX="$work/prefix" >"$work/install.log" 2>&1 || not_ok "install: $(tail -n 1 "$work/install.log")"
is "installed: the units" "$(ls "$units" | tr '\n' ' ')" "longhaul-resume@.service longhaul-run@.service longhaul-run@.timer longhaul-serve@.service "
is "installed: each starts the program that was installed" "$(grep -rhoE '/[a-z/A-Z0-9._-]*/longhaul (run|serve|recover)' "$units" | sort -u)" \
    "$(for c in recover run serve; do echo "$work/prefix/bin/longhaul $c"; done)"
docs=$work/prefix/share/doc/longhaul
is "installed: README and CONTRIBUTING, CHANGES, licence, and what the links of README and of doc/ lead to" "$(for f in README.md CONTRIBUTING.md CHANGES LICENSE NOTICE; do [ -s "$docs/$f" ] || echo "$f"; done
    for f in README.md doc/*.md; do grep -oE '\]\([^)#:]+\)' "$f" | sed 's/^](//; s/)$//' | while read -r to; do [ -e "$docs/$(dirname "$f")/$to" ] || echo "$f: $to"; done; done)" ""
is "installed: man pages of every section" "$(for page in man/*.[1-8]; do [ -s "$work/prefix/share/man/man${page##*.}/${page#man/}" ] || echo "$page"; done)" ""
is "installed: the pages that the units name" "$(sed -n 's/^Documentation=//p' "$units"/* | tr ' ' '\n' | sort -u | while IFS=':()' read -r kind page section rest; do
    [ "$kind" = man ] && [ -s "$work/prefix/share/man/man$section/$page.$section" ] || echo "$kind:$page($section)"; done)" ""
sandbox() { sed -n '/^# The sandbox/,/^$/p' "$1" | grep -v '^$'; }
for unit in resume serve; do
    is "the sandbox of $unit@ is that of run@" "$(sandbox "$units/longhaul-$unit@.service")" "$(sandbox "$units/longhaul-run@.service")"
done
# verify UNIT...: its status, and what it says of these units; it looks at all others of the machine, too
verify() {
    SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$@" >"$work/said" 2>&1; echo $?
    grep longhaul "$work/said"
}
if command -v systemd-analyze >/dev/null; then
    is "systemd-analyze verify" "$(verify longhaul-run@HK.timer longhaul-run@HK.service longhaul-resume@HK.service longhaul-serve@HK.service)" 0
    for unit in run resume serve; do
        figure=$(systemd-analyze security --offline=true --no-pager "$units/longhaul-$unit@.service" | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
        check "systemd-analyze security: $unit@ is ${figure:-unknown}, under 1.6" awk "BEGIN {exit !(\"$figure\" != \"\" && $figure + 0 < 1.6)}"
        is "$unit@ has CAP_NET_RAW and nothing more, in this host's user namespace" \
            "$(sed -n '/^CapabilityBoundingSet=/p; /^AmbientCapabilities=/p; /^PrivateUsers=/p' "$units/longhaul-$unit@.service" | tr '\n' ' ')" \
            "CapabilityBoundingSet=CAP_NET_RAW AmbientCapabilities=CAP_NET_RAW "
    done
    mkdir "$units/longhaul-serve@WUS.service.d"
    cp configs/systemd/allow.conf "$units/longhaul-serve@WUS.service.d"
    is "the drop-in for --allow: systemd-analyze verify" "$(verify longhaul-serve@WUS.service)" 0
    rm -r "$units/longhaul-serve@WUS.service.d"
    when=$(sed -n 's/^OnCalendar=//p' "$units/longhaul-run@.timer")
    like "the timer: once a week" "$(systemd-analyze calendar --iterations=2 --base-time='2026-01-01 00:00:00 UTC' "$when" | tr '\n' ' ')" '2026-01-03 00:00:00 UTC.*2026-01-10 00:00:00 UTC'
else
    skip "systemd-analyze verify, security, calendar: needs systemd-analyze (Debian: systemd)"
fi

if command -v promtool >/dev/null; then
    cp configs/prometheus/longhaul.rules.yml tests/data/longhaul.rules.test.yml "$work"
    check "the alerts: promtool check rules" promtool check rules "$work/longhaul.rules.yml" >"$work/rules.log"
    is "the alerts: promtool test rules" "$(promtool test rules "$work/longhaul.rules.test.yml" 2>&1 | grep -v '^Unit Testing' | tr -d ' \n')" SUCCESS
    is "the alerts name no metric that is not documented" "$(grep -v '^ *#' configs/prometheus/longhaul.rules.yml | grep -ohE 'longhaul_[a-z_]+' | sort -u | while read -r name; do
        grep -E '^\.It Cm' man/longhaul-metrics.5 | grep -qw "$name" || echo "$name"; done)" ""
else
    skip "the alerts: needs promtool (Debian: prometheus)"
fi
make -s BUILD="$build" uninstall PREFIX="$work/prefix" >/dev/null
is "uninstall leaves no file" "$(find "$work/prefix" -type f -o -type l)" ""

# ---- system calls: what a run, a server and a recovery call is let through by the units' filter.
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "system calls, cron: built without libiperf"; done_testing; }
port=$(ports 2)
all_of() { systemd-analyze syscall-filter "$1" | awk 'NR > 1 && $1 !~ /^#/ {print $1}' | while read -r name; do case $name in @*) all_of "$name" ;; *) echo "$name" ;; esac; done; }
if grep -q -- -fsanitize "$BUILD/flags" 2>/dev/null; then
    skip "system calls: the sanitizers have their own, and look for leaks by ptrace, which strace has"
elif command -v strace >/dev/null && command -v systemd-analyze >/dev/null && strace -f -o "$work/probe" true 2>/dev/null; then
    filter=$(sed -n 's/^SystemCallFilter=//p' configs/systemd/longhaul-run@.service)
    is "the filter is what is checked here" "$filter" "@system-service
~@privileged @resources"
    all_of @system-service | sort -u >"$work/in"
    { all_of @privileged; all_of @resources; } | sort -u >"$work/out"
    # the state of the clock is asked for, and may be refused (ProtectClock=): it is unknown then
    { comm -23 "$work/in" "$work/out"; echo adjtimex; echo clock_adjtime; } | sort >"$work/allowed"
    strace -f -o "$work/serve.calls" "$longhaul" serve -p $port-$((port + 1)) --dir "$work/traced" --metrics "$work/serve.prom" 2>/dev/null & tracer=$!
    started="$started $tracer"
    wait_port $port && wait_port $((port + 1))
    for flags in "--both" "--both --tcp"; do
        strace -f -o "$work/run${flags#--both}.calls" "$longhaul" run HK WUS localhost -p $port $flags -b 1M -t 2 --dir "$work/traced" --metrics "$work/run.prom" >/dev/null 2>&1
        is "traced ($flags): exit status" $? 0
    done
    strace -f -o "$work/recover.calls" "$longhaul" recover --ended "$work/traced" 2>/dev/null
    kill -TERM $(cat /proc/$tracer/task/*/children) 2>/dev/null; wait $tracer
    awk '$2 ~ /^[a-z0-9_]+\(/ {sub(/\(.*/, "", $2); print $2}' "$work"/*.calls | sort -u >"$work/used"
    check "$(wc -l <"$work/used") system calls were seen" test "$(wc -l <"$work/used")" -gt 40
    is "each is let through" "$(comm -23 "$work/used" "$work/allowed" | tr '\n' ' ')" ""
else
    skip "system calls: needs strace, systemd-analyze, and to be let trace"
fi

# ---- of /proc the services see their processes alone (ProcSubset=pid): the host's drops are in their records all the same.
for unit in run resume serve; do
    is "$unit@: mode of its files, one process out of memory, the clock, /proc" "$(grep -cE '^(UMask=0027|OOMPolicy=continue|ProtectClock=yes|ProcSubset=pid)$' \
        configs/systemd/longhaul-$unit@.service)" 4
done
if unshare -m sh -c 'mount -t proc -o subset=pid proc /proc && [ ! -e /proc/stat ]' 2>/dev/null; then
    unshare -m sh -c 'mount -t proc -o subset=pid proc /proc && "$@"' sh sh -c '"$0" serve -p "$2" --dir "$1/subset" 2>/dev/null & server=$!
        for i in 1 2 3 4 5 6 7 8; do sleep 0.5; "$0" run HK WUS 127.0.0.1 -p "$2" -t 2 -b 1M --dir "$1/subset" >/dev/null 2>&1 && break; done
        sleep 1; kill $server; wait $server' "$longhaul" "$work" $port
    is "ProcSubset=pid: both records have the host's drops; its settings are unknown" "$(python3 - "$work/subset" <<'PY'
import glob, json, sys
for path in sorted(glob.glob(sys.argv[1] + "/**/*.json", recursive=True)):
    host = json.load(open(path))["longhaul"]["host"]
    print(host["drops"]["udp_received"] > 0, host["drops"]["udp_receive_buffer"] is not None, host["end"]["rmem_max_bytes"])
PY
)" "True True None
True True None"
else
    skip "ProcSubset=pid: needs root, who may mount"
fi

# ---- cron: its lines, run as cron runs them, by this user.
mkdir "$work/cron"
cat >"$work/topology.json" <<JSON
{ "format": 1, "legs": "hub-and-spoke", "defaults": { "duration": "6s", "rate": "1M" }, "stagger": 0,
  "sites": { "HK": { "address": "127.0.0.1", "bind": "127.0.0.1", "ports": "$port-$((port + 1))", "hub": true }, "KC": { "bind": "127.0.0.1" } } }
JSON
crontab=configs/cron/longhaul.cron
is "cron: every line is one, and is the user's longhaul" "$(grep -vE '^(#|$|[A-Z]+=)' $crontab | grep -vcE '^(@reboot|([0-9*/,-]+ +){4}[0-9*/,-]+) +longhaul +flock -n ')" 0
is "cron: no % that it would take for a line feed" "$(grep -vE '^#' $crontab | grep -c '%')" 0
like "cron: it finds longhaul" "$(sed -n 's/^PATH=//p' $crontab)" '^/usr/local/bin:'
# cron_line PATTERN SITE: the command of the first line that has it
cron_line() {
    command=$(grep -vE '^(#|$|[A-Z]+=)' $crontab | grep -E -- "$1" | head -n 1 | sed -E -e 's/^@reboot +/* * * * * /' -e 's/^([^ ]+ +){5}longhaul +//')
    env -i PATH="$BUILD:/usr/bin:/bin" CONFIG="$work/topology.json" SITE=$2 DIR="$work/cron" HOME="$work" ${TMPDIR+TMPDIR="$TMPDIR"} /bin/sh -c "$command"
}
# of_cron COMMAND: the process of ours that runs it (not flock, nor a session's)
of_cron() {
    python3 - "$1" "$work/cron" <<'PY'
import glob, sys
for path in glob.glob("/proc/[0-9]*"):
    try:
        words, name = open(path + "/cmdline").read().split("\0"), open(path + "/comm").read().strip()
    except OSError:
        continue
    if name == "longhaul" and words[1] == sys.argv[1] and sys.argv[2] in words:
        print(path.split("/")[2])
PY
}
left() { ls "$work/cron" | sed -n 's/.*\.\(j[a-z]*\)$/\1/p' | sort | uniq -c | tr -s ' \n' ' '; }
cron_line '^@reboot.* serve ' HK & server=$!
started="$started $server"
wait_port $port && wait_port $((port + 1)) || not_ok "cron: serve listens"
cron_line '^\*/5 ' HK
is "cron: a second server does nothing" "$?" 1
cron_line '^@reboot.* --resume-only' KC
is "cron: after a reboot, nothing to go on with" "$? $(left)" "0 "
cron_line '^0 0 \* \* 6 ' KC & day=$!
both_measure() { [ "$(grep -l '"event":"interval"' "$work"/cron/*.journal 2>/dev/null | wc -l)" = 2 ]; }
until_ok 30 both_measure
cron_line '^0 0 \* \* 6 ' KC
is "cron: a second day does nothing" "$? $(left)" "1  2 journal "
run=$(of_cron run)
kill -KILL $run; wait $day 2>/dev/null
cron_line '^@reboot.* --resume-only' KC
is "cron: after a reboot, the rest of the day" "$? $(left)" "4  2 json "
kill -TERM $(of_cron serve)
wait $server
is "cron: the server is ended" $? 143
done_testing
