#!/usr/bin/env bats
# migrate_apply(): what it applies, in which order, and what it returns and records. The exit status of
# the sqlite3 shell is the result code of the statement that failed.

load ../helpers/migrate

setup() {
    use_scratch
}

@test "apply: runs all pending operations in the order of their versions and returns the last" {
    three_operations
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 3 ]
    [ "$(plain 'SELECT name FROM users')" = Ann ]
    [ "$(completed)" = "1 2 3" ]
}

@test "apply: names file, line and column of a failing statement and quotes the line" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);'
    operation 0002 TASK-1 fill-orders 'CREATE TABLE a (x);
INSERT INTO orders VALUES (1);'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-fill-orders_up.sql:2:1: no such table: orders
    2 | INSERT INTO orders VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = users ]
}

@test "apply: goes up to a version and leaves the later ones pending" {
    three_operations
    [ "$(mig "SELECT migrate_apply(NULL, 2)")" = 2 ]
    [ "$(completed)" = "1 2" ]
    [ "$(mig "SELECT version FROM migrations_pending")" = 3 ]
}

@test "apply: takes a version written as text with leading zeros" {
    three_operations
    [ "$(mig "SELECT migrate_apply(NULL, '0002')")" = 2 ]
    [ "$(completed)" = "1 2" ]
}

