# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A schema dump into a database of MySQL or MariaDB. Nothing there takes back what has been made: where a
# statement fails, the ones before it stay.

. "$here/engines/server/load.sh"

load_database='database()'

# A dump that fails in its first statements has made nothing.
engine_load_dump() {
    server_start "$scratch/answer" load_feed "$1" && return
    engine_line=$server_line
    load_status=$engine_status
    load_message=$engine_message
    engine_left="$engine_shown may be incomplete: DROP DATABASE and CREATE DATABASE make it empty again"
    if engine_dump_objects; then
        load_count=$(grep -c . "$scratch/rows") || :
        if [ "$load_count" = 0 ]; then
            engine_left=
        else
            engine_left="$engine_shown is incomplete, it has $load_count objects: DROP DATABASE and CREATE DATABASE make it empty again"
        fi
    fi
    engine_status=$load_status
    engine_message=$load_message
    return 1
}

# In binary mode, the client obeys no command but DELIMITER, and changes no line end. Comments belong to
# the bodies of routines.
load_feed() {
    exec "$server_client" --defaults-file="$scratch/options" --batch --skip-column-names --skip-force --binary-mode --comments \
        --default-character-set=utf8mb4 --skip-reconnect --skip-auto-rehash --skip-show-warnings --database="$url_database" <"$1"
}

# There is nothing that the client would obey.
engine_load_check() {
    :
}
