#!/usr/bin/env bats
# sqlite-migrate baseline and repair: what changes the record and runs nothing.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

@test "sqlite-migrate baseline: marks as completed without running" {
    plain 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)'
    run --separate-stderr -0 front baseline 1
    [ "$output" = "the database is at version 1" ]
    [ "$stderr" = "" ]
    [ "$(completed)" = 1 ]
    front stamp 2 -q
    [ "$(objects)" = users ]
}

@test "sqlite-migrate baseline: does not make a database" {
    run --separate-stderr -66 front baseline 1
    [ "${stderr_lines[0]}" = "sqlite-migrate: there is no database app.db" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate baseline: refuses a version that is not there" {
    plain 'CREATE TABLE users (id)'
    run --separate-stderr -66 front baseline 9
    [ "$stderr" = "sqlite-migrate: cannot baseline version 9: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
}

@test "sqlite-migrate repair: settles an operation that failed outside a transaction" {
    operation 0001 TASK-1 create-users '-- migrate: no-transaction
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
SELECT nosuch;'
    run -1 front up
    run --separate-stderr -0 front repair 1 completed
    [ "$stderr" = "operation 1 is settled: completed" ]
    [ "$(completed)" = 1 ]
}

@test "sqlite-migrate repair: takes over a changed file" {
    front up -q
    printf '%s\n' '-- the newest user' "INSERT INTO users (name) VALUES ('Ann');" >migrations/2025-01-10/0003-TASK-2-add-ann_up.sql
    run --separate-stderr -65 front up
    [[ $stderr == *"SELECT migrate_repair(3, 'accept')" ]]
    front repair 3 accept
    front verify
}

@test "sqlite-migrate repair: refuses an outcome that it does not know" {
    front up -q
    run --separate-stderr -64 front repair 3 "x'); DROP TABLE users; --"
    [ "$stderr" = "sqlite-migrate: migrate_repair: \"x'); DROP TABLE users; --\" is no outcome
hint: it is one of: completed, rollback, accept" ]
    [ "$(objects)" = "users users_name" ]
}

@test "sqlite-migrate repair: wants a version and an outcome" {
    run --separate-stderr -64 front repair 3
    [ "$stderr" = "sqlite-migrate: repair takes a version and an outcome
hint: sqlite-migrate help repair" ]
}
