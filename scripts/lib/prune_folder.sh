# shellcheck shell=sh disable=SC2034,SC2154
# The migration folder as --prune sees it: where it is, what it starts after, which files are in it.

# Sets prune_folder, and prune_start to the version that the folder starts after.
prune_begin() {
    prune_folder=${MIGRATIONS_DIR:-migrations}
    case $prune_folder in
    /*) ;;
    *) prune_folder=./$prune_folder ;;
    esac
    prune_shown=${prune_folder#./}
    prune_start=0
    [ ! -f "$prune_folder/.starts-after" ] || read -r prune_start <"$prune_folder/.starts-after" ||
        die 77 "cannot read $prune_shown/.starts-after"
    prune_start=${prune_start%%[!0-9]*}
    # What is only a warning elsewhere is a reason to keep the files.
    export MIGRATE_GAPS=error MIGRATE_LATE=error MIGRATE_PROGRESS=off MIGRATE_SNAPSHOT=off
    [ -n "$dry_run" ] || {
        checksum_needs
        command -v tar >/dev/null || die 69 "there is no tar, which keeps the folder" "install the package tar"
        store_open
        register_check REGISTER.md
        lock_take migrations
        rm -f -- "$prune_folder"/.starts-after.??????
    }
}

# Puts the files above version $1 and up to version $2 into file $3, in the order in which they go. With
# its newest file the folder stops being one that a new database can begin with; a file for one kind of
# database counts before one for all, and goes behind it; a down file alone is no finding there.
prune_list() {
    (
        cd -- "$prune_folder" || exit
        for file in ????-??-??/[0-9][0-9][0-9][0-9]*-*; do
            case $file in
            *~) ;;
            *) [ ! -e "$file" ] || printf '%s\n' "$file" ;;
            esac
        done
    ) >"$scratch/files" || die 77 "cannot read the folder $prune_shown"
    awk -v above="$1" -v last="$2" '{
        version = substr($0, 12)
        sub(/-.*/, "", version)
        if (version + 0 > above + 0 && version + 0 <= last + 0) print version + 0, (/_down\.([a-z]+\.)?sql$/ ? 3 : /_up\.[a-z]+\.sql$/ ? 2 : 1), $0
    }' "$scratch/files" | sort -k 1,1nr -k 2,2n -k 3 | cut -d ' ' -f 3 >"$3"
}
