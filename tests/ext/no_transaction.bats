#!/usr/bin/env bats
# Operations that run outside a transaction: what they can do, and what is left when they fail or die.

load ../helpers/migrate

setup() {
    use_scratch
}

# Operation $1 outside a transaction.
outside() { # <version> <description> <up> [<down>]
    operation "$1" TASK-1 "$2" "-- migrate: no-transaction
$3" "${4:+-- migrate: no-transaction
$4}"
}

# A table with a megabyte of rows, most of them deleted.
sparse_table() {
    plain 'CREATE TABLE t (a)' "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO t SELECT zeroblob(1000) FROM n" 'DELETE FROM t WHERE rowid > 10'
}

@test "no-transaction: sets the journal mode" {
    outside 0001 set-wal 'PRAGMA journal_mode = WAL;' 'PRAGMA journal_mode = DELETE;'
    [ "$(mig "SELECT migrate_apply()")" = 1 ]
    [ "$(plain 'PRAGMA journal_mode')" = wal ]
    [ "$(mig "SELECT migrate_rollback()")" = 0 ]
    [ "$(plain 'PRAGMA journal_mode')" = delete ]
}

@test "no-transaction: a pragma that would do nothing in a transaction is refused without the directive" {
    operation 0001 TASK-1 set-wal 'PRAGMA journal_mode = WAL;'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "2025-01-10/0001-TASK-1-set-wal_up.sql:1:8: the pragma \"journal_mode\" does nothing in the transaction of the operation
    1 | PRAGMA journal_mode = WAL;
hint: put \"-- migrate: no-transaction\" on the first line" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "no-transaction: VACUUM makes the file smaller" {
    sparse_table
    before=$(stat -c %s "$db")
    outside 0001 vacuum 'VACUUM;'
    [ "$(mig "SELECT migrate_apply()" 'SELECT count(*) FROM t')" = "1
10" ]
    [ "$(stat -c %s "$db")" -lt $((before / 10)) ]
    [ "$(plain 'PRAGMA integrity_check')" = ok ]
}

@test "no-transaction: VACUUM INTO writes a copy" {
    sparse_table
    outside 0001 copy "VACUUM INTO 'copy.db';"
    mig "SELECT migrate_apply()"
    [ "$(sqlite3 copy.db 'SELECT count(*) FROM t')" = 10 ]
}

@test "no-transaction: VACUUM in WAL mode, among other operations, goes on with the run" {
    plain 'PRAGMA journal_mode = WAL'
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); INSERT INTO t VALUES (1);'
    outside 0002 vacuum 'VACUUM;'
    operation 0003 TASK-1 add-row 'INSERT INTO t VALUES (2);'
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = "1,2" ]
}

@test "no-transaction: VACUUM is refused without the directive" {
    operation 0001 TASK-1 vacuum 'VACUUM;'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "2025-01-10/0001-TASK-1-vacuum_up.sql:1:1: \"VACUUM\" cannot run in the transaction of the operation
    1 | VACUUM;
hint: put \"-- migrate: no-transaction\" on the first line" ]
}

@test "no-transaction: VACUUM is refused in a database in memory" {
    outside 0001 vacuum 'VACUUM;'
    db=:memory:
    run --separate-stderr -21 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-vacuum_up.sql:2:1: VACUUM cannot run: the database has no file
    2 | VACUUM;
hint: a database in memory has nothing to gain from VACUUM" ]
}

@test "no-transaction: VACUUM is refused where the connection locks exclusively" {
    sparse_table
    before=$(stat -c %s "$db")
    outside 0001 vacuum 'VACUUM;'
    run --separate-stderr -21 mig 'PRAGMA locking_mode = EXCLUSIVE' "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-vacuum_up.sql:2:1: VACUUM cannot run: locking_mode is exclusive
    2 | VACUUM;
hint: run PRAGMA locking_mode=NORMAL and read from the database first" ]
    [ "$(plain 'SELECT status FROM migration')" = failed ]
    [ "$(stat -c %s "$db")" -ge "$before" ]
}

@test "no-transaction: ATTACH works and stays within the file" {
    sqlite3 other.db 'CREATE TABLE o (a); INSERT INTO o VALUES (7);'
    outside 0001 copy "ATTACH 'other.db' AS other;
CREATE TABLE o AS SELECT a FROM other.o;
DETACH other;"
    [ "$(mig "SELECT migrate_apply()" 'SELECT a FROM o')" = "1
7" ]
}

@test "no-transaction: a file may have transactions of its own" {
    outside 0001 create-two 'BEGIN;
CREATE TABLE a (x);
COMMIT;
BEGIN;
CREATE TABLE b (x);
COMMIT;'
    [ "$(mig "SELECT migrate_apply()")" = 1 ]
    [ "$(objects)" = "a b" ]
}

@test "no-transaction: a transaction left open is rolled back, and the operation has failed" {
    outside 0001 left-open 'CREATE TABLE a (x);
BEGIN;
CREATE TABLE b (x);'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-left-open_up.sql leaves a transaction open, which was rolled back
hint: end it with COMMIT in the same file" ]
    [ "$(objects)" = a ]
    [ "$(plain 'SELECT status FROM migration')" = failed ]
}

@test "no-transaction: a failure in a transaction of the file rolls that back" {
    outside 0001 fail 'CREATE TABLE a (x);
BEGIN;
CREATE TABLE b (x);
SELECT nosuch;
COMMIT;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(objects)" = a ]
    [ "$(plain 'SELECT status FROM migration')" = failed ]
}

@test "no-transaction: a failure keeps what was done, marks the operation failed and says how to go on" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);'
    outside 0002 two-steps 'INSERT INTO t VALUES (1);
