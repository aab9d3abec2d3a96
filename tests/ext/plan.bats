#!/usr/bin/env bats
# The table migrations_plan: what a run would do, a row for each statement and finding. That each rule finds what
# docs/lint.md says is in lint_rules.bats.

load ../helpers/migrate

setup() {
    use_scratch
}

# The findings of up files, without those about the way back.
plan() { # <columns>
    mig "SELECT $1 FROM migrations_plan WHERE direction = 'up' AND rule IS NOT 'no-down'"
}

@test "plan: has a row for each statement, with all that is known of it" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, fax TEXT)" "INSERT INTO users (fax) VALUES ('555')"
    operation 0001 TASK-1 tidy-up "-- migrate: allow drop-column users: replaced by a table
CREATE TABLE contacts (user INTEGER, kind TEXT);

ALTER TABLE users
    DROP COLUMN fax;" 'DROP TABLE contacts;'
    run --separate-stderr -0 mig '.mode line' '.nullvalue -' "SELECT * FROM migrations_plan"
    [ "$output" = " position = 1
  version = 1
task_name = TASK-1
direction = up
file_path = 2025-01-10/0001-TASK-1-tidy-up_up.sql
     line = 2
statement = 1
     kind = create table
   object = contacts
     rule = -
 severity = -
      why = -
   advice = -
 approved = -
   reason = -
      sql = CREATE TABLE contacts (user INTEGER, kind TEXT);

 position = 1
  version = 1
task_name = TASK-1
direction = up
file_path = 2025-01-10/0001-TASK-1-tidy-up_up.sql
     line = 4
statement = 2
     kind = drop column
   object = users.fax
     rule = drop-column
 severity = error
      why = drops column fax of users: the value of 1 row goes with it
   advice = stop using the column, copy what is worth keeping, and drop it in a later release
 approved = 1
   reason = replaced by a table
      sql = ALTER TABLE users
    DROP COLUMN fax;

 position = 1
  version = 1
task_name = TASK-1
direction = down
file_path = 2025-01-10/0001-TASK-1-tidy-up_down.sql
     line = 1
statement = 1
     kind = drop table
   object = contacts
     rule = down-removes
 severity = note
      why = drops table contacts, which has no rows
   advice = roll back soon, or not at all
 approved = 0
   reason = -
      sql = DROP TABLE contacts;

 position = 1
  version = 1
task_name = TASK-1
direction = down
file_path = 2025-01-10/0001-TASK-1-tidy-up_down.sql
     line = -
statement = -
     kind = -
   object = users
     rule = down-not-inverse
 severity = warn
      why = after up and down, table users is not what it was
   advice = let the down file undo all that the up file does, in reverse order
 approved = 0
   reason = -
      sql = -" ]
}

@test "plan: names what each kind of statement does" {
    plain "CREATE TABLE t (a, b, c)" "CREATE TABLE old (x)" "CREATE INDEX i ON t (a)" "CREATE VIEW v AS SELECT 1"
    operation 0001 TASK-1 kinds 'CREATE TABLE n (x);
CREATE VIRTUAL TABLE f USING fts5(x);
CREATE UNIQUE INDEX IF NOT EXISTS "an index" ON n (x);
CREATE TEMP VIEW w AS SELECT 1;
CREATE TRIGGER r AFTER INSERT ON n BEGIN SELECT 1; END;
ALTER TABLE main.t ADD d;
ALTER TABLE t RENAME b TO e;
ALTER TABLE [t] DROP COLUMN c;
ALTER TABLE old RENAME TO older;
WITH x AS (SELECT 1) INSERT INTO n SELECT * FROM x;
REPLACE INTO n VALUES (1);
UPDATE OR IGNORE n SET x = 2;
DELETE FROM n;
SELECT * FROM n;
VALUES (1);
PRAGMA user_version;
ANALYZE;
REINDEX n;
DROP TRIGGER r;
DROP INDEX i;
DROP VIEW v;
DROP TABLE IF EXISTS nothing;'
    run --separate-stderr -0 mig \
        "SELECT DISTINCT statement, kind, object FROM migrations_plan WHERE statement"
    [ "$output" = '1|create table|n
2|create virtual table|f
3|create index|an index
4|create view|w
5|create trigger|r
6|add column|t.d
7|rename column|t.b
8|drop column|t.c
9|rename table|old
10|data change|n
11|data change|n
12|data change|n
13|data change|n
14|query|
15|query|
16|pragma|user_version
17|analyze|
18|reindex|n
19|drop trigger|r
20|drop index|i
21|drop view|v
22|drop table|nothing' ]
}

@test "plan: a rebuild is one change, in whatever order its statements stand" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)" "INSERT INTO users VALUES (1, 'Ann')"
    operation 0001 TASK-1 usual 'CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
