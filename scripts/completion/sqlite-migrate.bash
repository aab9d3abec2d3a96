# shellcheck shell=bash
# Completion of sqlite-migrate for bash. Commands and options are read from its own help.

_sqlite_migrate() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before='' command='' text='' at
    ((COMP_CWORD == 0)) || before=${COMP_WORDS[COMP_CWORD - 1]}
    for ((at = 1; at < COMP_CWORD; at++)); do
        [[ ${COMP_WORDS[at]} != -* && ${COMP_WORDS[at - 1]} != --* ]] || continue
        command=${COMP_WORDS[at]}
        break
    done
    case $before in
    --dir)
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    --load)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    --scripts) text='on off' ;;
    --progress) text='auto bar lines off' ;;
    --transaction) text='operation task all' ;;
    --foreign-key-check) text='changed all off' ;;
    --snapshot) text='off before-apply' ;;
    --dangerous) text='warn deny' ;;
    --dialect) text='sqlite postgresql mysql' ;;
    --compile-check | --gaps | --late) text='error warn off' ;;
    --connection | --table | --schema | --actor | --note | --commit-interval | --*-timeout) return ;;
    *)
        if [[ $word == -* ]]; then
            text=$({
                "$program" help
                [[ -z $command ]] || "$program" help "$command"
            } 2>/dev/null | grep -E '^(-|Usage)' | grep -oE -e '--[a-z][a-z-]+' | sort -u)
        elif [[ -z $command || $command == help ]]; then
            text=$("$program" help 2>/dev/null | sed -n 's/^\([a-z][a-z]*\) .*  .*/\1/p')
        else
            case $command in
            down | rollback | redo) text=all ;;
            up | migrate | apply | plan | to | goto | baseline | stamp | show | repair)
                [[ $before != "$command" && $command == repair ]] && text='completed rollback accept' ||
                    text=$("$program" status --json 2>/dev/null | sed -n 's/.*"version":\([0-9]*\),.*/\1/p')
                ;;
            *) ;;
            esac
        fi
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$text" -- "$word")
}

complete -o default -F _sqlite_migrate sqlite-migrate
