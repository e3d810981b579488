# owner.sh - a leg's name, record and port belong to the leg that began them: another client that claims the name is recorded separately, and
# does not take the port while the leg is away. Its honest control: the leg itself goes on, also from another address.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "owner: built without libiperf"; exit 0; }
first=$(ports 3)
key=00112233445566778899aabbccddeeff
stem=HK-WUS-10M_1H_20251115_010046
label() { printf '{"longhaul":1,"stem":"%s","interval_s":0.2%s}' "$1" "${2:+,\"key\":\"$2\"}"; }
client() { timeout 30 python3 tests/cli/abuse.py leg "$@"; }
# rows FILE: the intervals of a record
rows() { grep -c '"event":"interval"' "$1" 2>/dev/null; }
sessions() { grep -c '"event":"start"' "$1" 2>/dev/null; }
# settled FILE: nobody writes it
settled() { flock -n "$1" true; }

background "$longhaul" serve -p $first-$((first + 2)) --dir "$work/a" 2>"$work/a.log"
wait_port $first || not_ok "it listens"
r=$work/a/receiver
is "the leg's first session" "$(client $first "$(label $stem $key)")" done
until_ok 5 settled $r/$stem.journal
before=$(cat $r/$stem.journal)
check "the record has rows" [ "$(rows $r/$stem.journal)" -ge 4 ]
check "the journal keeps the key" says "$key" $r/$stem.journal
check "the result does not" sh -c "! grep -q $key $r/$stem.json"

is "a stranger with the leg's name" "$(client $first "$(label $stem)" 127.0.0.2)" done
is "and with another key" "$(client $first "$(label $stem ffffffffffffffffffffffffffffffff)" 127.0.0.2)" done
is "and from the leg's own address" "$(client $first "$(label $stem)")" done
is "the leg's record is as it was" "$(cat $r/$stem.journal)" "$before"
check "each stranger has a record of its own" until_ok 5 [ -s $r/$stem.2.json -a -s $r/$stem.3.json -a -s $r/$stem.4.json ]

is "the leg comes again, from another address" "$(client $first "$(label $stem $key)" 127.0.0.3)" done
until_ok 5 settled $r/$stem.journal
is "and goes on in its record" "$(sessions $r/$stem.journal)" 2
is "a leg of an older longhaul, without a key" "$(client $first "$(label KC-WUS-10M_1H_20251115_010046)")" done
is "comes again" "$(client $first "$(label KC-WUS-10M_1H_20251115_010046)")" done
until_ok 5 settled $r/KC-WUS-10M_1H_20251115_010046.journal
is "and goes on in its record, by its address" "$(sessions $r/KC-WUS-10M_1H_20251115_010046.journal)" 2

# a name that is held on another port
mkdir "$work/held"
( exec 9<>"$r/$stem.journal"; flock 9; client $((first + 1)) "$(label $stem $key)" ) >"$work/held/out"
is "while somebody else holds the journal" "$(cat "$work/held/out")" done
check "the leg is recorded all the same" until_ok 5 [ -s $r/$stem.5.json ]

# a name that is used up before the leg comes
early=UAE-WUS-10M_1S_20251115_010046
is "a stranger uses a name first" "$(client $first "$(label $early)" 127.0.0.2)" done
until_ok 5 [ -e $r/$early.json ]
is "the leg of that name comes" "$(client $first "$(label $early $key)")" done
check "it has a record of its own" until_ok 5 [ -s $r/$early.2.json ]
check "show reads it as that leg" sh -c "'$longhaul' show '$r/$early.2.json' | grep -q 'UAE->WUS'"

# the port of a leg that is away
away=JP-WUS-10M_1H_20251115_010046
is "a leg's session breaks" "$(client $((first + 2)) "$(label $away $key)" 127.0.0.1 break)" running
until_ok 5 says "JP-WUS.*json" "$work/a.log"
stranger=$(client $((first + 2)) no-label 127.0.0.2)
check "a stranger does not get its port meanwhile ($stranger)" [ "$stranger" != done ]
check "and the log says for whom it is kept" says "the port is reserved for JP->WUS" "$work/a.log"
is "the leg gets it" "$(client $((first + 2)) "$(label $away $key)" 127.0.0.3)" done
is "and after a session that ended well anybody does" "$(client $((first + 2)) no-label 127.0.0.2)" done

# what a topology expects
first=$(ports 4)
cat >"$work/t.json" <<TXT
{ "format": 1, "legs": "hub-and-spoke", "defaults": { "duration": "1h" },
  "sites": { "WUS": { "address": "127.0.0.1", "bind": "127.0.0.1", "ports": "$first-$((first + 3))", "hub": true },
             "HK": { "address": "127.0.0.1" }, "KC": { "address": "127.0.0.5" } } }
TXT
background "$longhaul" serve --config "$work/t.json" --site WUS --dir "$work/b" 2>"$work/b.log"
wait_port $first || not_ok "it listens by a topology"
port_of() { "$longhaul" plan --json "$work/t.json" | python3 -c "import json,sys
print(next(l['port'] for l in json.load(sys.stdin)['legs'] if l['leg'] == '$1'))"; }
hk=$(port_of HK-WUS) kc=$(port_of KC-WUS)
client $hk "$(label $stem $key)" >/dev/null
check "an expected leg is recorded" until_ok 5 [ -s "$work/b/receiver/$stem.json" ]
client $kc "$(label KC-WUS-10M_1H_20251115_010046)" >/dev/null
check "a leg from another address than the topology's is recorded separately" \
    until_ok 5 [ -s "$work/b/receiver/strangers/KC-WUS-10M_1H_20251115_010046.json" -a ! -e "$work/b/receiver/KC-WUS-10M_1H_20251115_010046.json" ]
check "the log says why" says "KC->WUS is expected from 127.0.0.5: recorded separately" "$work/b.log"
client $kc "$(label KC-WUS-10M_1H_20251115_010047)" 127.0.0.5 >/dev/null
check "from the right one it is not" until_ok 5 [ -s "$work/b/receiver/KC-WUS-10M_1H_20251115_010047.json" ]
client $hk "$(label KC-WUS-10M_1H_20251115_010048)" 127.0.0.5 >/dev/null
check "nor on another port" says "KC->WUS is expected on port $kc: recorded separately" "$work/b.log"
client $hk "$(label XX-WUS-10M_1H_20251115_010048)" >/dev/null
check "nor a leg that is not in the topology" says "XX->WUS is not a leg of this site: recorded separately" "$work/b.log"
done_testing
