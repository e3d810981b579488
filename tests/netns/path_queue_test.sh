# path_queue_test.sh - `longhaul path` behind bottlenecks whose queues are known: it tells the delay of the datagrams that arrive here to a
# tenth, and says bufferbloat where a queue stands, and not without a queue, with a short one, or below the rate of the bottleneck.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "path through queues"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "path through queues: built without libiperf"; exit 0; }
bed_make 6 || { not_ok "bed_make"; exit 1; }
# At a rate above that of the bottleneck, its queue is full: of 100 ms, of 40 ms, and of 5 ms. At a lower rate it is empty, however long.
queue() { bed_queue "$1" tbf rate "$2" burst 3kb latency "$3"; }
queue spoke1 5mbit 100ms && queue spoke2 20mbit 40ms && queue spoke3 5mbit 5ms && queue spoke4 20mbit 100ms && queue spoke6 5mbit 400ms ||
    { skip "path through queues: the kernel has no tbf"; exit 0; }
for n in 1 2 3 4 5 6; do bed_start hub "$longhaul" serve -p $((5200 + n)) --dir "$work/served.$n" >"$work/serve.$n" 2>&1; done
for n in 1 2 3 4 5 6; do bed_wait_port hub $((5200 + n)); done
look() { # SPOKE RATE: in the background, into $work/path.SPOKE
    bed_start "spoke$1" "$longhaul" path "$(bed_address hub)" -p $((5200 + $1)) --json -b "$2" -t 3 -c 3 --no-hops -R >"$work/path.$1" 2>"$work/err.$1"
    eval "look_$1=$!"
}
look 1 6M; look 2 24M; look 3 6M; look 4 6M; look 5 6M; look 6 6M
fact() { python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
told = next((f for f in d["findings"] if f["rule"] == "delay_back"), {})
print(eval(sys.argv[2], d, {"told": told, "said": json.dumps(told)}))' "$work/path.$1" "$2" 2>&1 || cat "$work/err.$1"; }
for n in 1 2 3 4 5 6; do eval "wait \$look_$n"; done
# stands SPOKE MS RATE: the queue's length to 10 %, and the sentence with it
stands() {
    is "a queue of $2 ms that is full: p99 and the greatest are its length to a tenth" "$(fact "$1" "0.9 * $2 < back['delay_p99_ms'] <= back['delay_max_ms'] < 1.1 * $2 + 1 or back")" True
    is "... and it is told as a queue that stands" "$(fact "$1" 'told["level"], "bufferbloat" in said, "fq_codel" in said')" "('note', True, True)"
    like "... in three digits each, with the plan's rate" "$(fact "$1" 'told["text"] + "; " + told["why"]')" \
        "^to here, datagrams waited in queues: p50 [0-9]{2,3}(\.[0-9])? ms, p99 [0-9.]{2,4}, most [0-9.]{2,4}; the queue at $3 Mbit/s holds [0-9.]{2,4} ms \(bufferbloat\)$"
}
# stands_not SPOKE MOST WHAT: half of the datagrams wait for less than MOST ms, and nothing is said of a queue
stands_not() {
    is "$3: delays are told, half of them below $2 ms" "$(fact "$1" "0 <= back['delay_p50_ms'] < $2 or back")" True
    is "... and no queue" "$(fact "$1" 'told["level"], "bufferbloat" in said')" "('ok', False)"
}
stands 1 100 6
stands 2 40 24
stands_not 3 10 "a bottleneck with a queue of 5 ms that is full"
stands_not 4 10 "a queue of 100 ms, and a plan below the bottleneck's rate"
stands_not 5 10 "no bottleneck at all"
is "a queue that is longer than the flow fills: what was seen of it" "$(fact 6 'told["level"], "bufferbloat" in said, 30 < back["delay_p99_ms"] < 450')" "('note', True, True)"
done_testing
