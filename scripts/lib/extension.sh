# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/..
# The sqlite3 shell with the extension in it: how it is found, called, watched, stopped and understood.
# It works on the databases of SQLite, and plans the runs of all others.

. "$here/lib/extension_watch.sh"

extension_mode=-ascii
engine_silent=

# Prepares the calls; $1 is the folder of the programs.
extension_open() {
    command -v sqlite3 >/dev/null || die 69 "there is no sqlite3 shell" "install the package sqlite3"
    extension_find "$1"
    scratch_make
    extension_log=$(quote_dot "$scratch/log")
    extension_loaded=$(quote_dot "$scratch/loaded")
    extension_load=$(quote_dot "$extension_file")
    extension_extend_with "${MIGRATE_LOAD-}"
}

# Has every call load $1 too, an extension of the application, which its schema or its operations need;
# nothing when it is empty. What it is comes from the person or the environment, never from .env.
extension_extend_with() {
    extension_extra=$1
    extension_load_extra=
    [ -z "$1" ] || extension_load_extra=".load $(quote_dot "$1")"
}

# Beside the scripts (in $1) in a checkout, below the prefix that they are installed in, or where the loader
# looks. MIGRATE_EXTENSION wins.
extension_find() {
    extension_file=${MIGRATE_EXTENSION-}
    if [ -n "$extension_file" ]; then
        case $extension_file in
        */*)
            [ -f "$extension_file" ] ||
                die 69 "there is no extension $extension_file" "MIGRATE_EXTENSION names it"
            ;;
        *) ;;
        esac
        return
    fi
    for extension_file in "$1/../build/migrate" "$1/../lib/migrate" \
        "$1/../../lib/migrate" "$1/../../../lib/migrate"; do
        for extension_suffix in so dylib; do
            [ ! -f "$extension_file.$extension_suffix" ] || return 0
        done
    done
    extension_file=migrate
}

# Runs SQL on database $1 that may take its time: a signal interrupts it. The function that starts the shell runs in a
# subshell, which takes no SIGINT; the process number of the shell itself is what its child calls $PPID.
extension_run() {
    : >"$scratch/client"
    MIGRATE_SHELL=$scratch/client
    export MIGRATE_SHELL
    extension_run_result=0
    extension_on=$1
    shift
    # shellcheck disable=SC2016 # for the shell that is started there
    extension_call "$extension_on" '.shell echo $PPID >"$MIGRATE_SHELL"' "$@" || extension_run_result=1
    rm -f -- "$scratch/client"
    return "$extension_run_result"
}

# Runs SQL on database $1 with the extension loaded; what it prints goes to $scratch/rows.
extension_call() {
    : >"$scratch/log"
    : >"$scratch/error"
    : >"$scratch/progress"
    : >"$scratch/loaded"
    extension_listen
    scratch_starting=yes
    # A database that is made now gets the mode that the person's umask gives it.
    umask "${caller_umask:-077}"
    sql_run "$extension_mode" -cmd ".log $extension_log" -cmd ".load $extension_load" \
        -cmd ".output $extension_loaded" -cmd '.print loaded' ${extension_load_extra:+-cmd "$extension_load_extra"} \
        -cmd '.print extended' -cmd .output "$@" \
        >"$scratch/rows" 2>"$scratch/pipe" 5<&- &
    extension_client=$!
    umask 077
    extension_result=0
    scratch_wait "$extension_client" || extension_result=1
    exec 5<&-
    wait "$extension_relay_id" || :
    [ "$extension_result" -eq 0 ] || extension_explain
    sql_has_room || {
        extension_result=1
        engine_status=74
        engine_message='cannot write into the temporary folder
hint: check TMPDIR and the free space'
    }
    if [ -n "$scratch_signalled" ] && [ "$scratch_signalled" != INT ]; then
        [ "$extension_result" -eq 0 ] || warn "$engine_message"
        scratch_end
    fi
    return "$extension_result"
}
