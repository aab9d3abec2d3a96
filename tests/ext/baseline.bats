#!/usr/bin/env bats
# migrate_baseline(): takes over a database that has the schema already.

load ../helpers/migrate

setup() {
    use_scratch
    three_operations
}

# The schema that the first two operations would have made.
existing_schema() {
    plain 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)' \
        'CREATE INDEX users_name ON users (name)' "INSERT INTO users (name) VALUES ('Zoe')"
}

@test "baseline: marks operations as completed without running them" {
    existing_schema
    [ "$(mig "SELECT migrate_baseline(2)")" = 2 ]
    [ "$(completed)" = "1 2" ]
    [ "$(plain 'SELECT name FROM users')" = Zoe ]
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(plain 'SELECT group_concat(name) FROM (SELECT name FROM users ORDER BY name)')" = "Ann,Zoe" ]
}

@test "baseline: stores the sources, so that it can be rolled back" {
    existing_schema
    mig "SELECT migrate_baseline(2)"
    rm -r migrations
    [ "$(mig "SELECT migrate_rollback()")" = 1 ]
    [ "$(objects)" = users ]
}

@test "baseline: records each operation and logs it with the fingerprint on the last line" {
    local up=migrations/2025-01-10/0002-TASK-1-add-users-index_up.sql
    existing_schema
    MIGRATE_ACTOR=ann mig "SELECT migrate_baseline(2)"
    [ "$(plain "SELECT task_name, description, migration_date, type, file_path, checksum, status,
        started_at = completed_at, code, rollback_code FROM migration WHERE version = 2")" = \
        "TASK-1|add-users-index|2025-01-10|sql|${up#migrations/}|$(cat "$up" "${up%_up.sql}_down.sql" |
            sha256sum | cut -d ' ' -f 1)|completed|1|$(cat "$up")
|DROP INDEX users_name;" ]
    [ "$(plain 'SELECT version, action, outcome, error IS NULL, duration_ms, rows_changed, actor,
        fingerprint IS NULL FROM migration_log')" = "1|baseline|completed|1|0|0|ann|1
2|baseline|completed|1|0|0|ann|0" ]
}

@test "baseline: at that version already changes nothing" {
    existing_schema
    mig "SELECT migrate_baseline(2)"
    before=$(plain .dump)
    [ "$(mig "SELECT migrate_baseline(2)" "SELECT migrate_baseline(1)")" = "2
2" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "baseline: goes on above what is applied" {
    mig "SELECT migrate_apply(NULL, 1)"
    plain 'CREATE INDEX users_name ON users (name)'
    [ "$(mig "SELECT migrate_baseline(2)")" = 2 ]
    [ "$(plain "SELECT group_concat(version || ' ' || action, ', ') FROM migration_log")" = "1 up, 2 baseline" ]
}

@test "baseline: takes over an operation that was rolled back" {
    mig "SELECT migrate_apply()" "SELECT migrate_rollback()"
    [ "$(mig "SELECT migrate_baseline(3)")" = 3 ]
    [ "$(plain 'SELECT count(*), count(completed_at) FROM migration')" = "3|3" ]
    [ "$(plain 'SELECT count(*) FROM users')" = 0 ]
}

@test "baseline: takes a folder" {
    mv migrations elsewhere
    [ "$(mig "SELECT migrate_baseline(1, 'elsewhere')")" = 1 ]
}

@test "baseline: does not run a program, nor needs it to be allowed" {
    program 0004 TASK-3 fill sh <<'END'
#!/bin/sh
: >ran
END
    [ "$(mig "SELECT migrate_baseline(4)")" = 4 ]
    [ ! -e ran ]
}

@test "baseline: version 0 changes nothing" {
    [ "$(mig "SELECT migrate_baseline(0)")" = 0 ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "baseline: refuses a version that the folder does not have" {
    run --separate-stderr -12 mig "SELECT migrate_baseline(9)"
    [ "$(error_text)" = "cannot baseline version 9: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "baseline: refuses a folder with a gap" {
    rm migrations/2025-01-10/0002-*
    run --separate-stderr -20 mig "SELECT migrate_baseline(3)"
    [ "$(error_text)" = "cannot baseline version 3: version 2 is missing before 2025-01-10/0003-TASK-2-add-ann_up.sql
hint: add the missing file or renumber; where gaps are meant, set option gaps" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "baseline: refuses a folder with a bad name" {
    : >migrations/2025-01-10/create_users.sql
    run --separate-stderr -20 mig "SELECT migrate_baseline(1)"
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "baseline: refuses a database with a failed operation" {
    operation 0001 TASK-1 create-users '-- migrate: no-transaction
SELECT nosuch;'
    run mig "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_baseline(3)"
    [ "${stderr%%$'\n'*}" = "Error: stepping, cannot baseline version 3: operation 1 (2025-01-10/0001-TASK-1-create-users_up.sql) failed outside a transaction and may be half done" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "baseline: refuses what is no version" {
    local version
    for version in "'+1'" "'TASK-1'" -1 NULL; do
        run --separate-stderr -21 mig "SELECT migrate_baseline($version)"
        [ "$(error_text)" = "migrate_baseline: \"${version//\'/}\" is not a version
hint: a version is a whole number, e.g. 7" ]
        [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
    done
}
