# colours.sh - the colours of losses, rates and kinds of incidents, in the pictures' theme and in the page's style: colours.py computes what readers see.
. tests/lib.sh
python3 tests/cli/colours.py gnuplot/theme.gp page/page.css || failures=$((failures + 1))
# What is computed can be wrong: faults made on purpose are found.
sed "s/'#fec94f', '#fb9f33', '#e87416'/'#2e9e3f', '#e0b400', '#c0392b'/" gnuplot/theme.gp > "$work/theme.gp"
python3 tests/cli/colours.py "$work/theme.gp" page/page.css > "$work/out"
is "other colours are found out" "$?$(grep -c '^not ok - light: losses have the same colours' "$work/out")" 11
sed "s/--l2-bg: #fec94f; --l3: #1b2027; --l3-bg: #fb9f33/--l2-bg: #7fbf3f; --l3: #1b2027; --l3-bg: #d9a03a/" page/page.css > "$work/page.css"
python3 tests/cli/colours.py gnuplot/theme.gp "$work/page.css" > "$work/out"
like "green next to orange is found out" "$(cat "$work/out")" 'not ok - light, loss: (neighbouring classes|from class to class)'
done_testing
