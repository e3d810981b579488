"""free_ports N: prints a port so that it and the next N-1 are free for TCP and UDP on this machine. Tests that run in parallel get
different ones: a server that is being restarted leaves its port free for a moment."""
import fcntl, os, random, socket, sys, tempfile

FIRST, LAST = 20000, 32000  # below the ephemeral ports


def is_free(port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET6, kind) as s:
            try:
                s.bind(("::", port))
            except OSError:
                return False
    return True


def real_uid():
    """In a user namespace of a test's own the user is 0, and a file of that name the real root's."""
    for line in open("/proc/self/uid_map"):
        inside, outside, count = map(int, line.split())
        if inside <= os.getuid() < inside + count:
            return outside + os.getuid() - inside
    return os.getuid()


n = int(sys.argv[1])
with open(os.path.join(tempfile.gettempdir(), "longhaul-ports-%d" % real_uid()), "a+") as taken:
    fcntl.flock(taken, fcntl.LOCK_EX)
    taken.seek(0)
    first = int(taken.read() or random.randrange(FIRST, LAST))
    while True:
        if first + n > LAST:
            first = FIRST
        if all(is_free(first + i) for i in range(n)):
            break
        first += n
    taken.truncate(0)
    taken.write(str(first + n))
print(first)
