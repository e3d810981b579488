# completion.sh - what bash, zsh and fish offer: the flags of --help, which the program takes and the man pages name; files, folders,
# sites and legs of the topology of --config.
. tests/lib.sh
made=$BUILD/completion
cp configs/azure-wus.json "$work/a topology.json"
mkdir "$work/folder" && touch "$work/fork.json"
cat >"$work/mesh.json" <<'END'
{ "format": 1, "legs": ["AMS-FRA", "FRA-AMS", "FRA-PAR"],
  "sites": { "AMS": { "address": "192.0.2.1", "ports": 5201 }, "FRA": { "address": "192.0.2.2", "ports": 5201 },
             "PAR": { "address": "192.0.2.3", "ports": 5201 } } }
END
mkdir "$work/bin" && ln -s "$longhaul" "$work/bin/longhaul"
PATH=$work/bin:$PATH
commands=$("$longhaul" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | tr '\n' ' ' | sed 's/ $//')

# What --help has, by command: -p, --port.
flags_of() { "$longhaul" $1 --help | sed -n 's/^  \( *-[^ ].*\)/\1/p' | grep -oE -- '^ *(-[A-Za-z0-9], )?-{1,2}[A-Za-z0-9][a-z0-9-]*(, -[A-Za-z0-9])?' |
    tr ', ' '\n\n' | grep . | sort -u | tr '\n' ' '; }

# ---- bash: the words of the line, the last of which is completed (an empty one, too)
bash_offers() {
    (cd "$work" && bash --norc -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _longhaul longhaul "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>&1; printf "%s\n" "${COMPREPLY[@]}"' "$made/longhaul.bash" "$@") |
        grep . | sort -u | tr '\n' ' '
}
# ---- fish: one line
fish_offers() { (cd "$work" && HOME=$work XDG_CONFIG_HOME=$work/.fish XDG_DATA_HOME=$work/.fish fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$made/longhaul.fish" "$1" 2>&1) |
    cut -f1 | grep . | sort -u | tr '\n' ' '; }
# ---- zsh: lines, asked at once in one terminal, since only there it completes
zsh_ask() { (cd "$work" && python3 "$OLDPWD/tests/cli/completion.py" "$made/longhaul.zsh" "$@") >"$work/zsh.offers"; }
zsh_offers() { awk -F'|' -v line="$1" '$1 == line { print $2 }' "$work/zsh.offers" | tr ' ' '\n' | sed 's/=$//' | grep . | sort -u | tr '\n' ' '; }

is "bash: commands" "$(bash_offers longhaul "")" "$(echo --help --version $commands help version | tr ' ' '\n' | sort -u | tr '\n' ' ')"
for c in $commands "path calc"; do
    # shellcheck disable=SC2086
    is "bash: the flags of $c are those of its --help" "$(bash_offers longhaul $c - | tr ' ' '\n' | sed 's/=$//' | grep . | sort -u | tr '\n' ' ')" "$(flags_of "$c")"
    # The program takes each: one that it does not know would be named.
    is "$c: getopt has each of them" "$(for f in $(flags_of "$c"); do
        timeout 5 "$longhaul" $c "$f" --zzzzzz --zzzzzz 2>&1 </dev/null | grep -E "(unrecognized|unknown|invalid) option.*'?-*${f#--}'?( |\$)" | grep -v zzzzzz; done)" ""
    page=man/longhaul-${c%% *}.1
    is "$c: its man page has each of them" "$(for f in $(flags_of "$c"); do grep -E '^\.(It|Op|Po|Pc|Fl)|^ ?;' "$page" | grep -qE -- "(Fl |, )$(echo "${f#-}")( |=|\$)" || echo "$f"; done)" ""
done
for c in $commands; do
    all="$(flags_of $c) $([ $c = path ] && flags_of "path calc")"
    is "$c: what its man page explains as a flag, completion offers" "$(grep -E '^\.It Fl' man/longhaul-$c.1 | grep -oE 'Fl -?[A-Za-z0-9][a-z0-9-]*' | sed 's/^Fl /-/' |
        while read -r f; do case " $all " in *" $f "*) ;; *) echo "$f" ;; esac; done | tr '\n' ' ')" ""
