# shellcheck shell=sh disable=SC2034,SC2154
# A run of backup-database.sh: the snapshot, what follows it, and what others learn of it.

# Prints what was done.
backup_report() {
    [ -z "$quiet" ] || return 0
    if [ -n "$json" ]; then
        backup_path=$(snapshot_json "${publish_path#./}")
        printf '{"path":%s,"bytes":%s,"sha256":"%s","seconds":%s,"verified":true}\n' \
            "$backup_path" "$backup_bytes" "$checksum" "$backup_seconds"
    else
        printf '%s\n' "${publish_path#./}"
    fi
}

# Sets backup_seconds, since backup_started.
backup_clock() {
    backup_seconds=$(date +%s)
    backup_seconds=$((backup_seconds - backup_started))
    [ "$backup_seconds" -ge 0 ] || backup_seconds=0
}

# Takes a snapshot and does what follows it. An upload that fails leaves the snapshot here, and nothing
# is removed.
backup_run() {
    backup_started=$(date +%s)
    backup_done=
    retention_check
    trap backup_exit EXIT
    [ -z "$upload" ] || remote_open "$upload"
    [ -z "$ping" ] || notify_ping "$ping" /start
    backup_take
    backup_done=yes
    [ -z "$upload" ] || remote_upload "$publish_path" "$upload"
    retention_run "$label"
    backup_clock
    [ -z "$metrics" ] || metrics_write "$metrics" "$label" 0 "$backup_bytes" "$backup_seconds" 1 || {
        backup_status=$?
        metrics=
        exit "$backup_status"
    }
    [ -z "$ping" ] || notify_ping "$ping" ''
    backup_report
}

# The end of a run, also of one that failed.
backup_exit() {
    backup_status=$?
    trap - EXIT
    if [ "$backup_status" -ne 0 ]; then
        [ -z "$backup_done" ] || info "the snapshot is kept: ${publish_path#./}"
        backup_clock
        [ -z "$metrics" ] || metrics_write "$metrics" "$label" "$backup_status" 0 "$backup_seconds" 0 || :
        [ -z "$ping" ] || notify_ping "$ping" "/$backup_status" || :
    fi
    scratch_remove
    exit "$backup_status"
}
