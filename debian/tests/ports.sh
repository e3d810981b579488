# ports.sh - sourced: $port and $port + 1 are free for TCP and UDP.
port=$((20000 + $$ % 20000))
taken() { cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null | grep -qi "$(printf ':%04X ' "$1")"; }
while taken $port || taken $((port + 1)); do port=$((port + 2)); done
