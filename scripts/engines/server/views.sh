# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What there is to read of a server's database: the views of SQLite on the mirror. One reading of the
# server serves all views of a command, until something has changed it.

. "$here/engines/sqlite/view.sh"
. "$here/engines/server/mirror.sh"

# Runs the query of view $1 with argument $2 on the mirror, in mode $3 of the shell.
views_read() {
    if [ "$1" = empty ]; then
        server_value "$session_empty" || return 1
        printf '%s\036' "$server_answer" >"$scratch/rows"
        return
    fi
    [ -n "$mirror_fresh" ] || mirror_load || return 1
    views_sql=$(view_query "$1" "$2")
    extension_mode=$3
    views_result=0
    extension_call "$scratch/mirror" "$views_sql" || views_result=1
    extension_mode=-ascii
    return "$views_result"
}

engine_rows() {
    views_read "$1" "${2-}" -ascii
}

engine_json() {
    views_read "$1" "${2-}" -json || return 1
    [ -s "$scratch/rows" ] || printf '[]\n' >"$scratch/rows"
}
