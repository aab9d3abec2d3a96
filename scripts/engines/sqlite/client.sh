# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A database of SQLite, and how it is asked.

. "$here/lib/extension.sh"

engine_open() {
    [ -z "${server_option-}" ] || die 64 "option $server_option is for servers, and the connection is a file of SQLite" "sqlite-migrate help"
    engine_database=$1
    engine_shown=${1#./}
    engine_programs=$2
    extension_open "$2"
}

engine_exists() {
    [ -e "$engine_database" ]
}

# Runs SQL with the extension loaded; what the database prints goes to $scratch/rows.
engine_call() {
    extension_call "$engine_database" "$@"
}

# The same for what may take its time.
engine_run() {
    extension_run "$engine_database" "$@"
}

# Reads: a database that is not there is read as an empty one, and not made.
engine_read() {
    engine_kept=$engine_database
    engine_exists || engine_database=:memory:
    engine_read_result=0
    engine_call "$1" || engine_read_result=1
    engine_database=$engine_kept
    return "$engine_read_result"
}

# Sets engine_timeout to the milliseconds of option `lock_timeout`.
engine_wait() {
    case ${MIGRATE_LOCK_TIMEOUT-} in
    '' | *[!0-9]*) engine_timeout=5000 ;;
    *) engine_timeout=$MIGRATE_LOCK_TIMEOUT ;;
    esac
}

# Reads what takes more than one statement, all of the same moment, of a database that is there. Waits
# for writers as long as option `lock_timeout` says.
engine_look() {
    engine_wait
    engine_call ".timeout $engine_timeout" "BEGIN; $1; COMMIT"
}

engine_version() {
    engine_call 'SELECT migrate_version()'
}
