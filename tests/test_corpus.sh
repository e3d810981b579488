# test_corpus.sh - real files of other people's, and small files that were once misread, each held against reference figures: the programs
# "check" of $CORPUS and $CASES, or of ../shared/corpus and ../shared/cases, where there are such folders.
. tests/lib.sh
# hold WHAT FOLDER VARIABLE
hold() {
    if [ ! -x "$2/check" ]; then
        skip "$1: there is no $2/check ($3 names its folder)"
        return
    fi
    "$2/check" "$longhaul" >"$work/out" 2>&1
    status=$?
    grep -v ' passed, ' "$work/out"
    is "$1: $(tail -1 "$work/out")" $status 0
}
hold "a corpus of real files" "${CORPUS:-../shared/corpus}" CORPUS
hold "cases from the field" "${CASES:-../shared/cases}" CASES
done_testing
