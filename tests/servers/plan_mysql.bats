#!/usr/bin/env bats
# sqlite-migrate plan on MySQL or MariaDB.

load ../helpers/migrate
load ../helpers/mysql
load run
load plan

setup_file() {
    mysql_start
}

teardown_file() {
    mysql_stop
}

setup() {
    # shellcheck disable=SC2034 # run.bash reads it
    dialect=mysql
    use_run
}

ask() { # <sql>
    mysql_run --default-character-set=utf8mb4 -N -r -e "$1"
}

@test "sqlite-migrate plan, MySQL: shows what the texts tell of each statement" {
    plan_shows
}

@test "sqlite-migrate plan, MySQL: --check ends with 2 for an error that is not approved" {
    plan_checks
}

@test "sqlite-migrate plan, MySQL: prints the rows as JSON" {
    plan_json
}

@test "sqlite-migrate plan, MySQL: says what it cannot judge" {
    plan_does_not_judge 'CALL clean_up();'
}

@test "sqlite-migrate plan, MySQL: reads what the server runs of a comment, and delimiters" {
    operation 0001 TASK-1 odd '/*!40101 DROP TABLE users */;
DELIMITER //
DELETE FROM teams//
DELIMITER ;'
    run --separate-stderr -2 front plan --check
    [ "$(printf '%s\n' "$output" | grep -e '^  ' | grep -v instead | sed 's/: .*//')" = "     1  drop table users
        error drop-table
     3  data change teams
        error delete-without-where
        warn mixed-change
     -  all of it
        warn no-down" ]
}

@test "sqlite-migrate up, MySQL: shows errors that are not approved before it runs" {
    plan_warns
}

@test "sqlite-migrate up, MySQL: refuses errors that are not approved with --dangerous deny" {
    plan_denies
}
