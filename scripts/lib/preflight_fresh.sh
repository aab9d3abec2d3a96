# shellcheck shell=sh disable=SC2034,SC2154
# The checks that begin with an empty scratch database: all operations of the folder with the seeds, down and up
# again, and the schema dump against them. The scratch databases are those of the part `load` of the engine.

anew_state= # of the database `fresh`: nothing, made, or broken
anew_seeds=

# What a dump would bring, in the scratch database of a server.
anew_furnish() {
    copy_furnish "$copy_name"
}

# Makes it, once, and fills it with the seeds. A folder that starts later begins with the dump.
anew_make() {
    case $anew_state in
    made) return ;;
    broken) return 1 ;;
    *) anew_state=broken ;;
    esac
    trip_where=fresh
    anew_begin && trip_up || return 1
    anew_state=made
    set -- database/seeds/*.sql
    if [ ! -f "$1" ]; then
        anew_seeds='; there are no seeds'
    elif trip_call seed_try; then
        anew_seeds=", seeds: $#"
    else
        preflight_blame
    fi
}

# Sets anew_start to the version that the folder starts after, or 0.
anew_starts() {
    anew_start=0
    anew_file=${MIGRATIONS_DIR:-migrations}/.starts-after
    [ ! -f "$anew_file" ] || read -r anew_start <"$anew_file" || :
    anew_start=${anew_start%%[!0-9]*}
    : "${anew_start:=0}"
}

# Loads the dump where the folder starts with one.
anew_begin() {
    anew_starts
    if [ "$anew_start" -eq 0 ]; then
        if [ "$connection_engine" = sqlite ] || trip_call anew_furnish; then
            return
        fi
        preflight_blame
        return 1
    fi
    dumped_open || {
        preflight_find error "the folder starts after version $anew_start, and there is no dump to begin with: $dumped_reason" \
            "schema-dump.sh writes it; --schema-file names another file"
        return 1
    }
    trip_call engine_load_dump "$scratch/dump.sql" || {
        preflight_blame "cannot load the dump $dumped_file: "
        return 1
    }
}

fresh_check() {
    anew_make || return 0
    preflight_summary="operations: $trip_count"
    [ "$anew_start" -eq 0 ] || preflight_summary="the dump, then $preflight_summary"
    preflight_summary=$preflight_summary$anew_seeds
}

# Down and up again, with the rows of the seeds in it.
round_trip_check() {
    anew_before=$anew_state
    if ! anew_make; then
        [ -z "$anew_before" ] || preflight_skip "fresh has not come to its end"
        return 0
    fi
    trip_where=fresh
    if [ "$trip_above" -eq 0 ] && [ "$trip_count" -gt 0 ]; then
        preflight_skip "the last operation, $trip_floor_name, has no down file"
    elif [ "$trip_count" -eq 0 ]; then
        preflight_skip "there is no operation"
    elif trip_down_and_up; then
        preflight_summary=$(trip_depth)
    fi
}
