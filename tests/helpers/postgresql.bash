# A PostgreSQL server of one test file's own, and its environment: postgresql_start in setup_file(),
# postgresql_stop in teardown_file(), postgresql_database in setup().

# shellcheck source-path=SCRIPTDIR
source "${BASH_SOURCE[0]%/*}/server.bash"

# Finds the folder of the server's programs, $postgresql_programs, and the client, $postgresql_client.
postgresql_find() {
    postgresql_find_programs || return
    postgresql_client=$postgresql_programs/psql
    [ -x "$postgresql_client" ] || postgresql_client=$(type -P psql) || {
        printf 'there is no psql on this machine\n' >&2
        return 1
    }
}

postgresql_find_programs() {
    local folder version newest=0
    postgresql_programs=$(type -P postgres) || :
    postgresql_programs=${postgresql_programs%/*}
    if [ -n "$postgresql_programs" ] && [ -x "$postgresql_programs/initdb" ]; then
        return
    fi
    # Debian keeps them off the PATH, and so do others where several versions stand side by side: the newest.
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql*; do
        version=${folder//[!0-9]/}
        if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ] && [ "$version" -gt "$newest" ]; then
            newest=$version
            postgresql_programs=$folder
        fi
    done
    if [ "$newest" = 0 ]; then
        printf 'there is no PostgreSQL server on this machine\n' >&2
        return 1
    fi
}

# Starts one on a new folder, $postgresql_folder. From here on, clients reach it by its socket as the
# superuser `tester`; with `loopback`, also at 127.0.0.1:$PGPORT with $postgresql_password, and at one more
# address.
postgresql_start() { # [loopback [<address>]]
    local name
    for name in "${!PG@}"; do
        unset "$name"
    done
    postgresql_find || return
    export postgresql_programs postgresql_client postgresql_account postgresql_folder postgresql_password
    export postgresql_process=''
    export PGHOST PGPORT=5432 PGUSER=tester PGDATABASE=postgres PGPASSFILE
    postgresql_account=$(server_user postgres) || return
    postgresql_folder=$(server_folder "$postgresql_account") || return
    postgresql_password=$(server_password)
    PGHOST=$postgresql_folder
    PGPASSFILE=$postgresql_folder/passwords
    postgresql_create || {
        postgresql_give_up
        return
    }
    for _ in {1..5}; do
        if [ "${1-}" = loopback ]; then
            PGPORT=$(server_port)
        fi
        if postgresql_serve "$@"; then
            return
        fi
        # One that ended by itself found its port taken, perhaps.
        if [ "${1-}" != loopback ] || server_runs "$postgresql_process" "$postgresql_folder/data"; then
            break
        fi
    done
    postgresql_give_up
}

# Says why there is no server, and leaves nothing.
postgresql_give_up() {
    cat "$postgresql_folder/log" >&2
    postgresql_stop || :
    return 1
}

# Makes its files. What the machine's own crash would lose is of no account; what is committed
# outlives a server that is killed.
postgresql_create() {
    (
        umask 077
        printf '%s\n' "$postgresql_password" >"$postgresql_folder/password"
        printf '*:*:*:%s:%s\n' "$PGUSER" "$postgresql_password" >"$PGPASSFILE"
        server_own "$postgresql_account" "$postgresql_folder/password"
        server_exec "$postgresql_account" "$postgresql_folder" TERM "$postgresql_programs/initdb" \
            --pgdata="$postgresql_folder/data" --username="$PGUSER" --pwfile="$postgresql_folder/password" \
            --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C --wal-segsize=1 \
            --no-sync --no-instructions </dev/null >"$postgresql_folder/log" 2>&1
    ) || return
    cat >>"$postgresql_folder/data/postgresql.conf" <<CONF
unix_socket_directories = '$postgresql_folder'
unix_socket_permissions = 0700
dynamic_shared_memory_type = mmap
shared_buffers = 16MB
max_connections = 50
fsync = off
full_page_writes = off
autovacuum = off
jit = off
CONF
}

# Starts it on the folder that is there, at $PGPORT: also after it was killed.
postgresql_serve() { # [loopback [<address>]]
    local addresses=
    if [ "${1-}" = loopback ]; then
        addresses=127.0.0.1${2:+,$2}
    fi
    server_exec "$postgresql_account" "$postgresql_folder/data" INT "$postgresql_programs/postgres" \
        -D "$postgresql_folder/data" -c "port=$PGPORT" -c "listen_addresses=$addresses" \
        </dev/null >"$postgresql_folder/log" 2>&1 &
    postgresql_process=$!
    server_wait "$postgresql_process" postgresql_ready &&
        "$postgresql_client" -X -q -A -t -c 'SELECT 1' postgres >/dev/null
}

# True when the server has written into its lock file that it takes connections.
postgresql_ready() {
    local lines=()
    { mapfile -t lines <"$postgresql_folder/data/postmaster.pid"; } 2>/dev/null || :
    [[ ${lines[0]-} = "$postgresql_process" && ${lines[7]-} = ready* ]]
}

# Makes an empty database, in place of one that has the name; clients go to it from here on.
postgresql_database() { # <name>
    "$postgresql_client" -X -q -v ON_ERROR_STOP=1 -v "name=$1" postgres <<'SQL'
SET client_min_messages = warning;
DROP DATABASE IF EXISTS :"name" WITH (FORCE);
CREATE DATABASE :"name";
SQL
    export PGDATABASE=$1
}

# Stops the server, with the sessions it has, and removes its folder.
postgresql_stop() {
    local status=0
    if [ -n "${postgresql_process-}" ]; then
        server_end "$postgresql_process" "$postgresql_folder/data" INT || {
            printf 'PostgreSQL did not end by itself\n' >&2
            status=1
        }
    fi
    postgresql_process=
    if [ -n "${postgresql_folder-}" ]; then
        rm -rf -- "$postgresql_folder"
    fi
    return "$status"
}
