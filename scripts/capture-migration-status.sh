#!/bin/sh
# Writes down which operations an environment has, so that two environments can be compared.
#
# Usage: capture-migration-status.sh ENV [CONNECTION] [--keep N] [--output DIR]
#        capture-migration-status.sh --diff ENV_A ENV_B [--check] [--output DIR]
#
# The first form writes storage/migration-status/ENV_TIMESTAMP.txt (UTC, like 20261121T101500Z) and
# prints its path. The file is there whole or not at all, and no file is ever overwritten. Behind a
# header and an empty line, two captures of the same state are equal, byte for byte.
#
# ENV is a name of letters, digits, "." and "-". CONNECTION is a URL such as sqlite:app.db, or a name:
# NAME stands for the variable DATABASE_URL_NAME, `default` or nothing for DATABASE_URL. The file .env of
# the working directory is read; variables already set win. MIGRATIONS_DIR, MIGRATE_TABLE,
# MIGRATE_LOCK_TIMEOUT and so on count as they do for sqlite-migrate.
#
# --diff       compares the newest captures of two environments, and says in words what differs
# --check      with --diff: ends with status 2 when something differs
# --keep N     afterwards removes all captures of ENV but the newest N, of which the new one is one
# --output DIR the folder (storage/migration-status, or MIGRATE_STATUS_DIR)
# -h, --help   print this text
#
# Exit status: 0 done, 2 the environments differ (--check), 64 usage, 65 something is wrong with the
# folder, the database or a capture, 66 there is no database, no folder or no capture, 69 the shell or
# the extension is not there, 71 out of memory, 73 the file cannot be made, 74 the disk failed or is
# full, 75 locked, 77 no permission, 78 configuration, 130 interrupted.
set -eu
# shellcheck disable=SC2034 # the libraries read it
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/environment.sh"
. "$here/lib/capture.sh"
. "$here/lib/capture_list.sh"
. "$here/lib/capture_diff.sh"

program=capture-migration-status.sh
diff=
check=
keep=
output=

option_takes_value() {
    case $1 in
    --keep | --output) ;;
    *) return 1 ;;
    esac
}

option_switch() {
    case $1 in
    --diff) diff=yes ;;
    --check) check=yes ;;
    *) return 1 ;;
    esac
}

option_set() {
    case $1 in
    --keep)
        case $2 in
        *[!0-9]* | 0* | ?????*) die 64 "option --keep: \"$2\" is not a number from 1 to 9999" "$program --help" ;;
        *) keep=$2 ;;
        esac
        ;;
    *) output=$2 ;;
    esac
}

# Compares the newest captures of environments $1 and $2. Sets differ to `yes` or nothing.
compare() {
    scratch_make
    capture_find "$1"
    capture_body "$capture_newest" "$scratch/a"
    capture_find "$2"
    capture_body "$capture_newest" "$scratch/b"
    differ=
    if cmp -s "$scratch/a" "$scratch/b"; then
        version=$(sed -n '1s/://p' "$scratch/a")
        printf '%s and %s are at the same state (%s)\n' "$1" "$2" "$version"
    else
        differ=yes
        capture_words "$1" "$2"
    fi
}

run() {
    if [ -n "$diff" ]; then
        [ "$#" -eq 2 ] || die 64 "--diff takes the names of two environments, not $#" "$program --help"
        [ -z "$keep" ] || die 64 "--keep and --diff do not go together" "$program --help"
        environment_check "$1"
        environment_check "$2"
    else
        [ -z "$check" ] || die 64 "--check goes with --diff" "$program --help"
        [ "$#" -ge 1 ] || die 64 "the name of the environment is missing" "$program --help"
        [ "$#" -le 2 ] || die 64 "an environment and a connection are all it takes, not $# words" "$program --help"
        environment_check "$1"
    fi
    dotenv_read
    environment_folder_set "${output:-${MIGRATE_STATUS_DIR:-storage/migration-status}}"
    if [ -n "$diff" ]; then
        compare "$1" "$2"
        [ -z "$check" ] || [ -z "$differ" ] || exit 2
        return
    fi
    # Captures are kept in a repository, for everybody.
    environment_umask=$caller_umask
    database_open "${2-}" capture
    database_is_there
    capture_take "$1" "${2-}"
    printf '%s\n' "${capture_path#./}"
    [ -z "$keep" ] || capture_keep "$1" "$keep" "$capture_path"
}

arguments_read run "$@"
