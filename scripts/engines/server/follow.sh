# shellcheck shell=sh disable=SC2034,SC2154
# Follows a run by the marks that its session prints, one on a line, and shows each step as it is done:
#
#   MARK changed                    the state is not that of the plan; nothing was done
#   MARK NUMBER CLOCK STARTED       a step begins
#   MARK end CLOCK VERSION STATE    all of it is done
#
# CLOCK is milliseconds of the server's clock, of which the last nine digits count. What else a client
# prints, results of queries, is not shown. The lines of the steps stay in $scratch/shown.

follow_blanks=$(printf ' \t')

# A word that no operation prints by chance.
session_mark=mark$(od -An -N 8 -t x1 /dev/urandom | tr -d ' \n')

# Reads standard input to its end, and leaves the last mark in $scratch/followed, without MARK and CLOCK.
follow() {
    trap '' HUP INT TERM
    follow_step=
    follow_bar=
    follow_rest=..............................
    follow_last=
    exec 6<"$scratch/index" 5>>"$scratch/shown"
    while IFS=$follow_blanks read -r follow_word follow_what follow_clock follow_more; do
        [ "$follow_word" = "$session_mark" ] || continue
        case $follow_what in
        changed) ;;
        end)
            follow_done
            follow_last="end $follow_more"
            follow_step=
            break
            ;;
        *)
            follow_done
            IFS=' ' read -r follow_step follow_version follow_direction follow_head follow_code follow_tail follow_alone follow_path <&6
            follow_since=$follow_clock
            ;;
        esac
        follow_last="$follow_what $follow_step $follow_more"
    done
    # A signal that ends the program has removed the folder.
    { printf '%s\n' "$follow_last" >"$scratch/followed"; } 2>/dev/null || :
    [ "${MIGRATE_PROGRESS-}" != bar ] || [ -z "$follow_step" ] || follow_show '\n'
}

# Passes the lines with marks on, and little else, for a client that prints what operations select: `read`
# takes byte after byte.
follow_marks() {
    trap '' HUP INT TERM
    marks_end='
'
    marks_line=
    while :; do
        marks_text=$(dd bs=65536 count=1 2>/dev/null && printf .) || :
        marks_text=${marks_text%.}
        [ -n "$marks_text" ] || break
        marks_text=$marks_line$marks_text
        marks_line=${marks_text##*"$marks_end"}
        case $marks_text in
        *"$session_mark"*"$marks_end"*) printf '%s\n' "${marks_text%"$marks_end"*}" ;;
        *) ;;
        esac
        # No mark is as long.
        [ "${#marks_line}" -lt 1000 ] || marks_line=-
    done
}

# Shows the step that is done, if there is one.
follow_done() {
    [ -n "$follow_step" ] || return 0
    follow_took=$(((follow_clock - follow_since + 1000000000) % 1000000000))
    follow_line="$follow_step/$plan_count $follow_direction $follow_path ($follow_took ms)"
    printf '%s\n' "$follow_line" >&5
    case ${MIGRATE_PROGRESS-} in
    lines) follow_show '%s\n' "$follow_line" ;;
    bar)
        follow_full=$((30 * follow_step / plan_count))
        while [ "${#follow_bar}" -lt "$follow_full" ]; do
            follow_bar="$follow_bar#"
            follow_rest=${follow_rest#.}
        done
        follow_show '\r[%s%s] %s/%s %-60.60s' "$follow_bar" "$follow_rest" "$follow_step" "$plan_count" "$follow_path"
        [ "$follow_step" -ne "$plan_count" ] || follow_show '\n'
        ;;
    *) ;;
    esac
}

follow_show() {
    # shellcheck disable=SC2059 # the format is the caller's
    [ -n "$engine_silent" ] || printf "$@" >&2
}
