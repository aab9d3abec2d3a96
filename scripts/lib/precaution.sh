# shellcheck shell=sh disable=SC2034,SC2154
# What surrounds a run that changes a database: a verified snapshot before it, where one is wanted, and
# a line in rollback-log.md behind it, where something was rolled back.

# Takes a snapshot before command $1 (up, down, to, redo) with argument $2, where the environment is
# production or option snapshot says so, and there is something to do. The log of the run names it.
precaution_take() {
    precaution_path=
    case ${MIGRATE_SNAPSHOT-} in
    before-apply) ;;
    *)
        precaution_environment=$(connection_environment)
        [ "$precaution_environment" = production ] || return 0
        ;;
    esac
    # The engine takes none of its own.
    export MIGRATE_SNAPSHOT=off
    engine_exists || return 0
    precaution_view=$1
    [ "$1" != redo ] || precaution_view=down
    engine_rows empty || engine_die
    precaution_empty=$(report_value)
    engine_rows "$precaution_view" "$2" || engine_die
    [ "$precaution_empty" = 0 ] && [ -s "$scratch/rows" ] || return 0
    if [ -n "$no_snapshot" ]; then
        precaution_note 'no snapshot was taken (--no-snapshot)'
        warn "no snapshot of $engine_shown is taken, as --no-snapshot says"
        return
    fi
    # shellcheck source=child.sh
    . "$here/lib/child.sh"
    child_snapshot "before-$1" "before $program $1${2:+ $2}" ||
        die "$scratch_status" "nothing was run, for there is no snapshot: $child_said" \
            "${child_hint:+$child_hint; }--no-snapshot goes on without one"
    precaution_path=$child_path
    precaution_note "snapshot $child_path"
    [ -n "$quiet" ] || info "snapshot: $child_path"
}

# Has the log say $1 with each line of the run, behind what the person wants it to say.
precaution_note() {
    export MIGRATE_NOTE="${MIGRATE_NOTE:+$MIGRATE_NOTE
}$1"
}

# Prepares what precaution_record needs, before a run that may roll something back.
precaution_prepare() {
    # shellcheck source=lock.sh
    . "$here/lib/lock.sh"
    # shellcheck source=store.sh
    . "$here/lib/store.sh"
    # shellcheck source=register.sh
    . "$here/lib/register.sh"
    store_open
    lock_take_register
    lock_release_register
    register_check rollback-log.md
    engine_rows last_attempt || engine_die
    precaution_last=$(report_value)
    engine_rows rollback_codes || engine_die
    mv -f -- "$scratch/rows" "$scratch/rollback_codes" || die 74 "cannot write into the temporary folder"
}

# Adds what command $1 with argument $2 has rolled back to rollback-log.md. A run that failed may have
# rolled back something, too. The codes are those from before the run.
precaution_record() {
    engine_rows undone "$precaution_last" || engine_die
    [ -s "$scratch/rows" ] || return 0
    awk 'BEGIN { RS = "\036"; FS = "\037" }
        NR == FNR { code[$1] = $2; next }
        { print "-- " $2; print code[$1] }
    ' "$scratch/rollback_codes" "$scratch/rows" >"$scratch/undone.sql" || die 74 "cannot write into the temporary folder"
    precaution_when=$(register_now)
    precaution_who=$(register_who)
    precaution_environment=$(connection_environment)
    precaution_label=$(store_label "$connection")
    register_rollback "$precaution_when" "$precaution_who" "$program $1${2:+ $2}" "$precaution_environment" \
        "$precaution_label" "${precaution_path##*/}" "$scratch/undone.sql"
}

# Runs the function $1 of the engine for command $2 with argument $3, and reports it.
precaution_run() {
    precaution_take "$2" "$3"
    [ "$2" = up ] || precaution_prepare
    report_progress
    precaution_status=0
    "$1" "$3" || precaution_status=$engine_status
    precaution_message=${engine_message-}
    if [ "$2" != up ]; then
        { mkdir -- "$scratch/run" && mv -f -- "$scratch/rows" "$scratch/progress" "$scratch/run"; } ||
            die 74 "cannot write into the temporary folder"
        precaution_record "$2" "$3"
        mv -f -- "$scratch/run/rows" "$scratch/run/progress" "$scratch" ||
            die 74 "cannot write into the temporary folder"
    fi
    [ "$precaution_status" -eq 0 ] || die "$precaution_status" "$precaution_message"
    report_run
}
