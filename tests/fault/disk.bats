#!/usr/bin/env bats
# A disk that is full, read-only or failing, and databases that are none.

load ../helpers/migrate

setup() {
    use_scratch
}

# Five operations, the third of which needs 400 pages.
big_operations() {
    operation 0001 TASK-1 create-a 'CREATE TABLE t1 (x);' 'DROP TABLE t1;'
    operation 0002 TASK-1 create-b 'CREATE TABLE t2 (x); INSERT INTO t2 VALUES (1);' 'DROP TABLE t2;'
    operation 0003 TASK-1 create-c "CREATE TABLE t3 (x);
INSERT INTO t3 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
SELECT printf('%.4000c', 'x') FROM n;" 'DROP TABLE t3;'
    operation 0004 TASK-2 create-d 'CREATE TABLE t4 (x);' 'DROP TABLE t4;'
    operation 0005 TASK-2 add-index 'CREATE TABLE t5 (x); CREATE INDEX t4_x ON t4 (x);' 'DROP TABLE t5;
DROP INDEX t4_x;'
}

# Small ones, with an operation outside a transaction that can be run twice.
small_operations() {
    operation 0001 TASK-1 create-a 'CREATE TABLE t1 (x);' 'DROP TABLE t1;'
    operation 0002 TASK-1 create-b 'CREATE TABLE t2 (x); INSERT INTO t2 VALUES (1);' 'DROP TABLE t2;'
    operation 0003 TASK-1 create-c '-- migrate: no-transaction
CREATE TABLE IF NOT EXISTS u3 (x);' '-- migrate: no-transaction
DROP TABLE IF EXISTS u3;'
    operation 0004 TASK-2 create-d 'CREATE TABLE t4 (x);' 'DROP TABLE t4;'
}

# 1 when each operation that has a table t<version> is completed, and no other.
agreed="SELECT (SELECT coalesce(group_concat(version), '') FROM
        (SELECT version FROM migrations_applied WHERE status = 'completed' AND version <> 3 ORDER BY version))
    = (SELECT coalesce(group_concat(substr(name, 2)), '') FROM
        (SELECT name FROM sqlite_schema WHERE name GLOB 't[0-9]' ORDER BY name))"

@test "disk: a full disk stops the run at the operation that does not fit" {
    big_operations
    run --separate-stderr -13 mig "PRAGMA max_page_count = 100" "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 3: 2025-01-10/0003-TASK-1-create-c_up.sql:2:1: database or disk is full
    2 | INSERT INTO t3 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
hint: free some disk space and run again" ]
    [ "$(completed)" = "1 2" ]
    [ "$(objects)" = "t1 t2" ]
    [ "$(mig "SELECT migrate_apply()")" = 5 ]
}

@test "disk: a full disk in a transaction of all operations keeps none of them" {
    big_operations
    run --separate-stderr -13 mig "PRAGMA max_page_count = 100" \
        "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()"
    [ "$(completed)" = "" ]
    [ "$(objects)" = "" ]
    [ "$(plain 'PRAGMA integrity_check')" = ok ]
    [ "$(mig "SELECT migrate_apply()")" = 5 ]
}

@test "disk: a full disk leaves no transaction open" {
    big_operations
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" <<END
.load $extension
PRAGMA max_page_count = 100;
SELECT migrate_apply();
BEGIN IMMEDIATE;
CREATE TABLE mine (x);
COMMIT;
END
    [ "$(objects)" = "mine t1 t2" ]
}

