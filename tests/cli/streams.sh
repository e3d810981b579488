# streams.sh - two TCP streams, one of which cannot tell (libiperf writes -1): `show --intervals` prints what the one that
# knows says, or nothing, but never a figure with the -1 in it, for a file and for a json-stream, first row and last.
. tests/lib.sh
one='"snd_cwnd":50000,"snd_wnd":60000,"rtt":20000,"rttvar":1000,"pmtu":1500'
none='"snd_cwnd":-1,"snd_wnd":-1,"rtt":-1,"rttvar":-1,"pmtu":-1'
start='{"version":"iperf 3.12","connected":[],"test_start":{"protocol":"TCP","num_streams":2,"duration":4}}'
row() {
    printf '{"streams":[{%s},{%s}],"sum":{"start":%d,"end":%d,"seconds":1,"bytes":1000000,"bits_per_second":8e6,' "$2" "$3" "$1" $(($1 + 1))
    printf '"retransmits":%d,"omitted":false,"sender":true}}' "$1"
}
both() { # the first stream, the second
    printf '{"start":%s,"intervals":[' "$start"
    for i in 0 1 2 3; do [ $i = 0 ] || printf ,; row $i "$1" "$2"; done
    printf '],"end":{}}\n'
}
events() {
    printf '{"event":"start","data":%s}\n' "$start"
    for i in 0 1 2 3; do printf '{"event":"interval","data":'; row $i "$1" "$2"; printf '}\n'; done
    printf '{"event":"end","data":{}}\n'
}
column() { # name of a column, file: its cells, one line
    "$longhaul" show --intervals "$2" 2>&1 |
        awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) k = i } NR > 1 { printf "%s;", k ? $k : "no column" }'
}
both "$one" "$none" > "$work/file.json"
both "$none" "$one" > "$work/turned.json"
events "$one" "$none" > "$work/stream.json"
both "$one" "$one" > "$work/known.json"
for name in file turned stream; do
    for what in snd_cwnd_bytes snd_wnd_bytes rtt_ms rttvar_ms; do
        check "$name: $what is unknown in all four rows" [ "$(column $what "$work/$name.json")" = ";;;;" ]
    done
    check "$name: the least path MTU is that of the stream that knows" [ "$(column pmtu_bytes "$work/$name.json")" = "1500;1500;1500;1500;" ]
done
check "where both know, they are added and averaged" [ "$(column snd_cwnd_bytes "$work/known.json")$(column rtt_ms "$work/known.json")" = \
    "100000;100000;100000;100000;20;20;20;20;" ]
done_testing
