# fleet.sh - longhaul fleet without a host: what it refuses, without Ansible, the inventory and command line that it makes, how it reads
# what hosts say (a stand-in for ansible-playbook writes it); doc/FLEET.md quotes the plan as it is.
. tests/lib.sh
[ -e "$BUILD/../configs/ansible" ] || export LONGHAUL_ANSIBLE="$PWD/configs/ansible" # a build in a folder further down, as check-asan's
mkdir -p "$work/bin"
t=$work/t.json
cat >"$t" <<'END'
{ "format": 1, "legs": "hub-and-spoke", "sites": {
  "W": { "address": "10.0.0.1", "ports": "5201-5206", "hub": true }, "H": {}, "K": {} } }
END
says() { # WHAT STATUS PATTERN ARGUMENT...
    what=$1 wanted=$2 pattern=$3; shift 3
    "$longhaul" fleet "$@" >"$work/out" 2>"$work/err"
    is "$what: exit status" $? "$wanted"
    is "$what: one line" "$(wc -l <"$work/err")" 1
    like "$what: which says it" "$(cat "$work/err")" "$pattern"
}
says "nothing" 2 'needs an action and a topology'
says "no topology" 2 'needs an action and a topology' up
says "another action" 2 "'launch' is not one of up, status" launch "$t"
says "a flag of up" 2 '--tree does not belong to status' status --tree . "$t"
says "package and tree" 2 'exclude each other' up --tree . --package x "$t"
says "no such package" 1 'x.deb: No such file' up "$t" --package "$work/x.deb"
says "words without --" 2 'follows --' up "$t" HK
says "no such file" 1 'no.json: No such file' status "$work/no.json"
(PATH=$work/bin; export PATH; "$longhaul" fleet status "$t" >"$work/out" 2>"$work/err"; echo $? >"$work/status")
is "without Ansible: fails, and says in a line what to install" \
    "$(cat "$work/status") $(cat "$work/err")" "1 longhaul fleet: ansible-playbook is not installed (Debian: ansible-core)"

# A stand-in: keeps its command line, and writes the state that it is given.
cat >"$work/bin/ansible-playbook" <<'END'
#!/bin/sh
printf '%s\n' "$@" >"$STAND_IN/words"
folder=$(dirname "$2")
[ ! -e "$STAND_IN/gone" ] || cp "$STAND_IN/gone" "$folder/gone"
[ ! -e "$STAND_IN/state" ] || cp "$STAND_IN/state" "$folder/state"
exit "$(cat "$STAND_IN/exit" 2>/dev/null || echo 0)"
END
chmod 755 "$work/bin/ansible-playbook"
export STAND_IN="$work" PATH="$work/bin:$PATH"
says "no fleet yet" 1 'no fleet is there: longhaul fleet up makes it' collect "$t"
"$longhaul" fleet up "$t" --tree "$work" --limit H -- --diff >"$work/out" 2>"$work/err"
check "up writes the inventory" test -s "$work/t.fleet/inventory.json"
check "it says what it runs" grep -q '^longhaul fleet runs: ansible-playbook -i .*inventory.json .*playbooks/up.yml' "$work/err"
"$longhaul" fleet up "$t" --check --tree "$work" --limit H --dir "$work/other dir" -- --diff >"$work/out" 2>"$work/err"
is "flags, and what follows --, reach ansible-playbook" "$(tail -n 4 "$work/words" | tr '\n' ' ')" "--check --limit H --diff "
check "the variables are JSON" python3 -c 'import json, sys; w = open(sys.argv[1]).read().split("\n"); d = json.loads(w[w.index("-e") + 1]); assert d["longhaul_tree"] == sys.argv[2] and d["longhaul_dir"].endswith("/other dir")' "$work/words" "$(realpath "$work")"
check "--check leaves the inventory as it was" test ! -e "$work/other dir/inventory.json"

says "a folder that Ansible would evaluate" 2 'would evaluate' up "$t" --dir "$work/{{ lookup('pipe', 'id') }}"
says "a topology that Ansible would evaluate" 2 'would evaluate' up "$work/{%x%}.json"
mkdir "$work/{{x}}" && : >"$work/{{x}}/x.deb"
says "a package that Ansible would evaluate" 2 'would evaluate' up "$t" --package "$work/{{x}}/x.deb"
says "a tree that Ansible would evaluate" 2 'would evaluate' up "$t" --tree "$work/{{x}}"

# ---- sites that leave
left() { # SITES ARGUMENT...: those in the group longhaul_left after an up of a topology with these spokes
    sites=$(for s in $1; do printf ', "%s": {}' "$s"; done); shift
    printf '{ "format": 1, "legs": "hub-and-spoke", "sites": { "W": { "address": "10.0.0.1", "ports": "5201-5210", "hub": true }%s } }' "$sites" >"$work/l.json"
    "$longhaul" fleet up "$work/l.json" "$@" >"$work/out" 2>&1
    python3 -c 'import json, sys; print(*sorted(json.load(open(sys.argv[1]))["all"]["children"]["longhaul_left"]["hosts"]))' "$work/l.fleet/inventory.json"
}
is "nobody has left" "$(left "H K all U")" ""
is "who has left is kept in mind" "$(left U) $(left U)" "H K all-site H K all-site"
is "--forget: by the code of the site" "$(left U --forget H --forget all)" K
echo K >"$work/gone"
is "a site that the playbook has stopped is forgotten" "$(left U)" ""
rm "$work/gone"

