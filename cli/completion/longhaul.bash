# bash completion for longhaul; made when longhaul is built, from its own tables of flags.

# COMMAND FLAG: sets commands; flags and operands of the command; the kind of what the flag takes.
_longhaul_table()
{
    flags='' operands='' kind=''
@flags@
}

# Prints sites or legs of the topology that --config names.
_longhaul_names()
{
    [[ $config ]] || return
    # What was typed is not evaluated: quotes and backslashes are removed, and a home folder is put in.
    local file=${config//[\\\"\']/}
    file=${file/#\~\//$HOME/}
    [[ -f $file ]] || return # what is read from a pipe would be waited for
    "$program" plan "$1" "$file" 2>/dev/null </dev/null
}

# WORDS: those that begin with what was typed. compgen -W would evaluate them, and names of hosts are anybody's.
_longhaul_match()
{
    local list word
    read -ra list <<<"${1//$'\n'/ }"
    for word in "${list[@]}"; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
    done
}

# KIND: sets COMPREPLY.
_longhaul_offer()
{
    local words=
    case $1 in
    '' | @nothing) return ;;
    @files | @folders)
        compopt -o filenames 2>/dev/null
        local which=-f
        [[ $1 == @folders ]] && which=-d
        mapfile -t COMPREPLY < <(compgen "$which" -- "$cur")
        return
        ;;
    @sites) words=$(_longhaul_names --sites) ;;
    @legs) words=$(_longhaul_names --legs${site:+=$site}) ;;
    @peers) words="$(_longhaul_names --sites) $(compgen -A hostname)" ;;
    @interfaces) words=$(ls /sys/class/net 2>/dev/null) ;;
    *) words=$1 ;;
    esac
    _longhaul_match "$words"
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}

_longhaul()
{
    local program=$1 cur=${COMP_WORDS[COMP_CWORD]} previous='' flag='' command='' config='' site=''
    local flags operands kind commands i word before=''
    program=${program/#\~\//$HOME/}
    ((COMP_CWORD > 1)) && previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    # A word "--flag=value" comes as three where "=" separates words (COMP_WORDBREAKS).
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        [[ $word == = ]] && continue
        if [[ $before == --config ]]; then config=$word
        elif [[ $before == --site ]]; then site=$word
        elif [[ $word == --config=* ]]; then config=${word#*=}
        elif [[ $word == --site=* ]]; then site=${word#*=}
        elif [[ ! $command && $word != -* ]]; then command=$word
        elif [[ $command == plan && ! $config && $word != -* ]]; then config=$word
        elif [[ $command == path && $word == calc && $i -eq 2 ]]; then command='path calc'
        fi
        before=$word
    done
    _longhaul_table "$command" ''
    if [[ ! $command || $command == help ]]; then
        _longhaul_match "$commands help version --help --version"
        return
    fi
    if [[ $cur == = && $previous == --* ]]; then
        flag=$previous cur=''
    elif [[ $previous == = ]]; then
        flag=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $cur == --*=* ]]; then
        flag=${cur%%=*} cur=${cur#*=}
        _longhaul_table "$command" "$flag"
        _longhaul_offer "${kind#=}"
        COMPREPLY=("${COMPREPLY[@]/#/$flag=}")
        return
    else
        _longhaul_table "$command" "$previous"
        if [[ $kind && $kind != =* ]]; then
            _longhaul_offer "$kind"
            return
        fi
    fi
    if [[ $flag ]]; then
        _longhaul_table "$command" "$flag"
        _longhaul_offer "${kind#=}"
    elif [[ $cur == -* ]]; then
        _longhaul_offer "$flags"
    else
        [[ $command == path && $COMP_CWORD -eq 2 && calc == "$cur"* ]] && COMPREPLY=(calc) && return
        _longhaul_offer "$operands"
    fi
}

complete -F _longhaul longhaul
