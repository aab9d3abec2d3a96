#!/usr/bin/env bats
# The table migrations_problems: all that is wrong, without failing.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
}

problems() {
    mig "SELECT severity, problem, ifnull(version, '-'), place FROM migrations_problems"
}

@test "problems: a sound folder and database have none" {
    three_operations
    [ "$(problems)" = "" ]
    mig "SELECT migrate_apply()"
    [ "$(problems)" = "" ]
    mig "SELECT migrate_rollback('all')"
    [ "$(problems)" = "" ]
}

@test "problems: all of them are found at once" {
    three_operations
    operation 0004 TASK-3 four 'CREATE TABLE four (x);' 'DROP TABLE four;'
    operation 0005 TASK-3 five 'CREATE TABLE five (x);'
    mig "SELECT migrate_apply()"
    plain "UPDATE migration SET status = 'running' WHERE version = 5" \
        "CREATE VIEW broken AS SELECT missing FROM users"
    rm "$day"/0002-*
    echo '-- more' >>"$day/0001-TASK-1-create-users_up.sql"
    mv "$day/0004-TASK-3-four_up.sql" "$day/0004-TASK-3-vier_up.sql"
    mv "$day/0004-TASK-3-four_down.sql" "$day/0004-TASK-3-vier_down.sql"
    operation 0007 TASK-4 seven 'BEGIN;'
    operation 0008 TASK-4 eight 'CREATE TABLE eight (x);'
    operation 0008 TASK-4 acht 'CREATE TABLE acht (x);'
    printf 'DROP TABLE nine;\n' >"$day/0009-TASK-4-nine_down.sql"
    touch "$day/notes.txt"
    [ "$(problems)" = "error|bad name|-|2025-01-10/notes.txt
error|duplicate|8|2025-01-10/0008-TASK-4-eight_up.sql
error|orphan down|9|2025-01-10/0009-TASK-4-nine_down.sql
error|interrupted|5|2025-01-10/0005-TASK-3-five_up.sql
error|changed|1|2025-01-10/0001-TASK-1-create-users_up.sql
error|missing file|2|2025-01-10/0002-TASK-1-add-users-index_up.sql
warn|renamed|4|2025-01-10/0004-TASK-3-vier_up.sql
error|gap|6|2025-01-10/0007-TASK-4-seven_up.sql
error|bad file|7|2025-01-10/0007-TASK-4-seven_up.sql
warn|drift|-|
warn|broken view|-|broken" ]
}

@test "problems: each has a message and a hint" {
    three_operations
    rm "$day"/0002-*
    [ "$(mig "SELECT message, hint FROM migrations_problems")" = "version 2 is missing before 2025-01-10/0003-TASK-2-add-ann_up.sql|add the missing file or renumber; where gaps are meant, set option gaps" ]
}

@test "problems: takes the folder as its argument, and gives it in the hidden column dir" {
    mkdir other
    [ "$(mig "SELECT problem, dir FROM migrations_problems('other')")" = "missing file|other" ]
    [ "$(mig "SELECT problem, dir FROM migrations_problems WHERE dir = 'other'")" = "missing file|other" ]
}

@test "problems: one bad file hides no other" {
    operation 0001 TASK-1 first 'BEGIN;'
    operation 0002 TASK-1 second ''
    operation 0003 TASK-1 third 'CREATE TABLE third (x);'
    [ "$(problems)" = "error|bad file|1|2025-01-10/0001-TASK-1-first_up.sql
error|bad file|2|2025-01-10/0002-TASK-1-second_up.sql" ]
}

@test "problems: a program is one while programs are switched off" {
    program 0001 TASK-1 first sh <<<'#!/bin/sh'
    [ "$(mig "SELECT problem, message, hint FROM migrations_problems")" = "bad file|2025-01-10/0001-TASK-1-first.sh is a program, and programs are switched off|read it, then set option scripts to on" ]
    [ "$(MIGRATE_SCRIPTS=on mig "SELECT count(*) FROM migrations_problems")" = 0 ]
}

@test "problems: are counted by kind" {
    three_operations
    rm "$day"/0001-*
    touch "$day/a" "$day/b"
    [ "$(mig "SELECT problem, count(*) FROM migrations_problems GROUP BY problem")" = "bad name|2
gap|1" ]
}

@test "problems: are read inside a transaction and change nothing" {
    three_operations
    [ "$(mig "BEGIN; SELECT count(*) FROM migrations_problems; COMMIT")" = 0 ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "problems: drift names both fingerprints and ends with the next run" {
    three_operations
    mig "SELECT migrate_apply()"
    then=$(mig "SELECT migrate_fingerprint()")
    plain "DROP INDEX users_name"
    now=$(mig "SELECT migrate_fingerprint()")
    [ "$(mig "SELECT severity, problem, version, message, hint FROM migrations_problems")" = "warn|drift||the schema was changed since the last run: its fingerprint is $now, was $then|find the change and put it into an operation, or take it back" ]
    operation 0004 TASK-3 four 'CREATE TABLE four (x);'
    mig "SELECT migrate_apply()"
    [ "$(problems)" = "" ]
}

@test "problems: drift ends when the change is taken back" {
    three_operations
    mig "SELECT migrate_apply()"
    plain "DROP INDEX users_name"
    plain 'create index "users_name" on users(name)'
    [ "$(problems)" = "" ]
}

@test "problems: a trigger that does not compile is one" {
    three_operations
    mig "SELECT migrate_apply()"
    plain "CREATE TRIGGER loud AFTER INSERT ON users BEGIN INSERT INTO nowhere VALUES (1); END"
    [ "$(mig "SELECT severity, problem, place, message, hint FROM migrations_problems
            WHERE problem <> 'drift'")" = "warn|broken view|loud|trigger loud does not compile: no such table: main.nowhere|drop it or rebuild it" ]
}
