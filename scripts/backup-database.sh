#!/bin/sh
# Takes a snapshot of a database that is in use, proves it, and publishes it with its checksum.
#
# Usage: backup-database.sh [OPTION]... [NAME]
#        backup-database.sh --verify FILE
#        backup-database.sh --list [CONNECTION]
#        backup-database.sh --dry-run [OPTION]...
#
# The snapshot is backups/LABEL_TIMESTAMP_NAME.sqlite (of PostgreSQL .dump, of MySQL .sql), with .partial
# in front of that for --tables, and .gz, .zst, .age or .gpg behind it; its SHA-256 is in the same with
# .sha256 behind. LABEL is the name of the connection (of a URL, that of the file or database), TIMESTAMP
# is UTC. A row is added to backups/REGISTER.md. A file under such a name was checked and is complete,
# whatever happens to the run. One run at a time works on a connection; a second one ends with status 75.
#
# Prints the path of the snapshot.
#
# What to copy:
#
# --connection NAME|URL  the database: a URL such as sqlite:app.db or postgresql://HOST/app, or a name.
#                        NAME stands for the variable DATABASE_URL_NAME, `default` or nothing for
#                        DATABASE_URL. The file .env of the working directory is read; variables already
#                        set win. A URL with a password in it belongs there: others see what a command says
# --name NAME            the same as NAME (snapshot)
# --tables A,B           these tables only; such a file cannot take the place of the database
# --load EXTENSION       an extension of the application, where indexes, checks or collations need it
# --lock-timeout MS      milliseconds to wait for a writer that lets nobody read (60000)
#
# What becomes of it:
#
# --dir DIR              the folder (backups)
# --compress TOOL        gzip, zstd or none (none; gzip for MySQL)
# --drill                also restore the copy of a server's database into a scratch database there, compare
#                        the two, and drop it; --verify without FILE is the same
# --encrypt HOW          age:RECIPIENT, age:./FILE (of recipients) or gpg:KEY; where the tool or the key is
#                        not there, nothing is copied
# --upload URL           s3://BUCKET/PREFIX: a second copy there
# --purpose TEXT, --who NAME  for the register; who is the login name
#
# What is removed afterwards, of the same connection (but for copies of some tables, which stay); a
# snapshot stays when any of these keeps it:
#
# --keep-last N          the newest N
# --keep-daily N, --keep-weekly N, --keep-monthly N  the newest of each of that many days, weeks, months
# --min-keep N           never fewer than these (3)
# --dry-run              take no snapshot, remove nothing, list what would be removed
#
# What others see of it:
#
# --metrics FILE         write figures for Prometheus' textfile collector
# --ping URL             tell a monitor that the run began, ended well or failed
# --json                 print path, bytes, SHA-256 and seconds as JSON; with --list and --verify too
# -q, --quiet            print nothing where all is well
# -h, --help             print this text
#
# --verify FILE          check a snapshot: its checksum, its packing, the database in it
# --identity FILE        the key that age decrypts with, for --verify
# --list [CONNECTION]    list the snapshots in the folder, with size and whether the checksum matches
#
# Each option that takes a value can come from the environment or .env instead: MIGRATE_BACKUP_COMPRESS,
# MIGRATE_BACKUP_KEEP_LAST and so on (MIGRATE_BACKUP_DIR; MIGRATE_LOCK_TIMEOUT; MIGRATE_ACTOR is who).
# MIGRATE_BACKUP_LOAD (else MIGRATE_LOAD) is not taken from .env: it names code.
#
# Exit status: 0 done, 64 usage, 65 the database, a snapshot or its checksum is bad, 66 something is
# missing, 69 a tool or the server is not there, or the database cannot be checked without --load, 73 a
# file cannot be made, 74 the disk failed or is full, 75 locked, 77 no permission, 78 configuration, 130
# interrupted. After a failure of the upload or of the removal, the snapshot is there.
set -eu
# shellcheck disable=SC2034 # the libraries read it
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/table.sh"
. "$here/lib/json.sh"
. "$here/lib/lock.sh"
. "$here/lib/checksum.sh"
. "$here/lib/store.sh"
. "$here/lib/publish.sh"
. "$here/lib/pack.sh"
. "$here/lib/unpack.sh"
. "$here/lib/register.sh"
. "$here/lib/register_snapshot.sh"
. "$here/lib/retention.sh"
. "$here/lib/retention_plan.sh"
. "$here/lib/encode.sh"
. "$here/lib/curl_config.sh"
. "$here/lib/remote_place.sh"
. "$here/lib/remote_client.sh"
. "$here/lib/remote.sh"
. "$here/lib/notify.sh"
. "$here/lib/metrics.sh"
. "$here/lib/snapshot.sh"
. "$here/lib/backup.sh"
. "$here/lib/backup_run.sh"

