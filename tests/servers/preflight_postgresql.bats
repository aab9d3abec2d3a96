#!/usr/bin/env bats
# preflight.sh on PostgreSQL.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load ../helpers/postgresql
load connect
load copies
load copies_postgresql
load preflight

setup_file() {
    copies_postgresql_start
}

teardown_file() {
    postgresql_stop
}

setup() {
    use_copies_postgresql
    use_preflight
}

sleeping() {
    [ "$(admin <<<"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()")" -gt 0 ]
}

@test "preflight, PostgreSQL: rehearses on a copy, builds in a scratch database, and leaves all as it is" {
    passes_and_leaves_all_as_it_is
}

@test "preflight, PostgreSQL: works in the schema that it is told" {
    export MIGRATE_SCHEMA='our "own'
    on=$database admin <<<'CREATE SCHEMA "our ""own"'
    program_run sqlite-migrate up 1 -q
    passes_and_leaves_all_as_it_is
}

@test "preflight, PostgreSQL: what fails on the rows that there are is found on the copy" {
    operation 0002 TASK-1 create-teams 'CREATE TABLE teams (id int PRIMARY KEY);
ALTER TABLE users ADD COLUMN mail text NOT NULL;' 'DROP TABLE teams;'
    finds 2 rehearsal 'rehearsal
  error: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-teams_up.sql:2: column "mail" of relation "users" contains null values
  hint: mend the file; this was in a scratch database, and postgresql://'"$here"' is as it was

problems found by: rehearsal; skipped: verify, lint, fresh, round-trip, drift'
}

@test "preflight, PostgreSQL: says what a down file leaves" {
    operation 0003 TASK-2 add-fax 'CREATE VIEW all_users AS SELECT 1 AS one; CREATE TABLE fax (number text);' 'DROP VIEW all_users;'
    finds 2 rehearsal,round-trip 'rehearsal
  error: rolled back to version 1, the schema is not what it was there: unexpected: column public.fax.number, table public.fax
  hint: the down files have to undo all that the up files do
  error: after all was rolled back: cannot apply operation 3: 2025-01-10/0003-TASK-2-add-fax_up.sql:1: relation "fax" already exists
  hint: mend the file; this was in a scratch database, and postgresql://'"$here"' is as it was

round-trip
  error: rolled back to version 0, the schema is not what it was there: unexpected: column public.fax.number, table public.fax
  hint: the down files have to undo all that the up files do
  error: after all was rolled back: cannot apply operation 3: 2025-01-10/0003-TASK-2-add-fax_up.sql:1: relation "fax" already exists
  hint: mend the file; this was in a scratch database, and postgresql://'"$here"' is as it was

problems found by: rehearsal, round-trip; skipped: verify, lint, fresh, drift'
}

@test "preflight, PostgreSQL: the dump has to be what the folder makes" {
    program_run schema-dump.sh -q
    finds 2 drift 'drift
  error: database/schema/default.sql is not what the folder makes: unexpected: column public.users.id, column public.users.name, constraint public.users.users_pkey, sequence public.users_id_seq, table public.users
  hint: schema-dump.sh writes it anew; what is in the dump only was made by hand, or by another branch

problems found by: drift; skipped: verify, lint, rehearsal, fresh, round-trip'
    on=$database admin <<<'DROP TABLE users'
    program_run sqlite-migrate up -q
    program_run schema-dump.sh -q
    finds 0 drift 'checks passed: 1; skipped: verify, lint, rehearsal, fresh, round-trip'
}

@test "preflight, PostgreSQL: a snapshot takes the place of the database" {
    local file
    file=$(take)
    program_run sqlite-migrate up -q
    on=$database admin <<<'DROP TABLE users'
    run --separate-stderr -0 preflight --only verify,rehearsal "$file"
    [ "$(timeless "$output" | sed -n 3p)$stderr" = "rehearsal  passed  T  operations rolled back and applied again: 2" ]
    nothing_is_left
    [ "$(program_run sqlite-migrate current)" = 3 ]
}

@test "preflight, PostgreSQL: an empty database, and one with nothing pending, are not rehearsed" {
    program_run sqlite-migrate up -q
    run -0 preflight --only rehearsal
    [ "$(timeless "$output" | sed -n 3p)" = "rehearsal  skipped  -  nothing is pending" ]
    admin <<<"CREATE DATABASE empty_$BATS_TEST_NUMBER"
    DATABASE_URL=postgresql://tester:$password@127.0.0.1:$port/empty_$BATS_TEST_NUMBER run -0 preflight --only rehearsal
    [[ $(timeless "$output" | sed -n 3p) = "rehearsal  skipped  -  there is nothing in postgresql://"*" yet" ]]
    DATABASE_URL=postgresql://tester:$password@127.0.0.1:$port/nosuch run --separate-stderr -66 preflight
    [ "$output$stderr" = "preflight.sh: there is no database postgresql://127.0.0.1:$port/nosuch
hint: make an empty one first" ]
}

@test "preflight, PostgreSQL: a user who may not make databases is told so, and the rest is checked" {
    admin <<SQL
CREATE ROLE limited_$BATS_TEST_NUMBER LOGIN PASSWORD 'p';
GRANT ALL ON ALL TABLES IN SCHEMA public TO limited_$BATS_TEST_NUMBER;
SQL
    on=$database admin <<<"GRANT ALL ON ALL TABLES IN SCHEMA public TO limited_$BATS_TEST_NUMBER; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO limited_$BATS_TEST_NUMBER"
    export DATABASE_URL=postgresql://limited_$BATS_TEST_NUMBER:p@$here
    run --separate-stderr -1 preflight --skip lint,drift
    [ "$(timeless "$output")$stderr" = "verify  passed  T  errors: 0, warnings: 0
lint  skipped  -  --skip names it
rehearsal  failed  T  errors: 1
fresh  failed  T  errors: 1
round-trip  skipped  -  fresh has not come to its end
drift  skipped  -  --skip names it

rehearsal
  error: cannot copy postgresql://$here: cannot make a scratch database, in which a dump is proven: permission denied to create database
  hint: ALTER ROLE NAME CREATEDB, which a superuser can do, gives the right

fresh
  error: cannot make a scratch database, in which a dump is proven: permission denied to create database
  hint: ALTER ROLE NAME CREATEDB, which a superuser can do, gives the right

could not be carried out: rehearsal, fresh; skipped: lint, round-trip, drift" ]
    nothing_is_left
}

@test "preflight, PostgreSQL: a signal in the middle leaves no scratch database" {
    operation 0003 TASK-2 add-fax 'SELECT pg_sleep(60);' 'SELECT 1;'
    signals_leave_nothing
}
