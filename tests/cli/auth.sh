# auth.sh - iperf3's user authentication, with either end ours and the other stock: the right password by environment or typed at a
# terminal, a wrong one, none, and missing keys.
. tests/lib.sh
for tool in iperf3 openssl sha256sum; do command -v $tool >/dev/null || { skip "authentication: needs $tool"; exit 0; }; done
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "authentication: built without libiperf"; exit 0; }

openssl genrsa -out "$work/private.pem" 2048 2>/dev/null
openssl rsa -in "$work/private.pem" -pubout -out "$work/public.pem" 2>/dev/null
openssl genrsa -out "$work/other-private.pem" 2048 2>/dev/null
openssl rsa -in "$work/other-private.pem" -pubout -out "$work/other.pem" 2>/dev/null
echo "ann,$(printf '{ann}secret' | sha256sum | cut -d' ' -f1)" >"$work/users"
chmod 600 "$work/users"
first=$(ports 2); second=$((first + 1))
background "$longhaul" serve -p $first --dir "$work/serve" --authorized-users "$work/users" --private-key "$work/private.pem" 2>"$work/serve.log"
background iperf3 -s -p $second --authorized-users-path "$work/users" --rsa-private-key-path "$work/private.pem" >/dev/null 2>&1
wait_port $first && wait_port $second || not_ok "both listen"

# ours PORT DIR FLAG...
ours() { port=$1; dir=$2; shift 2; "$longhaul" run A B 127.0.0.1 -p $port -t 2 -b 1M --dir "$work/$dir" "$@" >"$work/out" 2>"$work/err"; }
export IPERF3_PASSWORD=secret
for server in serve iperf3; do
    [ $server = serve ] && port=$first || port=$second
    ours $port $server-good --username ann --public-key "$work/public.pem"
    is "run against $server: the right password: exit status" "$? $(cat "$work"/$server-good/*.json | grep -c '"unix_us"')" "0 2"
    ours $port $server-pull --username ann --public-key "$work/public.pem" --pull
    is "run against $server: the right password, pulled: exit status" $? 0
    IPERF3_PASSWORD=wrong; export IPERF3_PASSWORD
    ours $port $server-wrong --username ann --public-key "$work/public.pem"
    is "run against $server: a wrong password: exit status" $? 1
    like "run against $server: a wrong password: says so" "$(tail -n 1 "$work/err")" "authoriz"
    is "run against $server: a wrong password: no file" "$(ls "$work/$server-wrong" 2>/dev/null)" ""
    IPERF3_PASSWORD=secret; export IPERF3_PASSWORD
    ours $port $server-nobody --username bob --public-key "$work/public.pem"
    like "run against $server: an unknown user: refused" "$? $(tail -n 1 "$work/err")" "^1 .*authoriz"
    ours $port $server-otherkey --username ann --public-key "$work/other.pem"
    like "run against $server: another server's key: refused" "$? $(tail -n 1 "$work/err")" "^1 .*authoriz"
    ours $port $server-none
    like "run against $server: no user: refused" "$? $(tail -n 1 "$work/err")" "^1 .*authoriz"
    ours $port $server-again --username ann --public-key "$work/public.pem"
    is "run against $server: after all that the next is served" $? 0
done

# Stock clients against our server; one that comes in the moment between two tests tries again.
stock() {
    for _ in 1 2 3 4 5; do
        iperf3 -c 127.0.0.1 -p $first -u -b 1M -t 1 "$@" >"$work/stock" 2>&1 && return 0
        grep -qE 'refused|busy|cookie|control' "$work/stock" || return 1
        sleep 0.3
    done
    return 1
}
check "iperf3 against serve: the right password" stock --username ann --rsa-public-key-path "$work/public.pem"
IPERF3_PASSWORD=wrong; export IPERF3_PASSWORD
stock --username ann --rsa-public-key-path "$work/public.pem"
like "iperf3 against serve: a wrong password" "$? $(cat "$work/stock")" "^1 .*"
like "iperf3 against serve: a wrong password is told" "$(cat "$work/stock")" "authoriz"
unset IPERF3_PASSWORD
stock
like "iperf3 against serve: no user" "$? $(tail -n 2 "$work/stock")" "authoriz"

