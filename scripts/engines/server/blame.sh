# shellcheck shell=sh disable=SC2034,SC2154
# Which step of a run has failed, where in its file, and what it has left; and the line in the log that
# says so.

blame_mark='
hint: '

# Looks up the step that $scratch/steps.sql was at: by the line that the client names, or else by the last
# mark. Sets blame_step (nothing when no step had begun), blame_version and so on, as plan.sh's index has
# them.
blame_find() {
    blame_step=
    [ -s "$scratch/index" ] || return 0
    awk -v line="${server_line:-0}" -v step="${run_step:-0}" '
        line ? $4 <= line : $1 == step { found = $0 } END { print found }' "$scratch/index" >"$scratch/failed"
    IFS=' ' read -r blame_step blame_version blame_direction blame_head blame_code blame_tail blame_alone blame_path <"$scratch/failed"
}

# True when the step was too large to be sent. Its row, which comes first, holds all of its code.
blame_large() {
    [ "$engine_status" != 130 ] || return 1
    blame_kept_status=$engine_status
    blame_kept_message=$engine_message
    blame_kept_end=$server_lost:$server_code:$server_line
    session_large "$blame_head" "$blame_code"
    engine_status=$blame_kept_status
    engine_message=$blame_kept_message
    server_lost=${blame_kept_end%%:*}
    server_line=${blame_kept_end##*:}
    server_code=${blame_kept_end#*:}
    server_code=${server_code%:*}
    [ -n "$session_large" ] || return 1
    engine_status=1
    engine_message="cannot $blame_verb operation $blame_version: $blame_path: $session_large
hint: nothing of this operation was run; make several of it, or let the server take more"
}

# Finds the place of the error in the file: `:LINE:COLUMN` or `:LINE`, and the line itself. In steps.sql
# the file begins at line blame_code; its name there is of no use to anybody.
blame_place() {
    blame_at=
    [ -n "$server_line" ] || return 0
    [ "$server_line" -ge "$blame_code" ] && [ "$server_line" -lt "$blame_tail" ] || return 0
    blame_at=$(session_place "$blame_code" "$blame_tail")
}

# Completes engine_message for a run that has failed, and logs the failure.
blame() {
    blame_find
    [ -n "$blame_step" ] || return 0
    blame_verb
    ! blame_large || return 0
    if [ -n "$server_lost" ] || [ "$engine_status" = 130 ]; then
        engine_message="cannot $blame_verb operation $blame_version: $blame_path: ${engine_message%%"$blame_mark"*}
hint: sqlite-migrate status says what was kept of it"
        return
    fi
    blame_place
    blame_text=${blame_at%%"
"*}
    blame_quoted=${blame_at#"$blame_text"}
    engine_message="cannot $blame_verb operation $blame_version: $blame_path$blame_text: $engine_message"
    blame_text=${engine_message%%"$blame_mark"*}
    blame_error=$server_code
    blame_line=$server_line
    blame_log "$blame_step" "$blame_text" ''
    blame_left
    # Before the lines `detail: ...` and the like.
    blame_first=${engine_message%%"
"[a-z]*": "*}
    engine_message="$blame_first$blame_quoted${engine_message#"$blame_first"}
hint: $session_left"
}

# Asks what the step has left, where it had begun. What failed is not forgotten over that.
blame_left() {
    if [ -n "$blame_line" ] && [ "$blame_line" -lt "$blame_code" ]; then
        session_left='nothing of this operation was run; mend it and run again'
        return
    fi
    blame_kept_status=$engine_status
    blame_kept_message=$engine_message
    session_left "$blame_alone" "$blame_version" "$blame_error"
    engine_status=$blame_kept_status
    engine_message=$blame_kept_message
}

# The same for the program of step $1, which has not printed what it should. Nothing was sent.
blame_program() {
    [ "$engine_status" != 130 ] || return 0
    blame_message=$engine_message
    blame_status=$engine_status
    extension_call "$scratch/plan" "SELECT version, direction FROM step WHERE position = $1" || return 0
    tr '\036' '\n' <"$scratch/rows" >"$scratch/failed"
    IFS=$server_field read -r blame_version blame_direction <"$scratch/failed"
    blame_verb
    engine_status=$blame_status
    engine_message="cannot $blame_verb operation $blame_version: $blame_message"
    blame_text=${engine_message%%"$blame_mark"*}
    blame_log "$1" "$blame_text" ''
}

blame_verb() {
    blame_verb=apply
    [ "$blame_direction" = up ] || blame_verb='roll back'
}

# Writes the line of the failed step $1 into the log: message $2, and what the program said ($3). What
# failed is more important than that the log cannot say so.
blame_log() {
    blame_kept_status=$engine_status
    blame_kept_message=$engine_message
    blame_file=$(quote_dot "$scratch/failure.text")
    {
        extension_call "$scratch/plan" '.mode list' ".output $blame_file" '.separator "" ""' \
            "SELECT failure FROM step WHERE position = $1" &&
            blame_write "$2" "${run_started-}" "$3" >"$scratch/failure.sql" &&
            server_run "$scratch/failure.sql" "$scratch/failure.out"
    } || warn "the log does not say that operation ${blame_version-} failed: $engine_message"
    engine_status=$blame_kept_status
    engine_message=$blame_kept_message
}

blame_write() {
    [ "$mirror_state" != none ] || cat -- "$scratch/server_tables.sql"
    session_set error "$1" && session_set started "$2" && session_set output "$3" && cat -- "$scratch/failure.text"
}
