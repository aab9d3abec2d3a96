#!/bin/sh
# Puts a snapshot in the place of a database, after it has proven that it is good.
#
# Usage: restore-database.sh [OPTION]... SNAPSHOT [CONNECTION]
#
# SNAPSHOT is a file that backup-database.sh has made, the name of one in the folder of the snapshots, or
# `latest`: the newest of that connection, but for those that a restore has taken. CONNECTION is a URL
# such as sqlite:app.db or postgresql://HOST/app, or a name: NAME stands for the variable
# DATABASE_URL_NAME, `default` or nothing for DATABASE_URL. The file .env of the working directory is
# read; variables already set win. A file of SQLite need not be there.
#
# Nothing is changed before all of this is done: the checksum beside the snapshot agrees; it is
# decrypted, unpacked and searched for damage; no other process has the database open; a snapshot is
# taken of what is there now. Then the new file takes the place of the old one by one rename: a kill at
# any moment leaves the one or the other, whole. A database that is too damaged for a snapshot is kept as
# NAME.TIMESTAMP.damaged. The new file gets mode, owner and journal mode of the old one.
#
# On a server the database has to be there; one that is not empty is replaced with --force only. What is in
# the snapshot is put into a scratch database first. PostgreSQL then gives that one the name of the database;
# MySQL cannot, and makes the database anew: docs/backup-and-rollback.md says what a kill leaves.
#
# --connection NAME|URL  the same as CONNECTION
# --drill                do all of it but the replacing, in a folder beside the database or in a scratch
#                        database, and print one line with what was found; for cron
# --force                also where the environment (MIGRATE_ENV, else APP_ENV) is called production, or the
#                        database of a server is not empty
# --no-snapshot          take no snapshot of what is there now; the old file is kept as
#                        NAME.TIMESTAMP.replaced, a database of PostgreSQL as NAME_replaced_TIMESTAMP; not
#                        for MySQL
# --without-checksum     also a file that has no FILE.sha256 beside it
# --load EXTENSION       an extension of the application, where indexes, checks or collations need it
# --identity FILE        the key that a snapshot was encrypted for with age (MIGRATE_BACKUP_IDENTITY)
# --dir DIR              the folder of the snapshots (backups, or MIGRATE_BACKUP_DIR)
# --purpose TEXT         why, for the log
# -q, --quiet            say nothing but errors
# -h, --help             print this text
#
# Afterwards rollback-log.md in the folder of the snapshots has a section more, and the operations of the
# migration folder (MIGRATIONS_DIR) and their states are shown, as `sqlite-migrate status` does.
#
# Exit status: 0 done, 64 usage, 65 the snapshot does not verify, 66 there is no such snapshot, 69 a tool
# or an extension is not there, 71 out of memory, 73 a file cannot be made, 74 the disk failed or is
# full, 75 the database is in use, or another run works on it, 77 no permission, 78 configuration, 130
# interrupted.
# shellcheck disable=SC2034,SC2154 # the libraries read what is set here, and set what is read
set -eu
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/table.sh"
. "$here/lib/report.sh"
. "$here/lib/store.sh"
. "$here/lib/lock.sh"
. "$here/lib/checksum.sh"
. "$here/lib/pack.sh"
. "$here/lib/unpack.sh"
. "$here/lib/register.sh"
. "$here/lib/restore.sh"
. "$here/lib/child.sh"
. "$here/lib/safety.sh"

program=restore-database.sh
{
    connection=
    drill=
    force=
    quiet=
    no_snapshot=
    without_checksum=
    purpose=
    # An extension is code, so what names it must not come from .env, which is read later.
    load=${MIGRATE_BACKUP_LOAD:-${MIGRATE_LOAD-}}
    color=auto
}

# True when $1 is an option that takes a value.
option_takes_value() {
    case $1 in
    --connection | --load | --identity | --dir | --purpose) ;;
    *) return 1 ;;
    esac
}

# Sets an option that takes a value.
option_set() {
    case $1 in
    --connection) connection=$2 ;;
    --identity) export MIGRATE_BACKUP_IDENTITY="$2" ;;
    --dir) export MIGRATE_BACKUP_DIR="$2" ;;
    --purpose) purpose=$2 ;;
    *) load=$2 ;;
    esac
}

# Sets option $1, which takes no value.
option_switch() {
    case $1 in
    --drill) drill=yes ;;
    --force) force=yes ;;
    --no-snapshot) no_snapshot=yes ;;
    --without-checksum) without_checksum=yes ;;
    -q | --quiet) quiet=yes ;;
    *) return 1 ;;
    esac
}

# Says what was found in the unpacked snapshot.
drill_report() {
    engine_trial_begin "$restore_new" || engine_die
    engine_trial_same "$restore_new" || engine_die
    drill_found="$engine_objects objects, $engine_row_count rows"
    if engine_rows current && drill_version=$(report_value) && engine_rows status && engine_rows pending; then
        drill_pending=$(tr -cd '\036' <"$scratch/rows" | wc -c)
        drill_found="$drill_found, version $drill_version, $((drill_pending)) pending"
    else
        warn "the status of what is in the snapshot cannot be shown: $engine_message"
    fi
    engine_trial_end
    [ -n "$quiet" ] || printf 'drill passed: %s: %s\n' "$restore_shown" "$drill_found"
}

# Ends the program when another process has the database open.
use_check() {
    ! engine_in_use ||
        die 75 "$engine_shown is open in $engine_users" "stop what works with it, then start again; nothing was changed"
    [ -z "$engine_blind" ] ||
        warn "cannot see which processes have $engine_shown open: $engine_blind"
}

# Puts the unpacked snapshot in the place of the database, under the lock of the connection.
replace() {
    engine_prepare "$restore_new" || engine_die
    safety_take
    lock_take "$restore_label"
    engine_replace "$restore_new" "$safety_keep" "$safety_keep_damaged" || engine_die
    [ -z "$engine_late" ] ||
        warn "$engine_late opened the old file at the last moment and works with it still: restart it"
    safety_log
}

# Shows the states of the operations. The restore itself is done, so whatever is wrong here is a warning.
status_show() {
    if engine_rows status; then
        table_print 'version task description date state when took'
    else
        warn "the database is restored, but its status cannot be shown: $engine_message"
    fi
}

# Restores the snapshot that $1 names, or rehearses that.
restore() {
    database_open "$connection" snapshot restore views
    extension_extend_with "$load"
    unset MIGRATE_BACKUP_LOAD
    engine_replaceable "$force$drill"
    environment=$(connection_environment)
    [ "$environment" != production ] || [ -n "$force" ] || [ -n "$drill" ] ||
        die 77 "this is production: $engine_shown would be replaced" "--force does it"
    restore_find "$1" "$connection"
    restore_accept "$without_checksum"
    [ -n "$drill" ] || {
        store_open
        restore_label=$(store_label "$connection") || exit
        register_check rollback-log.md
        use_check
    }
    restore_folder
    restore_unpack
    if [ -n "$drill" ]; then
        drill_report
        return
    fi
    replace
    [ -n "$quiet" ] || status_show
}

run() {
    [ "$#" -gt 0 ] || die 64 "no snapshot was named" "$program --help"
    [ "$#" -le 2 ] || die 64 "there are $# arguments, not a snapshot and a connection" "$program --help"
    [ -z "${2-}" ] || [ -z "$connection" ] || die 64 "the connection was named twice" "$program --help"
    connection=${2:-$connection}
    restore "$1"
}

arguments_read run "$@"
