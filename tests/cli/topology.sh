# topology.sh - each refusal of a topology, with its exact message; the JSON schema and the shipped topologies against the program.
. tests/lib.sh
python3 tests/cli/topology.py "$longhaul" "$work" || failures=1
schema_python=
for python in python3 /usr/bin/python3; do
    [ -n "$schema_python" ] || ! $python -c 'import jsonschema' 2>/dev/null || schema_python=$python
done
if [ -n "$schema_python" ]; then
    $schema_python tests/cli/topology_schema.py "$longhaul" || failures=1
else
    skip "topology.schema.json: needs python3-jsonschema"
fi

# refuses WHAT STATUS MESSAGE COMMAND...
refuses() {
    what=$1 status=$2 message=$3; shift 3
    "$longhaul" "$@" >"$work/out" 2>"$work/err"
    is "$what: exit status" $? "$status"
    is "$what: message" "$(said "$work/out" "$work/err")" "$message"
}
c=configs/azure-wus.json
refuses "no file" 1 "longhaul: no-such.json: No such file or directory" plan no-such.json
refuses "a folder" 1 "longhaul: configs: is a folder" plan configs
refuses "no operand" 2 "longhaul plan: needs one file, got 0 (longhaul plan --help)" plan
refuses "a price" 2 "longhaul plan: --price-per-gb '-1': a number from 0 to 1e+06 (longhaul plan --help)" plan --price-per-gb -1 $c
if [ -n "$("$longhaul" --version | grep 'iperf ')" ]; then
    refuses "run: no such site" 2 "longhaul run: $c: no site \"XX\" (it has WUS, HK, KC, UAE) (longhaul run --help)" run --config $c --site XX
    refuses "run: a site that only serves" 2 "longhaul run: $c: no leg starts at WUS: it only serves (longhaul run --help)" run --config $c --site WUS
    refuses "run: no such leg" 2 "longhaul run: $c: no leg \"HK-KC\" (longhaul plan lists them) (longhaul run --help)" run --config $c --leg HK-KC
    refuses "run: a leg of another site" 2 "longhaul run: $c: KC-WUS starts at KC, not at HK (longhaul run --help)" run --config $c --site HK --leg KC-WUS
    refuses "run: neither site nor leg" 2 "longhaul run: --config needs --site (which one this host is) or --leg (longhaul run --help)" run --config $c
    refuses "run: a flag of legs" 2 "longhaul run: -t cannot be combined with --config: the file says what a leg is (longhaul run --help)" run --config $c --site HK -t 5
    refuses "run: both ways" 2 "longhaul run: --both cannot be combined with --config: the file says what a leg is (longhaul run --help)" run --config $c --site HK --both
    refuses "run: operands" 2 "longhaul run: --config and SRC DST PEER exclude each other (longhaul run --help)" run --config $c --site HK A B C
    refuses "run: a site without a file" 2 "longhaul run: --site and --leg need --config (longhaul run --help)" run --site HK A B C
    refuses "serve: a site that has no ports" 2 "longhaul serve: $c: sites.HK has no ports: it cannot serve (longhaul serve --help)" serve --config $c --site HK
    refuses "serve: no site" 2 "longhaul serve: --config and --site go together (longhaul serve --help)" serve --config $c
    refuses "serve: a port that the site does not have" 2 "longhaul serve: -p: $c: sites.WUS has no port 5207 (longhaul serve --help)" serve --config $c --site WUS -p 5201,5207
    refuses "preflight: no site" 2 "longhaul preflight: needs --config, and --site or --leg (longhaul preflight --help)" preflight --config $c
fi
done_testing
