#!/bin/sh
# Runs the checks of a release, and says what would go wrong: for CI, and before each release.
#
# Usage: preflight.sh [OPTION]... [CONNECTION|SNAPSHOT]
#
# CONNECTION is a URL such as sqlite:app.db or postgresql://HOST/app, or a name: NAME stands for the variable
# DATABASE_URL_NAME, `default` or nothing for DATABASE_URL. The file .env of the working directory is read;
# variables already set win. SNAPSHOT is a file that backup-database.sh has made, the name of one in the folder
# of the snapshots, or `latest`: what is in it takes the place of the database. One of SQLite needs no
# connection; one of a server is put into a scratch database there.
#
# The database itself is read, and never changed. What changes something is done in a copy or in a scratch
# database, which goes again however the run ends; on a server that is called migrate_scratch_TIME_RANDOM, and
# the user needs the right to make it.
#
# verify      names, files and versions, and the folder against the database, as sqlite-migrate verify does
# lint        what is pending, statement by statement, as sqlite-migrate plan does: an error that no file
#             allows is a problem, a warning is listed
# rehearsal   what is pending, applied to a copy of the database, rolled back and applied again
# fresh       all of the folder from nothing, then database/seeds/*.sql
# round-trip  there: everything rolled back, and applied again; the schema has to be what it was, each time
# drift       the schema dump against what the folder makes
#
# Each check has passed, found a problem, failed (it could not be carried out) or was skipped; why is behind it.
# A database that is not there, or has nothing in it or nothing pending, is not rehearsed; where an operation
# has no down file, the way back ends above it.
#
# --connection NAME|URL  the same as CONNECTION; beside SNAPSHOT, the server, or the connection of `latest`
# --only CHECK,...       these checks only
# --skip CHECK,...       all checks but these
# --schema-file FILE     the dump (database/schema/NAME.sql, where NAME is the name of the connection, or of the
#                        database in the URL)
# --junit FILE           also write the report as JUnit's XML, which CI systems show
# --json                 print the report as JSON
# --dir DIR              the migration folder (migrations, or MIGRATIONS_DIR)
# --table NAME           the tracking table (migration, or MIGRATE_TABLE)
# --scripts on|off       whether programs may run (off, or MIGRATE_SCRIPTS)
# --load EXTENSION       an extension of the application, which the schema needs (MIGRATE_LOAD)
# --identity FILE        the key that a snapshot was encrypted for with age (MIGRATE_BACKUP_IDENTITY)
# --no-color             no colours on a terminal; the variable NO_COLOR says the same
# -q, --quiet            print nothing where nothing is wrong
# -h, --help             print this text
#
# Other options of the engine come from the environment, as MIGRATE_STATEMENT_TIMEOUT does.
#
# Exit status: 0 nothing is wrong, 1 a check could not be carried out, 2 a check has found a problem. What keeps
# the run from beginning, or from going on: 64 usage, 65 the snapshot is damaged, 66 there is no such snapshot or no such database
# on the server, 69 a tool or the server is not there, 73 the report cannot be written, 74 the disk failed or is
# full, 77 no permission, 78 configuration, 130 interrupted.
# shellcheck disable=SC2034,SC2154,SC2031 # the libraries read what is set here, and set what is read
set -eu
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/table.sh"
. "$here/lib/report.sh"
. "$here/lib/json.sh"
. "$here/lib/store.sh"
. "$here/lib/checksum.sh"
. "$here/lib/pack.sh"
. "$here/lib/unpack.sh"
. "$here/lib/restore.sh"
. "$here/lib/dump.sh"
. "$here/lib/seed.sh"
. "$here/lib/finding.sh"
. "$here/lib/squawk.sh"
. "$here/lib/junit.sh"
. "$here/lib/outline.sh"
. "$here/lib/trip.sh"
. "$here/lib/preflight.sh"
. "$here/lib/preflight_fail.sh"
. "$here/lib/preflight_report.sh"
. "$here/lib/preflight_live.sh"
. "$here/lib/preflight_rehearsal.sh"
. "$here/lib/preflight_fresh.sh"
. "$here/lib/preflight_dump.sh"

program=preflight.sh
{
    connection=
    snapshot=
    only=
    skip=
    schema_file=
    junit=
    json=
    quiet=
    color=auto
    shown=1
}

# True when $1 is an option that takes a value.
option_takes_value() {
    case $1 in
    --connection | --only | --skip | --schema-file | --junit | --dir | --table | --scripts | --load | --identity) ;;
    *) return 1 ;;
    esac
}

