# shellcheck shell=sh disable=SC2034,SC2154
# What there is to say about snapshots that exist.

# Prints $1 as a JSON string.
snapshot_json() {
    awk "$json_functions"'BEGIN { json_begin(); print json_quote(ARGV[1]) }' "$1"
}

# Loads the engine that wrote snapshot $1, by its name.
snapshot_open() {
    connection_engine=$(format_engine "$1") || die 64 "$1 is not named as a snapshot" "$format_example"
    engine_load snapshot
    engine_open_copy "$1"
    extension_extend_with "$load"
}

# Ends the program unless file $1 matches its checksum and, unpacked, is a database that is whole.
snapshot_verify() {
    [ -e "$1" ] || die 66 "there is no file $1"
    [ -f "$1" ] || die 65 "$1 is not a file"
    [ -r "$1" ] || die 77 "cannot read $1" "snapshots are for their owner only"
    snapshot_open "$1"
    checksum_needs
    checksum_kept "$1" >/dev/null || die 65 "there is no checksum $1.sha256" "it comes with the snapshot, and nothing proves it without"
    checksum_matches "$1" || die 65 "$1 does not match its checksum" "it was changed or damaged; take an older snapshot or another copy"
    pack_unwrap "$1" "$scratch/snapshot"
    engine_check "$scratch/snapshot" || die "$engine_status" "$1: $engine_message"
    [ -n "$quiet" ] || [ -z "$engine_warning" ] || warn "$engine_warning"
    if [ -n "$json" ]; then
        snapshot_path=$(snapshot_json "$1")
        printf '{"path":%s,"sha256":"%s","objects":%s,"verified":true}\n' "$snapshot_path" "$checksum" "$engine_objects"
    elif [ -z "$quiet" ]; then
        printf '%s: verified, objects: %s\n' "$1" "$engine_objects"
    fi
}

# Puts a row for each snapshot of label $1 (of any, when it is empty) into $scratch/rows.
snapshot_rows() {
    store_files "$1" >"$scratch/snapshots" || die 74 "cannot list the snapshots in ${store#./}"
    while IFS= read -r snapshot_file; do
        snapshot_time=$(store_time "$snapshot_file" |
            sed 's/^\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z$/\1-\2-\3T\4:\5:\6Z/')
        snapshot_bytes=$(store_size "$store/$snapshot_file") || snapshot_bytes=0
        snapshot_good=no
        if checksum_matches "$store/$snapshot_file" </dev/null; then snapshot_good=yes; fi
        printf '%s\037%s\037%s\037%s\036' "$snapshot_time" "$snapshot_file" "$snapshot_bytes" "$snapshot_good"
    done <"$scratch/snapshots" >"$scratch/rows"
}

# Lists the snapshots of label $1. A folder that is not there is not made.
snapshot_list() {
    scratch_make
    : >"$scratch/rows"
    store=${MIGRATE_BACKUP_DIR:-backups}
    if [ -e "$store" ] || [ -h "$store" ]; then
        store_open
        snapshot_rows "$1"
    fi
    if [ -n "$json" ]; then
        awk 'BEGIN { RS = "\036"; FS = "\037"; printf "[" }
            { printf "%s{\"time\":\"%s\",\"name\":\"%s\",\"bytes\":%s,\"verified\":%s}",
                (NR > 1 ? ",\n" : ""), $1, $2, $3, ($4 == "yes" ? "true" : "false") }
            END { print "]" }' "$scratch/rows"
    elif [ -s "$scratch/rows" ]; then
        table_print 'when name bytes verified'
    elif [ -z "$quiet" ]; then
        info "there is no snapshot${1:+ of $1} in ${store#./}"
    fi
}
