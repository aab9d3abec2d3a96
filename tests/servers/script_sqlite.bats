#!/usr/bin/env bats
# Offline scripts for SQLite, run by the sqlite3 shell without the extension.

load ../helpers/migrate
load script

setup() {
    use_scratch
    # shellcheck disable=SC2034 # script.bash reads it
    dialect=sqlite
}

run_script() { # <file>
    sqlite3 -init /dev/null target.db <"$1"
}

ask() { # <sql>
    sqlite3 -batch -init /dev/null -separator $'\t' target.db "$1"
}

ask_hex() { # <column> <version>
    ask "SELECT lower(hex(CAST($1 AS BLOB))) FROM migration WHERE version = $2"
}

fresh() {
    rm -f target.db
}

@test "script, SQLite: applies operations and records them" {
    script_applies
}

@test "script, SQLite: stores what the files hold" {
    script_stores
}

@test "script, SQLite: stops at once where the database is at another version" {
    script_is_guarded
}

@test "script, SQLite: goes down, and up again" {
    script_goes_down
}

@test "script, SQLite: the engine goes on where a script has ended" {
    script_operations
    script 0 2 >up.sql
    run_script up.sql
    db=target.db
    [ "$(mig "SELECT migrate_verify()" "SELECT migrate_apply()" "SELECT migrate_rollback('all')")" = "1
3
0" ]
}

@test "script, SQLite: an operation that fails leaves nothing, and the ones before it stay" {
    script_operations
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id); INSERT INTO nosuch VALUES (1);"
    script 0 3 >up.sql
    run ! run_script up.sql
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed" ]
    run ! ask "SELECT * FROM teams"
}

@test "script, SQLite: an operation outside a transaction that fails stays behind as running" {
    script_operations
    operation 0003 TASK-2 add-teams "-- migrate: no-transaction
CREATE TABLE teams (id); INSERT INTO nosuch VALUES (1);"
    script 0 3 >up.sql
    run ! run_script up.sql
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "3	running" ]
    run ! run_script up.sql
    db=target.db
    [ "$(mig "SELECT problem FROM migrations_problems")" = interrupted ]
}
