# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A schema dump into a database of PostgreSQL, by psql: all of it or nothing, for a dump is one transaction.

. "$here/engines/server/load.sh"

load_database='current_database()'

# A psql that can be told to obey no commands is told so, in the place of the one command that a dump has,
# which says what server_run says, too.
engine_load_dump() {
    case $("$server_client" --help=commands 2>/dev/null) in
    *'\restrict '*)
        load_random=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
        load_first="\\\\restrict $load_random"
        sed "1,/^[^-]/s/^\\\\set ON_ERROR_STOP on\$/$load_first/" "$1" >"$scratch/load.sql" || die 74 "cannot write into the temporary folder"
        ;;
    *) cp -- "$1" "$scratch/load.sql" || die 74 "cannot write into the temporary folder" ;;
    esac
    load_result=0
    server_run "$scratch/load.sql" "$scratch/answer" || load_result=1
    engine_line=$server_line
    return "$load_result"
}

engine_load_check() {
    engine_line=$(awk "$schema_scan"'
        $0 == "\\set ON_ERROR_STOP on" && !seen++ { next }
        { scan($0) }
        command { print NR; exit }' "$1")
    [ -z "$engine_line" ]
}
