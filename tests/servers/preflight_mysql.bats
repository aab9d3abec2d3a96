#!/usr/bin/env bats
# preflight.sh on MySQL or MariaDB.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load ../helpers/mysql
load connect
load copies
load copies_mysql
load preflight

setup_file() {
    copies_mysql_start
}

teardown_file() {
    mysql_stop
}

setup() {
    use_copies_mysql
    use_preflight
}

sleeping() {
    [ "$(admin <<<"SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%sleep(60)%' AND id <> connection_id()")" -gt 0 ]
}

@test "preflight, MySQL: rehearses on a copy, builds in a scratch database, and leaves all as it is" {
    passes_and_leaves_all_as_it_is
}

@test "preflight, MySQL: what fails on the rows that there are is found on the copy" {
    operation 0003 TASK-2 add-fax 'CREATE UNIQUE INDEX one_name ON users (name);' 'DROP INDEX one_name ON users;'
    on=$database admin <<<"INSERT INTO users (name) VALUES ('Ann')"
    finds 2 rehearsal "rehearsal
  error: cannot apply operation 3: 2025-01-10/0003-TASK-2-add-fax_up.sql: Duplicate entry 'Ann' for key 'one_name'
  hint: mend the file; this was in a scratch database, and mysql://$here is as it was

problems found by: rehearsal; skipped: verify, lint, fresh, round-trip, drift"
}

@test "preflight, MySQL: says what a down file leaves" {
    operation 0003 TASK-2 add-fax 'CREATE VIEW all_teams AS SELECT id FROM teams; CREATE TABLE fax (number int);' 'DROP VIEW all_teams;'
    finds 2 rehearsal,round-trip "rehearsal
  error: rolled back to version 1, the schema is not what it was there: unexpected: column fax.number, table fax
  hint: the down files have to undo all that the up files do
  error: after all was rolled back: cannot apply operation 3: 2025-01-10/0003-TASK-2-add-fax_up.sql: Table 'fax' already exists
  hint: mend the file; this was in a scratch database, and mysql://$here is as it was

round-trip
  error: rolled back to version 0, the schema is not what it was there: unexpected: column fax.number, table fax
  hint: the down files have to undo all that the up files do
  error: after all was rolled back: cannot apply operation 3: 2025-01-10/0003-TASK-2-add-fax_up.sql: Table 'fax' already exists
  hint: mend the file; this was in a scratch database, and mysql://$here is as it was

problems found by: rehearsal, round-trip; skipped: verify, lint, fresh, drift"
}

@test "preflight, MySQL: the dump has to be what the folder makes" {
    program_run schema-dump.sh -q
    finds 2 drift "drift
  error: database/schema/default.sql is not what the folder makes: unexpected: column users.id, column users.name, index users.PRIMARY, table users
  hint: schema-dump.sh writes it anew; what is in the dump only was made by hand, or by another branch

problems found by: drift; skipped: verify, lint, rehearsal, fresh, round-trip"
    on=$database admin <<<'DROP TABLE users'
    program_run sqlite-migrate up -q
    program_run schema-dump.sh -q
    finds 0 drift 'checks passed: 1; skipped: verify, lint, rehearsal, fresh, round-trip'
}

@test "preflight, MySQL: a snapshot takes the place of the database" {
    local file
    file=$(take)
    program_run sqlite-migrate up -q
    on=$database admin <<<'DROP TABLE users'
    run --separate-stderr -0 preflight --only verify,rehearsal "$file"
    [ "$(timeless "$output" | sed -n 3p)$stderr" = "rehearsal  passed  T  operations rolled back and applied again: 2" ]
    nothing_is_left
    [ "$(program_run sqlite-migrate current)" = 3 ]
}

@test "preflight, MySQL: an empty database, and one with nothing pending, are not rehearsed" {
    program_run sqlite-migrate up -q
    run -0 preflight --only rehearsal
    [ "$(timeless "$output" | sed -n 3p)" = "rehearsal  skipped  -  nothing is pending" ]
    admin <<<"CREATE DATABASE empty_$BATS_TEST_NUMBER"
    DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:$mysql_port/empty_$BATS_TEST_NUMBER run -0 preflight --only rehearsal
    [[ $(timeless "$output" | sed -n 3p) = "rehearsal  skipped  -  there is nothing in mysql://"*" yet" ]]
    DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:$mysql_port/nosuch run --separate-stderr -66 preflight
    [ "$output$stderr" = "preflight.sh: there is no database mysql://127.0.0.1:$mysql_port/nosuch
hint: make an empty one first" ]
}

@test "preflight, MySQL: a user who may not make databases is told so, and the rest is checked" {
    admin <<<"CREATE USER limited_$BATS_TEST_NUMBER IDENTIFIED BY 'p'; GRANT ALL ON $database.* TO limited_$BATS_TEST_NUMBER"
    export DATABASE_URL=mysql://limited_$BATS_TEST_NUMBER:p@$here
    run --separate-stderr -1 preflight --skip lint,drift
    [ "$(timeless "$output" | head -n 6)$stderr" = "verify  passed  T  errors: 0, warnings: 0
lint  skipped  -  --skip names it
rehearsal  failed  T  errors: 1
fresh  failed  T  errors: 1
round-trip  skipped  -  fresh has not come to its end
drift  skipped  -  --skip names it" ]
    [[ $(timeless "$output") = *"
  error: cannot copy mysql://$here: cannot make a scratch database, in which a dump is proven: Access denied for user "*"
  hint: GRANT ALL ON \`migrate\\_scratch\\_%\`.* TO the user, which an administrator can do, gives the right
"* ]]
    nothing_is_left
}

@test "preflight, MySQL: an operation that names the real database is not tried in a scratch database" {
    local text dump=database/schema/default.sql
    program_run schema-dump.sh -q
    for text in "INSERT INTO $database.users (name) VALUES ('Eve');" "insert into \`${database^^}\` . users (name) VALUES ('Eve');" \
        $'USE\n'"$database; DELETE FROM users;"; do
        operation 0003 TASK-2 add-fax "$text" 'SELECT 1;'
        run --separate-stderr -1 preflight --only rehearsal,fresh
        [ "$(timeless "$output" | sed '1,/^$/d')$stderr" = "rehearsal
  error: 2025-01-10/0003-TASK-2-add-fax_up.sql names the database $database, and would change it, not a scratch database
  hint: leave the name of the database out; --skip goes on without this check

fresh
  error: 2025-01-10/0003-TASK-2-add-fax_up.sql names the database $database, and would change it, not a scratch database
  hint: leave the name of the database out; --skip goes on without this check

could not be carried out: rehearsal, fresh; skipped: verify, lint, round-trip, drift" ]
        [ "$(people)" = "Ann Bob" ]
        nothing_is_left
    done
    rm -r migrations
    operation 0001 TASK-1 one "CREATE TABLE one (id int); INSERT INTO $database.users (name) VALUES ('Eve');" 'DROP TABLE one;'
    run --separate-stderr -1 preflight --only drift --schema-file "$dump"
    [[ $output = *"names the database $database, and would change it"* ]]
    [ "$(people)" = "Ann Bob" ]
}

@test "preflight, MySQL: a name that is like that of the database is none" {
    operation 0003 TASK-2 add-fax "INSERT INTO teams (id) VALUES (1); -- not_$database.users, ${database}x, '$database'" 'DELETE FROM teams;'
    run -0 preflight --only rehearsal
}

@test "preflight, MySQL: a signal in the middle leaves no scratch database" {
    operation 0003 TASK-2 add-fax 'SELECT sleep(60);' 'SELECT 1;'
    signals_leave_nothing
}
