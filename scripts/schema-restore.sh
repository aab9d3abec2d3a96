#!/bin/sh
# Loads a schema dump into a database that is empty, or not there yet.
#
# Usage: schema-restore.sh [OPTION]... [CONNECTION [NAME]]
#
# Reads database/schema/NAME.sql below the working directory. CONNECTION and NAME are those of
# schema-dump.sh; a database of a server has to be there. For SQLite the dump is loaded into a scratch
# database first; its schema, version and code have to be those that the dump names. Prints the version
# that the database is at; `sqlite-migrate up` applies the rest. Whenever it is stopped, the database is
# what it was, or complete; on MySQL it may be incomplete, and the message says so.
#
# --file FILE        read this file
# --load EXTENSION   an extension of the application, which the schema needs (MIGRATE_LOAD)
# --table NAME       the tracking table (migration, or MIGRATE_TABLE)
# -q, --quiet        print nothing but errors
# -h, --help         print this text
#
# Exit status: 0 done, 64 usage, 65 the database is not empty, or the dump is damaged, 66 no dump, or no
# database on the server, 69 a client, the extension or the server is not there, 73 a file cannot be made,
# 74 the disk failed or is full, 75 locked, 77 no permission, 78 configuration, 130 interrupted.
set -eu
# shellcheck disable=SC2034 # the libraries read it
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/store.sh"
. "$here/lib/checksum.sh"
. "$here/lib/dump.sh"

program=schema-restore.sh
file=
quiet=
engine_left=

# Ends the program when the database holds anything.
target_check() {
    ! engine_vacant || return 0
    engine_dump_objects || engine_die
    [ ! -s "$scratch/rows" ] || {
        objects=$(awk 'NR <= 3 { list = list (NR > 1 ? ", " : "") $0 }
            END { print list (NR > 3 ? " and " NR - 3 " more" : "") }' "$scratch/rows")
        die 65 "the database $engine_shown is not empty: it has $objects" "a dump is loaded into an empty database only"
    }
}

# Ends the program when dump $1 has its operations in a table that nobody would look into.
table_check() {
    extension_call :memory: "SELECT json_quote(migrate_config('table'))" || engine_die
    table=$(tr -d '\036' <"$scratch/rows")
    [ "$table" = "$dump_table" ] ||
        die 78 "the dump $1 has its operations in table $dump_table, and the tracking table is $table" \
            "--table or MIGRATE_TABLE names it"
}

# Ends the program when the database that dump $1 was loaded into is not what the head of it says.
loaded_check() {
    said_version=$dump_version
    said_fingerprint=$dump_fingerprint
    engine_dump_facts || engine_die
    [ "$said_version/$said_fingerprint" = "$dump_version/$dump_fingerprint" ] || loaded_differs "$1"
    [ -z "$dump_wrong" ] || die 65 "the dump $1 is damaged: the code of operation $dump_wrong was changed" "take an undamaged copy"
    dump_version=$said_version
}

# The checksum of a server's dump was compared before; another server may read and print it in another way.
loaded_differs() {
    engine_proves && die 65 "the dump $1 is damaged: it does not give the schema and version that its head names" "take an undamaged copy"
    [ "$said_version" = "$dump_version" ] ||
        die 65 "the dump $1 was loaded, but $engine_shown is not at version $said_version then" \
            "a schema that is searched before that of the dump may have another tracking table"
    warn "this server writes the schema in another way than the one of the dump: compare the two"
}

# Loads dump $1.
dump_load() {
    engine_load_dump "$scratch/dump.sql" || {
        [ "$engine_status" != 1 ] || engine_status=65
        die "$engine_status" "cannot load $1: ${engine_line:+line $engine_line: }$engine_message" "${engine_left:-$engine_shown is as it was}"
    }
}

option_takes_value() {
    case $1 in
    --file | --table | --load) ;;
    *) return 1 ;;
    esac
}

option_switch() {
    case $1 in
    -q | --quiet) quiet=yes ;;
    *) return 1 ;;
    esac
}

option_set() {
    case $1 in
    --table) export MIGRATE_TABLE="$2" ;;
    --load) export MIGRATE_LOAD="$2" ;;
    *) file=$2 ;;
    esac
}

run() {
    [ "$#" -le 2 ] || die 64 "too many arguments: $3" "$program --help"
    [ "$#" -lt 2 ] || [ -z "$file" ] || die 64 "--file and NAME do not go together" "$program --help"
    [ "$#" -lt 2 ] || dump_name_check "$2"

    database_open "${1-}" schema load
    if [ "$#" -eq 2 ]; then
        file=$dump_folder/$2.sql
    elif [ -z "$file" ]; then
        file=$(store_label "${1-}") || exit
        file=$dump_folder/$file.sql
    fi
    dump_open "$file"
    target_check
    table_check "$file"
    if engine_vacant; then
        engine_new_begin
        dump_load "$file"
        loaded_check "$file"
        engine_new_end || engine_die
    else
        if engine_proves; then
            engine_at loaded dump_load "$file"
            engine_at loaded loaded_check "$file"
        fi
        dump_load "$file"
        engine_proves || loaded_check "$file"
    fi
    [ -n "$quiet" ] || printf 'the database is at version %s\n' "$dump_version"
}

arguments_read run "$@"
