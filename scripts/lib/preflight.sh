# shellcheck shell=sh disable=SC2034,SC2154
# The checks of a run: which are wanted, what came of each, and what was found. A check ends as
#
#   passed    it was carried out, and nothing is wrong
#   problem   it was carried out, and something is wrong
#   failed    it could not be carried out, or not to its end
#   skipped   it was not carried out; its summary says why
#
# Rows as engine.sh describes them: of each check, in the file $preflight_checks, name, result, milliseconds
# and summary; of what was found, in $preflight_findings, name of the check, severity (error, warning, note),
# message and hint. A program that uses this has preflight_shown, which is called when a check has ended, and
# preflight_finish, which is called when a run ends before its time.

preflight_names='verify lint rehearsal fresh round-trip drift'
preflight_now=
preflight_done=

# Ends the program when one of the names $2, which option $1 has with commas between them, is that of no check.
preflight_names_check() (
    set -f
    IFS=,
    for name in $2; do
        case " $preflight_names " in
        *" ${name:-?} "*) ;;
        *) die 64 "option $1: there is no check \"$name\"" "the checks are: $preflight_names" ;;
        esac
    done
)

preflight_begin() {
    mkdir -- "$scratch/preflight" || die 74 "cannot write into the temporary folder"
    preflight_checks=$scratch/preflight/checks
    preflight_findings=$scratch/preflight/findings
    : >"$preflight_checks"
    : >"$preflight_findings"
    exec 4>&2
    scratch_last=preflight_abandon
}

# Prints the time, in milliseconds that begin anew now and then.
preflight_clock() {
    sql_run :memory: "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) % 1000000000"
}

# Runs check $1, which is function $2, with the checks that --only ($3) and --skip ($4) name. What it says to
# a person meanwhile is among the findings then.
preflight_check() {
    preflight_now=$1
    preflight_result=passed
    preflight_summary=
    preflight_begun=$(preflight_clock)
    : >"$scratch/preflight/said"
    case ",${3:-$1},/,$4," in
    *,"$1",*/*,"$1",*) preflight_skip "--skip names it" ;;
    *,"$1",*/*) "$2" 2>"$scratch/preflight/said" ;;
    *) preflight_skip "--only names others" ;;
    esac
    [ -z "$scratch_signalled" ] || scratch_end
    preflight_close
}

preflight_close() {
    preflight_hear
    [ -n "$preflight_summary" ] || [ "$preflight_result" = passed ] || preflight_summary=$(preflight_count)
    preflight_ended=$(preflight_clock)
    preflight_row "$preflight_now" "$preflight_result" \
        "$(((preflight_ended - preflight_begun + 1000000000) % 1000000000))" "$preflight_summary" >>"$preflight_checks" || preflight_full
    preflight_done="$preflight_done $preflight_now"
    preflight_now=
    preflight_shown
}

# Prints how many errors the check has found.
preflight_count() {
    awk -v check="$preflight_now" 'BEGIN { RS = "\036"; FS = "\037" } $1 == check && $2 == "error" { n++ }
        END { printf "errors: %d", n }' "$preflight_findings"
}

# Prints the values as a row.
preflight_row() (
    mark=
    for value; do
        value=$(printf '%s.' "$value" | tr '\036\037' '??')
        printf '%b%s' "$mark" "${value%.}"
        mark='\037'
    done
    printf '\036'
)

# Adds a finding to the check: severity $1, message $2, and what to do about it ($3).
preflight_find() {
    [ "$1" != error ] || [ "$preflight_result" = failed ] || preflight_result=problem
    preflight_row "$preflight_now" "$1" "$2" "${3-}" >>"$preflight_findings" || preflight_full
}

preflight_skip() {
    preflight_result=skipped
    preflight_summary=$1
}
