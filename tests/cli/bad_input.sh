# bad_input.sh - each mistake and obstacle gives one clear line and the right exit status, and leaves nothing behind.
. tests/lib.sh
refused() { # refused WHAT STATUS PATTERN ARGS...
    what=$(printf %s "$1" | tr "\n" " "); status=$2; pattern=$3; shift 3
    "$longhaul" "$@" >"$work/out" 2>"$work/err"
    is "$what: exit status" $? "$status"
    is "$what: one line on stderr, apart from who sends to whom" "$(grep -vc ' this host (' "$work/err")" 1
    like "$what: it says why" "$(cat "$work/err")" "$pattern"
    is "$what: nothing on stdout" "$(wc -c <"$work/out")" 0
    is "$what: nothing left" "$(find "$work" -name '*.json*' -o -name '*.journal' | wc -l)" 0
}
mkdir -p "$work/24H"
cd_run() { refused "$@" --dir "$work/24H"; }
for code in "" .. H-K H/K "H K" "$(printf 'A%.0s' $(seq 33))" "H
K"; do
    cd_run "SRC '$code'" 2 "SRC" run "$code" WUS 127.0.0.1
    cd_run "DST '$code'" 2 "DST" run WUS "$code" 127.0.0.1
done
cd_run "SRC is DST" 2 "both" run WUS WUS 127.0.0.1
cd_run "no peer" 2 "needs SRC DST PEER" run HK WUS
cd_run "an empty peer" 2 "peer" run HK WUS ""
cd_run "a fourth operand" 2 "needs SRC DST PEER" run HK WUS a b
for v in -5 abc 1e30 nan 0.3 10X 99999T 0x10; do cd_run "rate '$v'" 2 "rate" run HK WUS 127.0.0.1 -b "$v"; done
for v in 0 -1 24x 1h1h 5m1h 400d 1.5 "" 99999999999999999999; do cd_run "time '$v'" 2 "duration" run HK WUS 127.0.0.1 -t "$v"; done
for v in 0 -1 0.05 61 nan x; do cd_run "interval '$v'" 2 "-i" run HK WUS 127.0.0.1 -i "$v"; done
cd_run "interval longer than the test" 2 "longer than the test" run HK WUS 127.0.0.1 -t 1 -i 2
for v in 0 -1 65536 x 5201x; do cd_run "port '$v'" 2 "-p" run HK WUS 127.0.0.1 -p "$v"; done
for v in 0 1G; do cd_run "datagram '$v'" 2 "-l" run HK WUS 127.0.0.1 -l "$v"; done
for v in 15 65508; do cd_run "datagram '$v'" 2 "$v is not the length of a datagram" run HK WUS 127.0.0.1 -l "$v"; done
for v in 0 129; do cd_run "streams '$v'" 2 "-P" run HK WUS 127.0.0.1 -P "$v"; done
for v in 25:00 7:00 2026-02-30T00:00Z 2026-11-25 00:00x 00:00ZZ 2026-11-25T00:00+01:00 ""; do
    cd_run "at '$v'" 2 "--at '" run HK WUS 127.0.0.1 --at "$v"
done
cd_run "at a time more than a year away" 2 "a year" run HK WUS 127.0.0.1 --at 2999-01-01T00:00
cd_run "at a time that has passed" 1 "its start was" run HK WUS 127.0.0.1 --at "$(date -u -d @$(($(date +%s) - 3600)) +%Y-%m-%dT%H:%M)"
cd_run "at a time, and only what is left" 2 "exclude" run HK WUS 127.0.0.1 --at 00:00 --resume-only
cd_run "an unknown flag" 2 "longhaul run: unrecognized option '--bogus'" run HK WUS 127.0.0.1 --bogus
refused "a flag without its value" 2 "requires an argument" run HK WUS 127.0.0.1 -p
refused "an unknown command" 2 "no command 'fly'" fly
printf '[{"streams":[{"start":0,"end":1}],"sum":{"start":0,"end":1}}]\n' >"$work/no-rate.txt"
refused "an interval alone, without a rate" 1 "no-rate.txt: contains nothing" show "$work/no-rate.txt"
for v in 0 5206-5201 5201,5201 x ""; do refused "serve -p '$v'" 2 "-p" serve -p "$v"; done
refused "serve with an operand" 2 "unexpected argument" serve here
refused "recover without a journal" 2 "needs the journal" recover
refused "recover of a file that is not a journal" 1 "not a journal" recover tests/lib.sh
refused "recover of one that is not there" 1 "No such file" recover "$work/x.journal"

