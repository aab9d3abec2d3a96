#!/usr/bin/env bats
# Option transaction: operations that are applied and rolled back all together or not at all.

load ../helpers/migrate

setup() {
    use_scratch
}

# Operations of three tasks: 1 and 2, 3 and 4, 5. Operation $1 fails.
three_tasks() { # [<number of the one that fails>]
    operation 0001 TASK-1 create-a 'CREATE TABLE a (x);' 'DROP TABLE a;'
    operation 0002 TASK-1 create-b 'CREATE TABLE b (x);' 'DROP TABLE b;'
    operation 0003 TASK-2 create-c 'CREATE TABLE c (x);' 'DROP TABLE c;'
    operation 0004 TASK-2 create-d 'CREATE TABLE d (x);' 'DROP TABLE d;'
    operation 0005 TASK-3 create-e 'CREATE TABLE e (x);' 'DROP TABLE e;'
    if [ $# -gt 0 ]; then
        printf 'CREATE TABLE f (x);\nSELECT nosuch;\n' | tee migrations/2025-01-10/000"$1"-*_up.sql >/dev/null
    fi
}

# The log, on one line.
attempts() {
    plain "SELECT group_concat(version || ' ' || action || ' ' || outcome, ', ') FROM migration_log"
}

# How many commits the database has seen: its change counter, in the rollback journal modes.
commits() {
    od -An -t u1 -j 27 -N 1 "$db" | tr -d ' '
}

@test "transaction task: a failing operation takes the others of its task along" {
    three_tasks 4
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'task')" "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 4: 2025-01-10/0004-TASK-2-create-d_up.sql:2:8: no such column: nosuch
    2 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "1 2" ]
    [ "$(objects)" = "a b" ]
    [ "$(attempts)" = "1 up completed, 2 up completed, 4 up failed" ]
}

@test "transaction task: only consecutive operations of a task belong together" {
    operation 0001 TASK-1 create-a 'CREATE TABLE a (x);'
    operation 0002 TASK-2 create-b 'CREATE TABLE b (x);'
    operation 0003 TASK-1 fail 'SELECT nosuch;'
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'task')" "SELECT migrate_apply()"
    [ "$(completed)" = "1 2" ]
}

@test "transaction task: each task is one commit" {
    three_tasks
    [ "$(mig "SELECT migrate_config('transaction', 'task')" \
        "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_apply()")" = "task
0
5" ]
    [ "$(commits)" = 3 ]
}

@test "transaction task: rolls back the operations of a task together or not at all" {
    three_tasks
    operation 0003 TASK-2 create-c 'CREATE TABLE c (x);' 'SELECT nosuch;'
    mig "SELECT migrate_apply()"
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'task')" \
        "SELECT migrate_rollback('all')"
    [ "$(error_text)" = "cannot roll back operation 3: 2025-01-10/0003-TASK-2-create-c_down.sql:1:8: no such column: nosuch
    1 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "1 2 3 4" ]
    [ "$(objects)" = "a b c d" ]
}

@test "transaction all: a failing operation takes all others along" {
    three_tasks 4
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 4: 2025-01-10/0004-TASK-2-create-d_up.sql:2:8: no such column: nosuch
    2 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "" ]
    [ "$(objects)" = "" ]
    [ "$(attempts)" = "4 up failed" ]
    [ "$(plain 'SELECT count(*) FROM migration')" = 0 ]
}

@test "transaction all: all operations are one commit" {
    three_tasks
    [ "$(mig "SELECT migrate_config('transaction', 'all')" \
        "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_apply()")" = "all
0
5" ]
    [ "$(commits)" = 1 ]
    [ "$(completed)" = "1 2 3 4 5" ]
}

@test "transaction all: rolls back all operations or none" {
    three_tasks
    operation 0001 TASK-1 create-a 'CREATE TABLE a (x);' 'SELECT nosuch;'
    mig "SELECT migrate_apply()"
    before=$(objects)
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'all')" \
        "SELECT migrate_rollback('all')"
    [ "$(completed)" = "1 2 3 4 5" ]
    [ "$(objects)" = "$before" ]
}

