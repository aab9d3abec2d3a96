#!/usr/bin/env bats
# migrate_assert(): fails an operation unless a condition is true.

load ../helpers/migrate

setup() {
    use_scratch
}

hint="hint: look at the data that the assertion is about"

# Checks that the condition is not true enough.
fails() { # <condition>
    run --separate-stderr -1 mig "SELECT migrate_assert($1, 'it broke')"
    [ "$output" = "" ]
    [ "$(error_text)" = "assertion failed: it broke
$hint" ]
}

@test "assert: returns 1 where the condition is true" {
    [ "$(mig "SELECT migrate_assert(1, 'm')" "SELECT migrate_assert(1 < 2, 'm')" \
        "SELECT migrate_assert(7, 'm')")" = "1
1
1" ]
}

@test "assert: takes as true what WHERE takes as true" {
    [ "$(mig "SELECT migrate_assert(-0.5, 'm')" "SELECT migrate_assert('1', 'm')" \
        "SELECT migrate_assert('0.4 and more', 'm')" "SELECT migrate_assert(x'31', 'm')")" = "1
1
1
1" ]
}

@test "assert: fails on 0" {
    fails 0
    fails 0.0
    fails "1 > 2"
}

@test "assert: fails on NULL" {
    fails NULL
    fails "1 / 0"
}

@test "assert: fails on a text or blob that is no number" {
    fails "'true enough'"
    fails "''"
    fails "x''"
}

@test "assert: says a message of several lines as it stands" {
    run --separate-stderr -1 mig "SELECT migrate_assert(0, 'one' || char(10) || '  two: é')"
    [ "$(error_text)" = "assertion failed: one
  two: é
$hint" ]
}

@test "assert: does without a message" {
    run --separate-stderr -1 mig "SELECT migrate_assert(0, NULL)"
    [ "$(error_text)" = "assertion failed
$hint" ]
}

@test "assert: is not evaluated for rows that are left out" {
    [ "$(mig "CREATE TABLE a (x); INSERT INTO a VALUES (1), (2);
        SELECT migrate_assert(0, 'never') FROM a WHERE x > 5; SELECT 'through'")" = through ]
}

@test "assert: is not evaluated in a branch that is not taken" {
    [ "$(mig "SELECT CASE WHEN 1 THEN 'through' ELSE migrate_assert(0, 'never') END")" = through ]
}

@test "assert: fails an operation, which keeps nothing" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    operation 0002 TASK-1 second "INSERT INTO a VALUES (1), (2), (3);
SELECT migrate_assert((SELECT count(*) FROM a) = 2, 'a has ' || (SELECT count(*) FROM a) || ' rows');
CREATE TABLE b (x);"
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    message="cannot apply operation 2: 2025-01-10/0002-TASK-1-second_up.sql:2:1: assertion failed: a has 3 rows
    2 | SELECT migrate_assert((SELECT count(*) FROM a) = 2, 'a has ' || (SELECT count(*) FROM a) || ' rows');"
    [ "$(error_text)" = "$message
$hint" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = a ]
    [ "$(plain "SELECT count(*) FROM a")" = 0 ]
    [ "$(mig "SELECT error FROM migrations_history WHERE version = 2")" = "$message" ]
}

@test "assert: lets an operation pass" {
    operation 0001 TASK-1 first "CREATE TABLE a (x);
INSERT INTO a VALUES (1);
SELECT migrate_assert((SELECT count(*) FROM a) = 1, 'rows');"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
}

@test "assert: fails a rollback, which keeps nothing" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);' "DROP TABLE a; SELECT migrate_assert(0, 'kept');"
    mig "SELECT migrate_apply()"
    run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "cannot roll back operation 1: 2025-01-10/0001-TASK-1-first_down.sql:1:15: assertion failed: kept
    1 | DROP TABLE a; SELECT migrate_assert(0, 'kept');
$hint" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = a ]
}

@test "assert: guards a table from a trigger" {
    mig "CREATE TABLE a (x); CREATE TRIGGER guard BEFORE INSERT ON a
        BEGIN SELECT migrate_assert(new.x > 0, 'x is ' || new.x); END;"
    mig "INSERT INTO a VALUES (1)"
    run --separate-stderr -1 mig "INSERT INTO a VALUES (-1)"
    [ "$(error_text)" = "assertion failed: x is -1
$hint" ]
    [ "$(plain "SELECT group_concat(x) FROM a")" = 1 ]
}
