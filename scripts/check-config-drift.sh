#!/bin/sh
# Writes down how an environment is configured, so that two environments can be compared.
#
# Usage: check-config-drift.sh ENV [KEY]... [--connection NAME|URL] [--output DIR]
#        check-config-drift.sh --compare ENV_A ENV_B [KEY]... [--output DIR]
#
# The first form writes a file for each key, storage/config-drift/ENV/KEY.json, and prints the paths.
# Each is a flat JSON object with its names in order: what is configured alike is the same file, byte
# for byte. Either all files are written, or those that were there stay.
#
# Keys of the connection, which are those that are written when none is named:
#
# settings         of a server: what is set in it; for PostgreSQL, what is not a default
# extensions       of a server: the extensions of the database; for MySQL, the plugins that were loaded
# roles            of a server: who may come, and what they may do; no passwords
# database         how the database is configured; for SQLite, the pragmas that are configuration
# compile_options  of SQLite: how it was built, and the versions of SQLite and of the extension
# schema           the objects, with a SHA-256 of each, and the fingerprint
# migrations       the operations in the database, with state and checksum, and the version
#
# Keys of the application:
#
# file:PATH        a file in JSON, INI or dotenv
# env:PREFIX       the environment variables whose names begin with PREFIX
#
# Of a value that looks like a secret, only its SHA-256 is written. MIGRATE_DRIFT_SALT, a secret text
# that is the same in all environments, keeps others from guessing short ones.
#
# --compare            says what differs between the files of two environments
# --connection NAME    the database: a URL such as sqlite:app.db, or a name, which stands for the variable
#                      DATABASE_URL_NAME (`default` or nothing: DATABASE_URL). The file .env of the working
#                      directory is read; variables already set win
# --output DIR         the folder (storage/config-drift, or MIGRATE_DRIFT_DIR)
# -h, --help           print this text
#
# Exit status: 0 done, 2 the environments differ (--compare), 64 usage, 65 a file cannot be understood, 66
# there is no database, no such file or nothing to compare, 69 the shell or the extension is not there,
# 71 out of memory, 73 a file cannot be made, 74 the disk failed or is full, 75 locked, 77 no permission,
# 78 configuration, 130 interrupted.
set -eu
# shellcheck disable=SC2034 # the libraries read it
caller_umask=$(umask)
here=$(readlink -f -- "$0")
here=${here%/*}
. "$here/lib/program.sh"
. "$here/lib/arguments.sh"
. "$here/lib/environment.sh"
. "$here/lib/json.sh"
. "$here/lib/secret.sh"
. "$here/lib/config_file.sh"
. "$here/lib/config_json.sh"
. "$here/lib/config_ini.sh"
. "$here/lib/config_dotenv.sh"
. "$here/lib/drift.sh"
. "$here/lib/drift_compare.sh"

program=check-config-drift.sh
compare=
connection=
output=

option_takes_value() {
    case $1 in
    --connection | --output) ;;
    *) return 1 ;;
    esac
}

option_switch() {
    case $1 in
    --compare) compare=yes ;;
    *) return 1 ;;
    esac
}

option_set() {
    case $1 in
    --connection) connection=$2 ;;
    *) output=$2 ;;
    esac
}

# Writes the files of environment $1, for the keys that follow, or all of the database.
write_files() {
    environment=$1
    shift
    environment_folder_set "$environment_folder/$environment"
    [ ! -h "$environment_folder" ] || die 73 "the folder $environment_shown is a symbolic link" "name the folder that it leads to with --output"
    wants_database=
    [ "$#" -gt 0 ] || wants_database=yes
    for key; do
        drift_key_check "$key" ''
        case $key in
        file:* | env:*) ;;
        *) wants_database=yes ;;
        esac
    done
    if [ -n "$wants_database" ]; then
        database_open "$connection" configuration
        engine_keys=$(engine_configuration_keys)
        # shellcheck disable=SC2086 # these are words
        [ "$#" -gt 0 ] || set -- $engine_keys
        wanted_keys=
        for key; do
            drift_key_check "$key" "$engine_keys"
            case "$key $wanted_keys " in
            *:* | *" $key "*) ;;
            *) wanted_keys="$wanted_keys $key" ;;
            esac
        done
        database_is_there
        # shellcheck disable=SC2086 # these are words
        engine_configuration $wanted_keys || engine_die
        mv "$scratch/rows" "$scratch/configuration"
    fi
    scratch_make
    number=0
    for key; do
        number=$((number + 1))
        drift_name_set "$key"
        drift_take "$key" "$scratch/object.$number"
    done
    number=0
    for key; do
        number=$((number + 1))
        drift_name_set "$key"
        drift_publish "$scratch/object.$number" "$drift_name"
    done
}

# Compares environments $1 and $2: the keys that follow, or all that have a file. Ends with status 2
# when something differs.
compare_files() {
    scratch_make
    drift_a=$1
    drift_b=$2
    shift 2
    for environment in "$drift_a" "$drift_b"; do
        [ -d "$environment_folder/$environment" ] ||
            die 66 "there is no folder $environment_shown/$environment" "$program $environment writes it"
    done
    if [ "$#" -gt 0 ]; then
        for key; do
            drift_key_check "$key" ''
            drift_name_set "$key"
            printf '%s\n' "$drift_name"
        done >"$scratch/names"
    else
        drift_list "$drift_a" "$drift_b"
    fi
    [ -s "$scratch/names" ] || die 66 "there is nothing to compare" "$program $drift_a writes files"
    drift_differ=
    several=
    number=0
    while IFS= read -r drift_name; do
        number=$((number + 1))
        drift_compare_file
    done <"$scratch/names"
    [ -z "$drift_differ" ] || exit 2
    [ "$number" -eq 1 ] || several=s
    printf '%s and %s are configured alike (%d file%s)\n' "$drift_a" "$drift_b" "$number" "$several"
}

run() {
    [ "$#" -gt 0 ] || die 64 "the name of the environment is missing" "$program --help"
    environment_check "$1"
    dotenv_read
    environment_folder_set "${output:-${MIGRATE_DRIFT_DIR:-storage/config-drift}}"
    if [ -z "$compare" ]; then
        write_files "$@"
        return
    fi
    [ "$#" -gt 1 ] || die 64 "--compare takes the names of two environments" "$program --help"
    [ -z "$connection" ] || die 64 "--connection and --compare do not go together" "$program --help"
    environment_check "$2"
    compare_files "$@"
}

arguments_read run "$@"
