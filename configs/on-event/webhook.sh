#!/bin/sh
# webhook.sh - for --on-event: posts the JSON of an event to $LONGHAUL_WEBHOOK_URL with curl. With the units, in /etc/longhaul/HK.env:
#
#   RUN_FLAGS=--on-event /usr/local/share/doc/longhaul/examples/webhook.sh
#   LONGHAUL_WEBHOOK_URL=https://example.org/hooks/longhaul
#   LONGHAUL_WEBHOOK_HEADER=Authorization: Bearer SECRET        (if it is needed)
#
# Three attempts in 26 s at most, because --on-event gives 30 s. A receiver whose answer is lost may get an event twice: source,
# destination, start, event, since and objective together say which one it is.
set -u
url=${LONGHAUL_WEBHOOK_URL:-}
header=${LONGHAUL_WEBHOOK_HEADER:-}
[ -n "$url" ] || { echo "LONGHAUL_WEBHOOK_URL is not set" >&2; exit 2; }
command -v curl >/dev/null || { echo "curl is not installed" >&2; exit 2; }
case $url in http://*|https://*) ;; *) echo "LONGHAUL_WEBHOOK_URL is not an http or https address" >&2; exit 2 ;; esac
case $url$header in *'"'*|*\\*|*'
'*) echo "LONGHAUL_WEBHOOK_URL and LONGHAUL_WEBHOOK_HEADER take no quotes, backslashes and line feeds" >&2; exit 2 ;; esac
[ -z "$header" ] || header="header = \"$header\""

# Address and header may be secrets: they are in a file of options, not in the arguments that other users see.
exec curl --disable --silent --show-error --fail --output /dev/null --config /dev/fd/3 --data-binary @- \
    --header 'Content-Type: application/json' --connect-timeout 5 --max-time 8 --retry 2 --retry-delay 1 --retry-connrefused \
    --retry-max-time 17 3<<OPTIONS
url = "$url"
$header
OPTIONS
