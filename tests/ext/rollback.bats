#!/usr/bin/env bats
# migrate_rollback(): what it takes back, from which source, and what it refuses.

load ../helpers/migrate

setup() {
    use_scratch
}

# Versions and states, on one line.
states() {
    plain "SELECT group_concat(version || ' ' || status, ', ') FROM (SELECT * FROM migration ORDER BY version)"
}

@test "rollback: takes the newest operation back and returns the version before it" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_rollback()")" = 2 ]
    [ "$(states)" = "1 completed, 2 completed, 3 rollback" ]
    [ "$(plain 'SELECT count(*) FROM users')" = 0 ]
}

@test "rollback: takes a number of operations back, newest first" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_rollback(2)")" = 1 ]
    [ "$(plain "SELECT group_concat(version) FROM migration_log WHERE action = 'down'")" = "3,2" ]
    [ "$(objects)" = users ]
}

@test "rollback: takes everything back" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_rollback('all')")" = 0 ]
    [ "$(states)" = "1 rollback, 2 rollback, 3 rollback" ]
    [ "$(objects)" = "" ]
}

@test "rollback: of more than there is takes back what there is" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_rollback(99)")" = 0 ]
    [ "$(objects)" = "" ]
}

@test "rollback: takes a whole task back" {
    three_operations
    operation 0004 TASK-2 add-bob "INSERT INTO users (name) VALUES ('Bob');" \
        "DELETE FROM users WHERE name = 'Bob';"
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_rollback('TASK-2')")" = 2 ]
    [ "$(states)" = "1 completed, 2 completed, 3 rollback, 4 rollback" ]
}

@test "rollback: of a task that is rolled back already changes nothing" {
    three_operations
    mig "SELECT migrate_apply()" "SELECT migrate_rollback('TASK-2')"
    before=$(plain .dump)
    [ "$(mig "SELECT migrate_rollback('TASK-2')")" = 2 ]
    [ "$(plain .dump)" = "$before" ]
}

@test "rollback: with nothing applied returns 0 and makes no tables" {
    [ "$(mig "SELECT migrate_rollback()" "SELECT migrate_rollback('all')")" = "0
0" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "rollback: does not need the migration folder" {
    three_operations
    mig "SELECT migrate_apply()"
    rm -r migrations
    [ "$(mig "SELECT migrate_rollback('all')")" = 0 ]
    [ "$(objects)" = "" ]
}

@test "rollback: runs the code that was stored, not the file" {
    three_operations
    mig "SELECT migrate_apply()"
    operation 0003 TASK-2 add-ann 'SELECT 1;' 'DROP TABLE users;'
    [ "$(mig "SELECT migrate_rollback()")" = 2 ]
    [ "$(objects)" = "users users_name" ]
    [ "$(plain 'SELECT count(*) FROM users')" = 0 ]
}

@test "rollback: runs a stored code of many kilobytes with non-ASCII text as it was" {
    local text
    printf -v text '%020000d' 0
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);' \
        "UPDATE t SET a = 'Grüße 日本 $text';"
    mig "SELECT migrate_apply()"
    plain 'INSERT INTO t VALUES (1)'
    rm -r migrations
    mig "SELECT migrate_rollback()"
    [ "$(plain 'SELECT a FROM t')" = "Grüße 日本 $text" ]
}

