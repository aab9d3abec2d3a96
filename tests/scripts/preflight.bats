#!/usr/bin/env bats
# preflight.sh: its checks, and what they say.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load front
load preflight

setup() {
    use_scratch
    use_preflight
    good_operations
}

@test "preflight verify: says what is wrong, and what to do, and that nothing else can begin then" {
    finds 0 verify "verify  passed  T  errors: 0, warnings: 0

checks passed: 1; skipped: lint, rehearsal, fresh, round-trip, drift"
    mv migrations/2025-01-10/0003-TASK-2-create-teams_up.sql migrations/2025-01-10/0004-TASK-2-create-teams_up.sql
    rm migrations/2025-01-10/0003-TASK-2-create-teams_down.sql
    finds 2 verify,lint,rehearsal "verify  problem  T  errors: 1, warnings: 0
lint  skipped  -  no run starts before what verify has found is mended
rehearsal  skipped  -  no run starts before what verify has found is mended

verify
  error: version 3 is missing before 2025-01-10/0004-TASK-2-create-teams_up.sql
  hint: add the missing file or renumber; where gaps are meant, set option gaps

problems found by: verify; skipped: lint, rehearsal, fresh, round-trip, drift"
}

@test "preflight verify: a warning is listed, and is no problem" {
    front up -q
    plain 'CREATE TABLE by_hand (x)'
    run -0 preflight --only verify
    [[ $output = *"  warning: the schema was changed since the last run: "*"    hint: find the change and put it into an operation, or take it back"* ]]
}

@test "preflight fresh: applies the whole folder, and the seeds where there are any" {
    finds 0 fresh "fresh  passed  T  operations: 3; there are no seeds

checks passed: 1; skipped: verify, lint, rehearsal, round-trip, drift"
    seed_file 1.sql "INSERT INTO users (name) VALUES ('Ann');"
    seed_file 2.sql "INSERT INTO users (name) SELECT name || '!' FROM users;"
    finds 0 fresh "fresh  passed  T  operations: 3, seeds: 2

checks passed: 1; skipped: verify, lint, rehearsal, round-trip, drift"
    [ ! -e app.db ]
}

@test "preflight fresh: an operation that fails is a problem, which nothing that comes behind it can be tried after" {
    operation 0004 TASK-2 fill-teams 'INSERT INTO team (id) VALUES (1);' 'DELETE FROM teams;'
    finds 2 fresh,round-trip "fresh  problem  T  errors: 1
round-trip  skipped  -  fresh has not come to its end

fresh
  error: cannot apply operation 4: 2025-01-10/0004-TASK-2-fill-teams_up.sql:1:1: no such table: team
  1 | INSERT INTO team (id) VALUES (1);
  hint: mend the file; this was in a scratch database, and app.db is as it was

problems found by: fresh; skipped: verify, lint, rehearsal, round-trip, drift"
}

@test "preflight fresh: a seed that fails is a problem" {
    seed_file 1.sql "INSERT INTO users (name) VALUES (NULL);"
    finds 2 fresh "fresh  problem  T  operations: 3

fresh
  error: cannot seed: database/seeds/1.sql:1: NOT NULL constraint failed: users.name
  hint: nothing of any seed was kept

problems found by: fresh; skipped: verify, lint, rehearsal, round-trip, drift"
}

