# shellcheck shell=sh disable=SC2034,SC2154
# How a file comes to be in the folder of the snapshots: it is made in a hidden folder inside it, and
# gets its final name by a hard link, which is there at once and whole, overwrites nothing and follows
# no symbolic link. The checksum comes first, so that a file under its final name always has it.
#
# All of this happens under the lock of the label.

publish_name=

# Removes what killed runs of label $1 have left, and makes the folder $publish_folder for this one,
# which goes when the program ends. The six characters hold no dot, so no other label is meant.
publish_begin() {
    for publish_old in "$store/.new.$1".??????; do
        case ${publish_old#"$store/.new.$1."} in
        *[!A-Za-z0-9]*) continue ;;
        *) ;;
        esac
        publish_folder=$publish_old
        publish_undo
        rm -rf -- "$publish_old" || warn "cannot remove ${publish_old#./}, which a killed run has left"
    done
    # What the engine has begun before a run (option `snapshot`) has no lock: it is left for a day.
    find "$store/." ! -name . -prune -type f -name '.snapshot.??????*' -mtime +0 -exec rm -f -- {} + || :
    scratch_make
    publish_folder=$(mktemp -d "$store/.new.$1.XXXXXX" 2>/dev/null) ||
        die 73 "cannot make a folder in ${store#./}" "check its permissions, the free space and the free inodes"
    scratch_beside=$publish_folder
    scratch_last=publish_undo
}

# Removes the checksum of a snapshot that did not come after it.
publish_undo() {
    for publish_left in "$publish_folder"/*.sha256; do
        [ -f "$publish_left" ] || continue
        publish_target=$store/${publish_left##*/}
        [ -e "$publish_target" ] && [ ! -e "${publish_target%.sha256}" ] &&
            cmp -s -- "$publish_left" "$publish_target" && rm -f -- "$publish_target"
    done
    return 0
}

# True when nothing has the name $1 or that of its checksum.
publish_free() {
    for publish_path in "$store/$1" "$store/$1.sha256"; do
        if [ -e "$publish_path" ] || [ -h "$publish_path" ]; then return 1; fi
    done
}

# Finds a free name for file $1 of the folder: $2, a number where it takes one, and $3; a number that is
# higher than $5. Writes the checksum, $4, and has both on the disk. Sets publish_file and publish_name.
publish_seal() {
    publish_file=$1
    publish_number=$((${5:-0} + 1))
    publish_name=$2$3
    [ "$publish_number" -eq 1 ] || publish_name=$2-$publish_number$3
    until publish_free "$publish_name"; do
        publish_number=$((publish_number + 1))
        [ "$publish_number" -le 1000 ] || die 73 "there is no free name like $2$3 in ${store#./}"
        publish_name=$2-$publish_number$3
    done
    publish_sidecar=$publish_folder/$publish_name.sha256
    printf '%s  %s\n' "$4" "$publish_name" 2>/dev/null >"$publish_sidecar" || :
    publish_written=$(cat -- "$publish_sidecar") || publish_written=
    [ "$publish_written" = "$4  $publish_name" ] ||
        die 74 "cannot write the checksum of $publish_name" "check the free space and the disk"
    chmod -- 600 "$publish_file" || die 74 "cannot set the mode of $publish_file"
    publish_sync "$publish_file" "$publish_sidecar"
}

# Has files and folders on the disk. Where sync takes no arguments, it does so with everything.
publish_sync() {
    sync "$@" 9<&- 8<&- 2>"$scratch/error" &
    scratch_wait "$!" || {
        [ -z "$scratch_signalled" ] || scratch_end
        publish_reason=$(head -n 1 "$scratch/error")
        die 74 "cannot write $publish_name to the disk: $publish_reason" "check the disk"
    }
}

# Gives file $1 the name $2; a name that is taken stays as it is. What became of a link into a folder
# that took the name meanwhile does not count.
publish_link() {
    : >"$scratch/error"
    [ ! -e "$2" ] && [ ! -h "$2" ] && ln -- "$1" "$2" 2>"$scratch/error" && [ ! -h "$2" ] && [ -f "$2" ]
}

# Gives the sealed file its name; fails when somebody took it. Sets publish_path.
publish_end() {
    publish_path=$store/$publish_name
    { publish_link "$publish_sidecar" "$publish_path.sha256" && publish_link "$publish_file" "$publish_path"; } || {
        publish_reason=$(head -n 1 "$scratch/error")
        die 73 "cannot publish ${publish_path#./}: ${publish_reason:-the name is taken}" "the folder must take hard links; nothing was overwritten"
    }
    publish_sync "$store"
    # The second names are no longer needed.
    rm -f -- "$publish_file" "$publish_sidecar"
}
