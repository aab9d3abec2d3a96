#!/usr/bin/env bats
# What a connection must be like before anything is changed: no transaction, no other statement,
# writable, and not in the midst of a migration.

load ../helpers/migrate

setup() {
    use_scratch
    operation 0001 TASK-1 create-a 'CREATE TABLE a (x);' 'DROP TABLE a;'
    plain 'CREATE TABLE t (a)' 'INSERT INTO t VALUES (1), (2)'
}

# Says that no migration has run and the user's data is as it was.
untouched() {
    [ "$(objects)" = "${1-t}" ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = "1,2" ]
}

# Runs $2, which must be refused because $1 is not done.
refuses_busy() { # <function> <statement>
    run --separate-stderr -21 mig "$2"
    [ "$(error_text)" = "$1: another statement of this connection is not done: $2
hint: read it to its end or reset it first, and call SELECT $1() without a FROM" ]
    untouched
}

@test "guard: refuses in an open transaction, for every function that writes, and leaves it open" {
    local call
    for call in "migrate_apply()" "migrate_rollback()" "migrate_to(0)" "migrate_redo()" \
        "migrate_baseline(1)" "migrate_repair(1, 'completed')"; do
        printf '%s\n' 'BEGIN;' 'INSERT INTO t VALUES (3);' "SELECT $call;" 'SELECT count(*) FROM t;' \
            'ROLLBACK;' >input
        run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
        [ "$output" = 3 ]
        case $stderr in
        *"${call%%(*}: a transaction is open on this connection
hint: COMMIT or ROLLBACK it first"*) ;;
        *) return 1 ;;
        esac
        untouched
    done
}

