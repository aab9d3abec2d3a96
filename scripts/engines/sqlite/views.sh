# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What there is to read of a database, as rows and as JSON.

. "$here/engines/sqlite/view.sh"

engine_rows() {
    engine_sql=$(view_query "$1" "${2-}")
    engine_read "$engine_sql"
}

# The shell's own JSON, which has no line where there is no row.
engine_json() {
    engine_sql=$(view_query "$1" "${2-}")
    extension_mode=-json
    engine_json_result=0
    engine_read "$engine_sql" || engine_json_result=1
    extension_mode=-ascii
    [ -s "$scratch/rows" ] || printf '[]\n' >"$scratch/rows"
    return "$engine_json_result"
}
