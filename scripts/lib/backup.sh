# shellcheck shell=sh disable=SC2034,SC2154
# Taking a snapshot: what is done in which order, so that a file under its final name is always one that
# was proven good. The settings are the variables that backup-database.sh sets.

# Ends the program when there is less room than a copy may need. What is encrypted without being
# compressed is there twice for a moment.
backup_room() {
    backup_needed=$(engine_size)
    case $compress:$encrypt in
    :?* | none:?*) backup_times=2 ;;
    *) backup_times=1 ;;
    esac
    df -Pk -- "$store" >"$scratch/df" 2>/dev/null || return 0
    # The columns are found by their shape: the name of a device may hold blanks. Some shells count to
    # 2^31 only, so awk does.
    backup_lack=$(awk -v bytes="$backup_needed" -v times="$backup_times" '
        NR == 2 && match($0, / [0-9]+ +[0-9]+ +-?[0-9]+ +[0-9-]+%? /) {
            split(substr($0, RSTART, RLENGTH), part, " ")
            needed = int((bytes * times + 1023) / 1024)
            if (part[3] < needed) printf "%.0f KiB, and %.0f KiB are free", needed, part[3]
        }' "$scratch/df")
    [ -z "$backup_lack" ] ||
        die 74 "not enough room in ${store#./}: a snapshot of $engine_shown may need $backup_lack" \
            "remove what is not needed, or name another folder with --dir"
}

# Undoes what is not complete.
backup_undo() {
    [ -z "$register_new" ] || rm -f -- "$register_new"
    [ -z "${publish_folder-}" ] || publish_undo
}

# Sets backup_stamp, the time for the name: one that no other snapshot of the label has, so that the
# order of the names is that of the snapshots. Where the clock stands still, a number has to do, and
# backup_number is the highest that is taken.
backup_time() {
    backup_tries=3
    while :; do
        backup_stamp=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
        store_files "$label" >"$scratch/snapshots"
        if [ "$backup_tries" -eq 0 ] || ! grep -q "^[^_]*_${backup_stamp}_" "$scratch/snapshots"; then break; fi
        backup_tries=$((backup_tries - 1))
        sleep 0.4 9<&- 2>/dev/null || sleep 1 9<&-
    done
    backup_number=$(awk -v stamp="$backup_stamp" -v ending="$format_ending" '
        index($0, "_" stamp "_") {
            sub(ending, "")
            place = match($0, /-[0-9]+$/) ? substr($0, RSTART + 1) : 1
            if (place + 0 > most) most = place + 0
        }
        END { print most + 0 }
    ' "$scratch/snapshots") || die 74 "cannot read the temporary folder"
}

# Copies the database to $backup_file and proves the copy.
backup_copy() {
    backup_file=$publish_folder/copy.$backup_suffix
    engine_snapshot "$backup_file" "$tables" || engine_die
    engine_check "$backup_file" || engine_die
    [ -n "$quiet" ] || [ -z "$engine_warning" ] || warn "$engine_warning"
    [ -n "$tables" ] || engine_complete ||
        die 65 "the copy of $engine_shown has $engine_objects objects, which is not what the original has" "the snapshot was not kept"
    [ -z "$rehearse" ] || backup_rehearse
}

# Restores the copy into a database of its own, which goes again.
backup_rehearse() {
    if ! engine_trial_begin "$backup_file" || ! engine_trial_same "$backup_file"; then
        engine_message="the copy of $engine_shown could not be restored: $engine_message"
        engine_die
    fi
    engine_trial_end
}

# Takes a snapshot. Sets publish_path, backup_bytes and checksum.
backup_take() {
    checksum_needs
    [ -n "$compress" ] || compress=$(format_compression "$connection_engine")
    pack_check "$compress" "$encrypt"
    engine_source || engine_die
    store_open
    register_check REGISTER.md
    lock_take "$label"
    publish_begin "$label"
    scratch_last=backup_undo
    register_late "$label"
    backup_room
    backup_suffix=$(format_suffix "$connection_engine")
    backup_time
    backup_copy
    pack_wrap "$compress" "$encrypt" "$backup_file"
    backup_suffix=${tables:+.partial}.$backup_suffix${pack_file#"$backup_file"}
    checksum_take "$pack_file"
    backup_bytes=$(store_size "$pack_file") || die 74 "cannot read $pack_file"
    publish_seal "$pack_file" "${label}_${backup_stamp}_$name" "$backup_suffix" "$checksum" "$backup_number"
    register_snapshot "$who" "$purpose" "${tables:-everything}" "$publish_name" "$backup_bytes" "$checksum"
    publish_end
    register_end
}
