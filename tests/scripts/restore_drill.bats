#!/usr/bin/env bats
# restore-database.sh --drill.

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

# Fails unless the drill has left everything as it was.
untouched() {
    cmp app.db was.db && [ "$(beside)$(before)" = "" ] && [ "$(ls -A "$TMPDIR")" = "" ] &&
        [ "$(ls -A backups)" = "good.sqlite
good.sqlite.sha256" ]
}

@test "restore-database.sh --drill: says what is in the snapshot, and replaces nothing" {
    operation 0004 TASK-2 add-bob "INSERT INTO users (name) VALUES ('Bob');"
    run --separate-stderr -0 restore --drill good.sqlite
    [ "$stderr" = "" ]
    [ "$output" = "drill passed: backups/good.sqlite: $(sqlite3 backups/good.sqlite \
        'SELECT count(*) FROM sqlite_schema') objects, 7 rows, version 3, 1 pending" ]
    untouched
}

@test "restore-database.sh --drill: says nothing with --quiet, and needs no force in production" {
    MIGRATE_ENV=production run --separate-stderr -0 restore --drill -q good.sqlite
    [ "$output$stderr" = "" ]
    untouched
}

@test "restore-database.sh --drill: needs no database, and makes none" {
    rm app.db
    restore --drill good.sqlite >out
    [ "$(wc -l <out)" -eq 1 ]
    [ ! -e app.db ]
}

@test "restore-database.sh --drill: does not mind who has the database open" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    cp app.db was.db
    idle_connection
    restore --drill good.sqlite -q
    end_connection
    untouched
}

@test "restore-database.sh --drill: fails with a damaged snapshot, and leaves nothing" {
    dd if=/dev/urandom of=backups/good.sqlite bs=4096 seek=2 count=1 conv=notrunc 2>/dev/null
    run -65 restore --drill good.sqlite
    untouched
    sum good.sqlite
    run --separate-stderr -65 restore --drill good.sqlite
    [ "$output" = "" ]
    [ "$stderr" = "restore-database.sh: backups/good.sqlite is damaged: database disk image is malformed
hint: restore another snapshot" ]
    untouched
}

@test "restore-database.sh --drill: warns of rows without a parent" {
    plain 'CREATE TABLE pets (owner INTEGER REFERENCES users)' 'INSERT INTO pets VALUES (99)'
    take good.sqlite
    cp app.db was.db
    run --separate-stderr -0 restore --drill good.sqlite
    [[ $stderr == "restore-database.sh: warning: backups/good.sqlite: 1 rows refer to a parent that is not there"* ]]
    untouched
}

@test "restore-database.sh --drill: passes where there is no migration folder, and says so" {
    mv migrations elsewhere
    run --separate-stderr -0 restore --drill good.sqlite
    [[ $output == "drill passed: backups/good.sqlite: "*" rows" ]]
    [ "${stderr_lines[0]}" = "restore-database.sh: warning: the status of what is in the snapshot cannot be shown: cannot read the migration folder migrations: No such file or directory" ]
    untouched
}

@test "restore-database.sh --drill: counts the rows of tables whatever their names are" {
    plain "CREATE TABLE \"we\"\"ird '; name\" (x)" "INSERT INTO \"we\"\"ird '; name\" VALUES (1), (2), (3)" \
        'CREATE VIRTUAL TABLE words USING fts5 (word)'
    take odd.sqlite
    restore --drill odd.sqlite >out
    [[ $(cat out) =~ " objects, "[0-9]+" rows, version 3, 0 pending"$ ]]
}

@test "restore-database.sh --drill: takes no account of a folder and a file that have the name of its own" {
    mkdir .app.db.restoring.file
    printf x >.app.db.restoring.sqlite
    restore --drill good.sqlite -q
    [ "$(cat .app.db.restoring.sqlite)" = x ]
    [ -d .app.db.restoring.file ]
}
