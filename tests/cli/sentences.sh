# sentences.sh - every sentence that report, show, path, plan and preflight can say: said of the data that support it, and of no others
# (tests/data/sentences.tsv); none is missing in the list, and none is in it that the sources no longer have.
. tests/lib.sh
if [ ! -x "$BUILD/tests/test_path_verdict" ]; then
    skip "sentences: $BUILD/tests/test_path_verdict was not built"
    done_testing
fi
mkdir "$work/sets"
python3 tests/cli/sentences.py "$longhaul" "$BUILD/tests/test_path_verdict" tests/data/sentences.tsv "$work/sets"
check "each sentence is supported" test $? -eq 0
# What the sources say is found by itself: a sentence that nobody listed does not get through.
mkdir -p "$work/top/lib" "$work/top/cli"
echo 'void f(void) { say("the path is " /* of course */ "%s as ever"); /* "not a sentence at all" */ }' > "$work/top/lib/takeaways.c"
is "a sentence in a source is found, in pieces, and a comment is not one" "$(cd "$work/top" && python3 -B "$OLDPWD/tests/cli/sentence_source.py")" \
    "takeaways.c	the path is %s as ever"
done_testing
