#!/usr/bin/env bats
# Every allocation of SQLite's allocator fails once: in SQLite, in the extension, while loading.
#
# The host complains of a crash, an open transaction, a leak, an error that does not name the lack of
# memory, and a database that cannot be migrated to its end afterwards. A long cycle has tens of
# thousands of allocations, of which each 29th fails here; MIGRATE_MEMORY_STRIDE=1 tries them all.

load ../helpers/migrate

setup() {
    use_scratch
    host=$hosts/memory
    stride=${MIGRATE_MEMORY_STRIDE:-29}
}

# Operations with all that there is: triggers, views, a rebuild, FTS5, no transaction.
many_kinds() {
    operation 0001 TASK-1 start 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user REFERENCES users ON DELETE CASCADE);
CREATE VIEW names AS SELECT name FROM users;
CREATE TRIGGER greet AFTER INSERT ON users BEGIN INSERT INTO posts (user) VALUES (new.id); END;
INSERT INTO users (name) VALUES ('"'Ann'), ('Bob'"');' 'DROP VIEW names;
DROP TABLE posts;
DROP TABLE users;'
    operation 0002 TASK-1 add-words 'CREATE VIRTUAL TABLE words USING fts5 (body);
INSERT INTO words VALUES ('"'hello'"');' 'DROP TABLE words;'
    operation 0003 TASK-2 add-index '-- migrate: no-transaction
CREATE INDEX IF NOT EXISTS users_name ON users (name);' '-- migrate: no-transaction
DROP INDEX IF EXISTS users_name;'
    operation 0004 TASK-2 rebuild-users \
        'CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);
INSERT INTO users_new (id, name) SELECT id, name FROM users;
DROP VIEW names;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;' 'ALTER TABLE users DROP COLUMN age;
CREATE VIEW names AS SELECT name FROM users;'
}

@test "memory: each allocation of loading, applying and rolling back one operation may fail" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);' 'DROP TABLE users;'
    "$host" "$extension" :memory: 1 1 "SELECT migrate_apply()" \
        "SELECT migrate_rollback()" "SELECT migrate_apply()" >&3
}

@test "memory: each allocation of the tables and of verifying may fail" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);'
    operation 0002 TASK-1 create-orders 'CREATE TABLE orders (id INTEGER PRIMARY KEY);' 'DROP TABLE orders;'
    "$host" "$extension" :memory: 1 1 "SELECT count(checksum || code) FROM migrations_pending" \
        "SELECT count(*) FROM migrations_problems" "SELECT migrate_verify()" >&3
}

@test "memory: allocations of judging what is dangerous may fail" {
    many_kinds
    operation 0005 TASK-3 drop-posts '-- migrate: allow drop-table posts: nobody reads them
DROP TABLE posts;'
    "$host" "$extension" :memory: "$stride" 5 "SELECT migrate_config('dangerous', 'deny')" \
        "SELECT migrate_apply(NULL, 4)" "SELECT migrate_apply()" >&3
}

@test "memory: each allocation of a script may fail, for each kind of database" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);' 'DROP TABLE users;'
    operation 0002 TASK-1 create-orders 'CREATE TABLE orders (id INTEGER PRIMARY KEY);' 'DROP TABLE orders;'
    "$host" "$extension" :memory: 1 1 "SELECT length(migrate_script())" \
        "SELECT length(migrate_script(NULL, 2, 0, 'postgresql'))" \
        "SELECT length(migrate_script(NULL, 0, 2, 'mysql'))" "SELECT migrate_verify()" >&3
}

@test "memory: each allocation of the steps for a server may fail" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);' 'DROP TABLE users;'
    operation 0002 TASK-1 create-orders 'CREATE TABLE orders (id INTEGER PRIMARY KEY);'
    export MIGRATE_SCHEMA=own MIGRATE_NOTE=note
    "$host" "$extension" :memory: 1 1 "SELECT migrate_apply(NULL, 1)" \
        "SELECT migrate_config('dialect', 'mysql')" "SELECT length(migrate_tracking_sql())" \
        "SELECT length(head || code || tail || failure) FROM migrations_steps('apply', 2, 'migrations')" \
        "SELECT length(head || code || tail || failure) FROM migrations_steps('rollback')" \
        "SELECT migrate_config('dialect', 'postgresql')" "SELECT length(migrate_tracking_sql())" \
        "SELECT length(head || code || tail || failure) FROM migrations_steps('apply', NULL)" \
        "SELECT count(*) FROM migrations_steps('rollback')" >&3
}

