#!/usr/bin/env bats
# restore-database.sh: what is there before and afterwards.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load restore

setup() {
    use_scratch
    use_restore
    take good.sqlite
}

@test "restore-database.sh: puts the snapshot in the place of the database, and shows the status" {
    operation 0004 TASK-2 add-bob "INSERT INTO users (name) VALUES ('Bob');"
    front up -q
    run --separate-stderr -0 restore good.sqlite
    [ "$(timeless "$output")" = "version  task    description      date        state      when                 took
1        TASK-1  create-users     2025-01-10  completed  WHEN
2        TASK-1  add-users-index  2025-01-10  completed  WHEN
3        TASK-2  add-ann          2025-01-10  completed  WHEN
4        TASK-2  add-bob          2025-01-10  pending    -                    -" ]
    [ "$(settled "$stderr")" = "restored app.db from backups/good.sqlite; what was there before is kept as backups/default_TIME_before-restore.sqlite" ]
    [ "$(people)" = Ann ]
    [ "$(beside)" = "" ]
}

@test "restore-database.sh: takes a snapshot of what is there before, which can be restored in turn" {
    add Bob
    restore good.sqlite -q
    [ "$(people "$(before)")" = "Ann Bob" ]
    restore "$(before)" -q
    [ "$(people)" = "Ann Bob" ]
    [ "$(before | wc -l)" -eq 2 ]
}

@test "restore-database.sh: says nothing with --quiet" {
    run --separate-stderr -0 restore good.sqlite -q
    [ "$output$stderr" = "" ]
}

@test "restore-database.sh: makes the database where there is none" {
    rm app.db
    (umask 027 && restore good.sqlite -q)
    [ "$(people)" = Ann ]
    [ "$(find app.db -perm 640)" = app.db ]
    [ "$(before)" = "" ]
}

@test "restore-database.sh: takes an empty file in the place of the database for none" {
    : >app.db
    run --separate-stderr -0 restore good.sqlite
    [ "$stderr" = "restored app.db from backups/good.sqlite" ]
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: does not take what lies beside the database for a part of the new one" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    # A process that dies leaves its log behind.
    sqlite3 app.db "INSERT INTO users (name) VALUES ('Bob'); SELECT 1;" '.shell kill -9 $PPID' || :
    [ -s app.db-wal ]
    restore good.sqlite -q
    [ "$(beside)" = "" ]
    [ "$(people)" = Ann ]
    [ "$(people "$(before)")" = "Ann Bob" ]
}

@test "restore-database.sh: rolls a hot journal back before the file is replaced" {
    sqlite3 app.db 'PRAGMA cache_size = 1' 'CREATE TABLE big (x)' 'BEGIN' \
        "INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT hex(randomblob(500)) FROM n" \
        '.shell kill -9 $PPID' || :
    [ -s app.db-journal ]
    restore good.sqlite -q
    [ "$(beside)" = "" ]
    [ "$(people)" = Ann ]
    [ "$(sqlite3 "$(before)" 'SELECT count(*) FROM big')" = 0 ]
}

@test "restore-database.sh: keeps what is left beside a database that is gone, under another name" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    sqlite3 app.db "INSERT INTO users (name) VALUES ('Bob'); SELECT 1;" '.shell kill -9 $PPID' || :
    mv app.db gone.db
    run --separate-stderr -0 restore good.sqlite
    [ "$(settled "$stderr")" = "restored app.db from backups/good.sqlite; what was there before is kept as app.db.TIME.damaged-wal" ]
    [ "$(people)" = Ann ]
    [ "$(settled "$(beside)")" = ./app.db.TIME.damaged-wal ]
    mv app.db.*.damaged-wal gone.db-wal
    [ "$(people gone.db)" = "Ann Bob" ]
}

@test "restore-database.sh: keeps a database that is too damaged for a snapshot" {
    printf 'this was a database once, and now it is a text that is long enough to be one page of it' >app.db
    printf 'left over' >app.db-wal
    run --separate-stderr -0 restore good.sqlite
    [ "$(settled "${stderr_lines[0]}")" = "restore-database.sh: warning: there can be no snapshot of app.db: cannot copy app.db: file is not a database" ]
    [ "$(settled "${stderr_lines[1]}")" = "restored app.db from backups/good.sqlite; what was there before is kept as app.db.TIME.damaged" ]
    [ "$(people)" = Ann ]
    [ "$(settled "$(beside)")" = "./app.db.TIME.damaged
./app.db.TIME.damaged-wal" ]
    [ "$(head -c 8 app.db.*.damaged)" = "this was" ]
    [ "$(cat app.db.*.damaged-wal)" = "left over" ]
    [ "$(before)" = "" ]
}

@test "restore-database.sh: keeps a database with a damaged page, as it is" {
    plain "CREATE TABLE big (x)" \
        "INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT hex(randomblob(50)) FROM n"
    dd if=/dev/zero of=app.db bs=4096 seek=12 count=1 conv=notrunc 2>/dev/null
    cp app.db was.db
    run -0 restore good.sqlite -q
    [ "$(people)" = Ann ]
    cmp app.db.*.damaged was.db
    [ "$(before)" = "" ]
}

@test "restore-database.sh --no-snapshot: keeps the old file instead" {
    add Bob
    run --separate-stderr -0 restore --no-snapshot good.sqlite
    [ "$(settled "$stderr")" = "restored app.db from backups/good.sqlite; what was there before is kept as app.db.TIME.replaced" ]
    [ "$(people app.db.*.replaced)" = "Ann Bob" ]
    [ "$(before)" = "" ]
    restore --no-snapshot -q good.sqlite
    [ "$(beside | wc -l)" -eq 2 ]
}

@test "restore-database.sh: keeps the mode of the file, and its way to write" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    chmod 660 app.db
    restore good.sqlite -q
    [ "$(find app.db -perm 660)" = app.db ]
    [ "$(plain 'PRAGMA journal_mode')" = wal ]
    plain 'PRAGMA journal_mode = DELETE' >/dev/null
    chmod 604 app.db
    take wal.sqlite
    sqlite3 backups/wal.sqlite 'PRAGMA journal_mode = WAL' >/dev/null
    sum wal.sqlite
    restore wal.sqlite -q
    [ "$(find app.db -perm 604)" = app.db ]
    [ "$(plain 'PRAGMA journal_mode')" = delete ]
}