# ---- what hosts say
now=1000000; version=$("$longhaul" --version | head -n 1)
host() { # SITE HERE_OR_LEFT: all is well
    echo "host $1 $2 answers "
    printf 'now %s\nversion %s\nprogram aa\ntopology hash\n' $now "$version"
}
unit() { echo "unit longhaul-$1 loaded $2 $3 text"; }
metric() { # SRC DST STATE COVERAGE
    printf 'metric longhaul_run_state{src="%s",dst="%s",state="%s"} 1\nmetric longhaul_run_coverage_ratio{src="%s",dst="%s"} %s\n' "$1" "$2" "$3" "$1" "$2" "$4"
    printf 'metric longhaul_run_gaps_total{src="%s",dst="%s"} 2\n' "$1" "$2"
}
journal() { echo "file $((now - $2)) 100 $1-10M_24H_20261130_120000.journal"; } # SITE/LEG AGE
result() { echo "file $((now - $2)) 100 $1-10M_24H_20261130_120000.json $3"; }
# What a host said is indented.
status() { sed "/^host \\|^wanted \\|^ /!s/^/ /" >"$work/state"; "$longhaul" fleet status "$t" >"$work/out" 2>"$work/err"; echo $? >"$work/status"; }
row() { sed -nE "s/^  $1 +//p" "$work/out" | tr -s ' '; }
good() {
    echo "wanted hash"
    host W here; unit serve@W.service active running; journal W/receiver/H-W 1; journal W/receiver/K-W 1
    for s in H K; do
        host $s here; unit run@$s.service active running
        metric $s W running 1; metric W $s running 0.99951; journal $s/$s-W 0; journal $s/W-$s 1
    done
}
good | status
is "all is well: exit status" "$(cat "$work/status")" 0
is "a leg that is pushed: as old as at its receiver" "$(row 'H->W')" "H running 100.0 % 2 1 s ago"
is "coverage that is not whole is never 100 %" "$(row 'W->H')" "H running 99.9 % 2 1 s ago"
check "and in a sentence" grep -q '  all hosts are as the topology says' "$work/out"
check "4 of 4 legs, 3 of 3 hosts" grep -q '4 of 4 legs as planned; 3 of 3 hosts answer' "$work/out"

{ good | sed '/^host K/,$d'; echo 'host K here silent Connection timed out [0m'; host OLD left; unit serve@OLD.service active running; } | status
is "a host that does not answer: exit status" "$(cat "$work/status")" 4
check "it is named, with what SSH says" grep -q '^  K does not answer: Connection timed out' "$work/out"
is "its legs are unknown, but for what arrives" "$(row 'K->W') $(row 'W->K')" "K unknown - - 1 s ago K unknown - - -"
check "no escape sequence comes through" sh -c '! grep -q "$(printf "\033")" "$1"' sh "$work/out"
check "a site that left" grep -q 'OLD is not in the topology any longer' "$work/out"
check "and its unit" grep -q 'OLD: longhaul-serve@OLD.service runs, and should not' "$work/out"

good | sed '/^host H/,/^host K/s/^version.*/&\n host W here silent broken\n wanted another/' | status
is "a host cannot speak for another one" "$(cat "$work/status") $(row 'H->W')" "0 H running 100.0 % 2 1 s ago"

{ good | sed -e 's/^unit longhaul-serve@W.*/unit longhaul-serve@W.service loaded failed failed x/' -e '/^host H/,/^host K/s/^topology.*/topology other/' \
    -e '/^host K/,$s/^version.*/version longhaul 0.0.9, iperf/'; unit run@K.timer active waiting; unit run@ZZ.service active running; metric X Y running 1; } | status
check "a unit that has failed" grep -q 'W: longhaul-serve@W.service has failed' "$work/out"
check "another topology" grep -q 'H has another topology' "$work/out"
check "another version" grep -q 'K has longhaul 0.0.9, iperf, not longhaul' "$work/out"
check "a unit by hand" grep -q 'K: longhaul-run@ZZ.service runs, and should not' "$work/out"
check "the timer may be there" sh -c '! grep -q "run@K.timer" "$1"' sh "$work/out"
check "a leg that nobody wants" grep -q 'K runs X-Y, which the topology does not have there' "$work/out"
good | sed -e '/^host K/,$s/^program.*/program bb/' | status
check "another build" grep -q 'K has another build of longhaul' "$work/out"

