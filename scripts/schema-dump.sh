#!/bin/sh
# Writes the schema of a database, and which operations it comes from, as SQL that loads again.
#
# Usage: schema-dump.sh [OPTION]... [CONNECTION [NAME]]
#
# Writes database/schema/NAME.sql below the working directory and prints that path. CONNECTION is a URL
# such as sqlite:app.db, or a name: NAME stands for the variable DATABASE_URL_NAME, `default` or nothing
# for DATABASE_URL. NAME is letters, digits and . _ - ; without it, it is the name of the connection, or
# of the file in the URL.
#
# schema-restore.sh loads a dump into an empty database; applying what is pending there gives the schema
# that applying everything gives. Of a database that has not changed the same bytes are written. Rows
# are not part of a dump, but for those of the tracking table. A dump of an SQLite database is loaded once
# before it gets its name, and dumped again; --verify does so on a server.
#
# --stdout           print the dump, and write no file
# --verify           prove the dump in a scratch database on the server, which is removed afterwards
# --prune            also remove the files of the operations that the dump covers. Before that, all
#                    operations are applied to one scratch database, and those that are left to another
#                    one that begins with the dump; both have to come to the same schema. The folder is
#                    kept in backups (MIGRATE_BACKUP_DIR), and its new first version in .starts-after
# --dry-run          with --prune: print the files that would be removed, and change nothing
# --dir DIR          the migration folder (migrations, or MIGRATIONS_DIR)
# --load EXTENSION   an extension of the application, which the schema needs (MIGRATE_LOAD)
# --table NAME       the tracking table (migration, or MIGRATE_TABLE)
# --scripts on|off   whether programs may run for --prune (off, or MIGRATE_SCRIPTS)
# -q, --quiet        print nothing but errors
# -h, --help         print this text
#
# Exit status: 0 done, 64 usage, 65 the operations are not in order, or a dump would not bring back what
# is there, 66 no database, 69 a client, the extension or the server is not there, 73 a file cannot be
# made, 74 the disk failed or is full, 75 locked, 77 no permission, 78 configuration, 130 interrupted.
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
. "$here/lib/dump_make.sh"

program=schema-dump.sh

to_stdout=
prune=
verify=
dry_run=
quiet=

option_takes_value() {
    case $1 in
    --dir | --table | --load | --scripts) ;;
    *) return 1 ;;
    esac
}

option_switch() {
    case $1 in
    --stdout) to_stdout=yes ;;
    --prune) prune=yes ;;
    --verify) verify=yes ;;
    --dry-run) dry_run=yes ;;
    -q | --quiet) quiet=yes ;;
    *) return 1 ;;
    esac
}

# Sets option $1 to $2. Those of the engine are its environment variables.
option_set() {
    case $1 in
    --dir) export MIGRATIONS_DIR="$2" ;;
    --table) export MIGRATE_TABLE="$2" ;;
    --load) export MIGRATE_LOAD="$2" ;;
    *) export MIGRATE_SCRIPTS="$2" ;;
    esac
}

# What only --prune needs.
prune_load() {
    . "$here/lib/lock.sh"
    . "$here/lib/publish.sh"
    . "$here/lib/register.sh"
    . "$here/lib/register_snapshot.sh"
    . "$here/lib/pack.sh"
    . "$here/lib/unpack.sh"
    . "$here/lib/prune_folder.sh"
    . "$here/lib/prune_check.sh"
    . "$here/lib/prune.sh"
}

run() {
    [ "$#" -le 2 ] || die 64 "too many arguments: $3" "$program --help"
    [ -z "$dry_run" ] || [ -n "$prune" ] || die 64 "--dry-run is for --prune" "$program --help"
    [ -z "$to_stdout" ] || [ -z "$prune" ] || die 64 "--stdout and --prune do not go together" "$program --help"
    [ "$#" -lt 2 ] || dump_name_check "$2"

    database_open "${1-}" migrations schema load
    database_is_there
    if [ "$#" -eq 2 ]; then
        name=$2
    else
        name=$(store_label "${1-}") || exit
    fi
    if [ -n "$prune" ]; then
        prune_load
        prune_begin
    fi
    dump_make
    file=$dump_folder/$name.sql
    if [ -n "$to_stdout" ]; then
        cat -- "$scratch/made.sql" || die 74 "cannot print the dump"
    elif [ -n "$prune" ]; then
        prune_run "$file"
    else
        dump_publish "$file"
        [ -n "$quiet" ] || printf '%s\n' "$file"
    fi
}

arguments_read run "$@"