@test "restore-database.sh: keeps the owner of the file" {
    [ "$(id -u)" -eq 0 ] || skip "only root can give files away"
    chown 12345:23456 app.db
    restore good.sqlite -q
    [ "$(stat -c %u:%g app.db)" = 12345:23456 ]
}

@test "restore-database.sh: has the new file on the disk before it is renamed, and the folder afterwards" {
    local tool
    mkdir stubs
    for tool in sync mv; do
        printf '#!/bin/sh\nprintf "%%s\\n" "%s $*" >>"%s/calls"\nexec %s "$@"\n' \
            "$tool" "$PWD" "$(command -v "$tool")" >"stubs/$tool"
        chmod +x "stubs/$tool"
    done
    PATH=$PWD/stubs:$PATH restore good.sqlite -q --no-snapshot
    [ "$(sed -E 's/restoring\.[A-Za-z0-9]{6}/restoring.X/' calls | grep -v backups)" = "sync -- ./.app.db.restoring.X/new.sqlite
sync -- ./
mv -f -- ./.app.db.restoring.X/new.sqlite ./app.db
sync -- ./" ]
}

@test "restore-database.sh: unpacks and decrypts" {
    local kind
    age-keygen -o key 2>keygen.out
    add Bob
    take packed.sqlite
    gzip -k backups/packed.sqlite
    zstd -q backups/packed.sqlite
    age -r "$(age-keygen -y key)" -o backups/packed.sqlite.zst.age backups/packed.sqlite.zst
    for kind in gz zst zst.age; do
        sum "packed.sqlite.$kind"
        restore good.sqlite -q
        [ "$(people)" = Ann ]
        restore "packed.sqlite.$kind" --identity key -q
        [ "$(people)" = "Ann Bob" ]
    done
}

@test "restore-database.sh: writes into the log what was done, by whom, and what leads back" {
    restore good.sqlite -q --purpose 'orders | lost'
    [ "$(settled "$(sed -E 's/[0-9-]{10}T[0-9:]{8}Z/WHEN/' backups/rollback-log.md)")" = "# Log of roll backs and restores

## WHEN: restore of good.sqlite: orders \\| lost

| who | environment | connection | snapshot |
| --- | --- | --- | --- |
| carol | local | default | default_TIME_before-restore.sqlite |" ]
    MIGRATE_ENV=staging restore good.sqlite -q --no-snapshot --connection sqlite:app.db
    [[ "$(tail -n 1 backups/rollback-log.md)" =~ ^'| carol | staging | app | app.db.'[0-9]{8}T[0-9]{6}Z'.replaced |'$ ]]
}

@test "restore-database.sh: restores an older state, whose status shows what is pending, and a newer one" {
    front down 2 -q
    take older.sqlite
    front up -q
    restore older.sqlite -q
    [ "$(front status --pending | wc -l)" -eq 3 ]
    rm migrations/*/0003-*
    restore good.sqlite -q
    run --separate-stderr -66 front up
    [[ $stderr == "sqlite-migrate: operation 3 "* ]]
    [ "$(front current)" = 3 ]
}

@test "restore-database.sh: is done also where the status cannot be shown" {
    mv migrations elsewhere
    add Bob
    run --separate-stderr -0 restore good.sqlite
    [ "$output" = "" ]
    [ "${stderr_lines[1]}" = "restore-database.sh: warning: the database is restored, but its status cannot be shown: cannot read the migration folder migrations: No such file or directory" ]
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: takes latest for the newest whole snapshot of the connection" {
    add Bob
    take default_20250101T000000Z_a.sqlite
    add Carl
    take default_20250301T000000Z_b.sqlite
    add Dora
    take default_20250401T000000Z_c.partial.sqlite
    take other_20250501T000000Z_d.sqlite
    take default_20250601T000000Z_e.sqlite
    rm backups/*_e.sqlite.sha256
    restore latest -q
    [ "$(people)" = "Ann Bob Carl" ]
    # What was there before that restore is newer, and not meant.
    add Eve
    restore latest -q
    [ "$(people)" = "Ann Bob Carl" ]
    [ "$(find backups -name '*_before-restore*.sqlite' | wc -l)" = 2 ]
    run --separate-stderr -66 restore latest sqlite:fresh.db
    [ "$stderr" = "restore-database.sh: there is no snapshot of fresh in backups
hint: backup-database.sh takes one" ]
}

@test "restore-database.sh: takes a path, and a folder of snapshots" {
    add Bob
    mkdir elsewhere
    mv backups/good.sqlite* elsewhere
    restore ./elsewhere/good.sqlite -q
    [ "$(people)" = Ann ]
    add Bob
    restore --dir elsewhere good.sqlite -q
    [ "$(people)" = Ann ]
    [ -e elsewhere/rollback-log.md ]
}
