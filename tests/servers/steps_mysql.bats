#!/usr/bin/env bats
# The steps of a run on MySQL or MariaDB, carried out by its client.

load ../helpers/migrate
load ../helpers/mysql
load script
load steps

setup_file() {
    mysql_start
}

teardown_file() {
    mysql_stop
}

setup() {
    use_scratch
    # shellcheck disable=SC2034 # steps.bash reads it
    dialect=mysql
}

run_client() {
    {
        printf "SET @migrate_mark = 'mark';\n"
        cat
    } | mysql_run -N
}

with_variables() { # <error> <started> <output>
    printf "SET @migrate_error = '%s', @migrate_started = '%s', @migrate_output = '%s';\n" "${1//\'/\'\'}" "$2" "$3"
}

ask() { # <sql>
    mysql_run --default-character-set=utf8mb4 -N -r -e "$1"
}

hex_of() { # <column>
    printf 'hex(%s)' "$1"
}

fresh() {
    mysql_database "steps_$BATS_TEST_NUMBER"
}

# The state of the newest operation.
last_state() {
    recorded | cut -f 1,2 | tail -n 1
}

@test "steps, MySQL: apply operations and record them" {
    steps_apply
}

@test "steps, MySQL: store what the files hold" {
    steps_store
}

@test "steps, MySQL: say who did it, where and when" {
    steps_origin
    [[ $(ask "SELECT sqlite_version FROM migration_log") == MySQL\ [0-9]* ]]
}

@test "steps, MySQL: go down, and up again" {
    steps_go_down
}

@test "steps, MySQL: print a mark each" {
    steps_mark
}

@test "steps, MySQL: run what a program printed, and keep what it said" {
    steps_program
}

@test "steps, MySQL: settings of a file end with it" {
    steps_forget "SET NAMES latin1; SET SESSION foreign_key_checks = 0, unique_checks = 0, time_zone = '+04:00', sql_mode = 'ANSI';
SET autocommit = 0; UPDATE users SET name = 'kept' WHERE id = 3;" \
        "concat(@@foreign_key_checks + 0, @@unique_checks + 0, @@time_zone, @@sql_mode = @@GLOBAL.sql_mode, @@character_set_client)" "11SYSTEM1utf8mb4"
    [ "$(ask "SELECT name FROM users WHERE id = 3")" = kept ]
}

@test "steps, MySQL: the tables are in the database of the option" {
    mysql_database other
    fresh
    steps_schema other
}

@test "steps, MySQL: an operation that fails stays running until that is recorded" {
    steps_begin
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id int);
INSERT INTO nosuch VALUES (1);"
    run -1 carry_out apply
    [[ $output == *"nosuch' doesn't exist"* ]]
    [ "$(last_state)" = "3	running" ]
    [ "$(ask "SELECT count(*) FROM teams")" = 0 ]
    record_failure 3 apply
    [ "$(last_state)" = "3	failed" ]
    [ "$(ask "SELECT completed_at > started_at FROM migration WHERE version = 3")" = 1 ]
    [ "$(newest)" = "3	up	failed	it's \"wrong\"	2026-11-21T10:11:12.131Z	NULL" ]
}

@test "steps, MySQL: rows that an operation has changed are kept with its record or not at all" {
    steps_begin
    carry_out apply
    operation 0004 TASK-3 shout "UPDATE users SET name = 'changed' WHERE id = 3;
INSERT INTO nosuch VALUES (1);" "UPDATE users SET name = 'back' WHERE id = 3; INSERT INTO nosuch VALUES (1);"
    run -1 carry_out apply
    [ "$(ask "SELECT name FROM users WHERE id = 3")" = "two
lines" ]
    [ "$(last_state)" = "4	running" ]
}

@test "steps, MySQL: rows that are changed behind the last change of the schema are kept with the record, too" {
    steps_begin
    carry_out apply
    operation 0004 TASK-3 shout "CREATE TABLE shouts (id int);
UPDATE users SET name = 'changed' WHERE id = 3;
INSERT INTO nosuch VALUES (1);"
    run -1 carry_out apply
    [ "$(ask "SELECT name FROM users WHERE id = 3")" = "two
lines" ]
}

@test "steps, MySQL: an operation outside a transaction keeps what it has done" {
    steps_begin
    operation 0004 TASK-3 shout "-- migrate: no-transaction
UPDATE users SET name = 'changed' WHERE id = 3;
INSERT INTO nosuch VALUES (1);"
    run -1 carry_out apply
    [ "$(ask "SELECT name FROM users WHERE id = 3")" = changed ]
    [ "$(last_state)" = "4	running" ]
    operation 0004 TASK-3 shout "-- migrate: no-transaction
UPDATE users SET name = 'again' WHERE id = 3;"
    ask "DELETE FROM migration WHERE version = 4"
    carry_out apply
    [ "$(last_state)" = "4	completed" ]
    [ "$(newest | cut -f 1-3)" = "4	up	completed" ]
}

@test "steps, MySQL: a roll back that fails stays running until that is recorded" {
    steps_begin
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id int);" "DROP TABLE teams; DROP TABLE nosuch;"
    carry_out apply
    run -1 carry_out rollback
    [ "$(last_state)" = "3	running" ]
    record_failure 1 rollback
    [ "$(last_state)" = "3	failed" ]
    [ "$(newest)" = "3	down	failed	it's \"wrong\"	2026-11-21T10:11:12.131Z	NULL" ]
}

@test "steps, MySQL: bodies with semicolons need no DELIMITER lines, and files that have them work" {
    steps_begin
    operation 0004 TASK-1 bodies "CREATE PROCEDURE one() BEGIN SELECT 1; SELECT 2; END;
CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW BEGIN SET NEW.name = concat(NEW.name, ';'); END;"
    operation 0005 TASK-1 more-bodies "DELIMITER //
CREATE PROCEDURE two() BEGIN SELECT 3; SELECT 4; END //"
    operation 0006 TASK-1 add-row "INSERT INTO users (id, name) VALUES (9, 'Ann');"
    carry_out apply
    [ "$(ask "CALL one(); CALL two(); SELECT name FROM users WHERE id = 9")" = "1
2
3
4
Ann;" ]
    [ "$(last_state)" = "6	completed" ]
}

@test "steps, MySQL: an operation that another run has applied meanwhile is not applied again" {
    steps_begin
    carry_out apply
    operation 0004 TASK-3 shout "UPDATE users SET name = concat(name, '!') WHERE id = 3;"
    mirror
    server_sql "SELECT head || code || tail FROM migrations_steps('apply')" >late.sql
    carry_out apply
    run -1 run_client <late.sql
    [[ $output == *"Duplicate entry '4' for key 'version'"* ]]
    [ "$(logged | wc -l)" = 4 ]
    [ "$(ask "SELECT name FROM users WHERE id = 3")" = "two
lines!" ]
}
