# shellcheck shell=sh disable=SC2034,SC2154
# A new database in the place of an old one, as engine.sh has it: built beside it, and renamed in one
# transaction when it is complete. It has the owner, the encoding and the locale of the old one; what
# ALTER DATABASE and GRANT said about the old one stays with that.

# Has the clients go to a database that is there whatever happens to ours.
fresh_elsewhere() {
    PGDATABASE=postgres
    server_value 'SELECT 1' >/dev/null || PGDATABASE=template1
}

# Fails unless engine_exists; sets fresh_like to what the new database takes from the old one.
fresh_look() {
    fresh_like=
    engine_exists || return 0
    server_value "SELECT format('TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L OWNER %I', pg_encoding_to_char(encoding),
        datcollate, datctype, pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()" || engine_die
    fresh_like=$server_answer
}

engine_fresh_begin() {
    fresh_place=$PGDATABASE
    fresh_look
    fresh_random=$(od -An -N 4 -t x1 /dev/urandom | tr -d ' \n')
    fresh_name=$(printf '%.40s_fresh_%s' "$fresh_place" "$fresh_random")
    fresh_elsewhere
    fresh_quoted=$(server_quote_name "$fresh_name")
    server_ask "CREATE DATABASE $fresh_quoted $fresh_like" || {
        engine_message="cannot make a new database beside $engine_shown: $engine_message"
        engine_die
    }
    scratch_last=fresh_drop
    PGDATABASE=$fresh_name
    mirror_forget
}

# Drops the new database when it does not become the one.
fresh_drop() {
    fresh_elsewhere
    server_ask "DROP DATABASE IF EXISTS $fresh_quoted" || warn "the database $fresh_name is left: $engine_message"
}

engine_fresh_end() {
    engine_old=
    fresh_elsewhere
    fresh_old_quoted=$(server_quote_name "$fresh_place")
    fresh_steps="ALTER DATABASE $fresh_quoted RENAME TO $fresh_old_quoted;"
    if [ -n "$fresh_like" ]; then
        fresh_stamp=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
        engine_old=$(printf '%.46s_%s' "$fresh_place" "$fresh_stamp")
        fresh_kept=$(server_quote_name "$engine_old")
        fresh_steps="ALTER DATABASE $fresh_old_quoted RENAME TO $fresh_kept; $fresh_steps"
    fi
    server_ask "BEGIN; $fresh_steps COMMIT" || {
        [ "$server_code" != 55006 ] || engine_message="$engine_shown is in use: $engine_message
hint: stop what works with it, then start again; nothing was changed"
        return 1
    }
    scratch_last=
    PGDATABASE=$fresh_place
    mirror_forget
}
