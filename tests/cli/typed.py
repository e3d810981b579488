"""typed.py PASSWORD COMMAND...: runs it at a terminal of its own and types PASSWORD when asked. Prints what the terminal showed; exit
status is the command's."""
import os, pty, sys

password, command = sys.argv[1], sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.environ.pop("IPERF3_PASSWORD", None)
    os.execv(command[0], command)
shown, is_typed = b"", False
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    shown += data
    if b"Password: " in shown and not is_typed:
        os.write(fd, password.encode() + b"\n")
        is_typed = True
sys.stdout.buffer.write(shown)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
