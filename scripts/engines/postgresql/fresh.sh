# shellcheck shell=sh disable=SC2034,SC2154
# A new database in the place of an old one; server/fresh.sh says what is in here. One transaction gives both
# their names. The new one has the owner, the encoding and the locale of the old one; what ALTER DATABASE and
# GRANT said about the old one stays with that.

fresh_look() {
    fresh_place=$PGDATABASE
    fresh_like=
    engine_exists || return 0
    server_value "SELECT format('TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L OWNER %I', pg_encoding_to_char(encoding),
        datcollate, datctype, pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()" || engine_die
    fresh_like=$server_answer
}

fresh_make() {
    copy_outside "CREATE DATABASE $1 $fresh_like;" && copy_furnish "$1"
}

fresh_go() {
    export PGDATABASE="$1"
}

engine_fresh_end() {
    engine_old=
    fresh_quoted=$(server_quote_name "$fresh_place")
    fresh_steps="ALTER DATABASE $fresh_name RENAME TO $fresh_quoted;"
    if [ -n "$fresh_like" ]; then
        engine_old=$(copy_old_name "$fresh_place" '') || exit
        engine_old=${engine_old%.}
        fresh_kept=$(server_quote_name "$engine_old")
        fresh_steps="ALTER DATABASE $fresh_quoted RENAME TO $fresh_kept; $fresh_steps"
    fi
    copy_outside "BEGIN; $fresh_steps COMMIT;" || {
        [ "$server_code" != 55006 ] || engine_message="$engine_shown is in use: $engine_message
hint: stop what works with it, then start again; nothing was changed"
        return 1
    }
    fresh_done
}
