#!/usr/bin/env bats
# sqlite-migrate on MySQL or MariaDB.

load ../helpers/migrate
load ../helpers/mysql
load run
load run_both

setup_file() {
    mysql_start
}

teardown_file() {
    mysql_stop
}

setup() {
    # shellcheck disable=SC2034 # run.bash reads them
    {
        dialect=mysql
        real_client=$mysql_client
    }
    use_run
}

teardown() {
    run_end
}

ask() { # <sql>
    mysql_run --default-character-set=utf8mb4 -N -r -e "$1"
}

ask_hex() { # <query of one text>
    ask "SELECT lower(hex(($1)))"
}

run_client() { # <file>
    mysql_run <"$1" >client.out 2>&1
}

hold_client() {
    mysql_run
}

@test "sqlite-migrate up, MySQL: applies what is pending, shows each operation, and records it" {
    run_up
}

@test "sqlite-migrate up, MySQL: goes up to a version, by a number, or to the end of a task" {
    run_up_targets
}

@test "sqlite-migrate up, MySQL: starts a client to read and one to work, and none when there is nothing to do" {
    run_few_clients
}

@test "sqlite-migrate up, MySQL: only says what it would do with --dry-run" {
    run_pretend
}

@test "sqlite-migrate up, MySQL: reports as JSON, as a bar, or not at all" {
    run_reports
}

@test "sqlite-migrate down, MySQL: rolls back what it is asked to, and notes it in the rollback log" {
    run_down
}

@test "sqlite-migrate to and redo, MySQL: go to a version, and roll back and apply again" {
    run_to_and_redo
}

@test "sqlite-migrate status, MySQL: lists operations and states, and says with its status whether something is pending" {
    run_status
}

@test "sqlite-migrate history, show, verify, repair accept, MySQL: read what the server has, and settle a changed file" {
    run_reads
}

@test "sqlite-migrate baseline, MySQL: marks operations as applied without running them" {
    run_baseline
}

@test "sqlite-migrate script, MySQL: goes from the state of the server, and the server's client runs it" {
    run_script_of_state
}

@test "sqlite-migrate seed, MySQL: runs all seeds in one transaction, or nothing of them" {
    run_seed
}

@test "sqlite-migrate up, MySQL: runs programs, and keeps what they say" {
    run_program_operations
}

@test "sqlite-migrate up, MySQL: a program that fails leaves nothing but its line in the log" {
    run_program_fails
}

@test "sqlite-migrate up, MySQL: keeps its rows in the table that is named" {
    run_table_option
}

@test "sqlite-migrate up, MySQL: does not touch a tracking table that is not its own" {
    run_foreign_table
}

@test "sqlite-migrate up, MySQL: waits for another run as long as it is told" {
    run_waits_for_another
}

@test "sqlite-migrate up, MySQL: two at once apply each operation once" {
    run_two_runners
}

@test "sqlite-migrate up, MySQL: is not disturbed by what operations print" {
    run_prints_much
}

@test "sqlite-migrate up, MySQL: stores and runs files as they are" {
    run_texts
}

@test "sqlite-migrate up, MySQL: takes an operation of five megabytes" {
    run_large
}

@test "sqlite-migrate up, MySQL: takes three hundred operations" {
    run_many
}

@test "sqlite-migrate up, MySQL: takes the files that are for the server" {
    run_dialect_files
}

@test "sqlite-migrate new, MySQL: needs no server" {
    run_new
}

@test "sqlite-migrate, MySQL: works in dash" {
    run_life dash
}

@test "sqlite-migrate, MySQL: works in bash --posix" {
    run_life 'bash --posix'
}

@test "sqlite-migrate, MySQL: works in busybox sh" {
    run_life 'busybox sh'
}

@test "sqlite-migrate, MySQL: works in mksh" {
    run_life mksh
}

@test "sqlite-migrate, MySQL: works in yash" {
    run_life yash
}

