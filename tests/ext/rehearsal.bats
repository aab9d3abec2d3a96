#!/usr/bin/env bats
# migrations_rehearsal: what is pending is applied to a copy, and a row for each operation says what came of it.

# shellcheck disable=SC2016 # what is quoted are the texts of programs

load ../helpers/migrate

setup() {
    use_scratch
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, fax TEXT)" \
        "CREATE INDEX users_name ON users (name)" \
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users (id) ON DELETE CASCADE)" \
        "CREATE VIEW names AS SELECT name FROM users" \
        "INSERT INTO users VALUES (1, 'Ann', '11'), (2, 'Bob', '22'), (3, 'Cid', NULL)" \
        "INSERT INTO posts VALUES (1, 1), (2, 1), (3, 2)"
}

# Columns of the rehearsal, a line for each operation.
rehearse() { # <columns> [<target as SQL>]
    mig "SELECT $1 FROM migrations_rehearsal('$folder', ${2-NULL})"
}

# One operation, with a down file when there is text for it.
one() { # <up> [<down>]
    operation 0001 TASK-1 change "$1" "${2-}"
}

# What the round trip of the one operation says.
trip() { # <up> [<down>]
    one "$@"
    rehearse "round_trip || ': ' || coalesce(details, '-')"
}

# The file of the database, as it is.
state_of_file() {
    sha256sum <"$db"
    od -A n -t x1 -j 24 -N 4 "$db"
}

refuses() { # <status> <message and hint> <sql>...
    run --separate-stderr "-$1" mig "${@:3}"
    [ "$output" = "" ]
    [ "$(error_text)" = "$2" ]
}