INSERT INTO users_new (id, name) SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;'
    operation 0002 TASK-1 away-first 'ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
INSERT INTO users SELECT * FROM users_old;
DROP TABLE users_old;'
    operation 0003 TASK-1 over-a-copy 'CREATE TABLE kept AS SELECT id, name, email FROM users;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
INSERT INTO users (id, name, email) SELECT id, name, email FROM kept;
DROP TABLE kept;'
    run --separate-stderr -0 plan "version, statement, kind, object, rule"
    [ "$output" = '1|1|rebuild|users|
1|2|rebuild|users|
1|3|rebuild|users|
1|4|rebuild|users|
2|1|rebuild|users|
2|2|rebuild|users|
2|3|rebuild|users|
2|4|rebuild|users|
3|1|rebuild|users|
3|2|rebuild|users|
3|3|rebuild|users|
3|4|rebuild|users|
3|5|rebuild|users|' ]
}

@test "plan: follows each column of a rebuild through its copies" {
    plain "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d, e, f)" "INSERT INTO t (a) VALUES (1)"
    operation 0001 TASK-1 columns 'CREATE TABLE t_new (id INTEGER PRIMARY KEY, a, b, c, renamed, e);
INSERT INTO t_new (id, a, b, c, renamed) SELECT id, b, coalesce(b, 0), upper(c), d FROM t;
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;'
    run --separate-stderr -0 plan "statement, rule, why"
    [ "$output" = '1||
2|update-without-where|the copy puts other values into column a of t: b
2|updates-rows|the copy fills column b of t where it has no value: coalesce(b, 0)
2|update-without-where|the copy puts other values into column c of t: upper(c)
2|rename-column|column d of t is called renamed in the new table
2|drop-column|the copy leaves column e out: its values in 1 row go
2|drop-column|the new table has no column f: its values in 1 row go
3||
4||' ]
}

@test "plan: nothing is executed but on a copy of the schema" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY)" "INSERT INTO users VALUES (1)"
    operation 0001 TASK-1 everything "DELETE FROM users;
SELECT writefile('written.txt', 'x');
CREATE TABLE made AS SELECT writefile('written.txt', 'x') AS x;
INSERT INTO made VALUES (writefile('written.txt', 'x'));
DROP TABLE users;"
    operation 0002 TASK-1 attached "-- migrate: no-transaction
ATTACH 'attached.db' AS attached;
CREATE TABLE attached.t (x);
DETACH attached;
VACUUM INTO 'vacuumed.db';
PRAGMA journal_mode = WAL;"
    before=$(sha256sum app.db)
    mig "SELECT count(*) > 8 FROM migrations_plan" >count.txt
    [ "$(cat count.txt)" = 1 ]
    [ "$(sha256sum app.db)" = "$before" ]
    [ "$(echo *)" = "app.db count.txt migrations" ]
}

@test "plan: can be read in an open transaction, and sees what it has written" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY)"
    operation 0001 TASK-1 drop-users 'DROP TABLE users;' 'SELECT 1;'
    run --separate-stderr -0 mig "BEGIN" "INSERT INTO users VALUES (1), (2)" \
        "SELECT why FROM migrations_plan WHERE rule = 'drop-table'" "ROLLBACK" \
        "SELECT why FROM migrations_plan WHERE rule = 'drop-table'"
    [ "$output" = "drops table users: 2 rows go with it
drops table users, which has no rows" ]
}

