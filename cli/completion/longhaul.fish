# fish completion for longhaul; made when longhaul is built, from its own tables of flags.

function __longhaul_is_first
    test (count (commandline -opc)) -eq 1
end

# COMMAND [calc]: true where its flags and operands are to be completed.
function __longhaul_is
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"; or return 1
    if test "$words[2]" = path
        test "$words[3]" = calc; and test "$argv[2]" = calc; and return 0
        test "$words[3]" != calc; and test "$argv[2]" != calc
    end
end

# FLAG: its value so far.
function __longhaul_value
    set -l words (commandline -opc)
    for i in (seq (count $words))
        if string match -q -- "$argv[1]=*" $words[$i]
            string replace -- "$argv[1]=" '' $words[$i]
        else if test "$words[$i]" = "$argv[1]"; and test $i -lt (count $words)
            echo $words[(math $i + 1)]
        end
    end
end

# What PLAN-FLAG prints about the topology that --config names.
function __longhaul_names
    set -l words (commandline -opc)
    set -l file (__longhaul_value --config)
    test -n "$file[1]"; or return 1
    set file (string replace -r '^~/' "$HOME/" -- $file[1])
    # What is read from a pipe would be waited for.
    test -f "$file"; and $words[1] plan $argv[1] $file 2>/dev/null </dev/null
end

function __longhaul_nothing
end
function __longhaul_folders
    __fish_complete_directories (commandline -ct) ''
end
function __longhaul_sites
    __longhaul_names --sites
end
function __longhaul_legs
    set -l site (__longhaul_value --site)
    if test -n "$site[1]"
        __longhaul_names --legs=$site[1]
    else
        __longhaul_names --legs
    end
end
function __longhaul_peers
    __longhaul_names --sites
    __fish_print_hostnames
end
function __longhaul_interfaces
    for folder in /sys/class/net/*
        basename $folder
    end
end

complete -c longhaul -f
complete -c longhaul -n __longhaul_is_first -a help -d 'print what COMMAND --help prints'
complete -c longhaul -n __longhaul_is_first -a version -d 'print the version'
complete -c longhaul -n '__longhaul_is path' -a calc -d 'calculate what TCP allows'
@flags@
