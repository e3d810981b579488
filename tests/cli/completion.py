"""completion.py SCRIPT LINE...: what zsh offers for each line, as LINE|WORD WORD...: its completion runs only in a terminal, so it gets one, and a
key that prints what compadd was given instead of inserting it.
completion.py --bash SCRIPT TYPED WANTED: "yes" if bash, in a terminal, makes WANTED of what was typed when Tab is pressed."""
import os, pty, select, sys, time


def terminal(argv, env):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(argv[0], argv, env)
    return pid, fd


def read_until(fd, text, seconds=20):
    got, end = b"", time.monotonic() + seconds
    while text not in got and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                got += os.read(fd, 65536)
            except OSError:
                break
    return got


ZSH = r"""
zmodload zsh/parameter
autoload -Uz compinit; compinit -u -D
source %(script)s; compdef _longhaul longhaul
zstyle ':completion:*' list-grouped false
zstyle ':completion:*' insert-tab false
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
    typeset -a __found
    builtin compadd -A __found "$@"
    (( $#__found )) || return 1
    print -rl -- $__found >> %(out)s
    builtin compadd "$@"
}
offer() { zle complete-word; BUFFER=; CURSOR=0; print -r -- DONE-NOW }
zle -C complete-word complete-word _main_complete
zle -N offer; bindkey '^X' offer; PS1='READY-NOW>'
"""


def zsh(script, lines):
    out = os.path.join(os.getcwd(), ".zsh-offers")
    with open(".zsh-setup", "w") as setup:
        setup.write(ZSH % {"script": script, "out": out})
    pid, fd = terminal(["zsh", "-f", "-i"], dict(os.environ, TERM="dumb", ZDOTDIR="/nonexistent"))
    os.write(fd, b"source ./.zsh-setup\n")
    read_until(fd, b"READY-NOW>", 60)
    for line in lines:
        open(out, "w").close()
        os.write(fd, line.encode() + b"\x18")
        read_until(fd, b"DONE-NOW", 60)
        with open(out) as offers:
            print(line + "|" + "".join(word + " " for word in sorted(set(offers.read().split("\n"))) if word))
    os.write(fd, b"exit\n")
    read_until(fd, b"no such text", 1)
    os.close(fd)
    os.waitpid(pid, 0)


def bash(script, typed, wanted):
    env = dict(os.environ, TERM="dumb", PS1="READY-NOW>", HISTFILE="")
    pid, fd = terminal(["bash", "--norc", "--noprofile", "-i"], env)
    read_until(fd, b"READY-NOW>", 5)
    os.write(fd, f"bind 'set enable-bracketed-paste off'; source {script}; echo LOADED-$((1+1))\n".encode())
    read_until(fd, b"LOADED-2")
    read_until(fd, b"READY-NOW>", 5)
    os.write(fd, typed.encode() + b"\t")
    got = read_until(fd, wanted.encode(), 10)
    os.write(fd, b"\x15exit\n")
    read_until(fd, b"no such text", 1)
    os.close(fd)
    os.waitpid(pid, 0)
    print("yes" if wanted.encode() in got else f"no: {got!r}")


if sys.argv[1] == "--bash":
    bash(*sys.argv[2:])
else:
    zsh(sys.argv[1], sys.argv[2:])
