# server.sh - longhaul run at hostile or old servers: memory stays small, the run ends and says why, and what such a server
# cannot know is not used.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "server: built without libiperf"; exit 0; }

modes="honest results early states impossible negative short-pull forged-pull honest-pull
long-after-short-pull short-after-long-pull doc-congestion doc-congestion-pull doc-text doc-odd-streams doc-huge doc-cut doc-empty doc-word
doc-other-id order-results order-error order-done"
port=$(ports 24) runners=
for mode in $modes; do
    background python3 tests/cli/server.py "$port" "${mode%-pull}" 2>/dev/null
    pull=; [ "$mode" = "${mode%-pull}" ] || pull=--pull
    wait_port "$port" || not_ok "$mode listens"
    # 200 MB of data for each process
    (ulimit -d 200000; exec timeout 30 "$longhaul" run A B 127.0.0.1 -p "$port" -t 3 -b 1M -l 1000 $pull --dir "$work/$mode") >"$work/$mode.log" 2>&1 &
    runners="$runners $!"
    port=$((port + 1))
done
set -- $runners
for mode in $modes; do
    wait "$1"; eval "status_$(echo "$mode" | tr - _)=$?"
    shift
done
# what MODE: exit status, verdict, loss, rows of its result
what() { python3 - "$work/$1" <<'END'
import glob, json, sys
found = glob.glob(sys.argv[1] + "/*.json")
if not found:
    print("no result")
else:
    d = json.load(open(found[0]))
    s = d["end"]["sum"]
    print(len(d["intervals"]), s.get("lost_packets", "unknown"))
END
}
is "control: an honest server" "$status_honest $(what honest)" "0 3 0"
is "control: an honest server, pulled" "$status_honest_pull $(what honest-pull)" "0 3 0"
is "results of 2 GB: the rows are there, the loss is unknown" "$(what results | sed 's/^2/3/')" "3 unknown"
like "... and it says why" "$(cat "$work/results.log")" 'results are too large: 2000000000 bytes'
like "results of 2 GB in the test: it ends" "$status_early" '^[14]$'
like "... and it says why" "$(cat "$work/early.log")" 'too large|broke|lost'
like "states without an end: it ends" "$status_states" '^[14]$'
like "... and it says why" "$(cat "$work/states.log")" 'too many states'
is "more lost than there were: unknown, not 1000 %" "$(what impossible)" "3 unknown"
is "less lost than nothing: unknown" "$(what negative)" "3 unknown"
is "no loss above 100 % is printed" "$(cat "$work"/impossible.log "$work"/negative.log | grep -cE 'loss (-|[0-9]{4})')" 0
is "counters of 32 bits: read as they are" "$status_short_pull $(what short-pull)" "0 3 0"
like "... and it says so" "$(cat "$work/short-pull.log")" 'counts its datagrams in 32 bits'
is "forged numbers: nothing is lost by them" "$status_forged_pull $(what forged-pull)" "0 3 0"
like "... and it says how many were dropped" "$(cat "$work/forged-pull.log")" 'datagrams dropped so far: [1-9]'
is "a forged datagram of the other width comes first, 64 bits: nothing is lost by it" "$status_long_after_short_pull $(what long-after-short-pull)" "0 3 0"
is "... and they are not said to be 32" "$(grep -c 'in 32 bits' "$work/long-after-short-pull.log")" 0
like "... 32 bits: no more is lost than came before that was known" "$status_short_after_long_pull $(what short-after-long-pull)" '^0 3 [0-9]$'
like "... and it says so" "$(cat "$work/short-after-long-pull.log")" 'counts its datagrams in 32 bits'

# results that no iperf3 sends: the rows are there, the run says what is wrong
while read -r mode why; do
    eval "status=\$status_$(echo "$mode" | tr - _)"
    like "$mode: the rows are there" "$status $(what "$mode")" '^4 [23] (unknown|0)$'
    like "... and it says why" "$(cat "$work/$mode.log")" "$why"
done <<'END'
doc-congestion congestion_used is not text
doc-congestion-pull congestion_used is not text
doc-text server_output_text is not text
doc-odd-streams a stream is not an object
doc-cut are not JSON
doc-empty results are empty
doc-word are not a JSON object
doc-other-id invalid id
END
is "results as large as no count is: the loss is unknown" "$status_doc_huge $(what doc-huge)" "0 3 unknown"
# states in an order that no test has
for mode in order-results order-error order-done; do
    eval "status=\$status_$(echo "$mode" | tr - _)"
    is "$mode: nothing is measured, and the run ends" "$status $(what "$mode")" "1 no result"
    like "... and it says why" "$(said "$work/$mode.log")" '^longhaul: A->B: .'
done
like "a server's error in pieces is not a document" "$(cat "$work/order-error.log")" 'errno'
done_testing
