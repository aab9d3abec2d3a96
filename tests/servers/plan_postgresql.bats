#!/usr/bin/env bats
# sqlite-migrate plan on PostgreSQL.

load ../helpers/migrate
load ../helpers/postgresql
load run
load plan

setup_file() {
    postgresql_start
}

teardown_file() {
    postgresql_stop
}

setup() {
    # shellcheck disable=SC2034 # run.bash reads it
    dialect=postgresql
    use_run
    # What a machine has installed is not what is tested here.
    mkdir stubs
    PATH=$PWD/stubs:$PATH
}

ask() { # <sql>
    "$postgresql_client" -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$1"
}

# A squawk that prints a text, and writes its arguments down.
squawk_says() { # <text>
    printf '%s\n' "$1" >said
    cat >stubs/squawk <<'SH'
#!/bin/sh
printf '%s\n' "$*" >>../called
cat ../said
exit 1
SH
    chmod +x stubs/squawk
}

@test "sqlite-migrate plan, PostgreSQL: shows what the texts tell of each statement" {
    squawk_says '[]'
    plan_shows
}

@test "sqlite-migrate plan, PostgreSQL: --check ends with 2 for an error that is not approved" {
    squawk_says '[]'
    plan_checks
}

@test "sqlite-migrate plan, PostgreSQL: prints the rows as JSON" {
    squawk_says '[]'
    plan_json
}

@test "sqlite-migrate plan, PostgreSQL: says what it cannot judge" {
    squawk_says '[]'
    # shellcheck disable=SC2016 # the dollars are SQL
    plan_does_not_judge 'DO $$ BEGIN DROP TABLE users; END $$;'
}

@test "sqlite-migrate plan, PostgreSQL: says what locks a table that is in use" {
    squawk_says '[]'
    plan_operations
    operation 0003 TASK-2 drop-name 'CREATE INDEX users_name ON users (name);
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE users ADD COLUMN made timestamptz DEFAULT now();'
    rm "$folder/2025-01-10/0003-TASK-2-drop-name_down.sql"
    run --separate-stderr -0 front plan 3
    [ "$(printf '%s\n' "$output" | sed -n '/0003/,$ { /instead/d; s/: .*//; p; }')" = "2025-01-10/0003-TASK-2-drop-name_up.sql
     1  create index users
        warn pg-index-not-concurrent
     2  add column users.token
        warn pg-volatile-default
     3  add column users.made
     -  all of it
        warn no-down" ]
}

@test "sqlite-migrate plan, PostgreSQL: refuses a file that the server would refuse, as an error" {
    squawk_says '[]'
    operation 0001 TASK-1 index 'CREATE INDEX CONCURRENTLY i ON users (name);' 'DROP INDEX i;'
    run --separate-stderr -2 front plan --check
    [[ "$output" = *"        error pg-concurrently-in-transaction: PostgreSQL refuses CONCURRENTLY in a transaction"* ]]
}

@test "sqlite-migrate up, PostgreSQL: shows errors that are not approved before it runs" {
    plan_warns
}

@test "sqlite-migrate up, PostgreSQL: refuses errors that are not approved with --dangerous deny" {
    plan_denies
}

@test "sqlite-migrate plan, PostgreSQL: shows what squawk says, where it is installed, at its statement" {
    operation 0001 TASK-1 users 'CREATE TABLE users (id int);
CREATE TABLE
  teams (id int);' 'DROP TABLE teams; DROP TABLE users;'
    squawk_says '[{"file":"migrations/2025-01-10/0001-TASK-1-users_up.sql","line":2,"column":14,"level":"Warning","message":"Small numbers.","help":"Use bigint.","rule_name":"prefer-bigint-over-int"},{"file":"migrations/2025-01-10/0001-TASK-1-users_up.sql","line":0,"column":0,"level":"Error","message":"Odd.","help":null,"rule_name":"odd"}]'
    run --separate-stderr -0 front plan --check
    [ "$(printf '%s\n' "$output" | head -n 7)" = "2025-01-10/0001-TASK-1-users_up.sql
     1  create table users
        warn squawk/odd: Odd.
     2  create table teams
        warn squawk/prefer-bigint-over-int: Small numbers.
        instead: Use bigint.
2025-01-10/0001-TASK-1-users_down.sql" ]
    [ "$stderr" = "statements: 4; errors: 0, warnings: 2, notes: 2" ]
    run --separate-stderr -0 front plan --json --dir ./migrations//
    [[ "$output" = *'"line":3,"statement":2,"kind":"create table","rule":"squawk/prefer-bigint-over-int","severity":"warn","advice":"Use bigint.","approved":0,"object":"teams","why":"Small numbers.","reason":null,'* ]]
    [ "$(sqlite3 :memory: "SELECT json_array_length('$(printf '%s' "$output" | sed "s/'/''/g")')")" = 6 ]
}

@test "sqlite-migrate plan, PostgreSQL: tells squawk which files run in a transaction" {
    squawk_says '[]'
    operation 0001 TASK-1 users 'CREATE TABLE users (id int);' 'DROP TABLE users;'
    operation 0002 TASK-1 index '-- migrate: no-transaction
CREATE INDEX CONCURRENTLY i ON users (id);' 'DROP INDEX i;'
    front plan
    [ "$(cat called)" = "--reporter json --assume-in-transaction 2025-01-10/0001-TASK-1-users_up.sql
--reporter json 2025-01-10/0002-TASK-1-index_up.sql" ]
}

@test "sqlite-migrate plan, PostgreSQL: goes on, with a warning, where squawk cannot look" {
    operation 0001 TASK-1 users 'CREATE TABLE users (id int);' 'DROP TABLE users;'
    printf '#!/bin/sh\necho "squawk: no such reporter" >&2\nexit 2\n' >stubs/squawk
    chmod +x stubs/squawk
    run --separate-stderr -0 front plan --check
    [ "${lines[1]}" = "     1  create table users" ]
    [ "${stderr%%
*}" = "sqlite-migrate: warning: squawk could not look at the files: squawk: no such reporter" ]
}
