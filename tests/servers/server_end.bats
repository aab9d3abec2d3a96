#!/usr/bin/env bats
# How the servers of tests begin and end: each test has one of its own.

bats_require_minimum_version 1.8.0
load ../helpers/postgresql
load ../helpers/mysql
load listens

teardown() {
    local status=0
    postgresql_stop || status=1
    mysql_stop || status=1
    [ -z "${listener-}" ] || kill "$listener"
    return "$status"
}

# Has the port found that somebody listens at, and after it one that is free.
port_of_two() {
    cd "$BATS_TEST_TMPDIR" || return
    server_port >free
    mkfifo taken
    python3 -c 'import socket, sys
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
sys.stdin.read()' 0<> <(:) >taken 3>&- &
    listener=$!
    read -r -t 30 port <taken
    printf '%s\n' "$port" "$(cat free)" >ports
    # shellcheck disable=SC2317 # the helpers call it
    server_port() {
        head -n 1 "$BATS_TEST_TMPDIR/ports"
        sed -i 1d "$BATS_TEST_TMPDIR/ports"
    }
}

@test "postgresql: without loopback only the socket is there; after the stop, neither process nor folder" {
    local process folder
    postgresql_start
    process=$postgresql_process
    folder=$postgresql_folder
    [ "$(listens "$process")" = "$folder/.s.PGSQL.5432" ]
    # A session that is open does not hold it up.
    coproc psql -X -A -t
    printf 'SELECT 7;\n' >&"${COPROC[1]}"
    read -r -t 30 -u "${COPROC[0]}" answer
    [ "$answer" = 7 ]
    postgresql_stop
    run ! kill -0 "$process"
    [ ! -e "$folder" ]
}

@test "postgresql: a server that went down comes back with its rows" {
    postgresql_start
    psql -X -q -c 'CREATE TABLE t (x int)' -c 'INSERT INTO t VALUES (1)'
    server_end "$postgresql_process" "$postgresql_folder/data" QUIT
    run --separate-stderr -2 psql -X -c 'SELECT 1'
    postgresql_serve
    [ "$(psql -X -A -t -c 'SELECT x FROM t')" = 1 ]
}

@test "postgresql: it takes another port when somebody was faster" {
    port_of_two
    postgresql_start loopback
    [ "$PGPORT" = "$(cat "$BATS_TEST_TMPDIR/free")" ]
    [ "$(psql -X -h 127.0.0.1 -A -t -c 'SELECT inet_server_port()')" = "$PGPORT" ]
}

@test "postgresql: a server that cannot start says why, and leaves nothing" {
    export TMPDIR=/tmp/migrate-$$
    mkdir "$TMPDIR"
    chmod a+x "$TMPDIR"
    # shellcheck disable=SC2317 # postgresql_start calls it
    postgresql_create() {
        printf 'no space\n' >"$postgresql_folder/log"
        return 1
    }
    run --separate-stderr -1 postgresql_start
    [ "$output" = "" ]
    [ "$stderr" = "no space" ]
    rmdir "$TMPDIR"
}

@test "mysql: without loopback only the socket is there; after the stop, neither process nor folder" {
    local process folder
    mysql_start
    process=$mysql_process
    folder=$mysql_folder
    [ "$(listens "$process")" = "$folder/socket" ]
    # A session that is open does not hold it up.
    coproc "$mysql_client" --defaults-file="$mysql_options" --batch --skip-column-names --unbuffered
    printf 'SELECT 7;\n' >&"${COPROC[1]}"
    read -r -t 30 -u "${COPROC[0]}" answer
    [ "$answer" = 7 ]
    mysql_stop
    run ! kill -0 "$process"
    [ ! -e "$folder" ]
}

@test "mysql: a server that was killed comes back with its rows" {
    mysql_start
    mysql_database one
    mysql_run -e 'CREATE TABLE t (x int); INSERT INTO t VALUES (1)'
    server_end "$mysql_process" "$mysql_folder/data" KILL
    run --separate-stderr -1 mysql_run -e 'SELECT 1'
    mysql_serve
    [ "$(mysql_run -N -e 'SELECT x FROM t')" = 1 ]
}

@test "mysql: it takes another port when somebody was faster" {
    port_of_two
    mysql_start loopback
    [ "$mysql_port" = "$(cat "$BATS_TEST_TMPDIR/free")" ]
    [ "$(mysql_run -h 127.0.0.1 -P "$mysql_port" -N -e 'SELECT @@port')" = "$mysql_port" ]
}

@test "mysql: a server that cannot start says why, and leaves nothing" {
    export TMPDIR=/tmp/migrate-$$
    mkdir "$TMPDIR"
    chmod a+x "$TMPDIR"
    # shellcheck disable=SC2317 # mysql_start calls it
    mysql_create() {
        printf 'no space\n' >"$mysql_folder/log"
        return 1
    }
    run --separate-stderr -1 mysql_start
    [ "$output" = "" ]
    [ "$stderr" = "no space" ]
    rmdir "$TMPDIR"
}

@test "server: it ends when the shell that started it is killed" {
    local shell process folder
    # shellcheck disable=SC2016 # the inner shell expands these
    bash -c 'source "$1/mysql.bash"
        mysql_start
        printf "%s %s\n" "$mysql_process" "$mysql_folder" >"$2.part"
        mv "$2.part" "$2"
        read -r _' bash "$BATS_TEST_DIRNAME/../helpers" "$BATS_TEST_TMPDIR/started" 0<> <(:) 3>&- &
    shell=$!
    server_wait "$shell" test -e "$BATS_TEST_TMPDIR/started"
    read -r process folder <"$BATS_TEST_TMPDIR/started"
    server_runs "$process" "$folder/data"
    kill -KILL "$shell"
    # To wait for its end is to send it nothing.
    server_end "$process" "$folder/data" 0
    rm -rf "$folder"
}

@test "server: one that does not end when it is told is killed, which is a failure" {
    local process
    cd "$BATS_TEST_TMPDIR"
    mkfifo ready
    bash -c 'trap "" TERM; echo >ready; read -r _' 0<> <(:) 3>&- &
    process=$!
    read -r -t 30 _ <ready
    run -1 server_end "$process" "$BATS_TEST_TMPDIR" TERM 0
    [ "$output" = "" ]
    run ! server_runs "$process" "$BATS_TEST_TMPDIR"
}

@test "server: a process elsewhere that has its number by now is let live" {
    local process
    cd "$BATS_TEST_TMPDIR"
    mkdir data
    bash -c 'read -r _' 0<> <(:) 3>&- &
    process=$!
    run -0 server_end "$process" "$BATS_TEST_TMPDIR/data" KILL
    kill -0 "$process"
    kill -KILL "$process"
    wait "$process" 2>/dev/null || :
}

@test "server: a folder whose path is too long for a socket is passed over" {
    local long=$BATS_TEST_TMPDIR/a-folder-whose-name-is-longer-than-any-that-a-person-would-think-of folder
    mkdir "$long"
    folder=$(TMPDIR=$long server_folder "$(id -un)")
    rmdir "$folder"
    [ "${folder%.*}" = /tmp/migrate ]
}
