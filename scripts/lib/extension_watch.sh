# shellcheck shell=sh disable=SC2034,SC2154
# What the sqlite3 shell writes to standard error: what is shown at once, and what an error means.

# Starts the relay, which reads the pipe $scratch/pipe. Both ends are open before anybody works with them, so
# that nobody waits for one who has died; descriptor 5 is to be closed when the shell has ended.
extension_listen() {
    [ -p "$scratch/pipe" ] || mkfifo "$scratch/pipe" ||
        die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
    exec 5<>"$scratch/pipe"
    exec 6<"$scratch/pipe"
    (
        exec <&6 5<&- 6<&-
        extension_relay
    ) &
    extension_relay_id=$!
    exec 6<&-
}

# Shows what comes, at once, up to where the shell reports an error; that is kept.
extension_relay() {
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
        printf '%s' "$relay_text" 2>/dev/null >>"$scratch/progress" || :
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
extension_explain() {
    extension_code=$(awk '
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
    extension_line=$(sed -n '1s/^[A-Z][a-z ]* near line \([0-9]*\): .*/\1/p' "$scratch/error.text" 2>/dev/null) || extension_line=
    rm -f -- "$scratch/error.text"
    if [ -z "$engine_message" ] && [ -n "$scratch_signalled" ]; then
        engine_status=130
        engine_message=interrupted
        return
    fi
    if [ -z "$engine_message" ]; then
        engine_status=1
        engine_message="the sqlite3 shell ended with status $scratch_status and said nothing"
        return
    fi
    # Where the log has none (a lock that is not free), it is behind the message, or the exit status.
    [ -n "$extension_code" ] || case $engine_message in
    *" ("[0-9]")" | *" ("[0-9][0-9]")")
        extension_code=${engine_message##*" ("}
        extension_code=${extension_code%")"}
        ;;
    *) extension_code=$scratch_status ;;
    esac
    if [ ! -s "$scratch/loaded" ] && [ "$extension_code" -le 1 ]; then
        engine_status=69
        engine_message="cannot load the extension $extension_file: $engine_message
hint: make builds it, make install puts it where it is found, MIGRATE_EXTENSION names it"
        return
    fi
    if [ -n "$extension_load_extra" ] && [ "$extension_code" -le 1 ] && ! grep -q extended "$scratch/loaded"; then
        engine_status=69
        engine_message="cannot load the extension $extension_extra: $engine_message
hint: --load or MIGRATE_LOAD names a file that sqlite3 can load"
        return
    fi
    engine_message=${engine_message%" ($extension_code)"}
    engine_message=${engine_message%" ($((extension_code % 256)))"}
    engine_status=$(outcome_status "$extension_code")
}