INSERT INTO nosuch VALUES (2);'
    operation 0003 TASK-1 add-row 'INSERT INTO t VALUES (3);'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-two-steps_up.sql:3:1: no such table: nosuch
    3 | INSERT INTO nosuch VALUES (2);
hint: it ran outside a transaction and may be half done; look at it, then SELECT migrate_repair(2, 'completed' or 'rollback')" ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = 1 ]
    [ "$(plain "SELECT group_concat(version || ' ' || status, ', ') FROM migration")" = "1 completed, 2 failed" ]
    [ "$(plain 'SELECT version, outcome, statement, error FROM migration_log WHERE id = 2')" = "2|failed|2|cannot apply operation 2: 2025-01-10/0002-TASK-1-two-steps_up.sql:3:1: no such table: nosuch
    3 | INSERT INTO nosuch VALUES (2);" ]
}

@test "no-transaction: after a failure the next run refuses and changes nothing" {
    outside 0001 fail 'SELECT nosuch;'
    run mig "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 1 (2025-01-10/0001-TASK-1-fail_up.sql) failed outside a transaction and may be half done
hint: look at what it has done, then SELECT migrate_repair(1, 'completed') or migrate_repair(1, 'rollback')" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "no-transaction: a failing rollback marks the operation failed" {
    outside 0001 create-t 'CREATE TABLE t (a);' 'DROP TABLE nosuch;'
    mig "SELECT migrate_apply()"
    run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "cannot roll back operation 1: 2025-01-10/0001-TASK-1-create-t_down.sql:2:1: no such table: nosuch
    2 | DROP TABLE nosuch;
hint: it ran outside a transaction and may be half done; look at it, then SELECT migrate_repair(1, 'completed' or 'rollback')" ]
    [ "$(plain 'SELECT status FROM migration')" = failed ]
    [ "$(plain 'SELECT action, outcome FROM migration_log WHERE id = 2')" = "down|failed" ]
}

@test "no-transaction: a file that is refused leaves no failed row" {
    outside 0001 cut-off 'CREATE TABLE t (a'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "no-transaction: foreign_keys and legacy_alter_table do not leak to the connection" {
    outside 0001 pragmas 'PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
CREATE TABLE t (a);'
    [ "$(mig 'PRAGMA foreign_keys = ON' "SELECT migrate_apply()" 'PRAGMA foreign_keys' \
        'PRAGMA legacy_alter_table')" = "1
1
0" ]
}

@test "no-transaction: an operation that was completed is recorded like any other" {
    outside 0001 create-t 'CREATE TABLE t (a);
INSERT INTO t VALUES (1), (2);' 'DROP TABLE t;'
    mig "SELECT migrate_apply()"
    [ "$(plain "SELECT status, started_at <= completed_at, code LIKE '-- migrate: no-transaction%INSERT%',
        rollback_code LIKE '%DROP TABLE t;%' FROM migration")" = "completed|1|1|1" ]
    [ "$(plain 'SELECT count(*), min(outcome), min(rows_changed) FROM migration_log')" = "1|completed|2" ]
    [ "$(mig 'SELECT fingerprint = migrate_fingerprint() FROM migrations_history')" = 1 ]
}

# Starts a run whose operation 2 waits in a file that runs outside a transaction, until it has said so;
# kills it, and waits for its end. The shell's own writefile() and readfile() meet us on FIFOs.
die_in_operation_2() {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);' 'DROP TABLE t;'
    outside 0002 wait "INSERT INTO t VALUES (1);
SELECT writefile('reached', 'x');
SELECT readfile('never');
INSERT INTO t VALUES (2);" 'DELETE FROM t;'
    operation 0003 TASK-1 add-row 'INSERT INTO t VALUES (3);'
    mkfifo reached never
    # Not through mig(): the process to be killed is sqlite3 itself, not a shell around it.
    sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" \
        "SELECT migrate_apply()" >run.out 2>&1 3>&- &
    runner=$!
    cat reached >/dev/null
    during=$(plain "SELECT group_concat(version || ' ' || status, ', ') FROM migration")
    kill -9 "$runner"
    wait "$runner" || died=$?
    [ "$died" = 137 ]
}

@test "no-transaction: a run that dies leaves the row running" {
    die_in_operation_2
    [ "$during" = "1 completed, 2 running" ]
    [ "$(plain "SELECT group_concat(version || ' ' || status, ', ') FROM migration")" = \
        "1 completed, 2 running" ]
    [ "$(plain 'SELECT completed_at IS NULL FROM migration WHERE version = 2')" = 1 ]
    [ "$(plain 'PRAGMA integrity_check')" = ok ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = 1 ]
    [ "$(plain 'SELECT count(*) FROM migration_log')" = 1 ]
}

@test "no-transaction: after a run that died the next one refuses and changes nothing" {
    die_in_operation_2
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 2 (2025-01-10/0002-TASK-1-wait_up.sql) is running elsewhere, or a run died in it
hint: look at what it has done, then SELECT migrate_repair(2, 'completed') or migrate_repair(2, 'rollback')" ]
    [ "$(plain .dump)" = "$before" ]
    [ "$(mig "SELECT problem, severity, version FROM migrations_problems WHERE severity = 'error'")" = \
        "interrupted|error|2" ]
}

@test "no-transaction: a run that died goes on after migrate_repair()" {
    die_in_operation_2
    plain 'INSERT INTO t VALUES (2)'
    [ "$(mig "SELECT migrate_repair(2, 'completed')" "SELECT migrate_apply()")" = "1
3" ]
    [ "$(completed)" = "1 2 3" ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = "1,2,3" ]
}
