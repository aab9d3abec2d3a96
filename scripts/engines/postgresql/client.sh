# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A database of PostgreSQL, and how it is asked. All clients (psql, pg_dump, pg_restore) get what the URL
# says from the environment of libpq, and so do the programs of a migration; a password comes from a
# file of this run (PGPASSFILE), or from where libpq looks by itself. For the other parts:
#
#   server_find PROGRAM        sets server_program to the path of a client program
#   server_tool ARGUMENT...    runs $server_program, which a signal ends; see below
#   server_run FILE OUTPUT     has psql run FILE, whose output goes to OUTPUT; see below
#   server_ask SQL             one query; its rows go to $scratch/rows as those of a view do
#   server_value SQL           sets server_answer to the one value that it gives
#   server_quote_name NAME     prints a name, or
#   server_quote TEXT          a text, as a statement takes it
#
# Those that fail return 1 and set engine_status and engine_message as all functions of the engine do;
# server_code is the SQLSTATE then, server_line the line of FILE, both empty when unknown, and server_lost
# is set when the connection ended.

. "$here/engines/server/client.sh"
. "$here/engines/postgresql/failure.sh"

engine_open() {
    export MIGRATE_DIALECT=postgresql
    extension_open "$2"
    server_find psql
    server_client=$server_program
    url_read "$1"
    server_environment
    engine_database=$1
    engine_shown=postgresql://$url_host${url_port:+:$url_port}/$url_database
    server_number lock-timeout "${MIGRATE_LOCK_TIMEOUT-}" 5000
    server_lock_timeout=$server_number
    server_number statement-timeout "${MIGRATE_STATEMENT_TIMEOUT-}" 0
    server_settings
}

# What the URL says, as libpq reads it. What it does not say is for libpq to find. Of what libpq would put
# before it, an address and the service of the environment, nothing stays.
server_environment() {
    [ -z "$url_host$url_database" ] || unset PGSERVICE
    [ -z "$url_host" ] || unset PGHOSTADDR
    [ -z "$url_host" ] || export PGHOST="$url_host"
    [ -z "$url_port" ] || export PGPORT="$url_port"
    [ -z "$url_user" ] || export PGUSER="$url_user"
    [ -z "$url_database" ] || export PGDATABASE="$url_database"
    while IFS='=' read -r server_name server_value; do
        case $server_name in
        application_name) export PGAPPNAME="$server_value" ;;
        dbname) export PGDATABASE="$server_value" ;;
        connect_timeout) export PGCONNECT_TIMEOUT="$server_value" ;;
        host | hostaddr | port | user | passfile | service | options | sslmode | sslcert | sslkey | sslrootcert | \
            sslcrl | sslcrldir | sslsni | sslcertmode | sslnegotiation | requirepeer | ssl_min_protocol_version | \
            ssl_max_protocol_version | gssencmode | krbsrvname | gsslib | gssdelegation | target_session_attrs | \
            channel_binding | load_balance_hosts | require_auth)
            server_name=$(printf '%s' "$server_name" | tr -d _ | tr "[:lower:]" "[:upper:]")
            export "PG$server_name=$server_value"
            ;;
        *) die 78 "the URL of the connection has the parameter $server_name, which cannot be used" "docs/connections.md lists those that can" ;;
        esac
    done <"$url_parameters"
    [ -n "${PGDATABASE-}${PGSERVICE-}" ] || die 78 "the URL of the connection names no database" \
        "write it behind the host: postgresql://HOST/DATABASE"
    [ ! -e "$url_password" ] || server_password
    export PGAPPNAME="${PGAPPNAME:-sqlite-migrate}" PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-10}" PGCLIENTENCODING=UTF8
    unset PGTZ PGDATESTYLE PGGEQO PSQL_EDITOR PSQL_PAGER PAGER
}

# A password file of this run, for whatever server; a colon or a backslash has a backslash before it.
server_password() {
    sed 's/[:\\]/\\&/g; s/^/*:*:*:*:/' "$url_password" >"$scratch/passwords" || die 74 "cannot write into the temporary folder"
    rm -f -- "$url_password"
    unset PGPASSWORD
    export PGPASSFILE="$scratch/passwords"
}

# What each session begins with, whatever an operation sets meanwhile. The server looks whether a client
# that says nothing is still there.
server_settings() {
    server_options="-c lock_timeout=$server_lock_timeout -c statement_timeout=$server_number -c datestyle=ISO
        -c standard_conforming_strings=on -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
    if [ -n "${MIGRATE_SCHEMA-}" ]; then
        server_path=$(server_quote_name "$MIGRATE_SCHEMA")
        server_path=$(quote_replace "$server_path." \\ \\\\)
        server_path=$(quote_replace "${server_path%.}." ' ' '\ ')
        server_options="$server_options -c search_path=${server_path%.}"
    fi
    export PGOPTIONS="${PGOPTIONS:+$PGOPTIONS }$server_options"
}

# Debian has a wrapper in the place of each program, which takes as long to start as the program itself.
server_find() {
    server_program=
    for server_file in /usr/lib/postgresql/*/bin/"$1"; do
        server_version=${server_file#/usr/lib/postgresql/}
        server_version=${server_version%%/*}
        if [ -x "$server_file" ] && { [ -z "$server_program" ] || [ "${server_version%%.*}" -gt "${server_newest%%.*}" ]; }; then
            server_program=$server_file
            server_newest=$server_version
        fi
    done
    server_file=$(command -v "$1") || server_file=
    case $server_file in
    '' | /usr/bin/*) ;;
    *) server_program= ;;
    esac
    server_program=${server_program:-$server_file}
    [ -n "$server_program" ] || die 69 "there is no $1" "install the clients of PostgreSQL (on Debian the package postgresql-client)"
}

server_run() {
    server_file=$1
    server_start "$2" "$server_client" -X -w -q -A -t -F "$server_field" -R "$server_record" -P pager=off \
        -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -f "$1"
}

server_ask() {
    printf '%s\n' "$1" >"$scratch/ask.sql" || die 74 "cannot write into the temporary folder"
    server_run "$scratch/ask.sql" "$scratch/answer" || return 1
    awk 'BEGIN { RS = "\036"; ORS = "\036" } NR > 1 { print last } { last = $0 } END { if (NR) { sub(/\n$/, "", last); print last } }' \
        "$scratch/answer" >"$scratch/rows" || die 74 "cannot write into the temporary folder"
}

server_quote_name() (
    name=$(quote_replace "$1." '"' '""')
    printf '"%s"' "${name%.}"
)

# A text with a backslash is written so that no setting of the server changes what it means.
server_quote() (
    text=$(quote_replace "$1." "'" "''")
    case $text in
    *\\*)
        text=$(quote_replace "$text" \\ \\\\)
        printf "E'%s'" "${text%.}"
        ;;
    *) printf "'%s'" "${text%.}" ;;
    esac
)

# True when the server answers and has the database; ends the program when it does not answer.
engine_exists() {
    server_value 'SELECT 1' && return
    [ "$server_code" = 3D000 ] || die "$engine_status" "$engine_message"
    return 1
}
