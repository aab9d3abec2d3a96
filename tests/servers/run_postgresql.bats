#!/usr/bin/env bats
# sqlite-migrate on PostgreSQL.

load ../helpers/migrate
load ../helpers/postgresql
load run
load run_both

setup_file() {
    postgresql_start
}

teardown_file() {
    postgresql_stop
}

setup() {
    # shellcheck disable=SC2034 # run.bash reads them
    {
        dialect=postgresql
        real_client=$postgresql_client
    }
    use_run
}

teardown() {
    run_end
}

ask() { # <sql> [-c <sql>]...
    "$postgresql_client" -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$@"
}

ask_hex() { # <query of one text>
    ask "SELECT encode(convert_to(($1), 'UTF8'), 'hex')"
}

run_client() { # <file>
    "$postgresql_client" -X -q -f "$1" >client.out 2>&1
}

hold_client() {
    "$postgresql_client" -X -q
}

@test "sqlite-migrate up, PostgreSQL: applies what is pending, shows each operation, and records it" {
    run_up
}

@test "sqlite-migrate up, PostgreSQL: goes up to a version, by a number, or to the end of a task" {
    run_up_targets
}

@test "sqlite-migrate up, PostgreSQL: starts a client to read and one to work, and none when there is nothing to do" {
    run_few_clients
}

@test "sqlite-migrate up, PostgreSQL: only says what it would do with --dry-run" {
    run_pretend
}

@test "sqlite-migrate up, PostgreSQL: reports as JSON, as a bar, or not at all" {
    run_reports
}

@test "sqlite-migrate down, PostgreSQL: rolls back what it is asked to, and notes it in the rollback log" {
    run_down
}

@test "sqlite-migrate to and redo, PostgreSQL: go to a version, and roll back and apply again" {
    run_to_and_redo
}

@test "sqlite-migrate status, PostgreSQL: lists operations and states, and says with its status whether something is pending" {
    run_status
}

@test "sqlite-migrate history, show, verify, repair accept, PostgreSQL: read what the server has, and settle a changed file" {
    run_reads
}

@test "sqlite-migrate baseline, PostgreSQL: marks operations as applied without running them" {
    run_baseline
}

@test "sqlite-migrate script, PostgreSQL: goes from the state of the server, and the server's client runs it" {
    run_script_of_state
}

@test "sqlite-migrate seed, PostgreSQL: runs all seeds in one transaction, or nothing of them" {
    run_seed
}

@test "sqlite-migrate up, PostgreSQL: runs programs, and keeps what they say" {
    run_program_operations
}

@test "sqlite-migrate up, PostgreSQL: a program that fails leaves nothing but its line in the log" {
    run_program_fails
}

@test "sqlite-migrate up, PostgreSQL: keeps its rows in the table that is named" {
    run_table_option
}

@test "sqlite-migrate up, PostgreSQL: does not touch a tracking table that is not its own" {
    run_foreign_table
}

@test "sqlite-migrate up, PostgreSQL: waits for another run as long as it is told" {
    run_waits_for_another
}

@test "sqlite-migrate up, PostgreSQL: two at once apply each operation once" {
    run_two_runners
}

@test "sqlite-migrate up, PostgreSQL: is not disturbed by what operations print" {
    run_prints_much
}

@test "sqlite-migrate up, PostgreSQL: stores and runs files as they are" {
    run_texts
}

@test "sqlite-migrate up, PostgreSQL: takes an operation of five megabytes" {
    run_large
}

@test "sqlite-migrate up, PostgreSQL: takes three hundred operations" {
    run_many
}

@test "sqlite-migrate up, PostgreSQL: takes the files that are for the server" {
    run_dialect_files
}

@test "sqlite-migrate new, PostgreSQL: needs no server" {
    run_new
}

@test "sqlite-migrate, PostgreSQL: works in dash" {
    run_life dash
}

@test "sqlite-migrate, PostgreSQL: works in bash --posix" {
    run_life 'bash --posix'
}

