#!/usr/bin/env bats
# sqlite-migrate up, down, to, redo: what changes the database.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

@test "sqlite-migrate up: applies what is pending, shows each operation, and prints the version" {
    run --separate-stderr -0 front up
    [ "$output" = "the database is at version 3" ]
    [ "$(timeless "$stderr")" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
3/3 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "sqlite-migrate up: says so when there is nothing to do" {
    front up
    run --separate-stderr -0 front up
    [ "$output" = "nothing to do: the database is at version 3" ]
    [ "$stderr" = "" ]
}

@test "sqlite-migrate up: goes up to a version, by a number, or to the end of a task" {
    front up 1
    [ "$(completed)" = "1" ]
    front apply +1
    [ "$(completed)" = "1 2" ]
    front migrate TASK-2
    [ "$(completed)" = "1 2 3" ]
}

@test "sqlite-migrate up: prints the whole message of an operation that fails, and ends with its status" {
    operation 0003 TASK-2 add-ann 'SELECT nosuch;'
    run --separate-stderr -1 front up
    [ "$output" = "" ]
    [ "$(timeless "$stderr")" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
sqlite-migrate: cannot apply operation 3: 2025-01-10/0003-TASK-2-add-ann_up.sql:1:8: no such column: nosuch
    1 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "1 2" ]
}

@test "sqlite-migrate up: shows first what is dangerous and not approved" {
    operation 0004 TASK-2 empty-users 'DELETE FROM users;'
    front up -q 3
    run --separate-stderr -0 front up
    [ "$output" = "the database is at version 4" ]
    [ "$(timeless "$stderr")" = "warning: operation 4 is dangerous: 2025-01-10/0004-TASK-2-empty-users_up.sql:1: deletes all rows of users: 1 row (delete-without-where)
1/1 up 2025-01-10/0004-TASK-2-empty-users_up.sql (N ms)" ]
}

@test "sqlite-migrate up --dangerous deny: refuses what is dangerous and not approved" {
    operation 0004 TASK-2 empty-users 'DELETE FROM users;'
    front up -q 3
    run --separate-stderr -65 front up --dangerous deny
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: operation 4 is dangerous: 2025-01-10/0004-TASK-2-empty-users_up.sql:1: deletes all rows of users: 1 row (delete-without-where)
hint: say with WHERE which rows are meant; or approve it in the file: -- migrate: allow delete-without-where users: REASON" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "sqlite-migrate up --dangerous deny: runs what is approved in its file" {
    operation 0004 TASK-2 empty-users '-- migrate: allow delete-without-where users: only tests so far
DELETE FROM users;'
    front up -q 3
    front up -q --dangerous=deny
    [ "$(plain 'SELECT output FROM migration_log WHERE version = 4')" = "allowed delete-without-where users: only tests so far" ]
}

@test "sqlite-migrate up: refuses what is no target" {
    run --separate-stderr -64 front up "1'; DROP TABLE migration; --"
    [ "$stderr" = "sqlite-migrate: migrate_apply: \"1'; DROP TABLE migration; --\" is not a target
hint: a target is a version (7), a number of operations ('+2') or a task ('TASK-123')" ]
    [ "$(completed)" = "" ]
}

@test "sqlite-migrate up: refuses a second target" {
    run --separate-stderr -64 front up 1 2
    [ "$stderr" = "sqlite-migrate: up takes at most 1 argument, not 2
hint: sqlite-migrate help up" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate up: prints each step as JSON" {
    run --separate-stderr -0 front up 2 --json --quiet
    [ "$stderr" = "" ]
    [ "$(printf '%s' "$output" | sed -E 's/(seconds":)[0-9]+/\1N/')" = '{"version":2,"operations":[{"direction":"up","path":"2025-01-10/0001-TASK-1-create-users_up.sql","milliseconds":N},
{"direction":"up","path":"2025-01-10/0002-TASK-1-add-users-index_up.sql","milliseconds":N}]}' ]
    plain "SELECT json('$output')"
}

@test "sqlite-migrate up: says nothing with --quiet" {
    run --separate-stderr -0 front up -q
    [ "$output$stderr" = "" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "sqlite-migrate up: draws a bar where one is asked for" {
    run --separate-stderr -0 front up --progress bar
    [ "$output" = "the database is at version 3" ]
    [ "$(printf '%s\n' "$stderr" | tr '\r' '\n' | sed 's/ *$//' | tail -n 1)" = "[##############################] 3/3 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
}

@test "sqlite-migrate up: keeps the bar and the message of a failure apart" {
    operation 0002 TASK-1 add-users-index 'SELECT nosuch;'
    run --separate-stderr -1 front up --progress=bar
    [ "$(printf '%s\n' "$stderr" | tr '\r' '\n' | sed 's/ *$//' | tail -n 4)" = "[##########....................] 1/3 2025-01-10/0001-TASK-1-create-users_up.sql
sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-add-users-index_up.sql:1:8: no such column: nosuch
    1 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
}

@test "sqlite-migrate up: makes a database with the mode that the umask gives" {
    (umask 027 && front up -q)
    [ "$(find app.db -perm 640)" = app.db ]
}

@test "sqlite-migrate up: leaves nothing in the temporary folder" {
    front up
    run -64 front up nothing
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "sqlite-migrate up --dry-run: lists what would be applied, and does nothing" {
    run --separate-stderr -0 front up TASK-1 --dry-run
    [ "$output" = "up 2025-01-10/0001-TASK-1-create-users_up.sql
up 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
    [ "$stderr" = "" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate up --dry-run: lists as many operations as the number says" {
    front up 1 -q
    run --separate-stderr -0 front up +1 --dry-run
    [ "$output" = "up 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
    [ "$(completed)" = 1 ]
}

@test "sqlite-migrate up --dry-run: fails where up would" {
    operation 0002 TASK-1 add-users-index 'CREATE INDEX i ON users (name)'
    run --separate-stderr -65 front up --dry-run
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: 2025-01-10/0002-TASK-1-add-users-index_up.sql:1:1: the last statement has no semicolon
    1 | CREATE INDEX i ON users (name)
hint: end it with \";\" if the file is complete; it may have been cut off" ]
}

@test "sqlite-migrate up --dry-run: refuses a version that is not there" {
    run --separate-stderr -66 front up 7 --dry-run
    [ "$stderr" = "sqlite-migrate: there is no operation or task 7
hint: sqlite-migrate status" ]
}

@test "sqlite-migrate up --dry-run: prints JSON" {
    run --separate-stderr -0 front up 1 --dry-run --json
    [ "$output" = '[{"version":1,"task":"TASK-1","description":"create-users","direction":"up","path":"2025-01-10/0001-TASK-1-create-users_up.sql"}]' ]
}

@test "sqlite-migrate down: rolls back the newest operation" {
    front up
    run --separate-stderr -0 front down
    [ "$output" = "the database is at version 2" ]
    [ "$(timeless "$stderr")" = "1/1 down 2025-01-10/0003-TASK-2-add-ann_down.sql (N ms)" ]
    [ "$(completed)" = "1 2" ]
}

@test "sqlite-migrate down: rolls back a number, a task, everything" {
    front up
    front rollback 2
    [ "$(completed)" = "1" ]
    front up
    front down TASK-2
    [ "$(completed)" = "1 2" ]
    front down all
    [ "$(completed)" = "" ]
}

@test "sqlite-migrate down: does not make a database" {
    run --separate-stderr -66 front down
    [ "$stderr" = "sqlite-migrate: there is no database app.db
hint: check --connection, DATABASE_URL and the working directory" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate down: says that there is no way back, and ends with the status for it" {
    operation 0004 TASK-2 add-bob "INSERT INTO users (name) VALUES ('Bob');"
    front up
    run --separate-stderr -65 front down
    [ "$stderr" = "sqlite-migrate: operation 4 (2025-01-10/0004-TASK-2-add-bob_up.sql) cannot be rolled back: it has no rollback code
hint: add its _down.sql, then SELECT migrate_repair(4, 'accept')" ]
    [ "$(completed)" = "1 2 3 4" ]
}

@test "sqlite-migrate down --dry-run: lists what would be rolled back, newest first" {
    front up
    run --separate-stderr -0 front down 2 --dry-run
    [ "$output" = "down 2025-01-10/0003-TASK-2-add-ann_up.sql
down 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
    run --separate-stderr -0 front down --dry-run
    [ "$output" = "down 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    run --separate-stderr -0 front down TASK-1 --dry-run
    [ "${#lines[@]}" -eq 2 ]
    run --separate-stderr -0 front down all --dry-run
    [ "${#lines[@]}" -eq 3 ]
    [ "$(completed)" = "1 2 3" ]
}

@test "sqlite-migrate to: goes up and down to a version" {
    front to 2
    [ "$(completed)" = "1 2" ]
    run --separate-stderr -0 front goto 0
    [ "$output" = "the database is at version 0" ]
    [ "$(completed)" = "" ]
}

@test "sqlite-migrate to: wants a version" {
    run --separate-stderr -64 front to
    [ "$stderr" = "sqlite-migrate: to takes one version
hint: sqlite-migrate help to" ]
    run --separate-stderr -64 front to latest
    [ "$stderr" = "sqlite-migrate: migrate_to: \"latest\" is not a version
hint: a version is a whole number, e.g. 7" ]
}

@test "sqlite-migrate to --dry-run: lists both directions" {
    front up 2
    run --separate-stderr -0 front to 1 --dry-run
    [ "$output" = "down 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
    run --separate-stderr -0 front to 3 --dry-run
    [ "$output" = "up 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    run --separate-stderr -0 front to 2 --dry-run
    [ "$output" = "" ]
    [ "$stderr" = "nothing to do" ]
    [ "$(completed)" = "1 2" ]
}

@test "sqlite-migrate --dry-run: refuses what the command without it refuses" {
    local words
    front up 2
    for words in "up +x" "up +" "up all" "up 1.5" "up TASK-7" "down +1" "down 0" "down TASK-2" "to TASK-1" "to all" "to +1" "to 7"; do
        # shellcheck disable=SC2086 # these are words
        run --separate-stderr -66 front $words --dry-run
        [ "$stderr" = "sqlite-migrate: there is no operation or task ${words#* }
hint: sqlite-migrate status" ]
        # shellcheck disable=SC2086
        run ! front $words
    done
    [ "$(completed)" = "1 2" ]
}

@test "sqlite-migrate down --dry-run: lists what there is when more is asked for" {
    front up 2
    run --separate-stderr -0 front down 9 --dry-run
    [ "${#lines[@]}" -eq 2 ]
}

@test "sqlite-migrate redo: rolls back and applies again" {
    front up
    run --separate-stderr -0 front redo 2
    [ "$output" = "the database is at version 3" ]
    [ "$(plain "SELECT group_concat(action || version, ' ') FROM migration_log WHERE id > 3")" = "down3 down2 up2 up3" ]
}

@test "sqlite-migrate redo: cannot be only pretended" {
    front up
    run --separate-stderr -64 front redo --pretend
    [ "$stderr" = "sqlite-migrate: redo cannot be only pretended
hint: sqlite-migrate help redo" ]
    [ "$(plain 'SELECT count(*) FROM migration_log')" = 3 ]
}

@test "sqlite-migrate: ends with 75 while another connection is writing" {
    mkfifo held let_go
    {
        printf 'BEGIN IMMEDIATE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null app.db 3>&- &
    holder=$!
    read -r _ <held
    run --separate-stderr -75 front up --lock-timeout 10
    [ "$stderr" = "sqlite-migrate: database is locked
hint: another connection is using the database; try again, or raise lock_timeout" ]
    printf 'ROLLBACK;\n' >let_go
    wait "$holder"
}

@test "sqlite-migrate: passes the options of the engine on" {
    front up -q --table "it's" --actor "Ann \"A\" O'Hara" --transaction all --gaps warn --commit-interval=0
    [ "$(plain "SELECT DISTINCT actor FROM \"it's_log\"")" = "Ann \"A\" O'Hara" ]
    run --separate-stderr -78 front up --late never --table "it's"
    [ "$stderr" = "sqlite-migrate: environment variable MIGRATE_LATE: option late: \"never\" is not one of its values
hint: use one of: off warn error" ]
}

@test "sqlite-migrate: runs programs only where they are switched on" {
    printf '#!/bin/sh\necho "SELECT 1;"\n' | program 0004 TASK-2 import sh
    run --separate-stderr -77 front up
    [ "$stderr" = "sqlite-migrate: 2025-01-10/0004-TASK-2-import.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" ]
    front up --scripts on -q
    [ "$(completed)" = "1 2 3 4" ]
}

@test "sqlite-migrate: reports a file that is no database" {
    printf 'this is not a database, but a text that is longer than the header of one would be, by far\n%0500d\n' 0 >app.db
    run --separate-stderr -65 front up
    [ "$stderr" = "sqlite-migrate: file is not a database
hint: the file is not an SQLite database, or it is encrypted" ]
}

@test "sqlite-migrate: reports a database that cannot be made" {
    run --separate-stderr -73 front up --connection sqlite:nowhere/app.db
    [ "$stderr" = 'sqlite-migrate: unable to open database "./nowhere/app.db": unable to open database file' ]
}

@test "sqlite-migrate: ends an interrupted run with what the engine says, and dies of a TERM" {
    mkfifo begun
    printf '#!/bin/sh\necho begun >begun\nexec sleep 100\n' | program 0004 TASK-2 wait sh
    # Not front(): $! is to be the process itself.
    "$front" up --scripts on -q </dev/null 2>said 3>&- &
    read -r _ <begun
    kill -TERM "$!"
    status=0
    wait "$!" || status=$?
    [ "$status" -eq 143 ]
    [ "$(completed)" = "1 2 3" ]
    grep -q '^sqlite-migrate: warning: .*interrupted' said || {
        cat said
        return 1
    }
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "sqlite-migrate: ends an interrupted run with 130, and keeps what was committed" {
    mkfifo begun
    printf '#!/bin/sh\necho begun >begun\nexec sleep 100\n' | program 0004 TASK-2 wait sh
    # A person's Ctrl-C reaches a program that does not ignore it, as those in the background do.
    env --default-signal=INT "$front" up --scripts on -q </dev/null 2>said 3>&- &
    read -r _ <begun
    kill -INT "$!"
    status=0
    wait "$!" || status=$?
    [ "$status" -eq 130 ]
    [ "$(completed)" = "1 2 3" ]
    grep -q '^sqlite-migrate: .*interrupted' said
    [ "$(ls -A "$TMPDIR")" = "" ]
}