@test "disk: a file system that is full stops the run and loses nothing" {
    big_operations
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    mkdir small
    # shellcheck disable=SC2016 # the inner shell expands these
    run --separate-stderr -13 unshare -rm sh -c '
        mount -t tmpfs -o size=512k none small || exit
        sqlite3 -batch -init /dev/null small/app.db -cmd ".load $1" "SELECT migrate_apply()"
        status=$?
        sqlite3 -batch small/app.db "PRAGMA integrity_check" \
            "SELECT group_concat(version) FROM migration WHERE status = '"'completed'"'" \
            "SELECT group_concat(name) FROM sqlite_schema WHERE name GLOB '"'t[0-9]'"'"
        exit "$status"
    ' sh "$extension"
    [ "$(error_text)" = "cannot apply operation 3: database or disk is full
hint: free some disk space and run again" ]
    [ "$output" = $'ok\n1,2\nt1,t2' ]
}

@test "disk: a file that may not grow stops the run and loses nothing" {
    big_operations
    # shellcheck disable=SC2016 # $1 is the inner shell's
    run --separate-stderr -10 bash -c 'trap "" XFSZ
        ulimit -f 200
        sqlite3 -batch -init /dev/null app.db -cmd ".load $1" "SELECT migrate_apply()"' bash "$extension"
    [ "$(error_text)" = "cannot apply operation 3: disk I/O error
hint: check the disk; nothing of this operation was kept" ]
    [ "$(completed)" = "1 2" ]
    [ "$(objects)" = "t1 t2" ]
    [ "$(mig "SELECT migrate_apply()")" = 5 ]
}

@test "disk: a file that is read-only is refused and not touched" {
    three_operations
    plain "CREATE TABLE mine (x)"
    cp "$db" before.db
    run --separate-stderr -8 mig ".open file:app.db?mode=ro" ".load $extension" "SELECT migrate_apply()"
    [ "$(error_text)" = "migrate_apply: the database is read-only
hint: open the database for writing, and check the permissions of its file and folder" ]
    cmp "$db" before.db
}

@test "disk: a folder that is read-only is refused and the file not touched" {
    three_operations
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a read-only folder"
    mkdir sealed
    sqlite3 sealed/app.db "CREATE TABLE mine (x)"
    cp sealed/app.db before.db
    # shellcheck disable=SC2016 # the inner shell expands these
    run --separate-stderr -8 unshare -rm sh -c '
        mount --bind sealed sealed && mount -o remount,ro,bind sealed || exit 70
        exec sqlite3 -batch -init /dev/null sealed/app.db -cmd ".load $1" "SELECT migrate_apply()"
    ' sh "$extension"
    [ "$(error_text)" = "migrate_apply: the database is read-only
hint: open the database for writing, and check the permissions of its file and folder" ]
    cmp sealed/app.db before.db
}

@test "disk: a file that is not a database is refused and not touched" {
    three_operations
    printf 'This is a letter, and a long one, so that nobody takes it for anything else.%0500d' 0 >"$db"
    cp "$db" before.db
    run --separate-stderr -26 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "file is not a database
hint: the file is not an SQLite database, or it is encrypted" ]
    cmp "$db" before.db
}

@test "disk: a database whose schema is damaged is refused and not touched" {
    three_operations
    plain "CREATE TABLE mine (x)" "INSERT INTO mine VALUES (1)"
    # The header of the first page's tree, behind the 100 bytes of the file's own.
    printf '\377\377\377\377\377\377\377\377' | dd of="$db" bs=1 seek=100 conv=notrunc status=none
    cp "$db" before.db
    run --separate-stderr -11 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "database disk image is malformed
hint: run PRAGMA integrity_check, and restore a snapshot if it does not say ok" ]
    cmp "$db" before.db
}

@test "disk: an operation that meets a damaged page fails as a whole" {
    operation 0001 TASK-1 change-rows "CREATE TABLE t1 (x);
UPDATE mine SET x = x || '!';"
    plain "PRAGMA page_size = 512" "CREATE TABLE mine (x)" \
        "INSERT INTO mine WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n"
    # The second page is the root of the table's tree; 5 to 7 are leaves of it.
    head -c 1536 /dev/zero | tr '\0' '\377' | dd of="$db" bs=512 seek=4 conv=notrunc status=none
    run --separate-stderr -11 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-change-rows_up.sql:2:1: database disk image is malformed
    2 | UPDATE mine SET x = x || '!';
hint: run PRAGMA integrity_check, and restore a snapshot if it does not say ok" ]
    [ "$(completed)" = "" ]
    [ "$(plain "SELECT x FROM mine LIMIT 1")" = 1 ]
}

@test "disk: any write that fails once leaves nothing half applied" {
    small_operations
    for journal_mode in DELETE WAL; do
        "$hosts/io_fault" "$extension" "$db" ioerr once "$journal_mode" "$agreed" 4 "SELECT migrate_apply()" \
            "SELECT migrate_rollback('all')" "SELECT migrate_apply()" >&3
    done
}

@test "disk: any write after which all fail leaves nothing half applied" {
    small_operations
    for journal_mode in DELETE TRUNCATE WAL; do
        "$hosts/io_fault" "$extension" "$db" ioerr on "$journal_mode" "$agreed" 4 "SELECT migrate_apply()" \
            "SELECT migrate_rollback('all')" "SELECT migrate_apply()" >&3
    done
}

@test "disk: a disk that is full at any write leaves nothing half applied" {
    small_operations
    for journal_mode in DELETE WAL; do
        "$hosts/io_fault" "$extension" "$db" full on "$journal_mode" "$agreed" 4 "SELECT migrate_apply()" \
            "SELECT migrate_rollback('all')" "SELECT migrate_apply()" >&3
    done
}
