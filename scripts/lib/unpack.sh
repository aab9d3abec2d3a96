# shellcheck shell=sh disable=SC2034,SC2154
# Takes apart what pack.sh has made, by the suffixes of its name. For age, the file with the key is
# MIGRATE_BACKUP_IDENTITY; gpg has its own.

# Starts to put file $2, whose last suffix is $1, back into the new file $3; it is unpack_child.
unpack_start() {
    unpack_in=$2
    unpack_out=$3
    case $1 in
    gz) set -- gzip -d -c ;;
    zst) set -- zstd -d -q -c ;;
    age) set -- age -d -i "$MIGRATE_BACKUP_IDENTITY" ;;
    *) set -- gpg --batch --quiet --decrypt ;;
    esac
    "$@" <"$unpack_in" >"$unpack_out" 2>"$scratch/error" 9<&- 8<&- &
    unpack_child=$!
}

# True when file $3 is file $2 as pack_encode $1 has written it.
unpack_prove() {
    case $1 in
    gzip) unpack_same gz "$2" "$3" ;;
    zstd) unpack_same zst "$2" "$3" ;;
    *) pack_sealed "$1" "$2" "$3" ;;
    esac
}

# True when file $3, whose suffix is $1, holds what is in file $2.
unpack_same() {
    checksum_take "$2"
    unpack_expected=$checksum
    rm -f -- "$scratch/unpacked"
    mkfifo -- "$scratch/unpacked" || die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
    unpack_start "$1" "$3" "$scratch/unpacked"
    checksum_take "$scratch/unpacked"
    wait "$unpack_child" && [ "$checksum" = "$unpack_expected" ]
}

# Ends the program when what undoes suffix $1 is not there.
unpack_check() {
    case $1 in
    gz) pack_needs gzip ;;
    zst) pack_needs zstd ;;
    gpg) pack_needs gpg ;;
    *)
        pack_needs age
        [ -n "${MIGRATE_BACKUP_IDENTITY-}" ] || die 78 "the key that the snapshot was encrypted for is not known" \
            "--identity FILE or MIGRATE_BACKUP_IDENTITY names the file with it"
        [ -r "$MIGRATE_BACKUP_IDENTITY" ] || die 78 "cannot read the key $MIGRATE_BACKUP_IDENTITY" "--identity names its file"
        ;;
    esac
}

# Writes what is in file $1 into the new file $2, and ends the program when it is not whole. $2 and
# files with a suffix behind that name are made in a folder of the caller's own.
pack_unwrap() {
    scratch_make
    unpack_from=$1
    unpack_left=${1##*/}
    [ -s "$1" ] || die 65 "$1 is empty"
    unpack_check_all "$unpack_left"
    while :; do
        case $unpack_left in
        *.gz | *.zst | *.age | *.gpg) ;;
        *) break ;;
        esac
        unpack_suffix=${unpack_left##*.}
        unpack_left=${unpack_left%.*}
        unpack_start "$unpack_suffix" "$unpack_from" "$2.$unpack_suffix"
        scratch_wait "$unpack_child" || {
            [ -z "$scratch_signalled" ] || scratch_end
            pack_explain
            rm -f -- "$2.$unpack_suffix"
            case $pack_reason in
            *[Nn]'o space left'*) die 74 "there is no room to unpack $1" "free some space, or set TMPDIR" ;;
            *) die 65 "cannot unpack $1: $pack_reason" "it is damaged, or encrypted for another key" ;;
            esac
        }
        [ "$unpack_from" = "$1" ] || rm -f -- "$unpack_from"
        unpack_from=$2.$unpack_suffix
    done
    if [ "$unpack_from" = "$1" ]; then
        cp -- "$1" "$2" || die 74 "cannot copy $1" "check the free space and the disk"
    else
        mv -f -- "$unpack_from" "$2" || die 74 "cannot rename $unpack_from"
    fi
    [ -s "$2" ] || die 65 "there is nothing in $1"
}

# Checks the tools for all suffixes of the name $1, before anything is written.
unpack_check_all() {
    unpack_name=$1
    while :; do
        case $unpack_name in
        *.gz | *.zst | *.age | *.gpg) unpack_check "${unpack_name##*.}" ;;
        *) return 0 ;;
        esac
        unpack_name=${unpack_name%.*}
    done
}
