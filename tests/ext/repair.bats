#!/usr/bin/env bats
# migrate_repair(): settles what a run has left unsettled, and takes changed files over.

load ../helpers/migrate

setup() {
    use_scratch
}

# Operation 1 is completed; 2 has failed outside a transaction with half of its work done.
half_done() {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);' 'DROP TABLE users;'
    operation 0002 TASK-1 create-two '-- migrate: no-transaction
CREATE TABLE first (a);
CREATE TABLE second (a, nosuch(;' '-- migrate: no-transaction
DROP TABLE first;'
    run mig "SELECT migrate_apply()"
    [ "$(plain 'SELECT status FROM migration WHERE version = 2')" = failed ]
}

@test "repair: settles a failed operation as completed" {
    half_done
    plain 'CREATE TABLE second (a)'
    [ "$(mig "SELECT migrate_repair(2, 'completed')" "SELECT migrate_apply()")" = "1
2" ]
    [ "$(completed)" = "1 2" ]
    [ "$(mig "SELECT count(*) FROM migrations_problems WHERE severity = 'error'")" = 0 ]
}

@test "repair: settles a failed operation as rolled back, which makes it pending again" {
    half_done
    plain 'DROP TABLE first'
    [ "$(mig "SELECT migrate_repair(2, 'rollback')")" = 1 ]
    [ "$(plain 'SELECT status FROM migration WHERE version = 2')" = rollback ]
    operation 0002 TASK-1 create-two '-- migrate: no-transaction
CREATE TABLE first (a);
CREATE TABLE second (a);'
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
    [ "$(objects)" = "first second users" ]
}

@test "repair: settles an operation that a dead run left running" {
    half_done
    plain "UPDATE migration SET status = 'running', completed_at = NULL WHERE version = 2"
    [ "$(mig "SELECT migrate_repair('0002', 'completed')")" = 1 ]
    [ "$(plain "SELECT status, abs(julianday('now') - julianday(completed_at)) < 0.01
        FROM migration WHERE version = 2")" = "completed|1" ]
}

@test "repair: is logged, with what was settled, and with the fingerprint of the schema" {
    half_done
    MIGRATE_ACTOR=ann mig "SELECT migrate_repair(2, 'completed')"
    [ "$(mig "SELECT version, task_name, description, action, outcome, error IS NULL, actor, output,
        fingerprint = migrate_fingerprint() FROM migrations_history ORDER BY id DESC LIMIT 1")" = \
        "2|TASK-1|create-two|repair|completed|1|ann|failed settled as completed|1" ]
}

@test "repair: the next run refuses until it is called" {
    half_done
    before=$(plain .dump)
    local call
    for call in "migrate_apply()" "migrate_rollback()" "migrate_to(0)" "migrate_redo()" "migrate_verify()"; do
        run --separate-stderr -20 mig "SELECT $call"
        [ "$(error_text)" = "operation 2 (2025-01-10/0002-TASK-1-create-two_up.sql) failed outside a transaction and may be half done
hint: look at what it has done, then SELECT migrate_repair(2, 'completed') or migrate_repair(2, 'rollback')" ]
        [ "$(plain .dump)" = "$before" ]
    done
}

@test "repair: refuses to settle a completed operation" {
    half_done
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_repair(1, 'completed')"
    [ "$(error_text)" = "cannot repair operation 1: operation 1 is completed: there is nothing to settle
hint: only failed and running operations are settled as completed or rollback" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "repair: refuses to settle an operation that was rolled back" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);' 'DROP TABLE users;'
    mig "SELECT migrate_apply()" "SELECT migrate_rollback()"
    run --separate-stderr -20 mig "SELECT migrate_repair(1, 'rollback')"
    [ "$(error_text)" = "cannot repair operation 1: operation 1 is rollback: there is nothing to settle
hint: only failed and running operations are settled as completed or rollback" ]
}

@test "repair: refuses a version that was never applied" {
    half_done
    run --separate-stderr -12 mig "SELECT migrate_repair(9, 'completed')"
    [ "$(error_text)" = "cannot repair operation 9: operation 9 was never applied here
hint: SELECT version, status FROM migrations_applied" ]
}

@test "repair: in a database without tracking table refuses and makes no table" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);'
    run --separate-stderr -12 mig "SELECT migrate_repair(1, 'completed')"
    [ "$(error_text)" = "cannot repair operation 1: operation 1 was never applied here
hint: SELECT version, status FROM migrations_applied" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "repair: refuses an unknown outcome" {
    half_done
    local outcome
    before=$(plain .dump)
    for outcome in failed running pending 'done' '' Completed; do
        run --separate-stderr -21 mig "SELECT migrate_repair(2, '$outcome')"
        [ "$(error_text)" = "migrate_repair: \"$outcome\" is no outcome
hint: it is one of: completed, rollback, accept" ]
        [ "$(plain .dump)" = "$before" ]
    done
}

@test "repair: refuses what is no version" {
    run --separate-stderr -21 mig "SELECT migrate_repair('TASK-1', 'completed')"
    [ "$(error_text)" = "migrate_repair: \"TASK-1\" is not a version
hint: a version is a whole number, e.g. 7" ]
}

@test "repair accept: takes a changed file over with its checksum" {
    local new old
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);' 'DROP TABLE users;'
    mig "SELECT migrate_apply()"
    old=$(plain 'SELECT checksum FROM migration')
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name TEXT);' 'DROP TABLE IF EXISTS users;'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_repair(1, 'accept')" "SELECT migrate_apply()")" = "1
1" ]
    new=$(cat migrations/2025-01-10/0001-TASK-1-create-users_{up,down}.sql | sha256sum | cut -d ' ' -f 1)
    [ "$(plain 'SELECT checksum, status, code, rollback_code FROM migration')" = "$new|completed|CREATE TABLE users (name TEXT);
|DROP TABLE IF EXISTS users;" ]
    [ "$(plain 'SELECT action, outcome, output FROM migration_log WHERE id = 2')" = \
        "repair|completed|accepted $new in place of $old" ]
    # The file is accepted, not run.
    [ "$(plain "SELECT sql FROM sqlite_schema WHERE name = 'users'")" = 'CREATE TABLE users (name)' ]
}

@test "repair accept: takes a renamed file over" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);' 'DROP TABLE users;'
    mig "SELECT migrate_apply()"
    rm -r migrations/2025-01-10
    operation 0001 TASK-2 make-users 'CREATE TABLE users (name);' 'DROP TABLE users;' 2025-02-01
    mig "SELECT migrate_repair(1, 'accept')"
    [ "$(plain 'SELECT file_path, task_name, description, migration_date FROM migration')" = \
        "2025-02-01/0001-TASK-2-make-users_up.sql|TASK-2|make-users|2025-02-01" ]
    [ "$(mig 'SELECT count(*) FROM migrations_problems')" = 0 ]
}

@test "repair accept: takes a program over that has replaced an SQL file" {
    export MIGRATE_SCRIPTS=on
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);' 'DROP TABLE users;'
    mig "SELECT migrate_apply()"
    rm -r migrations/2025-01-10
    program 0001 TASK-1 create-users sh <<'END'
#!/bin/sh
case $1 in
up) echo 'CREATE TABLE users (name);' ;;
down) echo 'DROP TABLE users;' ;;
esac
END
    mig "SELECT migrate_repair(1, 'accept')"
    [ "$(plain 'SELECT type, rollback_code IS NULL FROM migration')" = "program|1" ]
    [ "$(mig "SELECT migrate_rollback()")" = 0 ]
    [ "$(objects)" = "" ]
}

@test "repair accept: refuses a file that cannot run" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);' 'DROP TABLE users;'
    mig "SELECT migrate_apply()"
    before=$(plain .dump)
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name' 'DROP TABLE users;'
    run --separate-stderr -20 mig "SELECT migrate_repair(1, 'accept')"
    [ "$(error_text)" = "cannot repair operation 1: 2025-01-10/0001-TASK-1-create-users_up.sql:1:1: the last statement has no semicolon
    1 | CREATE TABLE users (name
hint: end it with \";\" if the file is complete; it may have been cut off" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "repair accept: refuses an operation that is not completed" {
    half_done
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_repair(2, 'accept')"
    [ "$(error_text)" = "cannot repair operation 2: operation 2 is failed, so there is nothing to accept
hint: only the file of a completed operation is accepted" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "repair accept: refuses when the file is gone" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name);'
    operation 0002 TASK-1 create-t 'CREATE TABLE t (name);'
    mig "SELECT migrate_apply()"
    rm migrations/2025-01-10/0001-*
    run --separate-stderr -12 mig "SELECT migrate_repair(1, 'accept')"
    [ "$(error_text)" = "cannot repair operation 1: there is no file of operation 1 in migrations
hint: restore 2025-01-10/0001-TASK-1-create-users_up.sql" ]
}
