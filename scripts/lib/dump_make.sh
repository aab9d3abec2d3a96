# shellcheck shell=sh disable=SC2034,SC2154
# A new dump, and the proof that it is as good as the database: it is loaded into a scratch database,
# and what is dumped from there is the same, byte for byte. On a server this is done where it is asked for.

# Writes the dump of the database into $scratch/made.sql and sets dump_version, dump_fingerprint and
# dump_table. Ends the program where there cannot be one.
dump_make() {
    engine_dump "$scratch/body" || engine_die
    case $dump_problem in
    error*) die 65 "no dump of $engine_shown is made while its operations are not in order: ${dump_problem#error }" ;;
    warn*) [ -n "$prune$quiet" ] || warn "${dump_problem#warn }" ;;
    *) ;;
    esac
    dump_write made
    if engine_proves || [ -n "$verify$prune" ]; then dump_prove; fi
    rm -f -- "$scratch/body"
}

dump_prove() {
    mv -- "$scratch/objects" "$scratch/objects.first" || die 74 "cannot write into the temporary folder"
    engine_at made engine_load_dump "$scratch/made.sql" || {
        [ "$engine_status" != 1 ] || engine_status=65
        dump_line=$(sed -n "${engine_line:-0}p" "$scratch/made.sql" 2>/dev/null) || dump_line=
        die "$engine_status" "the dump of $engine_shown would not load: $engine_message" \
            "${dump_line:+line $engine_line of it is: $dump_line}"
    }
    engine_at made engine_dump "$scratch/body" || engine_die
    dump_write again
    dump_lost=$(diff "$scratch/objects.first" "$scratch/objects" | sed -n 's/^[<>] //p' | head -n 1)
    [ -z "$dump_lost" ] || die 65 "the dump of $engine_shown would not bring back the $dump_lost" "$engine_dump_lost"
    cmp -s -- "$scratch/made.sql" "$scratch/again.sql" ||
        die 65 "the dump of $engine_shown would not bring back the same schema" "$engine_dump_changed"
    engine_at_end made
    rm -f -- "$scratch/again.sql"
}

# Puts head and body into $scratch/$1.sql.
dump_write() {
    dump_sum=
    dump_put "$1"
    [ "$connection_engine" = sqlite ] && return
    checksum_take "$scratch/$1.sql"
    dump_sum=$checksum
    dump_put "$1"
}

dump_put() {
    { dump_head && cat -- "$scratch/body"; } >"$scratch/$1.sql" 2>"$scratch/error" ||
        die 74 "cannot write the dump into the temporary folder" "check TMPDIR and the free space"
    dump_last=$(tail -n 1 "$scratch/$1.sql")
    [ "$dump_last" = "$engine_dump_last" ] || die 74 "cannot write the dump into the temporary folder" "check TMPDIR and the free space"
}

# Puts the dump that was made under its final name $1. What is there already and the same stays.
dump_publish() {
    dump_parent=${1%/*}
    (umask "$caller_umask" && mkdir -p -- "$dump_parent") 2>"$scratch/error" ||
        die 73 "cannot create the folder $dump_parent" "check its parent and the permissions"
    [ ! -d "$1" ] || die 73 "cannot write the dump $1: there is a folder of that name"
    if [ -f "$1" ] && [ ! -h "$1" ] && cmp -s -- "$scratch/made.sql" "$1"; then
        return
    fi
    scratch_file=$(mktemp "$dump_parent/.new.XXXXXX" 2>"$scratch/error") ||
        die 73 "cannot write in the folder $dump_parent" "check its permissions and the free space"
    { cp -- "$scratch/made.sql" "$scratch_file" 2>"$scratch/error" && cmp -s -- "$scratch/made.sql" "$scratch_file"; } ||
        die 74 "cannot write the dump $1" "check the free space"
    { mode_of_new "$scratch_file" && mv -f -- "$scratch_file" "$1"; } || die 73 "cannot give the dump its name $1"
    scratch_file=
}
