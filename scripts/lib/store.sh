# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/..
# The folder of the snapshots: MIGRATE_BACKUP_DIR, or `backups`. What is in it:
#
#   LABEL_TIMESTAMP_NAME[.partial].SUFFIX[.gz|.zst][.age|.gpg]   a snapshot, which is complete
#   the same with .sha256 behind it     its checksum; it is there before the snapshot is
#   .new.LABEL.??????                   what a run is working on; see publish.sh
#   .lock                               see lock.sh
#   REGISTER.md, rollback-log.md        see register.sh
#
# LABEL stands for the connection and holds no `_`; TIMESTAMP is UTC, 20261121T101500Z; format.sh has the
# SUFFIX of each engine. A published file is never changed or overwritten.

. "$here/lib/format.sh"
. "$here/lib/label.sh"

# Sets store, and makes the folder when it is not there. A folder in which anybody may rename files
# would let anybody put another file in the place of a snapshot.
store_open() {
    store=${MIGRATE_BACKUP_DIR:-backups}
    while :; do
        case $store in
        ?*/) store=${store%/} ;;
        /* | ./*) break ;;
        *) store=./$store ;;
        esac
    done
    [ -d "$store" ] || mkdir -p -- "$store" 2>/dev/null || [ -d "$store" ] || {
        [ ! -e "$store" ] || die 73 "${store#./} is not a folder" "--dir or MIGRATE_BACKUP_DIR names the folder of the snapshots"
        die 73 "cannot make the folder ${store#./}" "check the permissions and the free space where it is to be"
    }
    { [ -r "$store" ] && [ -w "$store" ] && [ -x "$store" ]; } ||
        die 77 "cannot write into the folder ${store#./}" "check its permissions, and whether its file system is read-only"
    store_open_to_all=$(find "$store/." -prune -perm -002 ! -perm -1000) || die 77 "cannot read the folder ${store#./}"
    [ -z "$store_open_to_all" ] ||
        die 77 "everybody may write into the folder ${store#./}, and put another file in the place of a snapshot" \
            "chmod o-w does it"
}

# Ends the program when $1 cannot be part of the name of a file.
store_name_check() {
    case $1 in
    '') die 64 "the name of the snapshot is empty" "take letters, digits and . _ -" ;;
    [.-]* | *[!A-Za-z0-9._-]*) die 64 "\"$1\" cannot be the name of a snapshot" \
        "take letters, digits and . _ - ; not . or - first" ;;
    *.partial) die 64 "the name of a snapshot cannot end with .partial" "--tables puts that behind it" ;;
    *) [ "${#1}" -le 100 ] || die 64 "the name of the snapshot has more than 100 characters" "take a shorter one" ;;
    esac
}

# Prints the base names of all files that are named as snapshots of label $1 (of any, when it is
# empty), newest first.
store_files() (
    cd -- "$store" || exit
    # shellcheck disable=SC2231 # without a label it is a pattern
    for file in ${1:-*}_????????T??????Z_*.*; do
        case $file in
        -* | .* | *[!A-Za-z0-9._-]*) continue ;;
        *) [ -f "$file" ] && [ ! -h "$file" ] && printf '%s\n' "$file" ;;
        esac
    done | awk -v ending="$format_ending" '
        $0 ~ "^[^_]+_[0-9]+T[0-9]+Z_[^.-][A-Za-z0-9._-]*" ending {
            name = $0
            sub(ending, "", name)
            place = match(name, /-[0-9]+$/) ? substr(name, RSTART + 1) : 1
            split($0, part, "_")
            print part[2], place, $0
        }
    ' | sort -k 1,1r -k 2,2nr -k 3 | cut -d ' ' -f 3
)

# Prints the base names of the snapshots of label $1, newest first: what has a checksum.
store_list() {
    store_files "$1" | while IFS= read -r store_file; do
        ! checksum_kept "$store/$store_file" >/dev/null || printf '%s\n' "$store_file"
    done
}

# Prints the TIMESTAMP in a base name.
store_time() (
    rest=${1#*_}
    printf '%s\n' "${rest%%_*}"
)

# Prints how many bytes file $1 has.
store_size() {
    stat -c %s -- "$1" 2>/dev/null || stat -f %z -- "$1"
}