done
is "bash: files" "$(bash_offers longhaul run --config fo)" "folder fork.json "
is "bash: folders alone" "$(bash_offers longhaul run --dir f)" "folder "
is "bash: words" "$(bash_offers longhaul report --theme "")" "dark light print "
is "bash: sites of the topology" "$(bash_offers longhaul run --config mesh.json --site "")" "AMS FRA PAR "
is "bash: ... which begin with F" "$(bash_offers longhaul serve --config mesh.json --site F)" "FRA "
is "bash: ... of a file with a blank" "$(bash_offers longhaul run --config 'a\ topology.json' --site "")" "HK KC UAE WUS "
is "bash: ... in quotes" "$(bash_offers longhaul run --config '"a topology.json"' --site "")" "HK KC UAE WUS "
is "bash: ... after =, which separates words" "$(bash_offers longhaul run --config = mesh.json --site = P)" "PAR "
is "bash: ... after =, where it does not" "$(bash_offers longhaul run --config=mesh.json --site=)" "--site=AMS --site=FRA --site=PAR "
is "bash: legs" "$(bash_offers longhaul preflight --config mesh.json --leg "")" "AMS-FRA FRA-AMS FRA-PAR "
is "bash: legs that a site starts" "$(bash_offers longhaul run --config mesh.json --site FRA --leg "")" "FRA-AMS FRA-PAR "
is "bash: no topology, no sites" "$(bash_offers longhaul run --site "")$(bash_offers longhaul run --config nowhere.json --site "")" ""
mkfifo "$work/pipe"
is "bash: a pipe is not waited for" "$(bash_offers longhaul run --config pipe --site "")" ""
is "bash: peers of path" "$(bash_offers longhaul path --config mesh.json A)" "AMS "
is "bash: path calc" "$(bash_offers longhaul path c)" "calc "
is "bash: help COMMAND" "$(bash_offers longhaul help pre)" "preflight "
is "bash: an argument that is anything" "$(bash_offers longhaul run -t "")" ""
touch "$work/evil"
like "bash: what was typed is not run" "$(bash_offers longhaul run --config '$(rm evil)' --site "" ; bash_offers longhaul run --config '`rm evil`' --leg ""; ls "$work/evil")" 'evil$'

# In a terminal: a person who presses the tabulator.
is "bash: in a terminal, Tab completes a site" "$(cd "$work" && python3 "$OLDPWD/tests/cli/completion.py" --bash "$made/longhaul.bash" "longhaul run --config mesh.json --site P" "longhaul run --config mesh.json --site PAR")" yes

if command -v fish >/dev/null; then
    is "fish: commands" "$(fish_offers 'longhaul ')" "$(echo $commands help version | tr ' ' '\n' | sort -u | tr '\n' ' ')"
    for c in $commands "path calc"; do
        is "fish: the flags of $c are those of its --help" "$({ fish_offers "longhaul $c -"; fish_offers "longhaul $c --"; } | tr ' ' '\n' | grep . | grep -vE '^-[A-Za-z0-9]{2,}$' | sed 's/=$//' | sort -u | tr '\n' ' ')" "$(flags_of "$c")"
    done
    is "fish: words" "$(fish_offers 'longhaul report --theme ')" "dark light print "
    is "fish: sites" "$(fish_offers 'longhaul run --config mesh.json --site ')" "AMS FRA PAR "
    is "fish: sites after =" "$(fish_offers 'longhaul run --config=mesh.json --site ')" "AMS FRA PAR "
    is "fish: legs that a site starts" "$(fish_offers 'longhaul run --config mesh.json --site FRA --leg ')" "FRA-AMS FRA-PAR "
    is "fish: files" "$(fish_offers 'longhaul run --config fork')" "fork.json "
    is "fish: folders" "$(fish_offers 'longhaul run --dir f')" "folder/ "
    is "fish: path calc has flags of its own" "$(fish_offers 'longhaul path calc --mathis')" "--mathis-c "
else
    skip "fish: is not installed"
fi
if command -v zsh >/dev/null; then
    set --
    for c in $commands "path calc"; do set -- "$@" "longhaul $c -"; done
    zsh_ask 'longhaul ' "$@" 'longhaul report --theme ' 'longhaul run --config mesh.json --site ' \
        'longhaul run --config mesh.json --site FRA --leg ' 'longhaul run --config fork' 'longhaul run --dir f'
    is "zsh: commands" "$(zsh_offers 'longhaul ')" "$(echo $commands help version | tr ' ' '\n' | sort -u | tr '\n' ' ')"
    for c in $commands "path calc"; do
        is "zsh: the flags of $c are those of its --help" "$(zsh_offers "longhaul $c -")" "$(flags_of "$c")"
    done
    is "zsh: words" "$(zsh_offers 'longhaul report --theme ')" "dark light print "
    is "zsh: sites" "$(zsh_offers 'longhaul run --config mesh.json --site ')" "AMS FRA PAR "
    is "zsh: legs that a site starts" "$(zsh_offers 'longhaul run --config mesh.json --site FRA --leg ')" "FRA-AMS FRA-PAR "
    is "zsh: files" "$(zsh_offers 'longhaul run --config fork')" "fork.json "
    is "zsh: folders" "$(zsh_offers 'longhaul run --dir f')" "folder "
else
    skip "zsh: is not installed"
fi
done_testing
