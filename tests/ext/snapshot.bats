#!/usr/bin/env bats
# migrate_snapshot(): a proven copy under a name of its own; and the one that a run takes first.

load ../helpers/migrate

setup() {
    use_scratch
    plain 'CREATE TABLE t (x UNIQUE)' "INSERT INTO t VALUES ('one'), ('two')"
}

# shellcheck disable=SC2016 # no dollar in it is a variable
# What the function returns, without what varies.
snapshot() { # <path> [<mode>]
    mig "SELECT migrate_snapshot('$1'${2+, '$2'})" |
        sed -E 's/"bytes":[0-9]+/"bytes":N/; s/[0-9a-f]{64}/SUM/; s/"seconds":[0-9]+\.[0-9]{3}/"seconds":S/'
}

# What is in the folder, without the files of `run`.
files() {
    ls -A -I 'separate-stderr-*'
}

# The content of a copy, and what an integrity check says of it.
contents() { # <file>
    sqlite3 -batch -init /dev/null -readonly "$1" "SELECT group_concat(x) FROM t" "PRAGMA integrity_check"
}

@test "migrate_snapshot: writes a whole copy, its checksum, and says so" {
    [ "$(snapshot copy.sqlite)" = '{"path":"copy.sqlite","bytes":N,"sha256":"SUM","seconds":S,"violations":0}' ]
    [ "$(contents copy.sqlite)" = "one,two
ok" ]
    sha256sum -c --quiet copy.sqlite.sha256
    [ "$(stat -c '%a' copy.sqlite copy.sqlite.sha256 | sort -u)" = 600 ]
    [ "$(files)" = "app.db
copy.sqlite
copy.sqlite.sha256
migrations" ]
}

@test "migrate_snapshot: a size and a checksum that it returns are those of the file" {
    mig "SELECT migrate_snapshot('copy.sqlite') ->> 'bytes'" >bytes
    [ "$(cat bytes)" = "$(stat -c %s copy.sqlite)" ]
    [ "$(mig "SELECT migrate_snapshot('copy2.sqlite') ->> 'sha256'")" = "$(sha256sum <copy2.sqlite | cut -c 1-64)" ]
}

@test "migrate_snapshot: unchecked, there is no checksum beside it" {
    [ "$(snapshot copy.sqlite unchecked)" = '{"path":"copy.sqlite","bytes":N,"sha256":null,"seconds":S,"violations":null}' ]
    [ ! -e copy.sqlite.sha256 ]
    [ "$(contents copy.sqlite)" = "one,two
ok" ]
}

@test "migrate_snapshot: the copy of a database in WAL mode is one file, and has what is in the log" {
    plain 'PRAGMA journal_mode=WAL' >/dev/null
    mig "INSERT INTO t VALUES ('three')" "SELECT migrate_snapshot('copy.sqlite') ->> 'violations'" >out
    [ "$(cat out)" = 0 ]
    [ "$(contents copy.sqlite)" = "one,two,three
ok" ]
    [ "$(od -An -tu1 -j18 -N2 copy.sqlite | tr -d ' ')" = 11 ]
    run ! ls copy.sqlite-wal copy.sqlite-shm copy.sqlite-journal
}

@test "migrate_snapshot: works on a database in memory, and on one that can only be read" {
    [ "$(db=:memory: mig 'CREATE TABLE t (x)' "INSERT INTO t VALUES (1)" "SELECT migrate_snapshot('memory.sqlite') ->> 'path'")" = memory.sqlite ]
    [ "$(contents memory.sqlite)" = "1
ok" ]
    [ "$(sqlite3 -batch -bail -init /dev/null -readonly "$db" -cmd ".load $extension" \
        "SELECT migrate_snapshot('readonly.sqlite') ->> 'path'")" = readonly.sqlite ]
}

@test "migrate_snapshot: never takes the place of a file, a folder, or a link that leads nowhere" {
    local name
    printf 'mine' >file
    mkdir folder
    ln -s nowhere link
    for name in file folder link; do
        run --separate-stderr -14 mig "SELECT migrate_snapshot('$name')"
        [ "$(error_text)" = "cannot take the snapshot: $name is there already
hint: a snapshot never takes the place of another file" ]
    done
    [ "$(cat file)" = mine ]
    [ ! -e nowhere ]
    [ "$(files)" = "app.db
file
folder
link
migrations" ]
}

@test "migrate_snapshot: a checksum that is there already stops it, and is left alone" {
    printf 'mine' >copy.sqlite.sha256
    run --separate-stderr -14 mig "SELECT migrate_snapshot('copy.sqlite')"
    [ "$(error_text)" = "cannot take the snapshot: copy.sqlite.sha256 is there already
hint: a snapshot never takes the place of another file" ]
    [ "$(cat copy.sqlite.sha256)" = mine ]
    [ ! -e copy.sqlite ]
}

@test "migrate_snapshot: an empty database is refused, for it is mostly a wrong path" {
    db=typo.db
    run --separate-stderr -12 mig "SELECT migrate_snapshot('copy.sqlite')"
    [ "$(error_text)" = "cannot take the snapshot: the database is empty
hint: a wrong path opens an empty database: check it" ]
    [ ! -e copy.sqlite ]
}

@test "migrate_snapshot: a folder that is not there, and no path, are refused" {
    run --separate-stderr -14 mig "SELECT migrate_snapshot('none/copy.sqlite')"
    [ "$(error_text)" = "cannot take the snapshot: cannot write into the folder none: No such file or directory
hint: check the directory, its permissions and the free space" ]
    run --separate-stderr -21 mig "SELECT migrate_snapshot(NULL)"
    [ "$(error_text)" = "migrate_snapshot: there is no path
hint: SELECT migrate_snapshot('backups/before.sqlite')" ]
    run --separate-stderr -21 mig "SELECT migrate_snapshot('copy.sqlite', 'quick')"
    [ "$(error_text)" = "migrate_snapshot: \"quick\" is not a way to do it
hint: leave it out, or say 'unchecked'" ]
    [ "$(files)" = "app.db
migrations" ]
}

@test "migrate_snapshot: an open transaction is refused" {
    run --separate-stderr -21 mig 'BEGIN' "SELECT migrate_snapshot('copy.sqlite')"
    [ "$(error_text)" = "migrate_snapshot: a transaction is open on this connection
hint: COMMIT or ROLLBACK it first" ]
    [ ! -e copy.sqlite ]
}

@test "migrate_snapshot: a damaged database is copied by nobody unawares" {
    plain "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT 'row ' || i FROM n"
    printf 'damage damage damage' | dd of="$db" bs=1 seek=$((3 * 4096 + 1)) conv=notrunc 2>/dev/null
    run --separate-stderr -11 mig "SELECT migrate_snapshot('copy.sqlite')"
    [[ "$(error_text)" == "cannot take the snapshot: the copy is not sound: "*"
hint: the database itself may be damaged: run PRAGMA integrity_check, and keep the snapshots that you have" ]]
    [ "$(files)" = "app.db
migrations" ]
}

@test "migrate_snapshot: a lock of somebody else is waited for as long as lock_timeout says" {
    printf '%s\n' '.load %s' "SELECT migrate_config('lock_timeout', 50);" "SELECT migrate_snapshot('copy.sqlite');" |
        sed "s|%s|$extension|" >inner.sql
    plain 'BEGIN EXCLUSIVE' '.shell sqlite3 -batch -bail -init /dev/null app.db <inner.sql >out 2>&1; echo $? >status'
    [ "$(cat status)" -ne 0 ]
    [ "$(sed 's/^Runtime error near line 3: //; s/ (5)$//' out)" = "50
cannot take the snapshot: database is locked
hint: another connection is using the database; try again, or raise lock_timeout" ]
    [ "$(files)" = "app.db
inner.sql
migrations
out
status" ]
}

@test "migrate_snapshot: rows without a parent are counted, and fail nothing" {
    plain 'CREATE TABLE p (id PRIMARY KEY)' 'CREATE TABLE c (p REFERENCES p)' 'INSERT INTO c VALUES (1), (2)'
    [ "$(mig "SELECT migrate_snapshot('copy.sqlite') ->> 'violations'")" = 2 ]
}

@test "migrate_snapshot: foreign keys that cannot be searched fail nothing" {
    plain 'CREATE TABLE p (id)' 'CREATE TABLE c (p REFERENCES p (id))' 'INSERT INTO c VALUES (1)'
    [ "$(snapshot copy.sqlite)" = '{"path":"copy.sqlite","bytes":N,"sha256":"SUM","seconds":S,"violations":null}' ]
}

@test "migrate_snapshot: a schema with functions of the application is proven on its connection" {
    mig 'CREATE INDEX sums ON t (migrate_checksum(x))' "SELECT migrate_snapshot('copy.sqlite') ->> 'violations'" >out
    [ "$(cat out)" = 0 ]
    [ "$(mig 'PRAGMA database_list' "SELECT migrate_snapshot('copy2.sqlite') ->> 'path'" 'PRAGMA database_list' | sed 's/|.*//')" = "0
copy2.sqlite
0" ]
    # Damaged there, the copy is refused there.
    plain "PRAGMA writable_schema=ON" "UPDATE sqlite_schema SET sql = replace(sql, '(x)', '(x || 1)') WHERE name = 'sums'"
    run --separate-stderr -11 mig "SELECT migrate_snapshot('copy3.sqlite')"
    [ "$(error_text)" = "cannot take the snapshot: the copy is not sound: row 1 missing from index sums
hint: the database itself may be damaged: run PRAGMA integrity_check, and keep the snapshots that you have" ]
    [ ! -e copy3.sqlite ]
}

@test "migrate_snapshot: names with quotes, blanks and line ends are names" {
    local name=$'a "b" \\c\td\ne é'
    [ "$(snapshot "$name")" = '{"path":"a \"b\" \\c\u0009d\u000ae é","bytes":N,"sha256":"SUM","seconds":S,"violations":0}' ]
    [ "$(contents "$name")" = "one,two
ok" ]
}

@test "migrate_snapshot: a migration file cannot call it" {
    operation 0001 TASK-1 first "SELECT migrate_snapshot('copy.sqlite');"
    run --separate-stderr -21 mig "SELECT migrate_apply()"
    [[ "$(error_text)" == *"migrate_snapshot: a migration is running on this connection"* ]]
    [ ! -e copy.sqlite ]
}

@test "before-apply: a run takes a snapshot first, and the log names it" {
    operation 0001 TASK-1 first 'DELETE FROM t;' 'SELECT 1;'
    [ "$(mig "SELECT migrate_config('snapshot', 'before-apply')" "SELECT migrate_apply()")" = "before-apply
1" ]
    set -- backups/app_[0-9]*T[0-9]*Z_before-apply.sqlite
    [ "$(contents "$1")" = "one,two
ok" ]
    (cd backups && sha256sum -c --quiet ./*.sha256)
    [ "$(stat -c %a backups)" = 700 ]
    [ "$(mig "SELECT output FROM migrations_history")" = "snapshot $1" ]
    [ "$(plain 'SELECT count(*) FROM t')" = 0 ]
}

@test "before-apply: a run that has nothing to do takes none" {
    operation 0001 TASK-1 first 'DELETE FROM t;'
    mig "SELECT migrate_apply()"
    [ "$(MIGRATE_SNAPSHOT=before-apply mig "SELECT migrate_apply()")" = 1 ]
    [ ! -e backups ]
}

@test "before-apply: a view that the first operation breaks is noticed as ever" {
    plain 'CREATE VIEW v AS SELECT x FROM t'
    operation 0001 TASK-1 first 'ALTER TABLE t ADD COLUMN y;'
    operation 0002 TASK-1 second 'DROP TABLE t;'
    run --separate-stderr -1 mig "SELECT migrate_config('snapshot', 'before-apply')" "SELECT migrate_apply()"
    [ "$(head -n 1 <<<"$(error_text)")" = "cannot apply operation 2: view v does not compile any more: no such table: main.t" ]
    [ "$(completed)" = 1 ]
}

@test "before-apply: rolling back, going to a version and doing again take one each" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);' 'DROP TABLE a;'
    operation 0002 TASK-1 second 'CREATE TABLE b (x);' 'DROP TABLE b;'
    mig "SELECT migrate_apply()"
    MIGRATE_SNAPSHOT=before-apply MIGRATE_SNAPSHOT_DIR=kept mig "SELECT migrate_rollback()" \
        "SELECT migrate_to(2)" "SELECT migrate_redo()" >out
    [ "$(cat out)" = "1
2
2" ]
    set -- kept/*.sqlite
    [ "$#" -eq 3 ]
    (cd kept && sha256sum -c --quiet ./*.sha256)
}

@test "before-apply: where the snapshot cannot be taken, nothing is run" {
    operation 0001 TASK-1 first 'DELETE FROM t;'
    printf 'no folder' >backups
    run --separate-stderr -14 mig "SELECT migrate_config('snapshot', 'before-apply')" "SELECT migrate_apply()"
    [[ "$(error_text)" == "cannot take the snapshot: cannot write into the folder backups: Not a directory
hint: check the directory, its permissions and the free space" ]]
    [ "$(plain 'SELECT count(*) FROM t' 'SELECT count(*) FROM sqlite_schema')" = "2
2" ]
}

@test "before-apply: an empty database has nothing to copy" {
    db=new.db
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    [ "$(MIGRATE_SNAPSHOT=before-apply mig "SELECT migrate_apply()")" = 1 ]
    [ ! -e backups ]
}

@test "before-apply: two runs of one second give their snapshots different names" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);' 'DROP TABLE a;'
    MIGRATE_SNAPSHOT=before-apply mig "SELECT migrate_apply()" "SELECT migrate_rollback()" \
        "SELECT migrate_apply()" "SELECT migrate_rollback()" >/dev/null
    set -- backups/*.sqlite
    [ "$#" -eq 4 ]
}

@test "note: each line of a run's log begins with it" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);' 'DROP TABLE a;'
    program 0002 TASK-2 second sh <<<'#!/bin/sh
echo said >&2
echo "SELECT 1;"'
    MIGRATE_SCRIPTS=on MIGRATE_NOTE='release 7' mig "SELECT migrate_apply()" >/dev/null
    [ "$(mig "SELECT output FROM migrations_history")" = "release 7
release 7
said" ]
    MIGRATE_SNAPSHOT=before-apply MIGRATE_NOTE='release 8' MIGRATE_SCRIPTS=on mig "SELECT migrate_rollback()" >/dev/null
    set -- backups/*.sqlite
    [ "$(mig "SELECT output FROM migrations_history WHERE id = 3")" = "release 8
snapshot $1
said" ]
}