@test "plan: later operations are judged by the schema that earlier ones leave" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)" "INSERT INTO users VALUES (1, 'Ann')"
    operation 0001 TASK-1 rename 'ALTER TABLE users RENAME TO people;'
    operation 0002 TASK-1 rename-column 'ALTER TABLE people RENAME name TO full_name;'
    operation 0003 TASK-1 drop-column 'ALTER TABLE people DROP COLUMN full_name;'
    operation 0004 TASK-1 drop-table 'DROP TABLE people;'
    run --separate-stderr -0 plan "version, rule, object, why"
    [ "$output" = "1|rename-table|users|renames table users to people: programs that use the old name fail
2|rename-column|people.name|renames column name of people to full_name: programs that use the old name fail
3|drop-column|people.full_name|drops column full_name of people: the value of 1 row goes with it
4|drop-table|people|drops table people: 1 row goes with it" ]
}

@test "plan: what the plan itself has made is no loss, unless it was filled" {
    operation 0001 TASK-1 make 'CREATE TABLE a (x); CREATE TABLE b (x); ALTER TABLE a ADD y; INSERT INTO b VALUES (1);'
    operation 0002 TASK-1 drop 'ALTER TABLE a DROP y; DROP TABLE a; DROP TABLE b;'
    run --separate-stderr -0 plan "version, statement, rule, severity, object"
    [ "$output" = "1|1|||a
1|2|||b
1|3|||a.y
1|4|||b
2|1|||a.y
2|2|||a
2|3|drop-table|note|b" ]
}

@test "plan: an approval is for its object, and for what lies in it" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, fax TEXT, telex TEXT)" "CREATE TABLE users2 (id INTEGER PRIMARY KEY, fax TEXT)"
    operation 0001 TASK-1 columns '-- migrate: allow drop-column USERS.fax: nobody has one
-- migrate: allow drop-table
ALTER TABLE users DROP COLUMN fax;
ALTER TABLE users DROP COLUMN telex;
ALTER TABLE users2 DROP COLUMN fax;
DROP TABLE users2;'
    operation 0002 TASK-1 table '-- migrate: allow drop-table users2: it is not this one
DROP TABLE users;'
    run --separate-stderr -0 plan "rule, object, approved, reason"
    [ "$output" = "drop-column|users.fax|1|nobody has one
drop-column|users.telex|0|
drop-column|users2.fax|0|
drop-table|users2|1|
drop-table|users|0|" ]
}

