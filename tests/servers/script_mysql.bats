#!/usr/bin/env bats
# Offline scripts for MySQL and MariaDB, run by their client.

load ../helpers/migrate
load ../helpers/mysql
load script

setup_file() {
    mysql_start
}

teardown_file() {
    mysql_stop
}

setup() {
    use_scratch
    # shellcheck disable=SC2034 # script.bash reads it
    dialect=mysql
}

run_script() { # <file>
    mysql_run "$database" <"$1" 2>&1
}

ask() { # <sql>
    mysql_run --default-character-set=utf8mb4 -N -B -r "$database" -e "$1"
}

ask_hex() { # <column> <version>
    ask "SELECT lower(hex($1)) FROM migration WHERE version = $2"
}

fresh() {
    database=script_$BATS_TEST_NUMBER
    mysql_database "$database"
}

@test "script, MySQL: applies operations and records them" {
    script_applies
}

@test "script, MySQL: stores what the files hold" {
    script_stores
}

@test "script, MySQL: stops at once where the database is at another version" {
    script_is_guarded
}

@test "script, MySQL: goes down, and up again" {
    script_goes_down
}

@test "script, MySQL: an operation that fails stays behind as running, and stops the next script" {
    script_operations
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id int);
INSERT INTO nosuch VALUES (1);"
    fresh
    script 0 3 >up.sql
    run ! run_script up.sql
    [[ "$output" == *"nosuch' doesn't exist"* ]]
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed
3	running" ]
    script 2 3 >again.sql
    run ! run_script again.sql
    [[ "$output" == *"the database is not at version 2"* ]]
}

@test "script, MySQL: bodies need no DELIMITER lines, and files that have them work" {
    operation 0001 TASK-1 bodies "CREATE TABLE t (x int);
CREATE TRIGGER grow BEFORE INSERT ON t FOR EACH ROW BEGIN IF NEW.x < 0 THEN SET NEW.x = 0; END IF; SET NEW.x = NEW.x + 1; END;
CREATE PROCEDURE fill() BEGIN DECLARE i int DEFAULT 0; WHILE i < 2 DO INSERT INTO t VALUES (i); SET i = i + 1; END WHILE; END;"
    operation 0002 TASK-1 delimiters "DELIMITER //
CREATE PROCEDURE more() BEGIN INSERT INTO t VALUES (10); INSERT INTO t VALUES (20); END//
DELIMITER ;
CALL fill();
CALL more();"
    fresh
    script 0 2 >up.sql
    run_script up.sql
    [ "$(ask "SELECT group_concat(x ORDER BY x) FROM t")" = "1,2,11,21" ]
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed" ]
}

@test "script, MySQL: what an operation sets ends with it" {
    script_settings_end "SET sql_mode = 'PIPES_AS_CONCAT'; SET NAMES latin1; SET foreign_key_checks = 0, timestamp = 1, sql_select_limit = 1;" \
        "INSERT INTO t VALUES (concat('é', 1 || 0, @@foreign_key_checks + 0, now() > '2020-01-01', @@sql_select_limit > 1));" 'é1111'
}

@test "script, MySQL: commits where nobody commits by themselves" {
    script_operations
    operation 0002 TASK-1 add-odd-names "SET autocommit = 0; INSERT INTO users VALUES (1, 'Ann');" "DELETE FROM users;"
    fresh
    script 0 3 >up.sql
    mysql_run --init-command='SET autocommit = 0' "$database" <up.sql
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed
3	completed" ]
    [ "$(ask "SELECT name FROM users")" = Ann ]
}

@test "script, MySQL: two at the same time apply each operation once" {
    script_operations
    fresh
    script 0 3 >up.sql
    mysql_run "$database" <up.sql >one 2>&1 3>&- &
    local first=$!
    mysql_run "$database" <up.sql >two 2>&1 3>&- &
    wait "$first" || :
    wait "$!" || :
    [ "$(logged)" = "1	up	completed
2	up	completed
3	up	completed" ]
}
