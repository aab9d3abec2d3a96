#!/usr/bin/env bats
# Operations that share a commit: what is left is as if each had had a transaction of its own.

load ../helpers/migrate

setup() {
    use_scratch
}

# Runs migrate_apply() on the database $1 with the commit interval $2; prints nothing.
apply_with() { # <database> <interval>
    db=$1
    mig "SELECT migrate_config('commit_interval', $2)" "SELECT migrate_apply()" >/dev/null 2>&1
}

# The whole database but for times and durations.
content() { # <database>
    db=$1
    plain .dump | sed -E \
        -e "s/'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z'/TIME/g" -e 's/TIME,TIME,[0-9]+,/TIME,TIME,MS,/'
}

# Asserts that $1 operations are left, and that it does not matter how they are committed.
same_either_way() { # <versions that are completed>
    apply_with alone.db 0 || true
    apply_with group.db 60000 || true
    [ "$(completed)" = "$1" ]
    [ "$(content group.db)" = "$(content alone.db)" ]
}

# Operations 1 to 5, of which operation $1 fails.
five_operations() { # <number of the one that fails>
    local i
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a INTEGER);' 'DROP TABLE t;'
    for i in 2 3 4 5; do
        operation "000$i" TASK-1 "add-$i" "INSERT INTO t VALUES ($i); CREATE INDEX t$i ON t (a);"
    done
    operation "000$1" TASK-1 "add-$1" "INSERT INTO t VALUES ($1);
INSERT INTO nosuch VALUES (1);"
    rm -f "migrations/2025-01-10/0001-TASK-1-create-t_down.sql"
}

@test "group commit: several operations share one transaction" {
    local i
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a INTEGER);'
    for i in 2 3 4 5 6 7 8 9; do
        operation "000$i" TASK-1 "add-$i" "INSERT INTO t VALUES ($i);"
    done
    db=group.db
    mig "SELECT migrate_config('commit_interval', 60000)" "SELECT migrate_apply()"
    db=alone.db
    mig "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_apply()"
    # The change counter in the file's header: one for each commit of the rollback journal modes.
    [ "$(od -An -t u1 -j 27 -N 1 group.db | tr -d ' ')" = 1 ]
    [ "$(od -An -t u1 -j 27 -N 1 alone.db | tr -d ' ')" = 9 ]
}

@test "group commit: a failing operation in the middle leaves exactly those before it" {
    five_operations 4
    run --separate-stderr -1 apply_with group.db 60000
    db=group.db
    [ "$(completed)" = "1 2 3" ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = "2,3" ]
    [ "$(plain "SELECT group_concat(version || ' ' || outcome, ', ') FROM migration_log")" = \
        "1 completed, 2 completed, 3 completed, 4 failed" ]
}

@test "group commit: the message is that of the failing operation alone" {
    five_operations 4
    db=group.db
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 4: 2025-01-10/0004-TASK-1-add-4_up.sql:2:1: no such table: nosuch
    2 | INSERT INTO nosuch VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
}

@test "group commit: a failure in the second operation leaves the same as single commits" {
    five_operations 2
    same_either_way 1
}

@test "group commit: a failure in the last operation leaves the same as single commits" {
    five_operations 5
    same_either_way "1 2 3 4"
}

@test "group commit: success leaves the same as single commits" {
    five_operations 5
    operation 0005 TASK-1 add-5 'INSERT INTO t VALUES (5);'
    same_either_way "1 2 3 4 5"
}

