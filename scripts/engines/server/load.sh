# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A schema dump into a database of a server, which has to be there and to be empty: the functions that
# sqlite/load.sh lists, for the engines of servers. engine_load_dump and engine_load_check are in the part
# `load` of each.
#
# A scratch database is made on the server only where one is asked for; see copy.sh.

# Whoever can reach the server may not be able to make a database there, and it is no machine of ours.
engine_proves() {
    return 1
}

engine_vacant() {
    engine_exists || die 66 "there is no database $engine_shown" "make an empty one first"
    return 1
}

# The name of scratch database NAME is in $scratch/at.NAME.
engine_at() {
    [ -s "$scratch/at.$1" ] || load_make "$1" || return 1
    read -r copy_name <"$scratch/at.$1"
    shift
    copy_look "$copy_name"
    load_result=0
    { load_there && "$@"; } || load_result=1
    copy_back
    copy_name=
    return "$load_result"
}

engine_at_end() {
    read -r load_name <"$scratch/at.$1"
    copy_drop "$load_name" || warn "cannot remove the scratch database $load_name of $engine_shown"
    rm -f -- "$scratch/at.$1"
}

# What has not been removed goes when the program ends.
load_end() {
    for load_at in "$scratch"/at.*; do
        [ ! -s "$load_at" ] || engine_at_end "${load_at##*/at.}"
    done
    [ -z "$load_last" ] || "$load_last"
}

load_make() {
    # shellcheck source=/dev/null
    . "$here/engines/$connection_engine/snapshot.sh"
    # shellcheck source=/dev/null
    . "$here/engines/$connection_engine/copy.sh"
    copy_clean
    load_random=$(od -An -N 8 -t x1 /dev/urandom | tr -d ' \n')
    load_now=$(date -u +%Y%m%d%H%M%S) || die 69 "cannot ask for the date"
    [ "$scratch_last" = load_end ] || load_last=$scratch_last
    printf '%s\n' "migrate_scratch_${load_now}_$load_random" >"$scratch/at.$1" || die 74 "cannot write into the temporary folder"
    scratch_last=load_end
    copy_make "migrate_scratch_${load_now}_$load_random" && return
    # Somebody else has that one, or it may not be made.
    case $server_code:$engine_status in
    42P04:* | 1007:* | *:77) rm -f -- "$scratch/at.$1" ;;
    *) ;;
    esac
    return 1
}

# Fails where the connection names its database in a way that nothing here can change.
load_there() {
    server_value "SELECT $load_database" || return 1
    [ "$server_answer" = "$copy_name" ] && return
    engine_status=78
    engine_message="the connection leads to the database $server_answer only
hint: a service file or an option file names it: name it in the URL instead"
    return 1
}
