# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What the clients of all servers have in common: how they are started, watched and stopped.

. "$here/lib/extension.sh"
. "$here/lib/url.sh"

# What stands between the columns of a row, and behind a row.
server_field=$(printf '\037')
server_record=$(printf '\036')

# Sets server_number to the milliseconds that option $1 has ($2), or $3.
server_number() {
    case $2 in
    '') server_number=$3 ;;
    *[!0-9]* | ??????????*) die 78 "option --$1: \"$2\" is not a number of milliseconds" ;;
    *) server_number=$2 ;;
    esac
}

# Runs $server_program, whose output goes to $scratch/rows. A signal is passed on as an interrupt, on
# which it asks the server to stop.
server_tool() {
    server_start "$scratch/rows" "$server_program" "$@"
}

# Becomes the command $1...: a shell that stays in front of it would get the signals that it is sent.
server_exec() {
    exec "$@"
}

# Runs the command $2..., the path of a program or a function that becomes one, with its output in file $1.
server_start() {
    server_line=
    server_code=
    server_lost=
    server_output=$1
    shift
    server_command=$server_client
    case $1 in
    */*)
        server_command=$1
        set -- server_exec "$@"
        ;;
    *) ;;
    esac
    scratch_starting=yes
    "$@" </dev/null >"$server_output" 2>"$scratch/error" 9<&- 8<&- 7<&- 5<&- &
    printf '%s\n' "$!" >"$scratch/client"
    server_result=0
    scratch_wait "$!" insist || server_result=$scratch_status
    rm -f -- "$scratch/client"
    [ "$server_result" -eq 0 ] && return
    server_explain "$server_result"
    if [ -n "$scratch_signalled" ] && [ "$scratch_signalled" != INT ]; then
        warn "$engine_message"
        scratch_end
    fi
    return 1
}

server_value() {
    server_ask "$1" || return 1
    server_answer=$(tr -d '\036' <"$scratch/rows")
}

engine_version() {
    extension_call :memory: 'SELECT migrate_version()'
}
