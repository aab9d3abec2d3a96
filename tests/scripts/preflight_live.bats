#!/usr/bin/env bats
# preflight.sh: the checks of what is pending on a database with rows in it.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load front
load preflight

setup() {
    use_scratch
    use_preflight
    good_operations
    front up -q
    plain "INSERT INTO users (name) VALUES ('Ann'), ('Bob')"
}

@test "preflight lint: an error that no file allows is a problem, one that a file allows is not" {
    operation 0004 TASK-3 drop-users 'DROP TABLE users;' 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL); CREATE INDEX users_name ON users (name);'
    finds 2 lint "lint  problem  T  errors: 1, warnings: 0

lint
  error: 2025-01-10/0004-TASK-3-drop-users_up.sql:1: drop-table users: drops table users: 2 rows go with it
  hint: rename it away first, and drop it in a later release when nothing has missed it

problems found by: lint; skipped: verify, rehearsal, fresh, round-trip, drift"
    operation 0004 TASK-3 drop-users '-- migrate: allow drop-table users: nobody is left
DROP TABLE users;' 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL); CREATE INDEX users_name ON users (name);'
    finds 0 lint "lint  passed  T  errors: 0, warnings: 0, allowed: 1

lint
  note: allowed: 2025-01-10/0004-TASK-3-drop-users_up.sql:2: drop-table users: drops table users: 2 rows go with it (nobody is left)

checks passed: 1; skipped: verify, rehearsal, fresh, round-trip, drift"
}

@test "preflight rehearsal: says what the rows that there are make of an operation" {
    operation 0004 TASK-3 one-name "UPDATE users SET name = 'Ann';" 'SELECT 1;'
    operation 0005 TASK-3 unique-name 'CREATE UNIQUE INDEX one_name ON users (name);' 'DROP INDEX one_name;'
    finds 2 rehearsal "rehearsal  problem  T  operations: 1 of 2, statements: 2, in N ms

rehearsal
  error: cannot apply operation 5: 2025-01-10/0005-TASK-3-unique-name_up.sql:1:1: UNIQUE constraint failed: users.name
  1 | CREATE UNIQUE INDEX one_name ON users (name);
  hint: mend the file; this was on a copy
  warning: 2025-01-10/0004-TASK-3-one-name_up.sql: down and up again: column users.name has other values

problems found by: rehearsal; skipped: verify, lint, fresh, round-trip, drift"
    [ "$(plain "SELECT group_concat(name, ' ') FROM users")" = "Ann Bob" ]
}

@test "preflight rehearsal: what fails outside a transaction has left nothing either" {
    operation 0004 TASK-3 outside "-- migrate: no-transaction: for no reason
INSERT INTO missing VALUES (1);"
    finds 2 rehearsal "rehearsal  problem  T  operations: 0 of 1, statements: 1, in N ms

rehearsal
  error: cannot apply operation 4: 2025-01-10/0004-TASK-3-outside_up.sql:2:1: no such table: missing
  2 | INSERT INTO missing VALUES (1);
  hint: mend the file; this was on a copy

problems found by: rehearsal; skipped: verify, lint, fresh, round-trip, drift"
}

@test "preflight rehearsal: a schema that does not come back is a problem, rows that do not are a warning" {
    operation 0004 TASK-3 add-fax "CREATE TABLE fax (x); CREATE TABLE phone (x);" 'DROP TABLE phone;'
    operation 0005 TASK-3 one-name "UPDATE users SET name = 'Ann';" 'SELECT 1;'
    finds 2 rehearsal "rehearsal  problem  T  operations: 2, statements: 3, in N ms

rehearsal
  error: 2025-01-10/0004-TASK-3-add-fax_up.sql: down and up again: up again: cannot apply operation 4: 2025-01-10/0004-TASK-3-add-fax_up.sql:1:14: table fax already exists; the schema is not what it was before, once it is down; table fax is left over
  warning: 2025-01-10/0005-TASK-3-one-name_up.sql: down and up again: column users.name has other values

problems found by: rehearsal; skipped: verify, lint, fresh, round-trip, drift"
}

@test "preflight rehearsal: a known query that gets slower is a warning" {
    mkdir migrations/queries
    printf "SELECT id FROM users WHERE name = 'x';\n" >migrations/queries/by-name.sql
    operation 0004 TASK-3 drop-index 'DROP INDEX users_name;' 'CREATE INDEX users_name ON users (name);'
    finds 0 rehearsal "rehearsal  passed  T  operations: 1, statements: 1, in N ms

rehearsal
  warning: 2025-01-10/0004-TASK-3-drop-index_up.sql: slower: queries/by-name.sql:1: SEARCH users USING COVERING INDEX users_name (name=?), now SCAN users

checks passed: 1; skipped: verify, lint, fresh, round-trip, drift"
}

@test "preflight rehearsal: a view that breaks is a problem" {
    plain 'CREATE VIEW names AS SELECT name FROM users'
    operation 0004 TASK-3 change-names 'CREATE TABLE none (x);
DROP VIEW names; CREATE VIEW names AS SELECT x FROM none; DROP TABLE none;' 'DROP VIEW names; CREATE VIEW names AS SELECT name FROM users;'
    export MIGRATE_COMPILE_CHECK=off
    finds 2 rehearsal "rehearsal  problem  T  operations: 1, statements: 4, in N ms

rehearsal
  error: 2025-01-10/0004-TASK-3-change-names_up.sql: breaks view names: no such table: main.none

problems found by: rehearsal; skipped: verify, lint, fresh, round-trip, drift"
}

@test "preflight rehearsal: is skipped where nothing is pending, and where there is nothing to copy" {
    finds 0 rehearsal "rehearsal  skipped  -  nothing is pending

checks passed: 0; skipped: verify, lint, rehearsal, fresh, round-trip, drift"
    rm app.db
    finds 0 rehearsal "rehearsal  skipped  -  there is no database app.db

checks passed: 0; skipped: verify, lint, rehearsal, fresh, round-trip, drift"
    : >app.db
    finds 0 rehearsal "rehearsal  skipped  -  there is nothing in app.db yet

checks passed: 0; skipped: verify, lint, rehearsal, fresh, round-trip, drift"
    [ ! -s app.db ]
}

@test "preflight: a file that is no database is a problem that is told once" {
    printf 'This is no database, but a text that is long enough to be one: %0600d' 0 >app.db
    run --separate-stderr -2 preflight --only verify,lint
    [ "$(settled "$output" | sed 1d)$stderr" = "lint  skipped  -  no run starts before what verify has found is mended
rehearsal  skipped  -  --only names others
fresh  skipped  -  --only names others
round-trip  skipped  -  --only names others
drift  skipped  -  --only names others

verify
  error: file is not a database

problems found by: verify; skipped: lint, rehearsal, fresh, round-trip, drift" ]
}
