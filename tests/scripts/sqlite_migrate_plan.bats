#!/usr/bin/env bats
# sqlite-migrate plan: what is known of the statements that up would run.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, fax TEXT);' \
        'DROP TABLE users;'
}

# A table with a row, and an operation that drops a column.
drop_a_column() { # [<text before the statement>]
    front up 1 --quiet
    plain "INSERT INTO users VALUES (1, 'Ann', '12')"
    operation 0002 TASK-2 drop-fax "${1-}ALTER TABLE users DROP COLUMN fax;" 'ALTER TABLE users ADD COLUMN fax TEXT;'
}

# What the database holds, as bytes.
contents() {
    cksum app.db*
}

@test "sqlite-migrate plan: shows each statement with its line, and below it what there is to say" {
    drop_a_column
    operation 0003 TASK-3 add-notes 'CREATE TABLE notes (id INTEGER PRIMARY KEY);

CREATE INDEX users_name
    ON users (name);' 'DROP INDEX users_name;
DROP TABLE notes;'
    run --separate-stderr -0 front plan
    [ "$output" = "2025-01-10/0002-TASK-2-drop-fax_up.sql
     1  drop column users.fax
        error drop-column: drops column fax of users: the value of 1 row goes with it
        instead: stop using the column, copy what is worth keeping, and drop it in a later release
2025-01-10/0003-TASK-3-add-notes_up.sql
     1  create table notes
     3  create index users_name
2025-01-10/0003-TASK-3-add-notes_down.sql
     2  drop table notes
        note down-removes: drops table notes, which has no rows
        instead: roll back soon, or not at all" ]
}

@test "sqlite-migrate plan: counts what was found on standard error" {
    drop_a_column
    run --separate-stderr -0 front plan
    [ "$stderr" = "statements: 1; errors: 1, warnings: 0, notes: 0" ]
}

@test "sqlite-migrate plan: changes nothing" {
    drop_a_column
    before=$(contents)
    front plan
    front plan --json
    front plan --check || :
    [ "$(contents)" = "$before" ]
}

@test "sqlite-migrate plan: makes no database where there is none" {
    run --separate-stderr -0 front plan
    [ "${lines[1]}" = "     1  create table users" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate plan: says so when there is nothing to do" {
    front up --quiet
    run --separate-stderr -0 front plan --check
    [ "$output" = "" ]
    [ "$stderr" = "nothing to do" ]
}

@test "sqlite-migrate plan: --check ends with 2 for an error that is not approved" {
    drop_a_column
    run --separate-stderr -2 front plan --check --quiet
    [ "$output$stderr" = "" ]
}

@test "sqlite-migrate plan: --check ends with 0 when the file approves its errors, and shows the reason" {
    drop_a_column '-- migrate: allow drop-column users.fax: nobody has one
'
    run --separate-stderr -0 front plan --check
    [ "${lines[2]}" = "        approved: error drop-column: drops column fax of users: the value of 1 row goes with it" ]
    [ "${lines[3]}" = "        reason: nobody has one" ]
    [[ "$stderr" = "statements: 1; errors: 0, "*"; approved: 1" ]]
}

@test "sqlite-migrate plan: --check ends with 0 for warnings alone" {
    operation 0002 TASK-2 rename 'ALTER TABLE users RENAME TO people;' 'ALTER TABLE people RENAME TO users;'
    front up 1 --quiet
    run --separate-stderr -0 front plan --check
    [[ "$output" == *"warn rename-table: "* ]]
}

@test "sqlite-migrate plan: goes up to a target, as up does" {
    drop_a_column
    operation 0003 TASK-3 add-notes 'CREATE TABLE notes (id INTEGER PRIMARY KEY);'
    run --separate-stderr -0 front plan 2
    [[ "$output" != *notes* ]]
    run --separate-stderr -0 front plan +1
    [[ "$output" != *notes* ]]
    run --separate-stderr -0 front plan TASK-3
    [[ "$output" == *"create table notes"* ]]
}

@test "sqlite-migrate plan: refuses what is no target, and options of others" {
    local target
    for target in 7 all +x 1.5 TASK-7; do
        run --separate-stderr -66 front plan "$target" --check
        [ "$stderr" = "sqlite-migrate: there is no operation or task $target
hint: sqlite-migrate status" ]
    done
    run --separate-stderr -64 front plan 1 2
    [ "$stderr" = "sqlite-migrate: plan takes at most 1 argument, not 2
hint: sqlite-migrate help plan" ]
    run --separate-stderr -64 front plan --pending
    [ "$stderr" = "sqlite-migrate: plan does not take --pending
hint: sqlite-migrate help plan" ]
}

@test "sqlite-migrate plan: prints the rows as JSON" {
    drop_a_column
    run --separate-stderr -0 front plan --json
    [ "$stderr" = "" ]
    [ "$output" = '[{"position":1,"version":2,"task":"TASK-2","direction":"up","path":"2025-01-10/0002-TASK-2-drop-fax_up.sql","line":1,"statement":1,"kind":"drop column","rule":"drop-column","severity":"error","advice":"stop using the column, copy what is worth keeping, and drop it in a later release","approved":0,"object":"users.fax","why":"drops column fax of users: the value of 1 row goes with it","reason":null,"sql":"ALTER TABLE users DROP COLUMN fax;"}]' ]
}

@test "sqlite-migrate plan: prints an empty array as JSON when there is nothing to do" {
    front up --quiet
    run --separate-stderr -0 front plan --json --check
    [ "$output" = "[]" ]
    [ "$stderr" = "" ]
}

@test "sqlite-migrate plan: shows no control character of a name" {
    operation 0002 TASK-2 odd "CREATE TABLE \"a$(printf '\033')[31mb
c\" (id INTEGER PRIMARY KEY); DROP TABLE users;"
    run --separate-stderr -0 front plan
    [[ "$output" == *"create table a [31mb c"* ]]
}

@test "sqlite-migrate plan --json: is UTF-8, whatever the names are" {
    operation 0002 TASK-2 odd "CREATE TABLE \"a$(printf '\001\377')é\" (x);" 'SELECT 1;'
    front plan --json 2 2>err >plan.json
    python3 -c '
import json
name = json.load(open("plan.json", encoding="utf-8"))[2]["object"]
assert name == "a\x01\udcffé", ascii(name)'
}

@test "sqlite-migrate plan: has no colours where no terminal is" {
    drop_a_column
    run --separate-stderr -0 front plan
    [[ "$output" != *$'\033'* ]]
}

@test "sqlite-migrate plan: has colours on a terminal, unless it is told not to" {
    drop_a_column
    run -0 env TERM=xterm script -qec "$front plan" /dev/null
    [[ "$output" == *$'\033[31merror drop-column\033[0m'* ]]
    run -0 env TERM=xterm script -qec "$front plan --no-color" /dev/null
    [[ "$output" != *$'\033'* ]]
    run -0 env TERM=xterm NO_COLOR=1 script -qec "$front plan" /dev/null
    [[ "$output" != *$'\033'* ]]
}

@test "sqlite-migrate plan: runs no program, and says that it is not judged" {
    front up --quiet
    program 0002 TASK-2 fill sh <<<'#!/bin/sh
: >ran'
    run --separate-stderr -0 front plan --scripts on
    [ "${lines[0]}" = "2025-01-10/0002-TASK-2-fill.sh" ]
    [ "${lines[1]}" = "     -  program" ]
    [ "${lines[2]}" = "        warn not-judged: a program decides what is run when it is run" ]
    [ ! -e ran ]
}

@test "sqlite-migrate plan: ends with the status of what stops it" {
    rm -r "$folder"
    run --separate-stderr -66 front plan
    [ "$output" = "" ]
    [[ "$stderr" = "sqlite-migrate: "* ]]
}

@test "sqlite-migrate up: shows errors that are not approved before it runs" {
    drop_a_column
    run --separate-stderr -0 front up
    [[ "$stderr" = "warning: operation 2 is dangerous: "*"drop-column"*"
1/1 up 2025-01-10/0002-TASK-2-drop-fax_up.sql ("* ]]
    [ "$(completed)" = "1 2" ]
}

@test "sqlite-migrate up: refuses errors that are not approved with --dangerous deny, and changes nothing" {
    drop_a_column
    before=$(contents)
    run --separate-stderr -65 front up --dangerous deny
    [ "$output" = "" ]
    [[ "$stderr" = "sqlite-migrate: operation 2 is dangerous: "*"
hint: "*"-- migrate: allow drop-column users.fax: REASON" ]]
    [ "$(contents)" = "$before" ]
}

@test "sqlite-migrate up: runs what its file approves with --dangerous deny" {
    drop_a_column '-- migrate: allow drop-column users.fax: nobody has one
'
    run --separate-stderr -0 front up --dangerous=deny
    [ "$output" = "the database is at version 2" ]
    [ "$(plain "SELECT output FROM migration_log WHERE version = 2")" = "allowed drop-column users.fax: nobody has one" ]
}
