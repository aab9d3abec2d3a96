#!/usr/bin/env bats
# Offline scripts for PostgreSQL, run by psql.

load ../helpers/migrate
load ../helpers/postgresql
load script

setup_file() {
    postgresql_start
}

teardown_file() {
    postgresql_stop
}

setup() {
    use_scratch
    # shellcheck disable=SC2034 # script.bash reads it
    dialect=postgresql
}

run_script() { # <file>
    psql -X -q -f "$1" 2>&1
}

ask() { # <sql>
    psql -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$1"
}

ask_hex() { # <column> <version>
    ask "SELECT encode(convert_to($1, 'UTF8'), 'hex') FROM migration WHERE version = $2"
}

fresh() {
    postgresql_database "script_$BATS_TEST_NUMBER"
}

@test "script, PostgreSQL: applies operations and records them" {
    script_applies
}

@test "script, PostgreSQL: stores what the files hold" {
    script_stores
}

@test "script, PostgreSQL: stops at once where the database is at another version" {
    script_is_guarded
}

# Who waits in a statement holds a snapshot, and CREATE INDEX CONCURRENTLY of the other run waits for that.
@test "script, PostgreSQL: stops at once where another run is at work" {
    local session
    script_operations
    fresh
    script NULL NULL >up.sql
    coproc "$postgresql_client" -X -q -A -t 2>&1
    session=$COPROC_PID
    printf '%s\n' 'SELECT pg_advisory_lock(7239150424);' '\echo locked' >&"${COPROC[1]}"
    read -r -u "${COPROC[0]}"
    read -r -u "${COPROC[0]}"
    [ "$REPLY" = locked ]
    run ! run_script up.sql
    [[ "$output" == *"ERROR:  another run is at work in this database
HINT:  nothing was changed from here on; run it again when that is done"* ]]
    [ "$(recorded)" = "" ]
    printf '%s\n' '\quit' >&"${COPROC[1]}"
    wait "$session"
    run_script up.sql
}

@test "script, PostgreSQL: goes down, and up again" {
    script_goes_down
}

@test "script, PostgreSQL: an operation that fails leaves nothing, and the ones before it stay" {
    script_operations
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id int);
INSERT INTO nosuch VALUES (1);"
    fresh
    script 0 3 >up.sql
    run ! run_script up.sql
    [[ "$output" == *'relation "nosuch" does not exist'* ]]
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed" ]
    run ! ask "SELECT * FROM teams"
}

@test "script, PostgreSQL: bodies with semicolons, dollars and escapes are one statement" {
    operation 0001 TASK-1 bodies "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS \$\$ BEGIN RETURN 1; END; \$\$;
CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS \$body\$ BEGIN RETURN 2; -- ;
END; \$body\$;
CREATE FUNCTION three() RETURNS int BEGIN ATOMIC SELECT 3; END;
CREATE TABLE t (x text DEFAULT E'it\\'s; \\\\');
INSERT INTO t DEFAULT VALUES; /* outer /* inner ; */ still ; */
CREATE RULE r AS ON DELETE TO t DO INSTEAD (SELECT 1; SELECT 2);"
    fresh
    script 0 1 >up.sql
    run_script up.sql
    [ "$(ask "SELECT one() + two() + three(), x FROM t")" = "6	it's; \\" ]
}

@test "script, PostgreSQL: an index is built concurrently outside a transaction" {
    script_operations
    operation 0004 TASK-2 index-names "-- migrate: no-transaction
CREATE INDEX CONCURRENTLY users_name ON users (name);" "-- migrate: no-transaction
DROP INDEX CONCURRENTLY users_name;"
    fresh
    script 0 4 >up.sql
    run_script up.sql
    [ "$(ask "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_name'::regclass")" = t ]
    script 4 3 >down.sql
    run_script down.sql
    [ "$(recorded | cut -f 1,2 | tail -n 1)" = "4	rollback" ]
}

@test "script, PostgreSQL: what an operation sets ends with it" {
    script_settings_end "CREATE SCHEMA other; SET search_path = other; SET ROLE pg_monitor; SET standard_conforming_strings = off;
SET client_encoding = 'LATIN1'; SET default_transaction_read_only = on;" \
        "INSERT INTO t VALUES ('é \\\\');" "é \\\\"
}

@test "script, PostgreSQL: what an operation outside a transaction sets ends with it" {
    script_settings_end "-- migrate: no-transaction
SET search_path = other; SET default_transaction_read_only = on;" \
        "INSERT INTO t VALUES (current_setting('search_path'));" "\"\$user\", public"
}

@test "script, PostgreSQL: works in the schema that is named" {
    script_operations
    fresh
    psql -X -q -c 'CREATE SCHEMA "our ""own"'
    MIGRATE_SCHEMA='our "own' script 0 3 >up.sql
    run_script up.sql
    [ "$(ask "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'our \"own') ORDER BY 1, 2")" = "our \"own	members
our \"own	migration
our \"own	migration_log
our \"own	teams
our \"own	users" ]
}

@test "script, PostgreSQL: two at the same time apply each operation once" {
    script_operations
    fresh
    script 0 3 >up.sql
    psql -X -q -f up.sql >one 2>&1 3>&- &
    local first=$!
    psql -X -q -f up.sql >two 2>&1 3>&- &
    wait "$first" || :
    wait "$!" || :
    [ "$(logged)" = "1	up	completed
2	up	completed
3	up	completed" ]
}

@test "script, PostgreSQL: a file for PostgreSQL is taken before the plain one" {
    script_operations
    printf 'CREATE TABLE users (id serial PRIMARY KEY, name varchar(100) NOT NULL);\n' >"$folder/2025-01-10/0001-TASK-1-create-users_up.postgresql.sql"
    fresh
    script 0 1 >up.sql
    run_script up.sql
    [ "$(ask "SELECT file_path FROM migration")" = 2025-01-10/0001-TASK-1-create-users_up.postgresql.sql ]
    [ "$(ask "SELECT column_default IS NOT NULL FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'id'")" = t ]
}
