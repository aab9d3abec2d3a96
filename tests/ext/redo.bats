#!/usr/bin/env bats
# migrate_redo(): rolls back what was stored and applies what the files hold now.

load ../helpers/migrate

setup() {
    use_scratch
    three_operations
    mig "SELECT migrate_apply()" >apply.out
}

@test "redo: applies the newest operation as its file is now" {
    operation 0003 TASK-2 add-ann "INSERT INTO users (name) VALUES ('Anna');" 'DELETE FROM users;'
    [ "$(mig "SELECT migrate_redo()")" = 3 ]
    [ "$(plain 'SELECT group_concat(name) FROM users')" = Anna ]
    [ "$(plain 'SELECT rollback_code FROM migration WHERE version = 3')" = 'DELETE FROM users;' ]
    [ "$(plain "SELECT group_concat(version || ' ' || action, ', ') FROM migration_log WHERE id > 3")" = \
        "3 down, 3 up" ]
}

@test "redo: a number of operations goes down newest first and up again" {
    operation 0002 TASK-1 add-users-index 'CREATE INDEX users_by_name ON users (name);' \
        'DROP INDEX users_by_name;'
    [ "$(mig "SELECT migrate_redo(2)")" = 3 ]
    [ "$(objects)" = "users users_by_name" ]
    [ "$(plain "SELECT group_concat(version || ' ' || action, ', ') FROM migration_log WHERE id > 3")" = \
        "3 down, 2 down, 2 up, 3 up" ]
}

@test "redo: a task" {
    [ "$(mig "SELECT migrate_redo('TASK-2')")" = 3 ]
    [ "$(plain 'SELECT group_concat(name) FROM users')" = Ann ]
}

@test "redo: everything" {
    [ "$(mig "SELECT migrate_redo('all')")" = 3 ]
    [ "$(plain 'SELECT group_concat(name) FROM users')" = Ann ]
    [ "$(plain 'SELECT count(*) FROM migration_log')" = 9 ]
}

@test "redo: does not apply what was pending before" {
    operation 0004 TASK-3 create-t 'CREATE TABLE t (a);'
    [ "$(mig "SELECT migrate_redo()")" = 3 ]
    [ "$(objects)" = "users users_name" ]
}

@test "redo: with nothing applied changes nothing" {
    mig "SELECT migrate_rollback('all')"
    before=$(plain .dump)
    [ "$(mig "SELECT migrate_redo()")" = 0 ]
    [ "$(plain .dump)" = "$before" ]
}

@test "redo: refuses when the file is gone and changes nothing" {
    rm migrations/2025-01-10/0003-*
    before=$(plain .dump)
    run --separate-stderr -12 mig "SELECT migrate_redo()"
    [ "$(error_text)" = "operation 3 has no file to apply again: 2025-01-10/0003-TASK-2-add-ann_up.sql is gone
hint: restore the file, or roll back without applying again" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "redo: vets the new file before anything is rolled back" {
    operation 0003 TASK-2 add-ann 'INSERT INTO users' 'DELETE FROM users;'
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_redo(2)"
    [ "$(error_text)" = "2025-01-10/0003-TASK-2-add-ann_up.sql:1:1: the last statement has no semicolon
    1 | INSERT INTO users
hint: end it with \";\" if the file is complete; it may have been cut off" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "redo: a new file that fails leaves the operation rolled back" {
    operation 0003 TASK-2 add-ann 'INSERT INTO nosuch VALUES (1);' 'DELETE FROM users;'
    run --separate-stderr -1 mig "SELECT migrate_redo()"
    [ "$(error_text)" = "cannot apply operation 3: 2025-01-10/0003-TASK-2-add-ann_up.sql:1:1: no such table: nosuch
    1 | INSERT INTO nosuch VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(plain 'SELECT status FROM migration WHERE version = 3')" = rollback ]
    [ "$(plain 'SELECT count(*) FROM users')" = 0 ]
}

@test "redo: refuses a task below later operations of other tasks" {
    run --separate-stderr -20 mig "SELECT migrate_redo('TASK-1')"
    [ "$(error_text)" = "cannot roll back task TASK-1: later operations of other tasks are applied: 3 (TASK-2)
hint: roll those back first" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "redo: refuses what is no number, task or all" {
    run --separate-stderr -21 mig "SELECT migrate_redo(0)"
    [ "$(error_text)" = "migrate_redo: \"0\" does not say what to roll back
hint: it is a number of operations from 1, a task ('TASK-123') or 'all'" ]
    [ "$(completed)" = "1 2 3" ]
}
