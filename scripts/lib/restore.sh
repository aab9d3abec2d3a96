# shellcheck shell=sh disable=SC2034,SC2154
# The snapshot that is to be restored: which file it is, whether it is one, and its content as a plain
# file in a folder of this run. Of SQLite, that is beside the database, .NAME.restoring.XXXXXX, from where one
# rename makes it the database. The folder is locked (descriptor 7), so that a later run knows one that was left over.

# Sets restore_file to the snapshot that $1 names: a path, a name in the folder of the snapshots, or
# `latest`, the newest whole one of connection $2 that was not taken because of a restore.
restore_find() {
    restore_file=$1
    case $1 in
    /*) ;;
    */*) restore_file=./${1#./} ;;
    latest)
        store_open
        restore_label=$(store_label "$2") || exit
        restore_suffix=$(format_suffix "$connection_engine")
        restore_file=$(store_list "$restore_label" | grep -v -e '\.partial\.' -e "_before-restore[-0-9]*\.$restore_suffix" |
            grep -e "\.$restore_suffix\$" -e "\.$restore_suffix\.[a-z.]*\$" | head -n 1) || restore_file=
        [ -n "$restore_file" ] || die 66 "there is no snapshot of $restore_label in ${store#./}" "backup-database.sh takes one"
        restore_file=$store/$restore_file
        ;;
    *)
        restore_file=${MIGRATE_BACKUP_DIR:-backups}/$1
        [ -e "$restore_file" ] || [ ! -e "./$1" ] || restore_file=./$1
        case $restore_file in
        /* | ./*) ;;
        *) restore_file=./$restore_file ;;
        esac
        ;;
    esac
    restore_shown=${restore_file#./}
    [ -e "$restore_file" ] ||
        die 66 "there is no snapshot $restore_shown" "backup-database.sh --list shows those that are there"
    [ -f "$restore_file" ] || die 65 "$restore_shown is not a file"
    [ -r "$restore_file" ] || die 77 "cannot read $restore_shown"
    [ -s "$restore_file" ] || die 65 "$restore_shown is empty" "restore another snapshot"
}

# Ends the program when the file cannot be a whole snapshot of this engine, or is not what was taken. With
# an argument, it need not have a checksum.
restore_accept() {
    restore_suffix=$(format_suffix "$connection_engine")
    restore_plain=$(format_plain "$restore_file")
    case $restore_plain in
    *."partial.$restore_suffix")
        die 65 "$restore_shown holds some tables only" "restore a snapshot of the whole database"
        ;;
    ?*."$restore_suffix") ;;
    *)
        die 65 "$restore_shown is not named like a snapshot of this database" \
            "such a name ends with .$restore_suffix, .$restore_suffix.gz or the like"
        ;;
    esac
    # shellcheck disable=SC3013 # all shells have it
    [ ! "$restore_file" -ef "$engine_database" ] ||
        die 65 "$restore_shown is the database itself, not a snapshot" "backup-database.sh takes a snapshot of it"
    ! engine_is_live "$restore_file" ||
        die 65 "$restore_shown is a database in use, not a snapshot: a log lies beside it" \
            "backup-database.sh takes a snapshot of it"
    if [ -e "$restore_file.sha256" ]; then
        checksum_matches "$restore_file" ||
            die 65 "$restore_shown is not what was taken: its checksum is not that in $restore_shown.sha256" \
                "restore another snapshot"
    else
        [ -n "$1" ] || die 65 "there is no $restore_shown.sha256 to compare the snapshot with" \
            "copy it here as well; --without-checksum restores without it"
    fi
}

# Makes the folder of this run, and removes those of runs that were killed. Where nothing lies beside the
# database, that is the temporary folder.
restore_folder() {
    engine_place
    restore_place=$engine_workplace
    restore_new=$scratch/new.$restore_suffix
    [ -n "$restore_place" ] || return 0
    restore_base=${engine_database##*/}
    for restore_left in "$restore_place/.$restore_base.restoring."??????; do
        { [ -d "$restore_left" ] && [ ! -h "$restore_left" ]; } || continue
        { command exec 7<"$restore_left"; } 2>/dev/null || continue
        ! flock -n 7 7<&7 || rm -rf -- "$restore_left"
    done
    scratch_beside=$(mktemp -d "$restore_place/.$restore_base.restoring.XXXXXX" 2>"$scratch/error") ||
        die 73 "cannot make a folder beside $engine_shown" "check that folder, its permissions and the free space"
    exec 7<"$scratch_beside"
    { flock -n 7 7<&7 && [ -d "$scratch_beside" ]; } || die 75 "another run restores $engine_shown" "wait until it has ended"
    restore_new=$scratch_beside/new.$restore_suffix
}

# Writes the content of the snapshot to $restore_new, and proves that it is a good database.
restore_unpack() {
    pack_unwrap "$restore_file" "$restore_new"
    engine_check "$restore_new" || {
        [ "$engine_status" = 65 ] || die "$engine_status" "cannot restore $restore_shown: $engine_message"
        restore_reason=$(printf '%s\n' "$engine_message" | sed -n '1s/^the database is damaged: //; 1p')
        die 65 "$restore_shown is damaged: $restore_reason" "restore another snapshot"
    }
    [ "$engine_objects" -gt 0 ] || die 65 "there is no table in $restore_shown" "restore another snapshot"
    [ -z "$engine_warning" ] || warn "$restore_shown: $engine_warning"
}
