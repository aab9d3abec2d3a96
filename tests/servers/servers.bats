#!/usr/bin/env bats
# The servers that other tests ask: they start, answer, keep to this machine, and are gone afterwards.

bats_require_minimum_version 1.8.0

load ../helpers/postgresql
load ../helpers/mysql
load listens

# Both are there for the whole file, and every test has databases of its own names.
setup_file() {
    postgresql_start loopback
    mysql_start loopback
}

teardown_file() {
    local status=0
    postgresql_stop || status=1
    mysql_stop || status=1
    return "$status"
}

# The user and the capabilities of a process.
rights() { # <process>
    awk '$1 == "Uid:" { print $2, $3, $4, $5 } $1 ~ /^Cap(Prm|Eff)/ { print $2 }' "/proc/$1/status"
}

# What rights() says of a process without any that belongs to that account.
no_rights() { # <account>
    local user
    user=$(id -u "$1")
    printf '%s\n' "$user $user $user $user" 0000000000000000 0000000000000000
}

@test "postgresql: a client that is told nothing gets to the server, and a test has a database of its own" {
    postgresql_database one
    psql -X -q -c 'CREATE TABLE t (x int)' -c 'INSERT INTO t VALUES (1)'
    [ "$(psql -X -A -t -c 'SELECT current_database(), x FROM t')" = "one|1" ]
    postgresql_database "o'n\"e two"
    [ "$(psql -X -A -t -c "SELECT current_database(), to_regclass('t') IS NULL")" = "o'n\"e two|t" ]
    postgresql_database one
    [ "$(psql -X -A -t -c "SELECT to_regclass('t') IS NULL")" = t ]
}

@test "postgresql: at the loopback address it asks for the password" {
    [ "$(psql -X -h 127.0.0.1 -A -t -c 'SELECT inet_server_addr()')" = 127.0.0.1 ]
    run --separate-stderr -2 env -u PGPASSFILE HOME="$BATS_TEST_TMPDIR" psql -X -w -h 127.0.0.1 -c 'SELECT 1'
    [ "$output" = "" ]
    [[ "$stderr" = *"fe_sendauth: no password supplied" ]]
}

@test "postgresql: it listens at its socket and at the loopback address, and has no rights" {
    [ "$(listens "$postgresql_process")" = "$postgresql_folder/.s.PGSQL.$PGPORT
127.0.0.1:$PGPORT" ]
    [ "$(rights "$postgresql_process")" = "$(no_rights "$postgresql_account")" ]
    [ "$(id -u "$postgresql_account")" != 0 ]
}

@test "mysql: mysql_run gets to the server, and a test has a database of its own" {
    mysql_database one
    mysql_run -e 'CREATE TABLE t (x int); INSERT INTO t VALUES (1)'
    [ "$(mysql_run -N -e 'SELECT database(), x FROM t')" = "one	1" ]
    mysql_database "o'n\`e two"
    [ "$(mysql_run -N -e 'SELECT database(); SHOW TABLES')" = "o'n\`e two" ]
    mysql_database one
    [ "$(mysql_run -N -e 'SHOW TABLES')" = "" ]
}

@test "mysql: it asks for the password, which only its owner can read" {
    [ "$(mysql_run -h 127.0.0.1 -P "$mysql_port" -N -e 'SELECT current_user()')" = root@127.0.0.1 ]
    [ "$(stat -c %a "$mysql_options")" = 600 ]
    run --separate-stderr -1 "$mysql_client" --no-defaults -u root -S "$mysql_socket" -e 'SELECT 1'
    [ "$stderr" = "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)" ]
    run --separate-stderr -1 "$mysql_client" --no-defaults -u root -h 127.0.0.1 -P "$mysql_port" -e 'SELECT 1'
    [ "$stderr" = "ERROR 1045 (28000): Access denied for user 'root'@'127.0.0.1' (using password: NO)" ]
}

@test "mysql: it listens at its socket and at the loopback address, and has no rights" {
    [ "$(listens "$mysql_process")" = "$mysql_socket
127.0.0.1:$mysql_port" ]
    [ "$(rights "$mysql_process")" = "$(no_rights "$mysql_account")" ]
    [ "$(id -u "$mysql_account")" != 0 ]
}
