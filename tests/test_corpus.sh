# test_corpus.sh - real files of other people's, held against reference figures: the program "check" of $CORPUS, or of
# ../shared/corpus, where there is such a folder.
. tests/lib.sh
CORPUS=${CORPUS:-../shared/corpus}
if [ ! -x "$CORPUS/check" ]; then
    skip "a corpus of real files: there is no $CORPUS/check (CORPUS names its folder)"
    done_testing
fi
"$CORPUS/check" "$longhaul" >"$work/out" 2>&1
status=$?
grep -v ' passed, ' "$work/out"
is "corpus: $(tail -1 "$work/out")" $status 0
done_testing
