#compdef longhaul
# zsh completion for longhaul; made when longhaul is built, from its own tables of flags.

# COMMAND: sets commands; completes what stands after the command.
_longhaul_table() {
@flags@
}

# What PLAN-FLAG prints about the topology that --config names.
_longhaul_names() {
    local -a names
    local file=${(Q)opt_args[--config]}
    [[ -n $file ]] || return 1
    file=${file/#\~\//$HOME/}
    [[ -f $file ]] || return 1 # what is read from a pipe would be waited for
    names=(${(f)"$($program plan $1 $file 2>/dev/null </dev/null)"})
    compadd "${@:2}" -a names
}

_longhaul_nothing() { _message 'a value' }
_longhaul_files() { _files }
_longhaul_folders() { _files -/ }
_longhaul_sites() { _longhaul_names --sites }
_longhaul_legs() {
    local site=${opt_args[--site]}
    _longhaul_names "--legs${site:+=$site}"
}
_longhaul_peers() { _longhaul_names --sites; _hosts }
_longhaul_interfaces() { compadd /sys/class/net/*(N:t) }

_longhaul() {
    local program=${(Q)words[1]/#\~\//$HOME/} command=${words[2]}
    local -a commands
    typeset -A opt_args
    _longhaul_table ''
    if (( CURRENT == 2 )) || [[ $command == help ]]; then
        commands+=('help:print what COMMAND --help prints' 'version:print the version')
        _describe command commands
        return
    fi
    if [[ $command == path && $CURRENT -eq 3 && $PREFIX != -* ]]; then
        compadd calc
    fi
    shift words
    (( CURRENT-- ))
    if [[ $command == path && ${words[2]} == calc && $CURRENT -gt 2 ]]; then
        command='path calc'
        shift words
        (( CURRENT-- ))
    fi
    _longhaul_table $command
}

_longhaul "$@"
