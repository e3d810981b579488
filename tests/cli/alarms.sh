# alarms.sh - legs in which nothing happens have no incident, and what must be found is: the short part of `make alarms` and `make power`.
. tests/lib.sh
"$BUILD"/tests/bench/alarms --short --seed 8 --legs 63 >"$work/alarms" || :
is "60 quiet legs were read" "$(sed -n 's/^| all that are judged | \([0-9]*\) .*/\1/p' "$work/alarms")" 60
is "at most one of them has an incident" "$(awk -F"|" '/^\| all that are judged/ { print $5 <= 1 ? "yes" : $5 }' "$work/alarms")" yes
grep '^#' "$work/alarms"
"$BUILD"/tests/bench/power --short --seed 8 --repeat 3 || failures=1
done_testing
