# shellcheck shell=sh disable=SC2034,SC2154
# A new database in the place of an old one, as engine.sh has it. A database of MySQL cannot get another
# name, so the new one is built beside the old one, and copied over it when it is complete; the old one is
# kept as a snapshot, which is taken and verified before anything of it is dropped.

# Has the client go to a database that is there whatever happens to ours.
fresh_elsewhere() {
    url_database=information_schema
}

# Has the client, and the tracking table, be in database $1.
fresh_go() {
    [ "$MIGRATE_SCHEMA" != "$fresh_now" ] || MIGRATE_SCHEMA=$1
    url_database=$1
    fresh_now=$1
    mirror_forget
}

# Sets fresh_like to what the new database takes from the old one; it is empty when there is none.
fresh_look() {
    fresh_like=
    engine_exists || return 0
    server_value "SELECT concat('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name)
        FROM information_schema.schemata WHERE schema_name = database()" || engine_die
    fresh_like=$server_answer
}

engine_fresh_begin() {
    fresh_place=$url_database
    fresh_now=$url_database
    fresh_look
    fresh_random=$(od -An -N 4 -t x1 /dev/urandom | tr -d ' \n')
    fresh_name=$(printf '%.48s_fresh_%s' "$fresh_place" "$fresh_random")
    fresh_elsewhere
    fresh_quoted=$(server_quote_name "$fresh_name")
    server_ask "CREATE DATABASE $fresh_quoted $fresh_like" || {
        engine_message="cannot make a new database beside $engine_shown: $engine_message"
        engine_die
    }
    scratch_last=fresh_drop
    fresh_go "$fresh_name"
}

fresh_drop() {
    fresh_elsewhere
    server_ask "DROP DATABASE IF EXISTS $fresh_quoted" || warn "the database $fresh_name is left: $engine_message"
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
    fresh_dump || return 1
    if [ -n "$fresh_like" ]; then
        # shellcheck source=../../lib/child.sh
        . "$here/lib/child.sh"
        (MIGRATE_SCHEMA=$fresh_place && export MIGRATE_SCHEMA && child_snapshot before-fresh "before $program fresh" && printf '%s' "$child_path" >"$scratch/kept") ||
            die "$?" "nothing was changed, for there is no snapshot of $engine_shown" "backup-database.sh says why"
        engine_old=$(cat -- "$scratch/kept")
    fi
    fresh_elsewhere
    fresh_old_quoted=$(server_quote_name "$fresh_place")
    server_ask "DROP DATABASE IF EXISTS $fresh_old_quoted; CREATE DATABASE $fresh_old_quoted $fresh_like" || return 1
    fresh_go "$fresh_place"
    server_run "$scratch/fresh.sql" "$scratch/answer" || {
        engine_message="$engine_message
hint: $engine_shown is incomplete; restore-database.sh brings back ${engine_old:-what was there}"
        return 1
    }
    fresh_drop
    scratch_last=
    url_database=$fresh_place
}
