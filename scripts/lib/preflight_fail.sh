# shellcheck shell=sh disable=SC2034,SC2154
# What the engine and the libraries say when something goes wrong, as findings of the check that runs.

# Makes a finding of the failure of the engine, with $1 in front of its message. Where the operations or the
# data are to blame, it is a problem; where the server, the disk or a permission is, the check has failed.
preflight_blame() {
    [ -z "$scratch_signalled" ] || scratch_end
    case $engine_status${server_lost:+:lost} in
    1 | 65 | 66) ;;
    *) preflight_result=failed ;;
    esac
    preflight_split "${1-}$engine_message"
}

# Makes a finding of message $1, in which a line `hint: ` may stand before the hint. What an operation that
# failed has left says nothing where it has left it in a scratch database.
preflight_split() {
    preflight_mark='
hint: '
    preflight_hint=
    case $1 in
    *"$preflight_mark"*) preflight_hint=${1#*"$preflight_mark"} ;;
    *) ;;
    esac
    case $preflight_hint in
    'nothing of this operation was kept'* | 'what came before the error may have been kept'*)
        preflight_hint="mend the file; this was in a scratch database, and $engine_shown is as it was"
        ;;
    *) ;;
    esac
    preflight_find error "${1%%"$preflight_mark"*}" "$preflight_hint"
}

# Makes findings of what was said to a person since the check began: warnings, and the last words of a program
# or a part of it that has ended.
preflight_hear() {
    [ -s "$scratch/preflight/said" ] || return 0
    awk -v check="$preflight_now" -v program="$program" '
        function put() {
            if (severity != "") printf "%s\037%s\037%s\037%s\036", check, severity, text, hint
            severity = hint = ""
        }
        { gsub(/[\036\037]/, "?") }
        index($0, program ": warning: ") == 1 { put(); severity = "warning"; text = substr($0, length(program) + 12); next }
        index($0, program ": ") == 1 { put(); severity = "error"; text = substr($0, length(program) + 3); next }
        /^hint: / { hint = hint (hint == "" ? "" : "\n") substr($0, 7); next }
        severity == "" { severity = "note"; text = $0; next }
        { text = text "\n" $0 }
        END { put() }
    ' "$scratch/preflight/said" >"$scratch/preflight/heard" || die 74 "cannot write into the temporary folder"
    cat -- "$scratch/preflight/heard" >>"$preflight_findings" || die 74 "cannot write into the temporary folder"
    : >"$scratch/preflight/said"
    ! tr '\036' '\n' <"$scratch/preflight/heard" | awk -F '\037' '$2 == "error" { found = 1 } END { exit !found }' ||
        [ "$preflight_result" = failed ] || preflight_result=problem
}

preflight_full() {
    die 74 "cannot write into the temporary folder" "check TMPDIR and the free space"
}

# A run that ends while a check is at work: that check has failed, and the report says so. After a signal
# there is none. Where it cannot be made, because the disk is full, the temporary folder has to go all the same.
# What the check says is redirected, and in some shells still is when the program ends; descriptor 4 never is.
preflight_abandon() {
    [ -n "$preflight_now" ] && [ -z "$scratch_signalled" ] || return 0
    (preflight_give_up) 2>/dev/null || {
        printf '%s: %s\n' "$program" "the run ended with $preflight_now, and there is no room for its report" >&4
        printf 'hint: %s\n' "check TMPDIR and the free space" >&4
    }
}

preflight_give_up() {
    preflight_last=$preflight_now
    preflight_result=failed
    preflight_close
    for preflight_left in $preflight_names; do
        case " $preflight_done $preflight_last " in
        *" $preflight_left "*) continue ;;
        *) ;;
        esac
        preflight_now=$preflight_left
        preflight_begun=$(preflight_clock)
        preflight_skip "the run ended with $preflight_last"
        preflight_close
    done
    preflight_finish
}