@test "plan: a bad file is a finding, and the others are judged" {
    operation 0001 TASK-1 bad 'CREATE TABLE a (x);
BEGIN;
VACUUM;
PRAGMA journal_mode = WAL;
CREATE TABLE b (x)'
    printf '' >"$folder/2025-01-10/0002-TASK-1-empty_up.sql"
    operation 0003 TASK-1 down 'CREATE TABLE c (x);' 'DROP TABLE c'
    operation 0004 TASK-1 good 'DROP TABLE a;'
    run --separate-stderr -0 mig \
        "SELECT version, direction, statement, rule, severity, why FROM migrations_plan WHERE rule IS NOT 'no-down' AND rule IS NOT 'down-removes'"
    [ "$output" = '1|up|1|||
1|up|2|refused|error|"BEGIN" cannot run in the transaction of the operation
1|up|3|vacuum|error|"VACUUM" cannot run in the transaction of the operation
1|up|4|pragma-no-effect|error|the pragma "journal_mode" does nothing in the transaction of the operation
1|up|5|refused|error|the last statement has no semicolon
2|up||refused|error|the text has no statement
3|up|1|||
3|down|1|refused|error|the last statement has no semicolon
4|up|1|||' ]
}

@test "plan: what is wrong with the folder fails it" {
    operation 0001 TASK-1 one 'CREATE TABLE a (x);'
    operation 0003 TASK-1 three 'CREATE TABLE b (x);'
    run --separate-stderr -20 mig "SELECT * FROM migrations_plan"
    [ "$(error_text)" = "version 2 is missing before 2025-01-10/0003-TASK-1-three_up.sql
hint: add the missing file or renumber; where gaps are meant, set option gaps" ]
}

@test "plan: a program is not judged" {
    program 0001 TASK-1 fill sh <<'SCRIPT'
#!/bin/sh
echo 'SELECT 1;'
SCRIPT
    run --separate-stderr -0 mig "SELECT kind, rule, severity, why, sql FROM migrations_plan"
    [ "$output" = "program|not-judged|warn|a program decides what is run when it is run|
program|refused|error|2025-01-10/0001-TASK-1-fill.sh is a program, and programs are switched off|" ]
}

@test "plan: what cannot be tried is not judged, with the reason, and so is what builds on it" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY)"
    operation 0001 TASK-1 unknown 'CREATE TABLE a AS SELECT * FROM elsewhere(1);
INSERT INTO a VALUES (1);
UPDATE users SET id = unknown_function(id) WHERE id = 1;
DROP TABLE a;'
    operation 0002 TASK-1 behind 'DROP TABLE nosuch;'
    run --separate-stderr -0 plan "statement, kind, object, rule, severity, why"
    [ "$output" = "1|create table|a|not-judged|warn|it cannot be tried on an empty copy of the schema: no such table: elsewhere
2|data change|a|not-judged|warn|it cannot be tried on an empty copy of the schema: no such table: a
3|data change|users|not-judged|warn|it cannot be tried on an empty copy of the schema: no such function: unknown_function
4|drop table|a|not-judged|warn|it cannot be tried on an empty copy of the schema: no such table: a
1|drop table|nosuch|not-judged|warn|it cannot be tried on an empty copy of the schema: no such table: nosuch" ]
}

# The statements below are planned, and run, on this schema.
use_sample() {
    rm -rf "${folder:?}"/* "${db:?}"
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, fax TEXT)" "CREATE TABLE teams (name)" \
        "CREATE INDEX users_fax ON users (fax)" "CREATE VIEW names AS SELECT name FROM users" \
        "CREATE TRIGGER welcome AFTER INSERT ON teams BEGIN INSERT INTO users (name) VALUES (NEW.name); END"
}

# Checks that the statement on each line of standard input is refused by the plan with the message behind it, and
# fails with that when it is run.
refused() {
    local sql why complaints=0
    while IFS='|' read -r sql why; do
        use_sample
        operation 0001 TASK-1 sample "SELECT 1; $sql;"
        [ "$(plan "rule, severity, why" | tail -n 1)" = "refused|error|it fails: $why" ] &&
            run ! mig "SELECT migrate_apply()" && [[ ${lines[0]} == *": $why" ]] && continue
        complaints=$((complaints + 1))
        printf '%s: %s\n%s\n' "$sql" "$(plan "rule, severity, why")" "$output"
    done
    [ "$complaints" -eq 0 ]
}

@test "plan: refuses a statement about an object that is not there" {
    refused <<'SQL'
DROP TABLE nosuch|no such table: nosuch
DROP INDEX nosuch|no such index: nosuch
DROP VIEW nosuch|no such view: nosuch
DROP TRIGGER nosuch|no such trigger: nosuch
INSERT INTO nosuch (a) VALUES (1)|no such table: nosuch
INSERT INTO main.nosuch VALUES (1)|no such table: main.nosuch
INSERT INTO users (name) SELECT name FROM nosuch|no such table: nosuch
CREATE INDEX i ON nosuch (a)|no such table: main.nosuch
ALTER TABLE nosuch ADD COLUMN a|no such table: nosuch
CREATE TRIGGER copy AFTER INSERT ON teams BEGIN INSERT INTO gone VALUES (1); END; INSERT INTO teams VALUES (1)|no such table: main.gone
SELECT nosuch FROM users|no such column: nosuch
UPDATE users SET nosuch = 1|no such column: nosuch
DELETE FROM users WHERE nosuch = 1|no such column: nosuch
INSERT INTO users (id, nosuch) VALUES (1, 2)|table users has no column named nosuch
ALTER TABLE users DROP COLUMN nosuch|no such column: "nosuch"
ALTER TABLE users RENAME COLUMN nosuch TO phone|no such column: "nosuch"
CREATE INDEX i ON users (nosuch)|no such column: nosuch
CREATE TABLE a (b, FOREIGN KEY (nosuch) REFERENCES users)|unknown column "nosuch" in foreign key definition
SQL
}

@test "plan: refuses a statement that makes what is there already" {
    refused <<'SQL'
CREATE TABLE users (id)|table users already exists
CREATE TABLE names (id)|view names already exists
CREATE INDEX users_fax ON users (id)|index users_fax already exists
CREATE INDEX users ON users (id)|there is already a table named users
CREATE TABLE users_fax (id)|there is already an index named users_fax
CREATE VIEW names AS SELECT 1|view names already exists
CREATE TRIGGER welcome AFTER DELETE ON users BEGIN SELECT 1; END|trigger welcome already exists
ALTER TABLE users RENAME TO teams|there is already another table or index with this name: teams
ALTER TABLE users ADD COLUMN fax|duplicate column name: fax
CREATE TABLE a (b, b)|duplicate column name: b
SQL
}

@test "plan: refuses a statement that does not fit what is there" {
    refused <<'SQL'
DROP TABLE names|use DROP VIEW to delete view names
DROP VIEW users|use DROP TABLE to delete table users
DELETE FROM names|cannot modify names because it is a view
CREATE INDEX i ON names (name)|views may not be indexed
ALTER TABLE names RENAME TO people|view names may not be altered
ALTER TABLE names ADD COLUMN a|Cannot add a column to a view
ALTER TABLE users ADD COLUMN a UNIQUE|Cannot add a UNIQUE column
ALTER TABLE users DROP COLUMN id|cannot drop PRIMARY KEY column: "id"
ALTER TABLE users DROP COLUMN fax|error in index users_fax after drop column: no such column: fax
ALTER TABLE teams RENAME TO groups; SELECT name FROM teams|no such table: teams
INSERT INTO users VALUES (1)|table users has 3 columns but 1 values were supplied
INSERT INTO users (id) VALUES (1, 2)|2 values for 1 columns
INSERT INTO users VALUES (1, 2, 3), (4)|all VALUES must have the same number of terms
INSERT INTO users VALUES (1, 2, 3) ON CONFLICT (fax) DO NOTHING|ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
SELECT name FROM users, teams|ambiguous column name: name
SQL
}

@test "plan: does not refuse what only the copy of the schema may lack" {
    local before sql rows complaints=0
    while IFS='|' read -r before sql; do
        use_sample
        [ -z "$before" ] || plain "$before"
        operation 0001 TASK-1 sample "-- migrate: no-transaction
$sql;"
        rows=$(plan "rule || ' ' || severity" | grep -v -e '^outside-main' -e '^writes-schema-table' || :)
        [ "$(tail -n 1 <<<"$rows")" != "not-judged warn" ] || continue
        complaints=$((complaints + 1))
        printf '%s: %s\n' "$sql" "$rows"
    done <<'SQL'
|INSERT INTO users (id) SELECT value FROM nosuch(1)
|INSERT INTO users (id) SELECT value FROM "nosuch" (1)
|INSERT INTO temp.nosuch VALUES (1)
|INSERT INTO users (id) SELECT id FROM temp.nosuch
|INSERT INTO elsewhere.nosuch VALUES (1)
|DROP VIEW temp.nosuch
|DROP INDEX temp.nosuch
|CREATE TEMP TRIGGER g AFTER INSERT ON nosuch BEGIN SELECT 1; END
|UPDATE users SET name = nosuch(name) WHERE id = 1
|CREATE VIRTUAL TABLE a USING nosuch (b)
|CREATE INDEX i ON users (name COLLATE nosuch)
|CREATE INDEX i ON migration (completed_at)
|DELETE FROM migration_log WHERE version = 0
ANALYZE|DELETE FROM sqlite_stat1 WHERE tbl = 'users'
CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE a|DELETE FROM sqlite_sequence WHERE name = 'a'
|BEGIN; CREATE TABLE a (b); ROLLBACK; CREATE TABLE a (b)
|ATTACH ':memory:' AS other; DROP TABLE a
|EXPLAIN SELECT 1; DROP TABLE a
|SELECT load_extension('nosuch') WHERE 0; DROP TABLE a
|CREATE VIRTUAL TABLE a USING fts5 (b); DROP TABLE a_nosuch
|CREATE TABLE a AS SELECT nosuch(id) AS b FROM users; SELECT b FROM a
|PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = type WHERE name = 'users'; DROP TABLE a
PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX users_fax ON users (nosuch(fax))' WHERE name = 'users_fax'|DROP TABLE a
SQL
    [ "$complaints" -eq 0 ]
}

@test "plan: refuses nothing that stands behind a file which cannot be judged" {
    operation 0001 TASK-1 empty '-- nothing yet'
    operation 0002 TASK-1 behind 'DROP TABLE nosuch;'
    run --separate-stderr -0 plan "version, rule, severity"
    [ "$output" = "1|refused|error
2|not-judged|warn" ]
}

@test "plan: refuses nothing that stands behind a program" {
    program 0001 TASK-1 fill sh <<'SCRIPT'
#!/bin/sh
echo 'CREATE TABLE a (b);'
SCRIPT
    operation 0002 TASK-1 behind 'DROP TABLE a;'
    run --separate-stderr -0 plan "version, rule, severity"
    [ "$output" = "1|not-judged|warn
1|refused|error
2|not-judged|warn
2|not-judged|note" ]
}

@test "plan: does not refuse a statement of a down file for a trigger that is dropped before it" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY)"
    operation 0001 TASK-1 add-trigger 'CREATE TRIGGER copy AFTER INSERT ON users BEGIN INSERT INTO later VALUES (1); END;' \
        'DROP TRIGGER copy; INSERT INTO users VALUES (1);'
    run --separate-stderr -0 mig "SELECT rule, severity, why FROM migrations_plan WHERE rule IN ('refused', 'not-judged')"
    [ "$output" = 'not-judged|warn|it cannot be tried on an empty copy of the schema: no such table: main.later
not-judged|warn|whether it is the way back is not known: not all statements of it could be tried' ]
    [ "$(mig "SELECT migrate_apply()" "SELECT migrate_rollback()")" = "1
0" ]
}

@test "plan: refuses a statement of a down file that fails, and goes on with the next operation" {
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY)"
    operation 0001 TASK-1 add-name 'ALTER TABLE users ADD COLUMN name;' 'ALTER TABLE users DROP COLUMN fax;'
    operation 0002 TASK-1 add-name-again 'ALTER TABLE users ADD COLUMN name;'
    run --separate-stderr -0 mig "SELECT version, direction, rule, severity, why FROM migrations_plan
        WHERE rule IN ('refused', 'not-judged')"
    [ "$output" = '1|down|refused|error|it fails: no such column: "fax"
1|down|not-judged|warn|whether it is the way back is not known: not all statements of it could be tried
2|up|refused|error|it fails: duplicate column name: name' ]
}

@test "plan: tells what foreign keys do, also far away and when keys change" {
    plain "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT UNIQUE)" \
        "CREATE TABLE users (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams ON DELETE CASCADE)" \
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users ON DELETE SET NULL)" \
        "CREATE TABLE rooms (id INTEGER PRIMARY KEY, team TEXT REFERENCES teams (name) ON UPDATE CASCADE)" \
        "INSERT INTO teams VALUES (1, 'North')" "INSERT INTO users VALUES (1, 1)" \
        "INSERT INTO notes VALUES (1, 1)" "INSERT INTO rooms VALUES (1, 'North')"
    operation 0001 TASK-1 rename-team "UPDATE teams SET name = 'South' WHERE id = 1;"
    operation 0002 TASK-1 same-key "UPDATE teams SET id = id WHERE name = 'South';"
    operation 0003 TASK-1 delete "DELETE FROM teams WHERE id = 1;"
    operation 0004 TASK-1 replace "INSERT OR REPLACE INTO users VALUES (1, NULL);"
    run --separate-stderr -0 plan "version, rule, object, why"
    [ "$output" = "1|updates-rows|teams|overwrites name in rows of teams, which has 1 row
1|fires-cascade|rooms|ON UPDATE CASCADE of rooms.team changes rows of rooms, which has 1 row
2|updates-rows|teams|overwrites id in rows of teams, which has 1 row
3|deletes-rows|teams|deletes rows of teams, which has 1 row
3|fires-cascade|users|ON DELETE CASCADE of users.team deletes rows of users, which has 1 row
3|fires-cascade|notes|foreign keys change rows of notes in their turn
4|replace-deletes|users|OR REPLACE deletes rows of users that are in the way; it has 1 row
4|not-judged|notes|whether rows of notes refer to those of users is not known: the plan changes its rows first" ]
}

@test "plan: a column is added with a default that SQLite allows where there are rows" {
    plain "CREATE TABLE full (x)" "INSERT INTO full VALUES (1)" "CREATE TABLE empty (x)"
    operation 0001 TASK-1 add "ALTER TABLE full ADD a NOT NULL DEFAULT (-1);
ALTER TABLE full ADD b DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE full ADD c NOT NULL;
ALTER TABLE full ADD d DEFAULT (random());
ALTER TABLE empty ADD b DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE empty ADD c NOT NULL;"
    run --separate-stderr -0 plan "statement, rule, why"
    [ "$output" = "1||
2|refused|full has 1 row, and SQLite adds no column whose default (CURRENT_TIMESTAMP) is not constant to a table with rows
3|add-not-null|full has 1 row, and c is NOT NULL without a default
4|refused|full has 1 row, and SQLite adds no column whose default (random()) is not constant to a table with rows
5||
6||" ]
}

@test "plan: a table declared ON CONFLICT REPLACE deletes rows, whatever the statement says" {
    plain "CREATE TABLE settings (name TEXT PRIMARY KEY ON CONFLICT REPLACE, value)" "INSERT INTO settings VALUES ('a', 1)"
    operation 0001 TASK-1 insert "INSERT INTO settings VALUES ('a', 2);"
    operation 0002 TASK-1 make "CREATE TABLE t (a UNIQUE ON CONFLICT REPLACE); INSERT INTO t VALUES (1);"
    run --separate-stderr -0 plan "version, statement, rule, why"
    [ "$output" = "1|1|replace-deletes|settings is declared ON CONFLICT REPLACE (name), which deletes rows that are in the way; it has 1 row
2|1||
2|2||" ]
}

@test "plan: an unconditional WHERE is none" {
    plain "CREATE TABLE t (a)" "INSERT INTO t VALUES (1)"
    operation 0001 TASK-1 delete "DELETE FROM t WHERE 1 = 1;"
    operation 0002 TASK-1 update "UPDATE t SET a = (SELECT max(a) FROM t WHERE a > 1) WHERE true;"
    operation 0003 TASK-1 near "DELETE FROM t WHERE a = 1;"
    run --separate-stderr -0 plan "version, rule"
    [ "$output" = "1|delete-without-where
2|update-without-where
3|deletes-rows" ]
}

# The same without statements of which there is nothing to say.
findings() { # <columns>
    mig "SELECT $1 FROM migrations_plan WHERE direction = 'up' AND rule <> 'no-down'"
}

# What later operations do to a table that the plan itself has put together from one of before.
changes_of() { # <table> <version>
    operation "000$2" TASK-1 overwrite "UPDATE $1 SET a = 'x' WHERE id = 1;"
    operation "000$(($2 + 1))" TASK-1 rebuild "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n (id, a, b) SELECT id, 'x', b FROM $1;
DROP TABLE $1;
ALTER TABLE n RENAME TO $1;"
    operation "000$(($2 + 2))" TASK-1 drop "ALTER TABLE $1 DROP COLUMN b;
DELETE FROM $1;
DROP TABLE $1;"
}

@test "plan: a table that is rebuilt and then renamed has rows of before" {
    plain "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)" "INSERT INTO t VALUES (1, 'a', 'b')"
    operation 0001 TASK-1 move "CREATE TABLE t_new (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO t_new (id, a, b) SELECT id, a, b FROM t;
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;
ALTER TABLE t RENAME TO t2;"
    changes_of t2 2
    run --separate-stderr -0 findings "version, severity, rule, object"
    [ "$output" = "1|warn|rename-table|t
2|note|updates-rows|t2
3|warn|update-without-where|t2.a
4|error|drop-column|t2.b
4|warn|mixed-change|t2
4|error|delete-without-where|t2
4|error|drop-table|t2" ]
}

@test "plan: a table that is copied from one that was renamed twice has rows of before" {
    plain "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)" "INSERT INTO t VALUES (1, 'a', 'b')"
    operation 0001 TASK-1 move "ALTER TABLE t RENAME TO t2;
ALTER TABLE t2 RENAME TO t2_old;
CREATE TABLE t2 (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO t2 SELECT * FROM t2_old;
DROP TABLE t2_old;"
    changes_of t2 2
    run --separate-stderr -0 findings "version, severity, rule, object"
    [ "$output" = "1|warn|rename-table|t
2|note|updates-rows|t2
3|warn|update-without-where|t2.a
4|error|drop-column|t2.b
4|warn|mixed-change|t2
4|error|delete-without-where|t2
4|error|drop-table|t2" ]
}

@test "plan: a table that is copied beside one of before is not lost in silence" {
    plain "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)" "INSERT INTO t VALUES (1, 'a', 'b')"
    operation 0001 TASK-1 copy "CREATE TABLE c AS SELECT * FROM t;
ALTER TABLE c ADD COLUMN d;
UPDATE c SET d = 'y';"
    changes_of c 2
    operation 0005 TASK-1 own "CREATE TABLE own (a);
INSERT INTO own VALUES (1);
UPDATE own SET a = 2;
ALTER TABLE own ADD COLUMN b;
ALTER TABLE own DROP COLUMN b;"
    run --separate-stderr -0 findings "version, severity, rule, object"
    [ "$output" = "2|note|updates-rows|c
3|note|update-without-where|c.a
3|note|drop-column|c.d
3|warn|change-type|c.id
3|note|not-judged|c.id
4|note|drop-column|c.b
4|note|delete-without-where|c
4|note|drop-table|c" ]
}

@test "plan: a column is followed through two rebuilds of one file" {
    plain "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, free TEXT)" "INSERT INTO t VALUES (1, 'a', 'f')"
    operation 0001 TASK-1 twice "CREATE TABLE t_new (id INTEGER PRIMARY KEY, a TEXT, free TEXT, more TEXT);
INSERT INTO t_new (id, a, free) SELECT id, a, free FROM t;
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;
CREATE TABLE t_new (id INTEGER PRIMARY KEY, a TEXT, more TEXT, free TEXT, more2 TEXT);
INSERT INTO t_new SELECT *, NULL FROM t;
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;"
    run --separate-stderr -0 findings "statement, severity, rule, object"
    [ "$output" = "6|warn|update-without-where|t.free" ]
}

@test "plan: without anything to apply there is no row" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT count(*) FROM migrations_plan")" = 0 ]
}

@test "plan: takes the folder as its argument, and gives it in the hidden column dir" {
    folder=other operation 0001 TASK-1 one 'CREATE TABLE a (x);'
    run --separate-stderr -0 mig "SELECT kind, dir FROM migrations_plan('other') WHERE statement = 1"
    [ "$output" = "create table|other" ]
}
