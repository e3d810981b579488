# compare_corpus.sh - real files of iperf3, cut into halves that longhaul compare compares: how often it says worse. CORPUS names their folder.
. tests/lib.sh
if [ -d "${CORPUS:-}/files" ]; then
    python3 tests/cli/compare_corpus.py "$work" "$longhaul" "$CORPUS" > "$work/out" 2> "$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
    cat "$work/out"
    failures=$((failures + $(grep -c '^not ok' "$work/out")))
else
    echo "skip - halves of real files compared: CORPUS does not name their folder"
fi
done_testing
