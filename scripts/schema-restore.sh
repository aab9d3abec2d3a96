#!/bin/sh
# Loads a schema dump into a database that is empty, or not there yet.
#
# Usage: schema-restore.sh [OPTION]... [CONNECTION [NAME]]
#
# Reads database/schema/NAME.sql below the working directory. CONNECTION and NAME are those of
# schema-dump.sh. The dump is loaded into a scratch database first; its schema, version and code have to
# be those that the dump names. Prints the version that the database is at; `sqlite-migrate up` applies
# the rest. Whenever it is stopped, the database is what it was, or complete.
#
# --file FILE        read this file
# --load EXTENSION   an extension of the application, which the schema needs (MIGRATE_LOAD)
# --table NAME       the tracking table (migration, or MIGRATE_TABLE)
# -q, --quiet        print nothing but errors
# -h, --help         print this text
#
# Exit status: 0 done, 64 usage, 65 the database is not empty, or the dump is damaged, 66 no dump, 69 the
# shell or the extension is not there, 73 a file cannot be made, 74 the disk failed or is full, 75 locked,
# 77 no permission, 78 configuration, 130 interrupted.
set -eu
# shellcheck disable=SC2034 # the libraries read it
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/store.sh"
. "$here/lib/dump.sh"

program=schema-restore.sh
file=
quiet=

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

# Ends the program when the database that dump $1 was loaded into is not what the head of it says.
loaded_check() {
    said=$dump_version/$dump_fingerprint/$dump_table
    said_table=$dump_table
    engine_dump_facts || engine_die
    [ "$said_table" = "$dump_table" ] ||
        die 78 "the dump $1 has its operations in table $said_table, and the tracking table is $dump_table" \
            "--table or MIGRATE_TABLE names it"
    [ "$said" = "$dump_version/$dump_fingerprint/$dump_table" ] ||
        die 65 "the dump $1 is damaged: it does not give the schema and version that its head names" "take an undamaged copy"
    [ -z "$dump_wrong" ] || die 65 "the dump $1 is damaged: the code of operation $dump_wrong was changed" "take an undamaged copy"
}

# Loads dump $1.
dump_load() {
    engine_load_dump "$scratch/dump.sql" || {
        [ "$engine_status" != 1 ] || engine_status=65
        die "$engine_status" "cannot load $1: ${engine_line:+line $engine_line: }$engine_message" "$engine_shown is as it was"
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
    if engine_exists; then
        engine_at "$scratch/loaded.db" dump_load "$file"
        engine_at "$scratch/loaded.db" loaded_check "$file"
        dump_load "$file"
    else
        engine_new_begin
        dump_load "$file"
        loaded_check "$file"
        engine_new_end || engine_die
    fi
    [ -n "$quiet" ] || printf 'the database is at version %s\n' "$dump_version"
}

arguments_read run "$@"
