# test_corpus.sh - real files of other people's, held against reference figures: $CORPUS/check, where there is such a folder.
. tests/lib.sh
if [ -z "$CORPUS" ] || [ ! -x "$CORPUS/check" ]; then
    skip "a corpus of real files: CORPUS does not name its folder"
    done_testing
fi
"$CORPUS/check" "$longhaul" >"$work/out" 2>&1
status=$?
grep -v ' passed, ' "$work/out"
is "corpus: $(tail -1 "$work/out")" $status 0
done_testing
