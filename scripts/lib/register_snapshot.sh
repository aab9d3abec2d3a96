# shellcheck shell=sh disable=SC2154
# The rows of REGISTER.md: one for each snapshot, also for one whose own run did not come to write it.

# Begins a state of REGISTER.md to which rows are added.
register_rows() {
    register_begin REGISTER.md '# Register of snapshots

| taken (UTC) | who | purpose | environment | scope | file | bytes | SHA-256 | verified |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |'
}

# Begins to add the snapshot in file $4 of $5 bytes and SHA-256 $6, whose scope is $3, taken by $1 for
# purpose $2, to REGISTER.md; register_end does it, once the snapshot is published.
register_snapshot() {
    register_rows
    register_when=$(register_now)
    register_where=$(connection_environment)
    register_add register_row "$register_when" "$1" "$2" "$register_where" "$3" "$4" "$5" "$6" yes
}

# Adds the snapshots that have no row: those of label $1, under its lock, whose run was killed between
# their publication and the row, and those that the engine has taken before a run (option `snapshot`),
# which writes no register. Who and where is not known any more.
register_late() {
    scratch_make
    store_list '' >"$scratch/late" || die 74 "cannot list the snapshots in ${store#./}"
    while IFS= read -r register_file; do
        case $register_file in
        "$1"_* | *_before-apply.sqlite | *_before-apply-*.sqlite) ;;
        *) continue ;;
        esac
        ! grep -qF "| $register_file |" "$store/REGISTER.md" 2>/dev/null || continue
        checksum_matches "$store/$register_file" </dev/null || continue
        register_late_row "$register_file"
    done <"$scratch/late"
}

register_late_row() {
    case $1 in
    *.partial.*) register_scope='some tables' ;;
    *) register_scope=everything ;;
    esac
    register_when=$(store_time "$1" | sed 's/^\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z$/\1-\2-\3T\4:\5:\6Z/')
    register_bytes=$(store_size "$store/$1") || die 74 "cannot read ${store#./}/$1"
    register_rows
    register_add register_row "$register_when" '' 'registered later' '' "$register_scope" "$1" "$register_bytes" \
        "$checksum" yes
    register_end
}
