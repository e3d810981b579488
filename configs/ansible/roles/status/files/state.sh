export LC_ALL=C
longhaul=$(command -v "$longhaul")
echo "now $(date +%s)"
echo "version $("$longhaul" --version 2>/dev/null | head -n 1)"
echo "program $(sha256sum "$longhaul" 2>/dev/null | cut -c1-64)"
echo "topology $(sha256sum /etc/longhaul/topology.json 2>/dev/null | cut -c1-64)"
systemctl list-units --all --plain --no-legend --no-pager "longhaul-*@*" 2>/dev/null | sed "s/^[^a-z]*/unit /"
for f in /run/longhaul/*/longhaul*.prom; do
    [ -e "$f" ] && grep -hE "^longhaul_(run|serve)_(state\{.* 1$|coverage_ratio|gaps_total|elapsed_seconds)" "$f" | sed "s/^/metric /"
done
d=/var/lib/longhaul/ # its folders may be links to /var/lib/private
if [ -d "$d" ]; then
    find -L "$d" -maxdepth 3 -name "*.journal" -mmin +1 -printf "file %T@ %s %P\n"
    find -L "$d" -maxdepth 3 -name "*.journal" -mmin -1 -printf "%T@ %s %P\n" | while read -r at size name; do
        echo "file $at $size $name $(tail -c 8000 "$d/$name" | grep "\"event\":\"interval\"" | tail -n 1 | grep -oE "\"bytes\":[0-9]+" | tail -n 1 | cut -c9-)"
    done
    # of each leg the newest
    find -L "$d" -maxdepth 2 \( -name "*.json" -o -name "*.json.gz" -o -name "*.json.zst" -o -name "*.json.xz" \) -mtime -8 -printf "%T@ %s %P\n" |
        sort -rn | awk -F- '{ start = $1; sub(/^[^ ]* [^ ]* /, "", start) } !seen[start, $2]++' | head -n 500 | while read -r at size name; do
        case $name in
        *.json) text=$(tail -c 20000 "$d/$name") ;;
        *) text=$("$longhaul" show --json "$d/$name" 2>/dev/null) ;;
        esac
        echo "file $at $size $name $(printf %s "$text" | grep -oE "\"coverage\": ?[0-9.]+" | tail -n 1 | grep -oE "[0-9.]+$")"
    done
fi
echo "end"
