# shellcheck shell=sh disable=SC2034,SC2154
# Which step of a run has failed, where in its file, and what it has left; and the line in the log that
# says so.

# Looks up the step that $scratch/steps.sql was at: by the line that the client names, or else by the last
# mark. Sets blame_step (nothing when no step had begun), blame_version and so on, as plan.sh's index has
# them.
blame_find() {
    blame_step=
    [ -s "$scratch/index" ] || return 0
    # shellcheck disable=SC2046 # the words of one line, of which the last is a path without blanks
    set -- $(awk -v line="${server_line:-0}" -v step="${run_step:-0}" '
        line ? $4 <= line : $1 == step { found = $0 } END { print found }' "$scratch/index")
    [ "$#" -gt 0 ] || return 0
    blame_step=$1 blame_version=$2 blame_direction=$3 blame_code=$5 blame_tail=$6 blame_alone=$7 blame_path=$8
}

# Finds the place of the error in the file: `:LINE:COLUMN` or `:LINE`, and the line itself. In steps.sql
# the file begins at line blame_code; its name there is of no use to anybody.
blame_place() {
    blame_at=
    [ -n "$server_line" ] || return 0
    [ "$server_line" -ge "$blame_code" ] && [ "$server_line" -lt "$blame_tail" ] || return 0
    blame_at=$(session_place "$blame_code")
}

# Completes engine_message for a run that has failed, and logs the failure.
blame() {
    blame_find
    [ -n "$blame_step" ] || return 0
    blame_verb=apply
    [ "$blame_direction" = up ] || blame_verb='roll back'
    if [ -n "$server_lost" ] || [ "$engine_status" = 130 ]; then
        engine_message="cannot $blame_verb operation $blame_version: $blame_path: $engine_message
hint: sqlite-migrate status says what was kept of it"
        return
    fi
    blame_place
    blame_text=${blame_at%%"
"*}
    blame_quoted=${blame_at#"$blame_text"}
    engine_message="cannot $blame_verb operation $blame_version: $blame_path$blame_text: $engine_message"
    blame_log "$blame_step" "${engine_message%%"
hint: "*}" ''
    case $engine_message in
    *"
hint: "*) blame_hint= ;;
    *) blame_hint="
hint: $(session_left "$blame_alone" "$blame_version")" ;;
    esac
    blame_first=${engine_message%%"
"*}
    engine_message=$blame_first$blame_quoted${engine_message#"$blame_first"}$blame_hint
}

# The same for the program of step $1, which has not printed what it should. Nothing was sent.
blame_program() {
    [ "$engine_status" != 130 ] || return 0
    blame_message=$engine_message
    blame_status=$engine_status
    server_lost=
    run_started=
    blame_log "$1" "${blame_message%%"
hint: "*}" ''
    engine_message=$blame_message
    engine_status=$blame_status
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