@test "rehearsal: there is a row for each pending operation, in order" {
    one 'ALTER TABLE users ADD COLUMN mail TEXT;' 'ALTER TABLE users DROP COLUMN mail;'
    operation 0002 TASK-2 fill "UPDATE users SET mail = name; DELETE FROM posts WHERE id = 3;" 'SELECT 1;'
    [ "$(rehearse 'version, task_name, file_path, outcome, error, statements')" = "1|TASK-1|2025-01-10/0001-TASK-1-change_up.sql|completed||1
2|TASK-2|2025-01-10/0002-TASK-2-fill_up.sql|completed||2" ]
}

@test "rehearsal: what is applied is not rehearsed" {
    three_operations
    mig "SELECT migrate_apply('migrations', 1)" >/dev/null 2>&1 || true
    rm -r migrations
    mkdir migrations
    one 'CREATE TABLE t (a);'
    mig 'SELECT migrate_apply()' >/dev/null
    [ "$(rehearse '*')" = "" ]
}

@test "rehearsal: a target ends it, as it ends migrate_apply()" {
    one 'CREATE TABLE t (a);'
    operation 0002 TASK-2 second 'CREATE TABLE u (a);'
    operation 0003 TASK-2 third 'CREATE TABLE v (a);'
    [ "$(rehearse version "'+2'" | tr '\n' ' ')" = "1 2 " ]
    [ "$(rehearse version 1)" = 1 ]
    [ "$(rehearse version "'TASK-2'" | tr '\n' ' ')" = "1 2 3 " ]
}

@test "rehearsal: the database and its change counter stay as they are" {
    one 'DROP TABLE posts; DELETE FROM users; VACUUM;' 'SELECT 1;'
    sed -i 's/ VACUUM;//' "$folder"/2025-01-10/0001-TASK-1-change_up.sql
    operation 0002 TASK-1 vacuum '-- migrate: no-transaction
VACUUM;'
    before=$(state_of_file)
    [ "$(mig 'PRAGMA data_version' "SELECT group_concat(outcome) FROM migrations_rehearsal('migrations')" \
        'PRAGMA data_version' 'SELECT total_changes()')" = "1
completed,completed
1
0" ]
    [ "$(state_of_file)" = "$before" ]
    [ "$(echo app.db*)" = app.db ]
}

@test "rehearsal: a database in WAL mode is copied with what is in its log" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    one "UPDATE users SET fax = 'x' WHERE name = 'Dan';" 'SELECT 1;'
    # The last connection to close would put the log into the database, so one is held open.
    [ "$(mig "INSERT INTO users VALUES (4, 'Dan', '44')" \
        "SELECT rows_changed FROM migrations_rehearsal('migrations')" \
        'SELECT fax FROM users WHERE id = 4')" = '{"users":{"inserted":0,"updated":1,"deleted":0}}
44' ]
}

@test "rehearsal: a database in memory can be rehearsed" {
    one 'CREATE TABLE t (a);' 'DROP TABLE t;'
    db=:memory:
    [ "$(mig 'CREATE TABLE x (a)' "SELECT outcome, round_trip FROM migrations_rehearsal('migrations')" \
        'SELECT count(*) FROM sqlite_schema')" = "completed|ok
1" ]
}

@test "rehearsal: works while the connection reads, and in its transaction" {
    one 'DROP TABLE posts;' 'SELECT 1;'
    [ "$(mig 'BEGIN' "SELECT u.id, outcome FROM users u, migrations_rehearsal('migrations') WHERE u.id < 3 ORDER BY 1" \
        'COMMIT' 'SELECT count(*) FROM posts')" = "1|completed
2|completed
3" ]
}

@test "rehearsal: a transaction with changes is refused" {
    one 'CREATE TABLE t (a);'
    refuses 21 "cannot copy the database for the rehearsal: a transaction with changes is open, and cannot be copied
hint: COMMIT or ROLLBACK it first" 'BEGIN' 'DELETE FROM posts' "SELECT * FROM migrations_rehearsal('migrations')"
}

@test "rehearsal: rows are counted by table" {
    one "INSERT INTO users VALUES (4, 'Dan', NULL), (5, 'Eve', NULL);
UPDATE users SET fax = '0' WHERE id < 3;
DELETE FROM users WHERE id = 5;
CREATE TABLE t (a); INSERT INTO t VALUES (1);" 'SELECT 1;'
    [ "$(rehearse rows_changed)" = '{"t":{"inserted":1,"updated":0,"deleted":0},"users":{"inserted":2,"updated":2,"deleted":1}}' ]
}

@test "rehearsal: rows that SQLite deletes without saying so are counted, too" {
    plain 'CREATE TABLE k (a PRIMARY KEY) WITHOUT ROWID' 'INSERT INTO k VALUES (1), (2), (3)' \
        'CREATE TABLE same (a UNIQUE, b)' 'INSERT INTO same VALUES (1, 1), (2, 2)'
    one "DELETE FROM posts;
DELETE FROM k WHERE a = 1;
REPLACE INTO same VALUES (1, 9);" 'SELECT 1;'
    [ "$(rehearse rows_changed)" = '{"k":{"inserted":0,"updated":0,"deleted":1},"posts":{"inserted":0,"updated":0,"deleted":3},"same":{"inserted":1,"updated":0,"deleted":1}}' ]
}

@test "rehearsal: an update of a table WITHOUT ROWID is known, and not counted" {
    plain 'CREATE TABLE k (a PRIMARY KEY, b) WITHOUT ROWID' 'INSERT INTO k VALUES (1, 1), (2, 2)'
    one 'UPDATE k SET b = 5;' 'SELECT 1;'
    [ "$(rehearse rows_changed)" = '{"k":{"inserted":0,"updated":null,"deleted":0}}' ]
}

@test "rehearsal: rows that a cascade or a trigger changes are counted" {
    plain 'CREATE TABLE log (a)' 'CREATE TRIGGER note AFTER DELETE ON posts BEGIN INSERT INTO log VALUES (OLD.id); END'
    one 'DELETE FROM users WHERE id = 1;' 'SELECT 1;'
    [ "$(mig 'PRAGMA foreign_keys = ON' "SELECT rows_changed FROM migrations_rehearsal('migrations')")" = \
        '{"log":{"inserted":2,"updated":0,"deleted":0},"posts":{"inserted":0,"updated":0,"deleted":2},"users":{"inserted":0,"updated":0,"deleted":1}}' ]
}

@test "rehearsal: objects that are created, changed and dropped are listed" {
    one 'CREATE TABLE "a ""b" (x); ALTER TABLE users ADD COLUMN mail; DROP INDEX users_name; DROP VIEW names;' 'SELECT 1;'
    [ "$(rehearse objects)" = '{"created":["table a \"b"],"changed":["table users"],"dropped":["index users_name","view names"]}' ]
}

@test "rehearsal: growth is told in pages" {
    one 'CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(40000));' 'DROP TABLE t;'
    pages=$(rehearse pages)
    mig 'SELECT migrate_apply()' >/dev/null
    [ "$pages" -ge 10 ]
    [ "$pages" -le "$(plain 'PRAGMA page_count')" ]
}

@test "rehearsal: rows without a parent are counted before and after, of the tables concerned" {
    plain 'INSERT INTO posts VALUES (9, 99)'
    one 'DELETE FROM users WHERE id = 1;' 'SELECT 1;'
    operation 0002 TASK-1 other 'CREATE TABLE t (a);'
    export MIGRATE_FOREIGN_KEY_CHECK=off
    [ "$(rehearse 'violations_before, violations_after')" = "1|3
0|0" ]
}

@test "rehearsal: an operation that fails says why, and those behind it are not rehearsed" {
    one 'CREATE TABLE t (a);' 'DROP TABLE t;'
    operation 0002 TASK-1 bad 'CREATE TABLE u (a);
INSERT INTO nosuch VALUES (1);'
    operation 0003 TASK-1 later 'CREATE TABLE v (a);'
    [ "$(rehearse 'version, outcome, round_trip, statements, objects IS NULL')" = "1|completed|ok|1|0
2|failed||2|1
3|not rehearsed|||1" ]
    [ "$(rehearse error | sed -n '2,4p')" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-bad_up.sql:2:1: no such table: nosuch
    2 | INSERT INTO nosuch VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
}

@test "rehearsal: an operation fails that data or foreign keys would fail" {
    one 'CREATE UNIQUE INDEX one_post ON posts (user);'
    [ "$(rehearse 'outcome, substr(error, 1, instr(error, char(10)) - 1)')" = \
        "failed|cannot apply operation 1: 2025-01-10/0001-TASK-1-change_up.sql:1:1: UNIQUE constraint failed: posts.user" ]
    one 'DELETE FROM users WHERE id = 2;'
    [ "$(rehearse 'outcome, substr(error, 1, instr(error, char(10)) - 1)')" = \
        "failed|cannot apply operation 1: foreign key violation: 1 rows of table posts have no parent in table users (the first has rowid 3)" ]
}

@test "rehearsal: a view that breaks fails the operation, and is named" {
    one 'DROP TABLE posts; CREATE VIEW late AS SELECT * FROM users;' 'SELECT 1;'
    plain 'CREATE VIEW old AS SELECT user FROM posts'
    [ "$(rehearse 'outcome, broken')" = \
        'failed|[{"type":"view","name":"old","error":"no such table: main.posts"}]' ]
}

@test "rehearsal: what a file may break is told all the same" {
    plain 'CREATE VIEW old AS SELECT user FROM posts'
    one '-- migrate: allow broken-view
DROP TABLE posts;' 'SELECT 1;'
    [ "$(rehearse 'outcome, broken')" = 'completed|[{"type":"view","name":"old","error":"no such table: main.posts"}]' ]
}

@test "rehearsal: a known query that becomes a scan is told with both lines" {
    mkdir "$folder/queries"
    printf '%s\n' '-- the login' 'SELECT id FROM users WHERE name = :name;' '' 'SELECT count(*) FROM posts' >"$folder/queries/users.sql"
    one 'DROP INDEX users_name;' 'CREATE INDEX users_name ON users (name);'
    operation 0002 TASK-1 create 'CREATE TABLE t (a);'
    [ "$(rehearse slower)" = '[{"query":"queries/users.sql:2","before":"SEARCH users USING COVERING INDEX users_name (name=?)","after":"SCAN users"}]
[]' ]
}

@test "rehearsal: a known query that does not compile any more counts as broken" {
    mkdir "$folder/queries"
    printf 'SELECT fax FROM users;\nPRAGMA user_version = 7;\n' >"$folder/queries/fax.sql"
    one 'ALTER TABLE users DROP COLUMN fax;'
    [ "$(rehearse broken)" = '[{"type":"query","name":"queries/fax.sql:1","error":"no such column: fax"}]' ]
    [ "$(plain 'PRAGMA user_version')" = 0 ]
}

@test "rehearsal: without known queries nothing is said about their plans" {
    one 'DROP INDEX users_name;'
    [ "$(rehearse 'slower IS NULL')" = 1 ]
}

@test "round trip: a down file that gives back what was there is ok" {
    [ "$(trip 'CREATE TABLE t (a);' 'DROP TABLE t;')" = "ok: -" ]
    [ "$(trip 'ALTER TABLE users ADD COLUMN mail TEXT;' 'ALTER TABLE users DROP COLUMN mail;')" = "ok: -" ]
    [ "$(trip "INSERT INTO users VALUES (9, 'Ida', NULL);" 'DELETE FROM users WHERE id = 9;')" = "ok: -" ]
}

@test "round trip: an operation without a down file says so" {
    [ "$(trip 'CREATE TABLE t (a);')" = "no down: it has no down file" ]
}

@test "round trip: a column that comes back empty is a loss" {
    [ "$(trip 'ALTER TABLE users DROP COLUMN fax;' 'ALTER TABLE users ADD COLUMN fax TEXT;')" = \
        "rows lost: column users.fax has other values" ]
}

@test "round trip: rows that do not come back are a loss" {
    [ "$(trip 'DELETE FROM posts WHERE id > 1;' 'SELECT 1;')" = "rows lost: table posts has lost 2 of 3 rows" ]
    [ "$(trip 'DROP TABLE posts;' 'CREATE TABLE posts (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users (id) ON DELETE CASCADE);')" = \
        "rows lost: table posts has lost 3 of 3 rows" ]
}

@test "round trip: rows that down takes from another table are a loss" {
    [ "$(trip 'CREATE TABLE t (a);' 'DROP TABLE t; DELETE FROM posts WHERE id = 1;')" = \
        "rows lost: table posts has lost 1 of 3 rows" ]
}

@test "round trip: values that are swapped between rows are a loss" {
    [ "$(trip "UPDATE users SET fax = CASE id WHEN 1 THEN '22' ELSE '11' END WHERE id < 3;" 'SELECT 1;')" = \
        "rows lost: values of table users are in other rows" ]
}

@test "round trip: rows that are left over make a difference" {
    [ "$(trip "INSERT INTO users (name) VALUES ('Ida');" 'SELECT 1;')" = \
        "rows differ: table users has 1 rows more than before" ]
}

@test "round trip: a schema that is not the same is told object by object" {
    [ "$(trip 'CREATE TABLE IF NOT EXISTS t (a); DROP INDEX IF EXISTS users_name;' 'SELECT 1;')" = \
        "schema differs: the schema is not what it was before, once it is down; index users_name is missing; table t is left over" ]
}

@test "round trip: rows in another order are the same rows" {
    plain 'CREATE TABLE free (a, b)' "INSERT INTO free VALUES (1, 'x'), (2, 'y'), (3, 'z')"
    [ "$(trip 'CREATE TABLE kept AS SELECT * FROM free; DELETE FROM free;' \
        'INSERT INTO free SELECT * FROM kept ORDER BY a DESC; DROP TABLE kept;')" = "ok: -" ]
}

@test "round trip: a down file that fails says why" {
    [ "$(trip 'CREATE TABLE t (a);' 'DROP TABLE nosuch;')" = \
        "failed: down: cannot roll back operation 1: 2025-01-10/0001-TASK-1-change_down.sql:1:1: no such table: nosuch" ]
}

@test "round trip: up has to work again" {
    [ "$(trip 'CREATE TABLE t (a);' 'SELECT 1;')" = "failed: up again: cannot apply operation 1: 2025-01-10/0001-TASK-1-change_up.sql:1:14: table t already exists; the schema is not what it was before, once it is down; table t is left over" ]
}

@test "round trip: it leaves the copy as up has left it" {
    one 'ALTER TABLE users DROP COLUMN fax;' "ALTER TABLE users ADD COLUMN fax TEXT; DELETE FROM posts;"
    operation 0002 TASK-1 count "CREATE TABLE n AS SELECT count(*) AS n FROM posts;
SELECT migrate_assert(n = 3, 'three posts') FROM n;" 'DROP TABLE n;'
    [ "$(rehearse 'outcome, round_trip')" = "completed|rows lost
completed|ok" ]
}

@test "round trip: an operation outside a transaction makes none" {
    [ "$(trip '-- migrate: no-transaction
CREATE TABLE t (a);' 'DROP TABLE t;')" = "not rehearsed: it runs outside a transaction" ]
    [ "$(trip 'CREATE TABLE t (a);' '-- migrate: no-transaction
DROP TABLE t;')" = "not rehearsed: its down file runs outside a transaction" ]
}

@test "round trip: operations of one transaction make it together" {
    export MIGRATE_TRANSACTION=all
    one 'CREATE TABLE t (a);' 'DROP TABLE t;'
    operation 0002 TASK-1 fill 'INSERT INTO t VALUES (1); DELETE FROM posts;' 'DELETE FROM t;'
    operation 0003 TASK-1 more 'INSERT INTO t VALUES (2);' 'DELETE FROM t WHERE a = 2;'
    [ "$(rehearse "round_trip || ': ' || coalesce(details, '-')")" = "ok: -
rows lost: table posts has lost 3 of 3 rows
ok: -" ]
}

@test "round trip: in a shared transaction, what has no down stands in the way of what is before it" {
    export MIGRATE_TRANSACTION=all
    one 'CREATE TABLE t (a);' 'DROP TABLE t;'
    operation 0002 TASK-1 fill 'INSERT INTO t VALUES (1);'
    operation 0003 TASK-1 more 'CREATE TABLE u (a);' 'DROP TABLE u;'
    [ "$(rehearse "round_trip || ': ' || coalesce(details, '-')")" = "not rehearsed: an operation of the same transaction stands in the way
no down: it has no down file
ok: -" ]
}

@test "rehearsal: tables that are renamed and rebuilt are the same tables again" {
    [ "$(trip 'ALTER TABLE posts RENAME TO articles;' 'ALTER TABLE articles RENAME TO posts;')" = "ok: -" ]
    one "CREATE TABLE new (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE);
INSERT INTO new SELECT id, user FROM posts; DROP TABLE posts; ALTER TABLE new RENAME TO posts;" \
        "CREATE TABLE new (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users (id) ON DELETE CASCADE);
INSERT INTO new SELECT id, user FROM posts; DROP TABLE posts; ALTER TABLE new RENAME TO posts;"
    [ "$(rehearse 'outcome, rows_changed, round_trip')" = 'completed|{}|ok' ]
}

@test "rehearsal: the tables of full-text search are one table" {
    plain 'CREATE VIRTUAL TABLE ft USING fts5(a)' "INSERT INTO ft VALUES ('one'), ('two')"
    one "INSERT INTO ft VALUES ('three');" "DELETE FROM ft WHERE a = 'three';"
    operation 0002 TASK-1 drop 'DROP TABLE ft;' 'CREATE VIRTUAL TABLE ft USING fts5(a);'
    [ "$(rehearse 'rows_changed, round_trip, details')" = '{"ft":{"inserted":1,"updated":0,"deleted":0}}|ok|
{"ft":{"inserted":0,"updated":0,"deleted":3}}|rows lost|table ft has lost 3 of 3 rows' ]
}

@test "rehearsal: a table of one's own whose name begins as that of a virtual one is no part of it" {
    plain 'CREATE TABLE ft_notes (id INTEGER PRIMARY KEY, a)' 'INSERT INTO ft_notes VALUES (1, 1), (2, 2)'
    one 'CREATE VIRTUAL TABLE ft USING fts5(a); DELETE FROM ft_notes WHERE id = 1;' 'DROP TABLE ft;'
    operation 0002 TASK-1 drop 'DROP TABLE ft; DELETE FROM ft_notes;' 'CREATE VIRTUAL TABLE ft USING fts5(a);'
    [ "$(rehearse 'rows_changed, round_trip, details')" = \
        '{"ft_notes":{"inserted":0,"updated":0,"deleted":1}}|rows lost|table ft_notes has lost 1 of 2 rows
{"ft_notes":{"inserted":0,"updated":0,"deleted":1}}|rows lost|table ft_notes has lost 1 of 1 rows' ]
}

@test "rehearsal: rows go with a table that a view takes the place of" {
    one 'DROP TABLE posts; CREATE VIEW posts AS SELECT 1 AS id;' 'DROP VIEW posts; CREATE TABLE posts (id);'
    [ "$(rehearse rows_changed)" = '{"posts":{"inserted":0,"updated":0,"deleted":3}}' ]
}

@test "rehearsal: values that change where a table is built anew are known, and not counted" {
    one "CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, fax TEXT, mail TEXT);
INSERT INTO new (id, name, fax) SELECT id, upper(name), fax FROM users; DROP VIEW names; DROP TABLE users;
ALTER TABLE new RENAME TO users;"
    [ "$(rehearse rows_changed)" = '{"users":{"inserted":0,"updated":null,"deleted":0}}' ]
}

@test "rehearsal: rows that come to a table WITHOUT ROWID do not hide those that go" {
    plain 'CREATE TABLE k (a PRIMARY KEY, b) WITHOUT ROWID' 'INSERT INTO k VALUES (1, 1), (2, 2)'
    one 'DELETE FROM k WHERE a = 1; INSERT INTO k VALUES (3, 3), (4, 4);' 'SELECT 1;'
    operation 0002 TASK-1 add 'INSERT INTO k VALUES (5, 5);' 'SELECT 1;'
    [ "$(rehearse rows_changed)" = '{"k":{"inserted":1,"updated":null,"deleted":0}}
{"k":{"inserted":1,"updated":0,"deleted":0}}' ]
}

@test "rehearsal: the order of operations is not changed by the folder's other files" {
    mkdir "$folder/queries"
    printf 'not SQL at all' >"$folder/queries/broken.sql"
    one 'CREATE TABLE t (a);' 'DROP TABLE t;'
    [ "$(rehearse 'outcome, broken, slower')" = 'completed|[]|[]' ]
    [ "$(mig 'SELECT migrate_apply()')" = 1 ]
}

@test "rehearsal: what would stop the run before it begins stops the rehearsal" {
    one 'CREATE TABLE t (a)'
    run --separate-stderr -20 rehearse '*'
    [ "$output" = "" ]
    [ "$(error_text | head -n 1)" = "2025-01-10/0001-TASK-1-change_up.sql:1:1: the last statement has no semicolon" ]
}

@test "rehearsal: a program works on the copy, which is gone afterwards" {
    export MIGRATE_SCRIPTS=on TMPDIR="$BATS_TEST_TMPDIR/tmp"
    mkdir tmp
    program 0001 TASK-1 look sh <<'END'
#!/bin/sh
[ "$1" = up ] || exit 0
stat -c '%a' "$MIGRATE_DATABASE" >"$PWD/mode"
printf '%s\n' "$MIGRATE_DATABASE" >"$PWD/path"
sqlite3 "file:$MIGRATE_DATABASE?mode=ro" 'SELECT count(*) FROM users' >"$PWD/count"
echo 'CREATE TABLE t (a);'
END
    [ "$(rehearse 'outcome, statements')" = 'completed|1' ]
    [ "$(cat mode)" = 600 ]
    [ "$(cat count)" = 3 ]
    [ "$(cat path)" != "$PWD/$db" ]
    [ ! -e "$(cat path)" ]
    [ "$(echo tmp/*)" = 'tmp/*' ]
}

@test "rehearsal: nothing is left behind when it fails" {
    export MIGRATE_SCRIPTS=on TMPDIR="$BATS_TEST_TMPDIR/tmp"
    mkdir tmp
    program 0001 TASK-1 fail sh <<'END'
#!/bin/sh
exit 3
END
    [ "$(rehearse 'outcome')" = failed ]
    [ "$(echo tmp/*)" = 'tmp/*' ]
}

@test "rehearsal: a large database is copied to a file without a name" {
    plain 'CREATE TABLE big (a)' 'INSERT INTO big VALUES (zeroblob(70000000))'
    export SQLITE_TMPDIR="$BATS_TEST_TMPDIR/tmp"
    mkdir tmp
    one "INSERT INTO big VALUES (1);" 'DELETE FROM big WHERE a = 1;'
    before=$(state_of_file)
    [ "$(rehearse 'outcome, round_trip')" = 'completed|ok' ]
    [ "$(echo tmp/*)" = 'tmp/*' ]
    [ "$(state_of_file)" = "$before" ]
}

@test "rehearsal: progress is shown as of a run, the copy first" {
    one 'CREATE TABLE t (a);' 'DROP TABLE t;'
    export MIGRATE_PROGRESS=lines
    run --separate-stderr -0 rehearse outcome
    [ "$(printf '%s\n' "$stderr" | sed 's/([0-9]* ms)/(- ms)/')" = "1/2 copied the database (- ms)
2/2 rehearsed 2025-01-10/0001-TASK-1-change_up.sql (- ms)" ]
}

@test "rehearsal: a function that may do things outside the database is not called" {
    one "SELECT writefile('made', 'x');"
    [ "$(rehearse 'outcome, error')" = "failed|cannot apply operation 1: 2025-01-10/0001-TASK-1-change_up.sql:1:1: writefile may do things outside the database, and is not called in a rehearsal
    1 | SELECT writefile('made', 'x');
hint: nothing of this operation was kept; mend it and run again" ]
    [ ! -e made ]
    mig 'SELECT migrate_apply()' >/dev/null
    [ "$(cat made)" = x ]
}

@test "rehearsal: operations cannot migrate from within" {
    one "SELECT migrate_apply('migrations');"
    [ "$(rehearse outcome)" = failed ]
    [ "$(objects)" = "names posts users users_name" ]
}

@test "rehearsal: options of the connection hold on the copy" {
    one 'CREATE TABLE t (a);'
    [ "$(mig "SELECT migrate_config('table', 'history')" \
        "SELECT outcome, objects FROM migrations_rehearsal('migrations')")" = 'history
completed|{"created":["table t"],"changed":[],"dropped":[]}' ]
}

@test "rehearsal: the table cannot be used by a schema" {
    mig 'CREATE VIEW r AS SELECT * FROM migrations_rehearsal' 2>/dev/null || true
    run --separate-stderr -1 mig 'SELECT * FROM r'
    [ "$(error_text)" = 'unsafe use of virtual table "migrations_rehearsal"' ]
}