# Typed at a terminal, which does not show it; and without a terminal.
shown=$(python3 tests/cli/typed.py secret "$longhaul" run A B 127.0.0.1 -p $first -t 1 -b 1M --dir "$work/typed" --username ann --public-key "$work/public.pem")
is "typed: exit status" $? 0
like "typed: it was asked for" "$shown" "Password: "
is "typed: and not shown" "$(printf '%s' "$shown" | grep -c secret)" 0
python3 tests/cli/typed.py wrong "$longhaul" run A B 127.0.0.1 -p $first -t 1 -b 1M --dir "$work/mistyped" --username ann --public-key "$work/public.pem" >/dev/null
is "mistyped: exit status" $? 1
shown=$(python3 tests/cli/typed.py ^C "$longhaul" run A B 127.0.0.1 -p $first -t 1 -b 1M --dir "$work/untyped" --username ann --public-key "$work/public.pem")
is "^C in place of a password: exit status, and the terminal shows again what is typed" "$? $(printf '%s' "$shown" | tail -n 1)" "130 echo"
shown=$(python3 tests/cli/typed.py ^D "$longhaul" run A B 127.0.0.1 -p $first -t 1 -b 1M --dir "$work/untyped" --username ann --public-key "$work/public.pem")
like "^D instead of a password: misused" "$? $(printf '%s' "$shown" | grep typed)" "^2 longhaul run: no password was typed"
setsid "$longhaul" run A B 127.0.0.1 -p $first -t 1 --dir "$work/never" --username ann --public-key "$work/public.pem" 2>"$work/err" </dev/null
like "no terminal and no variable: misused" "$? $(cat "$work/err")" "^2 .*IPERF3_PASSWORD"
is "the password is in no file" "$(grep -rl secret "$work" --include='*.json' --include='*.journal' --include='*.log' | wc -l)" 0

# Flags that make no sense.
export IPERF3_PASSWORD=secret
ours $first x --username ann
like "--username alone: misused" "$? $(cat "$work/err")" "^2 .*go together"
ours $first x --username ann --public-key "$work/none.pem"
like "a missing key: named" "$? $(cat "$work/err")" "^1 .*none\.pem: No such file"
"$longhaul" serve -p $(ports 1) --authorized-users "$work/users" 2>"$work/err"
like "serve: users without a key: misused" "$? $(cat "$work/err")" "^2 .*go together"
"$longhaul" serve -p $(ports 1) --authorized-users "$work/users" --private-key "$work/none.pem" 2>"$work/err"
like "serve: a missing key: named" "$? $(cat "$work/err")" "^1 .*none\.pem: No such file"
echo nonsense >"$work/bad.pem"
ours $first x --username ann --public-key "$work/bad.pem"
like "a file that is not a public key: refused, and named" "$? $(tail -n 1 "$work/err")" "^[12] .*bad\.pem"
timeout 5 "$longhaul" serve -p $(ports 1) --authorized-users "$work/users" --private-key "$work/bad.pem" 2>"$work/err"
like "serve: a file that is not a private key: refused at once, and named" "$? $(tail -n 1 "$work/err")" "^[12] .*bad\.pem"

# Keys and users that others can read or write are refused, as ssh does.
cp "$work/private.pem" "$work/wide.pem"; cp "$work/users" "$work/wide-users"
chmod 600 "$work/wide.pem" "$work/wide-users"
for mode in 644 640 666 604; do
    chmod $mode "$work/wide.pem"
    timeout 5 "$longhaul" serve -p $(ports 1) --authorized-users "$work/users" --private-key "$work/wide.pem" 2>"$work/err"
    like "serve: a private key of mode $mode is refused, and named" "$? $(cat "$work/err")" "^[12] .*wide\.pem: others can"
    chmod $mode "$work/wide-users"
    timeout 5 "$longhaul" serve -p $(ports 1) --authorized-users "$work/wide-users" --private-key "$work/private.pem" 2>"$work/err"
    like "serve: users of mode $mode are refused, and named" "$? $(cat "$work/err")" "^[12] .*wide-users: others can"
done

# A separate server for clients that fail on purpose: passwords again and again, and a token that is used twice.
third=$(ports 2)
background "$longhaul" serve -p $third --dir "$work/third" --authorized-users "$work/users" --private-key "$work/private.pem" 2>"$work/third.log"
wait_port $third || not_ok "it listens"
python3 - $((third + 1)) "$work/token" <<'END' &
import json, socket, struct, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as s:
    c = s.accept()[0].makefile("rwb", buffering=0)
    c.read(37)
    c.write(bytes([9]))
    n = struct.unpack(">I", c.read(4))[0]
    text = b""
    while len(text) < n:
        text += c.read(n - len(text))
    open(sys.argv[2], "w").write(json.loads(text)["authtoken"])
END
catcher=$!; started="$started $catcher"
wait_port $((third + 1))
timeout 5 iperf3 -c 127.0.0.1 -p $((third + 1)) -u -t 1 --username ann --rsa-public-key-path "$work/public.pem" >/dev/null 2>&1
wait $catcher
is "a token: taken, and not a second time" "$(timeout 20 python3 tests/cli/door.py token $third "$work/token" | tr '\n' ',')" "10,-2 142,"
like "... and the log says so" "$(cat "$work/third.log")" '127.0.0.3 is refused: its token was used before'
is "wrong passwords without an end: the address is refused for a while" "$(timeout 50 python3 tests/cli/door.py passwords $third 40)" "refused after some"
like "... and the log says so, and for how long" "$(cat "$work/third.log")" '127.0.0.77 is refused: it has wasted turns or failed authorization: it may come again in [0-9]* s'
for try in 1 2 3; do iperf3 -c 127.0.0.1 -p $third -u -b 1M -t 1 --username ann --rsa-public-key-path "$work/public.pem" >/dev/null 2>&1 && break; sleep 0.3; done
is "another address with the right password is served meanwhile" $? 0
done_testing