@test "group commit: a rollback that fails in the middle leaves the same as single commits" {
    local name
    for name in 1 2 3 4; do
        operation "000$name" TASK-1 "create-t$name" "CREATE TABLE t$name (a);" "DROP TABLE t$name;"
    done
    operation 0002 TASK-1 create-t2 'CREATE TABLE t2 (a);' 'DROP TABLE nosuch;'
    for name in alone group; do
        db=$name.db
        mig "SELECT migrate_apply()" >/dev/null
    done
    db=alone.db
    run --separate-stderr -1 mig "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_rollback('all')"
    db=group.db
    run --separate-stderr -1 mig "SELECT migrate_config('commit_interval', 60000)" "SELECT migrate_rollback('all')"
    [ "$(error_text)" = "cannot roll back operation 2: 2025-01-10/0002-TASK-1-create-t2_down.sql:1:1: no such table: nosuch
    1 | DROP TABLE nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "1 2" ]
    [ "$(content group.db)" = "$(content alone.db)" ]
}

@test "group commit: a full-text table made before the failing operation works" {
    operation 0001 TASK-1 create-notes "CREATE VIRTUAL TABLE notes USING fts5 (body);
INSERT INTO notes VALUES ('the quick brown fox'), ('lazy dog');"
    operation 0002 TASK-1 add-note "INSERT INTO notes VALUES ('another fox');"
    operation 0003 TASK-1 fail "INSERT INTO notes VALUES ('lost fox');
INSERT INTO nosuch VALUES (1);"
    same_either_way "1 2"
    db=group.db
    [ "$(plain "SELECT group_concat(body, '; ') FROM notes WHERE notes MATCH 'fox'")" = \
        "the quick brown fox; another fox" ]
    plain "INSERT INTO notes (notes) VALUES ('integrity-check')"
    plain "INSERT INTO notes VALUES ('a later fox')"
    [ "$(plain "SELECT count(*) FROM notes WHERE notes MATCH 'fox'")" = 3 ]
    [ "$(plain 'PRAGMA integrity_check')" = ok ]
}

@test "group commit: an existing full-text table survives a failing operation that wrote to it" {
    local name
    for name in alone group; do
        db=$name.db
        plain "CREATE VIRTUAL TABLE notes USING fts5 (body)" "INSERT INTO notes VALUES ('first fox')"
    done
    operation 0001 TASK-1 add-note "INSERT INTO notes VALUES ('second fox');"
    operation 0002 TASK-1 fail "DELETE FROM notes; SELECT nosuch;"
    same_either_way 1
    db=group.db
    plain "INSERT INTO notes (notes) VALUES ('integrity-check')"
    [ "$(plain "SELECT count(*) FROM notes WHERE notes MATCH 'fox'")" = 2 ]
}

# A parent and a child whose constraint is checked at commit; enforcement is on.
deferred_children() {
    operation 0001 TASK-1 create-tables 'CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (parent_id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);'
}

@test "group commit: a deferred violation fails the operation that leaves it, not a later one" {
    deferred_children
    operation 0002 TASK-1 add-child 'INSERT INTO child VALUES (7);'
    operation 0003 TASK-1 add-parent 'INSERT INTO parent VALUES (7);'
    run --separate-stderr -1 mig 'PRAGMA foreign_keys = ON' "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: FOREIGN KEY constraint failed: a deferred constraint is violated at the end of the operation
hint: repair the rows in the same operation; PRAGMA foreign_key_check lists them" ]
    [ "$(completed)" = 1 ]
    [ "$(plain 'SELECT count(*) FROM child')" = 0 ]
}

@test "group commit: a deferred violation that the same operation repairs is allowed" {
    deferred_children
    operation 0002 TASK-1 add-both 'INSERT INTO child VALUES (7);
INSERT INTO parent VALUES (7);'
    [ "$(mig 'PRAGMA foreign_keys = ON' "SELECT migrate_apply()")" = 2 ]
}

@test "group commit: defer_foreign_keys of one operation does not hold in the next" {
    operation 0001 TASK-1 create-tables 'CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (parent_id INTEGER REFERENCES parent (id));'
    operation 0002 TASK-1 defer 'PRAGMA defer_foreign_keys = ON;
INSERT INTO child VALUES (7);
INSERT INTO parent VALUES (7);'
    operation 0003 TASK-1 no-defer 'INSERT INTO child VALUES (8);
INSERT INTO parent VALUES (8);'
    run --separate-stderr -19 mig 'PRAGMA foreign_keys = ON' "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 3: 2025-01-10/0003-TASK-1-no-defer_up.sql:1:1: FOREIGN KEY constraint failed
    1 | INSERT INTO child VALUES (8);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "1 2" ]
}

