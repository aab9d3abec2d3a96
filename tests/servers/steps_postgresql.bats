#!/usr/bin/env bats
# The steps of a run on PostgreSQL, carried out by psql.

load ../helpers/migrate
load ../helpers/postgresql
load script
load steps

setup_file() {
    postgresql_start
}

teardown_file() {
    postgresql_stop
}

setup() {
    use_scratch
    # shellcheck disable=SC2034 # steps.bash reads it
    dialect=postgresql
    export PGOPTIONS='-c client_min_messages=warning'
}

run_client() {
    psql -X -q -A -t -v ON_ERROR_STOP=1 -v migrate_mark=mark
}

with_variables() { # <error> <started> <output>
    printf "\\\\set migrate_error '%s'\n\\\\set migrate_started '%s'\n\\\\set migrate_output '%s'\n" "${1//\'/\'\'}" "$2" "$3"
}

ask() { # <sql>
    psql -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$1"
}

hex_of() { # <column>
    printf "encode(convert_to(%s, 'UTF8'), 'hex')" "$1"
}

fresh() {
    postgresql_database "steps_$BATS_TEST_NUMBER"
}

@test "steps, PostgreSQL: apply operations and record them" {
    steps_apply
}

@test "steps, PostgreSQL: store what the files hold" {
    steps_store
}

@test "steps, PostgreSQL: say who did it, where and when" {
    steps_origin
    [[ $(ask "SELECT sqlite_version FROM migration_log") == PostgreSQL\ [0-9]* ]]
}

@test "steps, PostgreSQL: go down, and up again" {
    steps_go_down
}

@test "steps, PostgreSQL: print a mark each" {
    steps_mark
}

@test "steps, PostgreSQL: run what a program printed, and keep what it said" {
    steps_program
}

@test "steps, PostgreSQL: settings of a file end with it" {
    steps_forget "SET search_path = ''; SET ROLE pg_monitor; SET SESSION AUTHORIZATION pg_monitor;
SET TimeZone = 'Asia/Baku';" \
        "current_setting('search_path') || ' ' || current_user || ' ' || current_setting('TimeZone')" "\"\$user\", public tester UTC"
}

@test "steps, PostgreSQL: the tables are in the schema of the option" {
    fresh
    ask "CREATE SCHEMA own"
    steps_schema own
}

@test "steps, PostgreSQL: an operation that fails leaves nothing but a line of the log" {
    steps_begin
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id int);
INSERT INTO nosuch VALUES (1);"
    run -3 carry_out apply
    [[ $output == *'relation "nosuch" does not exist'* ]]
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed" ]
    run ! ask "SELECT * FROM teams"
    record_failure 3 apply
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "2	completed" ]
    [ "$(newest)" = "3	up	failed	it's \"wrong\"	2026-11-21T10:11:12.131Z	" ]
    [ "$(ask "SELECT task_name, description FROM migration_log WHERE version = 3")" = "TASK-2	add-teams" ]
}

@test "steps, PostgreSQL: a roll back that fails changes nothing" {
    steps_begin
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id int);" "DROP TABLE teams; DROP TABLE nosuch;"
    carry_out apply
    run -3 carry_out rollback
    [ "$(ask "SELECT count(*) FROM teams")" = 0 ]
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "3	completed" ]
    record_failure 1 rollback
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "3	completed" ]
    [ "$(newest)" = "3	down	failed	it's \"wrong\"	2026-11-21T10:11:12.131Z	" ]
}

@test "steps, PostgreSQL: an index is built concurrently outside a transaction" {
    steps_begin
    operation 0004 TASK-2 index-names "-- migrate: no-transaction
CREATE INDEX CONCURRENTLY users_name ON users (name);" "-- migrate: no-transaction
DROP INDEX CONCURRENTLY users_name;"
    carry_out apply
    [ "$(ask "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_name'::regclass")" = t ]
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "4	completed" ]
    [ "$(newest | cut -f 1-3)" = "4	up	completed" ]
    carry_out rollback
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "4	rollback" ]
    [ "$(newest | cut -f 1-3)" = "4	down	completed" ]
    carry_out apply
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "4	completed" ]
}

@test "steps, PostgreSQL: an operation outside a transaction that fails is failed" {
    steps_begin
    operation 0004 TASK-2 index-names "-- migrate: no-transaction
CREATE TABLE first (id int);
SELECT 1 / 0;"
    run -3 carry_out apply
    [ "$(ask "SELECT version, status, completed_at IS NULL FROM migration WHERE version = 4")" = "4	running	t" ]
    [ "$(ask "SELECT count(*) FROM first")" = 0 ]
    record_failure 4 apply
    [ "$(ask "SELECT version, status, completed_at IS NULL FROM migration WHERE version = 4")" = "4	failed	f" ]
    [ "$(newest)" = "4	up	failed	it's \"wrong\"	2026-11-21T10:11:12.131Z	" ]
}

@test "steps, PostgreSQL: operations that share a transaction are applied whole or not at all" {
    steps_begin
    export MIGRATE_TRANSACTION=all
    operation 0004 TASK-3 divide "SELECT 1 / 0;"
    run -3 carry_out apply
    [ "$(recorded)" = "" ]
    run ! ask "SELECT * FROM users"
    operation 0004 TASK-3 divide "SELECT 1 / 1;"
    carry_out apply
    [ "$(recorded | wc -l)" = 4 ]
    [ "$(ask "SELECT count(DISTINCT xmin::text) FROM migration")" = 1 ]
    [ "$(ask "SELECT count(DISTINCT started_at) > 1 OR max(duration_ms) < 2 FROM migration_log")" = t ]
}

@test "steps, PostgreSQL: operations of a task share a transaction" {
    steps_begin
    MIGRATE_TRANSACTION=task carry_out apply
    [ "$(ask "SELECT string_agg(version::text, ' ' ORDER BY version) FROM migration GROUP BY xmin::text ORDER BY 1")" = "1 2
3" ]
}

@test "steps, PostgreSQL: an operation that another run has applied meanwhile is not applied again" {
    steps_begin
    carry_out apply
    operation 0004 TASK-3 shout "UPDATE users SET name = name || '!' WHERE id = 3;"
    mirror
    server_sql "SELECT head || code || tail FROM migrations_steps('apply')" >late.sql
    carry_out apply
    run -3 run_client <late.sql
    [[ $output == *'duplicate key value violates unique constraint "migration_version_key"'* ]]
    [ "$(logged | wc -l)" = 4 ]
    [ "$(ask "SELECT name FROM users WHERE id = 3")" = "two
lines!" ]
}

@test "steps, PostgreSQL: bodies with semicolons, dollars and escapes are one statement" {
    steps_begin
    operation 0004 TASK-1 bodies "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS \$\$ BEGIN RETURN 1; END; \$\$;
CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS \$body\$ BEGIN RETURN 2; -- ;
END; \$body\$;
CREATE FUNCTION three() RETURNS int BEGIN ATOMIC SELECT 3; END;
CREATE TABLE t (x text DEFAULT E'it\\'s; \\\\');
INSERT INTO t DEFAULT VALUES; /* outer /* inner ; */ still ; */"
    carry_out apply
    [ "$(ask "SELECT one() + two() + three(), x FROM t")" = "6	it's; \\" ]
}
