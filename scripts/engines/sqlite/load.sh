# shellcheck shell=sh disable=SC2034,SC2154
# A schema dump into a database: into a new one, which gets its name when it is complete, or into one
# that is empty, in one transaction.
#
#   engine_load_dump FILE     runs a dump on the database, which is made if it is not there; where it
#                             fails, engine_line is the line in FILE, if it is known
#   engine_load_check FILE    fails where a dump holds more than SQL, with engine_line
#   engine_proves             true where a scratch database costs nothing: then each dump is loaded into
#                             one before it is trusted
#   engine_vacant             true when there is no database; ends the program when none can be made there
#   engine_new_begin          from here on, a new database is worked on
#   engine_new_end            gives it its name; fails with status 75 when somebody has taken that
#   engine_at NAME COMMAND... calls another function of the engine with scratch database NAME, which is
#                             empty at first
#   engine_at_end NAME        removes that database

# The journal mode cannot change in a transaction, and must not in a database that is not empty.
engine_load_dump() {
    engine_quoted=$(quote_dot "$1")
    engine_wait
    set -- ".timeout $engine_timeout" ".read $engine_quoted" "$1"
    engine_result=0
    if sed '/^[^-]/q' "$3" | grep -q '^-- journal: wal$'; then
        engine_run "$1" "$2" 'PRAGMA journal_mode = WAL' || engine_result=1
    else
        engine_run "$1" "$2" || engine_result=1
    fi
    engine_line=${extension_line-}
    return "$engine_result"
}

engine_load_check() {
    engine_scan "$1" "$scratch/found" >/dev/null && return
    read -r engine_line <"$scratch/found"
    return 1
}

engine_proves() {
    :
}

# SQLite would take a log or a journal in this place for one of the new database.
engine_vacant() {
    if engine_exists; then
        [ -f "$engine_database" ] || die 78 "the database $engine_shown is not a file"
        return 1
    fi
    [ ! -h "$engine_database" ] || die 78 "the database $engine_shown is a symbolic link that leads nowhere"
    for engine_stale in "$engine_database-wal" "$engine_database-journal"; do
        [ ! -s "$engine_stale" ] ||
            die 65 "there is no database $engine_shown, but ${engine_stale#./}, which belongs to one" \
                "bring that database back, or move the file away"
    done
}

engine_new_begin() {
    engine_place=$engine_database
    engine_database=$(mktemp "$engine_place.new.XXXXXX" 2>"$scratch/error") ||
        die 73 "cannot make a file beside $engine_shown" "check the folder, its permissions and the free space"
    scratch_file=$engine_database
}

engine_new_end() {
    mode_of_new "$engine_database" || warn "cannot set the mode of the new database"
    ln -- "$engine_database" "$engine_place" 2>"$scratch/error" || {
        if [ ! -e "$engine_place" ] && [ ! -h "$engine_place" ]; then
            die 73 "cannot give the new database its name $engine_shown" "the folder must take hard links"
        fi
        engine_status=75
        engine_message="somebody else has made $engine_shown"
        return 1
    }
    rm -f -- "$engine_database"
    scratch_file=
    engine_database=$engine_place
}

engine_at() {
    engine_at_kept=$engine_database
    engine_database=$scratch/$1.db
    shift
    engine_at_result=0
    "$@" || engine_at_result=1
    engine_database=$engine_at_kept
    return "$engine_at_result"
}

engine_at_end() {
    rm -f -- "$scratch/$1.db"
}
