"""typed.py PASSWORD COMMAND...: runs it on its own terminal and types PASSWORD when asked, ^C for "^C", ^D for "^D". Prints what the terminal
showed, and last whether it shows what is typed; exit status is the command's."""
import os, pty, sys, termios

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
        os.write(fd, {"^C": b"\x03", "^D": b"\x04"}.get(password, password.encode() + b"\n"))
        is_typed = True
sys.stdout.buffer.write(shown + (b"echo\n" if termios.tcgetattr(fd)[3] & termios.ECHO else b"no echo\n"))
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
