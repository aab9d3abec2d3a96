# shellcheck shell=sh disable=SC2034,SC2154
# The sqlite3 shell with the extension in it: how it is called, watched, stopped and understood.

engine_mode=-ascii
engine_silent=

engine_open() {
    engine_database=$1
    engine_shown=${1#./}
    engine_programs=$2
    command -v sqlite3 >/dev/null || die 69 "there is no sqlite3 shell" "install the package sqlite3"
    engine_find_extension
    scratch_make
    engine_log=$(quote_dot "$scratch/log")
    engine_loaded=$(quote_dot "$scratch/loaded")
    engine_load=$(quote_dot "$engine_extension")
    engine_extend_with "${MIGRATE_LOAD-}"
}

engine_exists() {
    [ -e "$engine_database" ]
}

# Has every call load $1 too, an extension of the application, which its schema or its operations need;
# nothing when it is empty. What it is comes from the person or the environment, never from .env.
engine_extend_with() {
    engine_extra=$1
    engine_load_extra=
    [ -z "$1" ] || engine_load_extra=".load $(quote_dot "$1")"
}

# Beside the scripts in a checkout, below the prefix that they are installed in, or where the loader
# looks. MIGRATE_EXTENSION wins.
engine_find_extension() {
    engine_extension=${MIGRATE_EXTENSION-}
    if [ -n "$engine_extension" ]; then
        case $engine_extension in
        */*)
            [ -f "$engine_extension" ] ||
                die 69 "there is no extension $engine_extension" "MIGRATE_EXTENSION names it"
            ;;
        *) ;;
        esac
        return
    fi
    for engine_extension in "$engine_programs/../build/migrate" "$engine_programs/../lib/migrate" \
        "$engine_programs/../../lib/migrate" "$engine_programs/../../../lib/migrate"; do
        for engine_suffix in so dylib; do
            [ ! -f "$engine_extension.$engine_suffix" ] || return 0
        done
    done
    engine_extension=migrate
}

# Runs SQL that may take its time: a signal interrupts it. The function that starts the shell runs in a
# subshell, which takes no SIGINT; the process number of the shell itself is what its child calls $PPID.
engine_run() {
    : >"$scratch/client"
    MIGRATE_CLIENT=$scratch/client
    export MIGRATE_CLIENT
    engine_run_result=0
    # shellcheck disable=SC2016 # for the shell that is started there
    engine_call '.shell echo $PPID >"$MIGRATE_CLIENT"' "$@" || engine_run_result=1
    rm -f -- "$scratch/client"
    return "$engine_run_result"
}

# Runs SQL with the extension loaded; what the database prints goes to $scratch/rows.
engine_call() {
    : >"$scratch/log"
    : >"$scratch/error"
    : >"$scratch/progress"
    : >"$scratch/loaded"
    [ -p "$scratch/pipe" ] || mkfifo "$scratch/pipe" ||
        die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
    engine_relay <"$scratch/pipe" &
    engine_relay_id=$!
    # A database that is made now gets the mode that the person's umask gives it.
    umask "${caller_umask:-077}"
    sql_run "$engine_mode" -cmd ".log $engine_log" -cmd ".load $engine_load" \
        -cmd ".output $engine_loaded" -cmd '.print loaded' ${engine_load_extra:+-cmd "$engine_load_extra"} \
        -cmd '.print extended' -cmd .output "$engine_database" "$@" \
        >"$scratch/rows" 2>"$scratch/pipe" &
    engine_client=$!
    umask 077
    engine_result=0
    scratch_wait "$engine_client" || engine_result=1
    wait "$engine_relay_id" || :
    [ "$engine_result" -eq 0 ] || engine_explain
    if [ -n "$scratch_signalled" ] && [ "$scratch_signalled" != INT ]; then
        [ "$engine_result" -eq 0 ] || warn "$engine_message"
        scratch_end
    fi
    return "$engine_result"
}

# Shows what comes, at once, up to where the shell reports an error; that is kept.
engine_relay() {
    trap '' HUP INT TERM
    relay_end='
'
    while :; do
        relay_text=$(dd bs=65536 count=1 2>/dev/null && printf .)
        relay_text=${relay_text%.}
        [ -n "$relay_text" ] || break
        case $relay_end$relay_text in
        *"${relay_end}Error"* | *"${relay_end}Runtime error"* | *"${relay_end}Parse error"*)
            { printf '%s' "$relay_text" && cat; } >"$scratch/error"
            break
            ;;
        *) ;;
        esac
        printf '%s' "$relay_text" >>"$scratch/progress"
        [ -n "$engine_silent" ] || printf '%s' "$relay_text" >&2
    done
    # What was drawn before the error came in the same breath.
    # Not with -v, where a backslash in the path would mean something.
    ENGINE_KEPT=$scratch/error.text awk '
        BEGIN { kept = ENVIRON["ENGINE_KEPT"] }
        !inside && /^(Error|Runtime error|Parse error)/ { inside = 1 }
        inside { print >kept; next }
        { print }
    ' "$scratch/error" >"$scratch/before"
    cat "$scratch/before" >>"$scratch/progress"
    [ -n "$engine_silent" ] || cat "$scratch/before" >&2
}

# Sets engine_status and engine_message. SQLite's log has the result code, whatever the version of the
# shell makes of it; the message is what the shell prints, without what it puts around it.
engine_explain() {
    engine_code=$(awk '
        /^\([0-9]+\) / { any = $1 }
        /^\([0-9]+\) statement aborts at / { last = $1 }
        END { code = last == "" ? any : last; gsub(/[()]/, "", code); print code }
    ' "$scratch/log")
    engine_message=$(awk '
        NR == 1 {
            sub(/^(Runtime error|Parse error|Error)( near line [0-9]+| in [^:]*)?: /, "")
            sub(/^(stepping|in prepare), /, "")
        }
        { print }
    ' "$scratch/error.text" 2>/dev/null) || engine_message=
    engine_line=$(sed -n '1s/^[A-Z][a-z ]* near line \([0-9]*\): .*/\1/p' "$scratch/error.text" 2>/dev/null) || engine_line=
    rm -f -- "$scratch/error.text"
    if [ -z "$engine_message" ]; then
        engine_status=1
        engine_message="the sqlite3 shell ended with status $scratch_status and said nothing"
        return
    fi
    # Where the log has none (a lock that is not free), it is behind the message, or the exit status.
    [ -n "$engine_code" ] || case $engine_message in
    *" ("[0-9]")" | *" ("[0-9][0-9]")")
        engine_code=${engine_message##*" ("}
        engine_code=${engine_code%")"}
        ;;
    *) engine_code=$scratch_status ;;
    esac
    if [ ! -s "$scratch/loaded" ] && [ "$engine_code" -le 1 ]; then
        engine_status=69
        engine_message="cannot load the extension $engine_extension: $engine_message
hint: make builds it, make install puts it where it is found, MIGRATE_EXTENSION names it"
        return
    fi
    if [ -n "$engine_load_extra" ] && [ "$engine_code" -le 1 ] && ! grep -q extended "$scratch/loaded"; then
        engine_status=69
        engine_message="cannot load the extension $engine_extra: $engine_message
hint: --load or MIGRATE_LOAD names a file that sqlite3 can load"
        return
    fi
    engine_message=${engine_message%" ($engine_code)"}
    engine_message=${engine_message%" ($((engine_code % 256)))"}
    engine_status=$(outcome_status "$engine_code")
}

# Reads: a database that is not there is read as an empty one, and not made.
engine_read() {
    engine_kept=$engine_database
    engine_exists || engine_database=:memory:
    engine_read_result=0
    engine_call "$1" || engine_read_result=1
    engine_database=$engine_kept
    return "$engine_read_result"
}

# Sets engine_timeout to the milliseconds of option `lock_timeout`.
engine_wait() {
    case ${MIGRATE_LOCK_TIMEOUT-} in
    '' | *[!0-9]*) engine_timeout=5000 ;;
    *) engine_timeout=$MIGRATE_LOCK_TIMEOUT ;;
    esac
}

# Reads what takes more than one statement, all of the same moment, of a database that is there. Waits
# for writers as long as option `lock_timeout` says.
engine_look() {
    engine_wait
    engine_call ".timeout $engine_timeout" "BEGIN; $1; COMMIT"
}

engine_version() {
    engine_call 'SELECT migrate_version()'
}
