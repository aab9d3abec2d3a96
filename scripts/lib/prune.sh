# shellcheck shell=sh disable=SC2034,SC2154
# The removal of operation files that a dump covers, in steps after each of which the folder and the
# dump go together, so that a run that was killed is finished by the next one: the folder is kept as a
# snapshot, the dump gets its name, .starts-after names the version, then the files go, the newest first.

# Keeps the folder as a snapshot, of which every file was read back and compared.
prune_keep() {
    publish_begin migrations
    prune_stamp=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
    {
        tar -cf "$publish_folder/copy.tar" -C "$prune_folder" . && mkdir -- "$scratch/read" &&
            tar -xf "$publish_folder/copy.tar" -C "$scratch/read" && diff -r -- "$prune_folder" "$scratch/read"
    } >"$scratch/error" 2>&1 || {
        prune_reason=$(head -n 1 "$scratch/error")
        die 74 "cannot keep the folder $prune_shown: $prune_reason" "check the free space; nothing was removed"
    }
    pack_wrap gzip '' "$publish_folder/copy.tar"
    checksum_take "$pack_file"
    prune_bytes=$(store_size "$pack_file") || die 74 "cannot read $pack_file"
    publish_seal "$pack_file" "migrations_${prune_stamp}_prune" .tar.gz "$checksum"
    prune_who=$(register_who)
    register_snapshot "$prune_who" "$program --prune" "folder $prune_shown" "$publish_name" "$prune_bytes" "$checksum"
    publish_end
    register_end
}

# Writes .starts-after.
prune_mark() {
    prune_new=$(mktemp "$prune_folder/.starts-after.XXXXXX" 2>"$scratch/error") ||
        die 73 "cannot write in the folder $prune_shown" "check its permissions and the free space"
    scratch_file=$prune_new
    printf '%s\n' "$dump_version" 2>/dev/null >"$prune_new" || :
    prune_read=$(cat "$prune_new")
    [ "$prune_read" = "$dump_version" ] || die 74 "cannot write $prune_shown/.starts-after" "check the free space"
    { mode_of_new "$prune_new" && mv -f -- "$prune_new" "$prune_folder/.starts-after"; } ||
        die 73 "cannot write $prune_shown/.starts-after"
    scratch_file=
    publish_sync
}

# Removes the files that are listed, and the folders that nothing is left in.
prune_remove() {
    prune_day=
    while IFS= read -r prune_file; do
        rm -f -- "$prune_folder/$prune_file" ||
            die 77 "cannot remove $prune_shown/$prune_file" "run it again to go on where it stopped"
        [ "$prune_day" = "${prune_file%/*}" ] || prune_remove_day
        prune_day=${prune_file%/*}
    done <"$scratch/covered"
    prune_remove_day
}

prune_remove_day() {
    [ -z "$prune_day" ] || rmdir -- "$prune_folder/$prune_day" 2>/dev/null || :
}

# Prunes: the dump is to be file $1.
prune_run() {
    [ "$dump_version" -gt 0 ] || die 65 "nothing is applied to $engine_shown" "there is nothing that a dump could cover"
    prune_list 0 "$dump_version" "$scratch/covered"
    prune_check "$1"
    if [ -n "$dry_run" ]; then
        cat "$scratch/covered"
        return
    fi
    if [ -s "$scratch/covered" ]; then prune_keep; fi
    dump_publish "$1"
    [ -n "$quiet" ] || printf '%s\n' "$1"
    [ -s "$scratch/covered" ] || {
        [ -n "$quiet" ] || info "no file is left to remove"
        return 0
    }
    publish_sync
    prune_mark
    prune_remove
    [ -n "$quiet" ] || {
        printf '%s\n' "${publish_path#./}"
        prune_count=$(grep -c . "$scratch/covered")
        info "removed $prune_count files up to version $dump_version"
    }
}