@test "sqlite-migrate, PostgreSQL: works in busybox sh" {
    run_life 'busybox sh'
}

@test "sqlite-migrate, PostgreSQL: works in mksh" {
    run_life mksh
}

@test "sqlite-migrate, PostgreSQL: works in yash" {
    run_life yash
}

@test "sqlite-migrate up, PostgreSQL: says where in its file a statement fails, and keeps nothing of the operation" {
    server_operations
    operation 0004 TASK-3 bad "CREATE TABLE more (id INTEGER);
INSERT INTO more VALUES (1);
INSERT INTO users (id, name)
  VALUES (2, nosuch);
SELECT 1;"
    run --separate-stderr -1 front up
    [ "$output" = "" ]
    [ "$(timeless "$stderr" | tail -n 4)" = "3/4 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)
sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql:4:14: column \"nosuch\" does not exist
    4 |   VALUES (2, nosuch);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(states)" = "1=completed 2=completed 3=completed " ]
    [ "$(ask "SELECT to_regclass('more') IS NULL")" = t ]
    [ "$(ask "SELECT action, outcome, error FROM migration_log WHERE version = 4")" = "up	failed	cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql:4:14: column \"nosuch\" does not exist" ]
    front status --check -q || [ "$?" = 2 ]
    operation 0004 TASK-3 bad "INSERT INTO users (id, name) VALUES (1, 'Bo');"
    run --separate-stderr -1 front up
    [ "$stderr" = "sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql:1: duplicate key value violates unique constraint \"users_pkey\"
detail: Key (id)=(1) already exists.
hint: nothing of this operation was kept; mend it and run again" ]
    operation 0004 TASK-3 bad "SELECT names FROM users;"
    run --separate-stderr -1 front up
    [ "$stderr" = "sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql:1:8: column \"names\" does not exist
    1 | SELECT names FROM users;
hint: Perhaps you meant to reference the column \"users.name\".
hint: nothing of this operation was kept; mend it and run again" ]
    operation 0004 TASK-3 bad "SELECT 1;"
    front up -q
    [ "$(done_on_server)" = "1 2 3 4 " ]
}

@test "sqlite-migrate up, PostgreSQL: says what the server is too old for" {
    operation 0001 TASK-1 later 'CREATE TABLE t (id integer);
CREATE TABLE later (id integer) WITH (of_a_later_version = 1);'
    run --separate-stderr -1 front up
    [ "$stderr" = 'sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-later_up.sql:2: unrecognized parameter "of_a_later_version"
hint: nothing of this operation was kept; mend it and run again' ]
    [ "$(states)" = "" ]
    [ "$(ask "SELECT to_regclass('t') IS NULL")" = t ]
}

@test "sqlite-migrate up, PostgreSQL: a failing way down is undone and says so" {
    operation 0001 TASK-1 create 'CREATE TABLE t (id INTEGER);' 'DROP TABLE t;
DROP TABLE nosuch;'
    front up -q
    run --separate-stderr -1 front down
    [ "$stderr" = "sqlite-migrate: cannot roll back operation 1: 2025-01-10/0001-TASK-1-create_down.sql:2: table \"nosuch\" does not exist
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(states)" = "1=completed " ]
    [ "$(attempts)" = "1 up completed; 1 down failed; " ]
    [ "$(ask 'SELECT count(*) FROM t')" = 0 ]
}

@test "sqlite-migrate up, PostgreSQL: keeps tasks, or all of a run, whole or not at all" {
    server_operations
    operation 0004 TASK-2 bad "SELECT nosuch;"
    run --separate-stderr -1 front up --transaction task
    [ "$(states)" = "1=completed 2=completed " ]
    [ "$(attempts)" = "1 up completed; 2 up completed; 4 up failed; " ]
    front down all -q
    run --separate-stderr -1 front up --transaction all
    [ "$(states)" = "1=rollback 2=rollback " ]
    [ "$(ask "SELECT to_regclass('users') IS NULL")" = t ]
    operation 0004 TASK-2 bad "SELECT 4;"
    front up --transaction all -q
    [ "$(done_on_server)" = "1 2 3 4 " ]
}

@test "sqlite-migrate up, PostgreSQL: names the index that a failing CREATE INDEX CONCURRENTLY has left" {
    operation 0001 TASK-1 create 'CREATE TABLE "T x" (id INTEGER); INSERT INTO "T x" VALUES (1), (1);'
    operation 0002 TASK-1 index '-- migrate: no-transaction
CREATE UNIQUE INDEX CONCURRENTLY "i x" ON "T x" (id);' 'DROP INDEX "i x";'
    run --separate-stderr -1 front up
    [ "$(timeless "$stderr")" = "1/2 up 2025-01-10/0001-TASK-1-create_up.sql (N ms)
sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-index_up.sql:2: could not create unique index \"i x\"
detail: Key (id)=(1) is duplicated.
hint: an index is invalid: DROP INDEX CONCURRENTLY \"i x\"; then: sqlite-migrate repair 2 rollback" ]
    [ "$(states)" = "1=completed 2=failed " ]
    [ "$(attempts)" = "1 up completed; 2 up failed; " ]
    [[ $(front status) == *"
2        TASK-1  index        2025-01-10  failed "* ]]
    run --separate-stderr -65 front up
    [ "$stderr" = "sqlite-migrate: operation 2 (2025-01-10/0002-TASK-1-index_up.sql) failed outside a transaction and may be half done
hint: look at what it has done, then: sqlite-migrate repair 2 completed, or rollback" ]
    ask 'DELETE FROM "T x"' -c 'DROP INDEX CONCURRENTLY "i x"'
    front repair 2 rollback -q
    run --separate-stderr -0 front up
    [ "$(timeless "$stderr")" = "1/1 up 2025-01-10/0002-TASK-1-index_up.sql (N ms)" ]
    [ "$(states)" = "1=completed 2=completed " ]
    front down -q
    [ "$(states)" = "1=completed 2=rollback " ]
}

@test "sqlite-migrate up, PostgreSQL: warns of an invalid index that IF NOT EXISTS has passed over" {
    ask 'CREATE TABLE t (id INTEGER)' -c 'INSERT INTO t VALUES (1), (1)'
    run ! ask 'CREATE UNIQUE INDEX CONCURRENTLY i ON t (id)'
    operation 0001 TASK-1 index '-- migrate: no-transaction
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (id);'
    run --separate-stderr -0 front up
    [ "$(timeless "$stderr")" = "1/1 up 2025-01-10/0001-TASK-1-index_up.sql (N ms)
sqlite-migrate: warning: an index is invalid, and no query uses it: DROP INDEX CONCURRENTLY i; then create it again" ]
    [ "$output" = "the database is at version 1" ]
}

@test "sqlite-migrate up, PostgreSQL: works in the schema that it is told" {
    server_operations
    run --separate-stderr -66 front up --schema 'S "x'
    [ "$stderr" = "sqlite-migrate: cannot make the table migration in $shown: schema \"S \"x\" does not exist
hint: option --schema or MIGRATE_SCHEMA names it; CREATE SCHEMA makes it" ]
    ask 'CREATE SCHEMA "S ""x"'
    front up -q --schema 'S "x'
    [ "$(ask 'SELECT name FROM "S ""x".users')" = Ann ]
    [ "$(ask 'SELECT count(*) FROM "S ""x".migration')" = 3 ]
    [ "$(ask "SELECT to_regclass('public.migration') IS NULL AND to_regclass('public.users') IS NULL")" = t ]
    [ "$(MIGRATE_SCHEMA='S "x' front current)" = 3 ]
    front down all -q --schema 'S "x'
    [ "$(ask "SELECT to_regclass('\"S \"\"x\".users') IS NULL")" = t ]
}

@test "sqlite-migrate, PostgreSQL: says who may not make tables, and reads all the same" {
    server_operations
    ask "DROP ROLE IF EXISTS joe" -c "CREATE ROLE joe LOGIN" 2>/dev/null
    url=${url/user=tester/user=joe}
    [ "$(front current)" = 0 ]
    run --separate-stderr -77 front up
    [ "$stderr" = "sqlite-migrate: cannot make the table migration in $shown: permission denied for schema public
hint: the user needs the right to make tables: GRANT CREATE ON SCHEMA" ]
    ask "ALTER DATABASE $name SET default_transaction_read_only = on"
    url=${url/user=joe/user=tester}
    run --separate-stderr -77 front up
    [ "$stderr" = "sqlite-migrate: cannot make the table migration in $shown: cannot execute CREATE TABLE in a read-only transaction" ]
}

@test "sqlite-migrate up, PostgreSQL: gives up behind a reader after --lock-timeout, keeps nothing, and can run again" {
    operation 0001 TASK-1 create 'CREATE TABLE t (id INTEGER);'
    operation 0002 TASK-1 add 'CREATE TABLE u (id INTEGER);
ALTER TABLE t ADD COLUMN name TEXT;'
    front up 1 -q
    hold 'BEGIN; SELECT * FROM t;'
    run --separate-stderr -75 front up --lock-timeout 100
    let_go
    [ "$stderr" = "sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-add_up.sql:2: canceling statement due to lock timeout
hint: nothing of this operation was kept; run again when the others are done, or give --lock-timeout more milliseconds" ]
    [ "$(states)" = "1=completed " ]
    [ "$(ask "SELECT to_regclass('u') IS NULL")" = t ]
    front up -q
    [ "$(done_on_server)" = "1 2 " ]
}

@test "sqlite-migrate up, PostgreSQL: ends a statement after --statement-timeout" {
    operation 0001 TASK-1 slow 'SELECT pg_sleep(30);'
    run --separate-stderr -1 front up --statement-timeout=50
    [ "$stderr" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-slow_up.sql:1: canceling statement due to statement timeout
hint: nothing of this operation was kept; --statement-timeout says how many milliseconds a statement may take" ]
    run --separate-stderr -78 front up --statement-timeout fast
    [ "$stderr" = 'sqlite-migrate: option --statement-timeout: "fast" is not a number of milliseconds' ]
}

@test "sqlite-migrate up, PostgreSQL: what an operation sets disturbs neither the next nor the bookkeeping" {
    ask "DROP ROLE IF EXISTS nobody_here" -c "CREATE ROLE nobody_here" 2>/dev/null
    operation 0001 TASK-1 junk "CREATE SCHEMA other; CREATE TABLE t (id INTEGER);
SET search_path = other; SET standard_conforming_strings = off; SET client_encoding = 'LATIN1'; SET timezone = 'Asia/Baku';
SET default_transaction_read_only = on; SET ROLE nobody_here;" 'SET search_path = other; SET ROLE nobody_here;'
    operation 0002 TASK-1 junk "INSERT INTO t VALUES (1); SET LOCAL search_path = other; SET SESSION AUTHORIZATION nobody_here;" 'DELETE FROM t;'
    operation 0003 TASK-1 plain "INSERT INTO t VALUES (3); CREATE TABLE ə (body TEXT); INSERT INTO ə VALUES ('ə \\ x');" 'DELETE FROM t; DROP TABLE ə;'
    front up -q
    [ "$(ask 'SELECT id FROM public.t ORDER BY id' | tr '\n' ' ')" = "1 3 " ]
    [ "$(ask 'SELECT body FROM public.ə')" = 'ə \ x' ]
    [ "$(states)" = "1=completed 2=completed 3=completed " ]
    [ "$(ask "SELECT count(*) FROM migration_log WHERE duration_ms BETWEEN 0 AND 60000")" = 3 ]
    front down all -q
    [ "$(states)" = "1=rollback 2=rollback 3=rollback " ]
    front verify -q
}

@test "sqlite-migrate fresh, PostgreSQL: builds a new database beside the old one, which is kept" {
    local old
    server_operations
    front up -q
    ask "INSERT INTO users VALUES (9, 'old')"
    ask "ALTER DATABASE $name OWNER TO tester"
    mkdir -p database/seeds
    printf "INSERT INTO users (id, name) VALUES (5, 'Eve');\n" >database/seeds/1.sql
    run --separate-stderr -0 front fresh --seed
    [ "$output" = "the database is at version 3" ]
    old=$(ask "SELECT datname FROM pg_database WHERE datname LIKE '${name}\\_2%'")
    [ "$(timeless "$stderr" | tail -n 2)" = "3/3 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)
the old database is kept as $old" ]
    [ "$(ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "1 5 " ]
    [ "$(PGDATABASE=$old ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "1 9 " ]
    PGDATABASE=postgres ask "DROP DATABASE \"$old\""
    [ "$(MIGRATE_ENV=production front fresh 2>&1)" = "sqlite-migrate: this is production: everything in $shown would be dropped
hint: --force does it" ]
}

@test "sqlite-migrate fresh, PostgreSQL: an operation that fails leaves the old database where it was" {
    server_operations
    front up -q
    operation 0004 TASK-3 bad 'SELECT nosuch;'
    run --separate-stderr -1 front fresh
    [ "$(timeless "$stderr" | tail -n 3)" = "sqlite-migrate: cannot apply operation 4: 2025-01-10/0004-TASK-3-bad_up.sql:1:8: column \"nosuch\" does not exist
    1 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(ask "SELECT count(*) FROM pg_database WHERE datname LIKE '${name}\\_%'")" = 0 ]
    [ "$(done_on_server)" = "1 2 3 " ]
}

@test "sqlite-migrate fresh, PostgreSQL: does not replace a database that others use" {
    server_operations
    front up -q
    hold 'SELECT 1;'
    run --separate-stderr -75 front fresh -q
    let_go
    [ "$stderr" = "sqlite-migrate: $shown is in use: database \"$name\" is being accessed by other users
detail: There is 1 other session using the database.
hint: stop what works with it, then start again; nothing was changed" ]
    [ "$(ask "SELECT count(*) FROM pg_database WHERE datname LIKE '${name}\\_%'")" = 0 ]
}

@test "sqlite-migrate fresh, PostgreSQL: makes the schema that it is told" {
    server_operations
    run --separate-stderr -0 front fresh -q --schema 'S "x'
    [ "$(ask 'SELECT name FROM "S ""x".users')" = Ann ]
    [ "$(MIGRATE_SCHEMA='S "x' front current)" = 3 ]
    PGDATABASE=postgres ask "DROP DATABASE \"$(ask "SELECT datname FROM pg_database WHERE datname LIKE '${name}\\_2%'")\""
}

@test "sqlite-migrate fresh, PostgreSQL: makes a database that is not there" {
    server_operations
    PGDATABASE=postgres ask "DROP DATABASE $name"
    run --separate-stderr -66 front status
    run --separate-stderr -0 front fresh
    [ "$output" = "the database is at version 3" ]
    [ "$(ask 'SELECT name FROM users')" = Ann ]
}

@test "sqlite-migrate, SQLite: refuses the options that are for servers" {
    url=sqlite:app.db
    run --separate-stderr -64 front status --schema x
    [ "$stderr" = "sqlite-migrate: option --schema is for servers, and the connection is a file of SQLite
hint: sqlite-migrate help" ]
    run --separate-stderr -64 front up --statement-timeout 5
    [ "$stderr" = "sqlite-migrate: option --statement-timeout is for servers, and the connection is a file of SQLite
hint: sqlite-migrate help" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate up, PostgreSQL: a program reads the database with the client" {
    run_program_reads 'psql -X -w -A -t -c'
}

@test "sqlite-migrate up, PostgreSQL: a program reads texts as UTF-8, whatever the locale" {
    run_program_reads_text 'psql -X -w -A -t -c'
}

@test "sqlite-migrate up, PostgreSQL: keeps what a program says also where it is no UTF-8" {
    run_program_bytes
}