{ good | sed -e '/^host H/,/^host K/s|^file .*W-H.*|'"$(journal H/W-H 30)"'|' -e '/^host W/,/^host H/s|^file .*H-W.*|'"$(journal W/receiver/H-W 60)"'|' \
    -e '/^host K/,$s/state="running"/state="waiting"/' -e 's|^file .*K/W-K.*|'"$(journal K/W-K 8)"'|'; } | status
is "no row for 30 s" "$(row 'W->H')" "H silent 99.9 % 2 30 s ago"
is "rows at the sender, none at the receiver" "$(row 'H->W')" "H silent 100.0 % 2 1 min ago"
is "a leg that waits" "$(row 'W->K')" "K waiting 99.9 % 2 8 s ago"
is "its metrics are old, its rows are not" "$(row 'K->W')" "K running 100.0 % 2 1 s ago"
is "exit status" "$(cat "$work/status")" 4

good | sed -e '/^file .*K.W-K/s/$/ 0/' -e '/^file .*receiver.H-W/s/$/ 0/' -e '/^file .*H.W-H/s/$/ 1250/' | status
is "rows without a byte" "$(row 'W->K' | cut -d' ' -f2) $(row 'H->W' | cut -d' ' -f2) $(row 'W->H' | cut -d' ' -f2)" "silent silent running"

{ echo "wanted hash"; host W here; unit serve@W.service active running
  host H here; unit run@H.service inactive dead; result H/H-W 50 1.0; journal H/W-H 40; result H/W-H 40 0.5
  host K here; unit resume@K.service active running; journal K/W-K 5; journal K/K-W 3; result K/K-W 9000 1; } | status
is "a leg that is over" "$(row 'H->W')" "H done 100.0 % - 50 s ago"
is "a leg that was stopped" "$(row 'W->H')" "H stopped 50.0 % - 40 s ago"
is "the rest of a day, before its metrics" "$(row 'W->K') $(row 'K->W')" "K starting - - 5 s ago K running - - 3 s ago"
{ echo "wanted hash"; host W here; unit serve@W.service active running; host H here; result H/H-W 500 1; journal H/H-W 40
  host K here; printf 'nonsense\nunit\nmetric longhaul_run_state{src="K\nfile x y z\nfile 1 1 K/../../etc/K-W-x.journal\n'; } | status
is "a day that was interrupted" "$(row 'H->W')" "H interrupted - - 40 s ago"
is "lines that are not understood are passed over" "$(row 'K->W')" "K absent - - -"
for odd in nan inf -inf -1 1e308 -1e308 99999999999999999999; do
    good | sed -e "/^host H/,/^host K/s/^\(metric.*coverage.*} \|metric.*gaps.*} \).*/\1$odd/" -e "/^host H/,/^host K/s/^file [0-9]*/file $odd/" \
        -e "/^host K/,\$s/^now .*/now $odd/" | status
    is "numbers that cannot be: $odd" "$(row 'W->H') $(row 'W->K')" "H running - - - K running 99.9 % 2 -"
done
rm "$work/state" "$work/t.fleet/state"; echo 1 >"$work/exit"
"$longhaul" fleet status "$t" >"$work/out" 2>"$work/err"
is "a playbook that fails" "$? $(grep -c 'the playbook did not end well: see .*status.log' "$work/err")" "1 1"

# ---- the examples
cat >"$t" <<'END'
{ "format": 1, "legs": ["HK-WUS", "WUS-HK", "KC-WUS"], "sites": {
  "WUS": { "address": "20.1.2.3", "ports": "5201-5206" }, "HK": {}, "KC": {} } }
END
rm "$work/exit"
{ echo "wanted hash"
  host WUS here; unit serve@WUS.service active running; journal WUS/receiver/HK-WUS 1; journal WUS/receiver/KC-WUS 41
  host HK here | sed 's/^version .*/version longhaul 0.1.0/'; unit run@HK.service active running; journal HK/HK-WUS 0; journal HK/WUS-HK 12
  metric HK WUS running 1; metric WUS HK running 0.992
  echo "host KC here silent Failed to connect to the host via ssh: ssh: connect to host 20.1.2.5 port 22: Connection timed out"
} | sed '/gaps_total/s/2$/0/' | status
awk '/^`status` prints/ { on = 1; next } on && /^```$/ { if (n++) exit; next } on && n' doc/FLEET.md >"$work/quoted"
is "doc/FLEET.md quotes what status prints" "$(cat "$work/quoted")" "$(sed 1,2d "$work/out")"
"$longhaul" plan --price-per-gb 0.08 configs/azure-wus.json >"$work/plan"
quoted() { awk '/^    longhaul plan --price-per-gb/ {on = 1; next} on && /^```$/ {if (n++) exit; next} on && n' doc/FLEET.md; }
check "doc/FLEET.md quotes some lines of the plan" test "$(quoted | wc -l)" -ge 6
is "doc/FLEET.md: the plan says what is quoted" "$(quoted | grep -vxFf "$work/plan")" ""
done_testing