@test "preflight fresh: what keeps it from being carried out is no problem of the operations" {
    printf '#!/bin/sh\n' | program 0004 TASK-2 import sh
    run -1 preflight --only fresh
    [ "$(settled "$output" | tail -n 5)" = "fresh
  error: 2025-01-10/0004-TASK-2-import.sh is a program, and programs are switched off
  hint: read it, then set option scripts to on

could not be carried out: fresh; skipped: verify, lint, rehearsal, round-trip, drift" ]
}

@test "preflight round-trip: says what a down file leaves, and what it takes too much" {
    operation 0004 TASK-2 add-fax 'ALTER TABLE users ADD COLUMN fax TEXT;
CREATE TABLE faxes (id INTEGER PRIMARY KEY);
CREATE INDEX users_fax ON users (fax);' 'DROP INDEX users_fax; DROP TABLE teams; CREATE TABLE teams (id INTEGER);
ALTER TABLE users DROP COLUMN fax;'
    rm migrations/2025-01-10/0003-TASK-2-create-teams_down.sql
    finds 2 round-trip "round-trip  problem  T  errors: 2

round-trip
  error: rolled back to version 3, the schema is not what it was there: unexpected: table faxes; changed: table teams
  hint: the down files have to undo all that the up files do
  error: after all was rolled back: cannot apply operation 4: 2025-01-10/0004-TASK-2-add-fax_up.sql:2:14: table faxes already exists
  2 | CREATE TABLE faxes (id INTEGER PRIMARY KEY);
  hint: mend the file; this was in a scratch database, and app.db is as it was

problems found by: round-trip; skipped: verify, lint, rehearsal, fresh, drift"
}

@test "preflight round-trip: compares the schema once more when all is applied again" {
    operation 0004 TASK-2 add-log 'CREATE TABLE IF NOT EXISTS log (a);' 'DROP TABLE log; CREATE TABLE log (a, b);'
    finds 2 round-trip "round-trip  problem  T  operations rolled back and applied again: 4

round-trip
  error: rolled back to version 0, the schema is not what it was there: unexpected: table log
  hint: the down files have to undo all that the up files do
  error: applied again, the schema is not what it was: changed: table log
  hint: what a down file leaves behind changes what its up file does the next time

problems found by: round-trip; skipped: verify, lint, rehearsal, fresh, drift"
}

@test "preflight round-trip: goes back as far as there are down files, with the rows of the seeds in it" {
    seed_file 1.sql 'INSERT INTO teams VALUES (1);'
    rm migrations/2025-01-10/0002-TASK-1-add-users-index_down.sql
    operation 0003 TASK-2 create-teams 'CREATE TABLE teams (id INTEGER PRIMARY KEY);' \
        "SELECT migrate_assert((SELECT count(*) FROM teams) = 0, 'there are teams'); DROP TABLE teams;"
    finds 2 round-trip "round-trip  problem  T  errors: 1

round-trip
  error: cannot roll back operation 3: 2025-01-10/0003-TASK-2-create-teams_down.sql:1:1: assertion failed: there are teams
  1 | SELECT migrate_assert((SELECT count(*) FROM teams) = 0, 'there are teams'); DROP TABLE teams;
  hint: look at the data that the assertion is about

problems found by: round-trip; skipped: verify, lint, rehearsal, fresh, drift"
    rm database/seeds/1.sql
    finds 0 round-trip "round-trip  passed  T  operations rolled back and applied again: 1; not those up to 0002-TASK-1-add-users-index, which has no down file

checks passed: 1; skipped: verify, lint, rehearsal, fresh, drift"
}

@test "preflight round-trip: is skipped where the last operation has no down file, and where there is no operation" {
    rm migrations/2025-01-10/0003-TASK-2-create-teams_down.sql
    finds 0 round-trip "round-trip  skipped  -  the last operation, 0003-TASK-2-create-teams, has no down file

checks passed: 0; skipped: verify, lint, rehearsal, fresh, round-trip, drift"
}

@test "preflight drift: the dump is what the folder makes, up to its version" {
    finds 0 drift "drift  skipped  -  there is no database/schema/default.sql; schema-dump.sh writes it

checks passed: 0; skipped: verify, lint, rehearsal, fresh, round-trip, drift"
    front up 2 -q
    "$root/scripts/schema-dump.sh" -q
    finds 0 drift "drift  passed  T  database/schema/default.sql, version 2

checks passed: 1; skipped: verify, lint, rehearsal, fresh, round-trip"
    mv database/schema/default.sql elsewhere.sql
    run -0 preflight --only drift --schema-file elsewhere.sql
    [ "$(settled "$output" | tail -n 3)" = "drift  passed  T  elsewhere.sql, version 2

checks passed: 1; skipped: verify, lint, rehearsal, fresh, round-trip" ]
}

@test "preflight drift: says what is in the dump only, what is missing in it, and which file has changed since" {
    front up -q
    plain 'CREATE TABLE by_hand (x); DROP TABLE teams; DROP INDEX users_name; CREATE INDEX users_name ON users (name DESC);'
    "$root/scripts/schema-dump.sh" -q
    finds 2 drift "drift  problem  T  database/schema/default.sql, version 3

drift
  error: database/schema/default.sql is not what the folder makes: unexpected: table by_hand; missing: table teams; changed: index users_name
  hint: schema-dump.sh writes it anew; what is in the dump only was made by hand, or by another branch

problems found by: drift; skipped: verify, lint, rehearsal, fresh, round-trip"
    rm app.db database/schema/default.sql
    front up -q
    "$root/scripts/schema-dump.sh" -q
    printf -- '-- a word\n' >>migrations/2025-01-10/0001-TASK-1-create-users_down.sql
    run -2 preflight --only drift
    [[ $(settled "$output") = *"
  error: the dump is older than a file: "*"0001-TASK-1-create-users"* ]]
}

@test "preflight drift: a dump of more operations than there are, and one that is damaged, are problems" {
    front up -q
    "$root/scripts/schema-dump.sh" -q
    rm migrations/2025-01-10/0003*
    run -2 preflight --only drift
    [[ $output = *"  error: database/schema/default.sql is of version 3, and the folder ends with 2
    hint: take the dump and the folder of the same release"* ]]
    sed -i '$d' database/schema/default.sql
    finds 2 drift "drift  problem  T  errors: 1

drift
  error: the dump database/schema/default.sql is cut off: its last line is not COMMIT;
  hint: take an undamaged copy

problems found by: drift; skipped: verify, lint, rehearsal, fresh, round-trip"
}

@test "preflight: a folder that was pruned begins with the dump" {
    front up -q 2
    "$root/scripts/schema-dump.sh" -q --prune default
    finds 0 fresh,round-trip,drift "fresh  passed  T  the dump, then operations: 1; there are no seeds
round-trip  passed  T  operations rolled back and applied again: 1
drift  skipped  -  the folder starts after version 2, and database/schema/default.sql has what came before

checks passed: 2; skipped: verify, lint, rehearsal, drift"
    rm database/schema/default.sql
    finds 2 fresh,round-trip "fresh  problem  T  errors: 1
round-trip  skipped  -  fresh has not come to its end

fresh
  error: the folder starts after version 2, and there is no dump to begin with: there is no database/schema/default.sql
  hint: schema-dump.sh writes it; --schema-file names another file

problems found by: fresh; skipped: verify, lint, rehearsal, round-trip, drift"
}

@test "preflight: other names of the tracking table and of the folder" {
    mv migrations operations
    export MIGRATIONS_DIR=operations
    front up -q --table "It's"
    run -0 preflight --only verify,fresh,round-trip --table "It's" --dir operations
    [ "$(settled "$output" | tail -n 1)" = "checks passed: 3; skipped: lint, rehearsal, drift" ]
}
