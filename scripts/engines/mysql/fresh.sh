# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# A new database in the place of an old one; server/fresh.sh says what is in here. A database of MySQL cannot
# get another name, so the new one is copied over the old one when it is complete; the old one is kept as a
# snapshot, which is taken and verified before anything of it is dropped.

. "$here/engines/mysql/sight.sh"

fresh_look() {
    fresh_place=$url_database
    fresh_schema=
    [ "$MIGRATE_SCHEMA" = "$fresh_place" ] || fresh_schema=$MIGRATE_SCHEMA
    fresh_like=
    engine_exists || {
        # Some database that is there, to make ours from.
        url_database=information_schema
        return 0
    }
    copy_properties || engine_die
    fresh_like=$copy_like
}

fresh_make() {
    copy_say "CREATE DATABASE $1 $fresh_like"
}

# The tracking table goes with the database, unless it is kept in another one.
fresh_go() {
    url_database=$1
    export MIGRATE_SCHEMA="${fresh_schema:-$1}"
}

# The content of the new database, as SQL that has been written to its end.
fresh_dump() {
    server_find mariadb-dump mysqldump
    server_start "$scratch/fresh.sql" "$server_program" --defaults-file="$scratch/options" --single-transaction --quick \
        --routines --triggers --events --hex-blob --no-tablespaces --default-character-set=utf8mb4 "$fresh_name" || return 1
    tail -n 1 "$scratch/fresh.sql" | grep -q '^-- Dump completed' && return
    engine_status=74
    engine_message="${server_program##*/} has not written all of the new database
hint: check TMPDIR and the free space; nothing was changed"
    return 1
}

engine_fresh_end() {
    engine_old=
    [ -z "$fresh_like" ] || sight_all "$fresh_place" || return 1
    fresh_dump || return 1
    if [ -n "$fresh_like" ]; then
        # shellcheck source=../../lib/child.sh
        . "$here/lib/child.sh"
        (fresh_go "$fresh_place" && child_snapshot before-fresh "before $program fresh" && printf '%s' "$child_path" >"$scratch/kept") ||
            die "$?" "nothing was changed, for there is no snapshot of $engine_shown" "backup-database.sh says why"
        engine_old=$(cat -- "$scratch/kept")
    fi
    copy_anew "$fresh_place" "$fresh_like" "$scratch/fresh.sql" || {
        engine_message="$engine_message
hint: $engine_shown is incomplete; restore-database.sh brings back ${engine_old:-what was there}"
        return 1
    }
    fresh_drop
    fresh_done
}