@test "memory: allocations around a program for a server may fail" {
    program 0001 TASK-1 import sh <<'SH'
#!/bin/sh
echo "SELECT '$1';"
echo said >&2
SH
    export MIGRATE_DIALECT=postgresql MIGRATE_SCRIPTS=on
    "$host" "$extension" :memory: 7 1 "SELECT length(migrate_program(1, 'up'))" \
        "SELECT count(*) FROM migrations_steps('apply')" >&3
}

@test "memory: allocations of a whole cycle may fail in a database in memory" {
    many_kinds
    "$host" "$extension" :memory: "$stride" 4 "PRAGMA foreign_keys=ON" "SELECT migrate_apply()" \
        "SELECT migrate_verify()" "SELECT count(*) FROM migrations_problems" \
        "SELECT count(checksum || code) FROM migrations_pending" "SELECT migrate_rollback('all')" \
        "SELECT count(output) FROM migrations_history" "SELECT migrate_apply(NULL, '+2')" \
        "SELECT migrate_redo(2)" "SELECT migrate_apply()" >&3
}

@test "memory: allocations of a whole cycle may fail in a database with a journal" {
    many_kinds
    "$host" "$extension" app.db "$((stride * 2 + 1))" 4 "PRAGMA synchronous=OFF" \
        "SELECT migrate_apply()" "SELECT migrate_rollback('all')" "SELECT migrate_apply()" >&3
}

@test "memory: allocations of a whole cycle may fail in a database with a write-ahead log" {
    many_kinds
    "$host" "$extension" app.db "$((stride * 2 + 3))" 4 "PRAGMA synchronous=OFF" \
        "PRAGMA journal_mode=WAL" "SELECT migrate_apply()" "SELECT migrate_rollback('all')" \
        "SELECT migrate_apply()" >&3
}

@test "memory: each allocation of a snapshot may fail, and leaves no file that is not one" {
    "$host" "$extension" app.db "$((stride / 7 + 1))" 1 "PRAGMA journal_mode=WAL" "CREATE TABLE t (x)" \
        "SELECT migrate_snapshot('s' || hex(randomblob(8)))" "SELECT 1" >&3
    run ! ls .snapshot.*
    sha256sum -c --quiet ./*.sha256
}

# Operations that concern foreign keys: rows, keys, a rebuild of the parent, triggers, renamed tables.
with_foreign_keys() {
    operation 0001 TASK-1 start "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
CREATE UNIQUE INDEX team_names ON teams (name);
CREATE TABLE pens (id INTEGER PRIMARY KEY, team REFERENCES teams ON DELETE CASCADE, name REFERENCES teams (name));
CREATE TABLE log (a);
CREATE TRIGGER tidy AFTER INSERT ON log BEGIN DELETE FROM pens WHERE id = 99; END;
INSERT INTO teams VALUES (1, 'a'), (2, 'b');
INSERT INTO pens VALUES (1, 1, 'a'), (2, 2, NULL);"
    operation 0002 TASK-1 rebuild-teams "CREATE TABLE new_teams (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size);
INSERT INTO new_teams (id, name) SELECT id, name FROM teams;
DROP TABLE teams;
ALTER TABLE new_teams RENAME TO teams;
INSERT INTO log VALUES (1);"
    operation 0003 TASK-1 rename-pens 'ALTER TABLE pens RENAME TO quills;
CREATE UNIQUE INDEX once ON log (a);
DROP INDEX once;'
}

@test "memory: allocations may fail in a search for rows without a parent" {
    with_foreign_keys
    "$host" "$extension" :memory: "$stride" 3 "SELECT migrate_apply()" >&3
}

@test "memory: allocations may fail while a program runs" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);' 'DROP TABLE users;'
    program 0002 TASK-1 fill-users sh <<'END'
#!/bin/sh
case $1 in
up) echo "INSERT INTO users VALUES (1);" ;;
down) echo "DELETE FROM users;" ;;
esac
END
    "$host" "$extension" :memory: 11 2 "SELECT migrate_config('scripts', 'on')" \
        "SELECT migrate_apply()" "SELECT migrate_rollback()" "SELECT migrate_apply()" >&3
}

@test "memory: allocations of a plan may fail" {
    many_kinds
    "$host" "$extension" :memory: "$stride" 1 \
        "SELECT count(why || advice) > 0 FROM migrations_plan" >&3
}

@test "memory: allocations of a rehearsal may fail" {
    many_kinds
    "$host" "$extension" :memory: "$stride" 4 "SELECT count(*) FROM migrations_rehearsal" >&3
}
