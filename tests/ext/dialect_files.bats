#!/usr/bin/env bats
# Files for one kind of database: NAME_up.postgresql.sql beside or in place of NAME_up.sql.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
    mkdir "$day"
    printf 'CREATE TABLE plain (x);\n' >"$day/0001-TASK-1-first_up.sql"
    printf 'DROP TABLE plain;\n' >"$day/0001-TASK-1-first_down.sql"
}

findings() {
    mig "SELECT severity, problem, ifnull(version, '-'), place, message, hint FROM migrations_problems"
}

# What is taken with option dialect: path, code, rollback code.
taken() { # [<dialect>]
    MIGRATE_DIALECT=${1-} mig "SELECT file_path, trim(code, char(10)), trim(rollback_code, char(10)) FROM migrations_pending"
}

@test "dialect: the file for the connection's own kind is taken, else the plain one" {
    printf 'CREATE TABLE lite (x);\n' >"$day/0001-TASK-1-first_up.sqlite.sql"
    printf 'CREATE TABLE pg (x);\n' >"$day/0001-TASK-1-first_up.postgresql.sql"
    [ "$(taken)" = "2025-01-10/0001-TASK-1-first_up.sqlite.sql|CREATE TABLE lite (x);|DROP TABLE plain;" ]
    [ "$(taken postgresql)" = "2025-01-10/0001-TASK-1-first_up.postgresql.sql|CREATE TABLE pg (x);|DROP TABLE plain;" ]
    [ "$(taken mysql)" = "2025-01-10/0001-TASK-1-first_up.sql|CREATE TABLE plain (x);|DROP TABLE plain;" ]
    [ "$(findings)" = "" ]
    [ "$(mig "SELECT migrate_apply()")" = 1 ]
    [ "$(plain "SELECT name FROM sqlite_schema WHERE name IN ('lite', 'plain')")" = lite ]
}

@test "dialect: down files have kinds of their own" {
    printf 'DROP TABLE lite;\n' >"$day/0001-TASK-1-first_down.sqlite.sql"
    [ "$(taken)" = "2025-01-10/0001-TASK-1-first_up.sql|CREATE TABLE plain (x);|DROP TABLE lite;" ]
    [ "$(taken mysql)" = "2025-01-10/0001-TASK-1-first_up.sql|CREATE TABLE plain (x);|DROP TABLE plain;" ]
    rm "$day/0001-TASK-1-first_down.sql"
    [ "$(taken mysql)" = "2025-01-10/0001-TASK-1-first_up.sql|CREATE TABLE plain (x);|" ]
    [ "$(MIGRATE_DIALECT=mysql mig "SELECT reversible FROM migrations_pending")" = 0 ]
    [ "$(findings)" = "" ]
}

@test "dialect: a message about the way down names a file of the same kind" {
    printf 'CREATE TABLE lite (x);\n' >"$day/0001-TASK-1-first_up.sqlite.sql"
    mig "SELECT migrate_apply()"
    run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(head -n 1 <<<"$(error_text)")" = "cannot roll back operation 1: 2025-01-10/0001-TASK-1-first_down.sqlite.sql:1:1: no such table: plain" ]
}

@test "dialect: a bad down file is named as it is" {
    printf 'DROP TABLE plain\n' >"$day/0001-TASK-1-first_down.sqlite.sql"
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(head -n 1 <<<"$(error_text)")" = "2025-01-10/0001-TASK-1-first_down.sqlite.sql:1:1: the last statement has no semicolon" ]
}

@test "dialect: the checksum is that of the files that are taken" {
    printf 'CREATE TABLE lite (x);\n' >"$day/0001-TASK-1-first_up.sqlite.sql"
    [ "$(mig "SELECT checksum FROM migrations_pending")" = "$(cat "$day/0001-TASK-1-first_up.sqlite.sql" \
        "$day/0001-TASK-1-first_down.sql" | sha256sum | cut -c 1-64)" ]
}

@test "dialect: an operation that has files for other kinds only stops the run" {
    printf 'CREATE TABLE pg (x);\n' >"$day/0002-TASK-1-second_up.postgresql.sql"
    run --separate-stderr -12 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 2 has no file for sqlite: 2025-01-10/0002-TASK-1-second_up.postgresql.sql is for another kind of database
hint: write 2025-01-10/0002-TASK-1-second_up.sqlite.sql, or a plain _up.sql for all others" ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
    [ "$(findings)" = "error|missing file|2|2025-01-10/0002-TASK-1-second_up.postgresql.sql|operation 2 has no file for sqlite: 2025-01-10/0002-TASK-1-second_up.postgresql.sql is for another kind of database|write 2025-01-10/0002-TASK-1-second_up.sqlite.sql, or a plain _up.sql for all others" ]
    [ "$(MIGRATE_DIALECT=postgresql mig "SELECT count(*) FROM migrations_pending")" = 2 ]
}

@test "dialect: one version in two operations is a duplicate, whatever their kinds" {
    printf 'CREATE TABLE other (x);\n' >"$day/0001-TASK-1-other_up.sqlite.sql"
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "version 1 is used twice: 2025-01-10/0001-TASK-1-first_up.sql and 2025-01-10/0001-TASK-1-other_up.sqlite.sql
hint: give one of them the next free version" ]
}

@test "dialect: a down file without any up file is an orphan" {
    printf 'DROP TABLE x;\n' >"$day/0002-TASK-1-second_down.mysql.sql"
    [ "$(findings)" = "error|orphan down|2|2025-01-10/0002-TASK-1-second_down.mysql.sql|2025-01-10/0002-TASK-1-second_down.mysql.sql has no up file|give both files the same folder, version, task and description" ]
}

@test "dialect: a kind that is not known, and a kind in front of the direction, are bad names" {
    printf 'SELECT 1;\n' >"$day/0002-TASK-1-second_up.oracle.sql"
    [ "$(mig "SELECT message FROM migrations_problems")" = "bad name 2025-01-10/0002-TASK-1-second_up.oracle.sql: the description holds \".\"; it may hold letters, digits, \"-\" and \"_\"" ]
    mv "$day/0002-TASK-1-second_up.oracle.sql" "$day/0002-TASK-1-second.mysql_up.sql"
    [ "$(mig "SELECT message FROM migrations_problems")" = "bad name 2025-01-10/0002-TASK-1-second.mysql_up.sql: the description holds \".\"; it may hold letters, digits, \"-\" and \"_\"" ]
    mv "$day/0002-TASK-1-second.mysql_up.sql" "$day/0002-TASK-1-second.mysql.sql"
    [ "$(mig "SELECT message FROM migrations_problems")" = "bad name 2025-01-10/0002-TASK-1-second.mysql.sql: the name has neither \"_up\" nor \"_down\" before \".sql\"" ]
}
