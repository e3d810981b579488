# test_docs.sh - what README, doc/, CONTRIBUTING, man and --help say about the tree is true: sizes, packages, links, targets, files, programs.
. tests/lib.sh
docs="README.md CONTRIBUTING.md $(ls doc/*.md | tr '\n' ' ')"
is "README.md has at most 13 kB" "$([ "$(wc -c <README.md)" -le 13000 ] || wc -c <README.md)" ""

# The lists of packages: what README's first and second list have, and what make installs.
packages() { awk '/^    [a-z0-9+-]+( [a-z0-9.+-]+)+$/ && !/^    (git|make|longhaul|setsid) / { print; on = 1; next } on { on = 0; n++ } { next }' README.md |
    awk 1 | tr -s ' \n' '  ' | tr ' ' '\n' | grep . | sort | tr '\n' ' '; }
make_packages=$(printf 'include Makefile\nlist-of-packages:\n\t@echo $(CHECK_PACKAGES)\n' >"$work/list.mk" && make -s -f "$work/list.mk" list-of-packages BUILD="$BUILD" 2>/dev/null | tr ' ' '\n' | sort | tr '\n' ' ')
is "README.md names the packages that make demo and make check install" "$(packages)" "$make_packages"

# Links lead to files, and every page of doc/ is linked from README.
is "links lead to files" "$(for doc in $docs; do
    grep -oE '\]\([^)#]+\)' "$doc" | sed 's/^](//; s/)$//' | grep -v '^https*:' | while read -r to; do [ -e "$(dirname "$doc")/$to" ] || echo "$doc: $to"; done; done)" ""
is "README.md links every page of doc/" "$(for doc in doc/*.md; do grep -qF "($doc)" README.md || echo "$doc"; done)" ""
is "README.md names every manual page" "$(for page in man/*.[1-8]; do name=$(basename "$page"); grep -qF "${name%.*}(${name##*.})" README.md || echo "$name"; done)" ""
is "README.md's table has the commands that the program has" "$(sed -n 's/^| `longhaul \([a-z]*\)` |.*/\1/p' README.md | sort | tr '\n' ' ')" \
    "$("$longhaul" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | sort | tr '\n' ' ')"

# What stands in `...` and looks like a file of the tree is one: with its folder, with its room of lib/, or alone.
is "files that are named are there" "$(grep -ohE '`([a-z]+/)*[A-Za-z0-9_.-]+\.(c|h|sh|md|json|gp|py)`|`(lib|cli|tests|configs|gnuplot|page|man|doc|include)/[a-z/]+`' $docs | tr -d '`' | sort -u |
    while read -r f; do case $f in
        wg.c | docs/conventions.md | iperf_api.h | util.c | common.h | summary_report.md) continue ;; # other projects', refused, a report's
        */*) [ -e "$f" ] || [ -e "lib/$f" ] || echo "$f" ;;
        *) [ -e "$f" ] || find lib cli include -name "$f" | grep -q . || echo "$f" ;;
    esac; done)" ""
is "targets of make that are named are there" "$(grep -ohE '(^    |`)make [a-z][a-z-]*( |`|$)' $docs man/*.[1-8] | tr -d '`' | sed 's/.*make //; s/ *$//' | sort -u | while read -r t; do
    grep -qE "^([a-z-]+ )*$t( [a-z-]+)*:" Makefile || echo "$t"; done)" ""

is "functions that are named are there" "$(grep -ohE '`[a-z_]+\(\)`' $docs | tr -d '`()' | sort -u | grep -vE '^(iperf_|longhaul_noun_)' | while read -r f; do grep -rqw "$f" lib cli include || echo "$f"; done)" ""

# The program of doc/LIBRARY.md, as a user builds it.
awk '/^```c$/ {on = 1; next} /^```$/ {on = 0} on' doc/LIBRARY.md >"$work/program.c"
check "the program of doc/LIBRARY.md compiles without a warning" ${CC:-cc} -std=c11 -Wall -Wextra -Werror -Iinclude -c "$work/program.c" -o "$work/program.o"

sed -n '/^#include <longhaul.h>/,/^\.Ed/p' man/longhaul.3 | sed '/^\.Ed/d; s/\\e/\\/g' >"$work/program.c"
check "the program of longhaul(3) compiles without a warning" ${CC:-cc} -std=c11 -Wall -Wextra -Werror -D_GNU_SOURCE -Iinclude -c "$work/program.c" -o "$work/program.o"
check "and it is a program" grep -q 'int main' "$work/program.c"
is "functions that longhaul(3) names are declared" "$(sed -n 's/^\.Fn //p' man/longhaul.3 | grep -oE 'longhaul_[a-z_0-9]+' | sort -u | while read -r f; do grep -rqw "$f" include || echo "$f"; done)" ""

# --help: every line fits a terminal of 80 columns; the flags are those of the man page.
commands=$(sed -n 's/^| `longhaul \([a-z]*\)` |.*/\1/p' README.md)
for c in "" $commands "path calc"; do
    "$longhaul" $c --help >"$work/help" || not_ok "longhaul $c --help"
    is "longhaul $c --help: at most 80 columns" "$(awk 'length > 80' "$work/help")" ""
done
for c in $commands; do
    page=man/longhaul-$c.1
    { "$longhaul" $c --help; [ $c != path ] || "$longhaul" path calc --help; } | grep -oE -- '^  .*  +|^  -.*' | grep -oE -- '(^|[ ,])-(-[a-z][a-z-]*|[A-Za-z0-9])\b' |
        sed 's/.*[ ,]//' | sort -u >"$work/flags"
    is "man longhaul-$c has the flags of --help" "$(while read -r f; do
        grep -E '^\.(It|Op|Po|Pc|Fl)|^ ?;' "$page" | grep -qE -- "(Fl |, )$(echo "${f#-}")( |\$)" || echo "$f"; done <"$work/flags" | tr '\n' ' ')" ""
done

if command -v mandoc >/dev/null; then
    # What depends on the manual pages that are installed here says nothing about these.
    is "mandoc -T lint finds nothing in the manual pages" "$(mandoc -T lint man/*.[1-8] 2>/dev/null | grep -v 'referenced manual not found')" ""
else
    skip "mandoc -T lint: needs mandoc"
fi
done_testing