@test "guard: refuses in an open transaction with the whole message" {
    run --separate-stderr -21 mig BEGIN "SELECT migrate_apply()"
    [ "$(error_text)" = "migrate_apply: a transaction is open on this connection
hint: COMMIT or ROLLBACK it first" ]
    untouched
}

@test "guard: refuses in a savepoint" {
    run --separate-stderr -21 mig 'SAVEPOINT s' "SELECT migrate_apply()"
    [ "$(error_text)" = "migrate_apply: a transaction is open on this connection
hint: COMMIT or ROLLBACK it first" ]
    untouched
}

@test "guard: refuses a query of a table" {
    refuses_busy migrate_apply 'SELECT migrate_apply() FROM t'
}

@test "guard: refuses a query of a table in a condition or a subquery" {
    refuses_busy migrate_apply 'SELECT migrate_apply() WHERE EXISTS (SELECT 1 FROM t)'
    refuses_busy migrate_apply 'SELECT (SELECT a FROM t), migrate_apply()'
}

@test "guard: refuses a query of a virtual table" {
    refuses_busy migrate_apply 'SELECT value FROM json_each(migrate_apply())'
    refuses_busy migrate_apply 'SELECT migrate_apply(NULL, version) FROM migrations_pending'
}

@test "guard: refuses a temporary table" {
    run --separate-stderr -21 mig 'CREATE TEMP TABLE u AS SELECT 1 AS a' 'SELECT migrate_apply() FROM u'
    [ "$(error_text)" = "migrate_apply: another statement of this connection is not done: SELECT migrate_apply() FROM u
hint: read it to its end or reset it first, and call SELECT migrate_apply() without a FROM" ]
    untouched
}

@test "guard: refuses statements that write" {
    refuses_busy migrate_apply 'INSERT INTO t SELECT migrate_apply()'
    refuses_busy migrate_rollback 'UPDATE t SET a = migrate_rollback()'
    refuses_busy migrate_to 'DELETE FROM t WHERE a = migrate_to(1)'
    refuses_busy migrate_redo 'INSERT INTO t VALUES (5) RETURNING migrate_redo()'
}

@test "guard: refuses a CHECK constraint, whichever version of SQLite looks at it" {
    run --separate-stderr mig 'CREATE TABLE c (a CHECK (migrate_apply() > 0))' 'INSERT INTO c VALUES (1)'
    [ "$status" -ne 0 ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'migration')")" = 0 ]
}

@test "guard: refuses a view and a trigger" {
    plain 'CREATE VIEW v AS SELECT migrate_apply()' \
        'CREATE TRIGGER w AFTER DELETE ON t BEGIN SELECT migrate_apply(); END'
    run --separate-stderr -1 mig 'SELECT * FROM v'
    [ "$stderr" = "Error: in prepare, unsafe use of migrate_apply()" ]
    run --separate-stderr -1 mig 'DELETE FROM t'
    [ "$stderr" = "Error: in prepare, unsafe use of migrate_apply()" ]
    untouched "t v w"
}

@test "guard: refuses the tables in a view" {
    local table
    for table in migrations_pending migrations_applied migrations_history migrations_problems; do
        plain "CREATE VIEW v_$table AS SELECT * FROM $table"
        run --separate-stderr -1 mig "SELECT * FROM v_$table"
        [ "$stderr" = "Error: in prepare, unsafe use of virtual table \"$table\"" ]
    done
}

@test "guard: lets tables be read in an open transaction" {
    [ "$(mig BEGIN 'SELECT version FROM migrations_pending' 'SELECT migrate_verify()')" = "1
1" ]
}

@test "guard: refuses a database that is opened read-only" {
    run --separate-stderr -8 mig -readonly "SELECT migrate_apply()"
    [ "$(error_text)" = "migrate_apply: the database is read-only
hint: open the database for writing, and check the permissions of its file and folder" ]
    untouched
}

@test "guard: lists and verifies in a database that is opened read-only" {
    [ "$(mig -readonly 'SELECT version FROM migrations_pending' 'SELECT count(*) FROM migrations_problems' \
        'SELECT count(*) FROM migrations_applied' 'SELECT migrate_verify()')" = "1
0
0
1" ]
}

@test "guard: refuses where query_only is on, and leaves it on" {
    printf '%s\n' 'PRAGMA query_only = ON;' 'SELECT migrate_apply();' 'PRAGMA query_only;' >input
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = 1 ]
    run --separate-stderr -8 mig 'PRAGMA query_only = ON' "SELECT migrate_apply()"
    [ "$(error_text)" = "migrate_apply: PRAGMA query_only is on
hint: run PRAGMA query_only=OFF first" ]
    untouched
}

@test "guard: refuses to be called from a migration" {
    local call
    for call in "migrate_apply()" "migrate_rollback()" "migrate_to(0)" "migrate_redo()" \
        "migrate_baseline(1)" "migrate_repair(1, 'completed')"; do
        operation 0002 TASK-1 again "SELECT $call;"
        run --separate-stderr -21 mig "SELECT migrate_apply()"
        [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-again_up.sql:1:1: ${call%%(*}: a migration is running on this connection
    1 | SELECT $call;
hint: a migration file cannot call it" ]
        [ "$(completed)" = 1 ]
    done
}

@test "guard: refuses to be called from a migration outside a transaction" {
    operation 0002 TASK-1 again '-- migrate: no-transaction
SELECT migrate_rollback();'
    run --separate-stderr -21 mig "SELECT migrate_apply()"
    [ "${stderr%%$'\n'*}" = "Error: stepping, cannot apply operation 2: 2025-01-10/0002-TASK-1-again_up.sql:2:1: migrate_rollback: a migration is running on this connection" ]
    [ "$(objects)" = "a t" ]
}

@test "guard: a failed call does not stop the next one" {
    printf '%s\n' 'SELECT migrate_apply() FROM t;' 'SELECT migrate_apply(NULL, 9);' 'SELECT migrate_apply();' >input
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = 1 ]
    [ "$(completed)" = 1 ]
}

# Prints a python3 whose sqlite3 module can load extensions; false when there is none.
find_python() {
    local candidate
    while read -r candidate; do
        "$candidate" -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)' \
            2>/dev/null || continue
        printf '%s' "$candidate"
        return 0
    done < <(type -a -P python3)
    return 1
}

@test "guard: names a statement of the connection that is half read" {
    python=$(find_python) || skip "no python3 can load extensions"
    cat >half_read.py <<'END'
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.enable_load_extension(True)
connection.load_extension(sys.argv[2])
reader = connection.execute("SELECT a FROM t ORDER BY rowid")
print(reader.fetchone()[0])
try:
    connection.execute("SELECT migrate_apply()").fetchall()
except sqlite3.Error as error:
    print(error)
print(reader.fetchall()[0][0])
print(connection.execute("SELECT migrate_apply()").fetchone()[0])
END
    [ "$(LD_PRELOAD=${MIGRATE_PRELOAD-} "$python" half_read.py "$db" "$extension")" = "1
migrate_apply: another statement of this connection is not done: SELECT a FROM t ORDER BY rowid
hint: read it to its end or reset it first, and call SELECT migrate_apply() without a FROM
2
1" ]
    untouched "a t"
}
