#!/usr/bin/env bats
# Runs on PostgreSQL that are killed, or lose what they need, at a random moment or in the middle of a statement.

load ../helpers/migrate
load kill

@test "postgresql: what is left of a run whose session is ended is true, and the next run completes" {
    prepare postgresql
    hit_runs kill_backend nothing 69
}

@test "postgresql: what is left of a run whose client is killed is true, and the next run completes" {
    prepare postgresql
    hit_runs kill_client nothing 69
}

@test "postgresql: what is left of a run that is killed is true, and the next run completes" {
    prepare postgresql
    hit_runs kill_script own_folders 137
}

@test "postgresql: a run that a signal ends does so at once, and what is left of it is true" {
    prepare postgresql
    hit_runs interrupt_script nothing '130 143'
}

@test "postgresql: a signal cancels the statement that is at work, and nothing of its operation is kept" {
    long_operation postgresql
    signal_run INT 130 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: canceling statement due to user request
hint: sqlite-migrate status says what was kept of it'
    signal_run TERM 143 'sqlite-migrate: warning: canceling statement due to user request'
    [ "$(fault_states)" = '1 completed
2 pending' ]
    [ "$(ask "SELECT to_regclass('one'), to_regclass('two')")" = 'one|' ]
}

@test "postgresql: what is left of a run whose server is killed is true, and the next run completes" {
    runs=$(((runs + 4) / 5))
    prepare postgresql
    hit_runs kill_server nothing 69
}

@test "postgresql: a signal cancels the statement that is at work, whatever shell runs the script" {
    local shell
    long_operation postgresql
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        signal_run TERM 143 'sqlite-migrate: warning: canceling statement due to user request'
    done
}

@test "postgresql: a connection that is lost in the middle of an operation is told, and nothing of it is kept" {
    long_operation postgresql
    lose_run 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: the connection to postgresql:///app was lost: terminating connection due to administrator command
hint: sqlite-migrate status says what was kept of it'
    [ "$(fault_states)" = '1 completed
2 pending' ]
    [ "$(ask "SELECT to_regclass('one'), to_regclass('two')")" = 'one|' ]
}

@test "postgresql: while the server is at work for a client that was killed, the next run does not begin" {
    long_operation postgresql
    orphan_statement psql postgresql:///app
    "$front" up -q >/dev/null
    [ "$(fault_states)" = '1 completed
2 completed' ]
}

@test "postgresql: a connection that is lost while the state is read is told" {
    fault_start postgresql
    lose_reader '\c app
BEGIN; LOCK TABLE migration_log' 'sqlite-migrate: the connection to postgresql:///app was lost: terminating connection due to administrator command
hint: check whether the server runs, and run again'
}

@test "postgresql: a server that is not there is told" {
    fault_start postgresql
    operation 0001 TASK-1 create-one 'CREATE TABLE one (x integer);'
    postgresql_stop
    for command in up status 'repair 1 completed' verify script; do
        # shellcheck disable=SC2086 # words of a command
        run --separate-stderr -69 "$front" $command
        [ "$output" = "" ]
        [ "$stderr" = "sqlite-migrate: cannot connect to postgresql:///app: No such file or directory
	Is the server running locally and accepting connections on that socket?
hint: check the URL, and whether the server runs" ]
    done
    nothing
}
