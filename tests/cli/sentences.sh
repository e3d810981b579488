# sentences.sh - every sentence that report, show, path, plan, preflight and compare can print appears for the data that support it, and for no others
# (tests/data/sentences.tsv); the list is complete, and has no sentence that the sources no longer have.
. tests/lib.sh
if [ ! -x "$BUILD/tests/test_path_verdict" ]; then
    skip "sentences: $BUILD/tests/test_path_verdict was not built"
    done_testing
fi
mkdir "$work/sets"
python3 tests/cli/sentences.py "$longhaul" "$BUILD/tests/test_path_verdict" tests/data/sentences.tsv "$work/sets"
check "each sentence is supported" test $? -eq 0
# Sentences in the sources are found automatically: one that is not listed fails.
mkdir -p "$work/top/lib" "$work/top/cli"
echo 'void f(void) { say("the path is " /* of course */ "%s as ever"); /* "not a sentence at all" */ }' > "$work/top/lib/takeaways.c"
is "a sentence in a source is found, in pieces, and a comment is not one" "$(cd "$work/top" && python3 -B "$OLDPWD/tests/cli/sentence_source.py")" \
    "takeaways.c	the path is %s as ever"
done_testing
