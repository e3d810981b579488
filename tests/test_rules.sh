# test_rules.sh - keeps DESIGN's layout true: who may include, fork, start gnuplot, print, exit, export.
. tests/lib.sh
# outside PATTERN FILES_THAT_MAY...: the files of lib and cli that match and may not
outside() {
    pattern=$1; shift
    for f in lib/*.c lib/*.h cli/*.c cli/*.h include/*.h; do
        case " $* " in *" $(basename "${f%.*}") "*) continue ;; esac
        sed -e 's|/\*.*\*/||' -e 's|//.*||' "$f" | awk '/\/\*/{c=1} !c{print} /\*\//{c=0}' | grep -qE "$pattern" && echo "$f"
    done
}
is "iperf_api.h: engine_child alone" "$(outside 'iperf_api\.h' engine_child)" ""
json_modules="
    analysis_json
    interval
    journal
    json_text
    leg_rtt
    path_flow
