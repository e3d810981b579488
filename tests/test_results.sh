# test_results.sh - what runs tests and counts them does not lose a failure: tests/run, tests/summary, and the second try of .ci/run.
. tests/lib.sh
unset MAKEFLAGS MFLAGS MAKELEVEL
# ran NAME SCRIPT: the log of a test with this script
ran() {
    printf '%s\n' "$2" >"$work/$1.sh"
    TEST_SECONDS=2 tests/run "$work/$1.log" sh "$work/$1.sh" >/dev/null
    cat "$work/$1.log"
}
is "a test's lines are its log" "$(ran good 'echo "ok - x"')" "ok - x"
is "a test that ends badly has failed" "$(ran bad 'echo "ok - x"; exit 3' | tail -n 1)" "not ok - bad: exit status 3"
is "one that is killed has failed" "$(ran dead 'echo "ok - x"; kill -9 $$' | tail -n 1)" "not ok - dead: exit status 137"
is "one that does not end has failed" "$(ran long 'echo "ok - x"; sleep 20' | tail -n 1)" "not ok - long: exit status 124"
is "one without a result has failed" "$(ran mute 'echo hello' | tail -n 1)" "not ok - mute: no result"
ran left 'echo "ok - x"; (until [ -e "$0.go" ]; do sleep 0.1; done; echo late; : >"$0.done") & kill -9 $$' >/dev/null
: >"$work/left.sh.go"
check "a process outlives its test" until_ok 10 test -e "$work/left.sh.done"
is "and does not write over the failure" "$(grep -c '^not ok - left: exit status 137$' "$work/left.log")" 1
is "the counts" "$(tests/summary "$work/good.log" "$work/bad.log" "$work/mute.log" | tail -n 1)" "2 passed, 2 failed"
check "no failure: status 0" sh -c "tests/summary '$work/good.log' >/dev/null"
check "a failure: another status" sh -c "! tests/summary '$work/good.log' '$work/bad.log' >/dev/null"

# ---- .ci/run in a tree with one test and one collection, which do what is said: try N of a test or of the collection is its Nth line.
mkdir -p "$work/ci/build/tests" "$work/ci/configs" "$work/ci/tests" "$work/shared/interop"
cp tests/run tests/summary "$work/ci/tests/" && cp .ci/run "$work/ci/run"
printf '#!/bin/sh\n' >"$work/ci/configs/setup"
cat >"$work/ci/Makefile" <<'MAKE'
check: build/tests/one.log
	@tests/summary $<
build/tests/one.log: FORCE
	@tests/run $@ sh next ../one
FORCE:
MAKE
printf 'n=$(cat "$1.n"); echo $((n + 1)) >"$1.n"; eval "$(sed -n "${n}p" "$1")"\n' >"$work/ci/next"
printf '#!/bin/sh\nexec sh next ../interop "$@"\n' >"$work/shared/interop/check"
chmod +x "$work/ci/configs/setup" "$work/shared/interop/check"
# ci WHAT WANTED ONE INTEROP: the status and the last line, the test and the collection being these lines
ci() {
    printf '%s\n' "$3" >"$work/one"; printf '%s\n' "$4" >"$work/interop"
    echo 1 >"$work/one.n"; echo 1 >"$work/interop.n"
    (cd "$work/ci" && bash run) >"$work/out" 2>&1
    is "CI: $1" "$? $(tail -n 1 "$work/out")" "$2"
}
good='echo "ok - x"' bad='echo "not ok - x"'
all='echo "5 passed, 0 failed"' four='echo "fail 3.21 x: y"; echo "4 passed, 1 failed"; exit 1'
two_lines() { printf '%s\n%s' "$1" "$2"; }
ci "all is well" "0 6 passed, 0 failed" "$good" "$all"
ci "a test that fails once" "0 6 passed, 0 failed" "$(two_lines "$bad" "$good")" "$all"
ci "a test that fails twice" "1 5 passed, 1 failed" "$(two_lines "$bad" "$bad")" "$all"
ci "a test whose second try is cut off with what runs it" "1 5 passed, 1 failed" "$(two_lines "$bad" 'kill -9 $(ps -o ppid= -p $PPID)')" "$all"
ci "a version that fails once" "0 6 passed, 0 failed" "$good" "$(two_lines "$four" "$all")"
ci "a version that fails twice" "1 5 passed, 1 failed" "$good" "$(two_lines "$four" 'echo "1 passed, 1 failed"; exit 1')"
ci "a collection that does not come to its counts has no second try" "1 1 passed, 1 failed" "$good" "$(two_lines 'echo "fail 3.21 x: y"; exit 1' "$all")"
ci "a second try without counts" "1 5 passed, 1 failed" "$good" "$(two_lines "$four" 'exit 1')"
like "CI: a collection that is not there is named" "$(cat "$work/out")" '^== attacks: not here'
done_testing
