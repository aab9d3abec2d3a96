#!/usr/bin/env bats
# restore-database.sh: what is not restored. The database stays as it was, and nothing is left over.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load restore

setup() {
    use_scratch
    use_restore
    take good.sqlite
    add Bob
    cp app.db was.db
}

# Fails unless the database is as it was, and nothing was made beside it or taken of it.
untouched() {
    cmp app.db was.db && [ "$(beside)$(before)" = "" ] && [ ! -e backups/rollback-log.md ] && [ "$(ls -A "$TMPDIR")" = "" ]
}

# Fails unless restoring <file> is refused with a status and a whole message.
refused() { # <status> <message> <argument>...
    local status_wanted=$1 message=$2
    shift 2
    run --separate-stderr "-$status_wanted" restore "$@"
    [ "$output" = "" ] || return
    [ "$stderr" = "restore-database.sh: $message" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
    untouched
}

@test "restore-database.sh: refuses a snapshot that is not there, or is not a file" {
    refused 66 "there is no snapshot backups/nosuch.sqlite
hint: backup-database.sh --list shows those that are there" nosuch.sqlite
    refused 66 "there is no snapshot ../nosuch.sqlite
hint: backup-database.sh --list shows those that are there" ../nosuch.sqlite
    mkdir backups/folder.sqlite
    refused 65 "backups/folder.sqlite is not a file" folder.sqlite
    mkfifo backups/pipe.sqlite
    refused 65 "backups/pipe.sqlite is not a file" pipe.sqlite
    refused 65 "/dev/null is not a file" /dev/null
}

@test "restore-database.sh: refuses a snapshot without a checksum, unless that is said" {
    rm backups/good.sqlite.sha256
    refused 65 "there is no backups/good.sqlite.sha256 to compare the snapshot with
hint: copy it here as well; --without-checksum restores without it" good.sqlite
    restore --without-checksum good.sqlite -q
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: refuses a snapshot whose checksum is another one" {
    printf x >>backups/good.sqlite
    refused 65 "backups/good.sqlite is not what was taken: its checksum is not that in backups/good.sqlite.sha256
hint: restore another snapshot" good.sqlite
    # Not even when it is said that there need be none.
    run -65 restore --without-checksum good.sqlite
    printf 'good\n' >backups/good.sqlite.sha256
    run -65 restore good.sqlite
    untouched
}

@test "restore-database.sh: refuses an empty snapshot, a text, a truncated file and a damaged page" {
    : >backups/empty.sqlite
    sum empty.sqlite
    refused 65 "backups/empty.sqlite is empty
hint: restore another snapshot" empty.sqlite
    printf 'this is no database at all, but it has the name of one, and is longer than the header of one is' >backups/text.sqlite
    sum text.sqlite
    refused 65 "backups/text.sqlite is damaged: file is not a database
hint: restore another snapshot" text.sqlite
    head -c 9000 backups/good.sqlite >backups/short.sqlite
    sum short.sqlite
    refused 65 "backups/short.sqlite is damaged: database disk image is malformed
hint: restore another snapshot" short.sqlite
    cp backups/good.sqlite backups/page.sqlite
    dd if=/dev/urandom of=backups/page.sqlite bs=4096 seek=2 count=1 conv=notrunc 2>/dev/null
    sum page.sqlite
    refused 65 "backups/page.sqlite is damaged: database disk image is malformed
hint: restore another snapshot" page.sqlite
}

@test "restore-database.sh: refuses a database without a table" {
    sqlite3 backups/void.sqlite 'PRAGMA user_version = 1'
    sum void.sqlite
    refused 65 "there is no table in backups/void.sqlite
hint: restore another snapshot" void.sqlite
}

@test "restore-database.sh: refuses a snapshot of some tables" {
    take part.partial.sqlite
    refused 65 "backups/part.partial.sqlite holds some tables only
hint: restore a snapshot of the whole database" part.partial.sqlite
    gzip backups/part.partial.sqlite
    sum part.partial.sqlite.gz
    refused 65 "backups/part.partial.sqlite.gz holds some tables only
hint: restore a snapshot of the whole database" part.partial.sqlite.gz
}

@test "restore-database.sh: refuses what is not named like a snapshot of SQLite" {
    local name
    for name in dump.sql server.dump good.sqlite.bz2 .sqlite good.sqlite.age.gz; do
        cp backups/good.sqlite "backups/$name"
        sum "$name"
        refused 65 "backups/$name is not named like a snapshot of this database
hint: such a name ends with .sqlite, .sqlite.gz or the like" "$name"
    done
}

@test "restore-database.sh: refuses a database in use, and the database itself, as a snapshot" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    cp app.db live.sqlite
    cp app.db was.db
    printf x >live.sqlite-wal
    refused 65 "live.sqlite is a database in use, not a snapshot: a log lies beside it
hint: backup-database.sh takes a snapshot of it" ./live.sqlite --without-checksum
    ln app.db same.sqlite
    run --separate-stderr -65 restore ./same.sqlite --without-checksum
    [ "$stderr" = "restore-database.sh: same.sqlite is the database itself, not a snapshot
hint: backup-database.sh takes a snapshot of it" ]
}

@test "restore-database.sh: refuses packed files that are damaged" {
    gzip -k backups/good.sqlite
    head -c 300 backups/good.sqlite.gz >backups/short.sqlite.gz
    sum short.sqlite.gz
    run --separate-stderr -65 restore short.sqlite.gz
    [[ $stderr == "restore-database.sh: cannot unpack "* ]]
    zstd -q backups/good.sqlite
    head -c 300 backups/good.sqlite.zst >backups/short.sqlite.zst
    sum short.sqlite.zst
    run -65 restore short.sqlite.zst
    untouched
}

@test "restore-database.sh: refuses an encrypted file without its key, or with another one" {
    age-keygen -o key 2>keygen.out
    age-keygen -o other 2>keygen.out
    age -r "$(age-keygen -y key)" -o backups/good.sqlite.age backups/good.sqlite
    sum good.sqlite.age
    refused 78 "the key that the snapshot was encrypted for is not known
hint: --identity FILE or MIGRATE_BACKUP_IDENTITY names the file with it" good.sqlite.age
    run --separate-stderr -65 restore good.sqlite.age --identity other
    [[ $stderr == "restore-database.sh: cannot unpack "* ]]
    untouched
}

@test "restore-database.sh: says which tool is missing" {
    mkdir tools
    ln -s /usr/bin/* /bin/* tools/ 2>/dev/null || :
    rm -f tools/zstd
    zstd -q backups/good.sqlite
    sum good.sqlite.zst
    PATH=$PWD/tools refused 69 "there is no zstd
hint: install the package zstd" good.sqlite.zst
}

@test "restore-database.sh: tells a schema that cannot be checked from a damaged one, and --load checks it" {
    cc -shared -fPIC -o twice.so -xc - <<'C'
#include <sqlite3ext.h>
#include <stddef.h>
SQLITE_EXTENSION_INIT1
static void twice(sqlite3_context *context, int count, sqlite3_value **value)
{
    (void)count;
    sqlite3_result_int64(context, 2 * sqlite3_value_int64(value[0]));
}
int sqlite3_twice_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    (void)message;
    SQLITE_EXTENSION_INIT2(api);
    return sqlite3_create_function(db, "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, twice, NULL, NULL);
}
C
    sqlite3 app.db '.load ./twice' 'CREATE INDEX users_twice ON users (twice(id))'
    cp app.db was.db
    take twice.sqlite
    run --separate-stderr -69 restore twice.sqlite
    [ "${stderr_lines[-1]}" = "hint: --load EXTENSION loads what the application brings along" ]
    untouched
    restore twice.sqlite --load ./twice.so -q
    [ "$(people)" = "Ann Bob" ]
    [ "$(before | wc -l)" -eq 1 ]
}

@test "restore-database.sh: is refused in production, unless it is forced" {
    export MIGRATE_ENV=production
    refused 77 "this is production: app.db would be replaced
hint: --force does it" good.sqlite
    restore good.sqlite --force -q
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: refuses a symbolic link, a folder and a pipe in the place of the database" {
    ln -s app.db link.db
    refused 78 "the database link.db is a symbolic link
hint: name the file that it leads to" good.sqlite sqlite:link.db
    mkdir folder.db
    refused 78 "the database folder.db is not a file" good.sqlite sqlite:folder.db
    mkfifo pipe.db
    refused 78 "the database pipe.db is not a file" good.sqlite sqlite:pipe.db
    refused 73 "cannot make a folder beside nosuch/app.db
hint: check that folder, its permissions and the free space" good.sqlite sqlite:nosuch/app.db
}

@test "restore-database.sh: refuses a log that is a symbolic link, before anything is done" {
    printf 'of somebody else\n' >victim
    ln -s ../victim backups/rollback-log.md
    run --separate-stderr -77 restore good.sqlite
    [[ $stderr == "restore-database.sh: "*"backups/rollback-log.md is a symbolic link
hint: find out who made it, and remove it" ]]
    [ "$(cat victim)" = "of somebody else" ]
    cmp app.db was.db
    [ "$(beside)$(before)" = "" ]
}

@test "restore-database.sh: changes nothing when no snapshot can be taken of what is there" {
    mkdir stubs
    ln -s "$root"/scripts/* stubs
    rm stubs/restore-database.sh stubs/backup-database.sh
    cp "$root/scripts/restore-database.sh" stubs
    printf '#!/bin/sh\necho "backup-database.sh: the disk is full" >&2\nexit 74\n' >stubs/backup-database.sh
    chmod +x stubs/backup-database.sh
    run --separate-stderr -74 stubs/restore-database.sh good.sqlite
    [ "$stderr" = "restore-database.sh: cannot take a snapshot of what is there now: the disk is full
hint: nothing was changed; --no-snapshot keeps the old file instead" ]
    untouched
}

@test "restore-database.sh: changes nothing when the disk is full" {
    plain "CREATE TABLE big (x)" \
        "INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT hex(randomblob(500)) FROM n"
    take big.sqlite
    cp app.db was.db
    (
        # A file may have 1 MB at most.
        ulimit -f 1024
        trap '' XFSZ
        run --separate-stderr -74 restore big.sqlite
        printf '%s\n' "$stderr" >said
    )
    [ "$(sed -n 's|\./backups|backups|; /^restore/p' said)" = "restore-database.sh: cannot copy backups/big.sqlite" ]
    untouched
}

@test "restore-database.sh: shows usage errors on standard error, and its help on standard output" {
    local argument
    run --separate-stderr -64 restore
    [ "$stderr" = "restore-database.sh: no snapshot was named
hint: restore-database.sh --help" ]
    run --separate-stderr -64 restore a b c
    [ "$stderr" = "restore-database.sh: there are 3 arguments, not a snapshot and a connection
hint: restore-database.sh --help" ]
    run --separate-stderr -64 restore a b --connection c
    [ "${stderr_lines[0]}" = "restore-database.sh: the connection was named twice" ]
    for argument in --frob --frob=1 -x; do
        run --separate-stderr -64 restore good.sqlite "$argument"
        [ "${stderr_lines[0]}" = "restore-database.sh: unknown option: ${argument%=*}" ]
    done
    for argument in --connection --load --identity --dir --purpose; do
        run --separate-stderr -64 restore good.sqlite "$argument"
        [ "$stderr" = "restore-database.sh: option $argument needs a value
hint: restore-database.sh --help" ]
        run -64 restore good.sqlite "$argument="
    done
    untouched
    run --separate-stderr -0 restore --help
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "Puts a snapshot in the place of a database, after it has proven that it is good." ]
    run --separate-stderr -78 restore good.sqlite nosuch
    [ "${stderr_lines[0]}" = "restore-database.sh: there is no connection nosuch: DATABASE_URL_NOSUCH is not set" ]
}