if "$longhaul" --version | grep -q 'iperf '; then
    port=$(ports 2)
    cd_run "refused" 1 "HK->WUS: 127.0.0.1 port $port: Connection refused" run HK WUS 127.0.0.1 -p $port -t 5
    cd_run "a name that does not resolve" 1 "no.such.host.invalid.*does not resolve" run HK WUS no.such.host.invalid -t 5
    cd_run "the other family" 1 "does not resolve" run HK WUS ::1 -4 -t 5
    # so few descriptors that a session's process cannot begin
    with_few() { (ulimit -n 14; exec "$longhaul" "$@"); }
    with_few run HK WUS 127.0.0.1 -p $port -t 5 --dir "$work/24H" >"$work/out" 2>"$work/err"
    is "too few descriptors" "$? $(said "$work/err")" "1 longhaul: HK->WUS: 127.0.0.1 port $port: the measuring process died: Too many open files"
    is "too few descriptors: nothing left" "$(ls "$work/24H")" ""
    : >"$work/file"
    refused "a folder that is a file" 1 "$work/file: Not a directory|$work/file: File exists" run HK WUS 127.0.0.1 -p $port --dir "$work/file"
    # busy: somebody else's test is running
    background iperf3 -s -p $port >/dev/null 2>&1
    wait_port $port
    background iperf3 -c 127.0.0.1 -p $port -u -b 1M -t 60 --forceflush >"$work/other" 2>&1
    until_ok 20 says ' sec ' "$work/other"
    cd_run "busy" 1 "127.0.0.1 port $port: the server is busy" run HK WUS 127.0.0.1 -p $port -t 5
    if [ "$(id -u)" = 0 ]; then
        mkdir "$work/small"
        if mount -t tmpfs -o size=4k none "$work/small" 2>/dev/null; then
            head -c 8192 /dev/zero >"$work/small/fill" 2>/dev/null
            refused "a full folder" 1 "$work/small.*No space left" run HK WUS 127.0.0.1 -p $port --dir "$work/small"
            umount "$work/small"
        else
            skip "a full folder: cannot mount a tmpfs"
        fi
    else
        skip "a full folder: needs root"
        mkdir "$work/closed"; chmod 555 "$work/closed"
        refused "an unwritable folder" 1 "Permission denied" run HK WUS 127.0.0.1 -p $port --dir "$work/closed"
    fi
    # an address that answers nothing: in a namespace of its own, where nothing is ever sent outside
    if unshare -rn true 2>/dev/null; then
        unshare -rn sh -c 'ip link set lo up; ip link add d0 type dummy 2>/dev/null && ip addr add 192.0.2.1/24 dev d0 && ip link set d0 up; exec "$@"' sh \
            "$longhaul" run HK WUS 192.0.2.2 -t 5 --dir "$work/24H" >"$work/out" 2>"$work/err"
        is "an address that does not answer: exit status" $? 1
        like "an address that does not answer: it says so" "$(cat "$work/err")" "192.0.2.2 port 5201: "
        is "an address that does not answer: one line, apart from who sends to whom" "$(grep -vc ' this host (' "$work/err")" 1
    else
        skip "an address that does not answer: no network namespaces here"
    fi
    is "no orphans" "$(pgrep -P 1 -f "$work/" | wc -l)" 0
fi
done_testing
