#!/usr/bin/env bats
# What surrounds up, down, to and redo: the snapshot before them, and rollback-log.md behind them.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
    unset MIGRATE_SNAPSHOT MIGRATE_NOTE
}

# The names of the snapshots without their times.
snapshots() {
    find backups -name '*.sqlite' 2>/dev/null | sed -E 's/_[0-9]{8}T[0-9]{6}Z_/_TIME_/' | sort
}

# The roll back log without times.
rollback_log() {
    sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/WHEN/; s/_[0-9]{8}T[0-9]{6}Z_/_TIME_/' backups/rollback-log.md
}

outputs() {
    plain "SELECT coalesce(output, '-') FROM migration_log" | sed -E 's/_[0-9]{8}T[0-9]{6}Z_/_TIME_/'
}

@test "precaution: in production, a run takes a verified snapshot first, registers it, and its log names it" {
    front up 2 -q
    MIGRATE_ENV=production run --separate-stderr -0 front up
    [ "$(timeless "$stderr" | sed -E 's/_[0-9]{8}T[0-9]{6}Z_/_TIME_/')" = "snapshot: backups/default_TIME_before-up.sqlite
1/1 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
    [ "$(snapshots)" = "backups/default_TIME_before-up.sqlite" ]
    (cd backups && sha256sum -c --quiet ./*.sha256)
    [ "$(sqlite3 -init /dev/null backups/*.sqlite "SELECT count(*) FROM users")" = 0 ]
    [ "$(outputs)" = "-
-
snapshot backups/default_TIME_before-up.sqlite" ]
    [ "$(grep -c '| before sqlite-migrate up | production |' backups/REGISTER.md)" = 1 ]
}

@test "precaution: option snapshot does the same in every environment, for each of the four commands" {
    front up -q
    front down -q --snapshot before-apply
    front up -q --snapshot=before-apply
    MIGRATE_SNAPSHOT=before-apply front redo -q
    MIGRATE_SNAPSHOT=before-apply front to 1 -q
    [ "$(snapshots)" = "backups/default_TIME_before-down.sqlite
backups/default_TIME_before-redo.sqlite
backups/default_TIME_before-to.sqlite
backups/default_TIME_before-up.sqlite" ]
    [ "$(completed)" = 1 ]
}

@test "precaution: what a snapshot warns of is said" {
    front up 2 -q
    plain "CREATE TABLE notes (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users); INSERT INTO notes VALUES (1, 99)"
    run --separate-stderr -0 front up --snapshot before-apply
    [ "$(timeless "$stderr" | sed -E 's/_[0-9]{8}T[0-9]{6}Z_/_TIME_/')" = "sqlite-migrate: warning: the snapshot: 1 rows refer to a parent that is not there, in the original as in the copy
snapshot: backups/default_TIME_before-up.sqlite
1/1 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
    front down -q
    run --separate-stderr -0 front up -q --snapshot before-apply
    [ "$stderr" = "" ]
}

@test "precaution: elsewhere, and where there is nothing to do, nothing is taken" {
    front up -q
    [ ! -e backups ]
    MIGRATE_ENV=production front up -q
    [ ! -e backups ]
}

@test "precaution: a database that is not there yet, or is empty, is no reason to stop" {
    MIGRATE_ENV=production front up 1 -q
    [ "$(completed)" = 1 ]
    rm app.db
    sqlite3 app.db 'VACUUM'
    MIGRATE_ENV=production front up 1 -q
    [ "$(completed)" = 1 ]
    [ ! -e backups ]
}

@test "precaution: --no-snapshot goes on without one, says so, and the log says so" {
    front up 2 -q
    MIGRATE_ENV=production run --separate-stderr -0 front up --no-snapshot --note 'release 7'
    [ "$(timeless "$stderr")" = "sqlite-migrate: warning: no snapshot of app.db is taken, as --no-snapshot says
1/1 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
    [ ! -e backups ]
    [ "$(outputs)" = "-
-
release 7
no snapshot was taken (--no-snapshot)" ]
}

@test "precaution: where no snapshot can be taken, nothing is run" {
    front up 2 -q
    printf 'a file' >backups
    MIGRATE_ENV=production run --separate-stderr -73 front up
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: nothing was run, for there is no snapshot: backups is not a folder
hint: --dir or MIGRATE_BACKUP_DIR names the folder of the snapshots; --no-snapshot goes on without one" ]
    [ "$(completed)" = "1 2" ]
}

@test "precaution: a connection by name gives the snapshot its label, and the folder can be another" {
    export DATABASE_URL_REPORTS=sqlite:reports.db MIGRATE_BACKUP_DIR=kept
    front up 2 -q --connection reports
    MIGRATE_ENV=production front up -q --connection reports
    [ "$(find kept -name 'reports_*_before-up.sqlite' | wc -l)" = 1 ]
    [ ! -e backups ]
}

@test "rollback-log.md: tells of each roll back, with the SQL that ran" {
    front up -q
    MIGRATE_ENV=staging front down 2 -q --actor ann
    [ "$(rollback_log)" = "# Log of roll backs and restores

## WHEN: sqlite-migrate down 2

| who | environment | connection | snapshot |
| --- | --- | --- | --- |
| ann | staging | default | - |

\`\`\`sql
-- 2025-01-10/0003-TASK-2-add-ann_up.sql
DELETE FROM users WHERE name = 'Ann';

-- 2025-01-10/0002-TASK-1-add-users-index_up.sql
DROP INDEX users_name;

\`\`\`" ]
}

@test "rollback-log.md: names the snapshot that leads back" {
    front up -q
    MIGRATE_ENV=production front down -q --actor ann
    rollback_log | grep -qxF '| ann | production | default | default_TIME_before-down.sqlite |'
}

@test "rollback-log.md: has the code that ran, though redo has stored another since" {
    front up -q
    printf '%s\n' "DELETE FROM users;" >migrations/2025-01-10/0003-TASK-2-add-ann_down.sql
    front redo -q
    rollback_log | grep -qxF "DELETE FROM users WHERE name = 'Ann';"
    run ! grep -qxF "DELETE FROM users;" backups/rollback-log.md
}

@test "rollback-log.md: tells of what a run has rolled back before it failed" {
    operation 0001 TASK-1 create-users \
        'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);' 'DROP TABLE nosuch;'
    front up -q
    run --separate-stderr -1 front down all -q
    [ "$(head -n 1 <<<"$stderr")" = "sqlite-migrate: cannot roll back operation 1: 2025-01-10/0001-TASK-1-create-users_down.sql:1:1: no such table: nosuch" ]
    [ "$(completed)" = 1 ]
    [ "$(rollback_log | sed -n '/^-- /p')" = "-- 2025-01-10/0003-TASK-2-add-ann_up.sql
-- 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
}

@test "rollback-log.md: a run that rolls nothing back adds nothing" {
    front up -q
    front to 3 -q
    [ ! -e backups/rollback-log.md ]
}

@test "rollback-log.md: where it cannot be written, nothing is rolled back" {
    front up -q
    mkdir -m 700 backups
    ln -s nowhere backups/rollback-log.md
    run --separate-stderr -77 front down
    [ "$stderr" = "sqlite-migrate: backups/rollback-log.md is a symbolic link
hint: find out who made it, and remove it" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "precaution: --json reports the steps of the run, not those of the snapshot" {
    front up 2 -q
    MIGRATE_ENV=production run --separate-stderr -0 front up --json -q
    [ "$(sed -E 's/"milliseconds":[0-9]+/"milliseconds":N/' <<<"$output")" = '{"version":3,"operations":[{"direction":"up","path":"2025-01-10/0003-TASK-2-add-ann_up.sql","milliseconds":N}]}' ]
}