option_set() {
    case $1 in
    --connection) connection=$2 ;;
    --only) only=$2 ;;
    --skip) skip=$2 ;;
    --schema-file) schema_file=$2 ;;
    --junit) junit=$2 ;;
    --dir) export MIGRATIONS_DIR="$2" ;;
    --identity) export MIGRATE_BACKUP_IDENTITY="$2" ;;
    --table) export MIGRATE_TABLE="$2" ;;
    --scripts) export MIGRATE_SCRIPTS="$2" ;;
    *) export MIGRATE_LOAD="$2" ;;
    esac
}

option_switch() {
    case $1 in
    --json) json=yes ;;
    --no-color) color=no ;;
    -q | --quiet) quiet=yes ;;
    *) return 1 ;;
    esac
}

# Sets connection or snapshot to the word $1. A name of a connection has no point and no slash in it.
word_read() {
    case $1 in
    [a-z]*:*) ;;
    latest | */* | *.*)
        snapshot=$1
        return
        ;;
    *) ;;
    esac
    [ -z "$connection" ] || die 64 "the connection was named twice" "$program --help"
    connection=$1
}

# Opens the database of the connection, or what is in the snapshot.
open() {
    parts='migrations views configuration schema load snapshot'
    if [ -z "$snapshot" ]; then
        # shellcheck disable=SC2086 # these are words
        database_open "$connection" $parts
        [ "$connection_engine" = sqlite ] || engine_exists ||
            die 66 "there is no database $engine_shown" "make an empty one first"
        return
    fi
    dotenv_read
    connection_engine=$(format_engine "$snapshot") || connection_engine=
    if [ "$connection_engine" = sqlite ]; then
        # shellcheck disable=SC2086
        engine_load $parts restore
        engine_open "$snapshot" "$here"
    else
        # shellcheck disable=SC2086
        database_open "$connection" $parts restore
    fi
    snapshot_open
}

# Unpacks the snapshot, and has the functions of the engine work on what is in it.
snapshot_open() {
    restore_find "$snapshot" "$connection"
    [ "$connection_engine" != sqlite ] || engine_database=
    restore_accept yes
    mkdir -- "$scratch/unpacked" || die 74 "cannot write into the temporary folder"
    restore_new=$scratch/unpacked/snapshot.$restore_suffix
    restore_unpack
    engine_trial_begin "$restore_new" || engine_die
    engine_shown=$restore_shown
}

# The name of the dump that belongs to the connection, or to the snapshot.
preflight_label() {
    if [ -n "$snapshot" ] && [ -z "$connection" ]; then
        label=${restore_file##*/}
        printf '%s\n' "${label%%_*}"
    else
        store_label "$connection"
    fi
}

# A check has ended.
preflight_shown() {
    [ -n "$json$quiet" ] || preflight_report_lines "$shown"
    shown=$((shown + 1))
}

# All checks have ended, or the run has.
preflight_finish() {
    preflight_report_verdict
    [ -z "$junit" ] || junit_end
    if [ -n "$json" ]; then
        preflight_report_json
    elif [ -z "$quiet" ] || [ "$preflight_verdict" != passed ]; then
        [ -z "$quiet" ] || preflight_report_lines 1
        preflight_report_findings
        printf '\n%s\n' "$preflight_named"
    fi
}

run() {
    [ "$#" -le 1 ] || die 64 "there is more than one argument: $2" "$program --help"
    preflight_names_check --only "$only" || exit
    preflight_names_check --skip "$skip" || exit
    [ -z "${1-}" ] || word_read "$1"
    [ -z "$schema_file" ] || [ -e "$schema_file" ] || die 66 "there is no dump $schema_file" "schema-dump.sh writes it"
    # What a run of the engine does beside its work is for the real database only.
    export MIGRATE_SNAPSHOT=off MIGRATE_PROGRESS=lines MIGRATE_DANGEROUS=warn
    scratch_make
    [ -z "$junit" ] || junit_begin "$junit"
    preflight_begin
    open
    engine_silent=yes
    trip_real=${url_database-}

    preflight_check verify verify_check "$only" "$skip"
    preflight_check lint lint_check "$only" "$skip"
    preflight_check rehearsal tryout_check "$only" "$skip"
    [ -z "$snapshot" ] || engine_trial_end
    preflight_check fresh fresh_check "$only" "$skip"
    preflight_check round-trip round_trip_check "$only" "$skip"
    preflight_check drift drift_check "$only" "$skip"

    preflight_finish
    case $preflight_verdict in
    passed) ;;
    problem) exit 2 ;;
    *) exit 1 ;;
    esac
}

arguments_read run "$@"