program=backup-database.sh
mode=take
connection=${MIGRATE_BACKUP_CONNECTION-}
json=
quiet=
rehearse=
# shellcheck disable=SC2034 # for the table
color=auto
# An extension is code, so what names it must not come from .env, which is read later.
load=${MIGRATE_BACKUP_LOAD:-${MIGRATE_LOAD-}}

# Sets option $1 to $2. Those that can come from the environment go there, so they win.
option_set() {
    case $1 in
    --connection) connection=$2 ;;
    --load) load=$2 ;;
    --lock-timeout) export MIGRATE_LOCK_TIMEOUT="$2" ;;
    --who) export MIGRATE_ACTOR="$2" ;;
    --verify)
        mode=verify
        file=$2
        ;;
    *)
        option_name=$(printf '%s' "${1#--}" | tr 'a-z-' 'A-Z_')
        export "MIGRATE_BACKUP_$option_name=$2"
        ;;
    esac
}

# True when $1 is an option that takes a value.
option_takes_value() {
    case $1 in
    --connection | --name | --tables | --load | --lock-timeout | --dir | --compress | --encrypt | --upload | \
        --purpose | --who | --keep-last | --keep-daily | --keep-weekly | --keep-monthly | --min-keep | \
        --metrics | --ping | --verify | --identity) ;;
    *) return 1 ;;
    esac
}

option_switch() {
    case $1 in
    --list) mode=list ;;
    --drill) rehearse=yes ;;
    --dry-run) mode=dry-run ;;
    --json) json=yes ;;
    -q | --quiet) quiet=yes ;;
    *) return 1 ;;
    esac
}

# Sets what the libraries read, from the environment.
# shellcheck disable=SC2034 # they do
settings_read() {
    name=${argument:-${MIGRATE_BACKUP_NAME:-snapshot}}
    tables=${MIGRATE_BACKUP_TABLES-}
    [ -z "$tables" ] || [ -z "$rehearse" ] ||
        die 64 "--drill needs all of the database, and --tables copies some of it" "$program --help"
    compress=${MIGRATE_BACKUP_COMPRESS-}
    encrypt=${MIGRATE_BACKUP_ENCRYPT-}
    upload=${MIGRATE_BACKUP_UPLOAD-}
    purpose=${MIGRATE_BACKUP_PURPOSE-}
    keep_last=${MIGRATE_BACKUP_KEEP_LAST-}
    keep_daily=${MIGRATE_BACKUP_KEEP_DAILY-}
    keep_weekly=${MIGRATE_BACKUP_KEEP_WEEKLY-}
    keep_monthly=${MIGRATE_BACKUP_KEEP_MONTHLY-}
    min_keep=${MIGRATE_BACKUP_MIN_KEEP-}
    metrics=${MIGRATE_BACKUP_METRICS-}
    ping=${MIGRATE_BACKUP_PING-}
    who=$(register_who)
}

take() {
    [ -z "$argument" ] || [ -z "${MIGRATE_BACKUP_NAME-}" ] || [ "$argument" = "$MIGRATE_BACKUP_NAME" ] ||
        die 64 "there are two names: $argument and $MIGRATE_BACKUP_NAME" "backup-database.sh --help"
    database_open "$connection" snapshot
    settings_read
    extension_extend_with "$load"
    store_name_check "$name"
    label=$(store_label "$connection")
    if [ "$mode" = dry-run ]; then
        retention_dry_run=yes
        retention_active || die 64 "--dry-run lists what --keep-last and the like would remove, and there is none of them" "backup-database.sh --help"
        store_open
        lock_take "$label"
        retention_run "$label"
    else
        backup_run
    fi
}

run() {
    for word; do
        [ -n "$word" ] || die 64 "an argument is empty" "$program --help"
    done
    [ "$#" -le 1 ] || die 64 "there is more than one argument: $2" "$program --help"
    argument=${1-}
    case $mode in
    verify)
        [ -z "$argument" ] || die 64 "--verify takes one file, and no name" "backup-database.sh --help"
        dotenv_read
        settings_read
        snapshot_verify "$file"
        ;;
    list)
        dotenv_read
        label=
        scratch_make
        [ -z "$argument$connection" ] || label=$(store_label "${argument:-$connection}")
        snapshot_list "$label"
        ;;
    *) take ;;
    esac
}

# --verify with no file behind it is --drill.
words_left=$#
words_ended=
while [ "$words_left" -gt 0 ]; do
    word=$1
    shift
    words_left=$((words_left - 1))
    case $words_ended$word:$words_left:${1-} in
    --:*) words_ended=yes ;;
    --verify:0:* | --verify:*:-*) word=--drill ;;
    *) ;;
    esac
    set -- "$@" "$word"
done
arguments_read run "$@"