@test "rollback: what was rolled back is pending again and can be applied again" {
    three_operations
    mig "SELECT migrate_apply()" "SELECT migrate_rollback(2)"
    [ "$(mig "SELECT version, status FROM migrations_pending")" = "2|rollback
3|rollback" ]
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(states)" = "1 completed, 2 completed, 3 completed" ]
    [ "$(plain 'SELECT count(*), count(DISTINCT id), max(id) FROM migration')" = "3|3|3" ]
    [ "$(plain 'SELECT name FROM users')" = Ann ]
}

@test "rollback: an operation that is applied again is stored as its file is now" {
    three_operations
    mig "SELECT migrate_apply()" "SELECT migrate_rollback()"
    rm migrations/2025-01-10/0003-*
    operation 0003 TASK-3 add-bob "INSERT INTO users (name) VALUES ('Bob');" 'DELETE FROM users;' 2025-01-12
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(plain 'SELECT task_name, description, migration_date, file_path, code, rollback_code
        FROM migration WHERE version = 3')" = "TASK-3|add-bob|2025-01-12|2025-01-12/0003-TASK-3-add-bob_up.sql|INSERT INTO users (name) VALUES ('Bob');
|DELETE FROM users;" ]
}

@test "rollback: the row keeps its start, has the time of the change, and the log says down" {
    three_operations
    mig "SELECT migrate_apply()"
    plain "UPDATE migration SET started_at = '2025-01-01T00:00:00.000Z', completed_at = '2025-01-01T00:00:01.000Z'"
    MIGRATE_ACTOR=ann mig "SELECT migrate_rollback()"
    [ "$(plain "SELECT started_at, abs(julianday('now') - julianday(completed_at)) < 0.01
        FROM migration WHERE version = 3")" = "2025-01-01T00:00:00.000Z|1" ]
    [ "$(plain 'SELECT version, task_name, description, action, outcome, error IS NULL, statement IS NULL,
        rows_changed, actor, output IS NULL FROM migration_log WHERE id = 4')" = \
        "3|TASK-2|add-ann|down|completed|1|1|1|ann|1" ]
    [ "$(mig 'SELECT fingerprint = migrate_fingerprint() FROM migrations_history WHERE id = 4')" = 1 ]
}

@test "rollback: refuses a task below later operations of other tasks and names them" {
    three_operations
    operation 0004 TASK-1 add-email 'ALTER TABLE users ADD COLUMN email;' 'ALTER TABLE users DROP COLUMN email;'
    operation 0005 FEATURE-9 add-phone 'ALTER TABLE users ADD COLUMN phone;'
    mig "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_rollback('TASK-1')"
    [ "$(error_text)" = "cannot roll back task TASK-1: later operations of other tasks are applied: 3 (TASK-2), 5 (FEATURE-9)
hint: roll those back first" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "rollback: names ten later operations and says how many more there are" {
    local i
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);' 'DROP TABLE t;'
    for i in 02 03 04 05 06 07 08 09 10 11 12 13; do
        operation "00$i" TASK-2 "add-$i" 'INSERT INTO t VALUES (1);'
    done
    mig "SELECT migrate_apply()"
    run --separate-stderr -20 mig "SELECT migrate_rollback('TASK-1')"
    [ "$(error_text)" = "cannot roll back task TASK-1: later operations of other tasks are applied: 2 (TASK-2), 3 (TASK-2), 4 (TASK-2), 5 (TASK-2), 6 (TASK-2), 7 (TASK-2), 8 (TASK-2), 9 (TASK-2), 10 (TASK-2), 11 (TASK-2) and 2 more
hint: roll those back first" ]
    [ "$(objects)" = t ]
}

@test "rollback: refuses a task that was never applied" {
    three_operations
    mig "SELECT migrate_apply()"
    run --separate-stderr -12 mig "SELECT migrate_rollback('TASK-7')"
    [ "$(error_text)" = "no operation of task TASK-7 was ever applied here
hint: SELECT DISTINCT task_name FROM migrations_applied" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "rollback: refuses what is no number, task or all" {
    local target
    three_operations
    mig "SELECT migrate_apply()"
    for target in 0 -1 +1 '' ALL 1.5 x TASK-; do
        run --separate-stderr -21 mig "SELECT migrate_rollback('$target')"
        [ "$(error_text)" = "migrate_rollback: \"$target\" does not say what to roll back
hint: it is a number of operations from 1, a task ('TASK-123') or 'all'" ]
        [ "$(completed)" = "1 2 3" ]
    done
}

@test "rollback: refuses an operation without rollback code before anything is rolled back" {
    three_operations
    rm migrations/2025-01-10/0002-TASK-1-add-users-index_down.sql
    mig "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_rollback(2)"
    [ "$(error_text)" = "operation 2 (2025-01-10/0002-TASK-1-add-users-index_up.sql) cannot be rolled back: it has no rollback code
hint: add its _down.sql, then SELECT migrate_repair(2, 'accept')" ]
    [ "$(plain .dump)" = "$before" ]
    [ "$(mig "SELECT migrate_rollback(1)")" = 2 ]
}

@test "rollback: the way that the hint shows for an operation without rollback code works" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);'
    mig "SELECT migrate_apply()"
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);' 'DROP TABLE t;'
    [ "$(mig "SELECT migrate_repair(1, 'accept')" "SELECT migrate_rollback()")" = "1
0" ]
    [ "$(objects)" = "" ]
}

@test "rollback: a failing operation keeps none of its statements and stays completed" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE TABLE u (a);' 'DROP TABLE t;
DROP TABLE nosuch;'
    mig "SELECT migrate_apply()"
    run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "cannot roll back operation 1: 2025-01-10/0001-TASK-1-create-t_down.sql:2:1: no such table: nosuch
    2 | DROP TABLE nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(states)" = "1 completed" ]
    [ "$(objects)" = "t u" ]
    [ "$(plain "SELECT action, outcome, statement, error FROM migration_log WHERE id = 2")" = "down|failed|2|cannot roll back operation 1: 2025-01-10/0001-TASK-1-create-t_down.sql:2:1: no such table: nosuch
    2 | DROP TABLE nosuch;" ]
}

@test "rollback: refuses to break a view that no operation made" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);' 'DROP TABLE t;'
    mig "SELECT migrate_apply()"
    plain 'CREATE VIEW report AS SELECT a FROM t'
    run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "cannot roll back operation 1: view report does not compile any more: no such table: main.t
hint: drop or rebuild it in the same operation, or put \"-- migrate: allow broken-view\" at the head of the file" ]
    [ "$(states)" = "1 completed" ]
    [ "$(objects)" = "report t" ]
}

@test "rollback: takes operations back over a gap that an earlier one left" {
    three_operations
    mig "SELECT migrate_config('late', 'off')" "SELECT migrate_apply()" "SELECT migrate_rollback()"
    [ "$(mig "SELECT migrate_rollback(1)")" = 1 ]
    [ "$(states)" = "1 completed, 2 rollback, 3 rollback" ]
}

@test "rollback: children of a dropped table are kept" {
    operation 0001 TASK-1 create-parent 'CREATE TABLE parent (id INTEGER PRIMARY KEY);' 'DROP TABLE parent;'
    operation 0002 TASK-1 create-child 'CREATE TABLE child (p INTEGER REFERENCES parent (id) ON DELETE CASCADE);
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (1);' 'UPDATE child SET p = NULL;'
    [ "$(mig 'PRAGMA foreign_keys = ON' "SELECT migrate_apply()" "SELECT migrate_rollback(2)")" = "2
0" ]
    [ "$(plain 'SELECT count(*) FROM child')" = 1 ]
}
