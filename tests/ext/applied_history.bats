#!/usr/bin/env bats
# The tables migrations_applied and migrations_history: what was done, as the database remembers it.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
}

# A pattern for GLOB: UTC, ISO 8601, milliseconds.
moment="[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]Z"

# The columns of the log that say what happened, one line an attempt.
history() {
    mig "SELECT id, version, action, outcome, statement FROM migrations_history"
}

@test "applied: has no row where nothing was ever applied" {
    three_operations
    [ "$(mig "SELECT * FROM migrations_applied" "SELECT * FROM migrations_history")" = "" ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "applied: shows what is known of each operation" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (x);' 'DROP TABLE users;'
    program 0002 FEATURE-7 load_users sh 2025-01-11 <<'PROGRAM'
#!/bin/sh
echo 'INSERT INTO users VALUES (1);'
PROGRAM
    first=$(cat "$day"/0001-*_up.sql "$day"/0001-*_down.sql | sha256sum | cut -d ' ' -f 1)
    second=$(sha256sum "$folder"/2025-01-11/0002-* | cut -d ' ' -f 1)
    MIGRATE_SCRIPTS=on mig "SELECT migrate_apply()"
    [ "$(mig "SELECT version, task_name, description, migration_date, type, file_path, checksum, status
            FROM migrations_applied")" = "1|TASK-1|create-users|2025-01-10|sql|2025-01-10/0001-TASK-1-create-users_up.sql|$first|completed
2|FEATURE-7|load_users|2025-01-11|program|2025-01-11/0002-FEATURE-7-load_users.sh|$second|completed" ]
}

@test "applied: gives both codes in hidden columns, byte for byte" {
    operation 0001 TASK-1 first $'CREATE TABLE a (x DEFAULT \'\xc3\xa9\');\r' 'DROP TABLE a;'
    operation 0002 TASK-1 second 'CREATE TABLE b (x);'
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT hex(code), hex(rollback_code) FROM migrations_applied")" = "$(od -An -v -tx1 "$day"/0001-*_up.sql | tr -d ' \n' | tr a-f A-F)|$(od -An -v -tx1 "$day"/0001-*_down.sql | tr -d ' \n' | tr a-f A-F)
$(od -An -v -tx1 "$day"/0002-* | tr -d ' \n' | tr a-f A-F)|" ]
    [ "$(mig "SELECT rollback_code IS NULL FROM migrations_applied")" = "0
1" ]
}

@test "applied: has its times in UTC, with the difference as the duration" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT DISTINCT started_at GLOB '$moment', completed_at GLOB '$moment',
            completed_at >= started_at, typeof(duration_ms), duration_ms BETWEEN 0 AND 60000
            FROM migrations_applied")" = "1|1|1|integer|1" ]
    plain "UPDATE migration SET started_at = '2025-01-10T10:00:00.250Z', completed_at = '2025-01-10T10:01:01.500Z'"
    [ "$(mig "SELECT DISTINCT duration_ms FROM migrations_applied")" = 61250 ]
}

@test "applied: has no completion and no duration for what was interrupted" {
    three_operations
    mig "SELECT migrate_apply()"
    plain "UPDATE migration SET status = 'running', completed_at = NULL WHERE version = 2"
    [ "$(mig "SELECT status, completed_at IS NULL, duration_ms IS NULL FROM migrations_applied")" = "completed|0|0
running|1|1
completed|0|0" ]
}

@test "applied: keeps what was rolled back, with that status" {
    three_operations
    mig "SELECT migrate_apply()" "SELECT migrate_rollback()"
    [ "$(mig "SELECT version, status FROM migrations_applied")" = "1|completed
2|completed
3|rollback" ]
}

@test "applied: is sorted by version, also after a late operation" {
    three_operations
    mkdir aside
    mv "$day"/0002-* aside
    export MIGRATE_GAPS=off MIGRATE_LATE=off
    mig "SELECT migrate_apply()"
    mv aside/* "$day"
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT version FROM migrations_applied")" = "1
2
3" ]
    [ "$(plain "SELECT group_concat(version) FROM (SELECT version FROM migration ORDER BY id)")" = 1,3,2 ]
    [ "$(mig "SELECT version FROM migrations_history")" = "1
3
2" ]
}

@test "applied: needs no folder" {
    three_operations
    mig "SELECT migrate_apply()"
    rm -r "$folder"
    [ "$(mig "SELECT count(*), min(dir) FROM migrations_applied" \
        "SELECT count(*), min(dir) FROM migrations_history")" = "3|migrations
3|migrations" ]
}

@test "applied: is read from the table that option table names" {
    three_operations
    [ "$(mig "SELECT migrate_config('table', 'changes')" "SELECT migrate_apply()" \
        "SELECT count(*) FROM migrations_applied" "SELECT migrate_config('table', NULL)" \
        "SELECT count(*) FROM migrations_applied")" = "changes
3
3
migration
0" ]
}

@test "applied: refuses a table that is not of the extension" {
    plain "CREATE TABLE migration (version TEXT)"
    for table in migrations_applied migrations_history; do
        run --separate-stderr -20 mig "SELECT * FROM $table"
        [ "$output" = "" ]
        [ "$(error_text)" = "the database has a table migration that is not the one of this extension
hint: it was not touched; choose another name with migrate_config('table', ...)" ]
    done
}

@test "applied: a database in UTF-16 is applied, verified and rolled back like any other" {
    plain "PRAGMA encoding = 'UTF-16'; CREATE TABLE kept (x)"
    operation 0001 TASK-1 first "CREATE TABLE a AS SELECT 'é' AS x;" 'DROP TABLE a; -- é'
    [ "$(mig "SELECT migrate_apply()" "SELECT migrate_verify()" "SELECT description FROM migrations_applied" \
        "SELECT count(*) FROM migrations_applied WHERE checksum = migrate_checksum(code, rollback_code)")" = "1
1
first
1" ]
    sed -i 's/$/\r/' "$day"/0001-*
    [ "$(mig "SELECT severity, problem FROM migrations_problems")" = "warn|changed" ]
    [ "$(mig "SELECT migrate_rollback()")" = 0 ]
    [ "$(objects)" = kept ]
}

@test "history: has a line for each attempt, in the order in which they were made" {
    three_operations
    mig "SELECT migrate_apply(NULL, 2)" "SELECT migrate_rollback()" "SELECT migrate_apply()"
    [ "$(history)" = "1|1|up|completed|
2|2|up|completed|
3|2|down|completed|
4|2|up|completed|
5|3|up|completed|" ]
}

@test "history: has a line for a baseline and for a repair" {
    three_operations
    mig "SELECT migrate_baseline(2)"
    echo '-- more' >>"$day/0001-TASK-1-create-users_up.sql"
    mig "SELECT migrate_repair(1, 'accept')"
    [ "$(history)" = "1|1|baseline|completed|
2|2|baseline|completed|
3|1|repair|completed|" ]
}

@test "history: keeps the message and the statement of a failure" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    operation 0002 TASK-1 second $'CREATE TABLE b (x);\nINSERT INTO nowhere VALUES (1);\nSELECT 1;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(history)" = "1|1|up|completed|
2|2|up|failed|2" ]
    [ "$(mig "SELECT error FROM migrations_history WHERE id = 2")" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-second_up.sql:2:1: no such table: nowhere
    2 | INSERT INTO nowhere VALUES (1);" ]
    [ "$(mig "SELECT error IS NULL FROM migrations_history WHERE id = 1")" = 1 ]
}

@test "history: has one line for each time that an operation fails" {
    operation 0001 TASK-1 first 'INSERT INTO nowhere VALUES (1);'
    run -1 mig "SELECT migrate_apply()"
    run -1 mig "SELECT migrate_apply()"
    [ "$(history)" = "1|1|up|failed|1
2|1|up|failed|1" ]
    [ "$(mig "SELECT count(*) FROM migrations_applied")" = 0 ]
}

@test "history: a refusal leaves no line" {
    three_operations
    mig "SELECT migrate_apply()"
    touch "$day/notes.txt"
    run -20 mig "SELECT migrate_apply()"
    [ "$(mig "SELECT count(*) FROM migrations_history")" = 3 ]
}

@test "history: counts the rows that were changed" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);
INSERT INTO a VALUES (1), (2), (3);
DELETE FROM a WHERE x = 2;'
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT rows_changed FROM migrations_history")" = 4 ]
}

@test "history: says who it was, where, and with what" {
    three_operations
    MIGRATE_ACTOR="Ann <ann@example.org>" mig "SELECT migrate_apply(NULL, 1)"
    mig "SELECT migrate_apply(NULL, 2)"
    [ "$(mig "SELECT actor, host, sqlite_version = sqlite_version(), migrate_version = migrate_version()
            FROM migrations_history")" = "Ann <ann@example.org>|$(uname -n)|1|1
$(id -un)|$(uname -n)|1|1" ]
}

@test "history: has its times in UTC, with a duration" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT DISTINCT started_at GLOB '$moment', finished_at GLOB '$moment',
            finished_at >= started_at, duration_ms BETWEEN 0 AND 60000 FROM migrations_history")" = "1|1|1|1" ]
}

@test "history: has the fingerprint on the last line of a run" {
    three_operations
    mig "SELECT migrate_apply()"
    one=$(mig "SELECT migrate_fingerprint()")
    mig "SELECT migrate_rollback(2)"
    two=$(mig "SELECT migrate_fingerprint()")
    [ "$one" != "$two" ]
    [ "$(mig "SELECT id, fingerprint FROM migrations_history")" = "1|
2|
3|$one
4|
5|$two" ]
}

@test "history: has the fingerprint on the line of a failure too" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    operation 0002 TASK-1 second 'INSERT INTO nowhere VALUES (1);'
    run -1 mig "SELECT migrate_apply()"
    now=$(mig "SELECT migrate_fingerprint()")
    [ "$(mig "SELECT id, fingerprint FROM migrations_history")" = "1|
2|$now" ]
}

@test "history: keeps what a program says on standard error" {
    program 0001 TASK-1 first sh <<'PROGRAM'
#!/bin/sh
echo 'loading é' >&2
echo 'CREATE TABLE a (x);'
PROGRAM
    MIGRATE_SCRIPTS=on mig "SELECT migrate_apply()"
    [ "$(mig "SELECT trim(output, char(10)) FROM migrations_history")" = "loading é" ]
}

@test "history: keeps what a failing program says on standard error" {
    program 0001 TASK-1 first sh <<'PROGRAM'
#!/bin/sh
echo 'no data' >&2
exit 3
PROGRAM
    export MIGRATE_SCRIPTS=on
    run -1 mig "SELECT migrate_apply()"
    [ "$(mig "SELECT outcome, trim(output, char(10)) FROM migrations_history")" = "failed|no data" ]
}

@test "history: outlives the rows that it is about" {
    three_operations
    mig "SELECT migrate_apply()" "SELECT migrate_rollback('all')"
    [ "$(mig "SELECT count(*), count(DISTINCT version) FROM migrations_history")" = "6|3" ]
    [ "$(mig "SELECT task_name, description FROM migrations_history WHERE id = 6")" = "TASK-1|create-users" ]
}
