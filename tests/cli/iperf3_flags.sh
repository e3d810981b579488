# iperf3_flags.sh - every flag that iperf3 has is taken, or refused in one line that says why; the version as GNU has it.
. tests/lib.sh
# told WORD...: what stands on stderr, then the status
told() { "$longhaul" "$@" 2>&1 >/dev/null </dev/null; echo "status $?"; }
# why COMMAND FLAG: refused in one line, which names the flag, gives a reason, and names --help
why() {
    is "$1 $2 is refused in one line that says why" "$(told $1 "$2" | grep -cE -- "^longhaul $1: ${2%%=*}: .{20,} \(longhaul $1 --help\)$|^status 2$") $(told $1 "$2" | wc -l)" "2 2"
}
for flag in -n -k -A -Z -L -m -T -J -V -O -N -c -s -D -1 --bytes --bytes=5 --blockcount --affinity --zerocopy --flowlabel --mptcp --cntl-ka --cntl-ka=1/2/3 \
            --title --json --json-stream --json-stream-full-output --omit --bidir --cport --get-server-output --sctp; do
    why run "$flag"
done
for flag in -s -D -1 -c -J -4 --daemon --one-off --json-stream --server-bitrate-limit --idle-timeout --rsa-private-key-path --authorized-users-path; do
    why serve "$flag"
done
is "path refuses them like run" "$(told path -n 5M 127.0.0.1 | sed 's/longhaul path/longhaul run/g')" "$(told run -n 5M)"
like "... but for what path has by another letter: -J" "$(told path 127.0.0.1 -J | head -n 1)" '^longhaul path: -J: longhaul path calls it --json '
like "... and -V" "$(told path 127.0.0.1 -V | head -n 1)" '^longhaul path: -V: longhaul path calls it --verbose '
is "a letter with its value" "$(told run A B 127.0.0.1 -n5M | tail -n 1)" "status 2"
like "a bundle of letters" "$(told run -Rn5M | head -n 1)" '^longhaul run: -n: '
like "a word that is near another flag is still guessed" "$(told run --byte 5 | head -n 1)" "unrecognized option '--byte'|did you mean"

# Those of the iperf3 that is installed: with its version, what is new there would be seen. --zzzzzz comes last, so that nothing is run.
if command -v iperf3 >/dev/null; then
    iperf3 --help 2>&1 | awk '/^Server or Client:/ {of = "both"} /^Server specific:/ {of = "serve"} /^Client specific:/ {of = "run"}
        /^  -/ { n = split($0, w, /[ ,=<\[]+/); for (i = 2; i <= n && w[i] ~ /^-/; i++) print of, w[i] }' >"$work/flags"
    check "iperf3 --help is understood" test "$(wc -l <"$work/flags")" -gt 40
    while read -r of flag; do
        for c in run serve; do
            [ $of = $c ] || [ $of = both ] || continue
            [ "$flag" != -h ] && [ "$flag" != --help ] || continue
            "$longhaul" $c "$flag" --zzzzzz </dev/null >/dev/null 2>"$work/said"
            grep -qE "(option|unknown).*'($flag|${flag#-}|${flag#--})'" "$work/said" && echo "$c $flag: $(cat "$work/said")"
            [ "$(wc -l <"$work/said")" = 1 ] || echo "$c $flag: $(wc -l <"$work/said") lines"
        done
    done <"$work/flags" >"$work/unknown"
    is "each flag of $(iperf3 --version | head -n 1 | cut -d' ' -f1,2) is taken, or refused with a reason" "$(cat "$work/unknown")" ""
else
    skip "the flags of the installed iperf3: needs iperf3"
fi

for word in -V --version version; do
    is "$word: the first line is the name and the version" "$("$longhaul" $word | head -n 1)" "longhaul $(sed -n 's/.*LONGHAUL_VERSION "\(.*\)"/\1/p' include/longhaul/base.h)"
    is "... and the status is 0" "$("$longhaul" $word >/dev/null 2>&1; echo $?)" 0
done
done_testing
