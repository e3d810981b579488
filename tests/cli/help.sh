# help.sh - what helps whoever types: help COMMAND, version, the word that was meant, and where the flags are explained.
. tests/lib.sh
commands="run serve plan preflight report show recover path"
for c in $commands; do
    is "help $c is $c --help" "$("$longhaul" help $c 2>&1; echo $?)" "$("$longhaul" $c --help 2>&1; echo $?)"
done
is "help path calc is path calc --help" "$("$longhaul" help path calc)" "$("$longhaul" path calc --help)"
is "help alone is --help" "$("$longhaul" help)" "$("$longhaul" --help)"
is "version is --version" "$("$longhaul" version; echo $?)" "$("$longhaul" --version; echo $?)"
# said WORD...: status and lines on stderr
told() { "$longhaul" "$@" 2>&1 >/dev/null </dev/null; echo $?; }
for pair in rnu:run pan:plan serv:serve reprot:report sow:show pth:path recovr:recover preflihgt:preflight versoin:version hlep:help; do
    is "'${pair%:*}': '${pair#*:}' was meant" "$(told ${pair%:*})" "longhaul: no command '${pair%:*}': did you mean '${pair#*:}'? (longhaul --help)
2"
done
is "help of a command that is not there" "$(told help rnu)" "longhaul: no command 'rnu': did you mean 'run'? (longhaul --help)
2"
for word in frobnicate x ru123456 "" "$(printf 'r%.0s' $(seq 300))"; do
    is "'$(printf %.12s "$word")': nothing is near" "$(told "$word" | grep -c 'did you mean')" 0
    like "... and one line says so" "$(told "$word" | tr '\n' ' ')" "^longhaul: no command '.*' \(longhaul --help\) 2 $"
done
for row in "run --tiem=5:--time" "run --bitrat3 5:--bitrate" "serve --prot 5:--port" "plan --jsno:--json" "show --josn:--json" "report --foce:--force" \
           "preflight --confg x:--config" "recover --ened:--ended" "path --tine 3:--time" "path calc --rrt 3ms:--rtt"; do
    like "${row%:*}: ${row##*:} was meant" "$(told ${row%:*} | tr '\n' ' ')" "^longhaul .*: did you mean '${row##*:}'\? \(longhaul ${row%% --*} --help\) 2 $"
done
# Every usage error names the command's --help, once.
for row in "run --zzzzzz" "run -Q" "run -t" "run A B" "run A B C --pull --both" "serve --zzzzzz" "serve x" "serve -p" "plan" "plan --zzzzzz" "preflight" "preflight --zzzzzz" \
           "report --zzzzzz" "report --out" "show" "show --zzzzzz" "recover" "recover --zzzzzz" "path" "path --zzzzzz" "path calc --zzzzzz" "path calc 3" "run --r A B C" \
           "run --config configs/azure-wus.json --site MARS" "run --config configs/azure-wus.json --leg HK-MARS" "run --config configs/azure-wus.json --site WUS" \
           "run --config configs/azure-wus.json --site HK --leg KC-WUS" "run A B 127.0.0.1 --metrics= -p 1" "run A B 127.0.0.1 --dir= -p 1" \
           "run A B 127.0.0.1 --on-event /nowhere/x -p 1" "run A B 127.0.0.1 --on-event= -p 1" "run A B 127.0.0.1 --on-event tests -p 1" \
           "serve --config configs/azure-wus.json --site MARS" "serve --allow x" "serve --udp-from x" "serve --metrics=" "serve --dir=" "serve -p 0" "serve --keep-free 200" \
           "preflight --config configs/azure-wus.json --site MARS" "preflight --config configs/azure-wus.json --leg HK-MARS" "path 127.0.0.1 -t x" \
           "path MARS --config configs/azure-wus.json" "path WUS --config configs/azure-wus.json --site MARS" "serve --config configs/azure-wus.json --site HK" "report --out= tests/data/reader/push.json" \
           "report --watch=0" "report --csv=x" "report --charts x" "report --size 1x1" "show --loss-limit 0 x" "show --json --csv x" "plan a b" "plan x --price x"; do
    case $row in "path calc"*) c="path calc" ;; *) c=${row%% *} ;; esac
    is "$row: the line names longhaul $c --help" "$(told $row | grep -c "(longhaul $c --help)$") $(told $row | tail -n 1)" "1 2"
done
done_testing