@test "group commit: foreign_keys of one operation does not hold in the next, nor afterwards" {
    operation 0001 TASK-1 create-tables 'CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (parent_id INTEGER REFERENCES parent (id));'
    operation 0002 TASK-1 off 'PRAGMA foreign_keys = OFF;
INSERT INTO child VALUES (7);
INSERT INTO parent VALUES (7);'
    operation 0003 TASK-1 still-on 'INSERT INTO child VALUES (8);'
    printf '%s\n' 'PRAGMA foreign_keys = ON;' "SELECT migrate_apply();" 'PRAGMA foreign_keys;' >input
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = 1 ]
    [ "$(completed)" = "1 2" ]
}

@test "group commit: foreign_keys that is switched on in a file is off again afterwards" {
    operation 0001 TASK-1 on 'PRAGMA foreign_keys = ON;
CREATE TABLE t (a);'
    [ "$(mig 'PRAGMA foreign_keys = OFF' "SELECT migrate_apply()" 'PRAGMA foreign_keys')" = "1
0" ]
}

@test "group commit: legacy_alter_table of one operation does not hold in the next, nor afterwards" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;'
    operation 0002 TASK-1 legacy 'PRAGMA legacy_alter_table = ON;
ALTER TABLE t RENAME TO u;
DROP VIEW v;
CREATE VIEW v AS SELECT a FROM u;'
    operation 0003 TASK-1 modern 'ALTER TABLE u RENAME TO w;'
    [ "$(mig "SELECT migrate_apply()" 'PRAGMA legacy_alter_table')" = "3
0" ]
    [ "$(plain "SELECT sql FROM sqlite_schema WHERE name = 'v'")" = 'CREATE VIEW v AS SELECT a FROM "w"' ]
}

@test "group commit: legacy_alter_table is put back after a failure" {
    operation 0001 TASK-1 legacy 'PRAGMA legacy_alter_table = ON;
SELECT nosuch;'
    printf '%s\n' "SELECT migrate_apply();" 'PRAGMA legacy_alter_table;' >input
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = 0 ]
}

@test "group commit: legacy_alter_table that the connection had on stays on" {
    operation 0001 TASK-1 modern 'PRAGMA legacy_alter_table = OFF;
CREATE TABLE t (a);'
    [ "$(mig 'PRAGMA legacy_alter_table = ON' "SELECT migrate_apply()" 'PRAGMA legacy_alter_table')" = "1
1" ]
}

@test "group commit: a view that one operation breaks and the next rebuilds fails as with single commits" {
    operation 0001 TASK-1 create-v 'CREATE TABLE t (a, b); CREATE VIEW v AS SELECT b FROM t;'
    operation 0002 TASK-1 break-v 'PRAGMA legacy_alter_table = ON;
ALTER TABLE t RENAME TO u;'
    operation 0003 TASK-1 rebuild-v 'DROP VIEW v;
CREATE VIEW v AS SELECT b FROM u;'
    same_either_way 1
}

@test "group commit: an allowed broken view does not allow one that another operation breaks" {
    operation 0001 TASK-1 create-views 'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;
CREATE TABLE u (a); CREATE VIEW w AS SELECT a FROM u;'
    operation 0002 TASK-1 break-v '-- migrate: allow broken-view: rebuilt by the report job
DROP TABLE t;'
    operation 0003 TASK-1 break-w 'DROP TABLE u;'
    same_either_way "1 2"
}

@test "group commit: an operation without a transaction commits what is before it" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);'
    operation 0002 TASK-1 set-mode '-- migrate: no-transaction
PRAGMA user_version = 7;'
    operation 0003 TASK-1 fail 'SELECT nosuch;'
    same_either_way "1 2"
}
