# shellcheck shell=sh disable=SC2034,SC2154
# backup-database.sh as a step of another program: as a person would run it, with the compression and
# encryption of every other snapshot. Nothing is removed, sent elsewhere or reported by such a run.

# Says what the snapshot has warned of: that it is not complete, perhaps.
child_warnings() {
    [ -z "$quiet" ] || return 0
    sed -n 's/^backup-database\.sh: warning: //p' "$scratch/snapshot.error" >"$scratch/snapshot.warnings" ||
        die 74 "cannot write into the temporary folder"
    while IFS= read -r child_warning; do
        warn "the snapshot: $child_warning"
    done <"$scratch/snapshot.warnings"
}

# Takes a snapshot called $1 for purpose $2; what is $3... are further arguments. Sets
# child_path. When it fails, scratch_status is the status, child_said and child_hint what was said.
child_snapshot() {
    child_path=
    child_name=$1
    child_purpose=$2
    shift 2
    (
        export MIGRATE_BACKUP_KEEP_LAST='' MIGRATE_BACKUP_KEEP_DAILY='' MIGRATE_BACKUP_KEEP_WEEKLY='' \
            MIGRATE_BACKUP_KEEP_MONTHLY='' MIGRATE_BACKUP_UPLOAD='' MIGRATE_BACKUP_PING='' \
            MIGRATE_BACKUP_METRICS='' MIGRATE_BACKUP_TABLES=''
        # Not as an argument, which others see: it may hold a password.
        export MIGRATE_BACKUP_CONNECTION="$connection"
        exec "$here/backup-database.sh" --name "$child_name" --purpose "$child_purpose" "$@"
    ) >"$scratch/snapshot" 2>"$scratch/snapshot.error" 9<&- 8<&- 7<&- &
    scratch_wait "$!" || :
    [ -z "$scratch_signalled" ] || scratch_end
    if [ "$scratch_status" -eq 0 ]; then
        read -r child_path <"$scratch/snapshot" || child_path=
        [ -f "$child_path" ] || die 74 "backup-database.sh did not say what it has made"
        child_path=${child_path#./}
        child_warnings
        return
    fi
    child_said=$(sed -n '/^hint: /d; s/^backup-database\.sh: //; p' "$scratch/snapshot.error")
    child_hint=$(sed -n 's/^hint: //p' "$scratch/snapshot.error")
    return 1
}