@test "transaction all: redo keeps the old state when the new file fails" {
    three_tasks
    mig "SELECT migrate_apply()"
    operation 0005 TASK-3 create-e 'CREATE TABLE f (x); SELECT nosuch;' 'DROP TABLE f;'
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_redo(2)"
    [ "$(completed)" = "1 2 3 4 5" ]
    [ "$(objects)" = "a b c d e" ]
    [ "$(plain 'SELECT rollback_code FROM migration WHERE version = 5')" = "DROP TABLE e;" ]
}

@test "transaction all: refuses an operation without a transaction among others and changes nothing" {
    three_tasks
    operation 0003 TASK-2 create-c '-- migrate: no-transaction
VACUUM;' 'SELECT 1;'
    run --separate-stderr -20 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 3 cannot share a transaction: it is marked no-transaction, and transaction is \"all\"
hint: set option transaction to \"operation\", or apply up to it first" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "transaction task: refuses an operation without a transaction in a larger task and changes nothing" {
    three_tasks
    operation 0004 TASK-2 create-d '-- migrate: no-transaction
VACUUM;' 'SELECT 1;'
    run --separate-stderr -20 mig "SELECT migrate_config('transaction', 'task')" "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 4 cannot share a transaction: it is marked no-transaction, and transaction is \"task\"
hint: set option transaction to \"operation\", or apply up to it first" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "transaction all: refuses a program among others and changes nothing" {
    export MIGRATE_SCRIPTS=on
    three_tasks
    program 0006 TASK-3 print sh <<'END'
#!/bin/sh
echo 'SELECT 1;'
END
    run --separate-stderr -20 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 6 cannot share a transaction: it is a program, and transaction is \"all\"
hint: set option transaction to \"operation\", or apply up to it first" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "transaction all: refuses to roll a program back among others and changes nothing" {
    export MIGRATE_SCRIPTS=on
    three_tasks
    program 0006 TASK-3 print sh <<'END'
#!/bin/sh
echo 'SELECT 1;'
END
    mig "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_rollback(2)"
    [ "${stderr%%$'\n'*}" = "Error: stepping, operation 6 cannot share a transaction: it is a program, and transaction is \"all\"" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "transaction task: runs an operation without a transaction that is alone in its task" {
    three_tasks
    operation 0005 TASK-3 create-e '-- migrate: no-transaction
CREATE TABLE e (x);' 'DROP TABLE e;'
    [ "$(mig "SELECT migrate_config('transaction', 'task')" "SELECT migrate_apply()")" = "task
5" ]
}

@test "transaction all: runs an operation without a transaction that is the only one to run" {
    three_tasks
    operation 0005 TASK-3 create-e '-- migrate: no-transaction
CREATE TABLE e (x);' 'DROP TABLE e;'
    [ "$(mig "SELECT migrate_apply(NULL, 4)" "SELECT migrate_config('transaction', 'all')" \
        "SELECT migrate_apply()")" = "4
all
5" ]
}

@test "transaction all: a view may be broken in between" {
    operation 0001 TASK-1 create-v 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;'
    operation 0002 TASK-1 drop-t 'DROP TABLE t;'
    operation 0003 TASK-2 create-t 'CREATE TABLE t (a, b);'
    [ "$(mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()")" = "all
3" ]
}

@test "transaction all: a view that is broken in the end fails all operations" {
    operation 0001 TASK-1 create-v 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;'
    mig "SELECT migrate_apply()"
    operation 0002 TASK-1 drop-t 'DROP TABLE t;'
    operation 0003 TASK-2 create-u 'CREATE TABLE u (a, b);'
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operations 2 to 3: view v does not compile any more: no such table: main.t
hint: drop or rebuild it in the same operation, or put \"-- migrate: allow broken-view\" at the head of the file" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = "t v" ]
    [ "$(attempts)" = "1 up completed, 3 up failed" ]
}
