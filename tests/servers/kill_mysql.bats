#!/usr/bin/env bats
# Runs on MySQL that are killed, or lose what they need, at a random moment or in the middle of a statement.

load ../helpers/migrate
load kill

@test "mysql: what is left of a run whose session is ended is true, and is settled by repair" {
    prepare mysql
    hit_runs kill_backend nothing 69
}

@test "mysql: what is left of a run whose client is killed is true, and is settled by repair" {
    prepare mysql
    hit_runs kill_client nothing 69
}

@test "mysql: what is left of a run that is killed is true, and is settled by repair" {
    prepare mysql
    hit_runs kill_script own_folders 137
}

@test "mysql: a run that a signal ends does so at once, and what is left of it is true" {
    prepare mysql
    hit_runs interrupt_script nothing '130 143'
}

@test "mysql: a signal stops the statement that is at work, and its operation is left running" {
    long_operation mysql
    signal_run INT 130 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: Query execution was interrupted
hint: sqlite-migrate status says what was kept of it'
    [ "$(fault_states)" = '1 completed
2 running' ]
    "$front" repair 2 rollback -q
    ask 'DROP TABLE two'
    signal_run TERM 143 'sqlite-migrate: warning: Query execution was interrupted'
    [ "$(fault_states)" = '1 completed
2 running' ]
    [ "$(ask 'SHOW TABLES LIKE "t%"')" = two ]
}

@test "mysql: what is left of a run whose server is killed is true, and is settled by repair" {
    runs=$(((runs + 4) / 5))
    prepare mysql
    hit_runs kill_server nothing 69
}

@test "mysql: a signal stops the statement that is at work, whatever shell runs the script" {
    local shell
    long_operation mysql
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        signal_run TERM 143 'sqlite-migrate: warning: Query execution was interrupted'
        "$front" repair 2 rollback -q
        ask 'DROP TABLE two'
    done
}

@test "mysql: a connection that is lost in the middle of an operation is told, and it is left running" {
    long_operation mysql
    lose_run 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: the connection to mysql://localhost/app was lost
hint: sqlite-migrate status says what was kept of it'
    [ "$(fault_states)" = '1 completed
2 running' ]
    [ "$(ask 'SHOW TABLES LIKE "t%"')" = two ]
}

@test "mysql: while the server is at work for a client that was killed, the next run does not begin" {
    long_operation mysql
    orphan_statement mariadb mysql://localhost/app
    ask 'DROP TABLE two'
    "$front" repair 2 rollback -q
    "$front" up -q >/dev/null
    [ "$(fault_states)" = '1 completed
2 completed' ]
}

@test "mysql: a connection that is lost while the state is read is told" {
    fault_start mysql
    lose_reader 'LOCK TABLES app.migration_log WRITE' 'sqlite-migrate: the connection to mysql://localhost/app was lost
hint: check whether the server runs, and run again'
}

@test "mysql: a server that is not there is told" {
    fault_start mysql
    operation 0001 TASK-1 create-one 'CREATE TABLE one (x integer);'
    mysql_stop
    for command in up status 'repair 1 completed' verify script; do
        # shellcheck disable=SC2086 # words of a command
        run --separate-stderr -69 "$front" $command
        [ "$output" = "" ]
        [ "$stderr" = "sqlite-migrate: cannot connect to mysql://localhost/app: Can't connect to local server through socket '$mysql_socket' (2)
hint: check the URL, and whether the server runs" ]
    done
    nothing
}
