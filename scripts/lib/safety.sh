# shellcheck shell=sh disable=SC2034,SC2154
# What leads back from a restore: a snapshot of what was there before, or the old file under another
# name; and the log, which says so.

# Takes a snapshot of what is there now; sets safety_path to it. Where there can be none, or none is
# wanted, safety_keep is the name that the old file is to be kept under; else it is empty. What turns out
# to be damaged when it is replaced is kept as safety_keep_damaged.
safety_take() {
    safety_path=
    safety_keep=
    safety_keep_damaged=$(engine_keep_name .damaged) || exit
    safety_keep_damaged=${safety_keep_damaged%.}
    safety_present=$(engine_present)
    [ "$safety_present" = database ] || return 0
    if [ -n "$no_snapshot" ]; then
        safety_keep=$(engine_keep_name .replaced) || exit
        safety_keep=${safety_keep%.}
        return
    fi
    child_snapshot before-restore "before the restore of ${restore_file##*/}" ${load:+--load "$load"} || {
        [ "$scratch_status" = 65 ] || die "$scratch_status" "cannot take a snapshot of what is there now: $child_said" \
            "${child_hint:-nothing was changed; --no-snapshot keeps the old file instead}"
        warn "there can be no snapshot of $engine_shown: $child_said"
        safety_keep=$safety_keep_damaged
    }
    safety_path=$child_path
}

# Adds the restore to the log, and says what leads back from it.
safety_log() {
    safety_back=$safety_path
    [ -z "$engine_kept" ] || safety_back=$engine_kept
    safety_who=$(register_who)
    safety_when=$(register_now)
    (register_rollback "$safety_when" "$safety_who" "restore of ${restore_file##*/}${purpose:+: $purpose}" \
        "$environment" "$restore_label" "${safety_back##*/}") ||
        die "$?" "the database is restored, but rollback-log.md does not say so"
    [ -n "$quiet" ] ||
        info "restored $engine_shown from $restore_shown${safety_back:+; what was there before is kept as ${safety_back#./}}"
}
