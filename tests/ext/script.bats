#!/usr/bin/env bats
# migrate_script(): its arguments, and what it refuses. tests/servers runs the scripts.

load ../helpers/migrate

setup() {
    use_scratch
    three_operations
}

# With commas between them.
arguments() { # <argument>...
    local IFS=,
    printf '%s' "$*"
}

# The operations that a script has, as "apply VERSION" or "roll back VERSION".
parts() { # <argument as SQL>...
    mig "SELECT migrate_script($(arguments "$@"))" | sed -nE 's,^-- (apply|roll back) [^/]*/0*([0-9]+)-.*,\1 \2,p'
}

refuses() { # <status> <message and hint> <argument as SQL>...
    local status=$1 message=$2
    shift 2
    run --separate-stderr "-$status" mig "SELECT migrate_script($(arguments "$@"))"
    [ "$output" = "" ]
    [ "$(error_text)" = "$message" ]
}

@test "migrate_script: goes from the version of the database to the last one of the folder" {
    [ "$(parts)" = "apply 1
apply 2
apply 3" ]
    mig "SELECT migrate_apply(NULL, 2)"
    [ "$(parts)" = "apply 3" ]
    mig "SELECT migrate_apply()"
    [ "$(parts)" = "" ]
}

@test "migrate_script: goes from one version to another, up or down, whatever the database has" {
    [ "$(parts NULL 1 3)" = "apply 2
apply 3" ]
    [ "$(parts NULL 3 1)" = "roll back 3
roll back 2" ]
    [ "$(parts "'migrations'" 0 1 "'postgresql'")" = "apply 1" ]
    [ "$(parts NULL NULL 2 "'mysql'")" = "apply 1
apply 2" ]
}

@test "migrate_script: changes nothing" {
    parts >/dev/null
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "migrate_script: takes the way down from the database where that has it" {
    mig "SELECT migrate_apply()"
    printf 'DROP INDEX another;\n' >"$folder/2025-01-10/0002-TASK-1-add-users-index_down.sql"
    [ "$(mig "SELECT migrate_script(NULL, 2, 1)" | grep -c '^DROP INDEX users_name;$')" = 1 ]
    rm "$db"
    [ "$(mig "SELECT migrate_script(NULL, 2, 1)" | grep -c '^DROP INDEX another;$')" = 1 ]
}

@test "migrate_script: refuses versions that are not there, and words that are none" {
    refuses 12 "there is no operation 7 in migrations
hint: SELECT version, file_path FROM migrations_pending" NULL 0 7
    refuses 12 "there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" NULL 9 0
    refuses 21 "migrate_script: \"x\" is not a version
hint: a version is a whole number, e.g. 7" NULL "'x'"
    refuses 21 "migrate_script: \"oracle\" is not a dialect
hint: use one of: sqlite postgresql mysql" NULL 0 1 "'oracle'"
}

@test "migrate_script: refuses a program, whose SQL nobody knows yet" {
    program 0004 TASK-3 import sh <<<'#!/bin/sh'
    refuses 20 "operation 4 (2025-01-10/0004-TASK-3-import.sh) is a program: what it prints is known only when it runs
hint: apply up to it with sqlite-migrate up, and write a script from there" NULL 0 4
    [ "$(parts NULL 0 3 | wc -l)" = 3 ]
}

@test "migrate_script: refuses to go below an operation without a way down" {
    rm "$folder/2025-01-10/0002-TASK-1-add-users-index_down.sql"
    refuses 20 "operation 2 (2025-01-10/0002-TASK-1-add-users-index_up.sql) cannot be rolled back: it has no rollback code
hint: go down to version 2 only" NULL 3 1
    [ "$(parts NULL 3 2)" = "roll back 3" ]
}

@test "migrate_script: refuses a text that is not fit for its dialect" {
    printf 'CREATE TABLE t (x);\n\\! ls\n' >"$folder/2025-01-10/0003-TASK-2-add-ann_up.postgresql.sql"
    refuses 20 '2025-01-10/0003-TASK-2-add-ann_up.postgresql.sql:2:1: "\\! ls" is not SQL
    2 | \\! ls
hint: it is a command of psql; write SQL, and COPY with its rows as INSERT' NULL 0 3 "'postgresql'"
    [ "$(parts NULL 0 3 "'sqlite'" | wc -l)" = 3 ]
    printf 'COMMIT;\n' >"$folder/2025-01-10/0003-TASK-2-add-ann_up.sqlite.sql"
    refuses 20 '2025-01-10/0003-TASK-2-add-ann_up.sqlite.sql:1:1: "COMMIT" cannot run in the transaction of the operation
    1 | COMMIT;
hint: the engine opens and ends the transaction; remove it, or put "-- migrate: no-transaction" on the first line' NULL 0 3
}

# shellcheck disable=SC2016 # the backquotes are those of a name
@test "migrate_script: names the tracking table of the option, whatever its name" {
    MIGRATE_TABLE=$'odd "name" `x`' mig "SELECT migrate_script(NULL, 0, 1)" >up.sql
    sqlite3 -batch -init /dev/null target.db <up.sql
    [ "$(sqlite3 -batch -init /dev/null target.db "SELECT version FROM \"odd \"\"name\"\" \`x\`\"")" = 1 ]
    [ "$(MIGRATE_TABLE=$'odd "name" `x`' mig "SELECT migrate_script(NULL, 0, 1, 'mysql')" | grep -c '`odd "name" ``x```')" -gt 1 ]
}

@test "migrate_script: a folder whose history starts later goes from there" {
    printf '2\n' >"$folder/.starts-after"
    rm "$folder"/2025-01-10/000[12]-*
    [ "$(parts NULL 2 3)" = "apply 3" ]
    mig "SELECT migrate_script(NULL, 2, 3)" >up.sql
    run ! grep -q 'CREATE TABLE IF NOT EXISTS' up.sql
}
