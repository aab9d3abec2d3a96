# shellcheck shell=sh disable=SC2034,SC2154
# The file database/schema/NAME.sql: its name, its head, and whether it is whole. Its head is
#
#   -- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
#   -- schema-restore.sh loads it into an empty database; so does the sqlite3 shell.
#   -- format: 1
#   -- engine: postgresql          the kind of database, where it is not SQLite
#   -- version: 12                 the version of the newest operation
#   -- fingerprint: 5628...        what stands for the schema
#   -- table: "migration"          the tracking table, as JSON
#   -- checksum: 9c1f...           of a server: the SHA-256 of the file without this line
#
# and its last line is the one that the engine ends with. What is between comes from the engine. No time
# and no place is in it: of the same database the same bytes are made.

dump_folder=database/schema

# Ends the program when $1 cannot be the name of a dump.
dump_name_check() {
    case $1 in
    [.-]* | *[!A-Za-z0-9._-]* | '') die 64 "\"$1\" cannot be the name of a dump" \
        "take letters, digits and . _ - ; not . or - first" ;;
    *) [ "${#1}" -le 100 ] || die 64 "the name of the dump has more than 100 characters" "take a shorter one" ;;
    esac
}

# Prints the head for what the engine has said; the checksum is dump_sum.
dump_head() {
    cat <<HEAD
-- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
-- schema-restore.sh loads it into an empty database; so does $engine_dump_client.
-- format: 1
HEAD
    [ "$connection_engine" = sqlite ] || printf -- '-- engine: %s\n' "$connection_engine"
    cat <<HEAD
-- version: $dump_version
-- fingerprint: $dump_fingerprint
-- table: $dump_table
HEAD
    [ -z "$dump_sum" ] || printf -- '-- checksum: %s\n' "$dump_sum"
}

# Sets checksum to what the head of dump $1, a copy of ours, has to say.
dump_checksum() {
    sed '1,/^[^-]/{/^-- checksum: /d;}' "$1" >"$scratch/unsigned" || die 74 "cannot write into the temporary folder"
    checksum_take "$scratch/unsigned"
}

# Prints what the head of dump $1 says of $2.
dump_says() {
    sed -n "1,/^[^-]/s/^-- $2: //p" "$1" | head -n 1
}

# Copies dump $1 to $scratch/dump.sql, which is then what is worked on, and sets dump_version,
# dump_fingerprint and dump_table to what its head says. Ends the program when it is not whole.
dump_open() {
    [ -e "$1" ] || die 66 "there is no dump $1" "schema-dump.sh writes it"
    [ -f "$1" ] || die 66 "the dump $1 is not a file"
    [ -r "$1" ] || die 77 "cannot read the dump $1"
    cat <"$1" >"$scratch/dump.sql" || die 74 "cannot copy the dump $1 into the temporary folder" "check the free space"
    dump_format=$(dump_says "$scratch/dump.sql" format)
    dump_kind=$(dump_says "$scratch/dump.sql" engine)
    dump_version=$(dump_says "$scratch/dump.sql" version)
    dump_fingerprint=$(dump_says "$scratch/dump.sql" fingerprint)
    dump_table=$(dump_says "$scratch/dump.sql" table)
    { [ -n "$dump_format" ] && [ -n "$dump_fingerprint" ] && [ -n "$dump_table" ]; } ||
        die 65 "$1 does not begin as a dump does" "schema-dump.sh writes dumps; take an undamaged copy"
    [ "$dump_format" = 1 ] || die 65 "the dump $1 is of format $dump_format; this version reads format 1"
    [ "${dump_kind:-sqlite}" = "$connection_engine" ] ||
        die 65 "the dump $1 is of ${dump_kind:-sqlite}, and $engine_shown is of $connection_engine" "a dump is for one kind of database"
    case $dump_version in
    '' | *[!0-9]*) die 65 "the dump $1 does not say which version it is of" "take an undamaged copy" ;;
    *) ;;
    esac
    [ "$(tail -n 1 "$scratch/dump.sql" || :)" = "$engine_dump_last" ] ||
        die 65 "the dump $1 is cut off: its last line is not $engine_dump_last" "take an undamaged copy"
    engine_load_check "$scratch/dump.sql" ||
        die 65 "line $engine_line of the dump $1 is a command of $engine_dump_client" "a dump holds plain SQL"
    [ "$connection_engine" = sqlite ] && return
    dump_sum=$(dump_says "$scratch/dump.sql" checksum)
    dump_checksum "$scratch/dump.sql"
    [ "$dump_sum" = "$checksum" ] ||
        die 65 "the dump $1 is damaged: it has not the checksum that its head names" "take an undamaged copy"
}
