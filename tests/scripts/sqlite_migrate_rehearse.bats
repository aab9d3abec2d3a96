#!/usr/bin/env bats
# sqlite-migrate rehearse and up --pretend: what a copy of the database makes of what is pending.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    plain 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, fax TEXT)' 'CREATE INDEX users_name ON users (name)' \
        "INSERT INTO users VALUES (1, 'Ann', '11'), (2, 'Bob', '22')"
}

# Operations that go well.
good() {
    operation 0001 TASK-1 add-mail 'ALTER TABLE users ADD COLUMN mail TEXT;' 'ALTER TABLE users DROP COLUMN mail;'
    operation 0002 TASK-1 add-cid "INSERT INTO users (id, name) VALUES (3, 'Cid'); CREATE TABLE t (a);" \
        'DROP TABLE t; DELETE FROM users WHERE id = 3;'
}

# One that loses what was in a column.
lossy() {
    operation 0001 TASK-1 drop-fax 'ALTER TABLE users DROP COLUMN fax;' 'ALTER TABLE users ADD COLUMN fax TEXT;'
}

@test "sqlite-migrate rehearse: tells what came of each operation, and leaves the database alone" {
    good
    before=$(sha256sum <app.db)
    run --separate-stderr -0 front rehearse
    [ "$(timeless "$output" | sed -E 's/\([0-9]+ ms, /(N ms, /; s/ \+[0-9]+$/ +N/')" = "completed: 2025-01-10/0001-TASK-1-add-mail_up.sql (N ms, 1 statement)
    objects: changed table users
    round trip: ok
completed: 2025-01-10/0002-TASK-1-add-cid_up.sql (N ms, 2 statements)
    rows: users +1 ~0 -0
    objects: created table t
    pages: +N
    round trip: ok" ]
    [ "$(timeless "$stderr")" = "1/3 copied the database (N ms)
2/3 rehearsed 2025-01-10/0001-TASK-1-add-mail_up.sql (N ms)
3/3 rehearsed 2025-01-10/0002-TASK-1-add-cid_up.sql (N ms)" ]
    [ "$(sha256sum <app.db)" = "$before" ]
    [ "$(echo "$TMPDIR"/*)" = "$TMPDIR/*" ]
}

@test "sqlite-migrate rehearse: a target is that of up" {
    good
    [ "$(
        front rehearse +1 -q
        front rehearse 1 --json | grep -c '"version"'
    )" = 1 ]
    run --separate-stderr -66 front rehearse 7
    [ "$output" = "" ]
    [ "$(printf '%s' "$stderr" | head -n 1)" = "sqlite-migrate: there is no operation 7 in migrations" ]
}

@test "sqlite-migrate rehearse: ends with 1 when an operation fails, and says why" {
    good
    operation 0003 TASK-2 bad "INSERT INTO users VALUES (1, 'again', NULL, NULL);"
    operation 0004 TASK-2 later 'CREATE TABLE u (a);'
    run --separate-stderr -1 front rehearse
    [ "$(printf '%s\n' "$output" | tail -n 5 | sed -E 's/\([0-9]+ ms, /(N ms, /')" = "failed: 2025-01-10/0003-TASK-2-bad_up.sql (N ms, 1 statement)
    cannot apply operation 3: 2025-01-10/0003-TASK-2-bad_up.sql:1:1: UNIQUE constraint failed: users.id
          1 | INSERT INTO users VALUES (1, 'again', NULL, NULL);
      hint: nothing of this operation was kept; mend it and run again
not rehearsed: 2025-01-10/0004-TASK-2-later_up.sql" ]
    run --separate-stderr -1 front rehearse --check --quiet
    [ "$output$stderr" = "" ]
}

@test "sqlite-migrate rehearse --check: ends with 2 when a round trip loses something" {
    lossy
    run --separate-stderr -0 front rehearse
    [ "${lines[${#lines[@]} - 1]}" = "    round trip: rows lost: column users.fax has other values" ]
    run --separate-stderr -2 front rehearse --check
    [ "${lines[${#lines[@]} - 1]}" = "    round trip: rows lost: column users.fax has other values" ]
}

@test "sqlite-migrate rehearse --check: ends with 2 when a known query gets slower" {
    mkdir migrations/queries
    printf 'SELECT id FROM users WHERE name = ?;\n' >migrations/queries/login.sql
    operation 0001 TASK-1 drop-index 'DROP INDEX users_name;' 'CREATE INDEX users_name ON users (name);'
    run --separate-stderr -2 front rehearse --check
    [ "${lines[2]}" = "    slower: queries/login.sql:1: SEARCH users USING COVERING INDEX users_name (name=?), now SCAN users" ]
}

@test "sqlite-migrate rehearse --check: ends with 0 where no row is without a parent, and nobody could tell before" {
    plain 'CREATE TABLE notes (id INTEGER PRIMARY KEY, name REFERENCES users (name))' 'INSERT INTO notes VALUES (1, NULL)'
    operation 0001 TASK-1 unique-names "CREATE UNIQUE INDEX one_name ON users (name); INSERT INTO notes VALUES (2, 'Ann');"
    run --separate-stderr -0 front rehearse --check
    [[ $output == *"    rows: notes +1 ~0 -0"* ]]
    [[ $output != *"without a parent"* ]]
}

@test "sqlite-migrate rehearse --check: ends with 0 when there is no down file, and nothing else" {
    operation 0001 TASK-1 create 'CREATE TABLE t (a);'
    run --separate-stderr -0 front rehearse --check
    [ "${lines[${#lines[@]} - 1]}" = "    round trip: no down: it has no down file" ]
}

@test "sqlite-migrate rehearse --json: prints each operation" {
    lossy
    run --separate-stderr -0 front rehearse --json
    [ "$(printf '%s' "$output" | sed -E 's/"(milliseconds|pages)":-?[0-9]+/"\1":N/g')" = '[{"version":1,"task":"TASK-1","path":"2025-01-10/0001-TASK-1-drop-fax_up.sql","outcome":"completed","error":null,"milliseconds":N,"statements":1,"rows_changed":{},"objects":{"created":[],"changed":["table users"],"dropped":[]},"pages":N,"violations_before":0,"violations_after":0,"broken":[],"slower":null,"round_trip":"rows lost","details":"column users.fax has other values"}]' ]
}

# Makes a table, and a view of it, whose names hold bytes that terminals and formats obey; drops the table.
drop_odd_table() {
    odd=$(printf 'a\036\037\033[31m\377é\n|b')
    plain "CREATE TABLE \"$odd\" (x)" "INSERT INTO \"$odd\" VALUES (1)" "CREATE VIEW odd AS SELECT x FROM \"$odd\""
    operation 0001 TASK-1 drop "-- migrate: allow broken-view: it was a test
DROP TABLE \"$odd\";"
}

@test "sqlite-migrate rehearse --json: is UTF-8, whatever the names are" {
    drop_odd_table
    front rehearse --json 2>err >rehearsal.json
    python3 -c '
import json
row = json.load(open("rehearsal.json", encoding="utf-8"))[0]
name = list(row["rows_changed"])[0]
assert name == "a\x1e\x1f\x1b[31m\udcffé\n|b", ascii(name)
assert row["objects"]["dropped"] == ["table " + name], ascii(row)'
}

@test "sqlite-migrate rehearse: shows no control character of a name" {
    drop_odd_table
    front rehearse --check 2>err >out || [ "$?" -eq 2 ]
    [ "$(sed 's/ms, /N/; s/([0-9]* /(/' out | tr '\377' '?')" = "completed: 2025-01-10/0001-TASK-1-drop_up.sql (N1 statement)
    rows: a   [31m?é |b +0 ~0 -1
    objects: dropped table a   [31m?é |b
    broken: view odd: no such table: main.a   [31m?é |b
    round trip: no down: it has no down file" ]
}

@test "sqlite-migrate rehearse --json: prints an empty list when there is nothing" {
    good
    front up -q
    run --separate-stderr -0 front rehearse --json
    [ "$output" = "[]" ]
    run --separate-stderr -0 front rehearse
    [ "$output" = "" ]
    [ "$stderr" = "nothing to do" ]
}

@test "sqlite-migrate rehearse: reads a database that is not there as an empty one, and does not make it" {
    rm app.db
    three_operations
    run --separate-stderr -0 front rehearse
    [ "${stderr%%$'\n'*}" = "there is no database app.db yet" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate rehearse: programs run only where they are switched on" {
    program 0001 TASK-1 import sh <<'END'
#!/bin/sh
echo 'CREATE TABLE t (a);'
END
    run --separate-stderr -77 front rehearse
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: 2025-01-10/0001-TASK-1-import.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" ]
    run --separate-stderr -0 front rehearse --scripts on -q
    [ "$(echo "$TMPDIR"/*)" = "$TMPDIR/*" ]
}

@test "sqlite-migrate rehearse: refuses an option that it does not know" {
    run --separate-stderr -64 front rehearse --nosuch
    [ "$stderr" = "sqlite-migrate: rehearse does not take --nosuch
hint: sqlite-migrate help rehearse" ]
}

@test "sqlite-migrate up --pretend: rehearses" {
    lossy
    before=$(sha256sum <app.db)
    [ "$(front up --pretend --json | cut -d , -f 1)" = '[{"version":1' ]
    [ "$(front up +1 --pretend | tail -n 1)" = "    round trip: rows lost: column users.fax has other values" ]
    [ "$(sha256sum <app.db)" = "$before" ]
}

@test "sqlite-migrate up --dry-run: lists, as ever, without running anything" {
    operation 0001 TASK-1 bad 'INSERT INTO nosuch VALUES (1);'
    [ "$(front up --dry-run)" = "up 2025-01-10/0001-TASK-1-bad_up.sql" ]
    run -1 front up --pretend
}

@test "sqlite-migrate down --pretend: is --dry-run" {
    good
    front up -q
    [ "$(front down --pretend)" = "down 2025-01-10/0002-TASK-1-add-cid_up.sql" ]
}
