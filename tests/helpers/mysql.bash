# A MariaDB or MySQL server of one test file's own: mysql_start in setup_file(), mysql_stop in
# teardown_file(), mysql_database in setup(), mysql_run to ask it.

# shellcheck source-path=SCRIPTDIR
source "${BASH_SOURCE[0]%/*}/server.bash"

# Finds the programs: $mysql_server, $mysql_client, and $mysql_installer, which MySQL has none of.
mysql_find() {
    local PATH=$PATH:/usr/sbin:/usr/libexec
    mysql_server=$(type -P mariadbd || type -P mysqld) || :
    mysql_client=$(type -P mariadb || type -P mysql) || :
    if [ -z "$mysql_server" ] || [ -z "$mysql_client" ]; then
        printf 'there is no MariaDB or MySQL server with its client on this machine\n' >&2
        return 1
    fi
    mysql_installer=$(type -P mariadb-install-db || type -P mysql_install_db || :)
}

# Starts one on a new folder, $mysql_folder. It listens at the socket $mysql_socket; with `loopback`,
# also at 127.0.0.1:$mysql_port, and at one more address. Its user is root, with the password that the option file
# $mysql_options has for clients ($mysql_password).
mysql_start() { # [loopback [<address>]]
    mysql_find || return
    export mysql_server mysql_client mysql_installer mysql_account mysql_folder mysql_password
    export mysql_options mysql_socket mysql_port=0 mysql_process='' mysql_name=''
    mysql_account=$(server_user mysql) || return
    mysql_folder=$(server_folder "$mysql_account") || return
    mysql_password=$(server_password)
    mysql_socket=$mysql_folder/socket
    mysql_options=$mysql_folder/client.cnf
    # A client of MySQL would read this one of the person who runs the tests, whatever it is told.
    export MYSQL_TEST_LOGIN_FILE=$mysql_folder/none
    mysql_create || {
        mysql_give_up
        return
    }
    for _ in {1..5}; do
        if [ "${1-}" = loopback ]; then
            mysql_port=$(server_port)
        fi
        if mysql_serve "${@:2}"; then
            return
        fi
        # One that ended by itself found its port taken, perhaps.
        if [ "${1-}" != loopback ] || server_runs "$mysql_process" "$mysql_folder/data"; then
            break
        fi
    done
    mysql_give_up
}

# Says why there is no server, and leaves nothing.
mysql_give_up() {
    cat "$mysql_folder/log" >&2
    [ ! -e "$mysql_folder/answer" ] || cat "$mysql_folder/answer" >&2
    mysql_stop || :
    return 1
}

# Makes its files. What the machine's own crash would lose is of no account; what is committed
# outlives a server that is killed.
mysql_create() (
    umask 077
    cat >"$mysql_folder/server.cnf" <<CNF
[mysqld]
datadir = $mysql_folder/data
socket = $mysql_socket
pid-file = $mysql_folder/process
tmpdir = $mysql_folder
character-set-server = utf8mb4
skip-name-resolve
skip-log-bin
max-connections = 50
performance-schema = OFF
innodb-buffer-pool-size = 16M
innodb-doublewrite = OFF
innodb-fast-shutdown = 2
innodb-flush-log-at-trx-commit = 1
innodb-flush-method = nosync
loose-innodb-redo-log-capacity = 8M
loose-mysqlx = OFF
[mariadb]
innodb-log-file-size = 4M
loose-debug-no-sync
loose-sync-frm = OFF
CNF
    cat >"$mysql_folder/accounts.sql" <<SQL
ALTER USER root@localhost IDENTIFIED BY '$mysql_password';
CREATE USER IF NOT EXISTS root@127.0.0.1;
ALTER USER root@127.0.0.1 IDENTIFIED BY '$mysql_password';
GRANT ALL ON *.* TO root@127.0.0.1 WITH GRANT OPTION;
SQL
    cat >"$mysql_options" <<CNF
[client]
user = root
password = $mysql_password
socket = $mysql_socket
CNF
    server_own "$mysql_account" "$mysql_folder/server.cnf" "$mysql_folder/accounts.sql"
    if [ -n "$mysql_installer" ]; then
        set -- "$mysql_installer" --defaults-file="$mysql_folder/server.cnf" \
            --auth-root-authentication-method=normal --skip-test-db
    else
        set -- "$mysql_server" --defaults-file="$mysql_folder/server.cnf" --initialize-insecure
    fi
    server_exec "$mysql_account" "$mysql_folder" TERM "$@" </dev/null >"$mysql_folder/log" 2>&1
)

# Starts it on the folder that is there, at $mysql_port: also after it was killed.
mysql_serve() { # [<address>]
    local network=(--skip-networking)
    if [ "$mysql_port" != 0 ]; then
        network=("--bind-address=127.0.0.1${1:+,$1}" "--port=$mysql_port")
    fi
    rm -f "$mysql_socket"
    server_exec "$mysql_account" "$mysql_folder/data" TERM "$mysql_server" \
        --defaults-file="$mysql_folder/server.cnf" "${network[@]}" --init-file="$mysql_folder/accounts.sql" \
        </dev/null >"$mysql_folder/log" 2>&1 &
    mysql_process=$!
    # A connection that comes early waits in the socket's queue until the accounts are made.
    server_wait "$mysql_process" test -S "$mysql_socket" &&
        server_wait "$mysql_process" mysql_answers
}

mysql_answers() {
    "$mysql_client" --defaults-file="$mysql_options" --connect-timeout=30 -e 'SELECT 1' >"$mysql_folder/answer" 2>&1
}

# Runs the client, on the database that mysql_database made last; rows come with tabs between.
mysql_run() { # <argument>...
    "$mysql_client" --defaults-file="$mysql_options" --batch ${mysql_name:+"--database=$mysql_name"} "$@"
}

# Makes an empty database, in place of one that has the name; mysql_run goes to it from here on.
mysql_database() { # <name>
    local quoted="\`${1//\`/\`\`}\`"
    mysql_name=
    mysql_run -e "DROP DATABASE IF EXISTS $quoted; CREATE DATABASE $quoted"
    mysql_name=$1
}

# Stops the server, with the sessions it has, and removes its folder.
mysql_stop() {
    local status=0
    if [ -n "${mysql_process-}" ]; then
        server_end "$mysql_process" "$mysql_folder/data" TERM || {
            printf 'the server of MySQL did not end by itself\n' >&2
            status=1
        }
    fi
    mysql_process=
    if [ -n "${mysql_folder-}" ]; then
        rm -rf -- "$mysql_folder"
    fi
    return "$status"
}