@test "sqlite-migrate up, MySQL: an operation that changes rows alone leaves none of them when it fails" {
    server_operations
    operation 0004 TASK-3 bad "INSERT INTO users (id, name) VALUES (2, 'Bo');
INSERT INTO users (id, name) VALUES (3, 'Cy');
INSERT INTO users (id, name) VALUES (1, 'Di');"
    run --separate-stderr -1 front up
    [ "$output" = "" ]
    [ "$(timeless "$stderr" | tail -n 3)" = "3/4 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)
sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql: Duplicate entry '1' for key 'PRIMARY'
hint: $kept" ]
    [ "$(ask 'SELECT id FROM users')" = 1 ]
    [ "$(states)" = "1=completed 2=completed 3=completed 4=failed " ]
    [ "$(ask 'SELECT action, outcome, error FROM migration_log WHERE version = 4')" = "up	failed	cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql: Duplicate entry '1' for key 'PRIMARY'" ]
    run --separate-stderr -65 front up
    [ "$stderr" = "sqlite-migrate: operation 4 (2025-01-10/0004-TASK-3-bad_up.sql) failed outside a transaction and may be half done
hint: look at what it has done, then: sqlite-migrate repair 4 completed, or rollback" ]
    operation 0004 TASK-3 bad "INSERT INTO users (id, name) VALUES (2, 'Bo');"
    run --separate-stderr -0 front repair 4 rollback
    [ "$stderr" = "operation 4 is settled: rollback" ]
    front up -q
    [ "$(done_on_server)" = "1 2 3 4 " ]
}

@test "sqlite-migrate up, MySQL: says that an operation whose record is refused was not run" {
    server_operations
    operation 0004 TASK-3 bad "INSERT INTO users (id, name) VALUES (2, '"$'caf\xe9'"');"
    run --separate-stderr -1 front up
    [ "$(printf '%s\n' "$stderr" | tail -n 2)" = "sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql: Invalid utf8mb4 character string: 'E92729'
hint: nothing of this operation was run; mend it and run again" ]
    [ "$(states)" = "1=completed 2=completed 3=completed " ]
}

@test "sqlite-migrate up, MySQL: says that an operation is larger than the server takes" {
    local most
    most=$(ask 'SELECT @@max_allowed_packet')
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);'
    operation 0002 TASK-1 large "INSERT INTO users VALUES (1); -- $(printf "%$((most / 2))s" '')"
    run --separate-stderr -1 front up
    [[ $stderr = *"sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-large_up.sql: it takes "*" bytes in one piece, and max_allowed_packet of the server is $most
hint: nothing of this operation was run; make several of it, or let the server take more" ]]
    [ "$(states)" = "1=completed " ]
}

@test "sqlite-migrate up, MySQL: a statement that is refused does not look like a connection that is" {
    operation 0001 TASK-1 bad 'CREATE TABLE nosuch_database.t (x int);'
    run --separate-stderr -66 front up
    [ "$(printf '%s\n' "$stderr" | head -n 1)" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-bad_up.sql: Unknown database 'nosuch_database'" ]
    [ "$(printf '%s\n' "$stderr" | grep -c '^hint:')" = 1 ]
}

@test "sqlite-migrate up, MySQL: what an operation changed in the schema stays when it fails, and the place is shown" {
    operation 0001 TASK-3 bad "CREATE TABLE more (id INTEGER);
INSERT INTO more VALUES (1);
-- what follows is wrong
INSERT INTO more
  VALUES (2), (3) (4);"
    run --separate-stderr -1 front up
    [ "$stderr" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-3-bad_up.sql:5:19: You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '(4)' at line 3
    5 |   VALUES (2), (3) (4);
hint: ${kept/repair 4/repair 1}" ]
    [ "$(states)" = "1=failed " ]
    [ "$(ask 'SELECT count(*) FROM more')" = 0 ]
    front repair 1 completed -q
    [ "$(states)" = "1=completed " ]
    [ "$(attempts)" = "1 up failed; 1 repair completed; " ]
}

@test "sqlite-migrate up, MySQL: says what the server is too old for" {
    operation 0001 TASK-1 later 'CREATE TABLE later (id integer) OF_A_LATER_VERSION=1;'
    run --separate-stderr -1 front up
    [ "$stderr" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-later_up.sql: Unknown option 'OF_A_LATER_VERSION'
hint: ${kept/repair 4/repair 1}" ]
    [ "$(states)" = "1=failed " ]
}

@test "sqlite-migrate up, MySQL: a failing way down leaves the operation to be settled" {
    operation 0001 TASK-1 create 'CREATE TABLE t (id INTEGER);' 'DROP TABLE t;
DROP TABLE nosuch;'
    front up -q
    run --separate-stderr -1 front down
    [ "$stderr" = "sqlite-migrate: cannot roll back operation 1: 2025-01-10/0001-TASK-1-create_down.sql: Unknown table '$name.nosuch'
hint: what came before the error may have been kept; look at it, then: sqlite-migrate repair 1 completed, or rollback" ]
    [ "$(states)" = "1=failed " ]
    [ "$(attempts)" = "1 up completed; 1 down failed; " ]
    front repair 1 rollback -q
    front up -q
}

@test "sqlite-migrate up, MySQL: bodies of procedures and triggers need no delimiters, and may have them" {
    operation 0001 TASK-1 bodies "CREATE TABLE t (id INTEGER, body VARCHAR(20));
CREATE PROCEDURE add_two(IN x INTEGER) BEGIN
  INSERT INTO t (id) VALUES (x);
  INSERT INTO t (id) VALUES (x + 1);
END;
CREATE TRIGGER fill BEFORE INSERT ON t FOR EACH ROW BEGIN
  IF NEW.body IS NULL THEN SET NEW.body = 'a; b'; END IF;
END;
CALL add_two(1);"
    operation 0002 TASK-1 delimiters "DROP TRIGGER fill;
DELIMITER //
CREATE TRIGGER fill BEFORE INSERT ON t FOR EACH ROW BEGIN
  SET NEW.body = 'c; d';
END //
CREATE PROCEDURE add_one(IN x INTEGER) BEGIN INSERT INTO t (id) VALUES (x); END//
DELIMITER ;
CALL add_one(9);" 'DROP PROCEDURE add_one;'
    operation 0003 TASK-1 bad "DELIMITER //
CREATE TRIGGER other AFTER INSERT ON t FOR EACH ROW BEGIN
  SETT NEW.body = 'x';
END //
DELIMITER ;"
    run --separate-stderr -1 front up
    [ "$(timeless "$stderr")" = "1/3 up 2025-01-10/0001-TASK-1-bodies_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-delimiters_up.sql (N ms)
sqlite-migrate: cannot apply operation 3: 2025-01-10/0003-TASK-1-bad_up.sql:3:8: You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'NEW.body = 'x';
END' at line 2
    3 |   SETT NEW.body = 'x';
hint: what came before the error may have been kept; look at it, then: sqlite-migrate repair 3 completed, or rollback" ]
    [ "$(ask 'SELECT id, body FROM t ORDER BY id')" = "1	a; b
2	a; b
9	c; d" ]
}

@test "sqlite-migrate up, MySQL: refuses what MySQL cannot do" {
    server_operations
    run --separate-stderr -78 front up --transaction all
    [ "$stderr" = "sqlite-migrate: operations cannot share a transaction in MySQL, and transaction is \"all\"
hint: MySQL commits at each statement that changes the schema; set option transaction to \"operation\"" ]
    operation 0004 TASK-3 use "USE mysql;"
    run --separate-stderr -65 front up
    [ "$stderr" = "sqlite-migrate: 2025-01-10/0004-TASK-3-use_up.sql:1:1: \"USE\" leads away from the database of the tracking table
    1 | USE mysql;
hint: remove it, and write DATABASE.TABLE where another one is meant" ]
    [ "$(ask 'SHOW TABLES')" = "" ]
}

@test "sqlite-migrate up, MySQL: keeps its tables in the database that it is told" {
    server_operations
    run --separate-stderr -66 front up --schema nosuch
    [ "$stderr" = "sqlite-migrate: cannot make the table migration in $shown: there is no database nosuch
hint: option --schema or MIGRATE_SCHEMA names it; CREATE DATABASE makes it" ]
    ask "CREATE DATABASE \`${name}_o\`\`x\`"
    front up -q --schema "${name}_o\`x"
    [ "$(ask "SELECT count(*) FROM \`${name}_o\`\`x\`.migration")" = 3 ]
    [ "$(ask 'SHOW TABLES')" = users ]
    [ "$(front current --schema "${name}_o\`x")" = 3 ]
    ask "DROP DATABASE \`${name}_o\`\`x\`"
}

@test "sqlite-migrate, MySQL: says who may not make tables, and reads all the same" {
    server_operations
    ask "CREATE OR REPLACE USER joe@localhost IDENTIFIED BY 'secret'; GRANT SELECT ON $name.* TO joe@localhost"
    url="mysql://joe:secret@localhost/$name?socket=$mysql_socket"
    [ "$(front current)" = 0 ]
    run --separate-stderr -77 front up
    [ "$stderr" = "sqlite-migrate: cannot make the table migration in $shown: CREATE command denied to user 'joe'@'localhost' for table \`$name\`.\`migration\`
hint: the user needs the right to make tables: GRANT ALL ON the database" ]
    ask "GRANT ALL ON $name.* TO joe@localhost; SET GLOBAL read_only = 1"
    run --separate-stderr -77 front up
    ask "SET GLOBAL read_only = 0"
    [ "$stderr" = "sqlite-migrate: cannot make the table migration in $shown: The MariaDB server is running with the --read-only option so it cannot execute this statement" ]
}

@test "sqlite-migrate up, MySQL: gives up behind a reader after --lock-timeout, and can run again" {
    operation 0001 TASK-1 create 'CREATE TABLE t (id INTEGER);'
    operation 0002 TASK-1 add 'ALTER TABLE t ADD COLUMN name TEXT;'
    front up 1 -q
    hold 'START TRANSACTION; SELECT * FROM t;'
    run --separate-stderr -75 front up --lock-timeout 100
    let_go
    [ "$stderr" = "sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-add_up.sql: Lock wait timeout exceeded; try restarting transaction
hint: what came before the error may have been kept; look at it, then: sqlite-migrate repair 2 completed, or rollback" ]
    [ "$(states)" = "1=completed 2=failed " ]
    front repair 2 rollback -q
    front up -q
    [ "$(done_on_server)" = "1 2 " ]
}

@test "sqlite-migrate up, MySQL: ends a statement after --statement-timeout" {
    operation 0001 TASK-1 slow 'SELECT sleep(30);'
    run --separate-stderr -1 front up --statement-timeout=1050
    [ "$stderr" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-slow_up.sql: Query execution was interrupted (max_statement_time exceeded)
hint: what came before the error may have been kept; look at it, then: sqlite-migrate repair 1 completed, or rollback" ]
    run --separate-stderr -78 front status --statement-timeout fast
    [ "$stderr" = 'sqlite-migrate: option --statement-timeout: "fast" is not a number of milliseconds' ]
}

@test "sqlite-migrate up, MySQL: what an operation sets disturbs neither the next nor the bookkeeping" {
    operation 0001 TASK-1 junk "CREATE TABLE t (id INTEGER, body VARCHAR(20)) CHARACTER SET utf8mb4;
SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'; SET NAMES latin1; SET autocommit = 0;
SET foreign_key_checks = 0; SET time_zone = '+05:00'; SET @migrate_state = 'x', @migrate_version = 77;
INSERT INTO t VALUES (1, \"body\");" 'DROP TABLE t; SET autocommit = 0;'
    operation 0002 TASK-1 plain "INSERT INTO t VALUES (2, \"ə \\\\ 🐘\");" 'DELETE FROM t;'
    operation 0003 TASK-1 end "INSERT INTO t VALUES (3, 'x'); COMMIT; START TRANSACTION; INSERT INTO t VALUES (4, 'y');" 'DELETE FROM t;'
    run --separate-stderr -0 front up
    [ "$output" = "the database is at version 3" ]
    [ "$(ask 'SELECT body FROM t WHERE id = 2')" = 'ə \ 🐘' ]
    [ "$(ask 'SELECT count(*) FROM t')" = 4 ]
    [ "$(states)" = "1=completed 2=completed 3=completed " ]
    front verify -q
    front down 1 -q
    front down all -q
    [ "$(states)" = "1=rollback 2=rollback 3=rollback " ]
}

@test "sqlite-migrate fresh, MySQL: an operation that fails leaves the old database where it was" {
    server_operations
    front up -q
    operation 0004 TASK-3 bad 'SELECT nosuch;'
    run --separate-stderr -1 front fresh
    [ "$(timeless "$stderr" | tail -n 2)" = "sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql: Unknown column 'nosuch' in 'SELECT'
hint: what came before the error may have been kept; look at it, then: sqlite-migrate repair 4 completed, or rollback" ]
    [ "$(ask "SHOW DATABASES LIKE '${name}\\_%'")" = "" ]
    [ "$(done_on_server)" = "1 2 3 " ]
}

@test "sqlite-migrate fresh, MySQL: makes a database that is not there" {
    server_operations
    ask "DROP DATABASE $name"
    run --separate-stderr -66 front status
    run --separate-stderr -0 front fresh
    [ "$output" = "the database is at version 3" ]
    [ "$(ask 'SELECT name FROM users')" = Ann ]
    [ "$(ask "SHOW DATABASES LIKE '${name}\\_%'")" = "" ]
}

@test "sqlite-migrate fresh, MySQL: does not drop what the user may not see" {
    server_operations
    front up -q
    ask "CREATE OR REPLACE USER jim@localhost IDENTIFIED BY 'secret';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, EVENT, SHOW VIEW, LOCK TABLES, TRIGGER ON $name.* TO jim@localhost;
GRANT ALL ON \`migrate\_scratch\_%\`.* TO jim@localhost"
    url="mysql://jim:secret@localhost/$name?socket=$mysql_socket"
    run --separate-stderr -77 front fresh -q
    [ "$stderr" = "sqlite-migrate: nothing was changed, for a snapshot of $shown may not be complete: the user may not see routines
hint: take a user who sees the whole schema, or GRANT TRIGGER, EXECUTE on it" ]
    [ "$(done_on_server)" = "1 2 3 " ]
    [ "$(ask "SHOW DATABASES LIKE 'migrate\_scratch%'")" = "" ]
}

@test "sqlite-migrate fresh, MySQL: builds the database anew, and keeps a snapshot of the old one" {
    server_operations
    front up -q
    ask "INSERT INTO users VALUES (9, 'old')"
    mkdir -p database/seeds
    printf "INSERT INTO users (id, name) VALUES (5, 'Eve');\n" >database/seeds/1.sql
    run --separate-stderr -0 front fresh --seed
    [ "$output" = "the database is at version 3" ]
    [ "$(ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "1 5 " ]
    [[ $stderr == *"
the old database is kept as backups/"*"-before-fresh.sql.gz" || $stderr == *"
the old database is kept as backups/"*"before-fresh"* ]]
    [ "$(ask "SHOW DATABASES LIKE '${name}\\_%'")" = "" ]
}

@test "sqlite-migrate up, MySQL: a program reads the database with the client" {
    # shellcheck disable=SC2016 # for the program
    run_program_reads '"$MIGRATE_CLIENT" --defaults-file="$MIGRATE_OPTIONS" -N -e'
}

@test "sqlite-migrate up, MySQL: a program reads texts as UTF-8, whatever the locale" {
    # shellcheck disable=SC2016 # for the program
    run_program_reads_text '"$MIGRATE_CLIENT" --defaults-file="$MIGRATE_OPTIONS" -N -e'
}

@test "sqlite-migrate up, MySQL: keeps what a program says also where it is no UTF-8" {
    run_program_bytes
}

@test "sqlite-migrate, MySQL: refuses a database whose restore was not finished" {
    ask 'CREATE TABLE migrate_restore_unfinished (since TIMESTAMP NOT NULL)'
    run --separate-stderr -65 front status
    [ "$stderr" = "sqlite-migrate: a restore of $shown has begun and was not finished
hint: restore-database.sh goes on where it is called again" ]
    run --separate-stderr -65 front up
    [ "$(ask 'SHOW TABLES')" = migrate_restore_unfinished ]
}
