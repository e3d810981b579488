# recover_fuzz.sh - journals that are changed at random, and hosts without memory and with a full or broken disk: recover loses no row. JOURNALS=10000
# tries more than make check does.
. tests/lib.sh
mkdir "$work/journals"
# A preloaded allocator and a sanitizer's exclude each other.
shim=$BUILD/tests/tools/failing.so
! grep -q -- -fsanitize "$BUILD/flags" || { shim=; skip "failing calls: not under a sanitizer"; }
python3 tests/recover_fuzz.py "$longhaul" "$shim" "$work/journals" "${JOURNALS:-200}" || not_ok "the fuzzer itself"
done_testing