@test "apply: applies a number of operations, counted from the first pending one" {
    three_operations
    [ "$(mig "SELECT migrate_apply(NULL, '+1')" "SELECT migrate_apply(NULL, '+1')")" = "1
2" ]
    [ "$(completed)" = "1 2" ]
    [ "$(mig "SELECT migrate_apply(NULL, '+50')")" = 3 ]
}

@test "apply: goes up to and with the last operation of a task" {
    three_operations
    operation 0004 TASK-1 add-email 'ALTER TABLE users ADD COLUMN email TEXT;'
    operation 0005 TASK-3 add-phone 'ALTER TABLE users ADD COLUMN phone TEXT;'
    [ "$(mig "SELECT migrate_apply(NULL, 'TASK-1')")" = 4 ]
    [ "$(completed)" = "1 2 3 4" ]
}

@test "apply: with a target that is reached already changes nothing and returns the version" {
    three_operations
    mig "SELECT migrate_apply()" >/dev/null
    before=$(plain .dump)
    result=$(mig "SELECT migrate_apply(NULL, 1), migrate_apply(NULL, 0), migrate_apply(NULL, '+0'),
        migrate_apply(NULL, 'TASK-1')")
    [ "$result" = "3|3|3|3" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "apply: a second call changes nothing and returns the same version" {
    three_operations
    [ "$(mig "SELECT migrate_apply()" "SELECT migrate_apply()")" = "3
3" ]
    before=$(plain .dump)
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(plain .dump)" = "$before" ]
}

@test "apply: refuses a version that the folder does not have and writes nothing" {
    three_operations
    run --separate-stderr -12 mig "SELECT migrate_apply(NULL, 99)"
    [ "$(error_text)" = "there is no operation 99 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: refuses a task that the folder does not have and writes nothing" {
    three_operations
    run --separate-stderr -12 mig "SELECT migrate_apply(NULL, 'TASK-9')"
    [ "$(error_text)" = "there is no operation of task TASK-9 in migrations
hint: SELECT DISTINCT task_name FROM migrations_pending" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: refuses what is no version, number or task and writes nothing" {
    local target
    three_operations
    for target in task-1 -1 + +x '' ' 2' 2.0 +-1 TASK- 99999999999999999999; do
        run --separate-stderr -21 mig "SELECT migrate_apply(NULL, '$target')"
        [ "$(error_text)" = "migrate_apply: \"$target\" is not a target
hint: a target is a version (7), a number of operations ('+2') or a task ('TASK-123')" ]
        [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
    done
}

@test "apply: without a folder, or with NULL, uses the option dir" {
    folder=elsewhere
    three_operations
    [ "$(mig "SELECT migrate_config('dir', 'elsewhere')" "SELECT migrate_apply(NULL, 1)" \
        "SELECT migrate_apply(NULL)" "SELECT migrate_apply()")" = "elsewhere
1
3
3" ]
}

@test "apply: takes a folder by its absolute path, also through a symbolic link" {
    three_operations
    ln -s migrations link
    [ "$(mig "SELECT migrate_apply('$PWD/migrations', 1)" "SELECT migrate_apply('link')")" = "1
3" ]
}

@test "apply: refuses a folder that is not there and writes nothing" {
    run --separate-stderr -12 mig "SELECT migrate_apply('nosuch')"
    [ "$(error_text)" = "cannot read the migration folder nosuch: No such file or directory
hint: create it, name it in the call, or set option dir; it is looked for from the working directory" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: refuses an empty name of a folder" {
    run --separate-stderr -12 mig "SELECT migrate_apply('')"
    [ "$(error_text)" = "the name of the migration folder is empty
hint: leave it out, or pass NULL, to take that of option dir" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: refuses an empty folder and writes nothing" {
    run --separate-stderr -12 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "the migration folder migrations holds no operation
hint: write the first one: 2025-01-10/0001-TASK-1-create-users_up.sql" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: vets every pending file before the first operation runs" {
    three_operations
    operation 0004 TASK-2 cut-off 'CREATE TABLE cut (x'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "2025-01-10/0004-TASK-2-cut-off_up.sql:1:1: the last statement has no semicolon
    1 | CREATE TABLE cut (x
hint: end it with \";\" if the file is complete; it may have been cut off" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: vets the down files of pending operations too" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);' \
        'DROP TABLE users; COMMIT;'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "2025-01-10/0001-TASK-1-create-users_down.sql:1:19: \"COMMIT\" cannot run in the transaction of the operation
    1 | DROP TABLE users; COMMIT;
hint: the engine opens and ends the transaction; remove it, or put \"-- migrate: no-transaction\" on the first line" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "apply: vets only up to the target" {
    three_operations
    operation 0004 TASK-2 cut-off 'CREATE TABLE cut (x'
    [ "$(mig "SELECT migrate_apply(NULL, 3)")" = 3 ]
}

@test "apply: a failing operation keeps none of its statements and leaves one line in the log" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO users VALUES (1);
INSERT INTO users VALUES (1);'
    run --separate-stderr -19 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-create-users_up.sql:3:1: UNIQUE constraint failed: users.id
    3 | INSERT INTO users VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(objects)" = "" ]
    [ "$(plain 'SELECT count(*) FROM migration')" = 0 ]
    [ "$(plain 'SELECT version, action, outcome, statement, error FROM migration_log')" = "1|up|failed|3|cannot apply operation 1: 2025-01-10/0001-TASK-1-create-users_up.sql:3:1: UNIQUE constraint failed: users.id
    3 | INSERT INTO users VALUES (1);" ]
}

@test "apply: goes on from the operation that failed once it is mended" {
    three_operations
    operation 0002 TASK-1 add-users-index 'CREATE INDEX users_name ON nosuch (name);' \
        'DROP INDEX users_name;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(completed)" = 1 ]
    three_operations
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(completed)" = "1 2 3" ]
    [ "$(plain "SELECT group_concat(version || ' ' || outcome, ', ') FROM migration_log")" = \
        "1 completed, 2 failed, 2 completed, 3 completed" ]
}

@test "apply: refuses a statement that ends the transaction by itself, and keeps nothing" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO users VALUES (1);'
    operation 0002 TASK-1 end-early 'CREATE TRIGGER stop BEFORE DELETE ON users BEGIN
    SELECT RAISE(ROLLBACK, '"'stopped'"');
END;
DELETE FROM users;'
    run --separate-stderr -19 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-end-early_up.sql:4:1: stopped
    4 | DELETE FROM users;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = users ]
}

@test "apply: leaves no transaction open after a failure" {
    operation 0001 TASK-1 fail 'SELECT nosuch;'
    printf '%s\n' "SELECT migrate_apply();" 'BEGIN;' "SELECT 'begun';" 'COMMIT;' >input
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = begun ]
}

@test "apply: a file that changes while the run is going on stops it" {
    program 0001 TASK-1 change sh <<'END'
#!/bin/sh
printf 'SELECT 2;\n' >migrations/2025-01-10/0002-TASK-1-select_up.sql
printf 'SELECT 1;\n'
END
    operation 0002 TASK-1 select 'SELECT 1;'
    run --separate-stderr -20 mig "SELECT migrate_config('scripts', 'on') = 'on', migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-select_up.sql was changed while this run was going on
hint: run again" ]
    [ "$(completed)" = 1 ]
}

@test "apply: records an operation with its sources, checksum and times" {
    local up=migrations/2025-01-10/0001-TASK-12-create-users_up.sql
    local down=migrations/2025-01-10/0001-TASK-12-create-users_down.sql
    operation 0001 TASK-12 create-users 'CREATE TABLE users (name TEXT);' 'DROP TABLE users;'
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain "SELECT id, version, task_name, description, migration_date, type, file_path, checksum,
        status, typeof(code), typeof(rollback_code) FROM migration")" = \
        "1|1|TASK-12|create-users|2025-01-10|sql|${up#migrations/}|$(cat "$up" "$down" | sha256sum | cut -d ' ' -f 1)|completed|text|text" ]
    [ "$(plain 'SELECT code, rollback_code FROM migration')" = "CREATE TABLE users (name TEXT);
|DROP TABLE users;" ]
    [ "$(plain "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at) = started_at,
        strftime('%Y-%m-%dT%H:%M:%fZ', completed_at) = completed_at, started_at <= completed_at,
        abs(julianday('now') - julianday(started_at)) < 0.01 FROM migration")" = "1|1|1|1" ]
    [ "$(plain "SELECT group_concat(typeof(version) || typeof(task_name) || typeof(description)
        || typeof(migration_date) || typeof(file_path) || typeof(started_at)) FROM migration")" = \
        integertexttexttexttexttext ]
}

@test "apply: records an operation without a down file with a NULL rollback code" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name TEXT);'
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain 'SELECT rollback_code IS NULL, checksum FROM migration')" = \
        "1|$(sha256sum <migrations/2025-01-10/0001-TASK-1-create-users_up.sql | cut -d ' ' -f 1)" ]
}

@test "apply: writes who, where, when and with what into the log" {
    operation 0001 TASK-1 create-users "CREATE TABLE users (name TEXT);
INSERT INTO users VALUES ('Ann'), ('Bob');"
    MIGRATE_ACTOR='Ann of deploys' mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain "SELECT id, version, task_name, description, action, outcome, error IS NULL,
        statement IS NULL, typeof(duration_ms), duration_ms BETWEEN 0 AND 60000, rows_changed, actor,
        host, sqlite_version = sqlite_version(), output IS NULL FROM migration_log")" = \
        "1|1|TASK-1|create-users|up|completed|1|1|integer|1|2|Ann of deploys|$(uname -n)|1|1" ]
    [ "$(mig "SELECT migrate_version = migrate_version(), fingerprint = migrate_fingerprint()
        FROM migrations_history")" = "1|1" ]
    [ "$(plain "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at) = started_at,
        strftime('%Y-%m-%dT%H:%M:%fZ', finished_at) = finished_at, started_at <= finished_at,
        abs(julianday('now') - julianday(started_at)) < 0.01 FROM migration_log")" = "1|1|1|1" ]
}

@test "apply: names the login in the log when no actor is given" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (name TEXT);'
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain 'SELECT actor FROM migration_log')" = "$(id -un)" ]
}

@test "apply: notes the fingerprint of the schema on the last line of a run only" {
    three_operations
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain 'SELECT count(fingerprint), max(id) FROM migration_log')" = "1|3" ]
    [ "$(mig 'SELECT fingerprint = migrate_fingerprint() FROM migrations_history WHERE id = 3')" = 1 ]
}

@test "apply: refuses an operation that breaks a view" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;'
    operation 0002 TASK-1 create-u 'CREATE TABLE u (a);'
    operation 0003 TASK-1 drop-t 'DROP TABLE t;'
    operation 0004 TASK-1 create-w 'CREATE TABLE w (a);'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 3: view v does not compile any more: no such table: main.t
hint: drop or rebuild it in the same operation, or put \"-- migrate: allow broken-view\" at the head of the file" ]
    [ "$(completed)" = "1 2" ]
    [ "$(objects)" = "t u v" ]
    [ "$(plain "SELECT group_concat(version || ' ' || outcome, ', ') FROM migration_log")" = \
        "1 completed, 2 completed, 3 failed" ]
}

@test "apply: refuses an operation that breaks a trigger" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE TABLE u (a);
CREATE TRIGGER copy AFTER INSERT ON t BEGIN
    INSERT INTO u VALUES (NEW.a);
END;'
    operation 0002 TASK-1 drop-u 'DROP TABLE u;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: trigger copy does not compile any more: no such table: main.u
hint: drop or rebuild it in the same operation, or put \"-- migrate: allow broken-view\" at the head of the file" ]
    [ "$(completed)" = 1 ]
}

@test "apply: refuses a trigger of an UPDATE or DELETE that is broken" {
    local event
    for event in UPDATE 'UPDATE OF b' DELETE; do
        rm -rf migrations/* "$db"
        operation 0001 TASK-1 create-t "CREATE TABLE t (a, b); CREATE TABLE u (a);
CREATE TRIGGER copy BEFORE $event ON t BEGIN
    INSERT INTO u VALUES (OLD.a);
END;"
        operation 0002 TASK-1 drop-u 'DROP TABLE u;'
        run --separate-stderr -1 mig "SELECT migrate_apply()"
        [ "${stderr%%$'\n'*}" = "Error: stepping, cannot apply operation 2: trigger copy does not compile any more: no such table: main.u" ]
        [ "$(completed)" = 1 ]
    done
}

@test "apply: refuses a trigger on a view that is broken" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE TABLE u (a); CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER copy INSTEAD OF INSERT ON v BEGIN
    INSERT INTO u VALUES (NEW.a);
END;'
    operation 0002 TASK-1 drop-u 'DROP TABLE u;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "${stderr%%$'\n'*}" = "Error: stepping, cannot apply operation 2: trigger copy does not compile any more: no such table: main.u" ]
    [ "$(completed)" = 1 ]
}

@test "apply: allows a broken view where the file says so" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;'
    operation 0002 TASK-1 drop-t '-- migrate: allow broken-view: the report job makes it again
DROP TABLE t;'
    operation 0003 TASK-1 create-u 'CREATE TABLE u (a);'
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
}

@test "apply: with compile_check off or warn lets an operation break a view" {
    local level
    for level in off warn; do
        rm -rf migrations/* "$db"
        operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;'
        operation 0002 TASK-1 drop-t 'DROP TABLE t;'
        [ "$(mig "SELECT migrate_config('compile_check', '$level')" "SELECT migrate_apply()")" = "$level
2" ]
        [ "$(mig "SELECT problem, severity, place FROM migrations_problems")" = "broken view|warn|v" ]
    done
}

@test "apply: leaves a view alone that was broken before" {
    plain 'CREATE VIEW v AS SELECT a FROM nosuch' 'CREATE VIEW w AS SELECT a FROM t'
    operation 0001 TASK-1 create-u 'CREATE TABLE u (a);'
    operation 0002 TASK-1 create-t 'CREATE TABLE t (a);'
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
}

@test "apply: allows an operation that makes a view that does not compile" {
    operation 0001 TASK-1 create-v 'CREATE VIEW v AS SELECT a FROM t;'
    operation 0002 TASK-1 create-t 'CREATE TABLE t (a);'
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
}

@test "apply: reports row by row in a recursive query" {
    three_operations
    result=$(mig "WITH RECURSIVE run (step, version) AS (
            SELECT 1, migrate_apply(NULL, '+1')
            UNION ALL SELECT step + 1, migrate_apply(NULL, '+1') FROM run WHERE step < 4)
        SELECT step, version FROM run")
    [ "$result" = "1|1
2|2
3|3
4|3" ]
    [ "$(completed)" = "1 2 3" ]
    [ "$(plain 'SELECT count(*) FROM migration_log')" = 3 ]
}
