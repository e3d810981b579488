"""free_ports N: prints a port so that it and the next N-1 are free for TCP and UDP on this machine."""
import random, socket, sys

def is_free(port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET6, kind) as s:
            try:
                s.bind(("::", port))
            except OSError:
                return False
    return True

n = int(sys.argv[1])
while True:
    first = random.randrange(20000, 32000)  # below the ephemeral ports
    if all(is_free(first + i) for i in range(n)):
        print(first)
        break
